import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { instantText, tickText, timeTicks } from './time.ts'

const noon = Date.UTC(2026, 0, 31, 12, 0, 0) / 1000

describe('the time axis', () => {
  test('names round instants, as many as there is room for', () => {
    const ticks = timeTicks(noon + 100, noon + 3700, 391, 'utc')
    expect(ticks.map((at) => tickText(at, 3600, 'utc'))).toEqual(['12:10', '12:20', '12:30', '12:40', '12:50', '13:00'])
  })

  test.each([
    [120, 'utc', '12:00:00'],
    [3600, 'utc', '12:00'],
    [2 * 86_400, 'utc', '31 Jan, 12:00'],
    [7 * 86_400, 'utc', '31 Jan'],
  ] as const)('over %d s an instant is %s %s', (span, zone, text) => {
    expect(tickText(noon, span, zone)).toMatch(new RegExp(`^(${text}|Jan 31.*)$`))
  })

  test('an instant in full carries its day where the span is longer than one', () => {
    expect(instantText(noon + 30, 3600, 'utc')).toBe('12:00:30')
    expect(instantText(noon, 3 * 86_400, 'utc')).toMatch(/31/)
  })

  test('ticks lie inside the span, in order, without end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e9 }),
        fc.integer({ min: 1, max: 3e7 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.constantFrom('local' as const, 'utc' as const),
        (from, length, width, zone) => {
          const ticks = timeTicks(from, from + length, width, zone)
          expect(ticks.length).toBeLessThanOrEqual(Math.max(2, width / 64) + 1)
          for (const [index, tick] of ticks.entries()) {
            expect(tick).toBeGreaterThanOrEqual(index === 0 ? from : (ticks[index - 1] ?? 0) + 1)
            expect(tick).toBeLessThanOrEqual(from + length)
          }
        },
      ),
    )
  })
})
