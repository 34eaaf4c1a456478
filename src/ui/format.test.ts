import { describe, expect, test } from 'vitest'

import {
  byteRate,
  bytes,
  clockTime,
  count,
  dash,
  dateTime,
  duration,
  inWords,
  percent,
  rate,
  shortSpan,
  span,
} from './format.ts'

const words = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  [undefined, dash],
  [Number.NaN, dash],
  [0, '0/s'],
  [0.004, '<0.01/s'],
  [0.04, '0.04/s'],
  [0.5, '0.5/s'],
  [4.7, '4.7/s'],
  [41.23, '41.2/s'],
  [61, '61.0/s'],
  [118.4, '118/s'],
  [1234.5, '1,235/s'],
  [123_456, '123K/s'],
])('the rate %s reads %s', (value, text) => {
  expect(inWords(rate(value))).toBe(text)
})

test.each([
  [undefined, dash],
  [0, '0 ms'],
  [0.0005, '500 µs'],
  [0.009, '9 ms'],
  [0.0314, '31 ms'],
  [0.142, '142 ms'],
  [0.99951, '1 s'],
  [1.66, '1.66 s'],
  [150, '2.5 min'],
  [7200, '2 h'],
])('the duration %s s reads %s', (value, text) => {
  expect(words(inWords(duration(value)))).toBe(text)
})

test.each([
  [undefined, dash],
  [0, '0 %'],
  [1, '100 %'],
  [0.00001, '<0.01 %'],
  [0.0042, '0.42 %'],
  [0.124, '12.4 %'],
  [0.99999, '>99.9 %'],
  [0.9994, '99.9 %'],
])('the ratio %s reads %s', (value, text) => {
  expect(words(inWords(percent(value)))).toBe(text)
})

test.each([
  [undefined, dash],
  [0, '0 B'],
  [512, '512 B'],
  [1536, '1.5 KiB'],
  [317_440, '310 KiB'],
  [5_242_880, '5 MiB'],
])('%s bytes read %s', (value, text) => {
  expect(words(inWords(bytes(value)))).toBe(text)
})

test('bytes per second name the second, and an unmeasured one is a dash without a unit', () => {
  expect(words(inWords(byteRate(186_368)))).toBe('182 KiB/s')
  expect(byteRate(undefined)).toEqual({ value: dash, unit: '' })
})

test('a count is whole', () => {
  expect(inWords(count(10_783.2))).toBe('10,783')
  expect(inWords(count(undefined))).toBe(dash)
})

test.each([
  [300, '5 minutes', '5 min'],
  [90, '90 seconds', '90 s'],
  [3600, '1 hour', '1 h'],
  [604_800, '7 days', '7 d'],
])('a span of %s s reads %s or %s', (seconds, long, short) => {
  expect(span(seconds)).toBe(long)
  expect(words(shortSpan(seconds))).toBe(short)
})

describe('instants', () => {
  test('read as the viewer’s wall clock', () => {
    const at = Date.UTC(2026, 0, 31, 14, 7, 30) / 1000
    const local = new Date(at * 1000)
    const two = (value: number) => String(value).padStart(2, '0')
    expect(clockTime(at)).toBe(`${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())}`)
    expect(dateTime(at)).toContain('2026')
    expect(dateTime(at)).toContain(clockTime(at))
  })

  test('an unknown one is a dash', () => {
    expect(clockTime(undefined)).toBe(dash)
    expect(dateTime(Number.NaN)).toBe(dash)
  })
})
