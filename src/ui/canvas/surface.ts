import cytoscape, { type Core, type EventObject } from 'cytoscape'

import { apply } from './apply.ts'
import { cameraOf, fitted, viewportOf, zoomLimits, type Camera, type Viewport } from './camera.ts'
import type { Drawing } from './drawing.ts'
import { slotOf } from './frames.ts'
import type { Places, Point } from './geometry.ts'
import { labelsFor, type Labels, type Measure } from './labels.ts'
import { createMeasure, paintBadges, paintHighlights, paintInsides, paintLabels, type Highlights } from './paint.ts'
import { plusAt } from './nodeImage.ts'
import type { Palette } from './palette.ts'
import type { Scene, SceneElement } from './scene.ts'
import { stylesheet } from './stylesheet.ts'
import { writtenIn } from './written.ts'

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

export interface Shown {
  readonly drawing: Drawing
  readonly places: Places
  readonly scene: Scene
  readonly palette: Palette
}

export interface Marked {
  readonly selected: string | undefined
  readonly hovered: string | undefined
  readonly focused: string | undefined
  /** Nodes and edges that were looked for and found. */
  readonly found?: ReadonlySet<string> | undefined
}

/** The drawn graph: cytoscape for lines, nodes and gestures; two canvases above it for what is written and what is marked. */
export interface Surface {
  readonly show: (shown: Shown) => void
  readonly mark: (marked: Marked) => void
  /** Shows everything; `top` pixels stay free above. */
  readonly fit: (top?: number) => void
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

/** Builds a surface inside `container`. Without a 2D canvas (tests in jsdom) it keeps the elements and draws nothing. */
export function createSurface(container: HTMLElement, events: SurfaceEvents): Surface {
  const isBlind = typeof CanvasRenderingContext2D === 'undefined'
  const cy = cytoscape({
    ...(isBlind ? { headless: true } : { container }),
    style: stylesheet,
    layout: { name: 'preset' },
    minZoom: zoomLimits.min,
    maxZoom: zoomLimits.max,
    boxSelectionEnabled: false,
    autounselectify: true,
  })
  const overlay = isBlind ? undefined : createOverlay(container)
  const painter = createPainter(cy, overlay)
  const filler = createFiller(cy)
  const size = () => ({ width: container.clientWidth, height: container.clientHeight })
  const go = ({ zoom, pan }: Viewport) => cy.viewport({ zoom, pan: { ...pan } })
  const settle = cameraTeller(() =>
    events.onCamera(cameraOf({ zoom: cy.zoom(), pan: cy.pan() }, size(), drawnPlaces(painter.shown()))),
  )

  const idOf = ({ target }: EventObject) =>
    target === cy ? undefined : (target as cytoscape.SingularElementArgument).id()
  cy.on('tap', (event) => {
    const folded = foldedAt(painter.shown(), idOf(event), event.position)
    if (folded !== undefined) {
      events.onOpen(folded)
      return
    }
    const isOpenGround = event.target === cy || (event.target as cytoscape.NodeSingular).data('kind') === 'namespace'
    events.onSelect((isOpenGround ? painter.pillAt(event.renderedPosition) : undefined) ?? idOf(event))
  })
  cy.on('dbltap', (event) => {
    const id = idOf(event)
    if (id === undefined) return
    if (isFolded(painter.shown(), id)) events.onOpen(id)
    else events.onDoubleClick(id)
  })
  cy.on('cxttap', (event) => {
    const id = painter.pillAt(event.renderedPosition) ?? idOf(event)
    const { left, top } = container.getBoundingClientRect()
    const { x, y } = event.renderedPosition
    if (id !== undefined) events.onOpenMenu(id, { x: left + x, y: top + y })
  })
  const keepMenuAway = (event: Event) => event.preventDefault()
  container.addEventListener('contextmenu', keepMenuAway)
  cy.on('mouseover', '.node, edge', (event) => {
    container.style.cursor = 'pointer'
    events.onHover(idOf(event), event.renderedPosition)
  })
  cy.on('mouseout', '.node, edge', (event) => {
    container.style.cursor = ''
    events.onHover(undefined, event.renderedPosition)
  })
  cy.on('drag', '.node', ({ target }) => {
    const node = target as cytoscape.NodeSingular
    events.onMove(node.id(), { ...node.position() }, false)
  })
  cy.on('dragfree', '.node', ({ target }) => {
    const node = target as cytoscape.NodeSingular
    events.onMove(node.id(), { ...node.position() }, true)
  })
  cy.on('dragpan pinchzoom scrollzoom', settle.soon)
  const resize = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(() => cy.resize())
  resize?.observe(container)

  return {
    show: (shown) => {
      filler.fill(shown.scene.elements)
      painter.show(shown)
    },
    mark: painter.mark,
    fit: (top = 0) => {
      const shown = painter.shown()
      if (shown === undefined) return
      const slots = shown.drawing.nodes.flatMap(({ id }) => {
        const place = shown.places.get(id)
        return place === undefined ? [] : [slotOf(place, true)]
      })
      const margins = { ...fitMargins, top: Math.max(fitMargins.top, top) }
      go(fitted([...shown.scene.frames.values(), ...slots], size(), margins))
    },
    look: (camera) => {
      const viewport = viewportOf(camera, size(), painter.shown()?.places ?? new Map())
      if (viewport !== undefined) go(viewport)
      return viewport !== undefined
    },
    zoomBy: (factor) => {
      const { width, height } = size()
      cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: width / 2, y: height / 2 } })
      settle.soon()
    },
    reveal: (id) => {
      const place = painter.shown()?.places.get(id)
      if (place === undefined || isBlind) return
      const [x, y] = [place.x * cy.zoom() + cy.pan().x, place.y * cy.zoom() + cy.pan().y]
      const { width, height } = size()
      const margin = 70
      const by = {
        x: x < margin ? margin - x : x > width - margin ? width - margin - x : 0,
        y: y < margin ? margin - y : y > height - margin ? height - margin - y : 0,
      }
      if (by.x === 0 && by.y === 0) return
      cy.panBy(by)
      settle.soon()
    },
    whereIs: (id) => {
      const { left, top } = container.getBoundingClientRect()
      const place = painter.shown()?.places.get(id)
      if (place === undefined) return { x: left + size().width / 2, y: top + size().height / 2 }
      return { x: left + place.x * cy.zoom() + cy.pan().x, y: top + place.y * cy.zoom() + cy.pan().y }
    },
    destroy: () => {
      container.removeEventListener('contextmenu', keepMenuAway)
      settle.stop()
      filler.stop()
      resize?.disconnect()
      painter.stop()
      cy.destroy()
      overlay?.remove()
    },
  }
}

