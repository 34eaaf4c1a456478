import { expect, test } from 'vitest'
import { growth, median, medians } from './stats.ts'

test('the median is the middle value, or halfway between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 7])).toBe(6)
  expect(median([])).toBeUndefined()
})

test('growth is the exponent of the power law through the points', () => {
  expect(growth([[10, 7], [100, 70], [1000, 700]])).toBeCloseTo(1) // prettier-ignore
  expect(growth([[10, 3], [100, 300]])).toBeCloseTo(2) // prettier-ignore
  expect(growth([[10, 3], [10, 4]])).toBeUndefined() // prettier-ignore
})

test('each name has its own median', async () => {
  const runs = [{ a: 1, b: 30 }, { a: 3, b: 10 }, { a: 2, b: 20 }].values() // prettier-ignore
  expect(await medians(3, () => Promise.resolve(runs.next().value ?? { a: 0, b: 0 }))).toEqual({ a: 2, b: 20 })
})
