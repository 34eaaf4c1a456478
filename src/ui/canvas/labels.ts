import { isTrouble, type Drawing, type DrawnBox, type DrawnEdge, type DrawnNode } from './drawing.ts'
import { overlaps, sizes, type Places, type Rect } from './geometry.ts'
import { pointOn, type Route } from './routes.ts'
import { isDense, nodeScale, type Plate } from './scene.ts'

/** Where everything that is written goes, in screen pixels from the model's origin (so that moving the camera changes nothing). */
export interface Labels {
  readonly titles: readonly Title[]
  readonly names: readonly Name[]
  readonly pills: readonly Pill[]
  readonly plates: readonly PlateTitle[]
}

/** The name of a plate, and under it what is inside. */
export interface PlateTitle {
  readonly plate: Plate
  /** The middle of mark and name. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
  readonly detail: string
}

export interface Title {
  readonly box: DrawnBox
  /** The left end of mark and text, and the middle of the line. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
  readonly detail: string
}

export interface Name {
  readonly node: DrawnNode
  /** The middle of the text, and its first line's middle. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
  /** The rest of a name that is written in two lines. */
  readonly rest: string
  readonly version: string
  /** Whether the version stands in the second line. */
  readonly isVersionBelow: boolean
  readonly reason: string
}

export interface Pill {
  readonly edge: DrawnEdge
  readonly text: string
  readonly rect: Rect
  readonly size: number
}

/** The width of a text in pixels, at a size in pixels. */
export type Measure = (text: string, size: number, isBold: boolean) => number

export interface LabelQuestion {
  readonly drawing: Drawing
  readonly places: Places
  readonly frames: ReadonlyMap<string, Rect>
  readonly routes: ReadonlyMap<string, Route>
  readonly plates?: ReadonlyMap<string, Plate>
  readonly zoom: number
  readonly measure: Measure
  /** Edges whose pills go before all others'. */
  readonly lit?: ReadonlySet<string> | undefined
}

/** Nothing on the screen is written smaller (CSS pixels). */
export const smallestText = 11
const largestText = 16
/** Pills of what is well where lines cover each other. */
const mostCrowdedPills = 16
/** Tried along an edge, the middle first. */
const pillSpots = [0.5, 0.43, 0.57, 0.36, 0.64, 0.29, 0.71, 0.22, 0.78]

/** The size of a text that is `size` pixels at zoom 1: legible at every zoom, never a headline. */
export function textSize(size: number, zoom: number): number {
  return Math.min(Math.max(size * zoom, smallestText), largestText)
}

/**
 * What is written and where, so that no text covers a node or another text: titles of plates and boxes first, then names (trouble first, then the
 * busier), then pills. What finds no room is left out, pills before names; the names of what is in trouble never are.
 */
export function labelsFor(question: LabelQuestion): Labels {
  const taken = new Occupied()
  const { drawing, places, zoom } = question
  const nodeHalf = halfOf(question)
  for (const { id } of drawing.nodes) {
    const place = places.get(id)
    if (place === undefined) continue
    const half = nodeHalf * zoom + 1
    taken.add({
      left: place.x * zoom - half,
      right: place.x * zoom + half,
      top: place.y * zoom - half,
      bottom: place.y * zoom + half,
    })
  }
  const plates = plateTitles(question, taken)
  const titles = titlesFor(question, taken)
  const names = namesFor(question, taken)
  return {
    titles: titles.map((title) => titleInFull(title, question, taken)),
    names: names.map((name) => nameInFull(name, question, taken)),
    pills: pillsFor(question, taken),
    plates,
  }
}

/** Half a node's side as it is drawn. */
const halfOf = ({ plates = new Map(), zoom }: LabelQuestion) => (sizes.node / 2) * nodeScale({ plates }, zoom)

const largestPlateText = 20

