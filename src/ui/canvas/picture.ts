import type { HealthState } from '../../mesh/health.ts'
import { healthShapes } from '../kit/HealthMark.tsx'
import { depthsOf } from './depths.ts'
import { isTrouble, type DrawnEdge, type Drawing, type NodeBadge, type NodeShape } from './drawing.ts'
import { framesOf, slotOf } from './frames.ts'
import { around, sizes, type Places, type Point, type Rect } from './geometry.ts'
import { labelsFor, type Measure, type Name, type Pill, type Title } from './labels.ts'
import { badgeGlyphs, imageSize, nodeImage, nodeOutlines } from './nodeImage.ts'
import type { Palette } from './palette.ts'
import { routesOf, type Route } from './routes.ts'

/** What a picture to take away shows beside the graph itself. */
interface Caption {
  readonly title: string
  /** Scope, window, instant. */
  readonly lines: readonly string[]
  readonly states: readonly { readonly state: HealthState; readonly text: string }[]
  readonly shapes: readonly { readonly shape: NodeShape; readonly text: string }[]
  readonly badges: readonly { readonly badge: NodeBadge; readonly text: string }[]
}

export interface Picture {
  /** A whole SVG document. Names of any content are text in it and nothing else. */
  readonly svg: string
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

interface Question {
  readonly drawing: Drawing
  readonly places: Places
  readonly palette: Palette
  readonly measure: Measure
  readonly caption: Caption
}

const margin = 24
const font = "Lato, 'Helvetica Neue', Arial, sans-serif"
const leastWidth = 640

/** The drawing as an SVG document at zoom 1, with its title above and the legend below; what has no place yet is left out. */
export function pictureOf({ drawing, places, palette, measure, caption }: Question): Picture {
  const frames = framesOf(drawing, places)
  const routes = routesOf(drawing.edges, places, undefined, drawing.isBowed)
  const labels = labelsFor({ drawing, places, frames, routes, zoom: 1, measure })
  const slots = drawing.nodes.flatMap(({ id }) => {
    const place = places.get(id)
    return place === undefined ? [] : [slotOf(place, false)]
  })
  const pills = labels.pills.map(({ rect }) => rect)
  const whole = around([...frames.values(), ...slots, ...pills]) ?? { left: 0, top: 0, right: 0, bottom: 0 }
  const write = writer(measure)

  const head = 34 + caption.lines.length * 18
  const width = Math.ceil(Math.max(whole.right - whole.left, leastWidth) + 2 * margin)
  const graphHeight = whole.bottom - whole.top
  const legend = legendOf(caption, { palette, measure, write, width })
  const height = Math.ceil(head + graphHeight + legend.height + 3 * margin)
  const boxes = drawing.boxes.map(({ id, kind }) => boxOf(frames.get(id), kind, palette))
  const edges = depthsOf(drawing, undefined).flatMap(({ edges: alike, alpha }) => [
    `<g opacity="${alpha}">`,
    ...alike.map((edge) => edgeOf(edge, routes.get(edge.id), palette)),
    '</g>',
  ])
  const nodes = drawing.nodes.map((node) => {
    const place = places.get(node.id)
    if (place === undefined) return ''
    const half = imageSize / 2
    const image = `<image x="${place.x - half}" y="${place.y - half}" width="${imageSize}" height="${imageSize}" href="${escaped(nodeImage(node, palette))}"/>`
    const badges = badgesOf(node.badges, place, palette)
    if (node.inside === undefined) return image + badges
    return (
      image + badges + write(node.inside, { x: place.x, y: place.y, size: 13, colour: palette.text, anchor: 'middle' })
    )
  })
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}">`,
    `<title>${escaped(caption.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${palette.page}"/>`,
    write(caption.title, { x: margin, y: margin, size: 21, colour: palette.text }),
    ...caption.lines.map((line, index) =>
      write(line, { x: margin, y: margin + 24 + index * 18, size: 12, colour: palette.muted }),
    ),
    `<g transform="translate(${margin - whole.left} ${margin + head - whole.top})">`,
    ...boxes,
    ...edges,
    ...nodes,
    ...labels.pills.map((pill) => pillOf(pill, palette, write)),
    ...labels.titles.map((title) => titleOf(title, palette, measure, write)),
    ...labels.names.map((name) => nameOf(name, palette, measure, write)),
    '</g>',
    `<g transform="translate(${margin} ${2 * margin + head + graphHeight})">${legend.svg}</g>`,
    '</svg>',
  ].join('\n')
  return { svg, width, height }
}

/** Text that stays text: markup escaped, and what XML forbids replaced (https://www.w3.org/TR/xml/#charsets). */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

interface Written extends Point {
  readonly size: number
  readonly colour: string
  readonly isBold?: boolean
  readonly anchor?: 'middle'
  /** The colour behind it, which keeps it apart from lines that pass. */
  readonly halo?: string
}

