import { framesOf, slotOf, type Topology } from './frames.ts'
import { around, sizes, type Point, type Rect } from './geometry.ts'
import { layersOf } from './layers.ts'
import { layoutOf } from './layout.ts'
import { inOrder } from './spread.ts'

/** A namespace with its nodes laid out, or one node without a box: what the forces move about. */
interface Block {
  readonly id: string
  readonly own: ReadonlyMap<string, Point>
  /** Of its frame, around `own`. */
  readonly frame: Rect
  readonly width: number
  readonly height: number
  /** Its middle. */
  x: number
  y: number
}

/** Rounds of the forces; always as many, so that the same topology gives the same places. */
const rounds = 240
/** Above and below: room for lines and their numbers. */
const rowGap = { box: 46, node: 44 } as const
const screen = { width: 1000, height: 740 } as const

/**
 * Where the nodes go when everybody calls everybody: every namespace a block about as wide as high, and the blocks by forces in a plane
 * of the screen's shape, those that talk to each other side by side. Boxes never overlap. No nodes give no places.
 */
export function groupedOf(topology: Topology): ReadonlyMap<string, Point> {
  const blocks = blocksOf(topology)
  const pulls = pullsOf(topology, blocks)
  start(blocks, pulls)
  for (let round = 0; round < rounds; round++) move(blocks, pulls, 1 - round / rounds)
  for (let round = 0; round < 400 && pushApart(blocks); round++);
  close(blocks)
  snap(blocks)
  const places = new Map<string, Point>()
  for (const { own, frame, x, y } of blocks) {
    const least = Math.min(...[...own.values()].map((place) => place.x))
    const dx = Math.floor((x - (frame.right - frame.left) / 2 + sizes.slotHalf) / sizes.column) * sizes.column - least
    const dy = Math.round(y - (frame.top + frame.bottom) / 2)
    for (const [id, place] of own) places.set(id, { x: place.x + dx, y: place.y + dy })
  }
  return places
}

function blocksOf({ boxes, nodes, edges }: Topology): Block[] {
  const outer = new Map(boxes.map(({ id, parent }) => [id, parent ?? id]))
  const members = new Map<string, { id: string; box?: string }[]>()
  for (const node of inOrder(nodes, ({ id }) => id)) {
    const key = node.box === undefined ? node.id : (outer.get(node.box) ?? node.box)
    const known = members.get(key)
    if (known === undefined) members.set(key, [node])
    else known.push(node)
  }
  return inOrder([...members], ([id]) => id).map(([id, list]) => {
    const ids = new Set(list.map((node) => node.id))
    const inside = boxes.filter((box) => (outer.get(box.id) ?? box.id) === id)
    const part: Topology = {
      boxes: inside,
      nodes: list,
      edges: edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
    }
    const own = layoutOf(part)
    const slots = [...own.values()].map((place) => slotOf(place, false))
    const frame = around([...framesOf(part, own).values(), ...slots]) ?? { left: 0, right: 0, top: 0, bottom: 0 }
    const isBox = inside.length > 0
    // In whole columns, so that the columns of all blocks can stand on one grid, where lines find the gaps between nodes.
    const columns = Math.ceil((frame.right - frame.left + (isBox ? 24 : 0)) / sizes.column)
    const height = frame.bottom - frame.top + (isBox ? rowGap.box : rowGap.node)
    return { id, own, frame, width: columns * sizes.column, height, x: 0, y: 0 }
  })
}

/** How strongly a block draws another, by their indices: the share of its calls that are between them, 0 to 1. */
type Pulls = readonly { readonly a: number; readonly b: number; readonly weight: number }[]

function pullsOf({ edges }: Topology, blocks: readonly Block[]): Pulls {
  const blockOf = new Map(blocks.flatMap(({ own }, index) => [...own.keys()].map((id) => [id, index] as const)))
  const counts = new Map<number, number>()
  for (const { source, target } of edges) {
    const [a, b] = [blockOf.get(source), blockOf.get(target)]
    if (a === undefined || b === undefined || a === b) continue
    counts.set(a * blocks.length + b, (counts.get(a * blocks.length + b) ?? 0) + 1)
  }
  const pairs = [...counts].map(([key, count]) => ({
    a: Math.floor(key / blocks.length),
    b: key % blocks.length,
    count,
  }))
  const totals = blocks.map((_, index) =>
    pairs.reduce((sum, { a, b, count }) => sum + (a === index || b === index ? count : 0), 0),
  )
  return pairs
    .map(({ a, b, count }) => ({ a, b, weight: count / Math.max(totals[a] ?? 1, totals[b] ?? 1) }))
    .sort((p, q) => p.a - q.a || p.b - q.b)
}

