import { cameraOf, fitted, viewportOf, zoomLimits, type Camera, type Viewport } from './camera.ts'
import type { DrawnNode } from './drawing.ts'
import { slotOf } from './frames.ts'
import type { Places, Point } from './geometry.ts'
import { listen } from './gestures.ts'
import { hitAt, lineOf, type Hit } from './hit.ts'
import { highlightsOf, type Marked } from './marks.ts'
import type { Motion } from './motion.ts'
import { plusAt } from './nodeImage.ts'
import { createPainter, type Shown } from './painter.ts'

/** What the surface tells whoever holds it. */
export interface SurfaceEvents {
  readonly onSelect: (id: string | undefined) => void
  /** `at` in pixels from the surface's top left corner. */
  readonly onHover: (id: string | undefined, at: Point) => void
  readonly onMove: (id: string, place: Point, isDone: boolean) => void
  readonly onDoubleClick: (id: string) => void
  /** The right button or a long press; `at` in pixels of the window. */
  readonly onOpenMenu: (id: string, at: Point) => void
  /** A double click on a folded group, or a click on its plus. */
  readonly onOpen: (id: string) => void
  /** The viewer moved the camera. */
  readonly onCamera: (camera: Camera | undefined) => void
}

/** The drawn graph: canvases for what is drawn, marked and written, and the gestures on them. */
export interface Surface {
  readonly show: (shown: Shown) => void
  readonly mark: (marked: Marked) => void
  readonly move: (motion: Motion) => void
  /** Shows everything, or what is given; `top` pixels stay free above. */
  readonly fit: (top?: number, ids?: ReadonlySet<string>) => void
  /** Looks where the camera says; false where its node is not there. */
  readonly look: (camera: Camera) => boolean
  readonly zoomBy: (factor: number) => void
  /** Moves just so much that a node is in view. */
  readonly reveal: (id: string) => void
  /** Where a node is, in pixels of the window; the middle of the surface for everything else. */
  readonly whereIs: (id: string) => Point
  readonly destroy: () => void
}

/** Room around what is fitted; the buttons stand at the left. */
const fitMargins = { left: 58, right: 20, top: 20, bottom: 20 } as const

