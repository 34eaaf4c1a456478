import type { DrawnEdge } from './drawing.ts'
import { sizes, type Point, type Rect } from './geometry.ts'
import { lineOf } from './hit.ts'
import type { Palette } from './palette.ts'
import { pointOn } from './routes.ts'
import type { Scene } from './scene.ts'

/** Whether dots run along the lines, stand still on them (the viewer's system asks for less motion), or are not there. */
export type Motion = 'moving' | 'still' | 'off'

export interface Dot {
  /** How far along the line, 0 to 1. */
  readonly at: number
  /** Stands for a request that failed. */
  readonly isError: boolean
}

/** Pixels of the model per second, where nothing is known of how long calls take. */
const usualSpeed = 70
/** Between two dots, at least. */
const closest = 22
const mostDots = 9

/**
 * The dots on an edge at a moment: the busier, the more; the slower its calls, the slower; as many of them errors as of its requests, on
 * average over time. Nothing on an edge without traffic.
 */
export function dotsAt(
  { id, rank, errorRatio = 0, seconds: latency }: Pick<DrawnEdge, 'id' | 'rank' | 'errorRatio' | 'seconds'>,
  length: number,
  second: number,
): readonly Dot[] {
  if (!(rank > 0) || !(length > 0)) return []
  const count = Math.max(1, Math.min(Math.round(1 + Math.log2(1 + rank)), Math.floor(length / closest), mostDots))
  const speed = latency === undefined ? usualSpeed : 110 / (1 + 2 * Math.min(latency, 5))
  const travelled = (second * speed) / length + hashed(id)
  return Array.from({ length: count }, (_, index) => {
    const way = travelled + index / count
    const lap = Math.floor(way)
    return { at: way - lap, isError: hashed(`${id} ${index} ${lap}`) < errorRatio }
  })
}

/** 0 to 1, the same for the same text (FNV-1a, mixed once more). */
function hashed(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296
}

interface Ground {
  readonly scene: Scene
  readonly palette: Palette
  readonly zoom: number
  readonly view: Rect
}

/** Where lines cover each other everywhere, only so many of the busiest carry dots. */
const mostEdges = 250

/** Paints the dots: round ones in the colour of lines, diamonds in red for what failed. The context's unit is the model's. */
export function paintDots(
  context: CanvasRenderingContext2D,
  { scene, palette, zoom, view }: Ground,
  second: number,
): void {
  const busiest =
    scene.edges.length <= mostEdges ? scene.edges : [...scene.edges].sort((a, b) => b.rank - a.rank).slice(0, mostEdges)
  const errors: Point[] = []
  const radius = Math.max(2.6, 1.6 / zoom)
  context.fillStyle = palette.accent
  context.beginPath()
  for (const edge of busiest) {
    const route = scene.routes.get(edge.id)
    if (route === undefined || route.isLoop) continue
    const { bounds } = lineOf(route)
    if (bounds.left > view.right || bounds.right < view.left || bounds.top > view.bottom || bounds.bottom < view.top)
      continue
    const length = Math.hypot(route.end.x - route.start.x, route.end.y - route.start.y) + sizes.node / 2
    for (const { at, isError } of dotsAt(edge, length, second)) {
      const point = pointOn(route, at)
      if (isError) errors.push(point)
      else {
        context.moveTo(point.x + radius, point.y)
        context.arc(point.x, point.y, radius, 0, 2 * Math.PI)
      }
    }
  }
  context.fill()
  context.fillStyle = palette.failing
  context.beginPath()
  const side = radius * 1.7
  for (const { x, y } of errors) {
    context.moveTo(x, y - side)
    context.lineTo(x + side, y)
    context.lineTo(x, y + side)
    context.lineTo(x - side, y)
    context.closePath()
  }
  context.fill()
}
