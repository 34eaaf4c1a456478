import { depthsOf } from './depths.ts'
import type { DrawnBox, DrawnEdge } from './drawing.ts'
import { sizes, type Point, type Rect } from './geometry.ts'
import { lineOf } from './hit.ts'
import { imageSize, ringOf } from './nodeImage.ts'
import type { Palette } from './palette.ts'
import type { Route } from './routes.ts'
import { nodeScale, type Plate, type Scene } from './scene.ts'
import type { Sprites } from './sprites.ts'

interface Ground {
  readonly scene: Scene
  readonly palette: Palette
  readonly zoom: number
  /** What can be seen, in the model. */
  readonly view: Rect
  readonly sprites: Sprites
  /** Edges that all others stand back for. */
  readonly lit?: ReadonlySet<string> | undefined
}

/**
 * Paints boxes, plates, lines and nodes, in this order; the context's unit is the model's. What lies outside the view is left out.
 */
export function paintGround(context: CanvasRenderingContext2D, ground: Ground): void {
  const { scene, palette, zoom, view } = ground
  for (const kind of ['namespace', 'app'] as const) {
    for (const box of scene.boxes) if (box.kind === kind) paintBox(context, box, scene.frames.get(box.id), ground)
    for (const plate of scene.plates.values()) if (plate.kind === kind) paintPlate(context, plate, ground)
  }
  context.lineCap = 'butt'
  context.lineJoin = 'round'
  for (const { edges, alpha } of depthsOf(scene, ground.lit)) {
    context.globalAlpha = alpha
    for (const edge of edges) paintEdge(context, edge, scene.routes.get(edge.id), ground)
  }
  context.globalAlpha = 1
  context.setLineDash([])
  const side = imageSize * nodeScale(scene, zoom)
  const half = side / 2
  for (const node of scene.nodes) {
    const place = scene.places.get(node.id)
    if (place === undefined || !isNear(view, place, half)) continue
    const sprite = ground.sprites.of(node, palette, (zoom * side) / imageSize)
    if (sprite !== undefined) context.drawImage(sprite, place.x - half, place.y - half, side, side)
  }
}

const isNear = ({ left, right, top, bottom }: Rect, { x, y }: Point, by: number) =>
  x > left - by && x < right + by && y > top - by && y < bottom + by

const meets = (a: Rect, b: Rect, by: number) =>
  a.left < b.right + by && b.left < a.right + by && a.top < b.bottom + by && b.top < a.bottom + by

function paintBox(
  context: CanvasRenderingContext2D,
  { kind }: DrawnBox,
  frame: Rect | undefined,
  { palette, zoom, view }: Ground,
): void {
  if (frame === undefined || !meets(frame, view, 2)) return
  outline(context, frame, 8 / Math.max(zoom, 0.6))
  context.fillStyle = kind === 'app' ? palette.page : palette.box
  context.fill()
  context.lineWidth = 1 / zoom
  context.strokeStyle = palette.border
  context.stroke()
}

/** A plate's border is its health, as a node's is. */
function paintPlate(context: CanvasRenderingContext2D, { rect, health }: Plate, { palette, zoom, view }: Ground): void {
  if (!meets(rect, view, 4)) return
  const { colour, width, dash, fill } = ringOf(health, palette)
  outline(context, rect, 8 / zoom)
  context.fillStyle = fill === palette.page ? palette.box : fill
  context.fill()
  context.lineWidth = Math.min(width, 3) / zoom
  context.strokeStyle = colour
  context.setLineDash(dash.map((part) => part / zoom))
  context.stroke()
  context.setLineDash([])
}

function outline(context: CanvasRenderingContext2D, { left, top, right, bottom }: Rect, radius: number): void {
  context.beginPath()
  context.roundRect(left, top, right - left, bottom - top, Math.min(radius, (right - left) / 4, (bottom - top) / 4))
}

const dashes: Readonly<Partial<Record<DrawnEdge['health'], readonly number[]>>> = { degraded: [7, 4], idle: [2, 3] }
/** Lines never become thinner than this on the screen. */
const thinnest = 0.7

function paintEdge(
  context: CanvasRenderingContext2D,
  { health, width }: DrawnEdge,
  route: Route | undefined,
  { palette, zoom, view, scene }: Ground,
): void {
  if (route === undefined) return
  // Far out lines would be hairs, and between plates they would be none at all.
  const thick = Math.max(width, (scene.plates.size > 0 ? 1.2 : thinnest) / zoom)
  if (!meets(lineOf(route).bounds, view, thick + 40)) return
  const colour = health === 'failing' ? palette.failing : health === 'degraded' ? palette.degraded : palette.edge
  context.strokeStyle = colour
  context.lineWidth = thick
  const dash = dashes[health] ?? []
  context.setLineDash(scene.plates.size > 0 ? dash.map((part) => part / zoom) : [...dash])
  const size = arrowSize(thick, zoom)
  context.stroke(pathOf(route, size))
  if (route.isLoop) return
  context.fillStyle = colour
  context.fill(arrowOf(route, size))
}

/** An arrow's length in the model: with the line, and on the screen never a speck. */
const arrowSize = (thick: number, zoom: number) => Math.round(Math.max(5 + thick * 1.2, Math.min(5 / zoom, 30)))

interface Paths {
  readonly size: number
  readonly line: Path2D
  readonly arrow: Path2D
}

/** A route's line up to its arrow, and the arrow, as made last. */
const paths = new WeakMap<Route, Paths>()

const pathOf = (route: Route, size: number): Path2D => pathsOf(route, size).line
const arrowOf = (route: Route, size: number): Path2D => pathsOf(route, size).arrow

function pathsOf(route: Route, size: number): Paths {
  const known = paths.get(route)
  if (known?.size === size) return known
  const made = { size, line: linePath(route, size), arrow: arrowPath(route, size) }
  paths.set(route, made)
  return made
}

/** The unit vector in which a route arrives. */
function arrival({ start, end, bends }: Route): Point {
  const from = bends.at(-1) ?? start
  const length = Math.max(Math.hypot(end.x - from.x, end.y - from.y), 1e-6)
  return { x: (end.x - from.x) / length, y: (end.y - from.y) / length }
}

function linePath(route: Route, size: number): Path2D {
  const path = new Path2D()
  const { start, end, bends, isLoop } = route
  if (isLoop) {
    path.moveTo(end.x - 6, end.y - sizes.node / 2)
    path.bezierCurveTo(
      end.x - 22,
      end.y - sizes.node / 2 - 30,
      end.x + 22,
      end.y - sizes.node / 2 - 30,
      end.x + 6,
      end.y - sizes.node / 2,
    )
    return path
  }
  const to = arrival(route)
  const stop = { x: end.x - to.x * size * 0.8, y: end.y - to.y * size * 0.8 }
  path.moveTo(start.x, start.y)
  if (bends.length === 0) path.lineTo(stop.x, stop.y)
  bends.forEach((bend, index) => {
    const next = bends[index + 1]
    const point = next === undefined ? stop : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 }
    path.quadraticCurveTo(bend.x, bend.y, point.x, point.y)
  })
  return path
}

function arrowPath(route: Route, size: number): Path2D {
  const { end } = route
  const { x, y } = arrival(route)
  const path = new Path2D()
  const back = { x: end.x - x * size, y: end.y - y * size }
  path.moveTo(end.x, end.y)
  path.lineTo(back.x - y * size * 0.42, back.y + x * size * 0.42)
  path.lineTo(back.x + y * size * 0.42, back.y - x * size * 0.42)
  path.closePath()
  return path
}
