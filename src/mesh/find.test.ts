import fc from 'fast-check'
import { expect, test } from 'vitest'

import { find } from './find.ts'
import { hiddenWith } from './findHidden.ts'
import { needsOf } from './findNeeds.ts'
import { operands } from './findOperands.ts'
import { parseFind } from './findParse.ts'
import type { Badge, GraphEdge, GraphNode, MeshGraph } from './graph.ts'

const badge = (kind: Badge['kind']): Badge => ({ kind, text: '', objects: [] })
const node = (id: string, patch: Partial<GraphNode> = {}): GraphNode => ({
  id,
  kind: 'app',
  cluster: 'east',
  namespace: 'shop',
  app: id,
  health: { state: 'healthy', reasons: [] },
  traffic: {},
  ...patch,
})
const edge = (source: string, target: string, patch: Partial<GraphEdge> = {}): GraphEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  protocol: 'http',
  rate: 8,
  responses: [],
  marks: [],
  ...patch,
})

const graph: MeshGraph = {
  time: 0,
  window: 300,
  graphType: 'versionedApp',
  namespaces: [],
  nodes: [
    node('front', {
      isRoot: true,
      isGateway: true,
      workload: 'front-deploy',
      traffic: { http: { in: 7, out: 12, in3xx: 0, in4xx: 0, in5xx: 0, inNoResponse: 0 } },
    }),
    node('cart', {
      version: 'v1',
      labels: { region: 'East', constructor: '' },
      badges: [badge('trafficShifting'), badge('virtualService')],
      health: { state: 'failing', reasons: [] },
      traffic: { grpc: { in: 3, out: 0, inError: 0 } },
    }),
    node('stock', {
      cluster: 'west',
      namespace: 'depot',
      isOutside: true,
      isAmbient: true,
      badges: [badge('outlierDetection'), badge('faultInjection'), badge('requestTimeout')],
      health: { state: 'degraded', reasons: [] },
    }),
    node('rates', {
      kind: 'service',
      app: undefined as never,
      service: 'rates',
      namespace: 'depot',
      isServiceEntry: true,
      isInaccessible: true,
      badges: [badge('mirroring'), badge('requestRouting'), badge('workloadEntry')],
    }),
    node('old', {
      isOutOfMesh: true,
      isDead: true,
      badges: [badge('tcpTrafficShifting')],
      traffic: { tcp: { in: 4096, out: 17 } },
    }),
    node('sleeper', { isIdle: true, isWaypoint: true, kind: 'workload', health: { state: 'idle', reasons: [] } }),
    { id: 'unknown', kind: 'unknown', cluster: 'unknown', namespace: 'unknown', traffic: {} },
  ],
  edges: [
    edge('front', 'cart', {
      errorRatio: 0.25,
      latency: { p95: 0.75, p50: 0.1, avg: 0.2, p99: 1.5 },
      mtls: 1,
      sourcePrincipal: 'sa/front',
      destinationPrincipal: 'sa/cart',
      throughput: 2048,
      responses: [
        { code: '200', rate: 6, host: 'cart.shop' },
        { code: '503', flags: 'UF,URX', rate: 2, host: 'cart.shop' },
      ],
    }),
    edge('front', 'rates', { rate: 2, errorRatio: 0 }),
    edge('cart', 'stock', { protocol: 'grpc', rate: 3, errorRatio: 0.04, mtls: 0.5 }),
    edge('stock', 'old', { protocol: 'tcp', rate: 4096 }),
    edge('unknown', 'cart', { rate: 0, isIdle: true }),
  ],
  skipped: [],
}

const found = (text: string) => {
  const { nodes, edges } = find(text, graph)
  return [...nodes, ...edges].join(' ')
}

