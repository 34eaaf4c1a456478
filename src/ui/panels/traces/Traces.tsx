import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'react-router'

import { HttpError } from '../../../clients/errors.ts'
import type { TraceSummary } from '../../../mesh/traces/trace.ts'
import { instantText } from '../../charts/time.ts'
import { dash, duration } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Measure } from '../../kit/Measure.tsx'
import { tracesQuery, type TracesSubject } from '../../queries/traces.ts'
import { useView } from '../../view.tsx'
import { DoorHelp } from '../DoorHelp.tsx'
import { tracePlace } from '../links.ts'
import { ScatterChart } from './ScatterChart.tsx'
import { strings } from './strings.ts'
import classes from './Traces.module.css'

const mostRows = 10

/** The traces that touch an app, a workload's or service's apps, or a namespace: duration over time, and the list, errors first. */
export function Traces({ namespace, apps }: TracesSubject) {
  const view = useView()
  const { data, error, refetch } = useQuery(tracesQuery({ namespace, apps }, view))
  const failed = data?.traces.filter(({ errors }) => errors > 0).length ?? 0
  return (
    <section className={classes['card']} aria-label={strings.title}>
      <div className={classes['head']}>
        <h2>{strings.title}</h2>
        {data !== undefined && data.traces.length > 0 && (
          <span>
            {strings.summary(data.traces.length, failed)}
            {data.isCut && ` · ${strings.cut}`}
          </span>
        )}
      </div>
      {data === undefined && error === null && (
        <div className={classes['state']} role="status" aria-label={strings.loading}>
          <Skeleton height={160} />
        </div>
      )}
      {data === undefined && error !== null && <NoTraces error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          {error !== null && <p className={classes['note']}>{strings.stale(error.message)}</p>}
          {data.traces.length === 0 ? (
            <div className={classes['state']}>
              <p>
                <b>{strings.none.title}</b>
              </p>
              <p>{strings.none.text(data.services)}</p>
            </div>
          ) : (
            <Found traces={data.traces} />
          )}
          {data.notes.map((note) => (
            <p key={note} className={classes['note']}>
              {note}.
            </p>
          ))}
        </>
      )}
    </section>
  )
}

function Found({ traces }: { readonly traces: readonly TraceSummary[] }) {
  const { window, zone } = useView()
  const { search } = useLocation()
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? traces : traces.slice(0, mostRows)
  const placeOf = (id: string) => tracePlace(id, search)
  return (
    <>
      <ScatterChart traces={traces} from={window.at - window.seconds} to={window.at} zone={zone} placeOf={placeOf} />
      <div className={classes['wide']} tabIndex={0} role="group" aria-label={strings.title}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{strings.start}</th>
              <th scope="col">{strings.began}</th>
              <th scope="col" data-number>
                {strings.duration}
              </th>
              <th scope="col" data-number>
                {strings.spans}
              </th>
              <th scope="col" data-number>
                {strings.errors}
              </th>
              <th scope="col">{strings.services}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((trace) => (
              <tr key={trace.id} data-health={trace.errors > 0 ? 'failing' : undefined}>
                <td>
                  <span className={classes['name']}>
                    <HealthMark state={trace.errors > 0 ? 'failing' : 'healthy'} />
                    <Link to={placeOf(trace.id)} title={strings.open(trace.id)}>
                      {instantText(trace.start, window.seconds, zone)}
                    </Link>
                  </span>
                </td>
                <td>{trace.service ?? strings.otherTeam}</td>
                <td data-number>
                  <Measure quantity={duration(trace.duration)} />
                </td>
                <td data-number>
                  {trace.spans}
                  {trace.blank > 0 && <small> {strings.others(trace.blank)}</small>}
                </td>
                <td data-number>{trace.errors === 0 ? dash : trace.errors}</td>
                <td className={classes['services']} title={trace.services.join('\n')}>
                  {trace.services.join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {traces.length > shown.length && (
        <Button className={classes['more'] ?? ''} size="xs" variant="subtle" onClick={() => setWhole(true)}>
          {strings.more(shown.length, traces.length)}
        </Button>
      )}
    </>
  )
}

/** Why there are none: not connected, closed, or failed. */
export function NoTraces({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { isOwner } = useView()
  const failure =
    error instanceof HttpError && error.failure.kind === 'meshboard' ? error.failure.body.error : undefined
  if (failure?.code === 'traces_not_configured') {
    return (
      <div className={classes['state']}>
        <p>
          <b>{strings.connect.title}</b>
        </p>
        <p>{isOwner ? strings.connect.text : strings.connect.member}</p>
        {isOwner && <pre>{strings.connect.config}</pre>}
      </div>
    )
  }
  if (failure?.code === 'traces_closed') return <Closed message={failure.message} hint={failure.hint} />
  return (
    <div className={classes['state']}>
      <p>
        <b>{strings.failed}</b>
      </p>
      <p>
        {error.message}
        {failure?.hint !== undefined && `. ${failure.hint}`}
      </p>
      <Button size="xs" variant="outline" onClick={onRetry}>
        Retry
      </Button>
    </div>
  )
}

function Closed({ message, hint }: { readonly message: string; readonly hint: string | undefined }) {
  const { cluster } = useView()
  const door = cluster.capabilities.jaeger
  return (
    <div className={classes['state']}>
      <p>
        <b>{strings.closed}</b>
      </p>
      <p>
        {message}. {hint}
      </p>
      {!door.allowed && <DoorHelp door={door} />}
    </div>
  )
}