/** Every plate says its name: as large as it fits, in the middle or where nothing stands in the way; trouble first. */
function plateTitles({ plates, zoom, measure }: LabelQuestion, taken: Occupied): readonly PlateTitle[] {
  const order = [...(plates?.values() ?? [])].sort(
    (a, b) =>
      Number(isTrouble(b.health)) - Number(isTrouble(a.health)) || b.rank - a.rank || (a.name < b.name ? -1 : 1),
  )
  return order.flatMap((plate) => {
    const { left, right, top, bottom } = plate.rect
    const [wide, high, x] = [(right - left) * zoom, (bottom - top) * zoom, ((left + right) / 2) * zoom]
    const unit = measure(plate.name.slice(0, longestWhole), 1, true) + 1.4
    const largest = Math.floor(
      Math.min(Math.max(Math.min((wide - 16) / unit, high / 3), smallestText), largestPlateText),
    )
    const shortAt = (size: number) =>
      shorten(plate.name, Math.max(wide - 8, 90) - size * 1.4, (part) => measure(part, size, true))
    // Smaller rather than over a node, shortened rather than not at all.
    const sizesTried = [...new Set([largest, Math.min(largest, 13), smallestText])]
    const wordings = [
      ...(isReadable(plate.name) ? sizesTried.map((size) => ({ size, text: plate.name })) : []),
      { size: smallestText, text: shortAt(smallestText) },
    ]
    for (const { size, text } of wordings) {
      const detail = high > size * 3.2 && measure(plate.detail, 12, false) < wide - 8 ? plate.detail : ''
      const rows = detail === '' ? 1 : 2
      const half = Math.max(measure(text, size, true) + size * 1.4, detail === '' ? 0 : measure(detail, 12, false)) / 2
      const tall = (rows * (size + 5)) / 2
      for (const middle of [((top + bottom) / 2) * zoom, top * zoom + tall, bottom * zoom - tall]) {
        const y = rows === 1 ? middle : middle - size / 2 - 1
        const rect = {
          left: x - half,
          right: x + half,
          top: y - size / 2 - 1,
          bottom: y - size / 2 + rows * (size + 4),
        }
        if (!taken.isFree(rect)) continue
        taken.add(rect)
        return [{ plate, x, y, size, text, detail }]
      }
    }
    const size = smallestText
    return isTrouble(plate.health)
      ? [{ plate, x, y: top * zoom + size / 2 + 3, size, text: shortAt(size), detail: '' }]
      : []
  })
}

/** With the room it took. */
type Placed<T> = T & { readonly rect: Rect }

function titlesFor({ drawing, frames, zoom, measure }: LabelQuestion, taken: Occupied): readonly Placed<Title>[] {
  const order = [...drawing.boxes].sort(
    (a, b) =>
      Number(isTrouble(b.health)) - Number(isTrouble(a.health)) || Number(a.kind === 'app') - Number(b.kind === 'app'),
  )
  return order.flatMap((box) => {
    const frame = frames.get(box.id)
    if (frame === undefined) return []
    const size = textSize(13, zoom)
    const inset = Math.min(8 * zoom, 8)
    const x = frame.left * zoom + inset
    const room = (frame.right - frame.left) * zoom - inset - size - 6 - 3
    const isBold = box.kind === 'app'
    const text = shorten(box.name, room, (part) => measure(part, size, isBold))
    if (text === '') return []
    const width = measure(text, size, isBold)
    const detail = width + 8 + measure(box.detail, size - 1, false) <= room ? box.detail : ''
    const y = frame.top * zoom + Math.max((box.kind === 'app' ? 14 : 16) * zoom, size / 2 + 2)
    const whole = width + size + 6 + (detail === '' ? 0 : 8 + measure(detail, size - 1, false))
    const rect = { left: x, right: x + whole, top: y - size / 2, bottom: y + size / 2 }
    if (!isTrouble(box.health) && !taken.isFree(rect)) return []
    taken.add(rect)
    return [{ box, x, y, size, text, detail, rect }]
  })
}

