import type { Viewport } from './camera.ts'
import type { Drawing } from './drawing.ts'
import type { Places, Point, Rect } from './geometry.ts'
import { paintGround } from './ground.ts'
import { labelsFor, type Labels, type Measure } from './labels.ts'
import { createMeasure, paintBadges, paintHighlights, paintInsides, paintLabels, type Highlights } from './paint.ts'
import type { Palette } from './palette.ts'
import { paintDots, type Motion } from './motion.ts'
import { levelAt, overviewOf, type Level, type Overviews, type Scene } from './scene.ts'
import { createSprites } from './sprites.ts'
import { writtenIn } from './written.ts'

export interface Shown {
  readonly drawing: Drawing
  readonly places: Places
  /** Everything, at the nearest level. */
  readonly scene: Scene
  /** What stands for it from afar; absent where there is nothing to fold. */
  readonly overviews?: Overviews | undefined
  readonly palette: Palette
}

/** Paints what is shown through a viewport, at most once a frame; what is marked has a canvas of its own. */
export interface Painter {
  readonly show: (shown: Shown) => void
  /** The viewport is another, or the surface has another size. */
  readonly moved: () => void
  readonly mark: (highlights: Highlights) => void
  /** Dots along the lines, on a canvas of their own, about thirty times a second while they move and the page is seen. */
  readonly move: (motion: Motion) => void
  /** The scene at the zoom that is on; and the whole one. */
  readonly scene: () => Scene | undefined
  readonly whole: () => Scene | undefined
  /** Called whenever another scene came on. */
  readonly onScene: (listener: () => void) => void
  /** The edge whose pill is at a point of the screen. */
  readonly pillAt: (at: Point) => string | undefined
  /** The box or plate whose title is at a point of the screen. */
  readonly titleAt: (at: Point) => string | undefined
  readonly stop: () => void
}

interface Canvases {
  readonly ground: CanvasRenderingContext2D
  readonly dots: CanvasRenderingContext2D
  readonly marks: CanvasRenderingContext2D
  readonly labels: CanvasRenderingContext2D
  readonly remove: () => void
}