type Write = (text: string, at: Written) => string

/** A line around its vertical middle, exactly as wide as it was measured, whatever font the reader has. */
function writer(measure: Measure): Write {
  return (text, { x, y, size, colour, isBold = false, anchor, halo }) => {
    if (text === '') return ''
    const attributes = [
      `x="${round(x)}" y="${round(y + size * 0.35)}" font-size="${size}" fill="${colour}"`,
      ` textLength="${round(measure(text, size, isBold))}" lengthAdjust="spacingAndGlyphs"`,
      isBold ? ' font-weight="700"' : '',
      anchor === undefined ? '' : ` text-anchor="${anchor}"`,
      halo === undefined ? '' : ` stroke="${halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`,
    ].join('')
    return `<text ${attributes}>${escaped(text)}</text>`
  }
}

const round = (value: number) => Number(value.toFixed(2))

/** Up to three, above the node at the left, as on the page. */
function badgesOf(badges: readonly NodeBadge[], { x, y }: Point, palette: Palette): string {
  return badges
    .slice(0, 3)
    .map(
      (badge, index) =>
        `<g transform="translate(${round(x - 20 + index * 13)} ${round(y - 18)})"><circle r="7.5" fill="${palette.page}" stroke="${palette.input}"/>${badgeGlyph(badge, 0.62, palette)}</g>`,
    )
    .join('')
}

/** A badge's glyph around the origin. */
const badgeGlyph = (badge: NodeBadge, scale: number, { muted }: Palette) =>
  `<path d="${badgeGlyphs[badge]}" transform="scale(${scale}) translate(-8 -8)" fill="none" stroke="${muted}" stroke-width="1.9" stroke-linecap="round"/>`

function boxOf(frame: Rect | undefined, kind: 'namespace' | 'app', palette: Palette): string {
  if (frame === undefined) return ''
  const fill = kind === 'app' ? palette.page : palette.box
  return `<rect x="${round(frame.left)}" y="${round(frame.top)}" width="${round(frame.right - frame.left)}" height="${round(frame.bottom - frame.top)}" rx="8" fill="${fill}" stroke="${palette.border}"/>`
}

function edgeOf({ health, width }: DrawnEdge, route: Route | undefined, palette: Palette): string {
  if (route === undefined) return ''
  const colour = health === 'failing' ? palette.failing : health === 'degraded' ? palette.degraded : palette.edge
  const dash = health === 'degraded' ? ' stroke-dasharray="7 4"' : health === 'idle' ? ' stroke-dasharray="2 3"' : ''
  const line = `fill="none" stroke="${colour}" stroke-width="${round(width)}"${dash}`
  const { x, y } = route.end
  if (route.isLoop) {
    const half = sizes.node / 2
    return `<path d="M${round(x - 6)} ${round(y - half)}c-16 -30 28 -30 12 0" ${line}/>`
  }
  const size = 5 + width
  const from = route.bends.at(-1) ?? route.start
  const angle = (Math.atan2(y - from.y, x - from.x) * 180) / Math.PI
  const turned = angle === 0 ? '' : ` transform="rotate(${round(angle)} ${round(x)} ${round(y)})"`
  const arrow = `<path d="M${round(x)} ${round(y)}l${round(-size)} ${round(-size / 2)}v${round(size)}z" fill="${colour}"${turned}/>`
  return `<path d="${curveOf(route)}" ${line}/>${arrow}`
}

/** Quadratic curves that meet in the middle between two bends. */
function curveOf({ start, end, bends }: Route): string {
  const parts = [`M${round(start.x)} ${round(start.y)}`]
  if (bends.length === 0) parts.push(`L${round(end.x)} ${round(end.y)}`)
  for (const [index, bend] of bends.entries()) {
    const next = bends[index + 1]
    const to = next === undefined ? end : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 }
    parts.push(`Q${round(bend.x)} ${round(bend.y)} ${round(to.x)} ${round(to.y)}`)
  }
  return parts.join('')
}

function pillOf({ edge, text, rect, size }: Pill, palette: Palette, write: Write): string {
  const [fill, line, colour] =
    edge.health === 'failing'
      ? [palette.failingSoft, palette.failing, palette.failingText]
      : edge.health === 'degraded'
        ? [palette.degradedSoft, palette.degraded, palette.degradedText]
        : [palette.page, palette.border, palette.edgeText]
  const height = rect.bottom - rect.top
  const isLocked = edge.padlock !== undefined
  const middle = rect.top + height / 2
  const lock = edge.padlock === 'closed' ? 'V5.4a2.2 2.2 0 0 1 4.4 0v2.1' : 'V5a2.2 2.2 0 0 1 4.2-1'
  return [
    `<rect x="${round(rect.left)}" y="${round(rect.top)}" width="${round(rect.right - rect.left)}" height="${round(height)}" rx="${round(height / 2)}" fill="${fill}" stroke="${line}"/>`,
    isLocked
      ? `<path d="M4 7.5h8v5.5H4zM5.8 7.5${lock}" transform="translate(${round(rect.left + 5)} ${round(middle - size / 2 - 1)}) scale(${round((size + 2) / 16)})" fill="none" stroke="${colour}" stroke-width="1.7"/>`
      : '',
    write(text, {
      x: rect.left + 7 + (isLocked ? size + 1 : 0),
      y: middle,
      size,
      colour,
      isBold: isTrouble(edge.health),
    }),
  ].join('')
}