/** A shortened title in full, where what stands beside its box leaves room. */
function titleInFull({ rect, ...title }: Placed<Title>, { measure }: LabelQuestion, taken: Occupied): Title {
  const { box, size, text } = title
  const width = size + 6 + measure(box.name.slice(0, 80), size, box.kind === 'app')
  if (text === box.name || !isReadable(box.name) || width > 2.2 * (rect.right - rect.left)) return title
  const wide = { ...rect, right: rect.left + width }
  if (!taken.isFree(wide, rect)) return title
  taken.add(wide)
  return { ...title, text: box.name, detail: '' }
}

/** A shortened name in full, where its neighbours turned out to leave room. */
function nameInFull({ rect, ...name }: Placed<Name>, { measure }: LabelQuestion, taken: Occupied): Name {
  const { node, size, text, rest, version, x } = name
  const whole = node.name ?? ''
  if (text + rest === whole || !isReadable(whole)) return name
  const width = measure(whole, size, false)
  const wide = { ...rect, left: Math.min(rect.left, x - width / 2), right: Math.max(rect.right, x + width / 2) }
  if (width > 2.2 * Math.max(rect.right - rect.left, 60) || !taken.isFree(wide, rect)) return name
  taken.add(wide)
  return { ...name, text: whole, rest: '', version: name.isVersionBelow ? version : '' }
}

function namesFor(question: LabelQuestion, taken: Occupied): readonly Placed<Name>[] {
  const { drawing, places, zoom, measure } = question
  const nodeHalf = halfOf(question)
  const order = [...drawing.nodes].sort(
    (a, b) =>
      Number(isTrouble(b.health)) - Number(isTrouble(a.health)) ||
      Number(b.isMatch ?? false) - Number(a.isMatch ?? false) ||
      b.rank - a.rank ||
      (a.id < b.id ? -1 : 1),
  )
  const size = textSize(13, zoom)
  const usual = Math.max((sizes.column - 10) * zoom, 72)
  const reserved = new Map<string, Rect>()
  for (const { id } of drawing.nodes) {
    const place = places.get(id)
    if (place === undefined) continue
    const [x, y] = [place.x * zoom, (place.y + nodeHalf) * zoom]
    reserved.set(id, { left: x - usual / 2, right: x + usual / 2, top: y, bottom: y + size + 4 })
  }
  const others = new Occupied([...reserved.values()])
  return order.flatMap((node) => {
    const place = places.get(node.id)
    if (place === undefined) return []
    const room = roomFor(node, { usual, size, measure }, reserved.get(node.id), others)
    const reasonSize = textSize(12, zoom)
    const isBad = isTrouble(node.health)
    const written = (part: string) => measure(part, size, false)
    const reason = shorten(node.reason ?? '', Math.max(room, 110), (part) => measure(part, reasonSize, true))
    const lines = wordings(node, room, isBad, written)
    if (lines.length === 0 && reason === '') return []
    const x = place.x * zoom
    const y = (place.y + nodeHalf) * zoom + Math.max(10 * zoom, size / 2 + 1.5)
    const top = y - size / 2
    const rectOf = (wording: Wording, withReason: boolean): Rect => {
      const below = wording.rest !== '' || wording.isVersionBelow
      const count = (isWordless(wording) ? 0 : below ? 2 : 1) + (withReason && reason !== '' ? 1 : 0)
      const wide = Math.max(widthOf(wording, size, measure), withReason ? measure(reason, reasonSize, true) : 0) / 2
      return { left: x - wide, right: x + wide, top, bottom: top + count * (size + 2) - 2 }
    }
    for (const wording of lines.length === 0 ? [wordless] : lines) {
      const rect = rectOf(wording, true)
      if (!taken.isFree(rect)) continue
      taken.add(rect)
      return [{ node, x, y, size, ...wording, reason, rect }]
    }
    for (const wording of lines) {
      const rect = rectOf(wording, false)
      if (!isBad && !taken.isFree(rect)) continue
      taken.add(rect)
      return [{ node, x, y, size, ...wording, reason: '', rect }]
    }
    return []
  })
}