/** The places of what is drawn. */
function drawnPlaces(shown: Shown | undefined): Places {
  const ids = new Set(shown?.drawing.nodes.map(({ id }) => id))
  return new Map([...(shown?.places ?? [])].filter(([id]) => ids.has(id)))
}

const isFolded = (shown: Shown | undefined, id: string) =>
  shown?.drawing.nodes.some((node) => node.id === id && node.shape === 'folded') === true

/** The folded group whose plus is at a place of the model; `undefined` elsewhere. */
function foldedAt(shown: Shown | undefined, id: string | undefined, at: Point): string | undefined {
  const place = id === undefined ? undefined : shown?.places.get(id)
  if (id === undefined || place === undefined || !isFolded(shown, id)) return undefined
  return Math.hypot(at.x - place.x - plusAt.x, at.y - place.y - plusAt.y) <= plusAt.radius + 3 ? id : undefined
}

/** Elements added in one frame: a first picture of a thousand edges must not hold up the page. */
const arrivalsPerFrame = 180

/** Patches cytoscape to the newest elements; where very many arrive, some in each frame, boxes and nodes first. */
function createFiller(cy: Core) {
  let frame: number | undefined
  const fill = (elements: readonly SceneElement[]) => {
    if (frame !== undefined) cancelAnimationFrame(frame)
    frame = undefined
    const arriving = elements.filter(({ data }) => cy.getElementById(data.id).empty())
    const later = new Set(arriving.slice(arrivalsPerFrame))
    apply(cy, later.size === 0 ? elements : elements.filter((element) => !later.has(element)))
    if (later.size > 0) frame = requestAnimationFrame(() => fill(elements))
  }
  return {
    fill,
    stop: () => {
      if (frame !== undefined) cancelAnimationFrame(frame)
    },
  }
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

interface Overlay {
  readonly marks: CanvasRenderingContext2D
  readonly labels: CanvasRenderingContext2D
  readonly measure: Measure
  readonly remove: () => void
}

function createOverlay(container: HTMLElement): Overlay | undefined {
  const canvases = [0, 1].map(() => {
    const canvas = document.createElement('canvas')
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;z-index:10'
    canvas.setAttribute('aria-hidden', 'true')
    container.append(canvas)
    return canvas
  })
  const [marks, labels] = canvases.map((canvas) => canvas.getContext('2d'))
  if (!marks || !labels) return undefined
  return { marks, labels, measure: createMeasure(labels), remove: () => canvases.forEach((canvas) => canvas.remove()) }
}

/** Paints the overlay after each of cytoscape's own frames; what is written is placed anew only when the zoom or the drawing changed. */
function createPainter(cy: Core, overlay: Overlay | undefined) {
  let shown: Shown | undefined
  let marked: Marked = { selected: undefined, hovered: undefined, focused: undefined }
  let labels:
    { readonly zoom: number; readonly of: Shown; readonly measure: Measure; readonly labels: Labels } | undefined
  let measure = overlay?.measure
  let isStopped = false

  const currentLabels = (): Labels | undefined => {
    if (shown === undefined || measure === undefined) return undefined
    const zoom = cy.zoom()
    if (labels?.zoom !== zoom || labels.of !== shown || labels.measure !== measure) {
      const { drawing, places, scene } = shown
      labels = {
        zoom,
        of: shown,
        measure,
        labels: labelsFor({ drawing, places, frames: scene.frames, routes: scene.routes, zoom, measure }),
      }
    }
    return labels.labels
  }
  const begin = (context: CanvasRenderingContext2D) => {
    const { canvas } = context
    const ratio = window.devicePixelRatio || 1
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)]
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
    const { x, y } = cy.pan()
    context.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio)
  }
  const paintMarks = () => {
    if (overlay === undefined || shown === undefined) return
    begin(overlay.marks)
    paintHighlights(overlay.marks, highlightsOf(shown, marked), shown.places, cy.zoom(), shown.palette)
  }
  const paintAll = () => {
    const current = currentLabels()
    if (overlay === undefined || shown === undefined || current === undefined || measure === undefined) return
    begin(overlay.labels)
    const { places, palette, drawing } = shown
    paintLabels(overlay.labels, current, cy.zoom(), palette, measure)
    paintBadges(overlay.labels, drawing.nodes, { places, zoom: cy.zoom(), palette })
    paintInsides(overlay.labels, drawing.nodes, { places, zoom: cy.zoom(), palette, measure })
    paintMarks()
    tellWritten()
  }
  cy.on('render', paintAll)

  /** What can be read goes into `data-labels` once the picture stands still. */
  let telling: ReturnType<typeof setTimeout> | undefined
  const tellWritten = () => {
    clearTimeout(telling)
    telling = setTimeout(() => {
      const container = cy.container()
      const current = currentLabels()
      if (container === null || current === undefined) return
      const { clientWidth: width, clientHeight: height } = container
      container.dataset['labels'] = JSON.stringify(writtenIn(current, { pan: cy.pan(), width, height }))
    }, 250)
  }

  // Fonts arrive late; widths measured before that are those of another font.
  if (overlay !== undefined) {
    void Promise.all([document.fonts.load('13px Lato'), document.fonts.load('700 13px Lato')]).then(() => {
      if (isStopped) return
      measure = createMeasure(overlay.labels)
      paintAll()
    })
  }

  return {
    shown: () => shown,
    show: (next: Shown) => {
      shown = next
      cy.forceRender()
    },
    mark: (next: Marked) => {
      marked = next
      paintMarks()
    },
    /** The edge whose pill is at a point of the screen. */
    pillAt: ({ x, y }: Point): string | undefined => {
      const pan = cy.pan()
      const [mx, my] = [x - pan.x, y - pan.y]
      return currentLabels()?.pills.find(
        ({ rect }) => mx >= rect.left && mx <= rect.right && my >= rect.top && my <= rect.bottom,
      )?.edge.id
    },
    stop: () => {
      isStopped = true
      clearTimeout(telling)
    },
  }
}

