import { describe, expect, test } from 'vitest'

import { nearestStep } from './line.ts'
import { areaPath, barsPath, dotsPath, edges, instantAt, isAlone, linePath, plotOf, xOf, yOf } from './plot.ts'
import { scaleFromZero } from './scale.ts'

const plot = plotOf(
  { width: 400 + edges.left + edges.right, height: 200 + edges.top + edges.bottom },
  { from: 1000, to: 1100 },
  scaleFromZero([100]),
)

describe('a plot', () => {
  test('places instants and values, and reads instants back', () => {
    expect(xOf(plot, 1025)).toBe(100)
    expect(yOf(plot, 75)).toBe(50)
    expect(instantAt(plot, 100)).toBe(1025)
    expect(instantAt(plot, -50)).toBe(1000)
    expect(instantAt(plot, 5000)).toBe(1100)
  })

  test('has a size also where there is none', () => {
    expect(plotOf({ width: 0, height: 0 }, { from: 5, to: 5 }, scaleFromZero([]))).toMatchObject({
      width: 1,
      height: 1,
    })
  })
})

describe('bars', () => {
  test('stand on what is below them; gaps and zeros draw nothing', () => {
    const path = barsPath(plot, [1000, 1050, 1100], [50, undefined, 0], [25, 0, 0])
    expect(path).toBe('M0 150V50h24V150z')
  })

  test('of next to nothing are still seen', () => {
    expect(barsPath(plot, [1050], [0.001], [])).toBe('M196.5 200V199h7V200z')
  })

  test('of no steps are none', () => {
    expect(barsPath(plot, [], [], [])).toBe('')
  })
})

test.each([
  [0, 1000],
  [1000, 1000],
  [1024, 1000],
  [1026, 1050],
  [9999, 1100],
])('the step nearest to %d is %d', (at, step) => {
  const times = [1000, 1050, 1100]
  expect(times[nearestStep(times, at) ?? -1]).toBe(step)
})

test('there is no nearest of no steps', () => {
  expect(nearestStep([], 5)).toBeUndefined()
})

test('a value between two gaps stands alone', () => {
  const values = [1, undefined, 2, undefined, 3, 4]
  expect(values.map((_, index) => isAlone(values, index))).toEqual([true, false, true, false, false, false])
})

describe('lines', () => {
  const area = plotOf(
    { width: edges.left + 100 + edges.right, height: edges.top + 50 + edges.bottom },
    { from: 0, to: 50 },
    { kind: 'linear', min: 0, max: 10, ticks: [] },
  )
  const times = [0, 10, 20, 30, 40, 50]

  test.each([
    ['through all values', [10, 5, 0], 'M0 0L20 25L40 50', 'M0 50L0 0L20 25L40 50V50z', ''],
    [
      'broken at gaps',
      [10, 5, undefined, 0, 5],
      'M0 0L20 25M60 50L80 25',
      'M0 50L0 0L20 25V50zM60 50L60 50L80 25V50z',
      '',
    ],
    ['a dot where a value stands alone', [undefined, 5, undefined], '', '', 'M20 25h0'],
    ['clipped to the scale', [20, -5], 'M0 0L20 50', 'M0 50L0 0L20 50V50z', ''],
    ['nothing of nothing', [], '', '', ''],
  ])('%s', (_, values, line, below, dots) => {
    expect(linePath(area, times, values)).toBe(line)
    expect(areaPath(area, times, values)).toBe(below)
    expect(dotsPath(area, times, values)).toBe(dots)
  })
})
