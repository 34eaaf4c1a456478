import fc from 'fast-check'
import { expect, test } from 'vitest'

import { dotsAt } from './motion.ts'

const edge = { id: 'a>b', rank: 30 }
const errors = (errorRatio: number) => {
  let [failed, all] = [0, 0]
  for (let second = 0; second < 4000; second += 5) {
    for (const { isError } of dotsAt({ ...edge, errorRatio }, 200, second)) {
      all++
      if (isError) failed++
    }
  }
  return failed / all
}

test('the busier an edge, the more dots; none without traffic, and never closer than dots can be told apart', () => {
  expect(dotsAt({ id: 'e', rank: 0 }, 300, 1)).toEqual([])
  const counts = [0.1, 3, 30, 1000].map((rank) => dotsAt({ id: 'e', rank }, 300, 1).length)
  expect(counts).toEqual([...counts].sort((a, b) => a - b))
  expect(new Set(counts).size).toBeGreaterThan(2)
  expect(dotsAt({ id: 'e', rank: 1e6 }, 50, 1).length).toBeLessThanOrEqual(2)
})

test('dots run forwards, the slower the slower the calls', () => {
  const way = (seconds: number) => {
    const at = (second: number) => dotsAt({ id: 'e', rank: 0.5, seconds }, 1000, second)[0]?.at ?? NaN
    return (at(1) - at(0) + 1) % 1
  }
  expect(way(0.01)).toBeGreaterThan(way(2))
  expect(way(2)).toBeGreaterThan(0)
})

test('as many dots are errors as requests fail, and none where none do', () => {
  expect(errors(0)).toBe(0)
  expect(errors(1)).toBe(1)
  expect(errors(0.3)).toBeGreaterThan(0.2)
  expect(errors(0.3)).toBeLessThan(0.4)
})

test('a dot is always somewhere on its line', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      (second, rank) => {
        for (const { at } of dotsAt({ id: 'e', rank }, 250, second)) {
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at).toBeLessThan(1)
        }
      },
    ),
  )
})
