import { expect, test } from 'vitest'

import { marksNear, placedMarks, type Mark } from './mark.ts'
import { plotOf } from './plot.ts'
import { scaleFromZero } from './scale.ts'

/** 1,000 pixels for 1,000 seconds. */
const plot = plotOf({ width: 1084, height: 100 }, { from: 1000, to: 2000 }, scaleFromZero([1]))
const mark = (at: number): Mark => ({ id: `${at}`, at, kind: 'rollout', text: `at ${at}` })

test('marks stand at their instants, those too near together as one, those outside nowhere', () => {
  const placed = placedMarks(plot, [mark(1503), mark(1100), mark(1500), mark(999), mark(2001), mark(1508)])
  expect(placed.map(({ x, marks }) => [Math.round(x), marks.map(({ at }) => at)])).toEqual([
    [100, [1100]],
    [500, [1500, 1503]],
    [508, [1508]],
  ])
})

test('a pointer means the marks within a few pixels', () => {
  const placed = placedMarks(plot, [mark(1100), mark(1500)])
  expect(marksNear(placed, 494).map(({ at }) => at)).toEqual([1500])
  expect(marksNear(placed, 300)).toEqual([])
})
