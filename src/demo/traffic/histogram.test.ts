import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bounds, bucketLabels, quantile, spreadOf } from './histogram.ts'

describe('a spread over buckets', () => {
  it('has the bounds Envoy has', () => {
    expect(bucketLabels).toEqual(
      '0.5 1 5 10 25 50 100 250 500 1000 2500 5000 10000 30000 60000 300000 600000 1800000 3600000 +Inf'.split(' '),
    )
  })

  it('grows from bucket to bucket up to 1', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e6, noNaN: true }),
        fc.double({ min: 0.02, max: 1.5, noNaN: true }),
        (median, spread) => {
          const { cumulative, mean } = spreadOf(median, spread)
          expect(cumulative).toHaveLength(20)
          for (const [index, share] of cumulative.entries())
            expect(share).toBeGreaterThanOrEqual(cumulative[index - 1] ?? 0)
          expect(cumulative.at(-2)).toBe(1)
          expect(cumulative.at(-1)).toBe(1)
          expect(mean).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('has its median in the median’s bucket', () => {
    const median = quantile(0.5, spreadOf(62, 0.5).cumulative) ?? 0
    expect(median).toBeGreaterThan(50)
    expect(median).toBeLessThan(100)
  })
})

describe('a quantile', () => {
  it.each([
    { q: 0.5, counts: { 10: 4, 25: 10 }, expected: 10 + 15 * (1 / 6) },
    { q: 0.4, counts: { 10: 4, 25: 10 }, expected: 10 },
    { q: 1, counts: { 10: 4, 25: 10 }, expected: 25 },
  ])('$q is interpolated as histogram_quantile does: $expected', ({ q, counts, expected }) => {
    let running = 0
    const cumulative = [...bounds, Infinity].map((bound) => {
      const at = Object.entries(counts).find(([name]) => Number(name) === bound)
      if (at) running = at[1]
      return running
    })
    expect(quantile(q, cumulative)).toBeCloseTo(expected, 9)
  })

  it('is unknown without any counts', () => {
    expect(quantile(0.95, new Array<number>(20).fill(0))).toBeUndefined()
  })
})
