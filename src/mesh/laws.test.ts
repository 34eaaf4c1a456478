import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphEdge, MeshGraph } from './graph.ts'
import { defaultPolicy } from './policy.ts'
import { type GraphOptions, readGraph, readMesh, type Telemetry } from './read.ts'
import type { Sample } from './samples.ts'
import { type Call, measured, plain, requests, tcp } from './testing/samples.ts'

/** One series of any family that any proxy may leave, alone or beside others of the same pair, however little it knows. */
interface Report {
  readonly kind: 'http' | 'grpc' | 'messages' | 'tcp' | 'ztunnel' | 'failed'
  readonly from: string | undefined
  readonly to: string | undefined
  readonly service: string
  readonly reporter: 'source' | 'destination' | 'waypoint'
  readonly code: string
  readonly flags: string | undefined
  readonly clusters: readonly [source: string, destination: string]
  readonly version: string
  readonly rate: number
  readonly direction: 'sent' | 'received'
  readonly hasMeasures: boolean
}

/** Few names, so that reports meet; a waypoint among them, so that legs carry calls. */
function reports(ends: readonly string[], services: readonly string[]): fc.Arbitrary<readonly Report[]> {
  const end = fc.option(fc.constantFrom(...ends), { nil: undefined, freq: 12 })
  const cluster = fc.constantFrom('east', 'east', 'west', 'unknown')
  const report: fc.Arbitrary<Report> = fc.record({
    kind: fc.constantFrom('http', 'grpc', 'messages', 'tcp', 'ztunnel', 'failed'),
    from: end,
    to: end,
    service: fc.constantFrom(...services),
    reporter: fc.constantFrom('source', 'destination', 'waypoint'),
    code: fc.constantFrom('200', '404', '503', '0'),
    flags: fc.constantFrom('-', 'UF', 'DC', undefined),
    clusters: fc.tuple(cluster, cluster),
    version: fc.constantFrom('v1', 'v2', 'unknown'),
    // Sevenths: sums of them differ in the last digit when they are taken in another order.
    rate: fc.integer({ min: 0, max: 500 }).map((rate) => (rate * 2) / 7),
    direction: fc.constantFrom('sent', 'received'),
    hasMeasures: fc.boolean(),
  })
  return fc.array(report, { minLength: 1, maxLength: 25 })
}

const wide = reports(
  ['shop/a-v1', 'shop/a-v2', 'pay/a-v1', 'pay/b', 'shop/waypoint', 'web/c'],
  ['shop/a', 'pay/b', 'unknown/PassthroughCluster', 'shop/waypoint', 'unknown/10.0.0.1:80'],
)
const narrow = reports(['shop/a-v1', 'shop/waypoint'], ['shop/a'])

function telemetryOf(all: readonly Report[], statistic: 'avg' | 'p95'): Telemetry {
  const found = {
    requests: [] as Sample[],
    grpcMessages: [] as Sample[],
    tcp: [] as Sample[],
    responseTime: { statistic, samples: [] as Sample[] },
    throughput: [] as Sample[],
    mtls: [] as Sample[],
  }
  for (const { kind, from, to, service, reporter, code, flags, clusters, version, rate, ...rest } of all) {
    const labels = {
      destination_canonical_revision: version,
      response_flags: flags,
      ...(from === undefined ? {} : { source_cluster: clusters[0] }),
      ...(to === undefined ? {} : { destination_cluster: clusters[1] }),
    }
    const call: Call = {
      ...{ service, reporter, code, labels },
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    }
    if (kind === 'http' || kind === 'grpc') found.requests.push(requests(rate, { ...call, protocol: kind }))
    else if (kind === 'messages') found.grpcMessages.push(requests(rate, { ...call, protocol: 'grpc' }))
    else {
      // Only callers' proxies know of connections that came to nothing.
      const failed = kind === 'failed' ? { reporter: 'source', direction: 'failed', response_flags: 'UF' } : {}
      found.tcp.push(
        tcp(rate, {
          ...call,
          ...{ isZtunnel: kind === 'ztunnel', direction: rest.direction },
          labels: { ...labels, ...failed },
        }),
      )
    }
    if (!rest.hasMeasures) continue
    found.responseTime.samples.push(measured(rate / 1000, call))
    found.throughput.push(measured(rate * 10, call))
    const connection_security_policy = code === '200' ? 'mutual_tls' : 'none'
    found.mtls.push(
      measured(rate, { ...call, reporter: 'destination', labels: { ...labels, connection_security_policy } }),
    )
  }
  return found
}

