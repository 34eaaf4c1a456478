import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import { nameOf } from './origin.ts'
import { percent } from './phrases.ts'

/** What changed from one graph of a mesh to another of the same kind. */
export interface Drift {
  readonly new: readonly Call[]
  readonly gone: readonly Call[]
  readonly newlyPlaintext: readonly (Call & { readonly mtlsBefore: number; readonly mtlsNow: number })[]
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
  readonly nodes: readonly BaselineNode[]
  readonly edges: readonly BaselineEdge[]
}
type BaselineNode = Pick<GraphNode, 'id' | 'kind' | 'namespace' | 'cluster'> &
  Partial<Pick<GraphNode, 'workload' | 'app' | 'version' | 'service'>>
type BaselineEdge = Pick<GraphEdge, 'id' | 'source' | 'target' | 'protocol'> & Partial<Pick<GraphEdge, 'mtls'>>

/**
 * The calls that are new, gone or newly plaintext, each sorted by id. Plaintext is new where all was mutual TLS and some is not now,
 * or where some was and nothing is; where either graph did not ask for mTLS nothing is said about it.
 */
export function driftOf(before: Baseline, now: Baseline): Drift {
  const [old, current] = [byId(before.edges), byId(now.edges)]
  const [oldNames, names] = [namesOf(before), namesOf(now)]
  const call = (edge: BaselineEdge, names: ReadonlyMap<string, string>): Call => ({
    id: edge.id,
    source: names.get(edge.source) ?? edge.source,
    target: names.get(edge.target) ?? edge.target,
    protocol: edge.protocol,
  })
  const missingFrom = (
    edges: ReadonlyMap<string, BaselineEdge>,
    others: ReadonlyMap<string, BaselineEdge>,
    names: ReadonlyMap<string, string>,
  ): readonly Call[] => sorted([...edges.values()].filter(({ id }) => !others.has(id)).map((edge) => call(edge, names)))
  return {
    new: missingFrom(current, old, names),
    gone: missingFrom(old, current, oldNames),
    newlyPlaintext: sorted(
      [...current.values()].flatMap((edge) => {
        const [mtlsBefore, mtlsNow] = [old.get(edge.id)?.mtls, edge.mtls]
        if (mtlsBefore === undefined || mtlsNow === undefined) return []
        const isNew = (isAll(mtlsBefore) && !isAll(mtlsNow)) || (mtlsBefore > 0 && mtlsNow === 0)
        return isNew ? [{ ...call(edge, names), mtlsBefore, mtlsNow }] : []
      }),
    ),
  }
}

/** Whether anything changed. */
export function hasDrift(drift: Drift): boolean {
  return drift.new.length + drift.gone.length + drift.newlyPlaintext.length > 0
}

/** One line per change, `+` new, `-` gone, `!` newly plaintext; one line that says so where there is none. */
export function driftText(drift: Drift): string {
  if (!hasDrift(drift)) return 'No drift: the same calls, and none newly plaintext.\n'
  const words = ({ source, target, protocol }: Call): string => `${source} → ${target} (${protocol})`
  return [
    ...drift.new.map((one) => `+ new              ${words(one)}`),
    ...drift.gone.map((one) => `- gone             ${words(one)}`),
    ...drift.newlyPlaintext.map(
      (one) => `! newly plaintext  ${words(one)}: mTLS ${percent(one.mtlsBefore)} before, ${percent(one.mtlsNow)} now`,
    ),
    '',
  ].join('\n')
}

/** A graph in parsed JSON of unknown shape; where it is none, the sentence that says what is missing. */
export function readBaseline(value: unknown): Baseline | string {
  if (!isObject(value)) return 'it holds no JSON object'
  const { graphType, namespaces, nodes, edges } = value
  if (graphType !== 'workload' && graphType !== 'app' && graphType !== 'versionedApp' && graphType !== 'service') {
    return 'it has no graphType'
  }
  if (!Array.isArray(nodes) || !nodes.every(isNode)) return 'its nodes are not a list of nodes'
  if (!Array.isArray(edges) || !edges.every(isEdge)) return 'its edges are not a list of edges'
  const scope: readonly unknown[] = Array.isArray(namespaces) ? namespaces : []
  return { graphType, namespaces: scope.filter((name) => typeof name === 'string'), nodes, edges }
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
  const { id, source, target, protocol, mtls } = value
  const isNamed = [id, source, target, protocol].every((text) => typeof text === 'string')
  return isNamed && (mtls === undefined || typeof mtls === 'number')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A share that rounding may have left just below 1. */
function isAll(share: number): boolean {
  return share >= 1 - 1e-6
}

function byId(edges: readonly BaselineEdge[]): ReadonlyMap<string, BaselineEdge> {
  return new Map(edges.map((edge) => [edge.id, edge]))
}

function namesOf({ nodes }: Baseline): ReadonlyMap<string, string> {
  return new Map(nodes.map((node) => [node.id, nameOf({ ...node, traffic: {} })]))
}

function sorted<T extends Call>(calls: readonly T[]): readonly T[] {
  return calls.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
