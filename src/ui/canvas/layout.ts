import type { Topology } from './frames.ts'
import { sizes, type Point } from './geometry.ts'
import { layersOf } from './layers.ts'
import { narrowed } from './narrow.ts'
import { inOrder, spread } from './spread.ts'

/** One node, or an app box with its versions under each other: what the layout moves about. */
interface Unit {
  readonly id: string
  readonly nodes: readonly string[]
  readonly isApp: boolean
  /** What it takes above and below the point that is placed (the centre of its first node). */
  readonly above: number
  readonly below: number
  layer: number
  y: number
  neighbours: Unit[]
  /** Those it calls, calls that close a cycle aside. */
  targets: Unit[]
  group: Group | undefined
}

/** A namespace box, or one unit without a box. */
interface Group {
  readonly id: string
  readonly isFramed: boolean
  readonly units: readonly Unit[]
  columns: Unit[][]
  /** The column of its leftmost units as the calls ask for it, and how far right of that it stands. */
  first: number
  shift: number
  height: number
  /** Its top. */
  y: number
  wish: number
}

/** Rounds of the search per width tried; fewer where there is much to move. */
const roundsFor = (nodes: number) => (nodes > 200 ? 8 : 24)
/** Widths tried, in columns beyond what the longest chain of calls needs. */
const extraColumns = 6
/** Heights tried: how many rows a namespace may have in a column before the rest goes one column on. */
const rowsTried = [Number.POSITIVE_INFINITY, 6, 4]
/** Width to height of the screen the layout is made for: the same everywhere, so that an address shows the same picture. */
const screen = { width: 1000, height: 740 } as const

/**
 * Where the nodes go: columns from left to right, callers left of those they call, namespace boxes disjoint, versions of an app
 * under each other. The same topology gives the same places: input is sorted, and it stops after a fixed number of rounds.
 * Nodes without calls fill the shortest columns of their namespace. No nodes give no places.
 */
export function layoutOf(topology: Topology): ReadonlyMap<string, Point> {
  let best: { readonly scale: number; readonly places: ReadonlyMap<string, Point> } | undefined
  const isLarge = topology.nodes.length > 100
  for (const rows of isLarge ? rowsTried.slice(0, 2) : rowsTried) {
    for (let extra = 0; extra <= extraColumns; extra += isLarge ? 3 : 2) {
      const tried = laidOut(topology, extra, rows)
      if (best === undefined || tried.scale > best.scale * 1.03) best = tried
    }
  }
  return best?.places ?? new Map()
}

/** The best layout found at a width, and how large it can be drawn on the screen. */
function laidOut(topology: Topology, extra: number, rows: number) {
  const groups = groupsOf(topology, rows)
  for (const group of groups) arrange(group)
  const columns = Math.max(0, ...groups.map((group) => group.first + group.columns.length)) + extra
  pack(groups, columns)
  settle(groups)
  let best = snapshot(groups)
  for (let round = 0; round < roundsFor(topology.nodes.length); round++) {
    wish(groups)
    pack(groups, columns)
    for (let step = 0; step < 3; step++) relax(groups)
    settle(groups)
    const next = snapshot(groups)
    if (next.cost < best.cost - 1e-6) best = next
  }
  const places = placesOf(groups, best.spots)
  const xs = [...places.values()].map(({ x }) => x)
  const width = Math.max(0, ...xs) - Math.min(0, ...xs) + sizes.column
  return { scale: Math.min(screen.width / width, screen.height / Math.max(best.depth, 1), 1.2), places }
}

