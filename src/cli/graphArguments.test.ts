import { describe, expect, it, test } from 'vitest'
import { help, readArguments } from './graphArguments.ts'
import type { GraphArguments } from './graphArguments.ts'

const url = ['--prometheus-url', 'http://localhost:9090'] as const

function good(...argv: readonly string[]): GraphArguments {
  const read = readArguments([...url, ...argv])
  if (read.kind !== 'run') throw new Error(JSON.stringify(read))
  return read.arguments
}

function problems(...argv: readonly string[]): readonly string[] {
  const read = readArguments(argv)
  return read.kind === 'wrong' ? read.problems : []
}

describe('defaults (contracts page, "Command-line defaults")', () => {
  it('are versionedApp, http requests, grpc requests, tcp sent, 10m, service nodes off', () => {
    expect(good()).toEqual({
      prometheusUrl: 'http://localhost:9090',
      namespaces: [],
      graphType: 'versionedApp',
      window: 600,
      serviceNodes: false,
      waypoints: false,
      idleEdges: false,
      reporter: 'auto',
      http: 'requests',
      grpc: 'requests',
      tcp: 'sent',
      mtls: false,
      matchers: [],
      format: 'json',
    })
  })
})

describe('valid values', () => {
  it.each([
    [['--namespaces', 'shop,bookinfo,shop'], { namespaces: ['shop', 'bookinfo'] }],
    [['--graph-type=workload'], { graphType: 'workload' }],
    [['--window', '1h30m'], { window: 5400 }],
    [['--window', '90s'], { window: 90 }],
    [['--time', '1767225600'], { time: 1_767_225_600 }],
    [['--time', '2026-01-01T00:00:00Z'], { time: 1_767_225_600 }],
    [['--time', '2026-01-01T02:00:00.5+02:00'], { time: 1_767_225_600.5 }],
    [
      ['--service-nodes', '--waypoints', '--idle-edges', '--mtls'],
      { serviceNodes: true, waypoints: true, idleEdges: true, mtls: true },
    ],
    [
      ['--reporter', 'source', '--http', 'none', '--grpc', 'total', '--tcp', 'received'],
      { reporter: 'source', http: 'none', grpc: 'total', tcp: 'received' },
    ],
    [['--latency', 'p95', '--throughput', 'response'], { latency: 'p95', throughput: 'response' }],
    [['--format', 'mermaid'], { format: 'mermaid' }],
    [['--baseline', 'mesh.json'], { baseline: 'mesh.json', format: 'text' }],
    [['--kubeconfig', 'k', '--context', 'c'], { kubeconfig: 'k', context: 'c' }],
  ])('%j', (argv, expected) => {
    expect(good(...argv)).toMatchObject(expected)
  })

  it.each([
    ['mesh_id="a\\"b\\\\c"', { label: 'mesh_id', op: '=', value: 'a"b\\c' }],
    ["cluster!='x'", { label: 'cluster', op: '!=', value: 'x' }],
    ['job=~"a|b"', { label: 'job', op: '=~', value: 'a|b' }],
    ['job!~`a.*`', { label: 'job', op: '!~', value: 'a.*' }],
    ['job = plain', { label: 'job', op: '=', value: 'plain' }],
    ['job=""', { label: 'job', op: '=', value: '' }],
    ['job="😀\n"', { label: 'job', op: '=', value: '😀\n' }],
  ])('--matcher %j', (text, matcher) => {
    expect(good('--matcher', text, '--matcher', 'a="b"').matchers).toEqual([
      matcher,
      { label: 'a', op: '=', value: 'b' },
    ])
  })
})

describe('bad arguments are each named with the valid values', () => {
  it.each([
    [[], '--prometheus-url is missing; it takes the root of a Prometheus API, such as http://localhost:9090'],
    [
      ['--prometheus-url', 'localhost:9090'],
      '--prometheus-url "localhost:9090" is not valid; it takes an http:// or https:// address',
    ],
    [['--prometheus-url'], '--prometheus-url needs a value'],
    [
      [...url, '--graph-type', 'pod'],
      '--graph-type "pod" is not valid; it takes workload, app, versionedApp or service',
    ],
    [[...url, '--window', '10'], '--window "10" is not valid; it takes a duration of at least 1s'],
    [
      [...url, '--window', '99999d'],
      '--window "99999d" is not valid; it takes a duration of at least 1s and at most 366d',
    ],
    [[...url, '--window', '0s'], '--window "0s" is not valid'],
    [[...url, '--window', ''], '--window needs a value'],
    [[...url, '--time', 'yesterday'], '--time "yesterday" is not valid; it takes unix seconds or RFC 3339'],
    [[...url, '--time', '-5'], '--time "-5" is not valid'],
    [[...url, '--time', '2026-02-30T00:00:00Z'], '--time "2026-02-30T00:00:00Z" is not valid'],
    [[...url, '--reporter', 'both'], 'auto, source or destination'],
    [[...url, '--http', 'sent'], '--http "sent" is not valid; it takes requests or none'],
    [[...url, '--grpc', 'x'], 'requests, sent, received, total or none'],
    [[...url, '--tcp', 'requests'], 'sent, received, total or none'],
    [[...url, '--latency', 'p90'], 'avg, p50, p95 or p99'],
    [[...url, '--throughput', 'x'], 'request or response'],
    [[...url, '--format', 'yaml'], 'json, mermaid, csv or text'],
    [
      [...url, '--namespaces', 'a,,b'],
      '--namespaces "a,,b" is not valid; it takes namespace names separated by commas',
    ],
    [[...url, '--namespaces', '.*'], '--namespaces ".*" is not valid'],
    [[...url, '--matcher', 'up or vector(1)'], '--matcher "up or vector(1)" is not valid; it takes label="value"'],
    [[...url, '--matcher', 'a="b"} or up{x="y"'], 'is not valid'],
    [[...url, '--context', 'c'], '--context needs --kubeconfig'],
    [[...url, '--baseline', 'f', '--format', 'csv'], '--format csv does not go with --baseline; it takes json or text'],
    [[...url, '--mtls=yes'], '--mtls takes no value'],
    [[...url, '--colour', 'red'], '--colour is not an option; the options are --prometheus-url'],
    [[...url, 'shop'], '"shop" belongs to no option'],
    [[...url, '--window', '5m', '--window', '6m'], '--window is given 2 times'],
    [[...url, '--http', 'none', '--grpc', 'none', '--tcp', 'none'], 'leave nothing to draw'],
  ])('%j', (argv, message) => {
    expect(problems(...argv).join('\n')).toContain(message)
  })

  it('all at once', () => {
    expect(problems('--window', 'x', '--tcp', 'y', '--format', 'z')).toHaveLength(4)
  })

  it('hostile values are shortened', () => {
    expect(problems(...url, '--graph-type', 'x'.repeat(10_000)).join('').length).toBeLessThan(300)
  })
})

test('help names every option', () => {
  expect(readArguments(['--help'])).toEqual({ kind: 'help' })
  const flags =
    'prometheus-url namespaces graph-type window time service-nodes waypoints idle-edges reporter http grpc tcp latency throughput mtls matcher kubeconfig context health-policy format baseline'
  for (const flag of flags.split(' ')) expect(help).toContain(`--${flag}`)
})
