import type { Topology } from './frames.ts'
import { sizes, type Places, type Point } from './geometry.ts'
import { placeNew } from './placement.ts'
import { inOrder } from './spread.ts'

/** So few newcomers each get the best free place at once; looking for more would hold up the page. */
const mostPlaced = 12
const row = sizes.slotAbove + sizes.slotBelow + sizes.rowGap
const screenShape = 1.35

/**
 * Places at once, for when no better ones came in time: known ones stay, a few newcomers come near their neighbours, many stand in plain
 * blocks by namespace below everything. Takes as long as there are nodes, not more. Boxes do not overlap; who calls whom is left out of account.
 */
export function roughPlaces(topology: Topology, known: Places): ReadonlyMap<string, Point> {
  const newcomers = topology.nodes.filter(({ id }) => !known.has(id))
  if (newcomers.length <= mostPlaced && newcomers.length < topology.nodes.length) return placeNew(topology, known)
  const places = new Map(known)
  const below = Math.max(0, ...[...known.values()].map(({ y }) => y + 3 * row))
  const blocks = blocksOf(topology, newcomers)
  const area = blocks.reduce((sum, { columns, height }) => sum + columns * sizes.column * height, 0)
  const width = Math.sqrt(area * screenShape)
  let [x, y, highest] = [0, below, 0]
  for (const { columns, height, spots } of blocks) {
    if (x > 0 && x + columns * sizes.column > width) [x, y, highest] = [0, y + highest, 0]
    for (const [id, spot] of spots) places.set(id, { x: x + spot.x, y: y + spot.y })
    x += (columns + 1) * sizes.column
    highest = Math.max(highest, height)
  }
  return places
}

interface Block {
  readonly columns: number
  /** With its header, and room below. */
  readonly height: number
  readonly spots: readonly (readonly [string, Point])[]
}

/** The newcomers of each namespace in rows; versions of an app under each other. What stands in no namespace is a block too. */
function blocksOf({ boxes }: Topology, newcomers: Topology['nodes']): readonly Block[] {
  const byBox = new Map(boxes.map((box) => [box.id, box]))
  const namespaces = new Map<string, Map<string, string[]>>()
  for (const { id, box } of inOrder(newcomers, (node) => node.id)) {
    const inner = box === undefined ? undefined : byBox.get(box)
    const isVersion = inner?.kind === 'app'
    const namespace = (isVersion ? inner.parent : box) ?? (isVersion ? box : undefined) ?? ''
    const units = namespaces.get(namespace) ?? new Map<string, string[]>()
    namespaces.set(namespace, units)
    const unit = isVersion ? inner.id : id
    units.set(unit, [...(units.get(unit) ?? []), id])
  }
  return inOrder([...namespaces], ([id]) => id).map(([, units]) =>
    blockOf([...units], (id) => byBox.get(id)?.kind === 'app'),
  )
}

function blockOf(units: readonly (readonly [string, readonly string[]])[], isApp: (id: string) => boolean): Block {
  const columns = Math.ceil(Math.sqrt(units.length))
  const spots: (readonly [string, Point])[] = []
  let y = sizes.namespaceHeader + sizes.slotAbove
  for (let first = 0; first < units.length; first += columns) {
    const line = units.slice(first, first + columns)
    const header = line.some(([id]) => isApp(id)) ? sizes.appHeader + sizes.appPadding : 0
    line.forEach(([, ids], column) => {
      ids.forEach((id, index) =>
        spots.push([id, { x: column * sizes.column, y: y + header + index * sizes.versionRow }]),
      )
    })
    const most = Math.max(...line.map(([, ids]) => ids.length))
    y += header + row + (most - 1) * sizes.versionRow + sizes.appPadding
  }
  return { columns, height: y + 2 * sizes.namespacePadding, spots }
}