function titleOf({ box, x, y, size, text, detail }: Title, palette: Palette, measure: Measure, write: Write): string {
  const isBold = box.kind === 'app'
  const left = x + size + 6
  return [
    markOf(box.health, { x, y: y - size / 2 }, size, palette),
    write(text, { x: left, y, size, colour: palette.text, isBold }),
    write(detail, { x: left + measure(text, size, isBold) + 8, y, size: size - 1, colour: palette.muted }),
  ].join('')
}

function nameOf(name: Name, palette: Palette, measure: Measure, write: Write): string {
  const { node, x, y, size, text, rest, version, isVersionBelow, reason } = name
  const halo = node.box === undefined ? palette.page : palette.box
  const line = (words: string, grey: string, at: number): string => {
    const gap = words === '' || grey === '' ? 0 : 4
    const wide = measure(words, size, false)
    const left = x - (wide + gap + measure(grey, size - 1, false)) / 2
    return (
      write(words, { x: left, y: at, size, colour: palette.text, halo }) +
      write(grey, { x: left + wide + gap, y: at, size: size - 1, colour: palette.muted, halo })
    )
  }
  const hasSecond = rest !== '' || isVersionBelow
  const lines = text === '' && version === '' ? 0 : hasSecond ? 2 : 1
  const colour = node.health === 'failing' ? palette.failingText : palette.degradedText
  return [
    line(text, isVersionBelow ? '' : version, y),
    hasSecond ? line(rest, isVersionBelow ? version : '', y + size + 2) : '',
    write(reason, { x, y: y + lines * (size + 2), size: 12, colour, isBold: true, anchor: 'middle', halo }),
  ].join('')
}

function markOf(health: HealthState, { x, y }: Point, size: number, palette: Palette): string {
  const { outline, glyph } = healthShapes[health]
  const [fill, line, inside] =
    health === 'failing'
      ? [palette.failingBadge, palette.failingBadge, '#fff']
      : health === 'degraded' || health === 'notReady'
        ? [palette.degradedBadge, palette.degraded, palette.degradedBadgeText]
        : [
            'none',
            health === 'healthy' ? palette.healthy : palette.muted,
            health === 'healthy' ? palette.healthy : palette.muted,
          ]
  const dash =
    health === 'idle'
      ? ' stroke-dasharray=".1 2.9" stroke-linecap="round"'
      : health === 'unknown'
        ? ' stroke-dasharray="2.6 2.1"'
        : ''
  const mark = `<path d="${outline}" fill="${fill}" stroke="${line}" stroke-width="1.4"${dash}/>`
  const sign =
    glyph === undefined
      ? ''
      : `<path d="${glyph}" fill="none" stroke="${inside}" stroke-width="1.6" stroke-linecap="round"/>`
  return `<g transform="translate(${round(x)} ${round(y)}) scale(${round(size / 14)})">${mark}${sign}</g>`
}

interface LegendTools {
  readonly palette: Palette
  readonly measure: Measure
  readonly write: Write
  readonly width: number
}

/** Marks and outlines with their words, in as many rows as the width asks for. */
function legendOf({ states, shapes, badges }: Caption, { palette, measure, write, width }: LegendTools) {
  const items = [
    ...states.map(({ state, text }) => ({ text, mark: markOf(state, { x: 0, y: -7 }, 14, palette) })),
    ...shapes.map(({ shape, text }) => ({
      text,
      mark: `<path d="${nodeOutlines[shape]}" transform="translate(7 0) scale(.36)" fill="none" stroke="${palette.muted}" stroke-width="3.6"/>`,
    })),
    ...badges.map(({ badge, text }) => ({
      text,
      mark: `<g transform="translate(7 0)">${badgeGlyph(badge, 0.9, palette)}</g>`,
    })),
  ]
  let [x, y] = [0, 7]
  const parts = items.map(({ text, mark }) => {
    const wide = 20 + measure(text, 12, false) + 16
    if (x > 0 && x + wide > width - 2 * margin) [x, y] = [0, y + 22]
    const part = `<g transform="translate(${round(x)} ${y})">${mark}${write(text, { x: 20, y: 0, size: 12, colour: palette.muted })}</g>`
    x += wide
    return part
  })
  return { svg: parts.join(''), height: y + 7 }
}
