import { withClusters } from './clusters.ts'
import type { EdgeMark, Protocol } from './graph.ts'
import { keyOf, type Party, type Service } from './identity.ts'
import { clusterOf, type Record, type RecordReader, type Reporter } from './records.ts'
import type { ReporterChoice } from './scope.ts'
import { sortFew } from './sortFew.ts'
import { Told } from './told.ts'

/** The calls from one workload to another through one service with one protocol, each counted once. */
export interface Flow {
  readonly source: Party
  readonly destination: Party
  readonly service: Service
  readonly protocol: Protocol
  /** Per second; bytes per second for TCP. 0 only for idle flows, where they were asked for. */
  readonly rate: number
  /** What `rate` is the sum of. */
  readonly parts: readonly FlowPart[]
  /** Whose report the rate is. */
  readonly reporter: Reporter
  /** A waypoint reports these calls, though the rate may be another's: its legs are their transport. */
  readonly isThroughWaypoint: boolean
  /** What each side counts, where both report; the share of this service. */
  readonly reported: { readonly source: number; readonly destination: number } | undefined
  readonly marks: readonly EdgeMark[]
  /** The same calls one layer down, bytes per second. */
  readonly l4: Layer | undefined
  /** TCP only: the rate by direction. */
  readonly bytes: Layer | undefined
  /** TCP only: connections per second that came to nothing, by flags (see failedConnections.ts). */
  readonly failed: readonly FailedConnections[] | undefined
  /** What else is known of the pair is looked up by this. */
  readonly pair: string
  /** Only some of the pair's calls (see operations.ts): what was measured of all of them is not theirs. */
  readonly isPart?: true
}

export interface FailedConnections {
  readonly flags: string
  /** Connections per second. */
  readonly rate: number
}

export interface FlowPart {
  readonly code: string
  readonly flags: string | undefined
  readonly host: string | undefined
  readonly rate: number
}

export interface Layer {
  readonly sent: number | undefined
  readonly received: number | undefined
  readonly isEstimated: boolean
}

export interface Counting {
  readonly reporter: ReporterChoice
  readonly withIdle: boolean
  /** What this party is may be known from Kubernetes. */
  readonly isWaypoint: (party: Party) => boolean
}

/**
 * Flows, each call counted once (contracts page, "Count once"): matched by workload pair and protocol, the source's report first,
 * then the waypoint's, then the destination's. The order of the records does not matter. None for no records.
 */
export function flowsOf(records: readonly Record[], reader: RecordReader, counting: Counting): readonly Flow[] {
  const byPair = new Map<string, Record[]>()
  for (const record of records) {
    if (record.value === 0 && !counting.withIdle) continue
    const known = byPair.get(record.pair)
    if (known === undefined) byPair.set(record.pair, [record])
    else known.push(record)
  }
  const flows: Draft[] = []
  for (const ofPair of byPair.values()) {
    if (ofPair.length > 1) sortFew(ofPair, byValue)
    for (const ofClusters of byClusters(withClusters(ofPair, reader))) settle(ofClusters, reader, counting, flows)
  }
  return flows
}

function byValue(a: Record, b: Record): number {
  return a.value - b.value
}

function byClusters(records: readonly Record[]): Iterable<readonly Record[]> {
  const first = records[0]
  if (first === undefined) return []
  const from = clusterOf(first.source)
  const to = clusterOf(first.destination)
  if (records.every(({ source, destination }) => clusterOf(source) === from && clusterOf(destination) === to)) {
    return [records]
  }
  const groups = new Map<string, Record[]>()
  for (const record of records) {
    const key = keyOf(clusterOf(record.source), clusterOf(record.destination))
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [record])
    else known.push(record)
  }
  return groups.values()
}

function isOfSide({ reporter }: Record, side: ReporterChoice): boolean {
  return (reporter === 'source') === (side === 'source')
}

interface Totals {
  source: number
  waypoint: number
  destination: number
}

const protocols: readonly Protocol[] = ['http', 'grpc', 'tcp']

