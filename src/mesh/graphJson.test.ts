import { describe, expect, it } from 'vitest'
import { toJson } from './export.ts'
import { defaultPolicy } from './health.ts'
import { readMesh } from './read.ts'
import { measured, plain, requests, tcp } from './testing/samples.ts'

const call = { from: 'shop/web', to: 'shop/cart-v1' } as const
const lost = { from: 'shop/web', service: 'shop/gone', code: '0', flags: 'UH' } as const
const secured = measured(90, {
  ...call,
  reporter: 'destination',
  labels: {
    connection_security_policy: 'mutual_tls',
    source_principal: 'spiffe://web',
    destination_principal: 'spiffe://cart',
  },
})

/** A graph that says everything telemetry alone can say. */
const printed = JSON.parse(
  toJson(
    readMesh(
      {
        requests: [
          requests(90, call),
          requests(10, { ...call, code: '503', flags: 'UC' }),
          requests(100, { ...call, reporter: 'destination' }),
          requests(3, lost),
          requests(5, { from: 'shop/cart-v1', to: 'pay/card', protocol: 'grpc', grpcStatus: '14' }),
          requests(1, { ...call, labels: { request_protocol: 'mongo' } }),
        ],
        tcp: [tcp(2000, { from: 'shop/cart-v1', to: 'data/db' })],
        responseTime: { statistic: 'p95', samples: [measured(0.12, call)] },
        throughput: [measured(700, call)],
        mtls: [secured],
      },
      undefined,
      { ...plain, graphType: 'versionedApp', namespaces: ['shop'], serviceNodes: true, policy: defaultPolicy },
    ),
  ),
) as Record<string, unknown> & Record<'nodes' | 'edges' | 'skipped', Record<string, unknown>[]>

const keysOf = (items: readonly object[]): readonly string[] => [...new Set(items.flatMap(Object.keys))].sort()

describe('contracts page, "The graph as JSON": as in the documented shape', () => {
  it('{ time, window, graphType, namespaces, nodes, edges, skipped }', () => {
    expect(Object.keys(printed)).toEqual(['time', 'window', 'graphType', 'namespaces', 'nodes', 'edges', 'skipped'])
    expect(printed.skipped.map((one) => Object.keys(one))).toEqual([['reason', 'count', 'example']])
  })

  it('nodes: [{ id, kind, cluster, namespace, ..., traffic: { http?, grpc?, tcp? } }]', () => {
    const documented =
      'id kind cluster namespace workload app version service isRoot isOutside isInaccessible isServiceEntry isWaypoint isIdle badges health traffic'
    expect(documented.split(' ')).toEqual(expect.arrayContaining([...keysOf(printed.nodes)]))
    for (const { kind } of printed.nodes) expect(['workload', 'app', 'service', 'unknown']).toContain(kind)
    const cart = printed.nodes.find(({ app }) => app === 'cart')
    expect(cart).toMatchObject({
      kind: 'app',
      cluster: 'east',
      namespace: 'shop',
      workload: 'cart-v1',
      version: 'latest',
    })
    expect(cart?.['traffic']).toEqual({
      http: { in: 100, out: 0, in3xx: 0, in4xx: 0, in5xx: 10, inNoResponse: 0 },
      grpc: { in: 0, out: 5, inError: 0 },
      tcp: { in: 0, out: 2000 },
    })
    expect(printed.nodes.find(({ service }) => service === 'gone')?.['traffic']).toEqual({
      http: { in: 3, out: 0, in3xx: 0, in4xx: 0, in5xx: 0, inNoResponse: 3 },
    })
    expect(printed.nodes.find(({ app }) => app === 'card')).toMatchObject({ isOutside: true })
    expect(printed.nodes.find(({ app }) => app === 'web')).toMatchObject({ isRoot: true })
  })

  it('edges: [{ id, source, target, protocol, rate, errorRatio?, responses, latency?, throughput?, mtls?, ... }]', () => {
    const documented =
      'id source target protocol rate errorRatio responses latency throughput mtls sourcePrincipal destinationPrincipal isIdle health reported marks layers'
    expect(documented.split(' ')).toEqual(expect.arrayContaining([...keysOf(printed.edges)]))
    const edge = printed.edges.find(({ target }) => target === 'service/east/shop/cart')
    expect(edge).toEqual({
      id: 'app/east/shop/web/latest>service/east/shop/cart|http',
      source: 'app/east/shop/web/latest',
      target: 'service/east/shop/cart',
      protocol: 'http',
      rate: 100,
      responses: [
        { code: '200', flags: '-', host: 'cart.shop.svc.cluster.local', rate: 90 },
        { code: '503', flags: 'UC', host: 'cart.shop.svc.cluster.local', rate: 10 },
      ],
      marks: [],
      errorRatio: 0.1,
      reported: { source: 100, destination: 100 },
      latency: { p95: 0.12 },
      throughput: 700,
      mtls: 1,
      sourcePrincipal: 'spiffe://web',
      destinationPrincipal: 'spiffe://cart',
      health: { state: 'failing', reasons: expect.any(Array) as unknown },
    })
  })

  it('a response’s `code` is `-` where there was no response (and for TCP); `flags` are Envoy’s, `-` for none', () => {
    const responsesTo = (target: string): unknown =>
      printed.edges.find((edge) => edge['target'] === target)?.['responses']
    expect(responsesTo('service/east/shop/gone')).toMatchObject([{ code: '-', flags: 'UH', rate: 3 }])
    expect(responsesTo('service/east/data/db')).toMatchObject([{ code: '-', flags: '-', rate: 2000 }])
    expect(responsesTo('service/east/pay/card')).toMatchObject([{ code: '14', flags: '-', rate: 5 }])
  })
})
