import { describe, expect, it } from 'vitest'
import { type InstantQuestion, queriesFor } from './queries.ts'
import type { Scope, Window } from './scope.ts'

const window: Window = { seconds: 600, at: 0 }
const everything: Scope = { namespaces: 'all', peers: 'full', seesAll: true, matchers: [] }
const scope = (namespaces: readonly string[], rest: Partial<Scope> = {}): Scope => ({
  ...everything,
  namespaces,
  ...rest,
})

/** The selectors of an expression, `{...}` each, without the reporter. */
function selectorsOf(promql: string): readonly string[] {
  return [...promql.matchAll(/\{(.*?)\}\[/gs)].map(([, inside]) => (inside ?? '').replace(/^reporter[^,]*,?/, ''))
}

function promqlOf(question: InstantQuestion, of: Scope, name: string): string {
  const query = queriesFor(question, of, window).find((each) => each.name === name)
  if (query === undefined) throw new Error(`no query ${name}`)
  return query.promql
}

const requests: InstantQuestion = { ask: 'requests' }

const questions: readonly [InstantQuestion, readonly string[]][] = [
  [requests, ['requests-source', 'requests-destination']],
  [{ ask: 'tcp', direction: 'sent' }, ['tcp-sent-source', 'tcp-sent-destination', 'tcp-failed-source']],
  [{ ask: 'tcp', direction: 'received' }, ['tcp-received-source', 'tcp-received-destination', 'tcp-failed-source']],
  [
    { ask: 'tcp', direction: 'total' },
    ['tcp-sent-source', 'tcp-sent-destination', 'tcp-received-source', 'tcp-received-destination', 'tcp-failed-source'],
  ],
  [{ ask: 'grpc-messages', direction: 'sent' }, ['grpc-messages-sent-source', 'grpc-messages-sent-destination']],
  [
    { ask: 'grpc-messages', direction: 'total' },
    [
      'grpc-messages-sent-source',
      'grpc-messages-sent-destination',
      'grpc-messages-received-source',
      'grpc-messages-received-destination',
    ],
  ],
  [{ ask: 'response-time', statistic: 'p95' }, ['response-time-p95-source', 'response-time-p95-destination']],
  [
    { ask: 'response-time', statistic: 'avg', level: 'app' },
    ['response-time-avg-source', 'response-time-avg-destination'],
  ],
  [{ ask: 'throughput', direction: 'request' }, ['throughput-request-source', 'throughput-request-destination']],
  [{ ask: 'operations' }, ['operations-destination']],
  [{ ask: 'mtls' }, ['mtls-requests-destination', 'mtls-tcp-sent-destination', 'mtls-tcp-received-destination']],
]

describe('plaintext', () => {
  const asked = (seconds: number, of = everything) => queriesFor({ ask: 'plaintext' }, of, { seconds, at: 0 })

  it('reads only series that are not under mTLS, at two hundred instants at most, as the callee’s side tells', () => {
    const [requests, tcp] = asked(86_400)
    expect(requests?.promql).toBe(
      'max by (reporter, source_cluster, source_workload_namespace, source_workload, destination_cluster, destination_workload_namespace, destination_workload, request_protocol) (max_over_time((timestamp(istio_requests_total{reporter=~"destination|waypoint",connection_security_policy!~"mutual_tls|"}) and rate(istio_requests_total{reporter=~"destination|waypoint",connection_security_policy!~"mutual_tls|"}[1020s]) > 0)[86400s:480s]))',
    )
    expect(tcp?.promql).toContain('istio_tcp_received_bytes_total')
  })

  it('never looks closer than a minute, and an empty scope asks nothing', () => {
    expect(asked(300)[0]?.promql).toContain('[300s:60s]')
    expect(asked(300, scope([]))).toEqual([])
  })

  it('a member is not told who sends from elsewhere', () => {
    const promql = asked(300, scope(['a'], { seesAll: false, peers: 'hide' }))
      .map((each) => each.promql)
      .join()
    const parts = promql.split('max by (').filter((part) => part.includes('source_workload_namespace!~"a"'))
    expect(parts.length).toBeGreaterThan(0)
    for (const part of parts) expect(part.slice(0, part.indexOf(')'))).not.toContain('source')
  })
})

describe('operations', () => {
  const asked = (of: Scope) => promqlOf({ ask: 'operations' }, of, 'operations-destination')

  it('are asked of the callee’s side, with what is not classified, so that shares are of all', () => {
    expect(asked(everything)).toBe(
      'sum by (reporter, source_cluster, source_workload_namespace, source_workload, destination_cluster, destination_workload_namespace, destination_workload, destination_service, destination_service_name, destination_service_namespace, request_operation, request_protocol, response_code, grpc_response_status) (rate(istio_requests_total{reporter=~"destination|waypoint"}[600s])) > 0',
    )
  })

  it('of a callee that a member may not see are nobody’s to ask', () => {
    for (const peers of ['hide', 'namespace'] as const) {
      const promql = asked(scope(['a'], { seesAll: false, peers }))
      const parts = promql.split(' or ').filter((part) => part.includes('request_operation'))
      expect(parts.length).toBeGreaterThan(0)
      for (const part of parts) expect(part).toContain('destination_workload_namespace=~"a"')
    }
  })
})

describe('contracts page, "Slices, for scope S"', () => {
  const S = '=~"a|b"'
  const notS = '!~"a|b"'

  it.each([
    ['source', `source_workload_namespace${S}`],
    ['source', `source_workload_namespace${notS},destination_workload_namespace${S}`],
    [
      'source',
      `source_workload_namespace${notS},destination_workload_namespace${notS},destination_workload=~"unknown|",destination_service_namespace${S}`,
    ],
    [
      'source',
      `source_workload_namespace${notS},destination_workload_namespace${notS},destination_workload=~"unknown|",destination_service_namespace="unknown",destination_service=~"[^.]+\\\\.(a|b)\\\\.svc(\\\\..*)?"`,
    ],
    ['destination', `destination_workload_namespace${S}`],
    ['destination', `source_workload_namespace${S},destination_workload_namespace${notS}`],
    // "A call touches S by the service's namespace only when no workload was reached": of ambient callers only the waypoint tells.
    [
      'destination',
      `source_workload_namespace${notS},destination_workload_namespace${notS},destination_workload=~"unknown|",destination_service_namespace${S}`,
    ],
  ])('reporter %s: %s', (side, slice) => {
    expect(selectorsOf(promqlOf(requests, scope(['b', 'a', 'a']), `requests-${side}`))).toContain(slice)
  })

  it('has no other slices, and none of them when S is everything', () => {
    const listed = queriesFor(requests, scope(['a', 'b']), window)
    expect(listed.map(({ promql }) => selectorsOf(promql).length)).toEqual([4, 3])
    expect(queriesFor(requests, everything, window).map(({ promql }) => selectorsOf(promql))).toEqual([[''], ['']])
  })

  it('the fourth only for viewers of every namespace', () => {
    const sources = selectorsOf(promqlOf(requests, scope(['a'], { seesAll: false }), 'requests-source'))
    expect(sources).toHaveLength(3)
    expect(sources.join()).not.toContain('destination_service_namespace="unknown"')
  })

  it('a member is told of undelivered calls only where the host itself stands in the namespace', () => {
    const sources = selectorsOf(promqlOf(requests, scope(['a'], { seesAll: false }), 'requests-source'))
    expect(sources[2]).toContain(
      'destination_service_namespace=~"a",destination_service=~"[^.]+\\\\.(a)\\\\.svc(\\\\..*)?"',
    )
  })

  it('each part ends in `> 0` (idle edges aside)', () => {
    const ends = (promql: string): number => promql.split(' > 0').length - 1
    for (const [question] of questions) {
      for (const { promql } of queriesFor(question, scope(['a']), window)) {
        // Several selectors may stand in one part.
        const parts = promql.split(' or ').filter((part) => !part.startsWith('rate(')).length
        expect([question.ask, ends(promql)]).toEqual([question.ask, parts])
      }
    }
    expect(ends(promqlOf({ ask: 'requests', withIdle: true }, scope(['a']), 'requests-source'))).toBe(0)
  })

  it.each([
    ['no namespaces', []],
    ['the namespaces `unknown` and the empty name, which are nobody’s', ['unknown', '']],
  ])('an empty S never reaches Prometheus: %s', (_what, namespaces) => {
    for (const [question] of questions) expect(queriesFor(question, scope(namespaces), window)).toEqual([])
  })
})

describe('the questions', () => {
  it.each(questions)('%j takes a constant number of queries for any number of namespaces', (question, names) => {
    const many = Array.from({ length: 200 }, (_, index) => `n${index}`)
    for (const of of [everything, scope(['a']), scope(many)]) {
      expect(queriesFor(question, of, window).map(({ name }) => name)).toEqual(names)
    }
  })

  it('name the reporter, the window and every extra matcher in every selector, escaped', () => {
    const matchers = [{ label: 'mesh_id', op: '=', value: 'x"} or up{a="' }] as const
    for (const [question] of questions) {
      for (const { promql } of queriesFor(question, scope(['a'], { matchers }), window)) {
        const selectors = promql.match(
          /istio_[a-z_]+\{reporter(="source"|=~"destination\|waypoint"),mesh_id="x\\"} or up\{a=\\""/g,
        )
        expect(selectors).toHaveLength(promql.split('[600s]').length - 1)
        expect(promql).toMatch(/sum by \((le, )?reporter,/)
      }
    }
  })

  it('TCP words are the caller’s: sent is client to server (istio_tcp_received_bytes_total), received is server to client', () => {
    expect(promqlOf({ ask: 'tcp', direction: 'sent' }, everything, 'tcp-sent-source')).toContain(
      'istio_tcp_received_bytes_total',
    )
    expect(promqlOf({ ask: 'tcp', direction: 'received' }, everything, 'tcp-received-source')).toContain(
      'istio_tcp_sent_bytes_total',
    )
  })

  it('connections that came to nothing are asked of the counter of closed ones, by the flags that say so', () => {
    expect(promqlOf({ ask: 'tcp', direction: 'sent' }, everything, 'tcp-failed-source')).toMatch(
      /istio_tcp_connections_closed_total\{reporter="source",response_flags=~"\(\.\*,\)\?\(UF\|UH\|CONNECT\)\(,\.\*\)\?"\}/,
    )
  })

  it('ask response times by app where both apps are told, by workload where not, each call once', () => {
    const [told, untold] = ['!~"unknown|"', '=~"unknown|"']
    const promql = promqlOf(
      { ask: 'response-time', statistic: 'p95', level: 'app' },
      everything,
      'response-time-p95-source',
    )
    expect(selectorsOf(promql)).toEqual([
      `source_canonical_service${told},destination_canonical_service${told}`,
      `source_canonical_service${untold}`,
      `source_canonical_service${told},destination_canonical_service${untold}`,
    ])
    const by = [...promql.matchAll(/sum by \(([^)]*)\)/g)].map(([, labels]) => labels ?? '')
    expect(by.map((labels) => labels.includes('destination_workload,'))).toEqual([false, true])
    expect(by.map((labels) => labels.includes('destination_canonical_service'))).toEqual([true, false])
  })

  it('give quantiles of summed buckets, and averages as sum over count, in seconds', () => {
    expect(promqlOf({ ask: 'response-time', statistic: 'p99' }, everything, 'response-time-p99-source')).toMatch(
      /^histogram_quantile\(0\.99, sum by \(le, reporter, .*\) \(rate\(istio_request_duration_milliseconds_bucket\{.*\}\[600s\]\)\)\) \/ 1000 > 0$/,
    )
    expect(promqlOf({ ask: 'response-time', statistic: 'avg' }, everything, 'response-time-avg-source')).toMatch(
      /^sum by \(.*\) \(rate\(istio_request_duration_milliseconds_sum\{.*\}\[600s\]\)\) \/ sum by \(.*\) \(rate\(istio_request_duration_milliseconds_count\{.*\}\[600s\]\)\) \/ 1000 > 0$/,
    )
  })
})

describe('architecture page, "Peers": what a viewer may not see of the other side is not asked for', () => {
  const forbidden = {
    source: /source_(?!workload_namespace)\w+/,
    destination: /destination_(?!workload_namespace|service_namespace)\w+/,
  }
  /** `group by labels → what it is grouped from` for every sum. */
  const sums = (promql: string): readonly { by: string; from: string }[] =>
    [...promql.matchAll(/sum by \(([^)]*)\) \((.*?)\)(?= > 0|, "app"| \/ )/gs)].map(([, by, from]) => ({
      by: by ?? '',
      from: from ?? '',
    }))

  for (const [question] of questions) {
    it.each(['namespace', 'hide'] as const)(`${JSON.stringify(question)} at level %s`, (peers) => {
      for (const { promql } of queriesFor(question, scope(['a'], { peers, seesAll: false }), window)) {
        expect(sums(promql).length).toBeGreaterThan(1)
        for (const { by, from } of sums(promql)) {
          const fromInside = from.includes('source_workload_namespace=~"a"')
          const toInside = from.includes('destination_workload_namespace=~"a"')
          const isUndelivered =
            from.includes('destination_workload=~"unknown|"') && from.includes('destination_service_namespace=~"a"')
          if (!fromInside) expect(by).not.toMatch(forbidden.source)
          if (!toInside && !isUndelivered) expect(by).not.toMatch(forbidden.destination)
          if (peers === 'hide' && !fromInside) expect(by).not.toContain('source_')
          if (peers === 'hide' && !toInside && !isUndelivered) expect(by).not.toContain('destination_')
          // The scraped pod's own label would name the peer whose proxy reports.
          if (!fromInside || (!toInside && !isUndelivered)) expect(by).not.toMatch(/\bapp\b/)
        }
      }
    })
  }

  it('inbound is then the destination’s or waypoint’s report, outbound and undelivered the source’s', () => {
    const below = scope(['a'], { peers: 'namespace', seesAll: false })
    expect(selectorsOf(promqlOf(requests, below, 'requests-destination'))).toEqual([
      'source_workload_namespace=~"a",destination_workload_namespace=~"a",destination_service_namespace=~"a"',
      'source_workload_namespace=~"a",destination_workload_namespace=~"a",destination_service_namespace!~"a"',
      'source_workload_namespace!~"a",destination_workload_namespace=~"a",destination_service_namespace=~"a"',
      'source_workload_namespace!~"a",destination_workload_namespace=~"a",destination_service_namespace!~"a"',
    ])
    for (const selector of selectorsOf(promqlOf(requests, below, 'requests-source'))) {
      expect(selector).not.toMatch(/source_workload_namespace!~"a",destination_workload_namespace=~/)
    }
  })

  it('a service of another namespace is not named, though a workload inside answers for it', () => {
    const below = scope(['a'], { peers: 'hide', seesAll: false })
    const sums = promqlOf(requests, below, 'requests-destination').split(' or ')
    expect(sums.map((sum) => sum.includes('destination_service_name,'))).toEqual([true, false, true, false])
  })

  it('a host counts for the namespace only where it stands there', () => {
    const hosts = { services: ['cart.a.svc'], entries: ['pay.example.com'] }
    const promql = promqlOf(requests, scope(['a'], { peers: 'hide', seesAll: false, hosts }), 'requests-source')
    const standing = 'destination_service=~"(cart\\\\.a\\\\.svc)(\\\\..*)?|pay\\\\.example\\\\.com"'
    const undelivered = selectorsOf(promql).filter((selector) => selector.includes('destination_workload=~"unknown|"'))
    expect(undelivered.map((selector) => selector.includes(standing))).toEqual([true, false, true])
  })

  it('without any host nothing undelivered is told, and no selector matches the empty host', () => {
    const hosts = { services: [], entries: [''] }
    const promql = promqlOf(requests, scope(['a'], { peers: 'hide', seesAll: false, hosts }), 'requests-source')
    expect(promql).not.toContain('destination_service=')
    expect(selectorsOf(promql)).toHaveLength(5)
  })
})

describe('where one Prometheus holds several clusters', () => {
  const below = scope(['a'], { peers: 'hide', seesAll: false, cluster: 'blue' })

  it('a namespace of the same name in another cluster is somebody else’s', () => {
    const ends = selectorsOf(promqlOf(requests, below, 'requests-destination'))
    expect(ends).toContain(
      'source_workload_namespace=~"a",source_cluster="blue",destination_workload_namespace=~"a",destination_cluster="blue",destination_service_namespace=~"a"',
    )
    expect(ends).toContain(
      'source_workload_namespace=~"a",source_cluster!="blue",destination_workload_namespace=~"a",destination_cluster="blue",destination_service_namespace=~"a"',
    )
    for (const end of ends) expect(end).toContain('destination_cluster="blue"')
  })

  it('and its names are grouped away', () => {
    const sums = promqlOf(requests, below, 'requests-destination').split(' > 0')
    for (const sum of sums.filter((each) => each.includes('source_cluster!='))) {
      expect(/sum by \(([^)]*)\)/.exec(sum)?.[1]).not.toContain('source_')
    }
  })
})
