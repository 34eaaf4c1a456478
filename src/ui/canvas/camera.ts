import { around, type Places, type Point, type Rect } from './geometry.ts'

/** Where the viewer looks: a node, how far the middle of the view is from it (model pixels), and the zoom. Means the same elsewhere. */
export interface Camera {
  readonly node: string
  readonly dx: number
  readonly dy: number
  readonly zoom: number
}

/** In screen pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Cytoscape's terms: a model point p is drawn at p * zoom + pan. */
export interface Viewport {
  readonly zoom: number
  readonly pan: Point
}

export const zoomLimits = { min: 0.08, max: 2.5 } as const
/** Two nodes should not fill the screen. */
const largestFit = 1.15

/** Pixels kept free at each side. */
export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The viewport that shows all of `content`, with room around it; a plain one when there is nothing. */
export function fitted(content: Iterable<Rect>, { width, height }: Size, margins: Margins): Viewport {
  const all = around(content)
  if (all === undefined || width <= 0 || height <= 0) return { zoom: 1, pan: { x: 0, y: 0 } }
  const free = {
    width: Math.max(width - margins.left - margins.right, 50),
    height: Math.max(height - margins.top - margins.bottom, 50),
  }
  const wanted = Math.min(
    free.width / Math.max(all.right - all.left, 1),
    free.height / Math.max(all.bottom - all.top, 1),
    largestFit,
  )
  const zoom = Math.max(wanted, zoomLimits.min)
  return {
    zoom,
    pan: {
      x: margins.left + free.width / 2 - ((all.left + all.right) / 2) * zoom,
      y: margins.top + free.height / 2 - ((all.top + all.bottom) / 2) * zoom,
    },
  }
}

/** The camera of a viewport, told by the node nearest to its middle; `undefined` where there are no nodes. */
export function cameraOf({ zoom, pan }: Viewport, { width, height }: Size, places: Places): Camera | undefined {
  const middle = { x: (width / 2 - pan.x) / zoom, y: (height / 2 - pan.y) / zoom }
  let nearest: { readonly id: string; readonly place: Point; readonly away: number } | undefined
  for (const [id, place] of places) {
    const away = Math.hypot(place.x - middle.x, place.y - middle.y)
    if (nearest === undefined || away < nearest.away || (away === nearest.away && id < nearest.id))
      nearest = { id, place, away }
  }
  if (nearest === undefined) return undefined
  return { node: nearest.id, dx: middle.x - nearest.place.x, dy: middle.y - nearest.place.y, zoom }
}

/** The viewport of a camera; `undefined` where its node is not there (any more). */
export function viewportOf(
  { node, dx, dy, zoom }: Camera,
  { width, height }: Size,
  places: Places,
): Viewport | undefined {
  const place = places.get(node)
  if (place === undefined || !(zoom > 0)) return undefined
  const bounded = Math.min(Math.max(zoom, zoomLimits.min), zoomLimits.max)
  return { zoom: bounded, pan: { x: width / 2 - (place.x + dx) * bounded, y: height / 2 - (place.y + dy) * bounded } }
}