test.each([
  ['name = CART', 'cart'],
  ['name contains deploy', 'front'],
  ['name = unknown', 'unknown'],
  ['name !contains a', 'front stock old sleeper unknown'],
  ['app startswith ca', 'cart'],
  ['workload endswith deploy', 'front'],
  ['wl ^= front', 'front'],
  ['svc = rates', 'rates'],
  ['version = v1', 'cart'],
  ['ns = depot', 'stock rates'],
  ['cluster = west', 'stock'],
  ['node = svc', 'rates'],
  ['node = wl', 'sleeper'],
  ['node = unknown', 'unknown'],
  ['op = anything', ''],
  ['health = degraded', 'stock'],
  ['httpin = 7', 'front'],
  ['httpin = 7.02', 'front'],
  ['httpin = 7.1', ''],
  ['httpin != 7', 'cart stock rates old sleeper unknown'],
  ['httpout > 11.9', 'front'],
  ['grpcin >= 3', 'cart'],
  ['grpcout = NaN and app = cart', 'cart'],
  ['grpcin != NaN', 'cart'],
  ['tcpin = 4KiB', 'old'],
  ['tcpout < 20', 'old'],
  ['rank = 1', 'cart'],
  ['rank <= 2', 'front cart stock'],
  ['healthy and ns = depot', 'rates'],
  ['!healthy', 'cart stock'],
  ['failing', 'cart'],
  ['degraded', 'stock'],
  ['idle', 'sleeper'],
  ['dead', 'old'],
  ['inaccessible', 'rates'],
  ['outsider', 'stock'],
  ['root', 'front'],
  ['outofmesh', 'old'],
  ['!om and ns = shop', 'front cart sleeper'],
  ['sidecar', 'cart'],
  ['ambient', 'stock'],
  ['gw', 'front'],
  ['wp', 'sleeper'],
  ['se', 'rates'],
  ['we', 'rates'],
  ['vs', 'cart'],
  ['rr', 'rates'],
  ['ts', 'cart'],
  ['tcpts', 'old'],
  ['fi', 'stock'],
  ['rto', 'stock'],
  ['mirroring', 'rates'],
  ['cb', 'stock'],
  ['label:region', 'cart'],
  ['label:region = east', 'cart'],
  ['label:toString', ''],
  ['label:constructor', 'cart'],
  ['!label:region and ns = depot', 'stock rates'],
])('%s finds the nodes %s', (text, expected) => {
  expect(found(text)).toBe(expected)
})

test.each([
  ['rt > 500', 'front>cart'],
  ['rt > 0.7s', 'front>cart'],
  ['rt > 0.8s', ''],
  ['rt = NaN', 'front>rates cart>stock stock>old unknown>cart'],
  ['p50 = 100ms', 'front>cart'],
  ['p95 = 750', 'front>cart'],
  ['p99 > 1s', 'front>cart'],
  ['avg = 200', 'front>cart'],
  ['http >= 8', 'front>cart'],
  ['http = NaN', 'cart>stock stock>old unknown>cart'],
  ['%httperr > 20', 'front>cart'],
  ['%httperr = 0', 'front>rates'],
  ['%httptraffic = 80', 'front>cart'],
  ['grpc > 1', 'cart>stock'],
  ['%grpcerr = 4%', 'cart>stock'],
  ['%grpctraffic = 100', 'cart>stock'],
  ['tcp > 4kB', 'stock>old'],
  ['throughput >= 2KiB', 'front>cart'],
  ['protocol = grpc', 'cart>stock'],
  ['sourceprincipal $= front', 'front>cart'],
  ['destprincipal contains CART', 'front>cart'],
  ['mtls', 'front>cart cart>stock'],
  ['%mtls < 100', 'cart>stock'],
  ['traffic', 'front>cart front>rates cart>stock stock>old'],
  ['!traffic', 'unknown>cart'],
  ['error > 1%', 'front>cart cart>stock'],
  ['%traffic < 50%', 'front>rates'],
  ['rps < 3', 'front>rates unknown>cart'],
  ['code ^= 5', 'front>cart'],
  ['flag = URX', 'front>cart'],
  ['host contains shop', 'front>cart'],
  ['from = front-deploy', 'front>cart front>rates'],
  ['to = rates', 'front>rates'],
])('%s finds the edges %s', (text, expected) => {
  expect(found(text)).toBe(expected)
})

test('every operand of the vocabulary finds something in this graph, except operations, which it has none of', () => {
  for (const { names, kind } of operands) {
    const [name] = names
    if (name === 'operation') continue
    const any = kind === 'flag' ? name : kind === 'text' ? `${name} contains ""` : `${name} >= 0`
    expect(found(kind === 'text' ? any.replace('""', 'a') + ` or ${name} not contains a` : any), name).not.toBe('')
  }
})