/** Counts one pair's records once and adds its flows to `flows`. Who does not count still tells clusters, apps and versions. */
function settle(told: readonly Record[], reader: RecordReader, counting: Counting, flows: Draft[]): void {
  const records = counting.reporter === 'auto' ? told : told.filter((record) => isOfSide(record, counting.reporter))
  const first = records[0]
  if (first === undefined) return
  const isOneProtocol = records.every(({ protocol }) => protocol === first.protocol)
  const transport = isOneProtocol ? undefined : transportIn(records)
  const hasSourceReport = records.some(({ reporter, value }) => reporter === 'source' && value > 0)
  const firstFlow = flows.length
  const names = new Told(told, reader)
  for (const protocol of isOneProtocol ? [first.protocol] : protocols) {
    const own = isOneProtocol
      ? records
      : records.filter((record) => record.protocol === protocol && transport?.has(record) !== true)
    if (own.length === 0) continue
    const totals = totalsOf(own)
    const reporter = reporterFor(totals, own)
    const calleesTotal = totals.waypoint > 0 ? totals.waypoint : totals.destination
    const hasBoth = totals.source > 0 && calleesTotal > 0
    const isSilent =
      counting.reporter === 'auto' && reporter === 'destination' && totals.destination > 0 && !hasSourceReport
    const reports: Reports = {
      reporter,
      marks:
        hasBoth && differ(totals.source, calleesTotal)
          ? differing
          : isSilent && isSilentCaller(own, counting)
            ? silentCaller
            : unmarked,
      ratio: hasBoth ? calleesTotal / totals.source : undefined,
      isThroughWaypoint: totals.waypoint > 0,
    }
    addFlows(own, names, reports, flows)
  }
  if (transport !== undefined) shareLayer(layerOf([...transport]), flows, firstFlow)
}

function totalsOf(records: readonly Record[]): Totals {
  const totals: Totals = { source: 0, waypoint: 0, destination: 0 }
  for (const { reporter, value } of records) totals[reporter] += value
  return totals
}

/** Who is believed: the first that counts anything; where nobody does (idle), the first that reports at all. */
function reporterFor(totals: Totals, records: readonly Record[]): Reporter {
  const reporters: readonly Reporter[] = ['source', 'waypoint', 'destination']
  return (
    reporters.find((reporter) => totals[reporter] > 0) ??
    reporters.find((reporter) => records.some((record) => record.reporter === reporter)) ??
    'destination'
  )
}

const unmarked: readonly EdgeMark[] = []
const differing: readonly EdgeMark[] = ['reportsDiffer']
/** Never together with differing reports: those need the caller's. */
const silentCaller: readonly EdgeMark[] = ['callerNotScraped']

/** By more than a fifth of the larger. */
function differ(one: number, other: number): boolean {
  return Math.abs(one - other) > Math.max(one, other) / 5
}

/** A meshed caller of which nothing is heard; through a waypoint a caller has no L7 report to give, and a waypoint is none itself. */
function isSilentCaller(records: readonly Record[], { isWaypoint }: Counting): boolean {
  return records.some(
    ({ reporter, source }) => reporter === 'destination' && source.kind === 'workload' && !isWaypoint(source),
  )
}

/**
 * The TCP records that carry this pair's HTTP or gRPC: ztunnel's, and those of a side that sees no more than bytes
 * of what the other side reads as requests. They are no edge of their own.
 */
function transportIn(records: readonly Record[]): ReadonlySet<Record> | undefined {
  const tcp = records.filter(({ protocol }) => protocol === 'tcp')
  if (tcp.length === 0 || tcp.length === records.length) return undefined
  const requests = records.filter(({ protocol }) => protocol !== 'tcp')
  const isFlowing = requests.some(({ value }) => value > 0)
  if (!isFlowing && tcp.some(({ value }) => value > 0)) return undefined
  const readsRequests = (isSource: boolean): boolean =>
    requests.some(({ reporter, value }) => (reporter === 'source') === isSource && (value > 0 || !isFlowing))
  const sourceReads = readsRequests(true)
  const calleeReads = readsRequests(false)
  const transport = tcp.filter(
    ({ isZtunnel, reporter }) => isZtunnel || !(reporter === 'source' ? sourceReads : calleeReads),
  )
  return transport.length === 0 ? undefined : new Set(transport)
}

/** Bytes per second by direction, of the first side that counts any. */
function layerOf(records: readonly Record[]): Layer {
  const { source, waypoint } = totalsOf(records)
  const reporter = source > 0 ? 'source' : waypoint > 0 ? 'waypoint' : 'destination'
  const of = (direction: 'sent' | 'received'): number | undefined => {
    const own = records.filter((record) => record.reporter === reporter && record.direction === direction)
    return own.length === 0 ? undefined : own.reduce((sum, { value }) => sum + value, 0)
  }
  return { sent: of('sent'), received: of('received'), isEstimated: false }
}