type Wording = Pick<Name, 'text' | 'rest' | 'version' | 'isVersionBelow'>
const wordless: Wording = { text: '', rest: '', version: '', isVersionBelow: false }
const isWordless = ({ text, version }: Wording) => text === '' && version === ''

function widthOf({ text, rest, version, isVersionBelow }: Wording, size: number, measure: Measure): number {
  const versionWidth = version === '' ? 0 : measure(version, size - 1, false)
  const [first, second] = [measure(text, size, false), measure(rest, size, false)]
  const withVersion = (width: number) => (version === '' ? width : width + (width === 0 ? 0 : 4) + versionWidth)
  return isVersionBelow ? Math.max(first, withVersion(second)) : Math.max(withVersion(first), second)
}

/** Names longer than this, or of several lines, are shortened even where they are in trouble. */
const longestWhole = 60
const isReadable = (name: string) => name.length <= longestWhole && !/\s{2,}|\n/.test(name)

/**
 * The ways to write a name, the best first: in one line, in two lines broken where words end, shortened. What is in trouble is written
 * in full as long as anybody could read it.
 */
function wordings(
  { name = '', version = '' }: DrawnNode,
  room: number,
  isBad: boolean,
  measure: (text: string) => number,
): readonly Wording[] {
  if (name === '' && version === '') return []
  const list: Wording[] = []
  const versionWidth = version === '' ? 0 : measure(version) + 4
  const isOneLine = isReadable(name) && (measure(name) <= room || name === '')
  if (isOneLine && measure(name) + versionWidth <= room)
    list.push({ text: name, rest: '', version, isVersionBelow: false })
  if (isOneLine && version !== '' && name !== '') {
    if (versionWidth <= room) list.push({ text: name, rest: '', version, isVersionBelow: true })
    list.push({ text: name, rest: '', version: '', isVersionBelow: false })
  }
  const broken = isReadable(name) && !isOneLine ? brokenInTwo(name, room, measure) : undefined
  if (broken !== undefined) {
    const [text, rest] = broken
    if (version !== '' && measure(rest) + versionWidth <= room) list.push({ text, rest, version, isVersionBelow: true })
    list.push({ text, rest, version: '', isVersionBelow: false })
  }
  if (isBad && isReadable(name) && list.length === 0)
    list.push({ text: name, rest: '', version: '', isVersionBelow: false })
  const short = isOneLine ? '' : shorten(name, room, measure)
  if (short !== '') list.push({ text: short, rest: '', version: '', isVersionBelow: false })
  return list
}

/** A name in two parts that both fit, broken after a hyphen or dot, as even as can be; `undefined` where there is no such place. */
function brokenInTwo(
  name: string,
  room: number,
  measure: (text: string) => number,
): readonly [string, string] | undefined {
  return [...name.matchAll(/[-._/ :]/g)]
    .map(({ index }) => [name.slice(0, index + 1), name.slice(index + 1)] as const)
    .filter((parts) => parts.every((part) => part !== '' && measure(part) <= room))
    .map((parts) => ({ parts, width: Math.max(...parts.map(measure)) }))
    .sort((a, b) => a.width - b.width)[0]?.parts
}

/** As wide as a name needs, where that takes nothing from its neighbours; else as wide as a column allows. */
function roomFor(
  { name = '', version = '' }: DrawnNode,
  { usual, size, measure }: { readonly usual: number; readonly size: number; readonly measure: Measure },
  own: Rect | undefined,
  others: Occupied,
): number {
  const wanted = measure(name.slice(0, 80), size, false) + 4 + measure(version.slice(0, 80), size - 1, false)
  if (own === undefined || wanted <= usual || wanted > usual * 2) return usual
  const extra = (wanted - usual) / 2
  return others.isFree({ ...own, left: own.left - extra, right: own.right + extra }, own) ? wanted + 1 : usual
}

