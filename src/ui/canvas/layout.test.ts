import fc from 'fast-check'
import { expect, test } from 'vitest'

import { framesOf, slotOf, type Topology } from './frames.ts'
import { overlaps, type Rect } from './geometry.ts'
import { layoutOf } from './layout.ts'
import { meshLike, seeded } from './testMesh.ts'

/** Every pair of rectangles that overlap, of those that must not: nodes with nodes, boxes with boxes they are not in. */
function collisions(topology: Topology): readonly string[] {
  const places = layoutOf(topology)
  const frames = framesOf(topology, places)
  const apps = new Set(topology.boxes.filter(({ kind }) => kind === 'app').map(({ id }) => id))
  const solid: (readonly [string, Rect])[] = [
    ...topology.nodes.map(({ id, box }): readonly [string, Rect] => {
      const place = places.get(id)
      if (place === undefined) throw new Error(`${id} has no place`)
      return [id, slotOf(place, box !== undefined && apps.has(box))]
    }),
  ]
  const rooms = topology.boxes
    .filter(({ kind }) => kind === 'namespace')
    .flatMap(({ id }) => {
      const frame = frames.get(id)
      return frame === undefined ? [] : [[id, frame] as const]
    })
  const found: string[] = []
  for (const list of [solid, rooms]) {
    list.forEach(([a, ra], index) => {
      for (const [b, rb] of list.slice(index + 1)) if (overlaps(ra, rb)) found.push(`${a} / ${b}`)
    })
  }
  const namespaceOf = (box: string | undefined) => topology.boxes.find(({ id }) => id === box)?.parent ?? box
  for (const { id, box } of topology.nodes) {
    const own = solid.find(([node]) => node === id)?.[1]
    for (const [room, frame] of rooms) {
      if (own !== undefined && namespaceOf(box) !== room && overlaps(own, frame)) found.push(`${id} in ${room}`)
    }
  }
  return found
}

test('nodes and namespace boxes never overlap, whatever calls whom', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 45 }),
      fc.integer({ min: 1, max: 8 }),
      (seed, nodes, namespaces) => {
        expect(collisions(meshLike({ seed, nodes, namespaces, versions: 0.3 }))).toEqual([])
      },
    ),
    { numRuns: 200 },
  )
})

test('boxes stay apart where small namespaces hang on one gateway and move right to save height', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 2, max: 9 }), (seed, namespaces) => {
      const random = seeded(seed)
      const boxes = [{ id: 'edge', kind: 'namespace' as const }]
      const nodes: { id: string; box?: string }[] = [{ id: 'gateway', box: 'edge' }]
      const edges: { source: string; target: string }[] = []
      for (let index = 0; index < namespaces; index++) {
        boxes.push({ id: `ns-${index}`, kind: 'namespace' })
        let callers = ['gateway']
        for (let tier = 0; tier <= random() * 4; tier++) {
          const width = 1 + Math.floor(random() * 6)
          const ids = Array.from({ length: width }, (_, item) => `n-${index}-${tier}-${item}`)
          nodes.push(...ids.map((id) => ({ id, box: `ns-${index}` })))
          for (const target of ids) edges.push({ source: callers[0] ?? 'gateway', target })
          callers = ids
        }
        if (random() < 0.5) {
          nodes.push({ id: `outside-${index}` })
          edges.push({ source: callers[0] ?? 'gateway', target: `outside-${index}` })
        }
      }
      expect(collisions({ boxes, nodes, edges })).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('callers stand left of those they call where no call leads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
      const topology = meshLike({ seed, nodes: 40, namespaces: 5, versions: 0, isAcyclic: true })
      const places = layoutOf(topology)
      for (const { source, target } of topology.edges) {
        expect(places.get(source)?.x).toBeLessThan(places.get(target)?.x ?? Number.NaN)
      }
    }),
    { numRuns: 30 },
  )
})

test('the same topology gives the same places, in whatever order it is told', () => {
  const topology = meshLike({ seed: 7, nodes: 60, namespaces: 6, versions: 0.3 })
  const told = {
    boxes: topology.boxes.toReversed(),
    nodes: topology.nodes.toReversed(),
    edges: topology.edges.toReversed(),
  }
  expect([...layoutOf(told)].sort()).toEqual([...layoutOf(topology)].sort())
})

test('versions of an app stand under each other in the order of their ids', () => {
  const places = layoutOf({
    boxes: [
      { id: 'ns', kind: 'namespace' },
      { id: 'reviews', kind: 'app', parent: 'ns' },
    ],
    nodes: ['v1', 'v2', 'v3'].map((id) => ({ id, box: 'reviews' })),
    edges: [],
  })
  const points = ['v1', 'v2', 'v3'].map((id) => places.get(id))
  expect(new Set(points.map((point) => point?.x)).size).toBe(1)
  expect(points.map((point) => (point?.y ?? 0) - (points[0]?.y ?? 0))).toEqual([0, 54, 108])
})

test('nodes that nobody calls and that call nobody share their namespace’s columns', () => {
  const places = layoutOf({
    boxes: [{ id: 'ns', kind: 'namespace' }],
    nodes: Array.from({ length: 9 }, (_, index) => ({ id: `idle-${index}`, box: 'ns' })),
    edges: [],
  })
  expect(new Set([...places.values()].map(({ x }) => x)).size).toBe(3)
})

test('no nodes give no places', () => {
  expect(layoutOf({ boxes: [], nodes: [], edges: [] }).size).toBe(0)
})

test('500 nodes with 2,500 calls take well under a second', () => {
  const topology = meshLike({ seed: 11, nodes: 500, namespaces: 25, versions: 0.2, calls: 5 })
  const start = performance.now()
  layoutOf(topology)
  // Measured: about 60 ms; the bound leaves room for a busy machine.
  expect(performance.now() - start).toBeLessThan(1000)
})
