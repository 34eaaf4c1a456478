import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'

import { framesOf, slotOf, type Topology } from './frames.ts'
import { overlaps, type Places } from './geometry.ts'
import { layoutOf } from './layout.ts'
import { chosenLayout } from './layouts.ts'
import { createPlaceKeeper } from './placeKeeper.ts'
import { createPlacer } from './placer.ts'
import { placesFor, placeStore } from './places.ts'
import { meshLike } from './testMesh.ts'

function collisions({ nodes, boxes }: Topology, places: Places): number {
  const apps = new Set(boxes.filter(({ kind }) => kind === 'app').map(({ id }) => id))
  const slots = nodes.flatMap(({ id, box }) => {
    const place = places.get(id)
    return place === undefined ? [] : [slotOf(place, box !== undefined && apps.has(box))]
  })
  return slots.flatMap((a, index) => slots.slice(index + 1).filter((b) => overlaps(a, b))).length
}

describe('placesFor', () => {
  test('known nodes stay where they are and newcomers cover nobody', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const whole = meshLike({ seed, nodes: 40, namespaces: 5, versions: 0 })
        const before = { ...whole, nodes: whole.nodes.slice(0, 34) }
        const known = layoutOf(before)
        const places = placesFor({ topology: whole, known })
        for (const [id, place] of known) expect(places.get(id)).toEqual(place)
        expect(whole.nodes.every(({ id }) => places.has(id))).toBe(true)
        expect(collisions(whole, places)).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  test('a newcomer stands near whom it talks to', () => {
    const topology: Topology = {
      boxes: [],
      nodes: ['a', 'b', 'far', 'new'].map((id) => ({ id })),
      edges: [
        { source: 'a', target: 'b' },
        { source: 'b', target: 'new' },
      ],
    }
    const known = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 130, y: 0 }],
      ['far', { x: 2000, y: 2000 }],
    ])
    expect(placesFor({ topology, known }).get('new')).toEqual({ x: 260, y: 0 })
  })

  test('when most are new everything is laid out afresh, but what was dragged stays', () => {
    const topology = meshLike({ seed: 3, nodes: 30, namespaces: 3, versions: 0 })
    const [first, second] = topology.nodes
    if (first === undefined || second === undefined) throw new Error('no nodes')
    const pinned = new Map([[second.id, { x: -500, y: 77 }]])
    const places = placesFor({ topology, known: new Map([[first.id, { x: 9999, y: 0 }]]) }, pinned)
    expect(places.get(first.id)).not.toEqual({ x: 9999, y: 0 })
    expect(places.get(second.id)).toEqual({ x: -500, y: 77 })
  })

  test('nobody missing gives back what is known', () => {
    const topology = meshLike({ seed: 4, nodes: 10, namespaces: 2, versions: 0 })
    const known = layoutOf(topology)
    expect(placesFor({ topology, known })).toBe(known)
  })
})

describe('placeStore', () => {
  const memory = () => {
    const kept = new Map<string, string>()
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
  }

  test('keeps places per scope, and the twenty scopes used last', () => {
    const store = placeStore(memory())
    store.write('one', new Map([['a', { x: 1.4, y: 2.6 }]]))
    expect(store.read('one')).toEqual(new Map([['a', { x: 1, y: 3 }]]))
    expect(store.read('two').size).toBe(0)
    for (let scope = 0; scope < 20; scope++) store.write(`scope ${scope}`, new Map([['b', { x: scope, y: 0 }]]))
    expect(store.read('one').size).toBe(0)
    expect(store.read('scope 19').get('b')).toEqual({ x: 19, y: 0 })
  })

  test.each(['not json', '{}', '[["one", 5]]', '[["one", [["a", "x", 2], ["b", 1], 7]]]', '[null]'])(
    'reads nothing from %s',
    (text) => {
      expect(placeStore({ getItem: () => text, setItem: () => {} }).read('one').size).toBe(0)
    },
  )

  test('a forbidden storage forgets and does not throw', () => {
    const forbidden = () => {
      throw new Error('denied')
    }
    const store = placeStore({ getItem: forbidden, setItem: forbidden })
    store.write('one', new Map([['a', { x: 1, y: 2 }]]))
    expect(store.read('one').size).toBe(0)
    expect(placeStore(undefined).read('one').size).toBe(0)
  })
})

