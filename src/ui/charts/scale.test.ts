import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { heightOn, logScale, scaleFromZero, scaleOfAny, scaleOfBytes, scaleToOne } from './scale.ts'

describe('a scale', () => {
  test.each([
    [[375.5, 398], false, [0, 100, 200, 300, 400]],
    [[1160], false, [0, 500, 1000, 1500]],
    [[0.03], false, [0, 0.01, 0.02, 0.03]],
    [[3], true, [0, 1, 2, 3]],
    [[0, undefined], true, [0, 1]],
    [[], false, [0, 0.25, 0.5, 0.75, 1]],
  ])('from zero over %j (whole: %s) names %j', (values, isWhole, ticks) => {
    expect(scaleFromZero(values, isWhole).ticks).toEqual(ticks)
  })

  test.each([
    [
      [0.973, 1],
      [0.97, 0.98, 0.99, 1],
    ],
    [
      [0.9989, 0.9999],
      [0.99, 0.9925, 0.995, 0.9975, 1],
    ],
    [
      [0.64, 1],
      [0.6, 0.7, 0.8, 0.9, 1],
    ],
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [[], [0.99, 0.9925, 0.995, 0.9975, 1]],
  ])('of ratios over %j ends at one: %j', (values, ticks) => {
    expect(scaleToOne(values).ticks).toEqual(ticks)
  })

  test.each([
    [
      [-3, 9, undefined],
      [-5, 0, 5, 10],
    ],
    [[-8], [-8, -6, -4, -2, 0]],
    [[3], [0, 1, 2, 3]],
  ])('of any values %j holds them and 0: %j', (values, ticks) => {
    expect(scaleOfAny(values).ticks).toEqual(ticks)
  })

  test.each([
    ['room for a limit that the values stay above', [0.995], 0.99, 0.9875],
    ['nothing for a limit far below, which would flatten them', [0.995], 0.5, 0.99],
    ['what the values ask for where they are lower', [0.6, 1], 0.99, 0.6],
  ])('of ratios has %s', (_, values, limit, min) => {
    expect(scaleToOne(values, limit).min).toBeCloseTo(min)
  })

  test('of bytes is round in binary units', () => {
    expect(scaleOfBytes([700 * 1024]).ticks).toEqual([0, 200, 400, 600, 800].map((each) => each * 1024))
    expect(scaleOfBytes([]).max).toBeGreaterThan(0)
  })

  test('of durations goes by powers of ten around what there is', () => {
    expect(logScale([0.0092, 2.97, undefined, 0]).ticks).toEqual([0.001, 0.01, 0.1, 1, 10])
    expect(logScale([0.1]).ticks).toEqual([0.1, 1])
    expect(logScale([0, undefined]).kind).toBe('linear')
  })

  test('holds every value, and is never empty', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }))
    fc.assert(
      fc.property(values, (drawn) => {
        for (const scale of [scaleFromZero(drawn), scaleFromZero(drawn, true), scaleOfBytes(drawn)]) {
          expect(scale.max).toBeGreaterThan(scale.min)
          expect(scale.ticks.length).toBeLessThan(12)
          for (const value of drawn) expect(value).toBeLessThanOrEqual(scale.max * (1 + 1e-9))
        }
      }),
    )
  })

  test('places its ends at 0 and 1, and what lies beyond at the nearer end', () => {
    const log = logScale([0.02, 5])
    expect(heightOn(log, 0.01)).toBe(0)
    expect(heightOn(log, 10)).toBeCloseTo(1)
    expect(heightOn(log, 0)).toBe(0)
    expect(heightOn(scaleFromZero([100]), 250)).toBe(1)
    expect(heightOn(scaleFromZero([100]), 25)).toBe(0.25)
  })
})
