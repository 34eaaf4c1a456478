import { expect, test } from 'vitest'

import { codesOf, countedOnce, hostsOf, identitiesOf, selectionOf, totalsOf, trafficOf, troublesOf } from './details.ts'
import { edgeRows, nodeRows, sorted } from './rows.ts'
import { aGraph, app, edge, withOperations } from './testGraph.ts'

test.each([
  [undefined, undefined],
  ['app/c/bookinfo/productpage/v1', 'node'],
  ['app/c/istio-ingress/gateway>app/c/bookinfo/productpage/v1|http', 'edge'],
  ['namespace/c/bookinfo', 'namespace'],
  ['versions/c/bookinfo/reviews', 'app'],
  ['app/c/gone', 'missing'],
  ['namespace/c/gone', 'missing'],
])('%s selects %s', (id, kind) => {
  expect(selectionOf(aGraph(), id)?.kind).toBe(kind)
})

test('a box’s traffic is what crosses its border, and apart from that what stays inside', () => {
  const graph = aGraph()
  const selection = selectionOf(graph, 'namespace/c/bookinfo')
  const ids = new Set(selection?.kind === 'namespace' ? selection.nodes.map(({ id }) => id) : [])
  const { inbound, outbound, internal } = trafficOf(graph, ids)
  expect(inbound.map(({ rate }) => rate)).toEqual([41.25])
  expect(outbound).toEqual([])
  expect(internal).toHaveLength(3)
  expect(internal[0]?.health?.state).toBe('failing')
})

test('a request that passes an operation or a service is counted once', () => {
  const graph = withOperations()
  expect(totalsOf(countedOnce(graph)).requests).toBe(10)
  const box = selectionOf(graph, 'namespace/c/shop')
  if (box?.kind !== 'namespace') throw new Error('no box')
  expect(box.nodes.map(({ kind }) => kind)).toContain('operation')
  const { inbound, internal } = trafficOf(graph, new Set(box.nodes.map(({ id }) => id)))
  expect(codesOf([...inbound, ...internal]).map(({ rate }) => rate)).toEqual([10])

  const viaService = {
    ...graph,
    nodes: graph.nodes.map((node) => (node.kind === 'operation' ? { ...node, kind: 'service' as const } : node)),
  }
  expect(totalsOf(countedOnce(viaService)).requests).toBe(10)
  // In a service graph services call for themselves.
  expect(totalsOf(countedOnce({ ...viaService, graphType: 'service' })).requests).toBe(19)
})

test('totals add requests and bytes apart, and what nobody measured is not zero', () => {
  expect(totalsOf(aGraph().edges)).toEqual({
    requests: 81.25,
    errorRatio: 3 / 81.25,
    tcp: 182 * 1024,
    mtls: (41.25 + 15) / 71.25,
  })
  expect(totalsOf([])).toEqual({ requests: undefined, errorRatio: undefined, tcp: undefined, mtls: undefined })
})

test('codes are summed over edges, errors first, with flags in words and shares per protocol', () => {
  const rows = codesOf([
    edge('a', 'b', 10, {
      responses: [
        { code: '200', rate: 9 },
        { code: '503', flags: 'UF', rate: 1 },
      ],
    }),
    edge('c', 'b', 10, {
      responses: [
        { code: '404', rate: 4 },
        { code: '503', flags: 'UF', rate: 1 },
        { code: '200', rate: 5 },
      ],
    }),
    edge('d', 'b', 4, {
      protocol: 'grpc',
      responses: [
        { code: '14', rate: 1 },
        { code: '0', rate: 3 },
      ],
    }),
    edge('e', 'b', 999, { protocol: 'tcp', responses: [{ code: '-', rate: 999 }] }),
  ])
  expect(rows.map(({ code, meaning, rate, share }) => [code, meaning, rate, share])).toEqual([
    ['503', 'connection failed', 2, 0.1],
    ['14', 'UNAVAILABLE', 1, 0.25],
    ['200', 'answered', 14, 0.7],
    ['404', 'not found', 4, 0.2],
    ['0', 'answered', 3, 0.75],
  ])
})

test('troubles name nodes first, and edges only where neither end is named', () => {
  const lonely = edge('istio-ingress/gateway', 'bookinfo/productpage/v1', 5, {
    health: { state: 'degraded', reasons: ['slow'] },
  })
  const graph = aGraph({ edges: [lonely, ...aGraph().edges.slice(1)] })
  expect(troublesOf(graph).map(({ id, state }) => [id, state])).toEqual([
    ['app/c/bookinfo/reviews/v3', 'failing'],
    [lonely.id, 'degraded'],
  ])
})

test('the table has a row per node and per edge, and puts what was not measured last either way', () => {
  const nodes = nodeRows(aGraph())
  expect(nodes).toHaveLength(7)
  expect(edgeRows(aGraph())).toHaveLength(4)
  for (const isDescending of [true, false]) {
    const rates = sorted(nodes, { by: 'in', isDescending }).map((row) => row.in)
    expect(rates.slice(0, 3)).toEqual(isDescending ? [41.25, 30, 10] : [10, 30, 41.25])
    expect(rates.slice(3)).toEqual([undefined, undefined, undefined, undefined])
  }
  expect(sorted(nodes, { by: 'state', isDescending: false })[0]?.name).toBe('reviews v3')
  expect(sorted(nodes, { by: 'name', isDescending: true })[0]?.name).toBe('unknown')
})

test('a selected app whose name needs escaping is found', () => {
  const graph = aGraph({ nodes: [app('n s', 'a/b', 'v1'), app('n s', 'a/b', 'v2')], edges: [] })
  expect(selectionOf(graph, 'versions/c/n%20s/a%2Fb')?.kind).toBe('app')
})

test('hosts: the one with more errors first, then the busier; TCP by bytes, without success; unnamed ones only count', () => {
  const rows = hostsOf([
    edge('a/x', 'a/y', 10, {
      responses: [
        { code: '200', host: 'busy.a.svc.cluster.local', rate: 6 },
        { code: '503', flags: 'UF', host: 'bad.a.svc.cluster.local', rate: 1 },
        { code: '200', host: 'bad.a.svc.cluster.local', rate: 1 },
        { code: '200', rate: 2 },
      ],
    }),
    {
      ...edge('a/x', 'a/db', 4096),
      protocol: 'tcp',
      responses: [{ code: '-', host: 'db.a.svc.cluster.local', rate: 4096 }],
    },
  ])
  expect(rows).toEqual([
    { host: 'bad.a.svc.cluster.local', protocol: 'http', rate: 2, share: 0.2, errorRatio: 0.5 },
    { host: 'busy.a.svc.cluster.local', protocol: 'http', rate: 6, share: 0.6, errorRatio: 0 },
    { host: 'db.a.svc.cluster.local', protocol: 'tcp', rate: 4096, share: 1, errorRatio: undefined },
  ])
})

test('identities: its own from both directions, callers from calls to it, each once, without unknown', () => {
  const into = edge('a/x', 'a/y', 1, { sourcePrincipal: 'spiffe://x', destinationPrincipal: 'spiffe://y' })
  const anonymous = edge('a/z', 'a/y', 1, { sourcePrincipal: 'unknown', destinationPrincipal: 'spiffe://y' })
  const out = edge('a/y', 'a/w', 1, { sourcePrincipal: 'spiffe://y', destinationPrincipal: 'spiffe://w' })
  expect(identitiesOf({ inbound: [into, anonymous], outbound: [out] })).toEqual({
    own: ['spiffe://y'],
    callers: ['spiffe://x'],
  })
})
