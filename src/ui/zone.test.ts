import fc from 'fast-check'
import { expect, test } from 'vitest'

import { fieldOf, instantOf, zoneText } from './zone.ts'

test('an instant in UTC is what the field shows', () => {
  expect(fieldOf(1767225630, 'utc')).toBe('2026-01-01T00:00:30')
  expect(instantOf('2026-01-01T00:00:30', 'utc')).toBe(1767225630)
  expect(instantOf('2026-01-01T00:01', 'utc')).toBe(1767225660)
})

test.each(['', '2026-01-01', '2026-13-01T00:00', 'yesterday', '0001-01-01T00:00:00', '2026-01-01T00:00:00Z'])(
  '“%s” is no instant',
  (field) => {
    expect(instantOf(field, 'utc')).toBeUndefined()
  },
)

test('what a field shows is read back as the same instant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e9 }), (at) => {
      expect(instantOf(fieldOf(at, 'utc'), 'utc')).toBe(at)
    }),
  )
})

test('UTC is UTC, and a local zone says how far it is ahead', () => {
  const noon = Date.UTC(2026, 0, 31, 12) / 1000
  expect(zoneText(noon, 'utc')).toBe('UTC')
  const minutes = -new Date(noon * 1000).getTimezoneOffset()
  expect(zoneText(noon, 'local')).toMatch(minutes === 0 ? /^UTC$/ : minutes < 0 ? /^UTC−/ : /^UTC\+/)
})