const graphTypes = ['workload', 'app', 'versionedApp', 'service'] as const
const shapes: fc.Arbitrary<Partial<GraphOptions>> = fc.record({
  serviceNodes: fc.boolean(),
  waypoints: fc.boolean(),
  idleEdges: fc.boolean(),
  http: fc.boolean(),
  reporter: fc.constantFrom('auto', 'auto', 'source', 'destination'),
  grpc: fc.constantFrom('requests', 'messages', 'none'),
})
const statistics = fc.constantFrom('avg', 'p95')

describe('laws of any reports at all', () => {
  it.each([
    ['many pairs', wide],
    ['one pair and its waypoint', narrow],
  ])('sample order does not show, not in the last digit and not in an example: %s', (_name, meshes) => {
    const twice = meshes.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
    )
    fc.assert(
      fc.property(
        twice,
        shapes,
        fc.constantFrom(...graphTypes),
        statistics,
        ([one, other], shape, graphType, statistic) => {
          const options = { ...plain, ...shape, graphType, policy: defaultPolicy }
          expect(readMesh(telemetryOf(other, statistic), undefined, options)).toEqual(
            readMesh(telemetryOf(one, statistic), undefined, options),
          )
        },
      ),
    )
  })

  it('rates, errors, throughput, failed connections and transport are conserved between the four levels', () => {
    fc.assert(
      fc.property(fc.oneof(wide, narrow), shapes, (all, shape) => {
        const [workloads, ...others] = graphTypes.map((graphType) =>
          // A service node has every call twice: in and out.
          totalsOf(
            readGraph(telemetryOf(all, 'avg'), undefined, { ...plain, ...shape, serviceNodes: false, graphType }),
          ),
        )
        for (const other of others) {
          for (const [name, total] of Object.entries(other))
            expect([name, total]).toEqual([name, near(workloads?.[name])])
        }
      }),
    )
  })

  it('every number is one, ratios are ratios, and nobody is idle who was not asked for', () => {
    fc.assert(
      fc.property(wide, shapes, fc.constantFrom(...graphTypes), (all, shape, graphType) => {
        const { nodes, edges } = readMesh(telemetryOf(all, 'avg'), undefined, { ...plain, ...shape, graphType })
        const ids = new Set(nodes.map(({ id }) => id))
        for (const edge of edges) {
          expect([ids.has(edge.source), ids.has(edge.target)]).toEqual([true, true])
          expect(numbersOf(edge).filter((value) => !(Number.isFinite(value) && value >= 0))).toEqual([])
          expect(Math.max(edge.errorRatio ?? 0, edge.mtls ?? 0)).toBeLessThanOrEqual(1 + 1e-9)
          if (edge.isIdle === true)
            expect([shape.idleEdges, edge.marks.includes('callerNotScraped')]).toEqual([true, false])
        }
      }),
    )
  })
})

const count = fc.record({
  rate: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
  knowsFar: fc.boolean(),
})

/** One pair's totals as the three reporters count them, none where it does not report, and which of them know only their own cluster. */
const pair = fc.record({
  from: fc.constantFrom('shop/a', 'shop/b', 'web/c'),
  to: fc.constantFrom('shop/x', 'pay/y'),
  clusters: fc.tuple(fc.constantFrom('east', 'west'), fc.constantFrom('east', 'west')),
  source: count,
  waypoint: count,
  destination: count,
})
type Pair = typeof pair extends fc.Arbitrary<infer One> ? One : never

