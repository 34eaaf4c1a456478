import type { Drawing } from './drawing.ts'
import type { Rect } from './geometry.ts'
import type { Highlights } from './paint.ts'
import type { Route } from './routes.ts'
import { rectOf, type Scene } from './scene.ts'

/** Ids of what is marked, whatever is drawn of it. */
export interface Marked {
  readonly selected: string | undefined
  readonly hovered: string | undefined
  readonly focused: string | undefined
  /** Nodes and edges that were looked for and found. */
  readonly found?: ReadonlySet<string> | undefined
}

/** Where the marks go in a scene; what is not in it has none. */
export function highlightsOf(scene: Scene | undefined, { selected, hovered, focused, found }: Marked): Highlights {
  if (scene === undefined) return { found: [], near: [] }
  const markOf = (id: string): Rect | Route | undefined => scene.routes.get(id) ?? rectOf(scene, id)
  const marksOf = (ids: Iterable<string>) => [...ids].flatMap((id) => markOf(id) ?? [])
  const around = hovered === undefined ? undefined : neighbourhood(scene, hovered)
  const own = selected === undefined ? undefined : markOf(selected)
  const standing = focused === undefined ? undefined : rectOf(scene, focused)
  return {
    found: marksOf(found ?? []),
    near: around === undefined ? [] : marksOf([...around.edges, ...around.nodes]),
    ...(own === undefined ? {} : { selected: own }),
    ...(selected === undefined ? {} : litBy(scene, selected)),
    ...(standing === undefined ? {} : { focused: standing }),
  }
}

/** The edges that a selection is about: its own, or those of the nodes in a box; nothing where there are none. */
function litBy(scene: Scene, selected: string): Pick<Highlights, 'lit'> {
  const own = neighbourhood(scene, selected).edges
  if (own.length > 0) return { lit: new Set(own) }
  const boxes = new Set(scene.boxes.flatMap(({ id, parent }) => (id === selected || parent === selected ? [id] : [])))
  const members = new Set(scene.nodes.flatMap(({ id, box }) => (box !== undefined && boxes.has(box) ? [id] : [])))
  const edges = scene.edges.filter(({ source, target }) => members.has(source) || members.has(target))
  return edges.length === 0 ? {} : { lit: new Set(edges.map(({ id }) => id)) }
}

/** What lights up with a node, a plate or an edge: itself, its edges, and their other ends. */
export function neighbourhood(
  { edges, plates }: Pick<Drawing, 'edges'> & { readonly plates?: Scene['plates'] },
  id: string,
): { readonly nodes: readonly string[]; readonly edges: readonly string[] } {
  const inner = [...(plates ?? [])].find(([, { stands }]) => stands === id)?.[0] ?? id
  const own = edges.filter((edge) => edge.id === inner || edge.source === inner || edge.target === inner)
  const isEdge = own.some((edge) => edge.id === inner)
  return {
    nodes: [...new Set([...(isEdge ? [] : [inner]), ...own.flatMap(({ source, target }) => [source, target])])],
    edges: own.map((edge) => edge.id),
  }
}
