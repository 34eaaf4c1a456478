import { describe, expect, it } from 'vitest'

import { attainmentOf, readObjective } from './objective.ts'

const day = 86_400

describe('an objective', () => {
  it.each([
    ['99.9% in 30d', { ratio: 0.999, seconds: 30 * day }],
    ['99.9', { ratio: 0.999, seconds: 30 * day }],
    [' 95 % over 2w ', { ratio: 0.95, seconds: 14 * day }],
    ['99.99% in 12h', { ratio: 0.9999, seconds: day / 2 }],
    ['100%', undefined],
    ['0', undefined],
    ['0.999 in 30 days', undefined],
    ['99.9% in 0d', undefined],
    ['99.9% in 100d', undefined],
    ['', undefined],
  ])('is read from %j', (text, objective) => {
    expect(readObjective(text)).toEqual(objective)
  })

  const rates = (ok: number, failed: number, notFound = 0) =>
    [
      ['200', ok],
      ['503', failed],
      ['404', notFound],
    ].map(([code, value]) => ({
      labels: { request_protocol: 'http', response_code: String(code), response_flags: '-' },
      value: Number(value),
      at: 0,
    }))

  it('is attained by what did not fail; what is left of the budget follows', () => {
    const told = attainmentOf({ ratio: 0.99, seconds: 30 * day }, rates(97.5, 0.5, 2), 1000)
    expect(told?.requests).toBeCloseTo(100_000)
    expect(told?.failed).toBeCloseTo(500)
    expect(told?.ratio).toBeCloseTo(0.995)
    expect(told?.allowed).toBeCloseTo(1000)
    expect(told?.left).toBeCloseTo(0.5)
  })

  it('is overspent where more failed than may', () => {
    expect(attainmentOf({ ratio: 0.999, seconds: day }, rates(98, 2), 60)?.left).toBeCloseTo(-19)
  })

  it('says nothing of silence', () => {
    expect(attainmentOf({ ratio: 0.99, seconds: day }, rates(0, 0), 1000)).toBeUndefined()
    expect(attainmentOf({ ratio: 0.99, seconds: day }, [], 1000)).toBeUndefined()
  })
})
