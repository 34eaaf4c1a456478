import type { Topology } from './frames.ts'
import type { LayoutChoice } from './layouts.ts'
import type { Places, Point } from './geometry.ts'
import type { Placer } from './placer.ts'
import type { PlaceStore } from './places.ts'

export interface Kept {
  /** The scope that the places belong to. */
  readonly scope: string
  readonly places: Places
  /** How often places were computed since the page opened. */
  readonly runs: number
  readonly isWorking: boolean
  /** The last layout missed its deadline. */
  readonly isLate: boolean
}

/** Remembers where every node stands, per scope, and asks for places only for nodes that have none. */
export interface PlaceKeeper {
  readonly subscribe: (listener: () => void) => () => void
  readonly snapshot: () => Kept
  readonly want: (scope: string, topology: Topology, layout?: LayoutChoice) => void
  readonly move: (id: string, place: Point, isDone: boolean) => void
  /** Forgets all places of the scope, dragged ones too, and lays it out afresh. */
  readonly reset: () => void
  readonly stop: () => void
}

interface Stores {
  /** What a person dragged; outlives the browser. */
  readonly dragged: PlaceStore
  /** Everything; outlives a reload. */
  readonly all: PlaceStore
}

export function createPlaceKeeper(placer: Placer, { dragged, all }: Stores): PlaceKeeper {
  let kept: Kept = { scope: '', places: new Map(), runs: 0, isWorking: false, isLate: false }
  let topology: Topology = { boxes: [], nodes: [], edges: [] }
  let layout: LayoutChoice = 'auto'
  const listeners = new Set<() => void>()
  const emit = (next: Partial<Kept>) => {
    kept = { ...kept, ...next }
    for (const listener of listeners) listener()
  }

  const fill = () => {
    const { scope, places } = kept
    if (topology.nodes.every(({ id }) => places.has(id))) {
      if (kept.isWorking) emit({ isWorking: false })
      return
    }
    emit({ isWorking: true })
    placer.ask({ topology, known: places, layout }, dragged.read(scope), (placed) => {
      // What was dragged meanwhile stays where it was dropped.
      const merged = new Map([
        ...placed.places,
        ...[...kept.places].filter(([id]) => places.get(id) !== kept.places.get(id)),
      ])
      all.write(scope, merged)
      emit({ places: merged, runs: kept.runs + 1, isWorking: false, isLate: placed.isLate })
    })
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    snapshot: () => kept,
    want: (scope, next, wanted = 'auto') => {
      topology = next
      layout = wanted
      if (scope !== kept.scope) emit({ scope, places: all.read(scope), isLate: false })
      if (next.nodes.length > 0) fill()
    },
    move: (id, place, isDone) => {
      const places = new Map(kept.places).set(id, place)
      if (isDone) {
        dragged.write(kept.scope, new Map(dragged.read(kept.scope)).set(id, place))
        all.write(kept.scope, places)
      }
      emit({ places })
    },
    reset: () => {
      dragged.write(kept.scope, new Map())
      all.write(kept.scope, new Map())
      emit({ isWorking: true })
      placer.ask({ topology, known: new Map(), layout }, new Map(), ({ places, isLate }) => {
        all.write(kept.scope, places)
        emit({ places, runs: kept.runs + 1, isWorking: false, isLate })
      })
    },
    stop: () => placer.stop(),
  }
}
