import { isError, outcomeOf } from '../../../mesh/golden.ts'
import { grpcStatusName } from '../../../mesh/golden.ts'
import { flagWords } from '../../../mesh/flags.ts'
import { appGroupId, namespaceGroupId } from '../../../mesh/fold.ts'
import type { GraphEdge, GraphNode, MeshGraph, Protocol } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import { healthOrder } from '../../canvas/drawing.ts'
import { graphStrings as strings } from './strings.ts'
import { appBoxId, boxIdsOf, clusterBoxId, namespaceBoxId, stateOf, weightOf } from './view.ts'

/** What a selection in the URL names. */
export type Selection =
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'edge'; readonly edge: GraphEdge; readonly source: GraphNode; readonly target: GraphNode }
  | {
      readonly kind: 'namespace' | 'app'
      readonly id: string
      readonly name: string
      readonly nodes: readonly GraphNode[]
    }
  | { readonly kind: 'missing' }

/** What `id` names in a graph; `undefined` for no id, `missing` where the graph has nothing of that name. */
export function selectionOf(graph: MeshGraph, id: string | undefined): Selection | undefined {
  if (id === undefined) return undefined
  const node = graph.nodes.find((each) => each.id === id && each.folded === undefined)
  if (node !== undefined) return { kind: 'node', node }
  const edge = graph.edges.find((each) => each.id === id)
  if (edge !== undefined) {
    const source = graph.nodes.find((each) => each.id === edge.source)
    const target = graph.nodes.find((each) => each.id === edge.target)
    return source === undefined || target === undefined ? { kind: 'missing' } : { kind: 'edge', edge, source, target }
  }
  const nodes = graph.nodes.filter((each) => each.folded === undefined && groupsOf(each).includes(id))
  const [first] = nodes
  if (first === undefined) return { kind: 'missing' }
  if (clusterBoxId(first.cluster) === id) return { kind: 'namespace', id, name: first.cluster, nodes }
  if ([namespaceBoxId(first.cluster, first.namespace), namespaceGroupId(first)].includes(id))
    return { kind: 'namespace', id, name: first.namespace, nodes }
  const app = nodes.find((each) => each.app !== undefined)?.app ?? ''
  return [appBoxId(first.cluster, first.namespace, app), appGroupId({ ...first, app })].includes(id)
    ? { kind: 'app', id, name: app, nodes }
    : { kind: 'missing' }
}

/** Whether a selection is not in a graph. */
export function isMissing(graph: MeshGraph, id: string | undefined): boolean {
  return selectionOf(graph, id)?.kind === 'missing'
}

/** The boxes and the folded groups that a node may be in. */
const groupsOf = (node: GraphNode) => [...boxIdsOf(node), namespaceGroupId(node), appGroupId(node)]

/** The traffic of a node, or of all nodes of a box together. */
export interface Traffic {
  /** From outside; for one node also from itself. Worst first, then the busier. */
  readonly inbound: readonly GraphEdge[]
  readonly outbound: readonly GraphEdge[]
  /** Between the nodes of a box, each call once. */
  readonly internal: readonly GraphEdge[]
}

export function trafficOf(graph: MeshGraph, ids: ReadonlySet<string>): Traffic {
  const isOne = ids.size === 1
  const relays = isOne ? new Set<string>() : relaysIn(graph)
  const list = (wanted: (edge: GraphEdge) => boolean) => graph.edges.filter(wanted).sort(worstFirst)
  return {
    inbound: list(({ source, target }) => ids.has(target) && (isOne || !ids.has(source))),
    outbound: list(({ source, target }) => ids.has(source) && !ids.has(target)),
    internal: isOne ? [] : list(({ source, target }) => ids.has(source) && ids.has(target) && !relays.has(source)),
  }
}

/** The worse state first, then the busier. */
export function worstFirst(a: GraphEdge, b: GraphEdge): number {
  return severity(stateOf(a)) - severity(stateOf(b)) || weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1)
}

/** 0 is the worst. */
export function severity(state: HealthState): number {
  return healthOrder.indexOf(state)
}

/**
 * The edges on which a graph counts each request once: calls through a service or operation node are counted where they enter it, not
 * again where they leave it.
 */
