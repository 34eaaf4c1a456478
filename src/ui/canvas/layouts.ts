import { framesOf, slotOf, type Topology } from './frames.ts'
import { around, sizes, type Point } from './geometry.ts'
import { groupedOf } from './grouped.ts'
import { layoutOf } from './layout.ts'
import { concentricOf, octopusOf } from './rings.ts'

/**
 * Layered: callers left. Grouped: namespaces as blocks, by forces. Concentric: rings around the busiest. Octopus: one and whom it talks to.
 * Auto: layered or grouped, by how large the graph can be drawn.
 */
export type LayoutChoice = 'auto' | 'layered' | 'grouped' | 'concentric' | 'octopus'

/** Width to height of the screen that layouts are made for. */
const screen = { width: 1000, height: 740 } as const
/** Drawn smaller than this, names no longer fit beside each other. */
const legible = 0.6

/** How much further apart columns and rows may stand than they must. */
const widest = 1.5

/**
 * The places of a layout, drawn apart to the screen's shape, so that lines and their numbers get the room. Where the viewer leaves it open, callers stand left as long as the graph can so be drawn legibly; else it is
 * grouped, if that is at least a fifth larger on the screen.
 */
export function chosenLayout(topology: Topology, choice: LayoutChoice): ReadonlyMap<string, Point> {
  if (choice === 'concentric') return concentricOf(topology)
  if (choice === 'octopus') return octopusOf(topology)
  return roomy(topology, compactLayout(topology, choice))
}

function compactLayout(
  topology: Topology,
  choice: Exclude<LayoutChoice, 'concentric' | 'octopus'>,
): ReadonlyMap<string, Point> {
  if (choice === 'grouped') return groupedOf(topology)
  const layered = layoutOf(topology)
  if (choice === 'layered' || scaleOf(topology, layered) >= legible) return layered
  const grouped = groupedOf(topology)
  return scaleOf(topology, grouped) > scaleOf(topology, layered) * 1.2 ? grouped : layered
}

/**
 * Columns drawn apart where the graph is higher than the screen for its width, rows where it is wider. Versions of an app stay as near
 * to each other as they are. All keep their order, so nothing comes to overlap.
 */
function roomy(topology: Topology, places: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
  const { width, height } = extentOf(topology, places)
  const shape = screen.width / screen.height
  const between = (wanted: number) => Math.min(Math.max(wanted, 1), widest)
  const wider = between((height * shape - sizes.column) / Math.max(width - sizes.column, 1))
  const rows = height - sizes.slotAbove - sizes.slotBelow
  const higher = between((width / shape - sizes.slotAbove - sizes.slotBelow) / Math.max(rows, 1))
  const pitch = Math.round(sizes.column * wider)
  const tops = topsOf(topology, places)
  return new Map(
    [...places].map(([id, { x, y }]) => {
      const top = tops.get(id) ?? y
      return [id, { x: Math.round((x / sizes.column) * pitch), y: Math.round(top * higher + (y - top)) }]
    }),
  )
}

/** node → how high the topmost version in its app box stands; nothing for nodes in no app box. */
function topsOf({ boxes, nodes }: Topology, places: ReadonlyMap<string, Point>): ReadonlyMap<string, number> {
  const apps = new Set(boxes.flatMap(({ id, kind }) => (kind === 'app' ? [id] : [])))
  const tops = new Map<string, number>()
  const versions = nodes.flatMap(({ id, box }) => (box !== undefined && apps.has(box) ? [{ id, box }] : []))
  for (const { id, box } of versions) tops.set(box, Math.min(tops.get(box) ?? Infinity, places.get(id)?.y ?? Infinity))
  return new Map(versions.map(({ id, box }) => [id, tops.get(box) ?? 0]))
}

/** How large it can be drawn on the screen; 1 is its own size. */
export function scaleOf(topology: Topology, places: ReadonlyMap<string, Point>): number {
  const { width, height } = extentOf(topology, places)
  return Math.min(screen.width / width, screen.height / height)
}

function extentOf(topology: Topology, places: ReadonlyMap<string, Point>) {
  const slots = [...places.values()].map((place) => slotOf(place, false))
  const all = around([...framesOf(topology, places).values(), ...slots])
  return all === undefined ? { width: 1, height: 1 } : { width: all.right - all.left, height: all.bottom - all.top }
}
