import fc from 'fast-check'
import { expect, test } from 'vitest'

import { layoutOf } from './layout.ts'
import { bendsRelative, pointOn, routesOf } from './routes.ts'
import { meshLike } from './testMesh.ts'

const edge = (id: string, source: string, target: string) => ({ id, source, target })

test('an edge leaves at the right of its caller and arrives at the left of its callee', () => {
  const route = routesOf(
    [edge('e', 'a', 'b')],
    new Map([
      ['a', { x: 0, y: 10 }],
      ['b', { x: 130, y: 90 }],
    ]),
  ).get('e')
  expect(route?.start).toEqual({ x: 18, y: 10 })
  expect(route?.end).toEqual({ x: 110, y: 90 })
  expect(route === undefined ? undefined : pointOn(route, 0)).toEqual(route?.start)
  expect(route === undefined ? undefined : pointOn(route, 1)).toEqual(route?.end)
})

test('parallel edges run side by side', () => {
  const routes = routesOf(
    [edge('1 http', 'a', 'b'), edge('2 tcp', 'a', 'b'), edge('3 grpc', 'a', 'b')],
    new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 130, y: 0 }],
    ]),
  )
  expect([...routes.values()].map(({ start }) => start.y)).toEqual([0, 9, -9])
})

test('an edge that passes a column goes between its nodes, not through them', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['between', { x: 130, y: 0 }],
    ['c', { x: 260, y: 0 }],
  ])
  const route = routesOf([edge('e', 'a', 'c')], places).get('e')
  const at = route === undefined ? undefined : pointOn(route, 0.5)
  expect(Math.abs((at?.x ?? 0) - 130)).toBeLessThan(2)
  expect(Math.abs(at?.y ?? 0)).toBeGreaterThan(20)
})

test('a call back to the left leaves at the right all the same, and arrives at the left', () => {
  const route = routesOf(
    [edge('e', 'b', 'a')],
    new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 260, y: 200 }],
    ]),
  ).get('e')
  expect(route?.start.x).toBe(278)
  expect(route?.end.x).toBe(-20)
  expect(route?.bends[0]?.x).toBeGreaterThan(278)
})

test('a call to itself is a loop above its node, and an end without a place gives no route', () => {
  const routes = routesOf([edge('self', 'a', 'a'), edge('lost', 'a', 'nowhere')], new Map([['a', { x: 5, y: 50 }]]))
  expect([...routes.keys()]).toEqual(['self'])
  const loop = routes.get('self')
  expect(loop?.isLoop).toBe(true)
  expect(loop === undefined ? undefined : pointOn(loop, 0.5).y).toBeLessThan(50)
})

test('bends told relative to the line are the same points again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const topology = meshLike({ seed, nodes: 25, namespaces: 4, versions: 0.2 })
      const edges = topology.edges.map(({ source, target }) => edge(`${source} ${target}`, source, target))
      for (const route of routesOf(edges, layoutOf(topology)).values()) {
        if (route.isLoop) continue
        const { weights, distances } = bendsRelative(route)
        const [dx, dy] = [route.end.x - route.start.x, route.end.y - route.start.y]
        const length = Math.hypot(dx, dy)
        route.bends.forEach((bend, index) => {
          const [weight = 0, distance = 0] = [weights[index], distances[index]]
          expect(route.start.x + dx * weight - (dy / length) * distance).toBeCloseTo(bend.x, 6)
          expect(route.start.y + dy * weight + (dx / length) * distance).toBeCloseTo(bend.y, 6)
        })
      }
    }),
    { numRuns: 20 },
  )
})
