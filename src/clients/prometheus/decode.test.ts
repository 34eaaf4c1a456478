import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMatrix, decodeVector } from './decode.ts'

const vector = (...result: readonly unknown[]): unknown => ({ resultType: 'vector', result })
const hostile = { name: 'quo"te\\back\nline 🦊', empty: '', long: 'x'.repeat(10_000), ['__proto__x']: 'p' }

describe('decodeVector', () => {
  test.each([
    ['0', 0],
    ['12.5', 12.5],
    ['-3', -3],
    ['1e-05', 0.00001],
    ['1.7976931348623157e+308', 1.7976931348623157e308],
  ])('reads the number %s', (text, value) => {
    expect(decodeVector(vector({ metric: { a: 'b' }, value: [1700000000.123, text] }))).toEqual({
      samples: [{ labels: { a: 'b' }, value }],
      skipped: [],
    })
  })

  test('keeps hostile label values as they are', () => {
    expect(decodeVector(vector({ metric: hostile, value: [1, '2'] })).samples[0]?.labels).toEqual(hostile)
  })

  test.each([
    ['NaN', { metric: {}, value: [1, 'NaN'] }, 'a value that is not a number (NaN)'],
    ['+Inf', { metric: {}, value: [1, '+Inf'] }, 'an infinite value'],
    ['-Inf', { metric: {}, value: [1, '-Inf'] }, 'an infinite value'],
    ['beyond doubles', { metric: {}, value: [1, '1e999'] }, 'an infinite value'],
    ['an empty number', { metric: {}, value: [1, ''] }, 'a malformed value'],
    ['hexadecimal', { metric: {}, value: [1, '0x10'] }, 'a malformed value'],
    ['a bare number', { metric: {}, value: [1, 7] }, 'a malformed value'],
    ['no value', { metric: {} }, 'a malformed value'],
    ['a native histogram', { metric: {}, histogram: [1, { count: '3' }] }, 'a native histogram'],
    ['no labels', { value: [1, '7'] }, 'a series without readable labels'],
    ['a label that is a number', { metric: { a: 7 }, value: [1, '7'] }, 'a series without readable labels'],
    ['null', null, 'a series without readable labels'],
  ])('skips %s and says why, keeping its neighbours', (_, entry, reason) => {
    const { samples, skipped } = decodeVector(vector(entry, { metric: { kept: 'yes' }, value: [1, '5'] }, entry))
    expect(samples).toEqual([{ labels: { kept: 'yes' }, value: 5 }])
    expect(skipped).toEqual([{ reason, count: 2, example: JSON.stringify(entry).slice(0, 200) }])
  })

  test.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ resultType: 'matrix', result: [] }],
    [{ resultType: 'vector', result: {} }],
  ])('says that %j is no vector', (data) => {
    const { samples, skipped } = decodeVector(data)
    expect(samples).toEqual([])
    expect(skipped).toHaveLength(1)
  })

  test('never throws, gives finite numbers, and loses no entry silently', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.anything(), fc.record({ metric: fc.anything(), value: fc.anything() }))),
        (result) => {
          const { samples, skipped } = decodeVector(
            vector(...result.map((each) => (typeof each === 'bigint' ? null : each))),
          )
          expect(samples.every(({ value }) => Number.isFinite(value))).toBe(true)
          expect(samples.length + skipped.reduce((sum, { count }) => sum + count, 0)).toBe(result.length)
        },
      ),
    )
  })
})

describe('decodeMatrix', () => {
  const matrix = (...values: readonly unknown[]): unknown => ({
    resultType: 'matrix',
    result: [{ metric: { a: 'b' }, values }],
  })

  test('a value that is not finite is a gap, not a zero', () => {
    expect(decodeMatrix(matrix([10, '1'], [20, 'NaN'], [30, '+Inf'], [40, '0'])).series).toEqual([
      {
        labels: { a: 'b' },
        points: [
          { at: 10, value: 1 },
          { at: 20, value: undefined },
          { at: 30, value: undefined },
          { at: 40, value: 0 },
        ],
      },
    ])
  })

  test('with steps, what Prometheus left out is a gap', () => {
    const { series } = decodeMatrix(matrix([115, '2'], [145, '4']), { start: 100, end: 160, step: 15 })
    expect(series[0]?.points).toEqual([
      { at: 100, value: undefined },
      { at: 115, value: 2 },
      { at: 130, value: undefined },
      { at: 145, value: 4 },
      { at: 160, value: undefined },
    ])
  })

  test('malformed points and series are skipped and counted', () => {
    const { series, skipped } = decodeMatrix({
      resultType: 'matrix',
      result: [{ metric: { a: 'b' }, values: [[1, '5'], ['2', '6'], 'x'] }, { metric: {}, histograms: [] }, 7],
    })
    expect(series).toEqual([{ labels: { a: 'b' }, points: [{ at: 1, value: 5 }] }])
    expect(skipped.map(({ reason, count }) => [reason, count])).toEqual([
      ['a malformed point', 2],
      ['a native histogram', 1],
      ['a series without readable labels or values', 1],
    ])
  })
})
