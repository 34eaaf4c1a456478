import fc from 'fast-check'
import { expect, test } from 'vitest'

import { framesOf } from './frames.ts'
import { overlaps } from './geometry.ts'
import { roughPlaces } from './rough.ts'
import { meshLike } from './testMesh.ts'

test('every node has a place of its own, boxes do not overlap, and what is known stays', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 90 }), (seed, nodes) => {
      const topology = meshLike({ seed, nodes, namespaces: 5, versions: 0.3, calls: 3 })
      const places = roughPlaces(topology, new Map())
      expect([...places.keys()].sort()).toEqual(topology.nodes.map(({ id }) => id).sort())
      expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(places.size)
      const kinds = new Map(topology.boxes.map(({ id, kind }) => [id, kind]))
      for (const kind of ['namespace', 'app']) {
        const frames = [...framesOf(topology, places)].filter(([id]) => kinds.get(id) === kind)
        frames.forEach(([, a], index) => {
          for (const [, b] of frames.slice(index + 1)) expect(overlaps(a, b)).toBe(false)
        })
      }
      const known = new Map([...places].slice(0, Math.ceil(nodes / 3)).map(([id]) => [id, { x: 77, y: 5 }]))
      for (const [id, place] of roughPlaces(topology, known)) if (known.has(id)) expect(place).toEqual({ x: 77, y: 5 })
    }),
    { numRuns: 30 },
  )
})

test('what comes late does not hold up the page: a thousand nodes take a moment', () => {
  const topology = meshLike({ seed: 4, nodes: 1000, namespaces: 40, versions: 0.2, calls: 5 })
  const start = process.cpuUsage()
  roughPlaces(topology, new Map())
  // Measured: about 5 ms; searching for free places took seconds.
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(400)
})
