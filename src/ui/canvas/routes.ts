import { sizes, type Places, type Point, type Rect } from './geometry.ts'
import { inOrder } from './spread.ts'

/**
 * How an edge runs: from `start` to `end` along quadratic curves whose control points are `bends`; between two bends the curve
 * passes their middle. An edge from a node to itself is a loop.
 */
export interface Route {
  readonly start: Point
  readonly end: Point
  readonly bends: readonly Point[]
  readonly isLoop: boolean
}

export interface RoutedEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly isOfGroup?: true
}

/** Where edges leave and arrive: just outside the outline. */
const startGap = sizes.node / 2 + 1
const endGap = sizes.node / 2 + 3
/** Between parallel edges, and between edges that share a gap between two nodes. */
const apart = 9

/**
 * The route of every edge whose ends are placed. Edges leave at the right and arrive at the left; those that pass a column go through
 * the nearest gap between its nodes; parallel edges run side by side. What is drawn as a plate has an area instead of a node's outline:
 * such edges, those of folded groups, and all where `isBowed` is set, run in one bow from border to border. Where there are many edges, those of one caller share
 * their way as long as they can, and those to one callee the rest of it. The same places give the same routes.
 */
export function routesOf(
  edges: readonly RoutedEdge[],
  places: Places,
  areas: ReadonlyMap<string, Rect> = new Map(),
  isBowed = false,
): ReadonlyMap<string, Route> {
  const columns = columnsOf(places)
  const isBundled = edges.length > mostApart
  const routes = new Map<string, Route>()
  const parallel = new Map<string, number>()
  for (const { id, source, target, isOfGroup } of inOrder(edges, (edge) => edge.id)) {
    const from = places.get(source)
    const to = places.get(target)
    if (from === undefined || to === undefined) continue
    const pair = `${source} ${target}`
    const before = parallel.get(pair) ?? 0
    parallel.set(pair, before + 1)
    const lane = before === 0 ? 0 : (before % 2 === 1 ? 1 : -1) * Math.ceil(before / 2) * apart
    const start = { x: from.x + startGap, y: from.y + lane }
    const end = { x: to.x - endGap, y: to.y + lane }
    if (source === target) routes.set(id, { start: from, end: to, bends: [], isLoop: true })
    else if (isBowed || isOfGroup === true || areas.has(source) || areas.has(target))
      routes.set(id, bow(areas.get(source) ?? outlineOf(from), areas.get(target) ?? outlineOf(to), before))
    else if (end.x - start.x >= 20) {
      const ways = isBundled ? { source, target } : undefined
      routes.set(id, { start, end, bends: forwards(start, end, columns, ways), isLoop: false })
    } else routes.set(id, { start, end, bends: backwards(start, end), isLoop: false })
  }
  return routes
}

/** With more edges than this, one line for each of them would be a thicket. */
const mostApart = 150

interface Column {
  readonly x: number
  /** Where edges may pass between its nodes, from top to bottom. */
  readonly gaps: readonly Gap[]
}

interface Gap {
  readonly low: number
  readonly high: number
  /** How many edges, or bundles of edges, run through it already. */
  used: number
  /** Where the bundles run. */
  readonly bundles: Map<string, number>
}

function columnsOf(places: Places): readonly Column[] {
  const byX = new Map<number, Point[]>()
  for (const place of places.values()) {
    const x = Math.round(place.x / sizes.column) * sizes.column
    const known = byX.get(x)
    if (known === undefined) byX.set(x, [place])
    else known.push(place)
  }
  return [...byX.values()].map((list) => ({ x: commonest(list), gaps: gapsBetween(list) })).sort((a, b) => a.x - b.x)
}

/** Where most of a column stand; a node that was dragged a little does not move its column. */
function commonest(list: readonly Point[]): number {
  const counts = new Map<number, number>()
  for (const { x } of list) counts.set(x, (counts.get(x) ?? 0) + 1)
  return [...counts].sort(([a, p], [b, q]) => q - p || a - b)[0]?.[0] ?? 0
}

function gapsBetween(places: readonly Point[]): readonly Gap[] {
  const taken = places.map(({ y }) => ({ top: y - 22, bottom: y + 36 })).sort((a, b) => a.top - b.top)
  return [...taken, undefined].flatMap((below, index) => {
    const top = taken[index - 1]?.bottom ?? Number.NEGATIVE_INFINITY
    const bottom = below?.top ?? Number.POSITIVE_INFINITY
    if (bottom - top < 8) return []
    const margin = Math.min((bottom - top) / 2, 8)
    return [{ low: top + margin, high: bottom - margin, used: 0, bundles: new Map<string, number>() }]
  })
}

interface Ends {
  readonly source: string
  readonly target: string
}

