import { find, type Found } from '../../../mesh/find.ts'
import { hiddenWith } from '../../../mesh/findHidden.ts'
import { needsOf, type Need } from '../../../mesh/findNeeds.ts'
import { parseFind } from '../../../mesh/findParse.ts'
import type { Fold } from '../../../mesh/fold.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import { standsFor } from './folding.ts'

/** What Find and Hide say of a graph. */
export interface Seeking {
  /** What is not drawn. */
  readonly hidden: Found
  /** What was found and is drawn: Hide goes before Find. */
  readonly found: Found
  /** The ids of what was found, nodes first, in the graph's order: the way from match to match. */
  readonly matches: readonly string[]
  /** What the two expressions ask about and the graph may have been asked without. */
  readonly needs: readonly Need[]
}

/** What the two texts find and hide in a graph; nothing for absent and for broken ones. */
export function seek(graph: MeshGraph, findText: string | undefined, hideText: string | undefined): Seeking {
  const [toFind, toHide] = [findText, hideText].map((text) => parseFind(text ?? '').expression)
  const hidden = hiddenWith(toHide === undefined ? nothing : find(toHide, graph), graph)
  const all = toFind === undefined ? nothing : find(toFind, graph)
  const nodes = [...all.nodes].filter((id) => !hidden.nodes.has(id))
  const edges = [...all.edges].filter((id) => !hidden.edges.has(id))
  const needs = [toFind, toHide].flatMap((expression) => (expression === undefined ? [] : needsOf(expression)))
  return {
    hidden,
    found: { nodes: new Set(nodes), edges: new Set(edges) },
    matches: [...nodes, ...edges],
    needs: [...new Set(needs)].sort(),
  }
}

const nothing: Found = { nodes: new Set(), edges: new Set() }

/** The match after the selected one, or before it; the first, or the last, where no match is selected. `undefined` without matches. */
export function nextMatch(matches: readonly string[], selected: string | undefined, step: 1 | -1): string | undefined {
  const at = selected === undefined ? -1 : matches.indexOf(selected)
  const next = at === -1 ? (step === 1 ? 0 : matches.length - 1) : (at + step + matches.length) % matches.length
  return matches[next]
}

/** The graph that was searched, and what is drawn of it with groups folded. */
interface Pictured {
  readonly graph: MeshGraph
  readonly drawn: MeshGraph
  readonly fold: Fold
}

/**
 * The ids, as drawn, of what Find and Hide mean: a folded group is found with any of its nodes and hidden with all of them, and so are the
 * edges that stand for several.
 */
export function onDrawing(
  { hidden, found }: Pick<Seeking, 'hidden' | 'found'>,
  { graph, drawn, fold }: Pictured,
): { readonly hidden: ReadonlySet<string>; readonly found: ReadonlySet<string> } {
  const groupOf = new Map(fold.groups.flatMap(({ id, members }) => members.map((member) => [member, id] as const)))
  const stand = (id: string) => groupOf.get(id) ?? id
  const link = ({ source, target }: { readonly source: string; readonly target: string }) =>
    JSON.stringify([stand(source), stand(target)])
  const own = new Set(graph.edges.map(({ id }) => id))
  const pick = <T extends { readonly id: string }>(list: readonly T[], is: (id: string) => boolean) =>
    list.filter(({ id }) => is(id))

  const shownNodes = new Set(pick(graph.nodes, (id) => !hidden.nodes.has(id)).map(({ id }) => stand(id)))
  const shownLinks = new Set(pick(graph.edges, (id) => !hidden.edges.has(id)).map(link))
  const foundNodes = new Set([...found.nodes].map(stand))
  const foundLinks = new Set(pick(graph.edges, (id) => found.edges.has(id)).map(link))
  const isHidden = (edge: MeshGraph['edges'][number]) =>
    own.has(edge.id) ? hidden.edges.has(edge.id) : !shownLinks.has(link(edge))
  const isFound = (edge: MeshGraph['edges'][number]) =>
    own.has(edge.id) ? found.edges.has(edge.id) : foundLinks.has(link(edge))
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)
  return {
    hidden: new Set([...ids(pick(drawn.nodes, (id) => !shownNodes.has(id))), ...ids(drawn.edges.filter(isHidden))]),
    found: new Set([...ids(pick(drawn.nodes, (id) => foundNodes.has(id))), ...ids(drawn.edges.filter(isFound))]),
  }
}

/** The drawn nodes to bring into view for a match: itself, its group, or the two ends of an edge. */
export function viewOfMatch(id: string, { edges }: Pick<MeshGraph, 'edges'>, fold: Fold): readonly string[] {
  const edge = edges.find((each) => each.id === id)
  const ends = edge === undefined ? [id] : [edge.source, edge.target]
  return ends.flatMap((end) => standsFor(end, fold) ?? [])
}

/** A graph without what is hidden; the same one where nothing is. */
export function withoutHidden(graph: MeshGraph, { nodes, edges }: Found): MeshGraph {
  if (nodes.size === 0 && edges.size === 0) return graph
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => !nodes.has(id)),
    edges: graph.edges.filter(({ id }) => !edges.has(id)),
  }
}
