import { describe, expect, test } from 'vitest'
import { readChangedSettings, readSettings, rulesText, settingsText } from './settingsDocument.ts'

const whole = `
tools:
  kiali: { url: https://kiali.example.org/kiali }
  jaeger: { service: { namespace: tracing, name: query, port: 16686, path: /jaeger } }
peers: full
health:
  - { protocol: http, codes: 404, degraded: 0.5, match: { namespace: shop-.* } }
  - { protocol: grpc, codes: 14, direction: both }
defaults: { window: 15m, refresh: 'off', theme: dark, page: overview }
`

describe('the text of the settings', () => {
  test('says tools, peers, health and defaults', () => {
    expect(readSettings(whole)).toEqual({
      settings: {
        tools: {
          kiali: { url: 'https://kiali.example.org/kiali' },
          jaeger: { service: { namespace: 'tracing', name: 'query', port: 16686, path: '/jaeger' } },
        },
        peers: 'full',
        health: [
          {
            match: { namespace: 'shop-.*' },
            protocol: 'http',
            codes: '404',
            direction: 'inbound',
            degraded: 0.5,
            minRequests: 5,
          },
          { protocol: 'grpc', codes: '14', minRequests: 5 },
        ],
        defaults: { window: 900, refresh: 'off', theme: 'dark', page: 'overview' },
      },
    })
  })

  test('is written so that it reads as the same', () => {
    const read = readSettings(whole)
    if ('complaints' in read) throw new Error(read.complaints.join())
    expect(readSettings(settingsText(read.settings))).toEqual(read)
    expect(readChangedSettings({ tools: {}, defaults: {}, health: rulesText(read.settings.health) })).toEqual({
      settings: { tools: {}, health: read.settings.health, defaults: {} },
    })
  })

  test.each(['', '\n# nothing\n', '{}', 'null'])('of %j says nothing', (text) => {
    expect(readSettings(text)).toEqual({ settings: { tools: {}, health: [], defaults: {} } })
  })

  test.each<[string, string, string]>([
    [
      'a script as an address',
      'tools:\n  kiali: { url: "javascript:alert(1)" }',
      'tools.kiali.url (line 2): is a javascript: URL, not http or https; got "javascript:alert(1)"',
    ],
    [
      'no address',
      'peers: hide\n\ntools:\n  grafana: { url: grafana }',
      'tools.grafana.url (line 4): is not an absolute http:// or https:// URL; got "grafana"',
    ],
    [
      'both places of a tool',
      'tools: { kiali: { url: https://a.example, service: { namespace: a, name: b, port: 1 } } }',
      'tools.kiali (line 1): takes exactly one of url and service; got an object',
    ],
    [
      'another tool',
      'tools:\n  zipkin: {}',
      'tools.zipkin (line 2): is not known here; it takes grafana, jaeger, kiali, prometheus',
    ],
    ['another level', 'peers: everything', 'peers (line 1): takes "hide", "namespace", "full"; got "everything"'],
    [
      'a broken rule',
      'health:\n  - protocol: http\n    codes: "5("',
      'health.0.codes (line 3): is not a regular expression; got "5("',
    ],
    [
      'a window without a unit',
      'defaults:\n  window: "15"',
      'defaults.window (line 2): takes a duration from 1m to 30d, such as 15m; got "15"',
    ],
    [
      'a window that is too long',
      'defaults: { window: 31d }',
      'defaults.window (line 1): takes a duration from 1m to 30d, such as 15m; got "31d"',
    ],
    ['another key', 'peer: hide', 'peer (line 1): is not known here; it takes defaults, health, peers, tools'],
    ['a list', '- peers: hide', 'configuration: takes an object; got a list of 1'],
    ['no YAML', 'peers: hide\n  tools: [', 'line 2: is not YAML: '],
    ['the same key twice', 'peers: hide\npeers: full', 'line 2: is not YAML: Map keys must be unique'],
  ])('with %s is refused by key and line', (_words, text, complaint) => {
    const read = readSettings(text)
    expect('complaints' in read ? read.complaints.join('\n') : 'none').toContain(complaint)
  })

  test('that grows without end is refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, at) => {
        const before = 'abcdefgh'[at] ?? ''
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`
      }),
    ].join('\n')
    expect(readSettings(bomb)).toHaveProperty('complaints')
  })
})

test('a change names the lines of its rules, and every mistake at once', () => {
  const read = readChangedSettings({
    tools: { kiali: { url: 'ftp://kiali.example.org' } },
    peers: 'none',
    defaults: { refresh: '1s' },
    health: '# ours\n- protocol: http\n  codes: 5XX\n  failing: 20%\n',
  })
  expect(read).toEqual({
    complaints: [
      'tools.kiali.url: is a ftp: URL, not http or https; got "ftp://kiali.example.org"',
      'peers: takes "hide", "namespace", "full"; got "none"',
      'health.0.failing (line 4): takes a number; got "20%"',
      'defaults.refresh: takes off, or a duration from 5s to 15m; got "1s"',
    ],
  })
  expect(readChangedSettings({ tools: {}, defaults: {}, health: '- a: [' })).toMatchObject({
    complaints: [expect.stringMatching(/^health, line 1: is not YAML/)],
  })
})