/** Builds a surface inside `container`. Without a 2D canvas (tests in jsdom) it listens and draws nothing. */
export function createSurface(container: HTMLElement, events: SurfaceEvents): Surface {
  let viewport: Viewport = { zoom: 1, pan: { x: 0, y: 0 } }
  let shown: Shown | undefined
  let dragged: { readonly id: string; readonly place: Point } | undefined
  let marked: Marked = { selected: undefined, hovered: undefined, focused: undefined }
  const size = () => ({ width: container.clientWidth, height: container.clientHeight })
  const painter = createPainter(container, () => viewport)
  const settle = cameraTeller(() => events.onCamera(cameraOf(viewport, size(), drawnPlaces(shown))))
  /** Everything was fitted, and nobody has moved the camera since. */
  let fit: { readonly top: number; readonly window: number } | undefined
  /** Nobody has touched the graph yet. */
  let isFresh = true
  const go = (next: Viewport) => {
    viewport = next
    fit = undefined
    painter.moved()
  }
  const mark = () => painter.mark(highlightsOf(painter.scene(), marked))
  painter.onScene(mark)

  const modelOf = ({ x, y }: Point): Point => ({
    x: (x - viewport.pan.x) / viewport.zoom,
    y: (y - viewport.pan.y) / viewport.zoom,
  })
  const screenOf = ({ x, y }: Point): Point => ({
    x: x * viewport.zoom + viewport.pan.x,
    y: y * viewport.zoom + viewport.pan.y,
  })
  const hit = (at: Point): Hit | undefined => {
    const scene = painter.scene()
    return scene === undefined ? undefined : hitAt(scene, modelOf(at), viewport.zoom, painter.pillAt(at))
  }
  const panBy = ({ x, y }: Point) => go({ ...viewport, pan: { x: viewport.pan.x + x, y: viewport.pan.y + y } })
  const zoomAt = (factor: number, at: Point) => {
    const zoom = Math.min(Math.max(viewport.zoom * factor, zoomLimits.min), zoomLimits.max)
    const fixed = modelOf(at)
    go({ zoom, pan: { x: at.x - fixed.x * zoom, y: at.y - fixed.y * zoom } })
    settle.soon()
  }

  const stopListening = listen(container, {
    draggableAt: (at) => {
      const found = hit(at)
      return found?.kind === 'node' ? found.id : undefined
    },
    onTap: (at) => {
      const found = hit(at)
      const folded = found?.kind === 'node' ? foldedAt(shown, found.id, modelOf(at)) : undefined
      if (folded !== undefined) events.onOpen(folded)
      else events.onSelect(found?.id)
    },
    onDoubleTap: (at) => {
      const found = hit(at)
      if (found === undefined) return
      if (found.kind === 'plate') fitTo(new Set([found.id]))
      else if (nodeOf(shown, found.id)?.shape === 'folded') events.onOpen(found.id)
      else events.onDoubleClick(found.id)
    },
    onMenu: (at) => {
      const found = hit(at)
      const { left, top } = container.getBoundingClientRect()
      if (found !== undefined) events.onOpenMenu(found.id, { x: left + at.x, y: top + at.y })
    },
    onHover: (at) => {
      const found = at === undefined ? undefined : hit(at)
      container.style.cursor = found === undefined || isGround(found) ? '' : 'pointer'
      const id = found === undefined || at === undefined ? undefined : isGround(found) ? painter.titleAt(at) : found.id
      events.onHover(id, at ?? { x: 0, y: 0 })
    },
    onPan: (by) => {
      panBy(by)
      settle.soon()
    },
    onZoom: zoomAt,
    onDrag: (id, { x, y }, isDone) => {
      // Several moves may come before the first is shown.
      const place = dragged?.id === id ? dragged.place : shown?.places.get(id)
      if (place === undefined) return
      dragged = { id, place: { x: place.x + x / viewport.zoom, y: place.y + y / viewport.zoom } }
      events.onMove(id, dragged.place, isDone)
      if (isDone) dragged = undefined
    },
  })
  /** What was fitted stays so while the page around it comes up, and when the window itself changes; else the camera is the viewer's. */
  const onResize = () => {
    if (fit !== undefined && (isFresh || fit.window !== windowSize())) fitTo(undefined, fit.top)
    painter.moved()
  }
  const touch = () => (isFresh = false)
  container.addEventListener('pointerdown', touch)
  container.addEventListener('keydown', touch)
  const resize = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(onResize)
  resize?.observe(container)

  const fitTo = (ids?: ReadonlySet<string>, top = 0) => {
    const whole = painter.whole()
    if (shown === undefined || whole === undefined) return
    const isWanted = (id: string) => ids === undefined || ids.has(id)
    const ends = whole.edges.flatMap(({ id, source, target }) => (ids?.has(id) === true ? [source, target] : []))
    const slots = whole.nodes.flatMap(({ id }) => {
      const place = whole.places.get(id)
      return place === undefined || !(isWanted(id) || ends.includes(id)) ? [] : [slotOf(place, true)]
    })
    const frames = [...whole.frames].flatMap(([id, frame]) => (isWanted(id) ? [frame] : []))
    const lines = ids === undefined ? [...whole.routes.values()].map((route) => lineOf(route).bounds) : []
    const margins = { ...fitMargins, top: Math.max(fitMargins.top, top) }
    if (ids === undefined || frames.length + slots.length > 0)
      go(fitted([...frames, ...slots, ...lines], size(), margins))
    if (ids === undefined) fit = { top, window: windowSize() }
    else settle.soon()
  }
  return {
    show: (next) => {
      shown = next
      painter.show(next)
    },
    mark: (next) => {
      marked = next
      mark()
    },
    move: painter.move,
    fit: (top, ids) => fitTo(ids, top),
    look: (camera) => {
      const next = viewportOf(camera, size(), shown?.places ?? new Map())
      if (next !== undefined) go(next)
      return next !== undefined
    },
    zoomBy: (factor) => zoomAt(factor, { x: size().width / 2, y: size().height / 2 }),
    reveal: (id) => {
      const place = shown?.places.get(id)
      const { width, height } = size()
      if (place === undefined || width === 0) return
      const { x, y } = screenOf(place)
      const margin = 70
      const by = {
        x: x < margin ? margin - x : x > width - margin ? width - margin - x : 0,
        y: y < margin ? margin - y : y > height - margin ? height - margin - y : 0,
      }
      if (by.x === 0 && by.y === 0) return
      panBy(by)
      settle.soon()
    },
    whereIs: (id) => {
      const { left, top } = container.getBoundingClientRect()
      const place = shown?.places.get(id)
      const at = place === undefined ? { x: size().width / 2, y: size().height / 2 } : screenOf(place)
      return { x: left + at.x, y: top + at.y }
    },
    destroy: () => {
      stopListening()
      container.removeEventListener('pointerdown', touch)
      container.removeEventListener('keydown', touch)
      settle.stop()
      resize?.disconnect()
      painter.stop()
    },
  }
}

const windowSize = () => window.innerWidth * 1e5 + window.innerHeight

/** What lies open between the nodes: it is selected by a click, but a pointer that passes means nothing by it. */
const isGround = ({ kind }: Hit) => kind === 'namespace' || kind === 'app'

/** The places of what is drawn. */
function drawnPlaces(shown: Shown | undefined): Places {
  const ids = new Set(shown?.drawing.nodes.map(({ id }) => id))
  return new Map([...(shown?.places ?? [])].filter(([id]) => ids.has(id)))
}

const nodeOf = (shown: Shown | undefined, id: string): DrawnNode | undefined =>
  shown?.drawing.nodes.find((node) => node.id === id)

/** The folded group whose plus is at a place of the model; `undefined` elsewhere. */
function foldedAt(shown: Shown | undefined, id: string, at: Point): string | undefined {
  const place = shown?.places.get(id)
  if (place === undefined || nodeOf(shown, id)?.shape !== 'folded') return undefined
  return Math.hypot(at.x - place.x - plusAt.x, at.y - place.y - plusAt.y) <= plusAt.radius + 3 ? id : undefined
}

/** Tells of a moved camera once it stands still. */
function cameraTeller(tell: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    soon: () => {
      clearTimeout(timer)
      timer = setTimeout(tell, 300)
    },
    stop: () => clearTimeout(timer),
  }
}