function groupsOf({ boxes, nodes, edges }: Topology, rows: number): Group[] {
  const boxById = new Map(boxes.map((box) => [box.id, box]))
  const members = new Map<string, { nodes: string[]; app?: string; namespace?: string }>()
  const unitOfNode = new Map<string, string>()
  for (const { id, box } of inOrder(nodes, (node) => node.id)) {
    const inner = box === undefined ? undefined : boxById.get(box)
    const app = inner?.kind === 'app' ? inner.id : undefined
    const namespace = inner?.kind === 'app' ? inner.parent : inner?.id
    const key = app ?? id
    unitOfNode.set(id, key)
    const known = members.get(key)
    if (known === undefined)
      members.set(key, {
        nodes: [id],
        ...(app === undefined ? {} : { app }),
        ...(namespace === undefined ? {} : { namespace }),
      })
    else known.nodes.push(id)
  }

  const units = new Map<string, Unit>()
  for (const [id, member] of members) {
    const isApp = member.app !== undefined
    units.set(id, {
      id,
      nodes: member.nodes,
      isApp,
      above: isApp ? sizes.appHeader + sizes.versionAbove + 4 : sizes.slotAbove,
      below: isApp
        ? (member.nodes.length - 1) * sizes.versionRow + sizes.versionBelow + sizes.appPadding + 4
        : sizes.slotBelow,
      layer: 0,
      y: 0,
      neighbours: [],
      targets: [],
      group: undefined,
    })
  }
  const calls = new Map<string, Set<string>>()
  for (const { source, target } of edges) {
    const from = unitOfNode.get(source)
    const to = unitOfNode.get(target)
    if (from === undefined || to === undefined || from === to) continue
    const known = calls.get(from)
    if (known === undefined) calls.set(from, new Set([to]))
    else known.add(to)
  }
  const groupOf = (id: string) => members.get(id)?.namespace
  const found = layersOf([...units.keys()], calls, groupOf)
  const { isolated } = found
  const layers =
    rows === Number.POSITIVE_INFINITY
      ? found.layers
      : narrowed(found, (id) => ({ group: groupOf(id), rows: rowsOf(units.get(id)) }), rows)
  const pairs = [...calls.values()].reduce((sum, targets) => sum + targets.size, 0)
  const squeezed = squeezedInto(mostColumns(units.size, pairs), layers, groupOf)
  for (const [id, unit] of units) unit.layer = squeezed.get(id) ?? 0
  for (const [from, targets] of calls) {
    for (const to of targets) {
      const [a, b] = [units.get(from), units.get(to)]
      if (a === undefined || b === undefined) continue
      a.neighbours.push(b)
      b.neighbours.push(a)
      if (b.layer > a.layer) a.targets.push(b)
    }
  }

  const byNamespace = new Map<string, Unit[]>()
  for (const [id, unit] of units) {
    const namespace = members.get(id)?.namespace ?? `free ${id}`
    const known = byNamespace.get(namespace)
    if (known === undefined) byNamespace.set(namespace, [unit])
    else known.push(unit)
  }
  return inOrder([...byNamespace], ([id]) => id).map(([id, list]) => {
    spreadIsolated(list, isolated)
    const group: Group = {
      id,
      isFramed: boxById.has(id),
      units: list,
      columns: [],
      first: 0,
      shift: 0,
      height: 0,
      y: 0,
      wish: 0,
    }
    for (const unit of list) unit.group = group
    return group
  })
}

/** How many plain nodes would stand as high. */
const rowsOf = (unit: Unit | undefined) =>
  unit === undefined ? 1 : (unit.above + unit.below) / (sizes.slotAbove + sizes.slotBelow)

/** Calls per unit from which on the longest chain of calls says little: everybody leads to everybody. */
const dense = 2.2

/** How many columns a layout may have: as many as its chains need, unless it is dense; then about as wide as the screen is. */
function mostColumns(units: number, pairs: number): number {
  if (units === 0 || pairs / units < dense) return Number.POSITIVE_INFINITY
  return Math.max(4, Math.ceil(Math.sqrt(units) * 1.1))
}

