import { withClusters } from './clusters.ts'
import { clustersAgree } from './identity.ts'
import { clusterOf, type Record, type RecordReader } from './records.ts'
import type { FailedConnections, Flow } from './traffic.ts'

/**
 * The flows with the TCP connections that came to nothing: laid on the flow of the same pair and service where one has bytes, else a flow
 * of their own at 0 B/s. Records are of the direction `failed`, as the callers' proxies report them. Nothing changes without any.
 */
export function withFailedConnections(
  flows: readonly Flow[],
  records: readonly Record[],
  reader: RecordReader,
): readonly Flow[] {
  const failed = records.filter(({ value }) => value > 0).flatMap((record) => withClusters([record], reader))
  if (failed.length === 0) return flows
  const ofPair = new Map<string, Flow[]>()
  for (const flow of flows) {
    if (flow.protocol === 'tcp') ofPair.set(flow.pair, [...(ofPair.get(flow.pair) ?? []), flow])
  }
  const found = new Map<Flow | string, { readonly record: Record; readonly byFlags: Map<string, number> }>()
  for (const record of failed) {
    const flow = ofPair.get(record.pair)?.find((one) => isOf(one, record))
    const key =
      flow ?? [record.pair, record.service.key, clusterOf(record.source), clusterOf(record.destination)].join()
    const known = found.get(key) ?? { record, byFlags: new Map<string, number>() }
    found.set(key, known)
    const flags = record.flags ?? '-'
    known.byFlags.set(flags, (known.byFlags.get(flags) ?? 0) + record.value)
  }
  return [
    ...flows.map((flow) => {
      const known = found.get(flow)
      return known === undefined ? flow : { ...flow, failed: sorted(known.byFlags) }
    }),
    ...[...found].flatMap(([key, { record, byFlags }]) =>
      typeof key === 'string' ? [flowOf(record, sorted(byFlags))] : [],
    ),
  ]
}

function isOf({ service, source, destination }: Flow, record: Record): boolean {
  return (
    service === record.service &&
    clustersAgree(clusterOf(source), clusterOf(record.source)) &&
    clustersAgree(clusterOf(destination), clusterOf(record.destination))
  )
}

function flowOf({ source, destination, service, protocol, reporter, pair }: Record, failed: Flow['failed']): Flow {
  return {
    ...{ source, destination, service, protocol, reporter, pair, failed },
    rate: 0,
    parts: [],
    isThroughWaypoint: false,
    marks: [],
    reported: undefined,
    l4: undefined,
    bytes: undefined,
  }
}

function sorted(byFlags: ReadonlyMap<string, number>): readonly FailedConnections[] {
  return [...byFlags].map(([flags, rate]) => ({ flags, rate })).sort((a, b) => (a.flags < b.flags ? -1 : 1))
}