describe('the placer', () => {
  const topology: Topology = { boxes: [], nodes: [{ id: 'a' }, { id: 'b' }], edges: [{ source: 'a', target: 'b' }] }

  test('ends a worker that misses its deadline and gives rough places', () => {
    vi.useFakeTimers()
    const terminate = vi.fn()
    const placer = createPlacer(50, () => ({ postMessage: () => {}, terminate, onmessage: null, onerror: null }))
    const answer = vi.fn()
    placer.ask({ topology, known: new Map() }, new Map(), answer)
    vi.advanceTimersByTime(49)
    expect(answer).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2)
    expect(terminate).toHaveBeenCalledOnce()
    expect(answer).toHaveBeenCalledWith(expect.objectContaining({ isLate: true }))
    vi.useRealTimers()
  })

  test('an older question is never answered after a newer one', async () => {
    const placer = createPlacer(1000, () => undefined)
    const [older, newer] = [vi.fn(), vi.fn()]
    placer.ask({ topology, known: new Map() }, new Map(), older)
    placer.ask({ topology, known: new Map() }, new Map(), newer)
    await Promise.resolve()
    expect(older).not.toHaveBeenCalled()
    expect(newer).toHaveBeenCalledOnce()
  })
})

describe('the place keeper', () => {
  const memory = () => {
    const kept = new Map<string, Places>()
    return {
      read: (scope: string) => kept.get(scope) ?? new Map(),
      write: (scope: string, places: Places) => void kept.set(scope, places),
    }
  }
  const keeperOf = (stores = { dragged: memory(), all: memory() }) => ({
    keeper: createPlaceKeeper(
      createPlacer(1000, () => undefined),
      stores,
    ),
    stores,
  })
  const topology = meshLike({ seed: 8, nodes: 12, namespaces: 2, versions: 0 })

  test('lays out once; the same nodes again, in any order and with other calls, move nobody', async () => {
    const { keeper } = keeperOf()
    keeper.want('all', topology)
    await Promise.resolve()
    const { places, runs } = keeper.snapshot()
    expect(runs).toBe(1)
    keeper.want('all', { ...topology, nodes: topology.nodes.toReversed(), edges: topology.edges.slice(3) })
    await Promise.resolve()
    expect(keeper.snapshot().places).toBe(places)
    expect(keeper.snapshot().runs).toBe(1)
  })

  test('a dragged place is remembered, also by the next visit; resetting forgets it', async () => {
    const { keeper, stores } = keeperOf()
    keeper.want('all', topology)
    await Promise.resolve()
    const id = topology.nodes[0]?.id ?? ''
    keeper.move(id, { x: 1234, y: 567 }, true)
    expect(keeper.snapshot().places.get(id)).toEqual({ x: 1234, y: 567 })
    const { keeper: next } = keeperOf({ dragged: stores.dragged, all: memory() })
    next.want('all', topology)
    await Promise.resolve()
    expect(next.snapshot().places.get(id)).toEqual({ x: 1234, y: 567 })
    next.reset()
    await Promise.resolve()
    expect(next.snapshot().places.get(id)).toEqual(chosenLayout(topology, 'auto').get(id))
  })

  test('another scope has places of its own', async () => {
    const { keeper } = keeperOf()
    keeper.want('all', topology)
    await Promise.resolve()
    keeper.want('one namespace', { ...topology, nodes: topology.nodes.slice(0, 2) })
    expect(keeper.snapshot().places.size).toBe(0)
    await Promise.resolve()
    expect(keeper.snapshot().places.size).toBe(2)
  })
})

test('a group that is opened comes as a block that covers nothing, and nobody else moves', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const groups = names.map((name) => ({ id: `folded-${name}` }))
  const before = layoutOf({
    boxes: [],
    nodes: groups,
    edges: groups.slice(1).map(({ id }) => ({ source: 'folded-a', target: id })),
  })
  const members = Array.from({ length: 40 }, (_, index) => ({ id: `b-${index}`, box: 'b' }))
  const topology: Topology = {
    boxes: [{ id: 'b', kind: 'namespace' }],
    nodes: [...groups.filter(({ id }) => id !== 'folded-b'), ...members],
    edges: members.map(({ id }, index) => ({ source: index < 4 ? 'folded-a' : `b-${index % 4}`, target: id })),
  }
  const after = placesFor({ topology, known: before })
  for (const { id } of groups) expect(after.get(id)).toEqual(before.get(id))
  const frame = framesOf(topology, after).get('b')
  for (const { id } of groups.filter((group) => group.id !== 'folded-b')) {
    const place = after.get(id)
    expect(place !== undefined && frame !== undefined && overlaps(slotOf(place, false), frame)).toBe(false)
  }
  expect(members.every(({ id }) => after.has(id))).toBe(true)
})
