import fc from 'fast-check'
import { expect, test } from 'vitest'

import { readFromMeshboard, readToMeshboard, wired, type FromMeshboard, type ToMeshboard } from './protocol.ts'

const said: readonly ToMeshboard[] = [
  { type: 'token', token: 'abc.def' },
  { type: 'token', token: null },
  { type: 'theme', theme: 'dark' },
  { type: 'scope', namespaces: ['a', 'b'] },
  { type: 'scope', namespaces: [] },
  { type: 'scope', cluster: 'c1', project: 'c1:p-1' },
  { type: 'window', window: '15m' },
  { type: 'window', from: '2026-01-31T14:00:00Z', to: '2026-01-31T15:00:00Z' },
  { type: 'navigate', path: '/traffic-graph', search: 'graphType=app' },
  { type: 'navigate', path: '/' },
]
test.each(said)('a message to Meshboard arrives as it was said: %j', (message) => {
  expect(readToMeshboard(structuredClone(wired(message)))).toEqual(message)
})

const answered: readonly FromMeshboard[] = [
  { type: 'ready' },
  { type: 'navigated', path: '/traffic-graph', search: '' },
  { type: 'selected', selected: { cluster: 'c', kind: 'workload', namespace: 'n', name: 'w' } },
  { type: 'selected', selected: null },
  { type: 'height', height: 480 },
  { type: 'needs-token', reason: 'expired' },
]
test.each(answered)('a message from Meshboard arrives as it was said: %j', (message) => {
  expect(readFromMeshboard(structuredClone(wired(message)))).toEqual(message)
})

test.each([
  ['another version', { meshboard: 2, type: 'token', token: 'x' }],
  ['no version', { type: 'token', token: 'x' }],
  ['a token with a line end', { meshboard: 1, type: 'token', token: 'x\ny' }],
  ['a token too long', { meshboard: 1, type: 'token', token: 'x'.repeat(16_385) }],
  ['an empty token', { meshboard: 1, type: 'token', token: '' }],
  ['a theme that is none', { meshboard: 1, type: 'theme', theme: 'red' }],
  ['another host as a page', { meshboard: 1, type: 'navigate', path: '//evil.test/' }],
  ['another host by a backslash', { meshboard: 1, type: 'navigate', path: '/\\evil.test/' }],
  ['a script as a page', { meshboard: 1, type: 'navigate', path: 'javascript:alert(1)' }],
  ['namespaces that are no texts', { meshboard: 1, type: 'scope', namespaces: [1] }],
  ['namespaces and a project', { meshboard: 1, type: 'scope', namespaces: ['a'], project: 'p' }],
  ['an unknown kind', { meshboard: 1, type: 'eval', code: '1' }],
  ['null', null],
  ['a text', 'meshboard'],
])('is not heard: %s', (_, data) => {
  expect(readToMeshboard(data)).toBeUndefined()
})

test('whatever a window is sent, reading does not throw and gives only what it knows', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      expect(readToMeshboard(data)).toBeUndefined()
      expect(readFromMeshboard(data)).toBeUndefined()
    }),
  )
})
