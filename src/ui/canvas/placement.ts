import { framesOf, slotOf, type Topology } from './frames.ts'
import { around, grown, overlaps, sizes, type Places, type Point, type Rect } from './geometry.ts'
import { layoutOf } from './layout.ts'
import { inOrder } from './spread.ts'

/**
 * `known` with a place for every node that has none: near its box and its neighbours, without covering a node, and without pushing its
 * box into another where there is such a place. Nobody else moves. The same input gives the same places.
 */
export function placeNew(topology: Topology, known: Places): ReadonlyMap<string, Point> {
  const places = new Map(known)
  const boxes = new Map(topology.boxes.map((box) => [box.id, box]))
  for (const { id, box } of inOrder(topology.nodes, (node) => node.id)) {
    if (places.has(id)) continue
    const isVersion = box !== undefined && boxes.get(box)?.kind === 'app'
    const namespace = isVersion ? boxes.get(box)?.parent : box
    const siblings = topology.nodes
      .filter((node) => node.box === box && box !== undefined)
      .flatMap(({ id: other }) => at(places, other))
    const wish = wishOf(id, topology, places, siblings)
    if (isVersion && siblings.length > 0) {
      const x = siblings[0]?.x ?? wish.x
      places.set(id, { x, y: Math.max(...siblings.map(({ y }) => y)) + sizes.versionRow })
      continue
    }
    places.set(id, freePlace(wish, topology, places, { id, box, isVersion, namespace }))
  }
  return places
}

/**
 * `known` with places for all nodes of one namespace, most of which arrive together: laid out among themselves, and set down as a block
 * where it covers nothing, as near as can be to those they talk to. Nobody else moves.
 */
export function placeBlock(topology: Topology, known: Places, members: Topology['nodes']): ReadonlyMap<string, Point> {
  const ids = new Set(members.map(({ id }) => id))
  const boxIds = new Set(members.flatMap(({ box }) => (box === undefined ? [] : [box])))
  const inside = topology.boxes.filter(({ id }) => boxIds.has(id))
  const parents = new Set(inside.flatMap(({ parent }) => (parent === undefined ? [] : [parent])))
  const block: Topology = {
    boxes: [...topology.boxes.filter(({ id }) => parents.has(id) && !boxIds.has(id)), ...inside],
    nodes: members,
    edges: topology.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
  }
  const own = layoutOf(block)
  const frame = around([...framesOf(block, own).values(), ...[...own.values()].map((place) => slotOf(place, false))])
  if (frame === undefined) return placeNew(topology, known)

  const apps = new Set(topology.boxes.filter(({ kind }) => kind === 'app').map(({ id }) => id))
  const standing = topology.nodes.filter(({ id }) => !ids.has(id))
  const taken = [
    ...framesOf({ boxes: topology.boxes, nodes: standing }, known).values(),
    ...standing.flatMap(({ id, box }) =>
      at(known, id).map((place) => slotOf(place, box !== undefined && apps.has(box))),
    ),
  ]
  const [width, height] = [frame.right - frame.left, frame.bottom - frame.top]
  const wish = blockWish(topology, known, ids)
  const offset = freeSpot({ x: wish.x - width / 2, y: wish.y - height / 2 }, { width, height }, taken)
  const places = new Map(known)
  const [dx, dy] = [Math.round(offset.x - frame.left), Math.round(offset.y - frame.top)]
  for (const [id, { x, y }] of own) places.set(id, { x: x + dx, y: y + dy })
  return places
}

/** Where the block would like to be: amid whom its members talk to. */
function blockWish({ edges }: Topology, known: Places, ids: ReadonlySet<string>): Point {
  const peers = edges.flatMap(({ source, target }) =>
    ids.has(source) && !ids.has(target)
      ? at(known, target)
      : ids.has(target) && !ids.has(source)
        ? at(known, source)
        : [],
  )
  const near = peers.length > 0 ? peers : [...known.values()]
  const count = Math.max(near.length, 1)
  return { x: near.reduce((sum, { x }) => sum + x, 0) / count, y: near.reduce((sum, { y }) => sum + y, 0) / count }
}

/** The top left corner nearest to `wish` at which a rectangle touches none of `taken`: beside one of them, or where it wishes. */
function freeSpot(
  wish: Point,
  size: { readonly width: number; readonly height: number },
  taken: readonly Rect[],
): Point {
  const xs = [wish.x, ...taken.flatMap(({ left, right }) => [right + sizes.boxGap, left - sizes.boxGap - size.width])]
  const ys = [wish.y, ...taken.flatMap(({ top, bottom }) => [bottom + sizes.boxGap, top - sizes.boxGap - size.height])]
  let best: { readonly at: Point; readonly cost: number } | undefined
  for (const x of new Set(xs)) {
    for (const y of new Set(ys)) {
      const cost = Math.hypot(x - wish.x, y - wish.y)
      if (best !== undefined && cost >= best.cost) continue
      const rect = { left: x, top: y, right: x + size.width, bottom: y + size.height }
      if (!taken.some((other) => overlaps(rect, other))) best = { at: { x, y }, cost }
    }
  }
  return best?.at ?? wish
}

