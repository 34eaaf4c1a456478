import { framesOf, slotOf, type Topology } from './frames.ts'
import { around, type Point } from './geometry.ts'
import { groupedOf } from './grouped.ts'
import { layoutOf } from './layout.ts'

/** Layered: callers left. Grouped: namespaces as blocks, by forces. Auto: by how large the graph can be drawn. */
export type LayoutChoice = 'auto' | 'layered' | 'grouped'

/** Width to height of the screen that layouts are made for. */
const screen = { width: 1000, height: 740 } as const
/** Drawn smaller than this, names no longer fit beside each other. */
const legible = 0.6

/**
 * The places of a layout. Where the viewer leaves it open, callers stand left as long as the graph can so be drawn legibly; else it is
 * grouped, if that is at least a fifth larger on the screen.
 */
export function chosenLayout(topology: Topology, choice: LayoutChoice): ReadonlyMap<string, Point> {
  if (choice === 'grouped') return groupedOf(topology)
  const layered = layoutOf(topology)
  if (choice === 'layered' || scaleOf(topology, layered) >= legible) return layered
  const grouped = groupedOf(topology)
  return scaleOf(topology, grouped) > scaleOf(topology, layered) * 1.2 ? grouped : layered
}

/** How large it can be drawn on the screen; 1 is its own size. */
export function scaleOf(topology: Topology, places: ReadonlyMap<string, Point>): number {
  const slots = [...places.values()].map((place) => slotOf(place, false))
  const all = around([...framesOf(topology, places).values(), ...slots])
  if (all === undefined) return 1
  return Math.min(screen.width / (all.right - all.left), screen.height / (all.bottom - all.top))
}
