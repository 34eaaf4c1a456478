import { healthOrder, type DrawnBox, type DrawnNode, type Drawing } from './drawing.ts'
import { framesOf, slotOf } from './frames.ts'
import { around, grown, sizes, type Places, type Point, type Rect } from './geometry.ts'
import { routesOf, type Route } from './routes.ts'
import type { HealthState } from '../../mesh/health.ts'

/** What is on the screen, with its geometry: everything that is painted, written or pointed at comes from here. */
export interface Scene {
  readonly boxes: readonly DrawnBox[]
  /** Nodes that are drawn as nodes; those drawn as plates are not among them. */
  readonly nodes: readonly DrawnNode[]
  readonly edges: Drawing['edges']
  readonly places: Places
  readonly frames: ReadonlyMap<string, Rect>
  readonly routes: ReadonlyMap<string, Route>
  readonly plates: ReadonlyMap<string, Plate>
}

/** A namespace or app seen from afar: one area with one name in place of its nodes. */
export interface Plate {
  /** What is selected, described and asked about in its place: the box it stands for. */
  readonly stands: string
  readonly kind: DrawnBox['kind']
  readonly name: string
  readonly detail: string
  readonly health: HealthState
  readonly rect: Rect
  readonly rank: number
}

/** How near one looks: at namespaces, at apps, or at everything. */
export type Level = 'namespaces' | 'apps' | 'all'

/** The drawings of a graph with its namespaces folded, and with its apps folded; made when they are first looked at. */
export type Overviews = Readonly<Record<Exclude<Level, 'all'>, () => Drawing>>

/** Below the first zoom two columns of names do not fit beside each other; below the second their nodes are specks. */
const levelZooms = { apps: 0.55, namespaces: 0.42 } as const

/** What is looked at from that near. */
export function levelAt(zoom: number): Level {
  return zoom < levelZooms.namespaces ? 'namespaces' : zoom < levelZooms.apps ? 'apps' : 'all'
}

const noPlates: Scene['plates'] = new Map()

/**
 * The scene of a drawing; nodes without a place stay out, and so do edges with such an end. Routes of `before` are taken over where
 * places and calls are the same.
 */
export function sceneOf(drawing: Drawing, places: Places, before?: Scene): Scene {
  return {
    boxes: drawing.boxes,
    nodes: drawing.nodes,
    edges: drawing.edges,
    places,
    frames: framesOf(drawing, places),
    routes:
      before !== undefined && hasSameCalls(before, drawing, places)
        ? before.routes
        : routesOf(drawing.edges, places, undefined, drawing.isBowed),
    plates: noPlates,
  }
}

function hasSameCalls(before: Scene, { edges }: Drawing, places: Places): boolean {
  return (
    before.places === places &&
    before.plates === noPlates &&
    before.edges.length === edges.length &&
    before.edges.every(({ id, isOfGroup }, index) => id === edges[index]?.id && isOfGroup === edges[index].isOfGroup)
  )
}

/**
 * A graph seen from afar, in the geometry of the whole: each folded group is a plate where its members stand. What stays outside its
 * group (what is in trouble, and who calls it) keeps its place, above the plate. Groups that the whole has as well stay nodes.
 */
export function overviewOf(overview: Drawing, whole: Scene): Scene {
  const boxes = new Map(overview.boxes.map((box) => [box.id, box]))
  const plates = new Map<string, Plate>()
  const places = new Map(whole.places)
  const covered = new Set<string>()
  const standing = new Set(whole.nodes.map(({ id }) => id))
  for (const node of overview.nodes) {
    if (node.members === undefined || standing.has(node.id)) continue
    const rect = areaOf(node, whole)
    if (rect === undefined) continue
    const box = boxes.get(node.represents ?? '')
    if (box !== undefined) covered.add(box.id)
    plates.set(node.id, plateOf(node, box, rect))
    places.set(node.id, { x: (rect.left + rect.right) / 2, y: (rect.top + rect.bottom) / 2 })
  }
  const areas = new Map([...plates].map(([id, { rect }]) => [id, rect]))
  const isOwn = ({ id }: { readonly id: string }) => whole.routes.has(id)
  const bundles = routesOf(
    overview.edges.filter((edge) => !isOwn(edge)),
    places,
    areas,
  )
  const own = overview.edges.filter(isOwn).flatMap(({ id }) => {
    const route = whole.routes.get(id)
    return route === undefined ? [] : [[id, route] as const]
  })
  const isDrawn = ({ id }: DrawnBox) => !covered.has(id) && whole.frames.has(id)
  return {
    boxes: overview.boxes.filter(isDrawn),
    nodes: overview.nodes.filter(({ id }) => !plates.has(id)),
    edges: overview.edges,
    places,
    frames: whole.frames,
    routes: new Map([...own, ...bundles]),
    plates,
  }
}

function areaOf({ members = [], represents }: DrawnNode, { frames, places }: Scene): Rect | undefined {
  const frame = represents === undefined ? undefined : frames.get(represents)
  if (frame !== undefined) return frame
  const slots = members.flatMap((id) => {
    const place = places.get(id)
    return place === undefined ? [] : [slotOf(place, true)]
  })
  const all = around(slots)
  return all === undefined ? undefined : grown(all, 4)
}

function plateOf(node: DrawnNode, box: DrawnBox | undefined, rect: Rect): Plate {
  const states = [node.health, ...(box === undefined ? [] : [box.health])]
  return {
    stands: node.represents ?? node.id,
    kind: node.represents !== undefined && box?.kind === 'app' ? 'app' : 'namespace',
    name: box?.name ?? node.name ?? '',
    detail: node.detail ?? '',
    health: healthOrder.find((state) => states.includes(state)) ?? 'unknown',
    rect,
    rank: node.rank,
  }
}

/** Where a node, plate or box is; `undefined` for what is not drawn, and for edges. */
export function rectOf(scene: Scene, id: string): Rect | undefined {
  for (const [node, { stands, rect }] of scene.plates) if (node === id || stands === id) return rect
  const frame = scene.frames.get(id)
  if (frame !== undefined) return frame
  const place = scene.places.get(id)
  return place === undefined ? undefined : outlineOf(place)
}

const outlineOf = ({ x, y }: Point): Rect => {
  const half = sizes.node / 2
  return { left: x - half, right: x + half, top: y - half, bottom: y + half }
}

/** Whether lines cover each other everywhere: those that are well then stand back, so that nodes and trouble stand out. */
export function isDense({ nodes, edges }: Pick<Drawing, 'nodes' | 'edges'>): boolean {
  return edges.length > 150 && edges.length > nodes.length * 3
}

/** Among plates the nodes that stay are never specks: how much larger than their size they are drawn. */
export function nodeScale({ plates }: Pick<Scene, 'plates'>, zoom: number): number {
  return plates.size === 0 ? 1 : Math.min(Math.max(1, 18 / (sizes.node * zoom)), 4)
}
