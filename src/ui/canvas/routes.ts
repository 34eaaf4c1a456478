import { sizes, type Places, type Point } from './geometry.ts'
import { inOrder } from './spread.ts'

/**
 * How an edge runs: from `start` to `end` along quadratic curves whose control points are `bends`; between two bends the curve
 * passes their middle (so does cytoscape's `unbundled-bezier`). An edge from a node to itself is a loop.
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
}

/** Where edges leave and arrive: just outside the outline. */
const startGap = sizes.node / 2 + 1
const endGap = sizes.node / 2 + 3
/** Between parallel edges, and between edges that share a gap between two nodes. */
const apart = 9

/**
 * The route of every edge whose ends are placed. Edges leave at the right and arrive at the left; those that pass a column go through
 * the nearest gap between its nodes; parallel edges run side by side. The same places give the same routes.
 */
export function routesOf(edges: readonly RoutedEdge[], places: Places): ReadonlyMap<string, Route> {
  const columns = columnsOf(places)
  const routes = new Map<string, Route>()
  const parallel = new Map<string, number>()
  for (const { id, source, target } of inOrder(edges, (edge) => edge.id)) {
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
    else if (end.x - start.x >= 20) routes.set(id, { start, end, bends: forwards(start, end, columns), isLoop: false })
    else routes.set(id, { start, end, bends: backwards(start, end), isLoop: false })
  }
  return routes
}

interface Column {
  readonly x: number
  /** What its nodes take from top to bottom, in order. */
  readonly taken: readonly { readonly top: number; readonly bottom: number }[]
  /** How many edges run through each gap already, by the index of the node below it. */
  readonly used: Map<number, number>
}

function columnsOf(places: Places): readonly Column[] {
  const byX = new Map<number, Point[]>()
  for (const place of places.values()) {
    const x = Math.round(place.x / sizes.column) * sizes.column
    const known = byX.get(x)
    if (known === undefined) byX.set(x, [place])
    else known.push(place)
  }
  return [...byX]
    .sort(([a], [b]) => a - b)
    .map(([x, list]) => ({
      x,
      taken: list.map(({ y }) => ({ top: y - 22, bottom: y + 36 })).sort((a, b) => a.top - b.top),
      used: new Map<number, number>(),
    }))
}

function forwards(start: Point, end: Point, columns: readonly Column[]): readonly Point[] {
  const stops: Point[] = [start]
  let y = start.y
  let x = start.x
  for (const column of columns) {
    if (column.x < start.x + sizes.column / 2 || column.x > end.x - sizes.column / 2) continue
    const straight = y + ((end.y - y) * (column.x - x)) / (end.x - x)
    y = through(column, straight)
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

/** The y nearest to `wish` at which an edge passes the column without touching a node. */
function through(column: Column, wish: number): number {
  const { taken, used } = column
  const gaps = [...taken, undefined].flatMap((below, index) => {
    const top = taken[index - 1]?.bottom ?? Number.NEGATIVE_INFINITY
    const bottom = below?.top ?? Number.POSITIVE_INFINITY
    if (bottom - top < 8) return []
    const margin = Math.min((bottom - top) / 2, 8)
    const y = Math.min(Math.max(wish, top + margin), bottom - margin)
    return [{ index, y, low: top + margin, high: bottom - margin, cost: Math.abs(y - wish) }]
  })
  const best = gaps.sort((a, b) => a.cost - b.cost)[0]
  if (best === undefined) return wish
  const before = used.get(best.index) ?? 0
  used.set(best.index, before + 1)
  const lane = (before % 2 === 1 ? 1 : -1) * Math.ceil(before / 2) * 6
  return Math.min(Math.max(best.y + lane, best.low), best.high)
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

/**
 * The bends in cytoscape's terms: each as a weight along the line from start to end and a distance (pixels) to its side.
 * https://js.cytoscape.org/#style/unbundled-bezier-edges
 */
export function bendsRelative({ start, end, bends }: Route): {
  readonly weights: readonly number[]
  readonly distances: readonly number[]
} {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const squared = Math.max(dx * dx + dy * dy, 1e-9)
  const length = Math.sqrt(squared)
  return {
    weights: bends.map(({ x, y }) => ((x - start.x) * dx + (y - start.y) * dy) / squared),
    distances: bends.map(({ x, y }) => ((y - start.y) * dx - (x - start.x) * dy) / length),
  }
}