/** A painter on canvases of its own inside `container`; where there are none (jsdom) it keeps scenes and paints nothing. */
export function createPainter(container: HTMLElement, viewportOf: () => Viewport): Painter {
  const canvases = createCanvases(container)
  let measure: Measure | undefined = canvases === undefined ? undefined : createMeasure(canvases.labels)
  let shown: Shown | undefined
  let scene: Scene | undefined
  let level: Level = 'all'
  let highlights: Highlights = { found: [], near: [] }
  let written:
    | {
        readonly zoom: number
        readonly of: Scene
        readonly lit: Highlights['lit'] | undefined
        readonly labels: Labels
      }
    | undefined
  let overviews = new Map<Level, Scene>()
  let frame: number | undefined
  let isStopped = false
  let listener = () => {}

  const sceneAt = (wanted: Level): Scene | undefined => {
    if (shown?.overviews === undefined || wanted === 'all') return shown?.scene
    const known = overviews.get(wanted) ?? overviewOf(shown.overviews[wanted](), shown.scene)
    overviews.set(wanted, known)
    return known.plates.size === 0 ? shown.scene : known
  }
  const current = (): Scene | undefined => {
    const wanted = levelAt(viewportOf().zoom)
    if (scene !== undefined && wanted === level) return scene
    level = wanted
    scene = sceneAt(wanted)
    listener()
    return scene
  }
  const labelsNow = (): Labels | undefined => {
    const drawn = current()
    const { zoom } = viewportOf()
    if (drawn === undefined || measure === undefined) return undefined
    const { lit } = highlights
    if (written?.of !== drawn || written.zoom !== zoom || written.lit !== lit) {
      const { places, frames, routes, plates } = drawn
      const labels = labelsFor({ drawing: drawn, places, frames, routes, plates, zoom, measure, lit })
      written = { zoom, of: drawn, lit, labels }
    }
    return written.labels
  }
  const begin = (context: CanvasRenderingContext2D, scale = 1) => {
    const { canvas } = context
    const ratio = window.devicePixelRatio || 1
    const [width, height] = [Math.round(container.clientWidth * ratio), Math.round(container.clientHeight * ratio)]
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
    const { x, y } = viewportOf().pan
    context.setTransform(ratio * scale, 0, 0, ratio * scale, x * ratio, y * ratio)
  }
  const paintMarks = () => {
    if (canvases === undefined || shown === undefined) return
    begin(canvases.marks)
    paintHighlights(canvases.marks, highlights, viewportOf().zoom, shown.palette)
  }
  const paint = () => {
    frame = undefined
    const [drawn, labels] = [current(), labelsNow()]
    if (canvases === undefined || shown === undefined || drawn === undefined) return
    const { zoom, pan } = viewportOf()
    const { palette } = shown
    begin(canvases.ground, zoom)
    const view = viewOf(container, { zoom, pan })
    paintGround(canvases.ground, { scene: drawn, palette, zoom, view, sprites, lit: highlights.lit })
    begin(canvases.labels)
    if (labels !== undefined && measure !== undefined) {
      paintLabels(canvases.labels, labels, zoom, palette, measure)
      paintBadges(canvases.labels, drawn.nodes, { places: drawn.places, zoom, palette })
      paintInsides(canvases.labels, drawn.nodes, { places: drawn.places, zoom, palette, measure })
    }
    paintMarks()
    if (motion !== 'off') drawDots(seconds())
    tellWritten()
  }
  let motion: Motion = 'off'
  let moving: number | undefined
  const seconds = () => (motion === 'moving' ? performance.now() / 1000 : 0)
  const drawDots = (second: number) => {
    const drawn = current()
    if (canvases === undefined || shown === undefined || drawn === undefined) return
    const { zoom, pan } = viewportOf()
    begin(canvases.dots, zoom)
    const view = viewOf(container, { zoom, pan })
    if (motion !== 'off') paintDots(canvases.dots, { scene: drawn, palette: shown.palette, zoom, view }, second)
  }
  let lastDots = 0
  const keepMoving = () => {
    moving = requestAnimationFrame(keepMoving)
    const now = performance.now()
    // Browsers give no frames to pages nobody sees.
    if (now - lastDots < dotsEveryMs) return
    lastDots = now
    drawDots(now / 1000)
  }
  const soon = () => {
    if (isStopped || canvases === undefined) return
    frame ??= requestAnimationFrame(paint)
  }
  const sprites = createSprites(soon)

  /** What can be read goes into `data-labels` once the picture stands still. */
  let telling: ReturnType<typeof setTimeout> | undefined
  const tellWritten = () => {
    clearTimeout(telling)
    telling = setTimeout(() => {
      const labels = labelsNow()
      if (labels === undefined) return
      const { clientWidth: width, clientHeight: height } = container
      const text = JSON.stringify(writtenIn(labels, { pan: viewportOf().pan, width, height }))
      if (container.dataset['labels'] !== text) container.dataset['labels'] = text
      container.dataset['level'] = (current()?.plates.size ?? 0) > 0 ? level : 'all'
    }, 250)
  }

  // Fonts arrive late; widths measured before that are those of another font.
  if (canvases !== undefined) {
    void Promise.all([document.fonts.load('13px Lato'), document.fonts.load('700 13px Lato')]).then(() => {
      if (isStopped) return
      measure = createMeasure(canvases.labels)
      written = undefined
      soon()
    })
  }
  const relative = ({ x, y }: Point): Point => ({ x: x - viewportOf().pan.x, y: y - viewportOf().pan.y })
  return {
    show: (next) => {
      shown = next
      scene = undefined
      overviews = new Map()
      current()
      soon()
    },
    moved: soon,
    mark: (next) => {
      const { lit } = highlights
      const isSame = sameSet(lit, next.lit)
      highlights = isSame && lit !== undefined ? { ...next, lit } : next
      if (!isSame) soon()
      paintMarks()
    },
    scene: current,
    move: (next) => {
      motion = next
      if (moving !== undefined) cancelAnimationFrame(moving)
      moving = undefined
      if (canvases === undefined) return
      drawDots(seconds())
      if (next === 'moving') keepMoving()
    },
    whole: () => shown?.scene,
    onScene: (next) => {
      listener = next
    },
    pillAt: (at) => {
      const { x, y } = relative(at)
      return labelsNow()?.pills.find(
        ({ rect }) => x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom,
      )?.edge.id
    },
    titleAt: (at) => {
      const { x, y } = relative(at)
      const width = ({ text, detail, size }: Labels['titles'][number]) =>
        size * 1.5 + (measure?.(text + detail, size, true) ?? 0)
      return labelsNow()?.titles.find(
        (title) => Math.abs(y - title.y) <= title.size / 2 + 3 && x >= title.x - 2 && x <= title.x + width(title),
      )?.box.id
    },
    stop: () => {
      isStopped = true
      clearTimeout(telling)
      if (frame !== undefined) cancelAnimationFrame(frame)
      if (moving !== undefined) cancelAnimationFrame(moving)
      canvases?.remove()
    },
  }
}

const dotsEveryMs = 33

function sameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.size === b.size && [...a].every((each) => b.has(each)))
}

/** What of the model can be seen. */
function viewOf({ clientWidth, clientHeight }: HTMLElement, { zoom, pan }: Viewport): Rect {
  return {
    left: -pan.x / zoom,
    top: -pan.y / zoom,
    right: (clientWidth - pan.x) / zoom,
    bottom: (clientHeight - pan.y) / zoom,
  }
}

function createCanvases(container: HTMLElement): Canvases | undefined {
  if (typeof CanvasRenderingContext2D === 'undefined') return undefined
  const canvases = [0, 1, 2, 3].map(() => {
    const canvas = document.createElement('canvas')
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none'
    canvas.setAttribute('aria-hidden', 'true')
    container.append(canvas)
    return canvas
  })
  const [ground, dots, marks, labels] = canvases.map((canvas) => canvas.getContext('2d'))
  if (!ground || !dots || !marks || !labels) return undefined
  return { ground, dots, marks, labels, remove: () => canvases.forEach((canvas) => canvas.remove()) }
}
