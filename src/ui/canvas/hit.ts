import type { Point, Rect } from './geometry.ts'
import { pointOn, type Route } from './routes.ts'
import type { Scene } from './scene.ts'

/** What is at a point of the model. */
export interface Hit {
  readonly kind: 'node' | 'plate' | 'edge' | 'app' | 'namespace'
  readonly id: string
}

/** The outline, and above it at the left the badges. */
const nodeReach: Rect = { left: 20, right: 20, top: 21, bottom: 21 }
/** Pixels of the screen beside a line that still mean it. */
const edgeReach = 5

/**
 * What is drawn at a point, the topmost first: a node, then a line, then an app box, a plate, a namespace box. `isPill` says whether a
 * pill lies there: it belongs to its edge (`pill`) wherever no node is.
 */
export function hitAt(scene: Scene, at: Point, zoom: number, pill?: string): Hit | undefined {
  const node = nodeAt(scene, at)
  if (node !== undefined) return { kind: 'node', id: node }
  const edge = pill ?? edgeAt(scene, at, zoom)
  if (edge !== undefined) return { kind: 'edge', id: edge }
  for (const kind of ['app', 'namespace'] as const) {
    for (const plate of scene.plates.values()) {
      if (plate.kind === kind && contains(plate.rect, at)) return { kind: 'plate', id: plate.stands }
    }
    for (const box of scene.boxes) {
      const frame = box.kind === kind ? scene.frames.get(box.id) : undefined
      if (frame !== undefined && contains(frame, at)) return { kind, id: box.id }
    }
  }
  return undefined
}

function nodeAt({ nodes, places }: Scene, { x, y }: Point): string | undefined {
  let nearest: { readonly id: string; readonly away: number } | undefined
  for (const { id } of nodes) {
    const place = places.get(id)
    if (place === undefined) continue
    const [dx, dy] = [x - place.x, y - place.y]
    if (dx < -nodeReach.left || dx > nodeReach.right || dy < -nodeReach.top || dy > nodeReach.bottom) continue
    const away = Math.hypot(dx, dy)
    if (nearest === undefined || away < nearest.away) nearest = { id, away }
  }
  return nearest?.id
}

function edgeAt({ edges, routes }: Scene, at: Point, zoom: number): string | undefined {
  let nearest: { readonly id: string; readonly away: number } | undefined
  for (const { id, width } of edges) {
    const route = routes.get(id)
    if (route === undefined) continue
    const reach = width / 2 + edgeReach / zoom
    const line = lineOf(route)
    if (!contains(line.bounds, at, reach)) continue
    const away = distanceTo(line.points, at)
    if (away <= reach && (nearest === undefined || away < nearest.away)) nearest = { id, away }
  }
  return nearest?.id
}

const contains = ({ left, right, top, bottom }: Rect, { x, y }: Point, by = 0): boolean =>
  x >= left - by && x <= right + by && y >= top - by && y <= bottom + by

interface Line {
  readonly points: readonly Point[]
  readonly bounds: Rect
}

const lines = new WeakMap<Route, Line>()

/** A route as short straight pieces, made once for each route; and what is around it. */
export function lineOf(route: Route): Line {
  const known = lines.get(route)
  if (known !== undefined) return known
  const pieces = Math.max(route.bends.length, 1) * 6
  const points = route.isLoop
    ? [pointOn(route, 0.5), { x: pointOn(route, 0.5).x, y: pointOn(route, 0.5).y + 10 }]
    : Array.from({ length: pieces + 1 }, (_, index) => pointOn(route, index / pieces))
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { x, y } of points) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const line = { points, bounds: { left, right, top, bottom } }
  lines.set(route, line)
  return line
}

function distanceTo(points: readonly Point[], { x, y }: Point): number {
  let least = Infinity
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1], points[index]]
    if (a === undefined || b === undefined) continue
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const share = Math.min(Math.max(((x - a.x) * dx + (y - a.y) * dy) / Math.max(dx * dx + dy * dy, 1e-9), 0), 1)
    least = Math.min(least, Math.hypot(x - a.x - dx * share, y - a.y - dy * share))
  }
  return least
}