const at = (places: Places, id: string): readonly Point[] => {
  const place = places.get(id)
  return place === undefined ? [] : [place]
}

/** One column right of its callers, else one left of those it calls, else with its box, else under everything. */
function wishOf(id: string, { edges }: Topology, places: Places, siblings: readonly Point[]): Point {
  const callers = edges.filter(({ target }) => target === id).flatMap(({ source }) => at(places, source))
  const called = edges.filter(({ source }) => source === id).flatMap(({ target }) => at(places, target))
  const ys = [...callers, ...called].map(({ y }) => y)
  const y = ys.length === 0 ? undefined : ys.reduce((sum, each) => sum + each, 0) / ys.length
  const pitch = pitchOf(places)
  if (callers.length > 0) return { x: Math.max(...callers.map((place) => place.x)) + pitch, y: y ?? 0 }
  if (called.length > 0) return { x: Math.min(...called.map((place) => place.x)) - pitch, y: y ?? 0 }
  if (siblings.length > 0) {
    return {
      x: siblings[0]?.x ?? 0,
      y: Math.max(...siblings.map((place) => place.y)) + sizes.slotAbove + sizes.slotBelow,
    }
  }
  const all = [...places.values()]
  return all.length === 0
    ? { x: 0, y: 0 }
    : { x: Math.min(...all.map((place) => place.x)), y: Math.max(...all.map((place) => place.y)) + 140 }
}

interface Newcomer {
  readonly id: string
  readonly box: string | undefined
  readonly isVersion: boolean
  readonly namespace: string | undefined
}

function freePlace(wish: Point, topology: Topology, places: Places, newcomer: Newcomer): Point {
  const apps = new Set(topology.boxes.filter(({ kind }) => kind === 'app').map(({ id }) => id))
  const slots = topology.nodes.flatMap(({ id, box }) =>
    at(places, id).map((place) => slotOf(place, box !== undefined && apps.has(box))),
  )
  const frames = framesOf(topology, places)
  const own = new Set([newcomer.box, newcomer.namespace])
  const others = topology.boxes.flatMap(({ id }) => {
    const frame = frames.get(id)
    return frame === undefined || own.has(id) ? [] : [frame]
  })
  const ownFrame = newcomer.namespace === undefined ? undefined : frames.get(newcomer.namespace)
  let fallback: Point | undefined
  for (const place of candidates(wish, pitchOf(places))) {
    const slot = slotOf(place, newcomer.isVersion)
    if (slots.some((other) => overlaps(slot, other))) continue
    fallback ??= place
    const frame = frameWith(slot, newcomer, ownFrame)
    if (!others.some((other) => overlaps(grown(frame, 2), other))) return place
  }
  return fallback ?? { x: wish.x, y: Math.max(wish.y, ...[...places.values()].map(({ y }) => y + 160)) }
}

function frameWith(slot: Rect, { namespace, isVersion }: Newcomer, ownFrame: Rect | undefined): Rect {
  if (namespace === undefined) return slot
  const room = grown(slot, sizes.namespacePadding)
  const header = sizes.namespaceHeader + (isVersion ? sizes.appHeader : 0)
  const alone = { ...room, top: slot.top - header }
  return around(ownFrame === undefined ? [alone] : [alone, ownFrame]) ?? alone
}

/** From one column to the next, as the layout drew them apart. */
function pitchOf(places: Places): number {
  const xs = [...new Set([...places.values()].map(({ x }) => x))].sort((a, b) => a - b)
  const gaps = xs.slice(1).map((x, index) => x - (xs[index] ?? x))
  const usual = gaps.filter((gap) => gap >= sizes.column && gap <= sizes.column * 1.5)
  return usual.length === 0 ? sizes.column : Math.min(...usual)
}

/** Places around a wish, the nearer the earlier: rows of half a slot, columns as the layout has them. */
function candidates(wish: Point, pitch: number): readonly Point[] {
  const list: { readonly place: Point; readonly cost: number }[] = []
  for (let column = -6; column <= 6; column++) {
    for (let row = -24; row <= 24; row++) {
      const [dx, dy] = [column * pitch, row * 40]
      list.push({ place: { x: wish.x + dx, y: Math.round(wish.y + dy) }, cost: Math.abs(dx) * 1.3 + Math.abs(dy) })
    }
  }
  return list.sort((a, b) => a.cost - b.cost).map(({ place }) => place)
}