function pillsFor({ drawing, routes, zoom, measure, lit }: LabelQuestion, taken: Occupied): readonly Pill[] {
  const isLit = ({ id }: DrawnEdge) => lit?.has(id) === true
  const labelled = drawing.edges
    .filter((edge) => edge.label !== undefined)
    .sort(
      (a, b) =>
        Number(isLit(b)) - Number(isLit(a)) ||
        Number(isTrouble(b.health)) - Number(isTrouble(a.health)) ||
        b.rank - a.rank ||
        (a.id < b.id ? -1 : 1),
    )
  // Among a thousand lines a number says nothing until one comes near.
  const isCrowded = isDense(drawing) && zoom < 1
  const order = labelled.filter(
    (edge, index) =>
      !isCrowded || isLit(edge) || isTrouble(edge.health) || (lit === undefined && index < mostCrowdedPills),
  )
  const size = Math.min(textSize(11, zoom), 13)
  return order.flatMap((edge) => {
    const route = routes.get(edge.id)
    if (route === undefined) return []
    const length = Math.hypot(route.end.x - route.start.x, route.end.y - route.start.y) * zoom
    for (const text of [edge.label, edge.shortLabel]) {
      if (text === undefined) continue
      const halfWidth = pillWidth(measure(text, size, isTrouble(edge.health)), edge, size) / 2
      const halfHeight = size / 2 + 4
      if (!route.isLoop && length < halfWidth * 1.4) continue
      for (const spot of pillSpots) {
        const point = pointOn(route, spot)
        const [x, y] = [point.x * zoom, point.y * zoom]
        const rect = { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight }
        if (!taken.isFree(rect)) continue
        taken.add(rect)
        return [{ edge, text, rect, size }]
      }
    }
    return []
  })
}

/** A pill's width: its text, the padlock where there is one, and room at both ends. */
function pillWidth(text: number, { padlock }: DrawnEdge, size: number): number {
  return text + 14 + (padlock === undefined ? 0 : size + 1)
}

/** The text, or as much of it as fits with an ellipsis in the middle; empty where not even a few letters fit. */
export function shorten(text: string, room: number, measure: (text: string) => number): string {
  // Nobody reads ten thousand letters, and measuring them all takes time.
  const letters = Array.from(text.slice(0, 300).replaceAll(/\s+/g, ' '))
  const whole = letters.join('')
  if (text.length <= 300 && measure(whole) <= room) return whole
  let [low, high] = [0, letters.length]
  while (low < high) {
    const count = Math.ceil((low + high) / 2)
    if (measure(cut(letters, count)) <= room) low = count
    else high = count - 1
  }
  return low < 3 ? '' : cut(letters, low)
}

function cut(letters: readonly string[], count: number): string {
  const head = Math.ceil(count * 0.6)
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (count - head)).join('')}`
}

/** Rectangles by the cells of a grid they touch, so that a question looks at a few of them. */
class Occupied {
  readonly #cells = new Map<number, Rect[]>()

  constructor(rects: readonly Rect[] = []) {
    for (const rect of rects) this.add(rect)
  }

  add(rect: Rect): void {
    const [left, right, top, bottom] = cellsOf(rect)
    for (let x = left; x <= right; x++) {
      for (let y = top; y <= bottom; y++) {
        const known = this.#cells.get(cellKey(x, y))
        if (known === undefined) this.#cells.set(cellKey(x, y), [rect])
        else known.push(rect)
      }
    }
  }

  isFree(rect: Rect, but?: Rect): boolean {
    const [left, right, top, bottom] = cellsOf(rect)
    for (let x = left; x <= right; x++) {
      for (let y = top; y <= bottom; y++) {
        for (const other of this.#cells.get(cellKey(x, y)) ?? [])
          if (other !== but && overlaps(rect, other)) return false
      }
    }
    return true
  }
}

const cell = 64
const cellsOf = ({ left, top, right, bottom }: Rect) =>
  [Math.floor(left / cell), Math.floor(right / cell), Math.floor(top / cell), Math.floor(bottom / cell)] as const
const cellKey = (x: number, y: number) => (x + 0x8000) * 0x1_0000 + (y + 0x8000)
