import { expect, test } from 'vitest'

import { isCovered, namedOrigins } from './origins.ts'

const own = 'https://mesh.example.org'

test.each([
  ["'self'", own, true],
  ["'self'", 'https://other.example.org', false],
  ['https://console.example.org', 'https://console.example.org', true],
  ['https://console.example.org/', 'https://console.example.org', true],
  ['https://console.example.org', 'https://console.example.org.evil.test', false],
  ['https://console.example.org', 'https://evil-console.example.org', false],
  ['https://console.example.org', 'https://consoleXexample.org', false],
  ['https://console.example.org', 'http://console.example.org', false],
  ['http://console.example.org', 'https://console.example.org', true],
  ['https://console.example.org', 'https://console.example.org:8443', false],
  ['https://console.example.org:8443', 'https://console.example.org:8443', true],
  ['https://console.example.org:443', 'https://console.example.org', true],
  ['https://console.example.org:*', 'https://console.example.org:8443', true],
  ['https://*.example.org', 'https://rancher.example.org', true],
  ['https://*.example.org', 'https://a.b.example.org', true],
  ['https://*.example.org', 'https://example.org', false],
  ['https://*.example.org', 'https://evilexample.org', false],
  ['console.example.org', 'https://console.example.org', true],
  ['console.example.org', 'http://console.example.org', false],
  ['http://127.0.0.1:8123', 'http://127.0.0.1:8123', true],
  // Whoever may frame us is not for that reason somebody whom we take a token from.
  ['*', 'https://anybody.test', false],
  ['https:', 'https://anybody.test', false],
  ["'none'", 'https://none', false],
  // A sandboxed frame's.
  ['https://console.example.org', 'null', false],
])('a frame source %s and a page of %s: %s', (source, origin, covered) => {
  expect(isCovered(origin, [source], own)).toBe(covered)
})

test('only sources that name one origin can be addressed', () => {
  expect(
    namedOrigins(
      ["'self'", '*', 'https:', 'https://*.example.org', 'host.example.org', 'https://a.example.org/x'],
      own,
    ),
  ).toEqual([own, 'https://a.example.org'])
})
