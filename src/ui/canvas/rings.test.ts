import fc from 'fast-check'
import { expect, test } from 'vitest'

import { slotOf } from './frames.ts'
import { overlaps } from './geometry.ts'
import { concentricOf, octopusOf } from './rings.ts'
import { meshLike } from './testMesh.ts'

const star = {
  boxes: [],
  nodes: ['hub', 'a', 'b', 'c', 'd', 'far', 'alone'].map((id) => ({ id })),
  edges: [
    ...['a', 'b'].map((source) => ({ source, target: 'hub' })),
    ...['c', 'd'].map((target) => ({ source: 'hub', target })),
    { source: 'd', target: 'far' },
  ],
}

for (const [name, layout] of [
  ['concentric', concentricOf],
  ['octopus', octopusOf],
] as const) {
  test(`${name}: every node has a place, and no two with their names touch`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 60 }), (seed, nodes) => {
        const topology = meshLike({ seed, nodes, namespaces: 4, versions: 0.2, calls: 2 })
        const places = layout(topology)
        expect([...places.keys()].sort()).toEqual(topology.nodes.map(({ id }) => id).sort())
        if (name === 'octopus') return
        const slots = [...places.values()].map((place) => slotOf(place, false))
        slots.forEach((a, index) => {
          for (const b of slots.slice(index + 1)) expect(overlaps(a, b)).toBe(false)
        })
      }),
      { numRuns: 60 },
    )
  })

  test(`${name}: no nodes give no places, one stands in the middle`, () => {
    expect(layout({ boxes: [], nodes: [], edges: [] }).size).toBe(0)
    expect(layout({ boxes: [], nodes: [{ id: 'a' }], edges: [] }).get('a')).toEqual({ x: 0, y: 0 })
  })
}

test('concentric: the same topology in another order has the same places', () => {
  const topology = meshLike({ seed: 9, nodes: 40, namespaces: 3, versions: 0 })
  const turned = { ...topology, nodes: topology.nodes.toReversed(), edges: topology.edges.toReversed() }
  expect(concentricOf(turned)).toEqual(concentricOf(topology))
})

test('concentric: the further in calls from the busiest, the further out; what no call leads to is outermost', () => {
  const places = concentricOf(star)
  const away = (id: string) => Math.hypot((places.get(id)?.x ?? NaN) / 1.3, places.get(id)?.y ?? NaN)
  expect(away('hub')).toBe(0)
  for (const id of ['a', 'b', 'c', 'd']) expect(away(id)).toBeLessThan(away('far') - 50)
  expect(away('alone')).toBeGreaterThan(away('far') + 50)
})

test('octopus: callers at the left, those it calls at the right, in the order they are named in; the rest below', () => {
  const places = octopusOf(star)
  expect(places.get('hub')).toEqual({ x: 0, y: 0 })
  const [a, b, c, far] = ['a', 'b', 'c', 'far'].map((id) => places.get(id) ?? { x: NaN, y: NaN })
  expect(a?.x).toBeLessThan(-200)
  expect(a?.y).toBeLessThan(b?.y ?? NaN)
  expect(c?.x).toBeGreaterThan(200)
  expect(far?.y).toBeGreaterThan(Math.max(b?.y ?? NaN, c?.y ?? NaN))
})

test('octopus: arms of many stand in several columns and do not touch', () => {
  const ids = Array.from({ length: 20 }, (_, index) => `n-${String(index).padStart(2, '0')}`)
  const nodes = ['hub', ...ids].map((id) => ({ id }))
  const places = octopusOf({ boxes: [], nodes, edges: ids.map((target) => ({ source: 'hub', target })) })
  const slots = [...places.values()].map((place) => slotOf(place, false))
  slots.forEach((one, index) => {
    for (const other of slots.slice(index + 1)) expect(overlaps(one, other)).toBe(false)
  })
  expect(Math.max(...[...places.values()].map(({ y }) => y))).toBeLessThan(400)
})

test('octopus: of two that talk to each other alone, the one named first stands in the middle', () => {
  const two = (ids: readonly string[]) =>
    octopusOf({ boxes: [], nodes: ids.map((id) => ({ id })), edges: [{ source: 'a', target: 'b' }] })
  expect(two(['b', 'a']).get('b')).toEqual({ x: 0, y: 0 })
  expect(two(['a', 'b']).get('a')).toEqual({ x: 0, y: 0 })
})
