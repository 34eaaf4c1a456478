import { bucketLabels, latencySpread, latencySpreadAtSource } from '../src/demo/traffic/histogram.ts'
import { callLabels, connectionLabels, type Labels, type Reporter, requestLabels } from '../src/demo/traffic/labels.ts'
import { metrics } from '../src/mesh/telemetry.ts'
import type { Mesh, MeshCall, MeshWorkload } from './mesh.ts'

/** One series of one proxy, growing evenly. */
export interface MeshSeries {
  readonly metric: string
  readonly labels: Labels
  readonly le?: string
  readonly perSecond: number
}

/** Everything the mesh's proxies report: requests, TCP bytes and, where wanted, request durations (22 series each). */
export function* seriesOf(
  { calls }: Mesh,
  { hasDurations }: { readonly hasDurations: boolean },
): Generator<MeshSeries> {
  // Callers share the leg between a waypoint and what stands behind it.
  const legs = new Map<string, MeshSeries>()
  for (const call of calls) {
    for (const [reporter, by] of envoysOf(call)) {
      if (call.protocol === 'tcp') {
        yield* bytes(call, { ...ends(call, reporter), ...connectionLabels(reporter, true, false), ...targetOf(by) })
      } else yield* requests(call, reporter, by, hasDurations)
    }
    for (const leg of ztunnelLegs(call)) {
      const key = JSON.stringify([leg.metric, leg.labels])
      legs.set(key, { ...leg, perSecond: leg.perSecond + (legs.get(key)?.perSecond ?? 0) })
    }
  }
  yield* legs.values()
}

function* requests(call: MeshCall, reporter: Reporter, by: MeshWorkload, hasDurations: boolean): Generator<MeshSeries> {
  for (const outcome of call.outcomes) {
    const isReached = outcome.atDestination !== 'never reached'
    if (!isReached && reporter !== 'source') continue
    const labels = { ...ends(call, reporter, isReached), ...requestLabels(reporter, call, outcome), ...targetOf(by) }
    const perSecond = call.rate * outcome.share
    yield { metric: metrics.requests, labels, perSecond }
    if (!hasDurations) continue
    const { cumulative, mean } = (reporter === 'source' ? latencySpreadAtSource : latencySpread)(outcome.latency)
    for (const [index, le] of bucketLabels.entries()) {
      yield { metric: metrics.durationBuckets, labels, le, perSecond: perSecond * (cumulative[index] ?? 1) }
    }
    yield { metric: metrics.durationSum, labels, perSecond: perSecond * mean }
    yield { metric: metrics.durationCount, labels, perSecond }
  }
}

function* bytes({ rate, requestBytes, responseBytes }: MeshCall, labels: Labels): Generator<MeshSeries> {
  yield { metric: metrics.tcpReceivedBytes, labels, perSecond: rate * requestBytes }
  yield { metric: metrics.tcpSentBytes, labels, perSecond: rate * responseBytes }
}

/** The Envoys that see a call: the caller's, the callee's sidecar, the waypoint between them. */
function envoysOf({ source, destination, waypoint }: MeshCall): readonly (readonly [Reporter, MeshWorkload])[] {
  return [
    ...(source.proxy === 'ambient' ? [] : ([['source', source]] as const)),
    ...(destination.proxy === 'sidecar' ? ([['destination', destination]] as const) : []),
    ...(waypoint === undefined ? [] : ([['waypoint', waypoint]] as const)),
  ]
}

/** What ztunnel tells of an ambient end: the leg to or from the waypoint, else the whole way. */
function* ztunnelLegs(call: MeshCall): Generator<MeshSeries> {
  const { source, destination, waypoint } = call
  const leg = (reporter: Reporter, at: MeshWorkload, from: MeshWorkload, to: MeshWorkload) =>
    bytes(call, {
      ...ends({ ...call, source: from, destination: to }, reporter),
      ...connectionLabels(reporter, true, true),
      ...targetOf({ ...at, app: 'ztunnel', name: 'ztunnel' }),
    })
  if (source.proxy === 'ambient') yield* leg('source', source, source, waypoint ?? destination)
  if (destination.proxy === 'ambient') yield* leg('destination', destination, waypoint ?? source, destination)
}

function ends({ source, destination, service, mtls }: MeshCall, reporter: Reporter, isReached = true): Labels {
  const from = { workload: source, hasIdentity: mtls }
  const to = isReached ? { workload: destination, hasIdentity: mtls } : { hasIdentity: false }
  return {
    ...callLabels(reporter, from, to, service),
    source_cluster: source.cluster,
    destination_cluster: isReached ? destination.cluster : 'unknown',
  }
}

/** What scraping adds: one pod per workload. */
function targetOf({ cluster, namespace, name, app }: MeshWorkload): Labels {
  return { app, instance: `${cluster}/${namespace}/${name}:15020`, job: 'kubernetes-pods', namespace, pod: `${name}-0` }
}
