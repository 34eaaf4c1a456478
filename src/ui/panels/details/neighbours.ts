import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { healthOrder } from '../../canvas/drawing.ts'
import type { EndName } from '../links.ts'

/** A call from or to a service, with the node at its other end. */
export interface Neighbour {
  readonly edge: GraphEdge
  readonly peer: GraphNode
  /** Which of the service's or app's workloads calls or is called, where there are several. */
  readonly by?: string
}

export interface Neighbours {
  readonly callers: readonly Neighbour[]
  /** Of the workloads that answer for the service: to services, and to what is none. */
  readonly callees: readonly Neighbour[]
}

/**
 * Who calls something and whom it calls, each worst first, then busiest. Of a service, from a workload graph with service nodes, the
 * callees are those of the workloads that answer for it; of a workload, an app or a namespace, from one without, those of its own
 * workloads; of a namespace only those that come from outside it or leave it.
 */
export function neighboursOf({ nodes, edges }: MeshGraph, { kind, namespace, name }: EndName): Neighbours {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const own = new Set(
    nodes.filter((node) => node.namespace === namespace && isCalled(node, kind, name)).map(({ id }) => id),
  )
  const answering =
    kind === 'service' ? new Set(edges.filter(({ source }) => own.has(source)).map(({ target }) => target)) : own
  const withOwn = (all: ReadonlySet<string>, end: 'source' | 'target') => (each: Neighbour) => {
    const by = all.size > 1 ? known.get(each.edge[end])?.workload : undefined
    return by === undefined ? each : { ...each, by }
  }
  // What a namespace's workloads call of each other is nothing that comes or goes.
  const crosses = ({ source, target }: GraphEdge) =>
    kind !== 'namespace' || known.get(source)?.namespace !== namespace || known.get(target)?.namespace !== namespace
  const list = (wanted: (edge: GraphEdge) => boolean, end: 'source' | 'target'): readonly Neighbour[] =>
    edges
      .filter((edge) => wanted(edge) && crosses(edge))
      .flatMap((edge) => {
        const peer = known.get(edge[end])
        return peer === undefined ? [] : [{ edge, peer }]
      })
      .sort(worstFirst)
  return {
    callers: list(({ target }) => own.has(target), 'source').map(withOwn(own, 'target')),
    callees: list(({ source }) => answering.has(source), 'target').map(withOwn(answering, 'source')),
  }
}

/** Whether the node is what is called by that name. */
export function isCalled(node: GraphNode, kind: EndName['kind'], name: string): boolean {
  if (kind === 'service') return node.kind === 'service' && node.service === name
  if (kind === 'namespace') return node.kind === 'workload' && node.namespace === name
  return node.kind === 'workload' && (kind === 'app' ? (node.app ?? node.workload) : node.workload) === name
}

function worstFirst({ edge: a }: Neighbour, { edge: b }: Neighbour): number {
  return severity(a) - severity(b) || b.rate - a.rate || (a.id < b.id ? -1 : 1)
}

function severity({ health }: GraphEdge): number {
  return healthOrder.indexOf(health?.state ?? 'unknown')
}

/** The other end's name, its namespace behind it where it has one; undefined where nobody knows. */
export function peerName({ kind, namespace, workload, app, service }: GraphNode): string | undefined {
  const name = kind === 'service' ? service : (workload ?? app)
  if (name === undefined) return undefined
  return namespace === '' || namespace === 'unknown' ? name : `${name}.${namespace}`
}
