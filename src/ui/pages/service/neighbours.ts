import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { healthOrder } from '../../canvas/drawing.ts'

/** A call from or to a service, with the node at its other end. */
export interface Neighbour {
  readonly edge: GraphEdge
  readonly peer: GraphNode
  /** Which of the service's workloads calls, where several answer for it. */
  readonly by?: string
}

export interface Neighbours {
  readonly callers: readonly Neighbour[]
  /** Of the workloads that answer for the service: to services, and to what is none. */
  readonly callees: readonly Neighbour[]
}

/** Who calls a service and whom its workloads call, each worst first, then busiest; from a workload graph with service nodes. */
export function neighboursOf({ nodes, edges }: MeshGraph, namespace: string, name: string): Neighbours {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const own = new Set(
    nodes
      .filter((node) => node.kind === 'service' && node.namespace === namespace && node.service === name)
      .map(({ id }) => id),
  )
  const answering = new Set(edges.filter(({ source }) => own.has(source)).map(({ target }) => target))
  const list = (wanted: (edge: GraphEdge) => boolean, end: 'source' | 'target'): readonly Neighbour[] =>
    edges
      .filter(wanted)
      .flatMap((edge) => {
        const peer = known.get(edge[end])
        return peer === undefined ? [] : [{ edge, peer }]
      })
      .sort(worstFirst)
  return {
    callers: list(({ target }) => own.has(target), 'source'),
    callees: list(({ source }) => answering.has(source), 'target').map((each) => {
      const by = answering.size > 1 ? known.get(each.edge.source)?.workload : undefined
      return by === undefined ? each : { ...each, by }
    }),
  }
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
