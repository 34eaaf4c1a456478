import type { Topology } from './frames.ts'
import { sizes, type Point } from './geometry.ts'
import { inOrder } from './spread.ts'

/** From ring to ring, and between two on one ring, so that no two nodes with their names can touch, whichever way they stand. */
const apart = Math.ceil(Math.hypot(2 * sizes.slotHalf, sizes.slotAbove + sizes.slotBelow))
/** The screen is wider than high. */
const wider = 1.3

/**
 * Rings around what has the most neighbours: on the first those it calls or is called by, on the next theirs. What no call leads to stands
 * on the outermost. The same topology gives the same places; boxes are left out of account. No nodes give no places.
 */
export function concentricOf(topology: Topology): ReadonlyMap<string, Point> {
  const near = neighboursOf(topology)
  const middle = busiest(near)
  if (middle === undefined) return new Map()
  const places = new Map<string, Point>([[middle, { x: 0, y: 0 }]])
  const angles = new Map([[middle, 0]])
  let radius = 0
  let ring = [middle]
  const left = new Set(near.keys())
  left.delete(middle)
  while (left.size > 0) {
    const next = [...new Set(ring.flatMap((id) => [...(near.get(id) ?? [])]))].filter((id) => left.has(id))
    const members = next.length > 0 ? next : [...left]
    for (const id of members) left.delete(id)
    // Everybody beside those of the ring inside that they talk to.
    const wish = (id: string) => angleOf([...(near.get(id) ?? [])].flatMap((other) => angles.get(other) ?? []))
    const order = inOrder(members, (id) => id)
      .map((id) => ({ id, wish: wish(id) }))
      .sort((a, b) => a.wish - b.wish)
    radius = Math.max(radius + apart, (members.length * apart) / (2 * Math.PI))
    const step = (2 * Math.PI) / members.length
    order.forEach(({ id }, index) => {
      const angle = (index + 0.5) * step
      angles.set(id, angle)
      places.set(id, { x: Math.round(radius * wider * Math.cos(angle)), y: Math.round(radius * Math.sin(angle)) })
    })
    ring = members
  }
  return places
}

/** In how many rows an arm's nodes stand before a second column begins. */
const mostRows = 8

/**
 * One in the middle (who has the most neighbours, and of those the one named first), its callers as arms at the left, those it calls at the right, in the order in which the
 * topology names them. Whoever is neither stands below. No nodes give no places.
 */
export function octopusOf(topology: Topology): ReadonlyMap<string, Point> {
  const near = neighboursOf(topology)
  const middle = busiest(new Map(topology.nodes.map(({ id }) => [id, near.get(id) ?? new Set()])))
  if (middle === undefined) return new Map()
  const others = topology.nodes.flatMap(({ id }) => (id === middle ? [] : [id]))
  const calls = new Set(topology.edges.flatMap(({ source, target }) => (target === middle ? [source] : [])))
  const called = new Set(topology.edges.flatMap(({ source, target }) => (source === middle ? [target] : [])))
  const left = others.filter((id) => calls.has(id))
  const right = others.filter((id) => called.has(id) && !calls.has(id))
  const rest = others.filter((id) => !calls.has(id) && !called.has(id))
  const row = sizes.slotAbove + sizes.slotBelow + 18
  const lowest = (Math.min(Math.max(left.length, right.length, 2), mostRows) / 2 + 1) * row
  return new Map<string, Point>([
    [middle, { x: 0, y: 0 }],
    ...arm(left, -1, row),
    ...arm(right, 1, row),
    ...rest.map((id, index): [string, Point] => [
      id,
      { x: Math.round((index - (rest.length - 1) / 2) * sizes.column), y: Math.round(lowest) },
    ]),
  ])
}

function arm(ids: readonly string[], side: 1 | -1, row: number): readonly [string, Point][] {
  const columns = Math.ceil(ids.length / mostRows)
  const rows = Math.ceil(ids.length / Math.max(columns, 1))
  return ids.map((id, index) => {
    const column = Math.floor(index / rows)
    const count = Math.min(rows, ids.length - column * rows)
    const away = (index % rows) - (count - 1) / 2
    // Bent like arms: the outer ones come nearer.
    const reach = 350 + column * (sizes.column + 30) - Math.abs(away) * 18
    return [id, { x: Math.round(side * reach), y: Math.round(away * row) }]
  })
}

/** node → all it talks to, itself aside; in the order of their ids. */
function neighboursOf({ nodes, edges }: Topology): ReadonlyMap<string, ReadonlySet<string>> {
  const near = new Map(inOrder(nodes, ({ id }) => id).map(({ id }) => [id, new Set<string>()]))
  for (const { source, target } of inOrder(edges, (edge) => `${edge.source} ${edge.target}`)) {
    if (source === target || !near.has(source) || !near.has(target)) continue
    near.get(source)?.add(target)
    near.get(target)?.add(source)
  }
  return near
}

function busiest(near: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  let best: readonly [string, number] | undefined
  for (const [id, { size }] of near) if (best === undefined || size > best[1]) best = [id, size]
  return best?.[0]
}

/** The direction in which some angles lie together, 0 to a full turn. */
function angleOf(angles: readonly number[]): number {
  const [x, y] = [
    angles.reduce((sum, each) => sum + Math.cos(each), 0),
    angles.reduce((sum, each) => sum + Math.sin(each), 0),
  ]
  return (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI)
}
