import type { MeshGraph } from '../../../mesh/graph.ts'
import type { IdleKind } from './words.ts'

/**
 * A graph that was asked for what is idle, with only the idle nodes or only the idle edges in it; the same graph where both are wanted.
 * Without idle nodes, an idle edge still needs both its ends.
 */
export function withIdleKinds(graph: MeshGraph, kinds: readonly IdleKind[]): MeshGraph {
  const edges = kinds.includes('edges') ? graph.edges : graph.edges.filter(({ isIdle }) => isIdle !== true)
  const ends = new Set(edges.flatMap(({ source, target }) => [source, target]))
  const nodes = kinds.includes('nodes')
    ? graph.nodes
    : graph.nodes.filter(({ id, isIdle }) => isIdle !== true || ends.has(id))
  const isWhole = edges.length === graph.edges.length && nodes.length === graph.nodes.length
  return isWhole ? graph : { ...graph, nodes, edges }
}
