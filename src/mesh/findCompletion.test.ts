import fc from 'fast-check'
import { expect, test } from 'vitest'

import { completionsOf } from './findCompletion.ts'
import { parseFind } from './findParse.ts'
import type { GraphNode, MeshGraph } from './graph.ts'

const node = (app: string, patch: Partial<GraphNode> = {}): GraphNode => ({
  id: app,
  kind: 'app',
  cluster: 'c',
  namespace: 'shop',
  app,
  traffic: {},
  ...patch,
})
const graph: MeshGraph = {
  time: 0,
  window: 300,
  graphType: 'app',
  namespaces: [],
  nodes: [
    node('details', { labels: { region: 'east', 'odd "key"': 'x' } }),
    node('a "quoted" name', { version: 'v2' }),
    node('x'.repeat(10_000)),
  ],
  edges: [
    {
      id: 'e',
      source: 'details',
      target: 'gone',
      protocol: 'http',
      rate: 1,
      responses: [{ code: '503', flags: 'UF', rate: 1 }],
      marks: [],
    },
  ],
  skipped: [],
}

/** The text after each offer was taken. */
const offered = (before: string) =>
  completionsOf(before, graph).map(({ from, text }) => `${before.slice(0, from)}${text}`)

test.each([
  ['', 'name '],
  ['nam', 'name '],
  ['nam', 'namespace '],
  ['ns', 'namespace '],
  ['idle or he', 'idle or healthy'],
  ['(id', '(idle'],
  ['!id', '!idle'],
  ['is he', 'is healthy'],
  ['app ', 'app contains '],
  ['app cont', 'app contains '],
  ['app = ', 'app = details'],
  ['app=d', 'app=details'],
  ['app = tai', 'app = details'],
  ['app = "a', 'app = "a \\"quoted\\" name"'],
  ['rt ', 'rt > '],
  ['rt > 5', 'rt > 5ms'],
  ['rt > 5', 'rt > 5s'],
  ['tcp>20', 'tcp>20KiB'],
  ['httpin = ', 'httpin = NaN'],
  ['idle ', 'idle and '],
  ['app = details ', 'app = details or '],
  ['label:', 'label:region '],
  ['label:re', 'label:region '],
  ['label:region ', 'label:region = '],
  ['label:region = ', 'label:region = east'],
  ['node = s', 'node = service'],
  ['code = ', 'code = 503'],
  ['from = ', 'from = details'],
  ['version != v', 'version != v2'],
])('%s can go on as %s', (before, expected) => {
  expect(offered(before)).toContain(expected)
})

test.each([
  ['app = details', /and|or/],
  ['is ', /name/],
  ['app ', />/],
  ['rt ', /contains/],
  ['idle = ', /./],
  ['app = a b ', /./],
  ['app = x', /x{300}/],
])('%s does not go on as %s', (before, never) => {
  expect(completionsOf(before, graph).filter(({ text }) => never.test(text))).toEqual([])
})

test('words that begin with the letters come before abbreviations and words that have them inside', () => {
  const texts = completionsOf('tra', graph).map(({ text }) => text.trim())
  expect(texts.slice(0, 2)).toEqual(['trafficsource', 'trafficshifting'])
  expect(texts.indexOf('traffic')).toBeLessThan(texts.indexOf('%httptraffic'))
})

test('a value that is offered is read back as that value', () => {
  expect(parseFind(offered('app = "a')[0] ?? '').expression).toMatchObject({ value: 'a "quoted" name' })
  const keys = offered('label:').map((text) => parseFind(text).expression)
  expect(keys).toContainEqual({ kind: 'label', key: 'odd "key"' })
})

test('any text has at most forty ways to go on, each from inside it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (before) => {
      const list = completionsOf(before, graph)
      expect(list.length).toBeLessThanOrEqual(40)
      expect(list.every(({ from }) => from >= 0 && from <= before.length)).toBe(true)
    }),
  )
})