export function countedOnce({ nodes, edges, graphType }: MeshGraph): readonly GraphEdge[] {
  const relays = relaysIn({ nodes, graphType })
  return relays.size === 0 ? edges : edges.filter(({ source }) => !relays.has(source))
}

/** Nodes that calls only pass; in a service graph services stand for those who call. */
function relaysIn({ nodes, graphType }: Pick<MeshGraph, 'nodes' | 'graphType'>): ReadonlySet<string> {
  const isRelay = ({ kind }: GraphNode) => kind === 'operation' || (kind === 'service' && graphType !== 'service')
  return new Set(nodes.filter(isRelay).map(({ id }) => id))
}

/** Sums over edges; what no edge measures is `undefined`. */
export interface Totals {
  /** Per second, HTTP and gRPC together. */
  readonly requests: number | undefined
  readonly errorRatio: number | undefined
  /** Bytes per second. */
  readonly tcp: number | undefined
  /** Share under mutual TLS, weighed by requests (by bytes where there are only bytes). */
  readonly mtls: number | undefined
}

export function totalsOf(edges: readonly GraphEdge[]): Totals {
  const live = edges.filter(({ isIdle }) => isIdle !== true)
  const requests = live.filter(({ protocol }) => protocol !== 'tcp')
  const tcp = live.filter(({ protocol }) => protocol === 'tcp')
  const rated = requests.filter(({ errorRatio }) => errorRatio !== undefined)
  return {
    requests: requests.length === 0 ? undefined : sum(requests.map(({ rate }) => rate)),
    errorRatio: mean(rated.map(({ errorRatio, rate }) => [errorRatio ?? 0, rate])),
    tcp: tcp.length === 0 ? undefined : sum(tcp.map(({ rate }) => rate)),
    mtls: share(requests) ?? share(tcp),
  }
}

function share(edges: readonly GraphEdge[]): number | undefined {
  return mean(edges.flatMap(({ mtls, rate }) => (mtls === undefined ? [] : [[mtls, rate] as const])))
}

