import { healthShapes } from '../kit/HealthMark.tsx'
import type { HealthState } from '../../mesh/health.ts'
import { isTrouble, type DrawnNode } from './drawing.ts'
import { sizes, type Places, type Rect } from './geometry.ts'
import { textSize, type Labels, type Measure, type Name, type Pill, type PlateTitle, type Title } from './labels.ts'
import { badgeGlyphs } from './nodeImage.ts'
import type { Palette } from './palette.ts'
import type { Route } from './routes.ts'

const font = "Lato, 'Helvetica Neue', Arial, sans-serif"
const fontOf = (size: number, isBold: boolean) => `${isBold ? '700 ' : ''}${size}px ${font}`

/** Widths as the canvas's own font has them, each text measured once per size class. */
export function createMeasure(context: CanvasRenderingContext2D): Measure {
  const [bold, plain] = [new Map<string, number>(), new Map<string, number>()]
  return (text, size, isBold) => {
    const known = isBold ? bold : plain
    let width = known.get(text)
    if (width === undefined) {
      context.font = fontOf(100, isBold)
      width = context.measureText(text).width / 100
      if (known.size > 10_000) known.clear()
      known.set(text, width)
    }
    return width * size
  }
}

/** Writes titles, names and pills; the context's origin is the model's, in CSS pixels. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  labels: Labels,
  zoom: number,
  palette: Palette,
  measure: Measure,
): void {
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  for (const pill of labels.pills) paintPill(context, pill, palette)
  for (const title of labels.titles) paintTitle(context, title, palette, measure)
  for (const title of labels.plates) paintPlateTitle(context, title, palette, measure)
  for (const name of labels.names) paintName(context, name, zoom, palette, measure)
}

/** Versions and counts inside their outlines, where they are large enough to be read. */
export function paintInsides(
  context: CanvasRenderingContext2D,
  nodes: readonly { readonly id: string; readonly inside?: string; readonly health: HealthState }[],
  {
    places,
    zoom,
    palette,
    measure,
  }: { readonly places: Places; readonly zoom: number; readonly palette: Palette; readonly measure: Measure },
): void {
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { id, inside, health } of nodes) {
    const place = places.get(id)
    if (inside === undefined || place === undefined) continue
    const size = textSize(13, zoom)
    if (measure(inside, size, false) > (sizes.node - 3) * zoom) continue
    context.font = fontOf(size, health === 'failing')
    context.fillStyle =
      health === 'failing' ? palette.failingText : health === 'degraded' ? palette.degradedText : palette.text
    context.fillText(inside, place.x * zoom, place.y * zoom + 0.5)
  }
}

/** Below this zoom a badge would be a speck. */
const smallestBadgeZoom = 0.7

/** Up to three badges at the upper left of each node, where they are large enough to be told apart. */
export function paintBadges(
  context: CanvasRenderingContext2D,
  nodes: readonly Pick<DrawnNode, 'id' | 'badges'>[],
  { places, zoom, palette }: { readonly places: Places; readonly zoom: number; readonly palette: Palette },
): void {
  if (zoom < smallestBadgeZoom) return
  for (const { id, badges } of nodes) {
    const place = places.get(id)
    if (place === undefined) continue
    badges.slice(0, 3).forEach((badge, index) => {
      const [x, y] = [(place.x - 20 + index * 13) * zoom, (place.y - 18) * zoom]
      context.beginPath()
      context.arc(x, y, 7.5 * zoom, 0, Math.PI * 2)
      context.fillStyle = palette.page
      context.fill()
      context.lineWidth = 1
      context.strokeStyle = palette.input
      context.stroke()
      const scale = 0.62 * zoom
      strokePath(context, badgeGlyphs[badge], {
        x: x - 8 * scale,
        y: y - 8 * scale,
        scale,
        colour: palette.muted,
        width: 1.9,
      })
    })
  }
}

function paintTitle(
  context: CanvasRenderingContext2D,
  { box, x, y, size, text, detail }: Title,
  palette: Palette,
  measure: Measure,
): void {
  const isBold = box.kind === 'app'
  paintMark(context, box.health, { x, y: y - size / 2, size }, palette)
  context.textAlign = 'left'
  context.font = fontOf(size, isBold)
  context.fillStyle = palette.text
  const left = x + size + 6
  context.fillText(text, left, y + 0.5)
  if (detail === '') return
  context.font = fontOf(size - 1, false)
  context.fillStyle = palette.muted
  context.fillText(detail, left + measure(text, size, isBold) + 8, y + 0.5)
}