const pairs = fc.uniqueArray(pair, { selector: ({ from, to }) => `${from} ${to}`, maxLength: 6 })
const reporters = ['source', 'waypoint', 'destination'] as const

function reportsOf({ from, to, clusters, ...counts }: Pair): readonly Sample[] {
  return reporters.flatMap((reporter) => {
    const { rate, knowsFar } = counts[reporter]
    if (rate === undefined) return []
    const far = reporter === 'source' ? 'destination_cluster' : 'source_cluster'
    return requests(rate, {
      ...{ reporter, from: { name: from, cluster: clusters[0] }, to: { name: to, cluster: clusters[1] } },
      labels: knowsFar ? {} : { [far]: 'unknown' },
    })
  })
}

describe('contracts page, "Count once", for any pairs', () => {
  it('each is the source’s count, else the waypoint’s, else the destination’s, never a sum, whatever clusters are unknown', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const expected = all
          .map((counts) => reporters.map((reporter) => counts[reporter].rate ?? 0).find((rate) => rate > 0) ?? 0)
          .filter((rate) => rate > 0)
        const graph = readGraph({ requests: all.flatMap(reportsOf) }, undefined, plain)
        expect(graph.edges.map(({ rate }) => rate).sort()).toEqual(expected.sort())
      }),
    )
  })

  it('a forced reporter draws no edge that counting once does not know, whatever clusters are unknown', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom('source', 'destination'), (all, reporter) => {
        const telemetry = { requests: all.flatMap(reportsOf) }
        const known = readGraph(telemetry, undefined, plain).edges.map(({ id }) => id)
        const forced = readGraph(telemetry, undefined, { ...plain, reporter }).edges.map(({ id }) => id)
        expect(known).toEqual(expect.arrayContaining(forced))
      }),
    )
  })
})

function totalsOf({ nodes, edges }: MeshGraph): Readonly<Record<string, number>> {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const of = (read: (edge: GraphEdge) => number | undefined): number => sum(edges.map((edge) => read(edge) ?? 0))
  return {
    http: of(({ protocol, rate }) => (protocol === 'http' ? rate : 0)),
    grpc: of(({ protocol, rate }) => (protocol === 'grpc' ? rate : 0)),
    tcp: of(({ protocol, rate }) => (protocol === 'tcp' ? rate : 0)),
    errors: of(({ errorRatio, rate }) => (errorRatio ?? 0) * rate),
    throughput: of(({ throughput }) => throughput),
    failed: of(({ failedConnections = [] }) => failedConnections.reduce((total, { rate }) => total + rate, 0)),
    sent: of(({ layers }) => layers?.l4?.sent),
    received: of(({ layers }) => layers?.l4?.received),
    // What leaves one node enters another.
    into: sum(
      nodes.map(({ traffic: { http, grpc, tcp: bytes } }) => (http?.in ?? 0) + (grpc?.in ?? 0) + (bytes?.in ?? 0)),
    ),
    outOf: sum(
      nodes.map(({ traffic: { http, grpc, tcp: bytes } }) => (http?.out ?? 0) + (grpc?.out ?? 0) + (bytes?.out ?? 0)),
    ),
  }
}

/** The same but for how floating point rounds. */
function near(value: number | undefined): unknown {
  return expect.closeTo(value ?? Number.NaN, 6)
}

function numbersOf({ rate, errorRatio, mtls, throughput, latency, responses, reported, layers }: GraphEdge): number[] {
  const { l4 } = layers ?? {}
  const all = [rate, errorRatio, mtls, throughput, latency?.avg, reported?.source, reported?.destination, l4?.sent]
  return [...all, l4?.received, ...responses.map((response) => response.rate)].filter((value) => value !== undefined)
}
