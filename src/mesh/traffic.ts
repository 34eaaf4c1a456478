import { withClusters } from './clusters.ts'
import type { EdgeMark, Protocol } from './graph.ts'
import { keyOf, type Party, type Service } from './identity.ts'
import { clusterOf, type Record, type RecordReader, type Reporter } from './records.ts'
import type { ReporterChoice } from './scope.ts'
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
  readonly reported?: { readonly source: number; readonly destination: number }
  readonly marks: readonly EdgeMark[]
  /** The same calls one layer down, bytes per second. */
  readonly l4?: Layer
  /** TCP only: the rate by direction. */
  readonly bytes?: Layer
  /** What else is known of the pair is looked up by this. */
  readonly pair: string
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
    if (counting.reporter !== 'auto' && (record.reporter === 'source') !== (counting.reporter === 'source')) continue
    if (record.value === 0 && !counting.withIdle) continue
    const known = byPair.get(record.pair)
    if (known === undefined) byPair.set(record.pair, [record])
    else known.push(record)
  }
  const flows: Flow[] = []
  for (const ofPair of byPair.values()) {
    if (ofPair.length > 1) ofPair.sort((a, b) => a.value - b.value)
    for (const ofClusters of byClusters(withClusters(ofPair, reader))) settle(ofClusters, reader, counting, flows)
  }
  return flows
}

function byClusters(records: readonly Record[]): Iterable<readonly Record[]> {
  const [first] = records
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

interface Totals {
  source: number
  waypoint: number
  destination: number
}

const protocols: readonly Protocol[] = ['http', 'grpc', 'tcp']

/** Counts one pair's records once and adds its flows to `flows`. */
function settle(records: readonly Record[], reader: RecordReader, counting: Counting, flows: Flow[]): void {
  const [first] = records
  if (first === undefined) return
  const isOneProtocol = records.every(({ protocol }) => protocol === first.protocol)
  const transport = isOneProtocol ? undefined : transportIn(records)
  const hasSourceReport = records.some(({ reporter, value }) => reporter === 'source' && value > 0)
  const firstFlow = flows.length
  const told = new Told(records, reader)
  for (const protocol of isOneProtocol ? [first.protocol] : protocols) {
    const own = isOneProtocol
      ? records
      : records.filter((record) => record.protocol === protocol && transport?.has(record) !== true)
    if (own.length === 0) continue
    const totals = totalsOf(own)
    const reporter = reporterFor(totals, own)
    const calleesTotal = totals.waypoint > 0 ? totals.waypoint : totals.destination
    const hasBoth = totals.source > 0 && calleesTotal > 0
    const marks: EdgeMark[] = []
    if (hasBoth && differ(totals.source, calleesTotal)) marks.push('reportsDiffer')
    const counted = own.filter((record) => record.reporter === reporter)
    if (counting.reporter === 'auto' && totals[reporter] > 0 && !hasSourceReport && isSilentCaller(counted, counting)) {
      marks.push('callerNotScraped')
    }
    const reports = {
      marks,
      ratio: hasBoth ? calleesTotal / totals.source : undefined,
      isThroughWaypoint: totals.waypoint > 0,
    }
    addFlows(counted, told, reports, flows)
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

/** By more than a fifth of the larger. */
function differ(one: number, other: number): boolean {
  return Math.abs(one - other) > Math.max(one, other) / 5
}

/** A meshed caller of which nothing is heard; through a waypoint a caller has no L7 report to give, and a waypoint is none itself. */
function isSilentCaller(counted: readonly Record[], { isWaypoint }: Counting): boolean {
  return counted.some(
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
function shareLayer(layer: Layer, flows: Flow[], from: number): void {
  const total = flows.slice(from).reduce((sum, { protocol, rate }) => (protocol === 'tcp' ? sum : sum + rate), 0)
  for (let index = from; index < flows.length; index++) {
    const flow = flows[index]
    if (flow === undefined || flow.protocol === 'tcp' || total === 0) continue
    flows[index] = { ...flow, l4: shareOf(layer, flow.rate / total, flow.rate < total) }
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

/** One flow for each service (and each version of the ends) among the records that count. */
function addFlows(counted: readonly Record[], told: Told, reports: Reports, flows: Flow[]): void {
  const drafts = new Map<Service, Draft[]>()
  let last: Draft | undefined
  for (const record of counted) {
    const source = told.complete(record.source, 'source')
    const destination = told.complete(record.destination, 'destination')
    let draft = last !== undefined && isOf(last, source, destination, record.service) ? last : undefined
    if (draft === undefined && last !== undefined) {
      const ofService = drafts.get(record.service) ?? []
      draft = ofService.find((other) => isOf(other, source, destination, record.service))
    }
    if (draft === undefined) {
      const bytes = { sent: undefined, received: undefined, isEstimated: false }
      draft = { source, destination, record, rate: 0, parts: [], isEstimated: false, bytes }
      const ofService = drafts.get(record.service)
      if (ofService === undefined) drafts.set(record.service, [draft])
      else ofService.push(draft)
    }
    last = draft
    draft.rate += record.value
    if (record.protocol === 'tcp') {
      draft.bytes[record.direction] = (draft.bytes[record.direction] ?? 0) + record.value
    }
    draft.parts.push({ code: record.code, flags: record.flags, host: record.host, rate: record.value })
    draft.isEstimated ||= record.isEstimated === true
  }
  for (const ofService of drafts.values()) {
    for (const draft of ofService) flows.push(flowOf(draft, reports))
  }
}

function isOf(draft: Draft, source: Party, destination: Party, service: Service): boolean {
  return draft.source === source && draft.destination === destination && draft.record.service === service
}

function flowOf(draft: Draft, { marks, ratio, isThroughWaypoint }: Reports): Flow {
  const { source, destination, record, rate, parts, isEstimated, bytes } = draft
  const flow: { -readonly [Key in keyof Flow]: Flow[Key] } = {
    source,
    destination,
    service: record.service,
    protocol: record.protocol,
    rate,
    parts,
    reporter: record.reporter,
    isThroughWaypoint,
    marks: isEstimated ? [...marks, 'estimated'] : marks,
    pair: record.pair,
  }
  if (ratio !== undefined) flow.reported = { source: rate, destination: rate * ratio }
  if (record.protocol === 'tcp') flow.bytes = bytes
  return flow
}

/** What the reports of one pair say together. */
interface Reports {
  readonly marks: readonly EdgeMark[]
  /** The callee's total over the source's, where both report. */
  readonly ratio: number | undefined
  readonly isThroughWaypoint: boolean
}

interface Draft {
  readonly source: Party
  readonly destination: Party
  readonly record: Record
  readonly parts: FlowPart[]
  readonly bytes: { sent: number | undefined; received: number | undefined; readonly isEstimated: boolean }
  rate: number
  isEstimated: boolean
}