/** Lays the transport under the pair's request flows: the whole under one, shares by rate under several. */
function shareLayer(layer: Layer, flows: Draft[], from: number): void {
  const total = flows.slice(from).reduce((sum, { protocol, rate }) => (protocol === 'tcp' ? sum : sum + rate), 0)
  for (let index = from; index < flows.length; index++) {
    const flow = flows[index]
    if (flow === undefined || flow.protocol === 'tcp' || total === 0) continue
    flow.l4 = shareOf(layer, flow.rate / total, flow.rate < total)
  }
}

/** A part of a layer. */
export function shareOf({ sent, received, isEstimated }: Layer, share: number, isShared: boolean): Layer {
  return {
    sent: sent === undefined ? undefined : sent * share,
    received: received === undefined ? undefined : received * share,
    isEstimated: isEstimated || isShared,
  }
}

/** A flow that still grows. */
interface Draft extends Flow {
  rate: number
  readonly parts: FlowPart[]
  marks: readonly EdgeMark[]
  reported: { readonly source: number; readonly destination: number } | undefined
  l4: Layer | undefined
  readonly bytes: { sent: number | undefined; received: number | undefined; readonly isEstimated: boolean } | undefined
}

/** What the reports of one pair say together. */
interface Reports {
  /** Whose report counts. */
  readonly reporter: Reporter
  readonly marks: readonly EdgeMark[]
  /** The callee's total over the source's, where both report. */
  readonly ratio: number | undefined
  readonly isThroughWaypoint: boolean
}

/** One flow for each service (and each version of the ends) among the records that count. */
function addFlows(records: readonly Record[], names: Told, reports: Reports, flows: Draft[]): void {
  const start = flows.length
  let last: Draft | undefined
  /** Built for the second flow: a pair has nearly always one. */
  let byService: Map<Service, Draft[]> | undefined
  for (const record of records) {
    if (record.reporter !== reports.reporter) continue
    const source = names.complete(record.source, 'source')
    const destination = names.complete(record.destination, 'destination')
    const part = { code: record.code, flags: record.flags, host: record.host, rate: record.value }
    let draft =
      last === undefined || isOf(last, source, destination, record.service)
        ? last
        : byService?.get(record.service)?.find((known) => isOf(known, source, destination, record.service))
    if (draft === undefined) {
      draft = draftOf(record, source, destination, part, reports)
      flows.push(draft)
      if (last !== undefined) {
        byService ??= new Map([[last.service, [last]]])
        const ofService = byService.get(record.service)
        if (ofService === undefined) byService.set(record.service, [draft])
        else ofService.push(draft)
      }
    } else {
      draft.rate += record.value
      draft.parts.push(part)
    }
    last = draft
    if (draft.bytes !== undefined && record.direction !== 'failed') {
      draft.bytes[record.direction] = (draft.bytes[record.direction] ?? 0) + record.value
    }
    if (record.isEstimated === true && !draft.marks.includes('estimated')) draft.marks = [...draft.marks, 'estimated']
  }
  if (reports.ratio === undefined) return
  for (let index = start; index < flows.length; index++) {
    const draft = flows[index]
    if (draft !== undefined) draft.reported = { source: draft.rate, destination: draft.rate * reports.ratio }
  }
}

function isOf(draft: Draft, source: Party, destination: Party, service: Service): boolean {
  return draft.source === source && draft.destination === destination && draft.service === service
}

function draftOf(record: Record, source: Party, destination: Party, part: FlowPart, reports: Reports): Draft {
  // Every field is there from the start: objects of one shape are read faster (see bench/engine.ts).
  return {
    source,
    destination,
    service: record.service,
    protocol: record.protocol,
    rate: record.value,
    parts: [part],
    reporter: record.reporter,
    isThroughWaypoint: reports.isThroughWaypoint,
    marks: reports.marks,
    reported: undefined,
    l4: undefined,
    failed: undefined,
    bytes: record.protocol === 'tcp' ? { sent: undefined, received: undefined, isEstimated: false } : undefined,
    pair: record.pair,
  }
}
