import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { readMesh } from '../../../mesh/read.ts'
import type { ReporterChoice } from '../../../mesh/scope.ts'
import { instantText } from '../../charts/time.ts'
import { byteRate, inWords, percent, rate } from '../../format.ts'
import { useHealthPolicy } from '../../healthPolicy.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { graphPlace } from '../links.ts'
import { useLatest } from '../../queries/latest.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'
import type { Zone } from '../../zone.ts'
import { neighboursOf, peerName, type Neighbour } from './neighbours.ts'
import classes from './Details.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly end: CallEnd
  readonly reporter: ReporterChoice
  readonly zone: Zone
}

/** Who calls it and whom it calls over the view's span, worst first; each leads to its edge in the graph. */
export function Neighbours({ end, reporter, zone }: Props) {
  const view = useView()
  const policy = useHealthPolicy()
  const { cluster, namespaces, project, window } = view
  const subject = JSON.stringify([cluster.name, namespaces, project, window.seconds])
  const requests = useLatest(useQuery(telemetryQuery({ ask: 'requests' }, view)), subject)
  const tcp = useLatest(useQuery(telemetryQuery({ ask: 'tcp', direction: 'sent' }, view)), subject)
  const { kind, namespace, name } = end
  const found = useMemo(() => {
    if (requests.data === undefined) return undefined
    const graph = readMesh(
      { requests: requests.data.samples, ...(tcp.data === undefined ? {} : { tcp: tcp.data.samples }) },
      undefined,
      {
        graphType: 'workload',
        window: { seconds: window.seconds, at: requests.data.time ?? window.at },
        namespaces,
        reporter,
        serviceNodes: kind === 'service',
        waypoints: false,
        idleEdges: false,
        http: true,
        grpc: 'requests',
        policy,
      },
    )
    return neighboursOf(graph, { kind, namespace, name })
  }, [requests.data, tcp.data, window, namespaces, reporter, kind, namespace, name, policy])

  if (found === undefined) {
    return requests.error === null ? (
      <div role="status" aria-label={strings.loading}>
        <Skeleton height={220} />
      </div>
    ) : (
      <Said text={strings.failed(requests.error.message)} retry={requests.retry} />
    )
  }
  const failure = requests.error ?? tcp.error
  return (
    <div className={classes['neighbours']}>
      {failure !== null && (
        <Said
          text={
            requests.error === null
              ? strings.withoutTcp(failure.message)
              : strings.stale(instantText(requests.data?.time ?? window.at, 0, zone), failure.message)
          }
          retry={requests.error === null ? tcp.retry : requests.retry}
        />
      )}
      <List title={strings.callers} none={strings.noCallers} neighbours={found.callers} end={end} />
      <List title={strings.callees} none={strings.noCallees} neighbours={found.callees} end={end} />
    </div>
  )
}

/** Why there is nothing newer, or nothing at all, and another try. */
function Said({ text, retry }: { readonly text: string; readonly retry: () => void }) {
  return (
    <p className={classes['failed']} role="status">
      <span>{text}</span>
      <Button variant="subtle" size="compact-xs" onClick={retry}>
        {strings.retry}
      </Button>
    </p>
  )
}

interface ListProps {
  readonly title: string
  readonly none: string
  readonly neighbours: readonly Neighbour[]
  readonly end: CallEnd
}

function List({ title, none, neighbours, end }: ListProps) {
  const { search } = useLocation()
  return (
    <section className={classes['list']} aria-label={title}>
      <h2>{title}</h2>
      {neighbours.length === 0 && <p>{none}</p>}
      <ul>
        {neighbours.map(({ edge, peer, by }) => {
          const { protocol, errorRatio } = edge
          const number = protocol === 'tcp' ? byteRate(edge.rate) : rate(edge.rate)
          const name = peerName(peer) ?? strings.unknown
          const text = by === undefined ? name : strings.from(name, by)
          return (
            <li key={edge.id}>
              <HealthMark state={edge.health?.state ?? 'unknown'} />
              <Link to={graphPlace(end, search, edge.id)} title={text}>
                {text}
              </Link>
              <span className={classes['number']}>{inWords(number)}</span>
              <span className={classes['number']}>
                {errorRatio !== undefined && errorRatio > 0 && strings.errors(inWords(percent(errorRatio)))}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