test.each([
  ['rt > 500 or !healthy', 'cart stock front>cart'],
  ['ns = depot and rps > 1', 'front>rates cart>stock'],
  // All of the node words are asked of the same end.
  ['ns = depot and ambient and traffic', 'cart>stock stock>old'],
  ['ns = depot and traffic and se', 'front>rates'],
  ['(ns = depot and traffic) and se', 'front>rates'],
  ['ns = shop and (traffic or version = v1)', 'cart front>cart front>rates cart>stock stock>old'],
  // Not: the other elements of the kinds it speaks of.
  ['!(ns = depot and rps > 1)', 'front>cart stock>old unknown>cart'],
  ['!(rt > 500 or ns = shop)', 'stock rates unknown front>rates cart>stock stock>old unknown>cart'],
])('node and edge words mixed: %s finds %s', (text, expected) => {
  expect(found(text)).toBe(expected)
})

const terms = ['ns = shop', '!healthy', 'rank <= 2', 'traffic', 'rps > 2', 'mtls', 'idle', 'name contains a']
const text = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...terms),
    fc.tuple(tie('text'), fc.constantFrom('and', 'or'), tie('text')).map(([a, joint, b]) => `(${a}) ${joint} (${b})`),
    tie('text').map((inside) => `not (${inside})`),
  ),
})).text

test('and is associative and commutative, also where node and edge words are mixed', () => {
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(found(`(${a}) and ((${b}) and (${c}))`)).toBe(found(`((${c}) and (${a})) and (${b})`))
    }),
  )
})

test('not finds exactly the rest of the kinds that its inside speaks of', () => {
  fc.assert(
    fc.property(text, (inside) => {
      const [is, isNot] = [find(inside, graph), find(`not (${inside})`, graph)]
      expect([...is.nodes].filter((id) => isNot.nodes.has(id))).toEqual([])
      expect([...is.edges].filter((id) => isNot.edges.has(id))).toEqual([])
      expect([0, graph.nodes.length]).toContain(is.nodes.size + isNot.nodes.size)
      expect([0, graph.edges.length]).toContain(is.edges.size + isNot.edges.size)
    }),
  )
})

test('what hide leaves and what find finds have nothing in common, and no edge is left without an end', () => {
  fc.assert(
    fc.property(text, (expression) => {
      const is = find(expression, graph)
      const hidden = hiddenWith(is, graph)
      expect([...is.nodes].every((id) => hidden.nodes.has(id))).toBe(true)
      expect([...is.edges].every((id) => hidden.edges.has(id))).toBe(true)
      for (const { id, source, target } of graph.edges) {
        if (!hidden.edges.has(id)) expect(hidden.nodes.has(source) || hidden.nodes.has(target)).toBe(false)
      }
    }),
  )
})

test.each([
  ['nothing found', 'ns = nowhere', '', ''],
  ['a node takes its edges along, not its neighbours', 'se', 'rates', 'front>rates'],
  ['the last edges take a node along', 'http < 3 and from = front', 'rates', 'front>rates'],
  ['a node in trouble stays without edges', 'grpc > 1 or tcp > 1', 'old', 'cart>stock stock>old'],
])('hiding: %s', (_, expression, nodes, edges) => {
  const hidden = hiddenWith(find(expression, graph), graph)
  expect([[...hidden.nodes].join(' '), [...hidden.edges].join(' ')]).toEqual([nodes, edges])
})

test('any text at all finds something or nothing in any graph, and never throws', () => {
  const odd = fc.constantFrom(...terms, '(', ')', '!', '"', 'and', 'or', 'rt >', 'label:x', '= 5', '🎉', '\n')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(odd).map((parts) => parts.join(' ')),
      ),
      (any) => {
        const { nodes, edges } = find(any, graph)
        expect(nodes.size).toBeLessThanOrEqual(graph.nodes.length)
        expect(edges.size).toBeLessThanOrEqual(graph.edges.length)
      },
    ),
  )
  expect(found('(idle')).toBe('')
})

test('an expression says what has to be asked of Prometheus for it', () => {
  const needs = (expression: string) => {
    const read = parseFind(expression).expression
    return read === undefined ? undefined : needsOf(read)
  }
  expect(needs('rt > 5 and (p99 > 7 or !idle) or label:a')).toEqual(['idle', 'responseTime'])
  expect(needs('throughput > 1 or wp')).toEqual(['throughput', 'waypoints'])
  expect(needs('ns = shop and error > 1')).toEqual([])
})
