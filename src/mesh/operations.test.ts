import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPolicy } from './health.ts'
import { type GraphOptions, readGraph, readMesh, type Telemetry } from './read.ts'
import type { Sample } from './samples.ts'
import { type Call, measured, plain, requests } from './testing/samples.ts'
import { wordsOf } from './testing/words.ts'

const ab = { from: 'a', to: 'b' } as const
const atCallee = (operation: string | undefined, call: Call = ab): Call => ({
  ...call,
  reporter: 'destination',
  labels: { request_operation: operation },
})

const words = (telemetry: Telemetry, options: Partial<GraphOptions> = {}) =>
  wordsOf(readGraph(telemetry, undefined, { ...plain, ...options }))

describe('operations', () => {
  const both = [requests(10, ab), requests(10, { ...ab, reporter: 'destination' })]

  it('stand between callers and what answers, the unclassified calls beside them', () => {
    const operations = [requests(6, atCallee('Get')), requests(3, atCallee('Put')), requests(1, atCallee(undefined))]
    expect(words({ requests: both, operations })).toEqual([
      'operation/east/shop/b/Get -> workload/east/shop/b | http 6/s | 6 x 200 - | reported 6/6',
      'operation/east/shop/b/Put -> workload/east/shop/b | http 3/s | 3 x 200 - | reported 3/3',
      'workload/east/shop/a -> operation/east/shop/b/Get | http 6/s | 6 x 200 - | reported 6/6',
      'workload/east/shop/a -> operation/east/shop/b/Put | http 3/s | 3 x 200 - | reported 3/3',
      'workload/east/shop/a -> workload/east/shop/b | http 1/s | 1 x 200 - | reported 1/1',
    ])
  })

  it('leave everything as it is where nothing was classified, or they were not asked for', () => {
    const direct = words({ requests: both })
    expect(direct).toEqual(['workload/east/shop/a -> workload/east/shop/b | http 10/s | 10 x 200 - | reported 10/10'])
    expect(words({ requests: both, operations: [] })).toEqual(direct)
    expect(words({ requests: both, operations: [requests(10, atCallee('unknown'))] })).toEqual(direct)
    // Another pair's are not this one's.
    expect(words({ requests: both, operations: [requests(9, atCallee('Get', { from: 'c', to: 'b' }))] })).toEqual(
      direct,
    )
  })

  it('are shared code by code, as the callee’s side tells, of what the caller counts', () => {
    const told = [requests(18, ab), requests(2, { ...ab, code: '500' })]
    const operations = [
      requests(6, atCallee('Get')),
      requests(3, atCallee('Put')),
      requests(1, atCallee('Put', { ...ab, code: '500' })),
    ]
    expect(words({ requests: told, operations }).filter((line) => line.startsWith('workload'))).toEqual([
      'workload/east/shop/a -> operation/east/shop/b/Get | http 12/s | 12 x 200 -',
      'workload/east/shop/a -> operation/east/shop/b/Put | http 8/s | 6 x 200 -, 2 x 500 -',
    ])
  })

  it('of calls the caller gave up on are those whose client left, marked as attributed; what never arrived has none', () => {
    const told = [
      requests(8, ab),
      requests(2, { ...ab, code: '504', flags: 'UT' }),
      requests(1, { ...ab, code: '503', flags: 'UF' }),
    ]
    const operations = [requests(8, atCallee('Get')), requests(2, atCallee('Slow', { ...ab, code: '0', flags: 'DC' }))]
    expect(words({ requests: told, operations }).filter((line) => line.startsWith('workload'))).toEqual([
      'workload/east/shop/a -> operation/east/shop/b/Get | http 8/s | 8 x 200 -',
      'workload/east/shop/a -> operation/east/shop/b/Slow | http 2/s | 2 x 504 UT | estimated',
      'workload/east/shop/a -> workload/east/shop/b | http 1/s | 1 x 503 UF',
    ])
  })

  it('are shared by the versions of an app, and stand behind its service', () => {
    const toVersion = (version: string) => ({ from: 'a', to: { name: `b-${version}`, version } }) as const
    const told = [requests(4, toVersion('v1')), requests(2, toVersion('v2'))]
    const operations = [requests(4, atCallee('Get', toVersion('v1'))), requests(2, atCallee('Get', toVersion('v2')))]
    const shown = words({ requests: told, operations }, { graphType: 'versionedApp', serviceNodes: true })
    expect(shown.map((line) => line.split(' | ', 2).join(' | '))).toEqual([
      'app/east/shop/a/latest -> service/east/shop/b | http 6/s',
      'operation/east/shop/b/Get -> app/east/shop/b/v1 | http 4/s',
      'operation/east/shop/b/Get -> app/east/shop/b/v2 | http 2/s',
      'service/east/shop/b -> operation/east/shop/b/Get | http 6/s',
    ])
  })

  it('go by the waypoint’s report where there is one, and not by both', () => {
    const told = [requests(10, { ...ab, reporter: 'waypoint' })]
    const operations = [requests(10, { ...atCallee('Get'), reporter: 'waypoint' }), requests(4, atCallee('Put'))]
    expect(words({ requests: told, operations }).filter((line) => line.startsWith('workload'))).toEqual([
      'workload/east/shop/a -> operation/east/shop/b/Get | http 10/s | 10 x 200 -',
    ])
  })

  it('show no response time, which is told of the pair as a whole, but its mTLS', () => {
    const secured = { ...ab, reporter: 'destination', labels: { connection_security_policy: 'mutual_tls' } } as const
    const graph = readGraph(
      {
        requests: both,
        operations: [requests(10, atCallee('Get'))],
        responseTime: { statistic: 'p95', samples: [measured(0.3, ab)] },
        throughput: [measured(2048, ab)],
        mtls: [measured(10, secured)],
      },
      undefined,
      plain,
    )
    expect(graph.edges).toHaveLength(2)
    for (const edge of graph.edges) {
      expect(edge).not.toHaveProperty('latency')
      expect(edge).not.toHaveProperty('throughput')
      expect(edge.mtls).toBe(1)
    }
    expect(graph.skipped.filter(({ count }) => count > 0)).toEqual([])
  })

  it('are not drawn in a service graph, where workloads are not', () => {
    const operations = [requests(10, atCallee('Get'))]
    expect(words({ requests: both, operations }, { graphType: 'service' })).toEqual(
      words({ requests: both }, { graphType: 'service' }),
    )
  })

  it('are in the trouble their calls are in, and say who it comes from', () => {
    const operations = [requests(5, atCallee('Get')), requests(5, atCallee('Put', { ...ab, code: '500' }))]
    const told = [requests(5, ab), requests(5, { ...ab, code: '500' })]
    const { nodes } = readMesh({ requests: told, operations }, undefined, { ...plain, policy: defaultPolicy })
    const stateOf = (operation: string) => nodes.find((node) => node.operation === operation)?.health
    expect(stateOf('Get')?.state).toBe('healthy')
    expect(stateOf('Put')?.state).toBe('failing')
    expect(stateOf('Put')?.reasons.join(' ')).toContain('The errors come from a dependency, b')
    expect(nodes.find(({ operation }) => operation === 'Put')).toMatchObject({
      kind: 'operation',
      app: 'b',
      namespace: 'shop',
    })
  })

  it('whatever is told, every flow keeps its rate and its codes', () => {
    const code = fc.constantFrom('200', '404', '500', '0')
    const sample = fc.record({ rate: fc.integer({ min: 1, max: 50 }), code })
    const classified = fc.record({ rate: fc.integer({ min: 0, max: 50 }), code, operation: fc.constantFrom('Get', 'Put', 'unknown', undefined) }) // prettier-ignore
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), fc.array(classified), (counted, told) => {
        const samples: readonly Sample[] = counted.map((one) => requests(one.rate, { ...ab, code: one.code }))
        const operations = told.map((one) => requests(one.rate, atCallee(one.operation, { ...ab, code: one.code })))
        const sums = (telemetry: Telemetry) => {
          const { edges } = readGraph(telemetry, undefined, plain)
          const byCode: Record<string, number> = {}
          for (const { source, responses } of edges) {
            if (source.startsWith('operation')) continue
            for (const { code: each, rate } of responses) byCode[each] = (byCode[each] ?? 0) + rate
          }
          return Object.fromEntries(Object.entries(byCode).map(([each, rate]) => [each, rate.toFixed(6)]))
        }
        expect(sums({ requests: samples, operations })).toEqual(sums({ requests: samples }))
      }),
    )
  })
})