function mean(pairs: readonly (readonly [value: number, weight: number])[]): number | undefined {
  const weight = sum(pairs.map(([, each]) => each))
  return weight > 0 ? sum(pairs.map(([value, each]) => value * each)) / weight : undefined
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** One line of "Codes and flags". */
export interface CodeRow {
  readonly protocol: Protocol
  readonly code: string
  readonly flags: string
  readonly meaning: string
  readonly rate: number
  /** Of all responses of the same protocol, 0 to 1. */
  readonly share: number
  readonly isError: boolean
}

/** Responses by protocol, code and flags: errors first, then the commoner. TCP appears only where its flags say something. */
export function codesOf(edges: readonly GraphEdge[]): readonly CodeRow[] {
  const rows = new Map<string, Omit<CodeRow, 'share'>>()
  const totals = new Map<Protocol, number>()
  for (const { protocol, responses } of edges) {
    for (const { code, flags = '-', rate } of responses) {
      if (rate <= 0) continue
      totals.set(protocol, (totals.get(protocol) ?? 0) + rate)
      const key = `${protocol} ${code} ${flags}`
      const before = rows.get(key)
      rows.set(key, {
        protocol,
        code,
        flags,
        meaning: meaningOf(protocol, code, flags),
        rate: (before?.rate ?? 0) + rate,
        isError: isError(protocol, code, flags),
      })
    }
  }
  return [...rows.values()]
    .filter(({ protocol, flags }) => protocol !== 'tcp' || (flags !== '-' && flags !== ''))
    .map((row) => ({ ...row, share: row.rate / (totals.get(row.protocol) ?? row.rate) }))
    .sort((a, b) => Number(b.isError) - Number(a.isError) || b.rate - a.rate || (a.code < b.code ? -1 : 1))
}

/** One line of "Hosts": what was asked of one destination host. */
export interface HostRow {
  readonly host: string
  readonly protocol: Protocol
  /** Per second; bytes for TCP. */
  readonly rate: number
  /** Of all of the same protocol, 0 to 1. */
  readonly share: number
  /** Undefined for TCP. */
  readonly errorRatio: number | undefined
}

/** What was asked of each host that edges name: the more errors per second first, then the busier. */
export function hostsOf(edges: readonly GraphEdge[]): readonly HostRow[] {
  const sums = new Map<string, { host: string; protocol: Protocol; rate: number; errors: number }>()
  const totals = new Map<Protocol, number>()
  for (const { protocol, responses } of edges) {
    for (const { host, code, flags = '-', rate } of responses) {
      if (rate <= 0) continue
      totals.set(protocol, (totals.get(protocol) ?? 0) + rate)
      if (host === undefined || host === '' || host === 'unknown') continue
      const key = `${protocol} ${host}`
      const row = sums.get(key) ?? { host, protocol, rate: 0, errors: 0 }
      row.rate += rate
      if (protocol !== 'tcp' && isError(protocol, code, flags)) row.errors += rate
      sums.set(key, row)
    }
  }
  return [...sums.values()]
    .sort((a, b) => b.errors - a.errors || weightOf(b) - weightOf(a) || (a.host < b.host ? -1 : 1))
    .map(({ host, protocol, rate, errors }) => ({
      host,
      protocol,
      rate,
      share: rate / (totals.get(protocol) ?? rate),
      errorRatio: protocol === 'tcp' ? undefined : errors / rate,
    }))
}

/** Who a node proved to be in its calls, and who those were that called it: principals, sorted. */
export function identitiesOf({ inbound, outbound }: Pick<Traffic, 'inbound' | 'outbound'>): {
  readonly own: readonly string[]
  readonly callers: readonly string[]
} {
  const distinct = (names: readonly (string | undefined)[]) =>
    [
      ...new Set(names.flatMap((name) => (name === undefined || name === '' || name === 'unknown' ? [] : [name]))),
    ].sort()
  return {
    own: distinct([
      ...inbound.map(({ destinationPrincipal }) => destinationPrincipal),
      ...outbound.map(({ sourcePrincipal }) => sourcePrincipal),
    ]),
    callers: distinct(inbound.map(({ sourcePrincipal }) => sourcePrincipal)),
  }
}

/** A response in a few words: what Envoy's flags say, else what the code says. */
function meaningOf(protocol: Protocol, code: string, flags: string): string {
  const said = flagWords(flags)
  if (said !== '') return said
  const status = protocol === 'grpc' ? grpcStatusName(code) : undefined
  if (status !== undefined && status !== 'OK') return status
  switch (outcomeOf(protocol, code, flags)) {
    case 'success':
      return strings.answered
    case 'clientError':
      return httpWords.get(code) ?? strings.clientError
    case 'noAnswer':
    case 'clientLeft':
      return strings.noResponse
    case 'injected':
      return strings.injected
    case 'error':
      return httpWords.get(code) ?? strings.serverError
  }
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-status-codes, the common ones. */
const httpWords: ReadonlyMap<string, string> = new Map([
  ['400', 'bad request'],
  ['401', 'not authenticated'],
  ['403', 'forbidden'],
  ['404', 'not found'],
  ['405', 'method not allowed'],
  ['409', 'conflict'],
  ['429', 'too many requests'],
  ['500', 'internal server error'],
  ['501', 'not implemented'],
  ['502', 'bad gateway'],
  ['503', 'service unavailable'],
  ['504', 'gateway timeout'],
])

/** What is failing or degraded, worst first: nodes with their reasons, then edges whose ends are not already named. */
export interface Trouble {
  readonly id: string
  readonly state: HealthState
  readonly node?: GraphNode
  readonly edge?: GraphEdge
  readonly reasons: readonly string[]
}

export function troublesOf(graph: MeshGraph): readonly Trouble[] {
  const isBad = (state: HealthState) => state === 'failing' || state === 'degraded' || state === 'notReady'
  const nodes = graph.nodes
    .filter((node) => isBad(stateOf(node)))
    .map((node): Trouble => ({ id: node.id, state: stateOf(node), node, reasons: node.health?.reasons ?? [] }))
  const named = new Set(nodes.map(({ id }) => id))
  const edges = graph.edges
    .filter((edge) => isBad(stateOf(edge)) && !named.has(edge.target) && !named.has(edge.source))
    .map((edge): Trouble => ({ id: edge.id, state: stateOf(edge), edge, reasons: edge.health?.reasons ?? [] }))
  return [...nodes, ...edges].sort((a, b) => severity(a.state) - severity(b.state))
}
