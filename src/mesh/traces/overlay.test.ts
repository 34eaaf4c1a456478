import { describe, expect, test } from 'vitest'

import type { GraphEdge, GraphNode, MeshGraph } from '../graph.ts'
import { overlayOf } from './overlay.ts'
import { traceOf } from './jaeger.ts'
import type { Span } from './trace.ts'

const node = (namespace: string, app: string): GraphNode => ({
  id: `app/east/${namespace}/${app}`,
  kind: 'app',
  cluster: 'east',
  namespace,
  app,
  traffic: {},
})
const edge = (source: string, target: string): GraphEdge => ({
  id: `${source}>${target}|http`,
  source: `app/east/${source}`,
  target: `app/east/${target}`,
  protocol: 'http',
  rate: 1,
  responses: [],
  marks: [],
})
const graph: MeshGraph = {
  time: 1,
  window: 60,
  graphType: 'app',
  namespaces: [],
  skipped: [],
  nodes: [node('edge', 'gateway'), node('shop', 'web'), node('shop', 'cart'), node('data', 'cart')],
  edges: [edge('edge/gateway', 'shop/web'), edge('shop/web', 'shop/cart')],
}

let clock = 0
const span = (id: string, service: string, parent: string | undefined, more: Partial<Span> = {}): Span => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  service,
  ...(service === '' ? {} : { namespace: service.split('.')[1] ?? '' }),
  operation: 'GET /',
  start: (clock += 0.001),
  duration: 0.1,
  isError: false,
  tags: {},
  events: [],
  ...more,
})
const to = (host: string): Partial<Span> => ({
  kind: 'client',
  tags: { upstream_cluster: `outbound|80||${host}.svc.cluster.local` },
})
const shown = (spans: readonly Span[]) => {
  const { calls, nodes, elsewhere } = overlayOf(traceOf('a', spans), graph)
  return {
    calls: calls.map(({ source, target, edge: drawn, spans: own, failed, longest }) => [
      `${source.slice(9)}>${target.slice(9)}`,
      drawn?.id,
      own.map(({ id }) => id),
      failed,
      longest,
    ]),
    nodes: [...nodes].map((id) => id.slice(9)),
    elsewhere,
  }
}

describe('a trace over the graph', () => {
  test('is on the edges between the apps whose spans follow each other, with how often, how long and how it went', () => {
    const { calls, nodes, elsewhere } = shown([
      span('1', 'gateway.edge', undefined, { kind: 'client' }),
      span('2', 'web.shop', '1', { kind: 'server' }),
      span('3', 'web.shop', '2', to('cart.shop')),
      span('4', 'cart.shop', '3', { kind: 'server', duration: 0.3 }),
      span('5', 'web.shop', '2', to('cart.shop')),
      span('6', 'cart.shop', '5', { kind: 'server', isError: true }),
    ])
    expect(calls).toEqual([
      ['edge/gateway>shop/web', 'edge/gateway>shop/web|http', ['2'], 0, 0.1],
      ['shop/web>shop/cart', 'shop/web>shop/cart|http', ['4', '6'], 1, 0.3],
    ])
    expect(nodes).toEqual(['edge/gateway', 'shop/web', 'shop/cart'])
    expect(elsewhere).toBe(0)
  })

  test('has failed where only the caller saw it, whose span then says so', () => {
    const { calls } = shown([
      span('1', 'web.shop', undefined),
      span('2', 'web.shop', '1', { ...to('cart.shop'), isError: true, duration: 0.25 }),
      span('3', 'cart.shop', '2', { kind: 'server', duration: 0.9 }),
    ])
    expect(calls).toEqual([['shop/web>shop/cart', 'shop/web>shop/cart|http', ['2'], 1, 0.25]])
  })

  test('goes to the app, not to the service of its name that nobody was reached by', () => {
    const service = { ...node('shop', 'cart'), id: 'service/x', kind: 'service' as const, service: 'cart' }
    const { nodes } = overlayOf(traceOf('a', [span('1', 'cart.shop', undefined)]), {
      ...graph,
      nodes: [...graph.nodes, service],
    })
    expect([...nodes]).toEqual(['app/east/shop/cart'])
  })

  test('goes where the caller’s proxy says, where the callee told nothing; and over no edge that the graph has not', () => {
    const { calls } = shown([span('1', 'web.shop', undefined), span('2', 'web.shop', '1', to('cart.data'))])
    expect(calls).toEqual([['shop/web>data/cart', undefined, ['2'], 0, 0.1]])
  })

  test('reads names without a namespace, too', () => {
    const { calls } = shown([
      span('1', 'gateway', undefined, { namespace: 'edge' }),
      span('2', 'web', '1', { namespace: 'shop' }),
    ])
    expect(calls.map(([pair]) => pair)).toEqual(['edge/gateway>shop/web'])
  })

  test('of another team’s blank spans nothing is drawn, and strangers to the graph are counted', () => {
    const { calls, nodes, elsewhere } = shown([
      span('1', '', undefined, { isBlank: true }),
      span('2', 'web.shop', '1'),
      span('3', 'vault.secret', '2'),
      span('4', 'cart.shop', '3'),
    ])
    expect(calls).toEqual([])
    expect(nodes).toEqual(['shop/web', 'shop/cart'])
    expect(elsewhere).toBe(1)
  })
})