function highlightsOf({ drawing, scene }: Shown, { selected, hovered, focused, found }: Marked): Highlights {
  const around = hovered === undefined ? undefined : neighbourhood(drawing, hovered)
  const frame = selected === undefined ? undefined : scene.frames.get(selected)
  const route = selected === undefined ? undefined : scene.routes.get(selected)
  const isDrawn = drawing.nodes.some(({ id }) => id === selected)
  return {
    foundNodes: drawing.nodes.filter(({ id }) => found?.has(id) === true).map(({ id }) => id),
    foundRoutes: found === undefined ? [] : [...scene.routes].flatMap(([id, its]) => (found.has(id) ? [its] : [])),
    nodes: around?.nodes ?? [],
    routes: (around?.edges ?? []).flatMap((id) => {
      const known = scene.routes.get(id)
      return known === undefined ? [] : [known]
    }),
    ...(frame === undefined ? {} : { selectedFrame: frame }),
    ...(route === undefined ? {} : { selectedRoute: route }),
    ...(selected === undefined || !isDrawn ? {} : { selectedNode: selected }),
    ...(focused === undefined ? {} : { focusedNode: focused }),
  }
}

/** What lights up with a node or an edge: itself, its edges, and their other ends. */
export function neighbourhood(
  { edges }: Pick<Drawing, 'edges'>,
  id: string,
): { readonly nodes: readonly string[]; readonly edges: readonly string[] } {
  const own = edges.filter((edge) => edge.id === id || edge.source === id || edge.target === id)
  const isEdge = own.some((edge) => edge.id === id)
  return {
    nodes: [...new Set([...(isEdge ? [] : [id]), ...own.flatMap(({ source, target }) => [source, target])])],
    edges: own.map((edge) => edge.id),
  }
}
