import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import { lineAt, tokensOf, yamlOf } from './yamlLines.ts'

const object = {
  metadata: { name: 'x', managedFields: [{ manager: 'kubectl' }], labels: { 'app.kubernetes.io/name': 'x' } },
  spec: {
    http: [
      { match: [{ uri: { prefix: '/' } }], route: [{ destination: { host: 'a' }, weight: 1 }] },
      { route: [{ destination: { host: 'b' } }, { destination: { host: 'c: # "d"' } }] },
    ],
  },
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
}

test('the YAML begins as kubectl’s does, without managed fields', () => {
  const yaml = yamlOf(object)
  expect(yaml.split('\n').slice(0, 4)).toEqual([
    'apiVersion: networking.istio.io/v1',
    'kind: VirtualService',
    'metadata:',
    '  name: x',
  ])
  expect(yaml).not.toContain('managedFields')
})

test('texts that YAML 1.1 would read as something else are quoted, as kubectl needs them', () => {
  const yaml = yamlOf({ metadata: { name: 'on' }, spec: { exact: 'yes', port: '0o17', at: '2026-01-01T00:00:00Z' } })
  expect(parse(yaml, { version: '1.1' })).toEqual({
    metadata: { name: 'on' },
    spec: { exact: 'yes', port: '0o17', at: '2026-01-01T00:00:00Z' },
  })
  expect(yaml.startsWith('metadata:')).toBe(true)
})

test.each([
  ['spec.http[1].route[0].destination.host', 'host: b'],
  ['spec.http[0].route[0].weight', 'weight: 1'],
  ['spec.http[1].route[0]', '- destination:'],
  ['spec.http', '  http:'],
  ['spec.http[1].route[1].destination.subset', '- destination:'],
  ['spec.servers', 'spec:'],
])('the line of %s', (path, expected) => {
  const yaml = yamlOf(object)
  expect(yaml.split('\n')[lineAt(yaml, path) ?? -1]).toContain(expected)
})

test('a path of which nothing is there has no line', () => {
  expect(lineAt(yamlOf(object), 'status.conditions[0]')).toBeUndefined()
})

describe('tokensOf', () => {
  test.each([
    ['  host: b', ['mark:  ', 'key:host:', 'text: b']],
    ['- weight: 90', ['mark:- ', 'key:weight:', 'number: 90']],
    ['    - - ./*', ['mark:    - - ', 'text:./*']],
    ['# why', ['comment:# why']],
    ['', []],
  ])('%s', (line, expected) => {
    expect(tokensOf(line).map(({ kind, text }) => `${kind}:${text}`)).toEqual(expected)
  })

  test('no line is changed, whatever is in it', () => {
    const hostile = ['a: b: c', '"x: y": z', "'k': |-", '  <script>alert(1)</script>', ': : :', '- "a', 'é: ☃ # no']
    for (const line of [...hostile, ...yamlOf(object).split('\n')]) {
      expect(
        tokensOf(line)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line)
    }
  })
})
