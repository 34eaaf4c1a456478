import type { Topology } from './frames.ts'
import type { Places, Point } from './geometry.ts'
import { chosenLayout, type LayoutChoice } from './layouts.ts'
import { placeBlock, placeNew } from './placement.ts'

/** What is asked of the layout worker: places for a topology, the known ones kept. */
export interface PlacesQuestion {
  readonly topology: Topology
  readonly known: Places
  /** By size unless the viewer says otherwise. */
  readonly layout?: LayoutChoice
}

/**
 * Places for all nodes of a topology: known ones stay and newcomers come near their neighbours, unless most are new: then everything
 * is laid out afresh, and only what a person dragged (in `pinned`) stays. A group that was opened comes as a block of its own.
 */
export function placesFor(
  { topology, known, layout = 'auto' }: PlacesQuestion,
  pinned: Places = new Map(),
): ReadonlyMap<string, Point> {
  const newcomers = topology.nodes.filter(({ id }) => !known.has(id))
  const missing = newcomers.length
  if (missing === 0) return known
  const opened = missing < topology.nodes.length ? openedIn(topology, newcomers) : undefined
  if (opened !== undefined) return placeBlock(topology, known, opened)
  if (missing <= Math.max(3, topology.nodes.length / 3) && missing < topology.nodes.length)
    return placeNew(topology, known)
  const fresh = new Map(chosenLayout(topology, layout))
  for (const { id } of topology.nodes) {
    const place = pinned.get(id)
    if (place !== undefined) fresh.set(id, place)
  }
  return fresh
}

/** All nodes of the one namespace that several newcomers come from: a group that was opened; `undefined` where they come from several. */
function openedIn({ boxes, nodes }: Topology, newcomers: Topology['nodes']): Topology['nodes'] | undefined {
  const parents = new Map(boxes.map(({ id, parent }) => [id, parent ?? id]))
  const outerOf = ({ box }: Topology['nodes'][number]) => (box === undefined ? undefined : parents.get(box))
  const [namespace, ...others] = new Set(newcomers.map(outerOf))
  if (newcomers.length <= 3 || namespace === undefined || others.length > 0) return undefined
  return nodes.filter((node) => outerOf(node) === namespace)
}

/** Places kept by a browser, per scope; nothing where storage is forbidden, full, or holds something else. */
export interface PlaceStore {
  readonly read: (scope: string) => Places
  readonly write: (scope: string, places: Places) => void
}

const keptScopes = 20

/** The places a person dragged nodes to. At most the 20 scopes used last are kept. */
export function placeStore(
  storage: Pick<Storage, 'getItem' | 'setItem'> | undefined,
  key = 'meshboard.places',
): PlaceStore {
  const all = (): readonly (readonly [string, unknown])[] => {
    try {
      const parsed: unknown = JSON.parse(storage?.getItem(key) ?? '[]')
      return Array.isArray(parsed) ? parsed.filter(isEntry) : []
    } catch {
      return []
    }
  }
  return {
    read: (scope) => new Map(pointsOf(all().find(([known]) => known === scope)?.[1])),
    write: (scope, places) => {
      const rest = all().filter(([known]) => known !== scope)
      const own = [...places].map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)])
      try {
        storage?.setItem(key, JSON.stringify(own.length === 0 ? rest : [...rest, [scope, own]].slice(-keptScopes)))
      } catch {
        // A full or forbidden storage costs only the memory of what was dragged.
      }
    },
  }
}

function isEntry(value: unknown): value is readonly [string, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string'
}

function pointsOf(value: unknown): readonly (readonly [string, Point])[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return []
    const [id, x, y] = entry as readonly unknown[]
    if (typeof id !== 'string' || typeof x !== 'number' || typeof y !== 'number') return []
    return Number.isFinite(x) && Number.isFinite(y) ? [[id, { x, y }] as const] : []
  })
}
