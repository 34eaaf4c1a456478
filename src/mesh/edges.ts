import { errorRatio, isError } from './golden.ts'
import type { EdgeMark, EdgeResponse, GraphEdge, NodeTraffic, Protocol } from './graph.ts'
import { edgeId } from './identity.ts'
import type { Measured } from './measures.ts'
import type { NodeDraft } from './nodes.ts'
import type { LatencyStatistic } from './queries.ts'
import { shortened, type SkippedList } from './skipped.ts'
import { sortFew } from './sortFew.ts'
import { sumOf } from './sum.ts'
import type { Flow, FlowPart } from './traffic.ts'

/** An edge under construction: flows, or shares of flows, laid side by side. */
export interface EdgeDraft {
  readonly source: NodeDraft
  readonly target: NodeDraft
  readonly protocol: Protocol
  readonly pieces: Piece[]
}

interface Piece {
  readonly flow: Flow
  /** 0 to 1: what part of the flow runs here. */
  readonly share: number
  readonly isInferred: boolean
}

/** The edges of one graph: `source → target → protocol → edge`. */
export class Edges {
  readonly #edges = new Map<NodeDraft, Map<NodeDraft, EdgeDraft[]>>()

  add(source: NodeDraft, target: NodeDraft, flow: Flow, share = 1): void {
    const piece = { flow, share, isInferred: isConcluded(flow) }
    const { protocol } = flow
    let targets = this.#edges.get(source)
    if (targets === undefined) {
      targets = new Map()
      this.#edges.set(source, targets)
    }
    const between = targets.get(target)
    if (between === undefined) {
      targets.set(target, [{ source, target, protocol, pieces: [piece] }])
      return
    }
    const edge = between.find((known) => known.protocol === protocol)
    if (edge === undefined) between.push({ source, target, protocol, pieces: [piece] })
    else edge.pieces.push(piece)
  }

