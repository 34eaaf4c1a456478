import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import { nameOf } from './origin.ts'
import { percent, short } from './phrases.ts'
import type { Skipped } from './samples.ts'

/** What changed from one graph of a mesh to another of the same kind. */
export interface Drift {
  readonly new: readonly Call[]
  readonly gone: readonly Call[]
  /** Absent where encryption was not compared; `notes` then says why. */
  readonly newlyPlaintext?: readonly (Call & { readonly mtlsBefore: number; readonly mtlsNow: number })[]
  /** What was not compared, and what to do about it: sentences. */
  readonly notes: readonly string[]
  /** Of the graph as it is now. */
  readonly skipped: readonly Skipped[]
}

/** An edge by names, for a person. */
export interface Call {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly protocol: string
}

/** The part of a graph that drift is about; what a baseline file must hold. */
export type Baseline = Pick<MeshGraph, 'graphType' | 'namespaces'> & {
  /** As the file has them; absent in files of before there were any. */
  readonly options?: object
  readonly nodes: readonly BaselineNode[]
  readonly edges: readonly BaselineEdge[]
}
type BaselineNode = Pick<GraphNode, 'id' | 'kind' | 'namespace' | 'cluster'> &
  Partial<Pick<GraphNode, 'workload' | 'app' | 'version' | 'service'>>
type BaselineEdge = Pick<GraphEdge, 'id' | 'source' | 'target' | 'protocol'> &
  Partial<Pick<GraphEdge, 'mtls' | 'isIdle'>> & {
    readonly responses?: readonly { readonly host?: string }[]
  }

/**
 * The calls that are new, gone or newly plaintext, each sorted by id. Idle edges are no calls. Requests that reached no workload of a
 * service that the same caller reaches in the other graph are no dependency of their own, hence neither new nor gone.
 * Plaintext is new where all was mutual TLS and some is not now, or where some was and nothing is; where either graph tells no mTLS,
 * a note says so instead.
 */
export function driftOf(before: Baseline, now: Baseline & Partial<Pick<MeshGraph, 'skipped'>>): Drift {
  const [old, current] = [new Calls(before), new Calls(now)]
  const plaintextNote = whyNotCompared(old, current)
  const notes = [
    ...(before.options === undefined
      ? [
          'the baseline does not say with which options it was made: they were not compared; a new baseline records them',
        ]
      : []),
    ...(plaintextNote === undefined ? [] : [plaintextNote]),
  ]
  return {
    new: current.missingFrom(old),
    gone: old.missingFrom(current),
    ...(plaintextNote === undefined ? { newlyPlaintext: newlyPlaintext(old, current) } : {}),
    notes,
    skipped: now.skipped ?? [],
  }
}

/** Whether anything changed. */
export function hasDrift(drift: Drift): boolean {
  return drift.new.length + drift.gone.length + (drift.newlyPlaintext?.length ?? 0) > 0
}

/** Whether a graph holds any call: idle edges are none. */
export function hasCalls({ edges }: Pick<Baseline, 'edges'>): boolean {
  return edges.some(isCall)
}

/**
 * One line per change, `+` new, `-` gone, `!` newly plaintext; one line that says so where there is none. Then what was not compared
 * and what was skipped.
 */
export function driftText(drift: Drift): string {
  const words = ({ source, target, protocol }: Call): string => `${source} → ${target} (${protocol})`
  const changes = [
    ...drift.new.map((one) => `+ new              ${words(one)}`),
    ...drift.gone.map((one) => `- gone             ${words(one)}`),
    ...(drift.newlyPlaintext ?? []).map(
      (one) => `! newly plaintext  ${words(one)}: mTLS ${percent(one.mtlsBefore)} before, ${percent(one.mtlsNow)} now`,
    ),
  ]
  const none = `No drift: the same calls${drift.newlyPlaintext === undefined ? '' : ', and none newly plaintext'}.`
  return [
    ...(changes.length === 0 ? [none] : changes),
    ...drift.notes.map((note) => `note: ${note}`),
    ...drift.skipped.map(
      ({ reason, count, example }) => `skipped ${count}: ${short(reason, 200)} (${short(example, 120)})`,
    ),
    '',
  ].join('\n')
}

/** A graph in parsed JSON of unknown shape; where it is none, the sentence that says what is missing. */
export function readBaseline(value: unknown): Baseline | string {
  if (!isObject(value)) return 'it holds no JSON object'
  const { graphType, namespaces, options, nodes, edges } = value
  if (graphType !== 'workload' && graphType !== 'app' && graphType !== 'versionedApp' && graphType !== 'service') {
    return 'it has no graphType'
  }
  if (options !== undefined && !isObject(options)) return 'its options are no JSON object'
  if (!Array.isArray(nodes) || !nodes.every(isNode)) return 'its nodes are not a list of nodes'
  if (!Array.isArray(edges) || !edges.every(isEdge)) return 'its edges are not a list of edges'
  const scope: readonly unknown[] = Array.isArray(namespaces) ? namespaces : []
  return {
    graphType,
    namespaces: scope.filter((name) => typeof name === 'string'),
    ...(options === undefined ? {} : { options }),
    nodes,
    edges,
  }
}

