import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { seriesQueriesFor, stepsOf, type SeriesQuestion } from './rangeQueries.ts'
import type { Scope } from './scope.ts'

const everything: Scope = { namespaces: 'all', peers: 'full', seesAll: true, matchers: [] }
const shop: Scope = { ...everything, namespaces: ['shop-web'] }
const pair =
  'source_workload_namespace, source_workload, destination_workload_namespace, destination_workload, request_protocol'

function promqlOf(question: SeriesQuestion, scope: Scope = everything, rateWindow = 60): string {
  return seriesQueriesFor(question, scope, rateWindow)
    .map(({ promql }) => promql)
    .join('\n')
}

describe('requests over time', () => {
  const source = (by = '') => `sum by (${pair}${by}) (rate(istio_requests_total{reporter="source"}[60s])) > 0`
  const other = (reporter: string, by = '') =>
    `sum by (${pair}${by}) (rate(istio_requests_total{reporter="${reporter}"}[60s])) > 0`

  test('each call counts once: the source’s report, else the waypoint’s, else the destination’s', () => {
    expect(promqlOf({ ask: 'series-requests', by: [], reporter: 'auto' })).toBe(
      `sum by () ((${source()}) or (((${other('waypoint')}) or (${other('destination')}) unless on (${pair}) (${other('waypoint')})) unless on (${pair}) (${source()})))`,
    )
  })

  test('the source’s reports alone are one sum', () => {
    expect(promqlOf({ ask: 'series-requests', by: ['code'], reporter: 'source' })).toBe(
      `sum by (response_code) (${source(', response_code')})`,
    )
  })

  test('the destination’s choice takes waypoints in and never adds the two', () => {
    expect(promqlOf({ ask: 'series-requests', by: [], reporter: 'destination' })).toBe(
      `sum by () ((${other('waypoint')}) or (${other('destination')}) unless on (${pair}) (${other('waypoint')}))`,
    )
  })

  test.each([
    [['outcome'], 'request_protocol, response_code, grpc_response_status, response_flags'],
    [['service'], 'destination_service_namespace, destination_service_name'],
    [['workload'], 'destination_workload_namespace, destination_workload'],
    [['version'], 'destination_canonical_revision'],
    [['source'], 'source_workload_namespace, source_workload'],
    [['flags', 'protocol'], 'response_flags, request_protocol'],
    [['outcome', 'protocol'], 'request_protocol, response_code, grpc_response_status, response_flags'],
  ] as const)('grouped by %j only those labels come out', (by, labels) => {
    const promql = promqlOf({ ask: 'series-requests', by, reporter: 'auto' })
    expect(promql.startsWith(`sum by (${labels}) (`)).toBe(true)
  })

  test('a scope’s slices of one side are one sum over rates that have no series in common', () => {
    const promql = promqlOf({ ask: 'series-requests', by: [], reporter: 'source' }, { ...shop, seesAll: false })
    expect(promql.match(/sum by/g)).toHaveLength(2)
    expect(promql).toContain(
      'rate(istio_requests_total{reporter="source",source_workload_namespace=~"shop-web"}[60s]) or rate(istio_requests_total{reporter="source",source_workload_namespace!~"shop-web",destination_workload_namespace=~"shop-web"}[60s])',
    )
  })

  test('the cluster’s own matchers are in every selector', () => {
    const promql = promqlOf(
      { ask: 'series-requests', by: [], reporter: 'auto' },
      { ...shop, matchers: [{ label: 'mesh_id', op: '=', value: 'north' }] },
    )
    expect(promql.match(/istio_requests_total\{[^}]*mesh_id="north"/g)).toHaveLength(
      promql.match(/istio_requests_total\{/g)?.length ?? 0,
    )
  })

  test('an empty scope asks nothing', () => {
    expect(
      seriesQueriesFor({ ask: 'series-requests', by: [], reporter: 'auto' }, { ...shop, namespaces: [] }, 60),
    ).toEqual([])
  })
})

describe('what a viewer may not see', () => {
  const member: Scope = { namespaces: ['mine'], peers: 'namespace', seesAll: false, matchers: [] }

  test('callers outside the scope come out as their namespace at the level namespace, and not at all at the level hide', () => {
    const question: SeriesQuestion = { ask: 'series-requests', by: ['source'], reporter: 'destination' }
    const inbound = (promql: string) =>
      /sum by \(([^)]*)\) \(rate\([^[]*source_workload_namespace!~"mine"/.exec(promql)?.[1]
    expect(inbound(promqlOf(question, member))).toBe(pair)
    expect(promqlOf(question, { ...member, peers: 'full' })).toMatch(
      /^sum by \(source_workload_namespace, source_workload\)/,
    )
    expect(inbound(promqlOf({ ...question, by: ['source', 'code'] }, { ...member, peers: 'hide' }))).toBe(
      `${pair}, response_code`,
    )
  })

  // That no answer depends on others' names is tried in rangeQueries.prometheus.test.ts.
  test('what leaves the scope is grouped without the callee’s service, and never filtered by it', () => {
    const named = { names: [{ namespace: 'theirs', name: 'secret' }], isRest: false }
    const question: SeriesQuestion = { ask: 'series-requests', by: ['service'], reporter: 'auto', services: named }
    const promql = promqlOf(question, { ...member, peers: 'hide' })
    expect(promql).not.toMatch(/destination_service_namespace!~"mine"[^}]*secret/)
    const hidden = promqlOf({ ...question, services: { ...named, isRest: true } }, { ...member, peers: 'hide' })
    expect(hidden).toMatch(/destination_service_namespace!~"mine"}/)
  })
})

describe('some services', () => {
  const names = [
    { namespace: 'shop-core', name: 'catalog' },
    { namespace: 'bookinfo', name: 'reviews' },
    { namespace: 'shop-core', name: 'cart' },
  ]

  test('are selected exactly, a selector for each namespace', () => {
    const promql = promqlOf({
      ask: 'series-requests',
      by: ['service'],
      reporter: 'source',
      services: { names, isRest: false },
    })
    expect(promql).toContain(
      '{reporter="source",destination_service_namespace="bookinfo",destination_service_name=~"reviews"}',
    )
    expect(promql).toContain(
      '{reporter="source",destination_service_namespace="shop-core",destination_service_name=~"cart|catalog"}',
    )
    expect(promql.match(/rate\(/g)).toHaveLength(2)
  })

  test('and the rest are exactly the others: other namespaces, and other names in theirs', () => {
    const promql = promqlOf({ ask: 'series-requests', by: [], reporter: 'source', services: { names, isRest: true } })
    expect(promql).toContain('{reporter="source",destination_service_namespace!~"bookinfo|shop-core"}')
    expect(promql).toContain('destination_service_namespace="bookinfo",destination_service_name!~"reviews"')
    expect(promql).toContain('destination_service_namespace="shop-core",destination_service_name!~"cart|catalog"')
  })

  test('the rest of nothing is everything', () => {
    const asked = { ask: 'series-requests', by: [], reporter: 'source' } as const
    expect(promqlOf({ ...asked, services: { names: [], isRest: true } })).toBe(promqlOf(asked))
  })

  test('hostile names stay inside their literals', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (namespace, name) => {
        const promql = promqlOf({
          ask: 'series-requests',
          by: [],
          reporter: 'auto',
          services: { names: [{ namespace, name }], isRest: false },
        })
        const outside = promql.replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
        expect(outside).toBe(
          promqlOf({
            ask: 'series-requests',
            by: [],
            reporter: 'auto',
            services: { names: [{ namespace: 'a', name: 'b' }], isRest: false },
          }).replace(/"(?:[^"\\\n]|\\.)*"/g, '""'),
        )
      }),
    )
  })
})