function paintPlateTitle(
  context: CanvasRenderingContext2D,
  { plate, x, y, size, text, detail }: PlateTitle,
  palette: Palette,
  measure: Measure,
): void {
  const width = size * 1.4 + measure(text, size, true)
  const left = x - width / 2
  paintMark(context, plate.health, { x: left, y: y - size / 2, size }, palette)
  context.lineWidth = 4
  context.strokeStyle = palette.box
  context.textAlign = 'left'
  context.font = fontOf(size, true)
  context.strokeText(text, left + size * 1.4, y + 0.5)
  context.fillStyle = palette.text
  context.fillText(text, left + size * 1.4, y + 0.5)
  if (detail === '') return
  context.textAlign = 'center'
  context.font = fontOf(12, false)
  context.strokeText(detail, x, y + size + 4)
  context.fillStyle = palette.muted
  context.fillText(detail, x, y + size + 4)
}

function paintName(
  context: CanvasRenderingContext2D,
  { node, x, y, size, text, rest, version, isVersionBelow, reason }: Name,
  zoom: number,
  palette: Palette,
  measure: Measure,
): void {
  // A halo in the colour behind it keeps the name apart from a line that passes.
  context.lineWidth = 4
  context.strokeStyle = node.box === undefined ? palette.page : palette.box
  const hasSecond = rest !== '' || isVersionBelow
  paintLine(context, { text, version: isVersionBelow ? '' : version, x, y, size }, palette, measure)
  if (hasSecond)
    paintLine(
      context,
      { text: rest, version: isVersionBelow ? version : '', x, y: y + size + 2, size },
      palette,
      measure,
    )
  if (reason === '') return
  const lines = text === '' && version === '' ? 0 : hasSecond ? 2 : 1
  const below = y + lines * (size + 2) + (lines === 0 ? 0 : 1)
  context.textAlign = 'center'
  context.font = fontOf(textSize(12, zoom), true)
  context.strokeText(reason, x, below)
  context.fillStyle = node.health === 'failing' ? palette.failingText : palette.degradedText
  context.fillText(reason, x, below)
}

interface Line {
  readonly text: string
  readonly version: string
  readonly x: number
  readonly y: number
  readonly size: number
}

/** A line around its middle: a name, a version in grey, or both. */
function paintLine(
  context: CanvasRenderingContext2D,
  { text, version, x, y, size }: Line,
  palette: Palette,
  measure: Measure,
): void {
  const gap = text === '' || version === '' ? 0 : 4
  const width = measure(text, size, false)
  const left = x - (width + gap + measure(version, size - 1, false)) / 2
  context.textAlign = 'left'
  context.font = fontOf(size, false)
  context.strokeText(text, left, y)
  context.fillStyle = palette.text
  context.fillText(text, left, y)
  if (version === '') return
  context.font = fontOf(size - 1, false)
  context.strokeText(version, left + width + gap, y)
  context.fillStyle = palette.muted
  context.fillText(version, left + width + gap, y)
}

const lockClosed = 'M4 7.5h8v5.5H4zM5.8 7.5V5.4a2.2 2.2 0 0 1 4.4 0v2.1'
const lockOpen = 'M4 7.5h8v5.5H4zM5.8 7.5V5a2.2 2.2 0 0 1 4.2-1'

function paintPill(context: CanvasRenderingContext2D, { edge, text, rect, size }: Pill, palette: Palette): void {
  const { health, padlock } = edge
  const isBold = isTrouble(health)
  const colours =
    health === 'failing'
      ? { line: palette.failing, fill: palette.failingSoft, text: palette.failingText }
      : health === 'degraded'
        ? { line: palette.degraded, fill: palette.degradedSoft, text: palette.degradedText }
        : { line: palette.border, fill: palette.page, text: palette.edgeText }
  const [width, height] = [rect.right - rect.left, rect.bottom - rect.top]
  context.beginPath()
  context.roundRect(rect.left, rect.top, width, height, height / 2)
  context.fillStyle = colours.fill
  context.fill()
  context.lineWidth = 1
  context.strokeStyle = colours.line
  context.stroke()
  let left = rect.left + 7
  const middle = rect.top + height / 2
  if (padlock !== undefined) {
    strokePath(context, padlock === 'closed' ? lockClosed : lockOpen, {
      x: left - 2,
      y: middle - size / 2 - 1,
      scale: (size + 2) / 16,
      colour: colours.text,
      width: 1.7,
    })
    left += size + 1
  }
  context.textAlign = 'left'
  context.font = fontOf(size, isBold)
  context.fillStyle = colours.text
  context.fillText(text, left, middle + 0.5)
}