/** Layers laid together into so many, in their order, and every namespace's into as many as make its box about square. */
function squeezedInto(
  most: number,
  layers: ReadonlyMap<string, number>,
  groupOf: (id: string) => string | undefined,
): ReadonlyMap<string, number> {
  const count = Math.max(...layers.values()) - Math.min(...layers.values()) + 1
  if (count <= most) return layers
  // Columns of about equally many units: ranks, not layer numbers, are dealt out.
  const order = [...layers].sort(([a, x], [b, y]) => x - y || compare(a, b)).map(([id]) => id)
  const dealt = new Map(order.map((id, rank) => [id, Math.floor((rank * most) / order.length)]))
  const groups = new Map<string, string[]>()
  for (const id of order) {
    const group = groupOf(id)
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), id])
  }
  for (const ids of groups.values()) {
    const width = Math.min(Math.ceil(Math.sqrt(ids.length)), most)
    const middle = ids.reduce((sum, id) => sum + (dealt.get(id) ?? 0), 0) / ids.length
    const first = Math.min(Math.max(Math.round(middle - (width - 1) / 2), 0), most - width)
    ids.forEach((id, rank) => dealt.set(id, first + Math.floor((rank * width) / ids.length)))
  }
  return dealt
}

/** Units that nobody calls and that call nobody go where their namespace has room. */
function spreadIsolated(units: readonly Unit[], isolated: ReadonlySet<string>): void {
  const idle = units.filter(({ id }) => isolated.has(id))
  const busy = units.filter(({ id }) => !isolated.has(id))
  const first = Math.min(...busy.map(({ layer }) => layer))
  const last = Math.max(...busy.map(({ layer }) => layer))
  const from = busy.length === 0 ? 0 : first
  const columns =
    busy.length === 0 ? Math.ceil(Math.sqrt(idle.length)) : Math.max(last - first + 1, idle.length > 3 ? 2 : 1)
  const heights = Array.from({ length: columns }, () => 0)
  for (const { layer, above, below } of busy) heights[layer - from] = (heights[layer - from] ?? 0) + above + below
  for (const unit of idle) {
    const column = heights.indexOf(Math.min(...heights))
    unit.layer = from + column
    heights[column] = (heights[column] ?? 0) + unit.above + unit.below
  }
}

function arrange(group: Group): void {
  const layers = group.units.map(({ layer }) => layer)
  group.first = Math.min(...layers)
  const last = Math.max(...layers)
  group.columns = Array.from({ length: last - group.first + 1 }, () => [])
  for (const unit of group.units) group.columns[unit.layer - group.first]?.push(unit)
  const inner = Math.max(...group.columns.map(heightOf))
  group.height = inner + topOf(group) + (group.isFramed ? sizes.namespacePadding : 0)
}

const topOf = (group: Group) => (group.isFramed ? sizes.namespaceHeader : 0)

const heightOf = (column: readonly Unit[]) =>
  column.reduce((sum, { above, below }) => sum + above + below, 0) + Math.max(column.length - 1, 0) * sizes.rowGap

/** Height in pixels that a group must win to stand one column further right; small ones stay with their callers. */
const shiftPrice = (group: Group) => (group.units.length > 2 ? 40 : 110)

/**
 * Each group as high up as the ones before it in `wish` leave room, in the columns its calls ask for or, where that is higher up,
 * further right: never so far that it would stand right of what it calls.
 */
function pack(groups: Group[], columns: number): void {
  groups.sort((a, b) => a.wish - b.wish || compare(a.id, b.id))
  const skyline: number[] = []
  for (const group of groups) group.shift = 0
  for (const group of groups) {
    const width = group.columns.length
    let best: { readonly shift: number; readonly top: number; readonly cost: number } | undefined
    for (let shift = 0; shift <= Math.max(0, Math.min(roomRight(group), columns - group.first - width)); shift++) {
      let top = 0
      for (let layer = group.first + shift; layer < group.first + shift + width; layer++) {
        top = Math.max(top, skyline[layer] ?? 0)
      }
      const cost = top + shift * shiftPrice(group)
      if (best === undefined || cost < best.cost) best = { shift, top, cost }
    }
    group.shift = best?.shift ?? 0
    group.y = best?.top ?? 0
    const from = group.first + group.shift
    for (let layer = from; layer < from + width; layer++) skyline[layer] = group.y + group.height + sizes.boxGap
  }
}

