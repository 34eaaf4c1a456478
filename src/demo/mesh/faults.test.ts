import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fault, faults, occurrence, touches } from './faults.ts'
import { flows } from './flows.ts'

const anyInstant = fc.integer({ min: 1_600_000_000, max: 2_000_000_000 })

const hourly: Fault = { name: 'slow-ratings', description: '', period: 3600, start: 600, duration: 300 }

describe('the schedule of faults', () => {
  it('has a service failing or slow at every moment', () => {
    const serious = faults.filter(({ name }) =>
      ['reviews-canary', 'slow-ratings', 'payment-unavailable'].includes(name),
    )
    fc.assert(fc.property(anyInstant, (at) => serious.some((fault) => occurrence(fault, at).isActive)))
  })

  it('has every fault both come and go, and hit some flow', () => {
    for (const { name, period, duration } of faults) {
      expect(duration, name).toBeGreaterThan(0)
      expect(duration, name).toBeLessThan(period)
      expect(
        flows.some(({ fault }) => fault === name),
        name,
      ).toBe(true)
    }
  })

  it.each([
    { at: 7200 + 599, since: 7200 + 600, isActive: false },
    { at: 7200 + 600, since: 7200 + 600, isActive: true },
    { at: 7200 + 899, since: 7200 + 600, isActive: true },
    { at: 7200 + 900, since: 10_800 + 600, isActive: false },
  ])('at $at the window begins at $since and is active: $isActive', ({ at, since, isActive }) => {
    expect(occurrence(hourly, at)).toEqual({ since, until: since + 300, isActive })
  })

  it.each([
    { from: 0, to: 600, expected: false },
    { from: 0, to: 601, expected: true },
    { from: 899, to: 950, expected: true },
    { from: 900, to: 1200, expected: false },
  ])('touches a window from $from to $to: $expected', ({ from, to, expected }) => {
    expect(touches(hourly, from, to)).toBe(expected)
  })
})