function paintMark(
  context: CanvasRenderingContext2D,
  health: HealthState,
  at: { readonly x: number; readonly y: number; readonly size: number },
  palette: Palette,
): void {
  const { outline, glyph } = healthShapes[health]
  const scale = at.size / 14
  const place = { x: at.x, y: at.y, scale }
  if (health === 'failing') {
    fillPath(context, outline, { ...place, colour: palette.failingBadge })
    strokePath(context, glyph ?? '', { ...place, colour: '#fff', width: 1.7 })
  } else if (health === 'degraded' || health === 'notReady') {
    fillPath(context, outline, { ...place, colour: palette.degradedBadge })
    strokePath(context, outline, { ...place, colour: palette.degraded, width: 1 })
    strokePath(context, glyph ?? '', { ...place, colour: palette.degradedBadgeText, width: 1.5 })
  } else {
    const colour = health === 'healthy' ? palette.healthy : palette.muted
    strokePath(context, outline, {
      ...place,
      colour,
      width: 1.5,
      dash: health === 'idle' ? [0.1, 2.9] : health === 'unknown' ? [2.6, 2.1] : [],
    })
    strokePath(context, glyph ?? '', { ...place, colour, width: 1.5 })
  }
}

interface Stroke {
  readonly x: number
  readonly y: number
  readonly scale: number
  readonly colour: string
  readonly width: number
  readonly dash?: readonly number[]
}

const paths = new Map<string, Path2D>()

function pathOf(d: string): Path2D {
  const known = paths.get(d)
  if (known !== undefined) return known
  const path = new Path2D(d)
  paths.set(d, path)
  return path
}

function strokePath(
  context: CanvasRenderingContext2D,
  d: string,
  { x, y, scale, colour, width, dash = [] }: Stroke,
): void {
  context.save()
  context.translate(x, y)
  context.scale(scale, scale)
  context.lineWidth = width
  context.lineCap = 'round'
  context.setLineDash([...dash])
  context.strokeStyle = colour
  context.stroke(pathOf(d))
  context.restore()
}

function fillPath(
  context: CanvasRenderingContext2D,
  d: string,
  { x, y, scale, colour }: Omit<Stroke, 'width' | 'dash'>,
): void {
  context.save()
  context.translate(x, y)
  context.scale(scale, scale)
  context.fillStyle = colour
  context.fill(pathOf(d))
  context.restore()
}

/** What is marked above the graph without touching it; areas and lines are the model's. */
export interface Highlights {
  /** 2 px outlines: what is selected. */
  readonly selected?: Rect | Route
  /** Dashed outline: where the keyboard stands. */
  readonly focused?: Rect
  /** Softest and widest: what was found. */
  readonly found: readonly (Rect | Route)[]
  /** Soft: what the pointer is on, and its direct neighbours. */
  readonly near: readonly (Rect | Route)[]
  /** Ids of the edges that the selection is about: the others stand back. */
  readonly lit?: ReadonlySet<string>
}

/** Draws highlights; the context's origin is the model's, in CSS pixels. */
export function paintHighlights(
  context: CanvasRenderingContext2D,
  { found, near, selected, focused }: Highlights,
  zoom: number,
  palette: Palette,
): void {
  const halo = (mark: Rect | Route, { line, around, by }: { line: number; around: number; by: number }) => {
    context.lineWidth = isRoute(mark) ? line : around
    if (isRoute(mark)) strokeRoute(context, mark, zoom)
    else ring(context, mark, by, zoom)
  }
  context.lineJoin = 'round'
  context.lineCap = 'round'
  context.strokeStyle = palette.accent
  context.globalAlpha = 0.22
  for (const mark of found) halo(mark, { line: Math.max(12 * zoom, 7), around: Math.max(12 * zoom, 7), by: 9 })
  context.globalAlpha = 0.3
  for (const mark of near) halo(mark, { line: Math.max(7 * zoom, 5), around: Math.max(6 * zoom, 4), by: 7 })
  context.globalAlpha = selected !== undefined && isRoute(selected) ? 0.55 : 1
  if (selected !== undefined) halo(selected, { line: Math.max(6 * zoom, 4), around: 2, by: 7 })
  context.globalAlpha = 1
  if (focused === undefined) return
  context.setLineDash([5, 4])
  halo(focused, { line: 2, around: 2, by: 12 })
  context.setLineDash([])
}

const isRoute = (mark: Rect | Route): mark is Route => 'bends' in mark

/** Around a node with some air; around what is larger at its border. */
function ring(context: CanvasRenderingContext2D, rect: Rect, by: number, zoom: number): void {
  const isNode = rect.right - rect.left <= sizes.node
  const air = isNode ? by * zoom : 0
  const [left, top] = [rect.left * zoom - air, rect.top * zoom - air]
  const [width, height] = [rect.right * zoom + air - left, rect.bottom * zoom + air - top]
  context.beginPath()
  context.roundRect(left, top, width, height, isNode ? width / 4 : 8)
  context.stroke()
}

function strokeRoute(context: CanvasRenderingContext2D, { start, end, bends, isLoop }: Route, zoom: number): void {
  if (isLoop) return
  context.beginPath()
  context.moveTo(start.x * zoom, start.y * zoom)
  bends.forEach((bend, index) => {
    const next = bends[index + 1]
    const to = next === undefined ? end : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 }
    context.quadraticCurveTo(bend.x * zoom, bend.y * zoom, to.x * zoom, to.y * zoom)
  })
  context.stroke()
}
