import { expect, test } from 'vitest'
import { linesMatching, linesOf, shownText } from './lines.ts'

test('lines as the container wrote them, empty ones kept', () => {
  expect(linesOf('')).toEqual([])
  expect(linesOf('a\n\nb\n')).toEqual(['a', '', 'b'])
  expect(linesOf('cut off')).toEqual(['cut off'])
})

test('a filter looks for text in any case, and for trouble', () => {
  const lines = ['INFO ok', 'ERROR Boom', 'WARN careful', 'INFO boom again']
  const of = (text: string, onlyTrouble: boolean) =>
    linesMatching(lines, { text, onlyTrouble }).map(({ index }) => index)
  expect(of('', false)).toEqual([0, 1, 2, 3])
  expect(of(' boom ', false)).toEqual([1, 3])
  expect(of('', true)).toEqual([1, 2])
  expect(of('boom', true)).toEqual([1])
})

test('colours and control characters do not reach the page, and a line has an end', () => {
  expect(shownText('\u001b[31mred\u001b[0m \u0000 \u202egnp')).toBe('red \ufffd \ufffdgnp')
  expect(shownText('x'.repeat(10_000))).toHaveLength(2001)
})

test('100,000 lines are filtered without being copied one by one', () => {
  const log = Array.from({ length: 100_000 }, (_, index) => `2026 INFO request ${index}`).join('\n')
  const lines = linesOf(log)
  expect(lines).toHaveLength(100_000)
  expect(linesMatching(lines, { text: 'request 99999', onlyTrouble: false })).toEqual([
    { index: 99_999, text: '2026 INFO request 99999' },
  ])
})