/** Callers left: each block in the column of its calls, columns filled from the middle. */
function start(blocks: readonly Block[], pulls: Pulls): void {
  const names = blocks.map((_, index) => String(index).padStart(6, '0'))
  const calls = new Map<string, Set<string>>()
  for (const { a, b } of pulls) {
    const [from, to] = [names[a] ?? '', names[b] ?? '']
    calls.set(from, (calls.get(from) ?? new Set()).add(to))
  }
  const { layers } = layersOf(names, calls)
  const order = names
    .map((name, index) => ({ index, layer: layers.get(name) ?? 0 }))
    .sort((p, q) => p.layer - q.layer || p.index - q.index)
  const area = blocks.reduce((sum, { width, height }) => sum + width * height, 0)
  const wide = Math.sqrt((area * screen.width) / screen.height) * 1.1
  const columns = Math.max(1, Math.ceil(Math.sqrt((blocks.length * screen.width) / screen.height)))
  const rows = Math.ceil(blocks.length / columns)
  order.forEach(({ index }, rank) => {
    const block = blocks[index]
    if (block === undefined) return
    const [column, row] = [Math.floor(rank / rows), rank % rows]
    block.x = ((column + 0.5) / columns - 0.5) * wide
    block.y = (((row + 0.5) / rows - 0.5) * wide * screen.height) / screen.width + (column % 2) * 7
  })
}

/** One round: blocks that talk come nearer, all keep their distance, and callers drift to the left of those they call. */
function move(blocks: readonly Block[], pulls: Pulls, heat: number): void {
  const pushes = blocks.map(() => ({ x: 0, y: 0 }))
  const push = (index: number, x: number, y: number) => {
    const sum = pushes[index]
    if (sum !== undefined) [sum.x, sum.y] = [sum.x + x, sum.y + y]
  }
  blocks.forEach((a, i) => {
    for (let j = i + 1; j < blocks.length; j++) {
      const b = blocks[j]
      if (b === undefined) continue
      const [dx, dy] = [b.x - a.x || 0.5, b.y - a.y || 0.5]
      const reach = (a.width + b.width + a.height + b.height) / 4
      const away = Math.max(Math.sqrt(dx * dx + dy * dy), 1)
      const strength = (reach * reach) / away / away
      push(i, -dx * strength * 0.5, -dy * strength * 0.5)
      push(j, dx * strength * 0.5, dy * strength * 0.5)
    }
  })
  for (const { a, b, weight } of pulls) {
    const [from, to] = [blocks[a], blocks[b]]
    if (from === undefined || to === undefined) continue
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const order = to.x - from.x < (from.width + to.width) / 2 ? ((from.width + to.width) / 4) * weight : 0
    push(a, dx * weight * 0.6 - order, dy * weight * 0.6)
    push(b, -dx * weight * 0.6 + order, -dy * weight * 0.6)
  }
  blocks.forEach((block, index) => {
    const { x, y } = pushes[index] ?? { x: 0, y: 0 }
    // The plane is as wide as the screen: what is far above or below is drawn in more.
    const [px, py] = [x - block.x * 0.6, y - block.y * 0.6 * (screen.width / screen.height) ** 3]
    const size = Math.max(Math.sqrt(px * px + py * py), 1e-6)
    const most = (20 + 160 * heat) / size
    block.x += px * Math.min(most, 1)
    block.y += py * Math.min(most, 1)
  })
}

const overlapOf = (a: Block, b: Block) => ({
  x: (a.width + b.width) / 2 - Math.abs(a.x - b.x),
  y: (a.height + b.height) / 2 - Math.abs(a.y - b.y),
})

const touches = (a: Block, b: Block) => {
  const { x, y } = overlapOf(a, b)
  return x > 1e-6 && y > 1e-6
}

/** Moves overlapping blocks apart by the shorter way; whether any did. */
function pushApart(blocks: readonly Block[]): boolean {
  let isMoved = false
  blocks.forEach((a, i) => {
    for (const b of blocks.slice(i + 1)) {
      if (!touches(a, b)) continue
      const { x, y } = overlapOf(a, b)
      isMoved = true
      if (x < y) {
        const step = ((a.x <= b.x ? -1 : 1) * (x + 0.01)) / 2
        ;[a.x, b.x] = [a.x + step, b.x - step]
      } else {
        const step = ((a.y <= b.y ? -1 : 1) * (y + 0.01)) / 2
        ;[a.y, b.y] = [a.y + step, b.y - step]
      }
    }
  })
  return isMoved
}

/** Lets every block fall towards the middle, one axis after the other, as far as nothing is in its way. */
function close(blocks: readonly Block[]): void {
  for (let round = 0; round < 60; round++) {
    for (const block of [...blocks].sort(
      (a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y) || (a.id < b.id ? -1 : 1),
    )) {
      for (const axis of ['x', 'y'] as const) {
        const before = block[axis]
        block[axis] = Math.abs(before) < 8 ? 0 : before - Math.sign(before) * 8
        if (blocks.some((other) => other !== block && touches(block, other))) block[axis] = before
      }
    }
  }
}

/** Columns of all blocks on one grid. Blocks are whole columns wide, so that none comes to overlap another by it. */
function snap(blocks: readonly Block[]): void {
  for (const block of blocks) {
    const left = Math.round((block.x - block.width / 2) / sizes.column) * sizes.column
    block.x = left + block.width / 2
  }
}
