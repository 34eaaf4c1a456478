import { describe, expect, it } from 'vitest'
import type { GraphEdge } from './graph.ts'
import { type GraphOptions, readGraph, type Telemetry } from './read.ts'
import type { Sample } from './samples.ts'
import { type Call, measured, plain, requests, tcp } from './testing/samples.ts'

function edgeOf(telemetry: Telemetry, options: Partial<GraphOptions> = {}): GraphEdge | undefined {
  return readGraph(telemetry, undefined, { ...plain, ...options }).edges[0]
}

const ab = { from: 'a', to: 'b' } as const
const callee = { reporter: 'destination' } as const
const both = [requests(10, ab), requests(10, { ...ab, ...callee })]

describe('response time', () => {
  const p95 = (...samples: readonly Sample[]) => ({ statistic: 'p95' as const, samples })

  it('is the counting reporter’s', () => {
    const samples = p95(measured(0.9, { ...ab, ...callee }), measured(0.3, ab))
    expect(edgeOf({ requests: both, responseTime: samples })?.latency).toEqual({ p95: 0.3 })
    expect(edgeOf({ requests: both, responseTime: samples }, { reporter: 'destination' })?.latency).toEqual({
      p95: 0.9,
    })
  })

  it('is another’s where that one has none, and absent where nobody has', () => {
    expect(edgeOf({ requests: both, responseTime: p95(measured(0.9, { ...ab, ...callee })) })?.latency).toEqual({
      p95: 0.9,
    })
    expect(edgeOf({ requests: both, responseTime: p95() })).not.toHaveProperty('latency')
    expect(edgeOf({ requests: both, responseTime: p95(measured(0.9, { from: 'a', to: 'c' })) })).not.toHaveProperty(
      'latency',
    )
  })

  it('of another protocol or service is not this one’s', () => {
    expect(
      edgeOf({ requests: both, responseTime: p95(measured(0.9, { ...ab, protocol: 'grpc' })) })?.latency,
    ).toBeUndefined()
    const other = measured(0.9, { ...ab, service: 'shop/other' })
    expect(edgeOf({ requests: both, responseTime: p95(other) })?.latency).toBeUndefined()
  })

  it('of several flows: the average weighted by requests; never an average of quantiles', () => {
    const calls = [requests(30, { from: 'a', to: 'b-v1' }), requests(10, { from: 'a', to: 'b-v2' })]
    const samples = [measured(0.2, { from: 'a', to: 'b-v1' }), measured(0.4, { from: 'a', to: 'b-v2' })]
    const of = (statistic: 'avg' | 'p99') =>
      edgeOf({ requests: calls, responseTime: { statistic, samples } }, { graphType: 'app' })?.latency
    expect(of('avg')?.avg).toBeCloseTo(0.25, 9)
    expect(of('p99')).toBeUndefined()
  })

  it('of a service node’s edges: the average weighted; a quantile where one answer is about them, else absent with the reason', () => {
    const calls = [
      requests(30, { from: 'a', to: 'c', service: 'shop/c' }),
      requests(10, { from: 'b', to: 'c', service: 'shop/c' }),
    ]
    const samples = [
      measured(0.2, { from: 'a', to: 'c', service: 'shop/c' }),
      measured(0.4, { from: 'b', to: 'c', service: 'shop/c' }),
    ]
    const of = (statistic: 'avg' | 'p95') => {
      const graph = readGraph({ requests: calls, responseTime: { statistic, samples } }, undefined, {
        ...plain,
        serviceNodes: true,
      })
      return { latencies: graph.edges.map(({ latency }) => latency?.[statistic]), skipped: graph.skipped }
    }
    expect(of('p95').latencies).toEqual([undefined, 0.2, 0.4])
    expect(of('p95').skipped).toEqual([
      {
        reason: 'no response time quantile: the edge joins calls measured apart, and quantiles do not add up',
        count: 1,
        example: 'service/east/shop/c>workload/east/shop/c|http',
      },
    ])
    expect(of('avg').latencies[0]).toBeCloseTo(0.25, 9)
    expect(of('avg').skipped).toEqual([])
  })
})

