import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import type { ListedObject } from '../../../mesh/checks/listed.ts'
import { targetsOf, trafficOf, type TrafficTarget } from '../../../mesh/checks/objectTraffic.ts'
import type { Reference } from '../../../mesh/checks/references.ts'
import { byteRate, inWords, percent, rate, span } from '../../format.ts'
import { Measure } from '../../kit/Measure.tsx'
import { TrustMark } from '../../panels/doctor/TrustMark.tsx'
import { detailsPlace } from '../../panels/links.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'
import classes from './IstioConfig.module.css'
import { strings } from './strings.ts'
import type { Config } from './useConfig.ts'

/** More than a reader follows; the busiest come first and the rest is counted. */
const most = 20

interface Props {
  readonly config: Config
  readonly one: ListedObject
  readonly references: readonly Reference[]
}

/** What is called at this moment of that which an object is about, with errors and what each version gets. */
export function ObjectTraffic({ config, one, references }: Props) {
  const view = useView()
  const { traffic: words } = strings
  const targets = useMemo(
    () => targetsOf(one, references, config.checked.objects, config.known.lists),
    [one, references, config],
  )
  const known = targets === 'everywhere' ? [] : targets
  // Anybody may call an external host; calls to the rest touch its own namespace.
  const namespaces = known.some(({ kind }) => kind === 'host')
    ? []
    : [...new Set(known.map(({ namespace }) => namespace))]
  const subject = { ...view, namespaces: namespaces.sort(), project: undefined }
  const enabled = known.length > 0 && view.cluster.capabilities.metrics.allowed
  const requests = useQuery({ ...telemetryQuery({ ask: 'requests' }, subject), enabled })
  const tcp = useQuery({ ...telemetryQuery({ ask: 'tcp', direction: 'sent' }, subject), enabled })
  const rows = useMemo(
    () =>
      requests.data === undefined || tcp.data === undefined
        ? undefined
        : trafficOf(known, requests.data.samples, tcp.data.samples),
    // `known` is made of the targets alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [targets, requests.data, tcp.data],
  )
  const busy = rows?.filter((row) => row.requests !== undefined || row.tcp !== undefined)
  const window = span(view.window.seconds)
  const error = requests.error ?? tcp.error
  return (
    <section className={classes['box']} aria-label={words.title}>
      <h2>
        {words.title} <TrustMark of="requests" />
      </h2>
      {targets === 'everywhere' ? (
        <p className={classes['muted']}>{words.everywhere}</p>
      ) : known.length === 0 ? (
        <p className={classes['muted']}>{words.nothing}</p>
      ) : busy === undefined ? (
        <p role="status">{error === null ? words.loading : words.failed(error.message)}</p>
      ) : busy.length === 0 ? (
        <p className={classes['muted']}>{words.none(window)}</p>
      ) : (
        <>
          <table className={classes['traffic']}>
            <thead>
              <tr>
                <th scope="col">{words.target}</th>
                <th scope="col">{words.requests}</th>
                <th scope="col">{words.errors}</th>
                <th scope="col">{words.tcp}</th>
              </tr>
            </thead>
            <tbody>
              {busy.slice(0, most).map(({ target, requests: calls, errorRatio, tcp: sent, versions }) => (
                <tr key={`${target.kind} ${target.namespace}/${target.name}`}>
                  <th scope="row">
                    <Target target={target} />
                    {versions.length > 0 && (
                      <small>
                        {versions
                          .map((each) => `${each.version} ${inWords(percent(each.rate / (calls ?? each.rate)))}`)
                          .join(', ')}
                      </small>
                    )}
                  </th>
                  <td>
                    <Measure quantity={rate(calls)} />
                  </td>
                  <td>
                    <Measure quantity={percent(errorRatio)} />
                  </td>
                  <td>
                    <Measure quantity={byteRate(sent)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className={classes['muted']}>
            {busy.length > most && `${words.more(busy.length - most)}. `}
            {words.counted(window)}
          </p>
        </>
      )}
    </section>
  )
}

function Target({ target }: { readonly target: TrafficTarget }) {
  const { search } = useLocation()
  const { kind, namespace, name } = target
  if (kind === 'host') return <code>{name}</code>
  const text = `${name}.${namespace}`
  return (
    <Link to={detailsPlace(kind === 'service' ? 'service' : 'workload', { namespace, name }, search)}>
      {kind === 'gateway' ? strings.traffic.through(text) : text}
    </Link>
  )
}
