import { withClusters } from './clusters.ts'
import { clustersAgree, type Party } from './identity.ts'
import { clusterOf, type Record, type RecordReader } from './records.ts'
import { sumOf } from './sum.ts'
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
  const failed = records.filter(({ value }) => value > 0).sort(byNames)
  if (failed.length === 0) return flows
  const ofPair = new Map<string, Flow[]>()
  for (const flow of flows) {
    if (flow.protocol !== 'tcp') continue
    const known = ofPair.get(flow.pair)
    if (known === undefined) ofPair.set(flow.pair, [flow])
    else known.push(flow)
  }
  const found = new Map<Flow | string, { readonly record: Record; readonly byFlags: Map<string, number[]> }>()
  for (const told of failed) {
    const beside = ofPair.get(told.pair)?.filter((flow) => isOf(flow, told)) ?? []
    const flow = beside.find(({ source, destination }) => source === told.source && destination === told.destination)
    const known = flow ?? beside.sort(byNames)[0]
    // Only where nobody knows the callee's cluster is it the caller's.
    const [record = told] = known === undefined ? withClusters([told], reader) : []
    const key =
      known ?? [record.pair, record.service.key, clusterOf(record.source), clusterOf(record.destination)].join()
    const group = found.get(key) ?? { record, byFlags: new Map<string, number[]>() }
    found.set(key, group)
    const flags = record.flags ?? '-'
    group.byFlags.set(flags, [...(group.byFlags.get(flags) ?? []), record.value])
  }
  return [
    ...flows.map((flow) => {
      const known = found.get(flow)
      return known === undefined ? flow : { ...flow, failed: summed(known.byFlags) }
    }),
    ...[...found].flatMap(([key, { record, byFlags }]) =>
      typeof key === 'string' ? [flowOf(record, summed(byFlags))] : [],
    ),
  ]
}

/** By what the names of the ends do not tell: the same for any order of arrival. */
function byNames(one: Pick<Record, 'source' | 'destination'>, other: Pick<Record, 'source' | 'destination'>): number {
  const [a, b] = [one, other].map(({ source, destination }) => [source, destination].map(nameOf).join('\n'))
  return a === b ? 0 : a !== undefined && b !== undefined && a < b ? -1 : 1
}

/** Known names before unknown ones. */
function nameOf(party: Party): string {
  if (party.kind !== 'workload') return ''
  return [party.cluster, party.app, party.version].map((name) => (name === undefined ? '1' : `0${name}`)).join('\n')
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

function summed(byFlags: ReadonlyMap<string, readonly number[]>): readonly FailedConnections[] {
  return [...byFlags]
    .map(([flags, rates]) => ({ flags, rate: sumOf(rates) }))
    .sort((a, b) => (a.flags < b.flags ? -1 : 1))
}
