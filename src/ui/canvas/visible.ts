import type { Drawing } from './drawing.ts'

/**
 * A drawing without its hidden nodes and edges, and without the edges of hidden nodes; the same object where nothing is hidden. Places
 * belong to the whole drawing, so hiding moves nothing.
 */
export function visiblePart(drawing: Drawing, hidden: ReadonlySet<string> | undefined): Drawing {
  if (hidden === undefined || hidden.size === 0) return drawing
  const nodes = drawing.nodes.filter(({ id }) => !hidden.has(id))
  const kept = new Set(nodes.map(({ id }) => id))
  return {
    ...drawing,
    nodes,
    edges: drawing.edges.filter(({ id, source, target }) => !hidden.has(id) && kept.has(source) && kept.has(target)),
  }
}