describe('durations over time', () => {
  test('buckets at zero are kept, or quantiles would be read from the wrong bucket: the count says who reported', () => {
    const promql = promqlOf({ ask: 'series-duration', statistic: 'buckets', by: [], reporter: 'source' })
    expect(promql).toBe(
      `sum by (le) (sum by (${pair}, le) (rate(istio_request_duration_milliseconds_bucket{reporter="source"}[60s])) and on (${pair}) (sum by (${pair}) (rate(istio_request_duration_milliseconds_count{reporter="source"}[60s])) > 0))`,
    )
  })

  test.each([
    ['p50', '0.5'],
    ['p90', '0.9'],
    ['p95', '0.95'],
    ['p99', '0.99'],
  ] as const)('%s is read from summed buckets, in seconds', (statistic, quantile) => {
    const promql = promqlOf({ ask: 'series-duration', statistic, by: ['service'], reporter: 'auto' })
    expect(promql).toMatch(
      new RegExp(
        `^histogram_quantile\\(${quantile}, sum by \\(le, destination_service_namespace, destination_service_name\\) \\(.*\\)\\) / 1000$`,
      ),
    )
  })

  test('the average is a sum over a count, in seconds', () => {
    const promql = promqlOf({ ask: 'series-duration', statistic: 'avg', by: [], reporter: 'source' })
    expect(promql).toMatch(/^sum by \(\) \(.*milliseconds_sum.*\) \/ sum by \(\) \(.*milliseconds_count.*\) \/ 1000$/)
  })
})

