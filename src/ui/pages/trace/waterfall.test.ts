import { expect, test } from 'vitest'
import type { Span } from '../../../mesh/traces/trace.ts'
import { traceOf } from '../../../mesh/traces/jaeger.ts'
import { firstFailures, ownTimeOf, waterfallOf } from './waterfall.ts'

const span = (id: string, parent: string | undefined, start: number, duration: number, isError = false): Span => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  service: `${id}.ns`,
  operation: 'op',
  start,
  duration,
  isError,
  tags: {},
  events: [],
})

const trace = traceOf('ab', [
  span('root', undefined, 100, 10, true),
  span('a', 'root', 101, 4),
  span('b', 'root', 103, 4, true),
  span('c', 'b', 104, 2, true),
])

test('each line knows its depth, its place in time and how much is below it', () => {
  const rows = waterfallOf(trace, new Set())
  expect(rows.map(({ span: { id }, depth, below, left, width }) => [id, depth, below, left, width])).toEqual([
    ['root', 0, 3, 0, 1],
    ['a', 1, 0, 0.1, 0.4],
    ['b', 1, 1, 0.3, 0.4],
    ['c', 2, 0, 0.4, 0.2],
  ])
})

test('what is below a folded span is left out, its neighbours stay', () => {
  const ids = (folded: readonly string[]) => waterfallOf(trace, new Set(folded)).map(({ span: { id } }) => id)
  expect(ids(['b'])).toEqual(['root', 'a', 'b'])
  expect(ids(['root'])).toEqual(['root'])
})

test('a span’s own time is what no child covers, overlaps counted once', () => {
  const [root] = trace.spans
  expect(root && ownTimeOf(root, trace.spans)).toBeCloseTo(4)
})

test('failures begin at the deepest span that failed', () => {
  expect(firstFailures(trace.spans).map(({ id }) => id)).toEqual(['c'])
})

test('5,000 spans, one below the other, are lines in less than a blink', () => {
  const spans = Array.from({ length: 5000 }, (_, index) =>
    span(`s${index}`, index === 0 ? undefined : `s${index - 1}`, index, 1),
  )
  const deep = traceOf('cd', spans)
  expect(waterfallOf(deep, new Set()).at(-1)).toMatchObject({ depth: 4999, below: 0 })
  expect(waterfallOf(deep, new Set())[0]).toMatchObject({ below: 4999 })
  expect(waterfallOf(deep, new Set(['s10']))).toHaveLength(11)
})