describe('response time asked by app', () => {
  const calls = [requests(30, { from: 'a', to: 'b-v1' }), requests(10, { from: 'a', to: 'b-v2' })]
  const asked = (value: number, of: Call, without: readonly string[]): Sample =>
    measured(value, { ...of, labels: Object.fromEntries(without.map((name) => [name, undefined])) })
  const workloads = ['source_workload', 'destination_workload']
  const revisions = ['source_canonical_revision', 'destination_canonical_revision']

  it('is the one quantile of all the workloads of a pair of apps', () => {
    const samples = [asked(0.7, { from: 'a', to: 'b' }, [...workloads, ...revisions])]
    expect(
      edgeOf({ requests: calls, responseTime: { statistic: 'p99', samples } }, { graphType: 'app' })?.latency,
    ).toEqual({
      p99: 0.7,
    })
  })

  it('goes by version where the version is told', () => {
    const b = (version: string) => ({ from: 'a', to: { name: `b-${version}`, version } })
    const samples = [asked(0.1, b('v1'), workloads), asked(0.2, b('v2'), workloads)]
    const graph = readGraph(
      {
        requests: [requests(30, b('v1')), requests(10, b('v2'))],
        responseTime: { statistic: 'p99', samples },
      },
      undefined,
      { ...plain, graphType: 'versionedApp' },
    )
    expect(graph.edges.map(({ target, latency }) => [target, latency?.p99])).toEqual([
      ['app/east/shop/b/v1', 0.1],
      ['app/east/shop/b/v2', 0.2],
    ])
  })

  it('is found where the caller’s names are hidden', () => {
    const hidden = Object.keys(measured(1, ab).labels).filter((name) => /^source_(?!workload_namespace)/.test(name))
    const from = { from: 'web/x', to: 'b-v1', reporter: 'destination' } as const
    const labels = Object.fromEntries(hidden.map((name) => [name, undefined]))
    const samples = [asked(0.6, { ...from, to: 'b' }, [...hidden, ...workloads, ...revisions])]
    const found = edgeOf(
      { requests: [requests(4, { ...from, labels })], responseTime: { statistic: 'p95', samples } },
      { graphType: 'app' },
    )
    expect(found?.latency).toEqual({ p95: 0.6 })
  })

  it('is absent where one reporter tells a part of the calls by app and a part by workload', () => {
    const samples = [
      asked(0.7, { from: 'a', to: 'b' }, [...workloads, ...revisions]),
      measured(0.2, { from: 'a', to: 'b-v1' }),
    ]
    const of = {
      requests: [requests(30, { from: 'a', to: 'b-v1' })],
      responseTime: { statistic: 'p99' as const, samples },
    }
    expect(edgeOf(of, { graphType: 'app' })?.latency).toBeUndefined()
  })

  it('of calls that reached no workload goes by their service', () => {
    const lost = { from: 'a', service: 'shop/b', code: '503' } as const
    const samples = [asked(0.4, lost, [...workloads, ...revisions])]
    expect(
      edgeOf({ requests: [requests(3, lost)], responseTime: { statistic: 'p50', samples } }, { graphType: 'app' })
        ?.latency,
    ).toEqual({ p50: 0.4 })
  })
})

describe('throughput', () => {
  it('is the counting reporter’s, summed over the flows of an edge', () => {
    const calls = [requests(3, { from: 'a', to: 'b-v1' }), requests(1, { from: 'a', to: 'b-v2' })]
    const throughput = [
      measured(1000, { from: 'a', to: 'b-v1' }),
      measured(900, { from: 'a', to: 'b-v1', ...callee }),
      measured(50, { from: 'a', to: 'b-v2' }),
    ]
    expect(edgeOf({ requests: calls, throughput }, { graphType: 'app' })?.throughput).toBe(1050)
  })
})

describe('mTLS', () => {
  const secured = (value: number, policy: string | undefined, call: Call = ab): Sample =>
    measured(value, { ...call, ...callee, labels: { connection_security_policy: policy } })

  it.each([
    ['all mutual', [secured(5, 'mutual_tls')], 1],
    ['all plain', [secured(5, 'none')], 0],
    ['part', [secured(6, 'mutual_tls'), secured(2, 'none')], 0.75],
    ['what is unknown counts neither way', [secured(6, 'mutual_tls'), secured(6, 'unknown')], 1],
    ['only unknown', [secured(6, 'unknown')], undefined],
    ['label dropped', [secured(6, undefined)], undefined],
    ['not asked', [], undefined],
  ] as const)('%s', (_what, mtls, share) => {
    expect(edgeOf({ requests: both, mtls })?.mtls).toBe(share)
  })

  it('is weighted by traffic over the flows of an edge', () => {
    const calls = [requests(30, { from: 'a', to: 'b-v1' }), requests(10, { from: 'a', to: 'b-v2' })]
    const mtls = [secured(1, 'mutual_tls', { from: 'a', to: 'b-v1' }), secured(1, 'none', { from: 'a', to: 'b-v2' })]
    expect(edgeOf({ requests: calls, mtls }, { graphType: 'app' })?.mtls).toBe(0.75)
  })

  it('of TCP is told by bytes, and stands in for HTTP that only its transport secures', () => {
    const bytes = [tcp(100, ab)]
    const mtls = [
      {
        ...tcp(80, { ...ab, ...callee }),
        labels: { ...tcp(80, { ...ab, ...callee }).labels, connection_security_policy: 'mutual_tls' },
      },
    ]
    expect(edgeOf({ tcp: bytes, mtls })?.mtls).toBe(1)
    expect(edgeOf({ requests: both, mtls })?.mtls).toBe(1)
  })

  it('brings the principals, sorted where there are several', () => {
    const as = (principal: string): Sample =>
      measured(5, { ...ab, ...callee, labels: { source_principal: principal, destination_principal: 'spiffe://b' } })
    const edge = edgeOf({ requests: both, mtls: [as('spiffe://z'), as('spiffe://a')] })
    expect([edge?.sourcePrincipal, edge?.destinationPrincipal]).toEqual(['spiffe://a, spiffe://z', 'spiffe://b'])
  })
})
