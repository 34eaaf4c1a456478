import { healthOrder } from '../../canvas/drawing.ts'
import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { selectionOf } from './details.ts'
import { stateOf, weightOf } from './view.ts'

/** How many callers and how many callees are drawn: enough to act on, few enough to read. */
const mostArms = 6

export interface Octopus {
  readonly graph: MeshGraph
  /** Direct callers and callees that are not drawn, or would not be if not all were asked for. */
  readonly more: number
}

/**
 * One node with whom it talks to, and nothing else: the six worst callers and the six worst callees (by health, then errors, then rate), or all.
 * An id of a box means the worst node inside it; an id of nothing gives an empty graph.
 */
export function octopusOf(graph: MeshGraph, id: string | undefined, isAll: boolean): Octopus {
  const middle = middleFor(graph, id)
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  if (middle === undefined) return { graph: { ...graph, nodes: [], edges: [] }, more: 0 }
  const own = graph.edges.filter(({ source, target }) => (source === middle) !== (target === middle))
  const inbound = worstFirst(
    own.filter(({ target }) => target === middle),
    ({ source }) => nodes.get(source),
  )
  const outbound = worstFirst(
    own.filter(({ source }) => source === middle),
    ({ target }) => nodes.get(target),
  )
  const callers = distinct(inbound.map(({ source }) => source))
  const callees = distinct(outbound.map(({ target }) => target))
  const kept = (ids: readonly string[]) => (isAll ? ids : ids.slice(0, mostArms))
  const drawn = distinct([middle, ...kept(callers), ...kept(callees)])
  const most = distinct([middle, ...callers.slice(0, mostArms), ...callees.slice(0, mostArms)])
  const isDrawn = new Set(drawn)
  return {
    graph: {
      ...graph,
      nodes: drawn.flatMap((each) => nodes.get(each) ?? []),
      edges: graph.edges.filter(
        ({ source, target }) => (source === middle || target === middle) && isDrawn.has(source) && isDrawn.has(target),
      ),
    },
    more: distinct([middle, ...callers, ...callees]).length - most.length,
  }
}

/** The node that a focus, a selection or neither puts into the middle: the worst, and of the equally bad the busiest. */
export function middleFor(graph: MeshGraph, id: string | undefined): string | undefined {
  const selection = selectionOf(graph, id)
  if (selection?.kind === 'missing') return undefined
  if (selection?.kind === 'node') return selection.node.id
  if (selection?.kind === 'edge') return selection.target.id
  const busy = new Map<string, number>()
  for (const edge of graph.edges) {
    for (const end of [edge.source, edge.target]) busy.set(end, (busy.get(end) ?? 0) + weightOf(edge))
  }
  const badness = (node: GraphNode) => healthOrder.indexOf(stateOf(node))
  return [...(selection?.nodes ?? graph.nodes)]
    .filter(({ kind }) => kind !== 'unknown')
    .sort((a, b) => badness(a) - badness(b) || (busy.get(b.id) ?? 0) - (busy.get(a.id) ?? 0))[0]?.id
}

function worstFirst(
  edges: readonly GraphEdge[],
  otherEnd: (edge: GraphEdge) => GraphNode | undefined,
): readonly GraphEdge[] {
  const badness = (edge: GraphEdge) => {
    const end = otherEnd(edge)
    return Math.min(
      healthOrder.indexOf(stateOf(edge)),
      end === undefined ? Infinity : healthOrder.indexOf(stateOf(end)),
    )
  }
  return [...edges].sort(
    (a, b) =>
      badness(a) - badness(b) ||
      (b.errorRatio ?? 0) * b.rate - (a.errorRatio ?? 0) * a.rate ||
      weightOf(b) - weightOf(a) ||
      (a.id < b.id ? -1 : 1),
  )
}

const distinct = (ids: readonly string[]) => [...new Set(ids)]
