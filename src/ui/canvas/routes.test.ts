import fc from 'fast-check'
import { expect, test } from 'vitest'

import { pointOn, routesOf } from './routes.ts'

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

test('a call between plates runs from border to border, and the call back beside it', () => {
  const areas = new Map([
    ['a', { left: 0, right: 100, top: 0, bottom: 100 }],
    ['b', { left: 400, right: 500, top: 0, bottom: 300 }],
  ])
  const places = new Map([
    ['a', { x: 50, y: 50 }],
    ['b', { x: 450, y: 150 }],
  ])
  const [there, back] = [...routesOf([edge('1', 'a', 'b'), edge('2', 'b', 'a')], places, areas).values()]
  expect(there?.start.x).toBeCloseTo(101)
  expect(there?.end.x).toBeCloseTo(397)
  expect(back?.start.x).toBeCloseTo(399)
  expect(there === undefined || back === undefined ? 0 : pointOn(there, 0.5).y - pointOn(back, 0.5).y).toBeLessThan(-20)
})

test('among many gaps an edge takes the nearest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -2000, max: 2000 }), { maxLength: 30 }),
      fc.integer({ min: -2000, max: 2000 }),
      (ys, y) => {
        const places = new Map([
          ['a', { x: 0, y }],
          ['c', { x: 260, y }],
          ...ys.map((at, index) => [`n${index}`, { x: 130, y: at }] as const),
        ])
        const stop = routesOf([edge('e', 'a', 'c')], places).get('e')?.bends[1]?.y ?? Number.NaN
        const isFree = (at: number) => ys.every((each) => at <= each - 22 || at >= each + 36)
        expect(isFree(stop)).toBe(true)
        // Nothing nearer is free: gaps narrower than 8 px are none, and 8 px of every other gap's borders are kept.
        for (let away = 0; away < Math.abs(stop - y) - 8; away++) {
          for (const at of [y - away, y + away]) {
            const room = Math.min(...ys.map((each) => Math.max(each - 22 - at, at - each - 36)), 99)
            expect(room).toBeLessThan(8)
          }
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('where there are many edges, those of one caller pass a column together, and those to one callee', () => {
  const many = Array.from({ length: 160 }, (_, index) => edge(`x${index}`, 'far', 'away'))
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 0, y: 50 }],
    ['m', { x: 130, y: 300 }],
    ['n', { x: 260, y: 300 }],
    ['c', { x: 390, y: 0 }],
    ['d', { x: 390, y: 40 }],
    ['far', { x: 0, y: 9000 }],
    ['away', { x: 130, y: 9000 }],
  ])
  const calls = [edge('1', 'a', 'c'), edge('2', 'a', 'd'), edge('3', 'b', 'c')]
  const stops = (edges: Parameters<typeof routesOf>[0]) => {
    const routes = routesOf(edges, places)
    return ['1', '2', '3'].map((id) => routes.get(id)?.bends.flatMap(({ y }, index) => (index % 2 === 1 ? [y] : [])))
  }
  const [first, second, third] = stops([...calls, ...many])
  expect(first?.[0]).toBe(second?.[0])
  expect(first?.[0]).not.toBe(third?.[0])
  expect(first?.[1]).toBe(third?.[1])
  const apart = stops(calls)
  expect(new Set(apart.map((each) => each?.[0])).size).toBe(3)
})

test('a call to or from a folded group takes one bow, to and fro on different sides', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['g', { x: 390, y: 0 }],
  ])
  const routes = routesOf(
    [
      { ...edge('1', 'a', 'g'), isOfGroup: true },
      { ...edge('2', 'g', 'a'), isOfGroup: true },
    ],
    places,
  )
  const [there, back] = [routes.get('1'), routes.get('2')]
  expect([there?.bends.length, back?.bends.length]).toEqual([1, 1])
  expect(Math.sign(there?.bends[0]?.y ?? 0)).toBe(-Math.sign(back?.bends[0]?.y ?? 0))
})
