import type { Found } from './find.ts'
import type { MeshGraph } from './graph.ts'

const isTroubled = ['failing', 'degraded', 'notReady']

/**
 * What is not drawn when `found` is hidden: that itself, the edges of hidden nodes, and nodes that found edges were the last of. Idle nodes
 * and nodes in trouble stay unless they were found themselves.
 */
export function hiddenWith(found: Found, { nodes, edges }: MeshGraph): Found {
  const hiddenEdges = new Set(
    edges
      .filter(({ id, source, target }) => found.edges.has(id) || found.nodes.has(source) || found.nodes.has(target))
      .map(({ id }) => id),
  )
  const left = new Set(edges.filter(({ id }) => !hiddenEdges.has(id)).flatMap(({ source, target }) => [source, target]))
  const bared = new Set(edges.filter(({ id }) => found.edges.has(id)).flatMap(({ source, target }) => [source, target]))
  const hiddenNodes = nodes
    .filter(
      ({ id, isIdle, health }) =>
        found.nodes.has(id) ||
        (bared.has(id) && !left.has(id) && isIdle !== true && !isTroubled.includes(health?.state ?? '')),
    )
    .map(({ id }) => id)
  return { nodes: new Set(hiddenNodes), edges: hiddenEdges }
}