describe('counters with directions', () => {
  test('throughput is the bytes of requests, sent, and of responses, received', () => {
    const queries = seriesQueriesFor({ ask: 'series-throughput', by: [], reporter: 'auto' }, everything, 300)
    expect(queries.map(({ name }) => name)).toEqual(['series-throughput-sent', 'series-throughput-received'])
    expect(queries[0]?.promql).toContain('istio_request_bytes_sum')
    expect(queries[0]?.promql).not.toContain('istio_response_bytes_sum')
    expect(queries[1]?.promql).toContain('istio_response_bytes_sum')
  })

  test('TCP is told in the caller’s words and without waypoints’ legs', () => {
    const queries = seriesQueriesFor({ ask: 'series-tcp', by: [], reporter: 'auto' }, everything, 300)
    expect(queries.map(({ name }) => name)).toEqual([
      'series-tcp-sent',
      'series-tcp-received',
      'series-tcp-opened',
      'series-tcp-closed',
    ])
    const [sent, received] = queries
    expect(sent?.promql).toContain('istio_tcp_received_bytes_total{')
    expect(sent?.promql).toContain('"direction", "sent"')
    expect(received?.promql).toContain('istio_tcp_sent_bytes_total{')
    for (const { promql } of queries) {
      expect(promql.match(/source_workload!~"\.\*waypoint",destination_workload!~"\.\*waypoint"/g)?.length).toBe(
        promql.match(/rate\(istio_tcp/g)?.length,
      )
    }
  })

  test('gRPC messages are two, whatever the number of namespaces', () => {
    const many = Array.from({ length: 50 }, (_, index) => `team-${index}`)
    expect(
      seriesQueriesFor({ ask: 'series-grpc-messages', by: [], reporter: 'auto' }, { ...shop, namespaces: many }, 60),
    ).toHaveLength(2)
  })
})

describe('the steps of a span', () => {
  test.each([
    [{ seconds: 3600, at: 10_000 }, 30, { start: 6400, end: 10_000, step: 30 }],
    [{ seconds: 100, at: 1000 }, 30, { start: 910, end: 1000, step: 30 }],
    [{ seconds: 5, at: 1000 }, 15, { start: 1000, end: 1000, step: 15 }],
  ])('of %j every %d s end at its instant', (span, step, steps) => {
    expect(stepsOf(span, step)).toEqual(steps)
  })
})

describe('one end’s calls', () => {
  const cart = { namespace: 'shop-core', name: 'cart' } as const
  const asked = (
    end: SeriesQuestion['end'],
    by: SeriesQuestion['by'] = [],
    scope = everything,
    reporter = 'source' as const,
  ) => promqlOf({ ask: 'series-requests', by, reporter, ...(end === undefined ? {} : { end }) }, scope)

  test.each([
    [
      'workload',
      'inbound',
      '{reporter="source",destination_workload_namespace="shop-core",destination_workload="cart"}',
    ],
    ['workload', 'outbound', '{reporter="source",source_workload_namespace="shop-core",source_workload="cart"}'],
    [
      'service',
      'inbound',
      '{reporter="source",destination_service_namespace="shop-core",destination_service_name="cart"}',
    ],
    [
      'app',
      'inbound',
      '{reporter="source",destination_workload_namespace="shop-core",destination_canonical_service="cart"}',
    ],
    ['app', 'outbound', '{reporter="source",source_workload_namespace="shop-core",source_canonical_service="cart"}'],
  ] as const)('%s, %s', (kind, direction, selector) => {
    expect(asked({ kind, direction, ...cart })).toContain(`rate(istio_requests_total${selector}[60s])`)
  })

  test('an app is found as nodes are named: by its app label, or its workload’s name, where nothing better is told', () => {
    const promql = asked({ kind: 'app', direction: 'inbound', ...cart })
    expect(promql).toContain('destination_canonical_service=~"unknown|",destination_app="cart"}')
    expect(promql).toContain(
      'destination_canonical_service=~"unknown|",destination_app=~"unknown|",destination_workload="cart"}',
    )
  })

  test('a service’s outbound calls are those of the workloads that its calls arrive at', () => {
    const promql = asked({ kind: 'service', direction: 'outbound', ...cart })
    expect(promql).toContain('{reporter="source",source_workload_namespace="shop-core"}')
    expect(promql).toContain('and on (source_workload_namespace, source_workload)')
    expect(promql).toMatch(/destination_service_namespace="shop-core",destination_service_name="cart"/)
  })

  test.each([
    ['inbound', 'peer', 'source_workload_namespace, source_workload'],
    [
      'outbound',
      'peer',
      'destination_workload_namespace, destination_workload, destination_service_namespace, destination_service_name',
    ],
    ['inbound', 'version', 'destination_canonical_revision'],
    ['outbound', 'version', 'source_canonical_revision'],
    ['inbound', 'mtls', 'connection_security_policy'],
  ] as const)('%s split by %s', (direction, by, labels) => {
    const promql = asked({ kind: 'workload', direction, ...cart }, [by])
    expect(promql.startsWith(`sum by (${labels}) (`)).toBe(true)
  })

  test('split by mTLS the callee’s report goes first, since the caller’s does not know', () => {
    const promql = promqlOf({ ask: 'series-requests', by: ['mtls'], reporter: 'auto' })
    const [first = '', last = ''] = promql.split(' unless on ').map((part) => part)
    expect(first).toContain('reporter="source"')
    expect(last).not.toContain('reporter="source"')
  })

  test.each(['inbound', 'outbound'] as const)(
    'an end outside what a member may see is never matched on where its names are hidden: %s',
    (direction) => {
      const member: Scope = { namespaces: ['mine'], peers: 'namespace', seesAll: false, matchers: [] }
      for (const kind of ['service', 'workload', 'app'] as const) {
        const promql = promqlOf(
          {
            ask: 'series-requests',
            by: [],
            reporter: 'auto',
            end: { kind, namespace: 'theirs', name: 'secret', direction },
          },
          member,
        )
        const hidden =
          direction === 'inbound'
            ? /destination_workload_namespace!~"mine",destination_service_namespace!~"mine"[^}]*secret/
            : /source_workload_namespace!~"mine"[^}]*source_workload[^}]*secret/
        expect(promql).not.toMatch(hidden)
      }
    },
  )

  test('hostile names stay inside their literals', () => {
    const name = 'a"} or vector(1) #\\\n'
    expect(asked({ kind: 'workload', direction: 'inbound', namespace: 'shop-core', name })).toContain(
      'destination_workload="a\\"} or vector(1) #\\\\\\n"}',
    )
  })
})