  all(): readonly EdgeDraft[] {
    const all: EdgeDraft[] = []
    for (const targets of this.#edges.values()) for (const between of targets.values()) all.push(...between)
    return all
  }
}

function isConcluded({ source, destination }: Flow): boolean {
  return (
    (destination.kind === 'workload' && destination.isInferred) || (source.kind === 'workload' && source.isInferred)
  )
}

/**
 * The finished edge. Sums are taken in sorted order, so that the order of arrival does not show in the last digit.
 * An average response time is weighted by requests; quantiles of several flows have no quantile of their own and are left out.
 */
export function finishedEdge(
  { source, target, protocol, pieces }: EdgeDraft,
  /** `undefined`: nothing was measured beside the rates. */
  measure: ((flow: Flow) => Measured) | undefined,
  statistic: LatencyStatistic | undefined,
  skipped: SkippedList,
): GraphEdge {
  const responses = responsesOf(pieces)
  let rate = 0
  for (const response of responses) rate += response.rate
  // Assigned one by one rather than spread: this runs for every edge of a large mesh (see bench/engine.ts).
  const edge: { -readonly [Key in keyof GraphEdge]: GraphEdge[Key] } = {
    id: edgeId(source.id, target.id, protocol),
    source: source.id,
    target: target.id,
    protocol,
    rate,
    responses,
    marks: marksOf(pieces),
  }
  const ratio = errorRatio(protocol, responses)
  if (ratio !== undefined) edge.errorRatio = ratio
  const failed = failedOf(pieces)
  if (failed !== undefined) edge.failedConnections = failed
  if (rate === 0 && failed === undefined) edge.isIdle = true
  const reported = reportedOf(pieces)
  if (reported !== undefined) edge.reported = reported
  const l4 = layerOf(pieces)
  if (l4 !== undefined) edge.layers = { l4 }
  if (measure !== undefined) addMeasured(edge, pieces, measure, statistic, skipped)
  return edge
}

function addMeasured(
  edge: { -readonly [Key in keyof GraphEdge]: GraphEdge[Key] },
  pieces: readonly Piece[],
  measure: (flow: Flow) => Measured,
  statistic: LatencyStatistic | undefined,
  skipped: SkippedList,
): void {
  const [only] = pieces
  if (pieces.length === 1 && only?.share === 1) {
    addOnly(edge, measure(only.flow), statistic)
    return
  }
  const measured = pieces.map(({ flow, share }) => ({ share, rate: flow.rate * share, of: measure(flow) }))
  const latency = statistic === undefined ? undefined : latencyOf(measured, statistic)
  if (latency === 'mixed') skipped.add(mixedQuantile, shortened(edge.id, 200))
  const throughput = total(
    measured.flatMap(({ of, share }) => (of.throughput === undefined ? [] : [of.throughput * share])),
  )
  const mtls = weighted(measured.flatMap(({ of, rate }) => (of.mtls === undefined ? [] : [[of.mtls, rate] as const])))
  const sourcePrincipal = joined(measured.flatMap(({ of }) => of.sourcePrincipals))
  const destinationPrincipal = joined(measured.flatMap(({ of }) => of.destinationPrincipals))
  if (typeof latency === 'number' && statistic !== undefined) edge.latency = { [statistic]: latency }
  if (throughput !== undefined) edge.throughput = throughput
  if (mtls !== undefined) edge.mtls = mtls
  if (sourcePrincipal !== undefined) edge.sourcePrincipal = sourcePrincipal
  if (destinationPrincipal !== undefined) edge.destinationPrincipal = destinationPrincipal
}

/** What is measured of the one flow that most edges are made of. */
function addOnly(
  edge: { -readonly [Key in keyof GraphEdge]: GraphEdge[Key] },
  { latency, throughput, mtls, sourcePrincipals, destinationPrincipals }: Measured,
  statistic: LatencyStatistic | undefined,
): void {
  if (latency !== undefined && statistic !== undefined) edge.latency = { [statistic]: latency.value }
  if (throughput !== undefined) edge.throughput = throughput
  if (mtls !== undefined) edge.mtls = mtls
  const sourcePrincipal = joined(sourcePrincipals)
  const destinationPrincipal = joined(destinationPrincipals)
  if (sourcePrincipal !== undefined) edge.sourcePrincipal = sourcePrincipal
  if (destinationPrincipal !== undefined) edge.destinationPrincipal = destinationPrincipal
}

/** By code, flags and host, sorted; parts at rest say nothing where others move. */
function responsesOf(pieces: readonly Piece[]): readonly EdgeResponse[] {
  const only = pieces[0]
  const sole = only?.flow.parts[0]
  if (pieces.length === 1 && only?.share === 1 && only.flow.parts.length === 1 && sole !== undefined) {
    return sole.rate > 0 ? [responseOf(sole)] : []
  }
  const parts: FlowPart[] = []
  for (const { flow, share } of pieces) {
    for (const part of flow.parts) {
      const rate = part.rate * share
      if (rate > 0) parts.push(share === 1 ? part : { code: part.code, flags: part.flags, host: part.host, rate })
    }
  }
  sortFew(parts, byCodeFlagsHost)
  const responses: { -readonly [Key in keyof EdgeResponse]: EdgeResponse[Key] }[] = []
  let before: FlowPart | undefined
  for (const part of parts) {
    const last = responses.at(-1)
    // Sorted: what belongs together stands together.
    const isSame = before?.code === part.code && before.flags === part.flags && before.host === part.host
    if (isSame && last !== undefined) last.rate += part.rate
    else responses.push(responseOf(part))
    before = part
  }
  return responses
}

function responseOf({ code, flags, host, rate }: FlowPart): {
  -readonly [Key in keyof EdgeResponse]: EdgeResponse[Key]
} {
  if (flags !== undefined && host !== undefined) return { code, flags, host, rate }
  return { code, ...(flags === undefined ? {} : { flags }), ...(host === undefined ? {} : { host }), rate }
}

function byCodeFlagsHost(a: FlowPart, b: FlowPart): number {
  return order(a.code, b.code) || order(a.flags, b.flags) || order(a.host, b.host) || a.rate - b.rate
}

/** Absent first. */
function order(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  return b === undefined || (a !== undefined && a > b) ? 1 : -1
}

const mixedQuantile = 'no response time quantile: the edge joins calls measured apart, and quantiles do not add up'

/** Seconds; `mixed` where there are several quantiles, which have none in common; `undefined` where nothing was measured. */
function latencyOf(
  pieces: readonly { readonly of: Measured; readonly rate: number }[],
  statistic: LatencyStatistic,
): number | 'mixed' | undefined {
  const told = pieces.flatMap(({ of, rate }) => (of.latency === undefined ? [] : [{ latency: of.latency, rate }]))
  const [first] = told
  // Of one answer, be it about one flow or about all flows of a pair of apps.
  if (told.every(({ latency }) => latency === first?.latency)) return first?.latency.value
  return statistic === 'avg' ? weighted(told.map(({ latency, rate }) => [latency.value, rate])) : 'mixed'
}

function total(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sumOf(values)
}

/** The mean of values, each counting as much as its weight, never beyond the largest; of one, that one. */
function weighted(values: readonly (readonly [value: number, weight: number])[]): number | undefined {
  if (values.length === 1) return values[0]?.[0]
  const weight = total(values.map(([, rate]) => rate))
  const sum = total(values.map(([value, rate]) => value * rate))
  if (weight === undefined || sum === undefined || weight === 0) return undefined
  const largest = values.reduce((most, [value]) => Math.max(most, value), 0)
  return Math.min(sum / weight, largest)
}

function joined(values: readonly string[]): string | undefined {
  return values.length <= 1 ? values[0] : [...new Set(values)].sort().join(', ')
}

/** Each side's total over all flows, where some flow is reported by both. */
function reportedOf(pieces: readonly Piece[]): GraphEdge['reported'] {
  if (!pieces.some(({ flow }) => flow.reported !== undefined)) return undefined
  const only = pieces[0]
  if (pieces.length === 1 && only?.share === 1) return only.flow.reported
  const source = total(
    pieces.flatMap(({ flow, share }) => {
      const rate = flow.reported?.source ?? (flow.reporter === 'source' ? flow.rate : undefined)
      return rate === undefined ? [] : [rate * share]
    }),
  )
  const destination = total(
    pieces.flatMap(({ flow, share }) => {
      const rate = flow.reported?.destination ?? (flow.reporter === 'source' ? undefined : flow.rate)
      return rate === undefined ? [] : [rate * share]
    }),
  )
  return { ...(source === undefined ? {} : { source }), ...(destination === undefined ? {} : { destination }) }
}

const allMarks: readonly EdgeMark[] = ['reportsDiffer', 'callerNotScraped', 'estimated', 'inferred', 'cannotBeMatched']

function marksOf(pieces: readonly Piece[]): readonly EdgeMark[] {
  if (pieces.every(({ flow, share, isInferred }) => flow.marks.length === 0 && share === 1 && !isInferred)) return []
  const marks = new Set<EdgeMark>()
  for (const { flow, share, isInferred } of pieces) {
    for (const mark of flow.marks) marks.add(mark)
    if (share < 1) marks.add('estimated')
    if (isInferred) marks.add('inferred')
  }
  return allMarks.filter((mark) => marks.has(mark))
}

/** By flags, sorted; the rates of several flows are added in sorted order. */
function failedOf(pieces: readonly Piece[]): GraphEdge['failedConnections'] {
  if (pieces.every(({ flow }) => flow.failed === undefined)) return undefined
  const byFlags = new Map<string, number[]>()
  for (const { flow, share } of pieces) {
    for (const { flags, rate } of flow.failed ?? []) byFlags.set(flags, [...(byFlags.get(flags) ?? []), rate * share])
  }
  return [...byFlags]
    .map(([flags, rates]) => ({ flags, rate: total(rates) ?? 0 }))
    .sort((a, b) => (a.flags < b.flags ? -1 : 1))
}

function layerOf(pieces: readonly Piece[]): NonNullable<GraphEdge['layers']>['l4'] {
  if (pieces.every(({ flow }) => flow.l4 === undefined)) return undefined
  const layers = pieces.flatMap(({ flow, share }) => (flow.l4 === undefined ? [] : [{ layer: flow.l4, share }]))
  const sum = (of: 'sent' | 'received'): number | undefined =>
    total(layers.flatMap(({ layer, share }) => (layer[of] === undefined ? [] : [layer[of] * share])))
  const sent = sum('sent')
  const received = sum('received')
  return {
    ...(sent === undefined ? {} : { sent }),
    ...(received === undefined ? {} : { received }),
    isEstimated: layers.some(({ layer, share }) => layer.isEstimated || share < 1),
  }
}

/** Rates into and out of every node of sorted edges; a node without edges has none. */
export function trafficOf(edges: readonly GraphEdge[]): ReadonlyMap<string, NodeTraffic> {
  const sums = new Map<string, Sums>()
  const sumsOf = (id: string): Sums => {
    const known = sums.get(id)
    if (known !== undefined) return known
    const made: Sums = {}
    sums.set(id, made)
    return made
  }
  for (const edge of edges) {
    addOut(sumsOf(edge.source), edge)
    addIn(sumsOf(edge.target), edge)
  }
  return sums
}

interface Sums {
  http?: { in: number; out: number; in3xx: number; in4xx: number; in5xx: number; inNoResponse: number }
  grpc?: { in: number; out: number; inError: number }
  tcp?: { in: number; out: number }
}

const noHttp = { in: 0, out: 0, in3xx: 0, in4xx: 0, in5xx: 0, inNoResponse: 0 }

function addOut(sums: Sums, { protocol, rate }: GraphEdge): void {
  if (protocol === 'http') (sums.http ??= { ...noHttp }).out += rate
  else if (protocol === 'grpc') (sums.grpc ??= { in: 0, out: 0, inError: 0 }).out += rate
  else (sums.tcp ??= { in: 0, out: 0 }).out += rate
}

function addIn(sums: Sums, { protocol, rate, responses }: GraphEdge): void {
  if (protocol === 'tcp') {
    ;(sums.tcp ??= { in: 0, out: 0 }).in += rate
    return
  }
  if (protocol === 'grpc') {
    const grpc = (sums.grpc ??= { in: 0, out: 0, inError: 0 })
    grpc.in += rate
    for (const { code, flags, rate: part } of responses) if (isError('grpc', code, flags)) grpc.inError += part
    return
  }
  const http = (sums.http ??= { ...noHttp })
  http.in += rate
  for (const { code, rate: part } of responses) {
    const first = code.charAt(0)
    if (code === '-') http.inNoResponse += part
    else if (first === '3') http.in3xx += part
    else if (first === '4') http.in4xx += part
    else if (first === '5') http.in5xx += part
  }
}
