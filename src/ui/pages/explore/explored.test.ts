import { expect, test } from 'vitest'

import { columnsOf, linesOf, mostLines, seriesText } from './explored.ts'

const series = (labels: Readonly<Record<string, string>>, ...values: (number | undefined)[]) => ({
  labels,
  points: values.map((value, at) => ({ at, value })),
})

test.each([
  [{ __name__: 'up', job: 'a', instance: 'b"1' }, 'up{instance="b\\"1", job="a"}'],
  [{ __name__: 'up' }, 'up'],
  [{}, '{}'],
])('a series %j is written %s', (labels, text) => {
  expect(seriesText(labels)).toBe(text)
})

test('lines are the largest series by mean, named by what tells them apart', () => {
  const lines = linesOf([
    series({ job: 'a', zone: 'z' }, 1, 2, 3),
    series({ job: 'b', zone: 'z' }, 1, undefined, 9),
    series({ job: 'c', zone: 'z' }, undefined, undefined, undefined),
  ])
  expect(lines.map(({ label, overall }) => [label, overall])).toEqual([
    ['{job="b"}', 9],
    ['{job="a"}', 2.5],
    ['{job="c"}', undefined],
  ])
  expect(lines[0]?.values).toEqual([1, undefined, 9])
  expect(linesOf([series({ job: 'a' }, 1)])[0]?.label).toBe('{job="a"}')
  expect(linesOf(Array.from({ length: 60 }, (_, index) => series({ n: `${index}` }, index)))).toHaveLength(mostLines)
})

test('columns are all labels there are, the name first', () => {
  const rows = [
    { labels: { job: 'a', __name__: 'up' }, values: [] },
    { labels: { app: 'b' }, values: [] },
  ]
  expect(columnsOf(rows)).toEqual(['__name__', 'app', 'job'])
})