function isNode(value: unknown): value is BaselineNode {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['kind'] === 'string' &&
    typeof value['namespace'] === 'string'
  )
}

function isEdge(value: unknown): value is BaselineEdge {
  if (!isObject(value)) return false
  const { id, source, target, protocol, mtls, responses } = value
  const isNamed = [id, source, target, protocol].every((text) => typeof text === 'string')
  const areResponses = responses === undefined || (Array.isArray(responses) && responses.every(isResponse))
  return isNamed && (mtls === undefined || typeof mtls === 'number') && areResponses
}

function isResponse(value: unknown): value is { readonly host?: string } {
  return isObject(value) && (value['host'] === undefined || typeof value['host'] === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCall({ isIdle }: BaselineEdge): boolean {
  return isIdle !== true
}

/** The calls of one graph, looked up by id. */
class Calls {
  readonly byId: ReadonlyMap<string, BaselineEdge>
  readonly #graph: Baseline
  readonly #nodes: ReadonlyMap<string, BaselineNode>
  readonly #sources: ReadonlySet<string>
  /** `source|protocol → hosts` of what reached a workload. */
  readonly #reached: ReadonlyMap<string, ReadonlySet<string>>

  constructor(graph: Baseline) {
    const calls = graph.edges.filter(isCall)
    this.#graph = graph
    this.byId = new Map(calls.map((edge) => [edge.id, edge]))
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    this.#sources = new Set(calls.map(({ source }) => source))
    const reached = new Map<string, Set<string>>()
    for (const edge of calls) {
      const kind = this.#nodes.get(edge.target)?.kind
      if (kind !== 'workload' && kind !== 'app') continue
      const hosts = reached.get(callerOf(edge)) ?? new Set()
      reached.set(callerOf(edge), hosts)
      for (const { host } of edge.responses ?? []) if (host !== undefined) hosts.add(host)
    }
    this.#reached = reached
  }

  get tellMtls(): boolean {
    return [...this.byId.values()].some(({ mtls }) => mtls !== undefined)
  }

  missingFrom(other: Calls): readonly Call[] {
    return sorted(
      [...this.byId.values()]
        .filter((edge) => !other.byId.has(edge.id) && !this.#isKnownDependency(edge, other))
        .map((edge) => this.named(edge)),
    )
  }

  named({ id, source, target, protocol }: BaselineEdge): Call {
    return { id, source: this.#nameOf(source), target: this.#nameOf(target), protocol }
  }

  /** Undelivered requests end at their service, which then calls nobody; a service graph ends all its calls there. */
  #isKnownDependency(edge: BaselineEdge, other: Calls): boolean {
    const target = this.#nodes.get(edge.target)
    if (this.#graph.graphType === 'service' || target?.kind !== 'service' || this.#sources.has(target.id)) return false
    const name = target.service ?? ''
    const full = `${name}.${target.namespace}`
    return [...(other.#reached.get(callerOf(edge)) ?? [])].some(
      (host) => host === name || host === full || host.startsWith(`${full}.`),
    )
  }

  #nameOf(id: string): string {
    const node = this.#nodes.get(id)
    return node === undefined ? id : nameOf({ ...node, traffic: {} })
  }
}

function callerOf({ source, protocol }: BaselineEdge): string {
  return `${source}|${protocol}`
}

function whyNotCompared(old: Calls, current: Calls): string | undefined {
  if (!old.tellMtls) {
    return 'encryption was not compared: the baseline tells no mTLS; make it with --mtls'
  }
  return current.tellMtls ? undefined : 'encryption was not compared: no call tells mTLS now; ask with --mtls'
}

function newlyPlaintext(old: Calls, current: Calls): NonNullable<Drift['newlyPlaintext']> {
  return sorted(
    [...current.byId.values()].flatMap((edge) => {
      const [mtlsBefore, mtlsNow] = [old.byId.get(edge.id)?.mtls, edge.mtls]
      if (mtlsBefore === undefined || mtlsNow === undefined) return []
      const isNew = (isAll(mtlsBefore) && !isAll(mtlsNow)) || (mtlsBefore > 0 && mtlsNow === 0)
      return isNew ? [{ ...current.named(edge), mtlsBefore, mtlsNow }] : []
    }),
  )
}

/** A share that rounding may have left just below 1. */
function isAll(share: number): boolean {
  return share >= 1 - 1e-6
}

function sorted<T extends Call>(calls: readonly T[]): readonly T[] {
  return calls.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