/** How many columns a group may move right and still stand left of what it calls outside itself. */
function roomRight(group: Group): number {
  let room = Number.POSITIVE_INFINITY
  for (const unit of group.units) {
    for (const target of unit.targets) {
      if (target.group === undefined || target.group === group) continue
      room = Math.min(room, target.layer + target.group.shift - unit.layer - 1)
    }
  }
  return room
}

/** Lets every group slide towards its wish between the groups above and below it, keeping the whole as high as it is. */
function relax(groups: readonly Group[]): void {
  const depth = Math.max(...groups.map(({ y, height }) => y + height))
  for (const order of [groups.toReversed(), groups]) {
    for (const group of order) {
      let low = 0
      let high = depth - group.height
      for (const other of groups) {
        if (other === group || !sharesColumn(group, other)) continue
        if (other.y < group.y) low = Math.max(low, other.y + other.height + sizes.boxGap)
        else high = Math.min(high, other.y - group.height - sizes.boxGap)
      }
      group.y = Math.min(Math.max(group.wish, low), Math.max(high, low))
    }
  }
}

function sharesColumn(a: Group, b: Group): boolean {
  const [left, right] = [a.first + a.shift, b.first + b.shift]
  return left < right + b.columns.length && right < left + a.columns.length
}

/** Places the units inside their groups, as near to their neighbours as order and height allow. */
function settle(groups: readonly Group[]): void {
  for (const group of groups) {
    const low = group.y + topOf(group)
    const high = group.y + group.height - (group.isFramed ? sizes.namespacePadding : 0)
    for (const column of group.columns) {
      const tops = spread(
        column.map((unit) => ({ wish: wishOf(unit) - unit.above, size: unit.above + unit.below })),
        sizes.rowGap,
        low,
        high,
      )
      column.forEach((unit, index) => {
        unit.y = (tops[index] ?? low) + unit.above
      })
    }
  }
}

/** Orders units and groups by where their neighbours stand now. */
function wish(groups: readonly Group[]): void {
  for (const group of groups) {
    const wishes = new Map(group.units.map((unit) => [unit, wishOf(unit)]))
    for (const column of group.columns) {
      column.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0) || compare(a.id, b.id))
    }
    const shifts = group.units
      .filter(({ neighbours }) => neighbours.length > 0)
      .map((unit) => (wishes.get(unit) ?? unit.y) - unit.y)
    group.wish = group.y + (shifts.length === 0 ? 0 : shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length)
  }
}

/** The middle of its neighbours, as seen from the middle of the unit; where it stands when it has none. */
function wishOf({ neighbours, y, nodes }: Unit): number {
  if (neighbours.length === 0) return y
  let sum = 0
  for (const neighbour of neighbours) sum += middleOf(neighbour)
  return sum / neighbours.length - middleOffset(nodes)
}

const middleOffset = (nodes: readonly string[]) => ((nodes.length - 1) * sizes.versionRow) / 2
const middleOf = ({ y, nodes }: Unit) => y + middleOffset(nodes)

/** Where everything stands now, and what that costs: the calls' lengths, and the height of it all. */
function snapshot(groups: readonly Group[]) {
  const spots = new Map<string, { readonly column: number; readonly y: number }>()
  let length = 0
  let depth = 0
  let ends = 0
  for (const group of groups) {
    depth = Math.max(depth, group.y + group.height)
    for (const unit of group.units) {
      spots.set(unit.id, { column: unit.layer + group.shift, y: unit.y })
      for (const neighbour of unit.neighbours) {
        length += Math.abs(middleOf(neighbour) - middleOf(unit))
        ends++
      }
    }
  }
  // A little height is worth a little length: what is tall is drawn small.
  return { cost: length + depth * Math.max(ends, 1) * 0.15, depth, spots }
}

function placesOf(
  groups: readonly Group[],
  spots: ReadonlyMap<string, { readonly column: number; readonly y: number }>,
): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>()
  for (const { units } of groups) {
    for (const { id, nodes } of units) {
      const { column, y } = spots.get(id) ?? { column: 0, y: 0 }
      nodes.forEach((node, index) =>
        places.set(node, { x: column * sizes.column, y: Math.round(y + index * sizes.versionRow) }),
      )
    }
  }
  return places
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
