import { describe, expect, it, test } from 'vitest'
import { toCsv, toJson, toMermaid, toText } from './export.ts'
import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'

const hostile = `"a,b"];x-->y\n<b>😀${'z'.repeat(10_000)}`

function mesh(name = 'cart'): MeshGraph {
  const nodes: readonly GraphNode[] = [
    {
      id: 'w',
      kind: 'app',
      cluster: 'east',
      namespace: 'shop',
      app: 'web',
      version: 'v1',
      traffic: {},
      health: { state: 'healthy', reasons: [] },
    },
    {
      id: 'c',
      kind: 'app',
      cluster: 'east',
      namespace: 'shop',
      app: name,
      traffic: {},
      health: { state: 'failing', reasons: ['12% of requests failed with 503 UF; tolerance 10%.'] },
    },
    { id: 's', kind: 'service', cluster: 'east', namespace: 'data', service: 'db', traffic: {} },
    { id: 'u', kind: 'unknown', cluster: 'unknown', namespace: 'unknown', traffic: {} },
  ]
  const edges: readonly GraphEdge[] = [
    {
      id: 'w>c',
      source: 'w',
      target: 'c',
      protocol: 'http',
      rate: 100,
      errorRatio: 0.12,
      responses: [
        { code: '200', flags: '-', rate: 88 },
        { code: '503', flags: 'UF', rate: 12 },
      ],
      latency: { p95: 0.25 },
      mtls: 1,
      marks: ['reportsDiffer'],
      health: { state: 'failing', reasons: [] },
    },
    { id: 'c>s', source: 'c', target: 's', protocol: 'tcp', rate: 1500, responses: [], marks: [] },
    { id: 'u>w', source: 'u', target: 'w', protocol: 'grpc', rate: 0, responses: [], marks: [], isIdle: true },
  ]
  return {
    time: 1_767_225_600,
    window: 600,
    graphType: 'versionedApp',
    namespaces: ['shop'],
    nodes,
    edges,
    skipped: [{ reason: 'no reporter label', count: 3, example: '{a="b"}' }],
  }
}

describe('JSON', () => {
  it.each(['cart', hostile])('is the graph itself, an element a line', (name) => {
    const text = toJson(mesh(name))
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(mesh(name))))
    expect(text.split('\n').filter((line) => line.startsWith('    {'))).toHaveLength(8)
  })

  it('of nothing is valid too', () => {
    const empty = { ...mesh(), nodes: [], edges: [], skipped: [] }
    expect(JSON.parse(toJson(empty))).toEqual(empty)
  })
})

describe('Mermaid', () => {
  it('draws namespaces, shapes, rates, idle edges and health', () => {
    expect(toMermaid(mesh()).split('\n')).toEqual([
      'flowchart LR',
      '  subgraph s0["shop"]',
      '    n0["web v1"]',
      '    n1["cart"]:::failing',
      '  end',
      '  subgraph s1["data"]',
      '    n2(["db"])',
      '  end',
      '  n3{{"unknown"}}',
      '  n0 -->|"http 100/s, 12% errors"| n1',
      '  n1 -->|"tcp 1500 B/s"| n2',
      '  n3 -.->|"grpc 0/s"| n0',
      '  classDef failing stroke:#c00,stroke-width:3px',
      '  classDef degraded stroke:#c80,stroke-width:2px,stroke-dasharray:6 3',
      '  classDef notReady stroke:#06c,stroke-dasharray:2 2',
      '',
    ])
  })

  it('a hostile name stays inside its label', () => {
    const lines = toMermaid(mesh(hostile)).split('\n')
    expect(lines).toHaveLength(toMermaid(mesh()).split('\n').length)
    expect(lines[3]).toMatch(/^ {4}n1\["[^"\][<>;|]*(?:#\d+;[^"\][<>;|]*)*"\]:::failing$/)
    expect(lines[3]?.length).toBeLessThan(300)
  })

  it('names the clusters where there are several', () => {
    const { nodes, ...rest } = mesh()
    const two = { ...rest, nodes: nodes.map((node) => (node.id === 's' ? { ...node, cluster: 'west' } : node)) }
    expect(toMermaid(two)).toContain('["data (west)"]')
  })
})

test('an operation has a shape and a name of its own in Mermaid and CSV', () => {
  const { nodes, ...rest } = mesh()
  const graph = {
    ...rest,
    nodes: nodes.map((node) =>
      node.id === 's' ? { ...node, kind: 'operation' as const, app: 'db', operation: 'Get' } : node,
    ),
  }
  expect(toMermaid(graph)).toContain('[/"Get of db"/]')
  expect(toCsv(graph)).toContain(',Get,')
})

describe('CSV', () => {
  /** A reader of RFC 4180, to read back what was written. */
  function parse(text: string): readonly (readonly string[])[] {
    const rows: string[][] = [[]]
    for (const [, separator = '', quoted, plain = ''] of text.matchAll(
      /(,|\r\n|^)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g,
    )) {
      if (separator === '\r\n') rows.push([])
      rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    }
    return rows.filter((row) => row.length > 1)
  }

  it('is a row per edge; an empty field is "not measured"', () => {
    const [header, first, second, third] = parse(toCsv(mesh()))
    expect(header?.length).toBe(19)
    expect(Object.fromEntries((header ?? []).map((name, at) => [name, first?.[at]]))).toMatchObject({
      source_cluster: 'east',
      source_namespace: 'shop',
      source: 'web',
      source_version: 'v1',
      target: 'cart',
      target_version: '',
      protocol: 'http',
      rate: '100',
      error_ratio: '0.12',
      latency_seconds: '0.25',
      throughput_bytes_per_second: '',
      mtls: '1',
      health: 'failing',
      responses: '200 - 88; 503 UF 12',
      marks: 'reportsDiffer',
    })
    expect(second?.slice(6, 11)).toEqual(['db', '', 'tcp', '1500', ''])
    expect(third?.slice(0, 4)).toEqual(['unknown', 'unknown', 'unknown', ''])
  })

  it('keeps a hostile name whole, and one that looks like a formula harmless', () => {
    expect(parse(toCsv(mesh(hostile)))[1]?.[6]).toBe(hostile)
    expect(parse(toCsv(mesh('=HYPERLINK("x")')))[1]?.[6]).toBe(`'=HYPERLINK("x")`)
  })
})

test('text tells calls, troubles and what was skipped', () => {
  expect(toText(mesh())).toBe(
    [
      'versionedApp graph of shop: 4 nodes, 3 edges, last 10 minutes before 2026-01-01T00:00:00Z',
      '',
      'web v1 (shop)  →  cart (shop)    http  100/s     12% errors  p95 250 ms  100% mTLS  503 UF connection failed',
      'unknown        →  web v1 (shop)  grpc  0/s',
      'cart (shop)    →  db (data)      tcp   1500 B/s',
      '',
      'failing: cart (shop)',
      '  12% of requests failed with 503 UF; tolerance 10%.',
      '',
      'skipped 3: no reporter label ({a="b"})',
      '',
    ].join('\n'),
  )
})

test('text of a hostile name stays on its lines', () => {
  expect(toText(mesh(hostile)).split('\n')).toHaveLength(toText(mesh()).split('\n').length)
})
