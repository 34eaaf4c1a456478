import fc from 'fast-check'
import { expect, test } from 'vitest'

import { framesOf, type Topology } from './frames.ts'
import { overlaps, type Point } from './geometry.ts'
import { groupedOf } from './grouped.ts'
import { layoutOf } from './layout.ts'
import { chosenLayout, scaleOf } from './layouts.ts'
import { meshLike } from './testMesh.ts'

const dense = meshLike({ seed: 3, nodes: 200, namespaces: 8, versions: 0.1, calls: 5, free: 0.01 })

test('namespace boxes never overlap, no two nodes share a place, and every node has one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 9 }), (seed, namespaces) => {
      const topology = meshLike({ seed, nodes: 60, namespaces, versions: 0.3, calls: 3 })
      const places = groupedOf(topology)
      expect(places.size).toBe(topology.nodes.length)
      expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(places.size)
      const frames = [...framesOf(topology, places)].filter(([id]) =>
        topology.boxes.some((box) => box.id === id && box.kind === 'namespace'),
      )
      frames.forEach(([, a], index) => {
        for (const [, b] of frames.slice(index + 1)) expect(overlaps(a, b)).toBe(false)
      })
    }),
    { numRuns: 25 },
  )
})

test('the same topology in another order has the same places', () => {
  const { boxes, nodes, edges } = dense
  const turned: Topology = { boxes: boxes.toReversed(), nodes: nodes.toReversed(), edges: edges.toReversed() }
  expect(groupedOf(turned)).toEqual(groupedOf(dense))
})

/** Who stands in which column: columns may be drawn apart. */
const order = (places: ReadonlyMap<string, Point>) => {
  const columns = [...new Set([...places.values()].map(({ x }) => x))].sort((a, b) => a - b)
  return [...places].map(([id, { x }]) => [id, columns.indexOf(x)])
}

test('where everybody calls everybody, grouped is drawn much larger than layered, and chosen', () => {
  const [grouped, layered] = [scaleOf(dense, groupedOf(dense)), scaleOf(dense, layoutOf(dense))]
  expect(grouped / layered).toBeGreaterThan(1.3)
  expect(order(chosenLayout(dense, 'auto'))).toEqual(order(groupedOf(dense)))
  expect(order(chosenLayout(dense, 'layered'))).toEqual(order(layoutOf(dense)))
})

test('a small graph is layered unless the viewer wants it grouped', () => {
  const small = meshLike({ seed: 5, nodes: 14, namespaces: 2, versions: 0 })
  expect(order(chosenLayout(small, 'auto'))).toEqual(order(layoutOf(small)))
  expect(order(chosenLayout(small, 'grouped'))).toEqual(order(groupedOf(small)))
  expect(chosenLayout({ boxes: [], nodes: [], edges: [] }, 'grouped').size).toBe(0)
})

test('drawn apart to the screen’s shape, boxes stay disjoint and versions of an app as near as they were', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 4, max: 60 }), (seed, nodes) => {
      const topology = meshLike({ seed, nodes, namespaces: 4, versions: 0.3 })
      const [compact, drawn] = [layoutOf(topology), chosenLayout(topology, 'layered')]
      const kinds = new Map(topology.boxes.map(({ id, kind }) => [id, kind]))
      const frames = [...framesOf(topology, drawn)].filter(([id]) => kinds.get(id) === 'namespace')
      frames.forEach(([, a], index) => {
        for (const [, b] of frames.slice(index + 1)) expect(overlaps(a, b)).toBe(false)
      })
      const versions = topology.nodes.filter(({ box }) => kinds.get(box ?? '') === 'app')
      for (const { id, box } of versions) {
        for (const other of versions.filter((each) => each.box === box)) {
          const between = (places: ReadonlyMap<string, Point>) =>
            (places.get(id)?.y ?? Number.NaN) - (places.get(other.id)?.y ?? Number.NaN)
          expect(between(drawn)).toBe(between(compact))
        }
      }
      expect(scaleOf(topology, drawn)).toBeGreaterThan(scaleOf(topology, compact) * 0.98)
    }),
    { numRuns: 40 },
  )
})