function forwards(start: Point, end: Point, columns: readonly Column[], bundled: Ends | undefined): readonly Point[] {
  const stops: Point[] = [start]
  let y = start.y
  let x = start.x
  for (const column of columns) {
    if (column.x < start.x + sizes.column / 2 || column.x > end.x - sizes.column / 2) continue
    const straight = y + ((end.y - y) * (column.x - x)) / (end.x - x)
    const isNearStart = column.x - start.x < end.x - column.x
    y = through(column, straight, bundled && (isNearStart ? `from ${bundled.source}` : `to ${bundled.target}`))
    x = column.x
    stops.push({ x, y })
  }
  stops.push(end)
  return stops.slice(1).flatMap((stop, index) => {
    const last = stops[index] ?? start
    const pull = (stop.x - last.x) * (index === 0 || index === stops.length - 2 ? 0.5 : 0.36)
    return [
      { x: last.x + pull, y: last.y },
      { x: stop.x - pull, y: stop.y },
    ]
  })
}

/** The y nearest to `wish` at which an edge passes the column without touching a node; with its bundle, where that passes nearby. */
function through({ gaps }: Column, wish: number, bundle: string | undefined): number {
  const [above, below] = [gaps[lastFrom(gaps, wish)], gaps[lastFrom(gaps, wish) + 1]]
  const costOf = (gap: Gap | undefined) => (gap === undefined ? Infinity : Math.abs(within(gap, wish) - wish))
  const best = costOf(below) < costOf(above) ? below : above
  if (best === undefined) return wish
  const shared = bundle === undefined ? undefined : best.bundles.get(bundle)
  if (shared !== undefined && Math.abs(shared - wish) < bundleReach) return shared
  const before = best.used++
  const lane = (before % 2 === 1 ? 1 : -1) * Math.ceil(before / 2) * 6
  const y = within(best, within(best, wish) + lane)
  if (bundle !== undefined && shared === undefined) best.bundles.set(bundle, y)
  return y
}

/** How far out of its way an edge goes to stay with its bundle. */
const bundleReach = 60

const within = ({ low, high }: Gap, y: number) => Math.min(Math.max(y, low), high)

/** The index of the last gap that begins at or above `y`; -1 for none. */
function lastFrom(gaps: readonly Gap[], y: number): number {
  let [low, high] = [0, gaps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((gaps[middle]?.low ?? Infinity) <= y) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** A call back to a column further left (or the same): out to the right, round, and in from the left. */
function backwards(start: Point, end: Point): readonly Point[] {
  const reach = 64
  const isLevel = Math.abs(end.y - start.y) < 70
  const y = isLevel ? Math.max(start.y, end.y) + 62 : (start.y + end.y) / 2
  return [
    { x: start.x + reach, y: start.y },
    { x: start.x + reach, y },
    { x: end.x - reach, y },
    { x: end.x - reach, y: end.y },
  ]
}

const outlineOf = ({ x, y }: Point): Rect => {
  const half = sizes.node / 2
  return { left: x - half, right: x + half, top: y - half, bottom: y + half }
}

const centreOf = ({ left, right, top, bottom }: Rect): Point => ({ x: (left + right) / 2, y: (top + bottom) / 2 })

/** From the border of one area to that of another, bent to the left of its way: calls to and fro do not cover each other. */
function bow(from: Rect, to: Rect, lane: number): Route {
  const [a, b] = [centreOf(from), centreOf(to)]
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = Math.max(Math.hypot(dx, dy), 1)
  const aside = Math.min(0.13 * length, 90) + lane * apart * 2
  const bend = { x: (a.x + b.x) / 2 + (dy / length) * aside, y: (a.y + b.y) / 2 - (dx / length) * aside }
  return { start: borderPoint(from, bend, 1), end: borderPoint(to, bend, 3), bends: [bend], isLoop: false }
}

/** Where the line from an area's middle to a point leaves the area, and a little further; the point itself where it lies inside. */
function borderPoint(area: Rect, towards: Point, gap: number): Point {
  const { x, y } = centreOf(area)
  const [dx, dy] = [towards.x - x, towards.y - y]
  const [halfWidth, halfHeight] = [(area.right - area.left) / 2 + gap, (area.bottom - area.top) / 2 + gap]
  const share = Math.min(halfWidth / Math.max(Math.abs(dx), 1e-6), halfHeight / Math.max(Math.abs(dy), 1e-6), 1)
  return { x: x + dx * share, y: y + dy * share }
}

/** The point at the share `t` (0 to 1) of the way along a route; of a loop, above its node. */
export function pointOn({ start, end, bends, isLoop }: Route, t: number): Point {
  if (isLoop) return { x: start.x, y: start.y - sizes.node }
  const pieces = Math.max(bends.length, 1)
  const index = Math.min(Math.floor(t * pieces), pieces - 1)
  const along = t * pieces - index
  const bend = bends[index] ?? middle(start, end)
  const from = index === 0 ? start : middle(bends[index - 1] ?? start, bend)
  const to = index === pieces - 1 ? end : middle(bend, bends[index + 1] ?? end)
  const rest = 1 - along
  return {
    x: rest * rest * from.x + 2 * rest * along * bend.x + along * along * to.x,
    y: rest * rest * from.y + 2 * rest * along * bend.y + along * along * to.y,
  }
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}
