import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { questionParameters, askFacts, askTelemetry } from '../clients/prometheus/telemetry.ts'
import type { InstantQuestion } from '../mesh/queries.ts'
import { queriesFor } from '../mesh/queries.ts'
import { RefusalError } from './errors.ts'
import { readAsked } from './parameters.ts'
import { json, misbehaviour, testProxy, testServer, vector } from './testServer.ts'

const now = 1_700_000_000

async function get(url: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(url)
  return { status: response.status, body: await response.json() }
}

describe('parameters', () => {
  test.each([
    ['requests', '', { question: { ask: 'requests' }, scope: { kind: 'all' }, window: { seconds: 300, at: now } }],
    ['requests', 'idle=true&window=90s', { question: { ask: 'requests', withIdle: true }, window: { seconds: 90 } }],
    [
      'tcp',
      'direction=received&namespaces=b,a,b',
      { question: { ask: 'tcp', direction: 'received' }, scope: { kind: 'namespaces', namespaces: ['a', 'b'] } },
    ],
    ['grpc-messages', 'direction=total&window=1h30m', { question: { direction: 'total' }, window: { seconds: 5400 } }],
    [
      'response-time',
      'statistic=p99&time=1699999999.5',
      { question: { statistic: 'p99' }, window: { at: 1_699_999_999.5 } },
    ],
    ['throughput', 'direction=response', { question: { ask: 'throughput', direction: 'response' } }],
    ['mtls', 'project=c-m-abc:p-x7', { scope: { kind: 'project', project: 'c-m-abc:p-x7' } }],
    ['facts', 'depth=doctor', { question: { ask: 'facts', isDeep: true } }],
    ['facts', 'window=2d', { question: { ask: 'facts' }, window: { seconds: 172_800 } }],
  ])('%s?%s is understood', (question, query, asked) => {
    expect(readAsked(question, new URLSearchParams(query), now)).toMatchObject(asked)
  })

  test.each([
    ['window=5m&window=5m', 'window: given more than once'],
    ['window=5', 'not a duration'],
    ['window=', 'not a duration'],
    ['window=5m3h', 'not a duration'],
    ['window=-5m', 'not a duration'],
    ['window=0s', 'shorter than a second'],
    ['window=32d', 'longer than 31 days'],
    ['window=999999999w', 'longer than 31 days'],
    ['time=yesterday', 'not a time'],
    ['time=1e9', 'not a time'],
    [`time=${now + 3601}`, 'in the future'],
    ['namespaces=', 'an empty name'],
    ['namespaces=a,,b', 'an empty name'],
    ['namespaces=a|b', 'not a namespace'],
    ['namespaces=shop"} or vector(1) or {x="', 'not a namespace'],
    ['namespaces=Shop', 'not a namespace'],
    ['namespaces=unknown', 'does not know'],
    [`namespaces=${'a'.repeat(64)}`, 'not a namespace'],
    ['namespaces=a&project=p', 'exclude each other'],
    ['project=a b', 'not a project'],
    ['direction=sent', 'has no such parameter'],
    ['idle=yes', 'none of true, false'],
    ['query=up', 'has no such parameter'],
  ])('requests?%s is refused with the reason', (query, reason) => {
    const read = (): unknown => readAsked('requests', new URLSearchParams(query), now)
    expect(read).toThrow(RefusalError)
    expect(read).toThrow(reason)
  })

  test('every question that the client can put is read back as it was', () => {
    const direction = fc.constantFrom('sent' as const, 'received' as const, 'total' as const)
    const idle = fc.constantFrom({}, { withIdle: true as const })
    const question: fc.Arbitrary<InstantQuestion> = fc.oneof(
      idle.map((more) => ({ ask: 'requests' as const, ...more })),
      fc.tuple(direction, idle).map(([way, more]) => ({ ask: 'tcp' as const, direction: way, ...more })),
      fc.tuple(direction, idle).map(([way, more]) => ({ ask: 'grpc-messages' as const, direction: way, ...more })),
      fc
        .tuple(
          fc.constantFrom('avg' as const, 'p50' as const, 'p95' as const, 'p99' as const),
          fc.constantFrom({}, { level: 'app' as const }, { level: 'versionedApp' as const }),
        )
        .map(([statistic, level]) => ({ ask: 'response-time' as const, statistic, ...level })),
      fc
        .constantFrom('request' as const, 'response' as const)
        .map((way) => ({ ask: 'throughput' as const, direction: way })),
      fc.constantFrom({ ask: 'mtls' as const }, { ask: 'operations' as const }, { ask: 'plaintext' as const }),
    )
    fc.assert(
      fc.property(question, (asked) => {
        expect(readAsked(asked.ask, new URLSearchParams(questionParameters(asked)), now).question).toEqual(asked)
      }),
    )
  })
})

describe('the telemetry door', () => {
  test('runs the expressions of the question by POST and lays their vectors end to end', async () => {
    const entry = (query: string | null): unknown => ({
      metric: { ran: query, hostile: 'a"b\\c\n🦊' },
      value: [now, '1.5'],
    })
    const prometheus = await testServer((request, response) => {
      vector(entry(new URLSearchParams(request.body).get('query')))(request, response)
    })
    const proxy = await testProxy({
      prometheus: { url: `${prometheus.url}/prefix/`, headers: { 'x-scope-orgid': 'tenant-7' } },
    })
    const place = { base: proxy.url, cluster: 'blue' }
    const scope = { namespaces: ['cart', 'shop'], window: 60, at: now }
    const { samples, queries, ...asked } = await askTelemetry(place, { ask: 'requests' }, scope)

    const expected = queriesFor(
      { ask: 'requests' },
      { namespaces: ['cart', 'shop'], peers: 'full', seesAll: true, matchers: [] },
      { seconds: 60, at: now },
    )
    expect(expected.length).toBeGreaterThan(1)
    expect(queries).toEqual(expected)
    expect(samples.map(({ labels }) => labels['ran'])).toEqual(expected.map(({ promql }) => promql))
    expect(samples[0]).toMatchObject({ labels: { hostile: 'a"b\\c\n🦊' }, value: 1.5 })
    expect(asked).toEqual({ skipped: [], window: 60, time: now, namespaces: ['cart', 'shop'], notes: [], warnings: [] })
    for (const { method, url, headers, body } of prometheus.received) {
      expect([method, url]).toEqual(['POST', '/prefix/api/v1/query'])
      expect(headers).toMatchObject({ 'x-scope-orgid': 'tenant-7', 'cache-control': 'no-store' })
      expect(new URLSearchParams(body).get('time')).toBe(String(now))
    }
  })

  test("a cluster's matcher is part of every expression", async () => {
    const prometheus = await testServer(vector())
    const matchers = [{ label: 'mesh', op: '=' as const, value: 'it"s \\ 7' }]
    const proxy = await testProxy({ prometheus: { url: prometheus.url, matchers } })
    const questions = [
      'requests',
      'tcp',
      'response-time',
      'mtls',
      'operations',
      'plaintext',
      'throughput',
      'grpc-messages',
    ]
    for (const question of questions) {
      await get(`${proxy.url}/api/clusters/blue/telemetry/${question}?namespaces=shop`)
    }
    expect(prometheus.received.length).toBeGreaterThan(6)
    for (const { body } of prometheus.received) {
      const query = new URLSearchParams(body).get('query') ?? ''
      const selectors = query.match(/istio_\w+/g) ?? []
      expect(query.split('mesh="it\\"s \\\\ 7"').length - 1).toBe(selectors.length)
    }
  })

  test('a project is the namespaces that the cluster says are in it', async () => {
    const prometheus = await testServer(vector())
    const namespace = (name: string, project: string): unknown => ({
      metadata: { name, annotations: { 'field.cattle.io/projectId': project } },
    })
    const kubernetes = await testServer((request, response) => {
      const isSecond = request.url.includes('continue=more')
      const items = isSecond
        ? [namespace('apple', 'c-1:p-shop')]
        : [namespace('zebra', 'c-1:p-shop'), namespace('other', 'c-1:p-else'), { metadata: { name: 'bare' } }]
      json({ kind: 'NamespaceList', metadata: isSecond ? {} : { continue: 'more' }, items })(request, response)
    })
    const proxy = await testProxy(
      { prometheus: { url: prometheus.url }, kubernetes: { url: kubernetes.url, token: 'cluster-token' } },
      { limits: { projectsSeconds: 3600 } },
    )
    for (const project of ['p-shop', 'c-1:p-shop']) {
      const { body } = await get(`${proxy.url}/api/clusters/blue/telemetry/mtls?project=${project}`)
      expect(body).toMatchObject({ meshboard: { namespaces: ['apple', 'zebra'] } })
    }
    const lists = kubernetes.received.filter(({ url }) => url.startsWith('/api/v1/namespaces?'))
    expect(lists).toHaveLength(2)
    expect(lists[0]?.headers.authorization).toBe('Bearer cluster-token')

    const asked = prometheus.received.length
    const { body } = await get(`${proxy.url}/api/clusters/blue/telemetry/mtls?project=p-none`)
    expect(body).toMatchObject({
      data: { result: [] },
      meshboard: { queries: [], namespaces: [], notes: ['No namespace of blue belongs to project p-none'] },
    })
    expect(prometheus.received).toHaveLength(asked)
  })

  test.each([
    ['hang', 504, 'upstream_timeout'],
    ['reset', 502, 'upstream_unreachable'],
    ['cutOff', 502, 'upstream_unreachable'],
    ['html', 502, 'upstream_not_json'],
    ['html500', 502, 'upstream_not_json'],
    ['truncated', 502, 'upstream_not_json'],
    ['empty', 502, 'upstream_not_json'],
    ['huge', 502, 'upstream_too_large'],
    ['redirect', 502, 'upstream_redirect'],
  ] as const)('a Prometheus that answers %s is %i %s with a sentence and a hint', async (way, status, code) => {
    const prometheus = await testServer(misbehaviour[way])
    const limits = { upstreamSeconds: way === 'hang' ? 0.2 : 60, answerBytes: 100_000 }
    const proxy = await testProxy({ prometheus: { url: prometheus.url } }, { limits })
    const answer = await get(`${proxy.url}/api/clusters/blue/telemetry/requests`)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({
      error: {
        code,
        message: expect.stringMatching(/Prometheus of blue/) as string,
        hint: expect.any(String) as string,
      },
    })
    expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|s3cret/)
  })

  test.each([
    [
      { status: 'error', errorType: 'execution', error: 'query processing would load too many samples into memory' },
      422,
      502,
      'prometheus_failed',
    ],
    [{ status: 'error', errorType: 'timeout', error: 'query timed out' }, 503, 504, 'prometheus_timeout'],
    [{ message: 'no' }, 401, 502, 'prometheus_credentials'],
    [{ hello: 'world' }, 200, 502, 'upstream_not_prometheus'],
  ])('Prometheus saying %j (%i) is %i %s', async (body, upstreamStatus, status, code) => {
    const prometheus = await testServer(json(body, upstreamStatus))
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    expect(await get(`${proxy.url}/api/clusters/blue/telemetry/requests`)).toMatchObject({
      status,
      body: { error: { code } },
    })
  })

  test('a refused connection says so', async () => {
    const proxy = await testProxy({ prometheus: { url: 'http://127.0.0.1:9' } })
    const { status, body } = await get(`${proxy.url}/api/clusters/blue/telemetry/requests`)
    expect([status, body]).toMatchObject([
      502,
      { error: { code: 'upstream_unreachable', message: expect.stringContaining('cannot be reached') as string } },
    ])
  })

  test('one failed expression fails the answer and ends the others', async () => {
    let closed = 0
    const prometheus = await testServer((request, response) => {
      response.on('close', () => (closed += response.writableFinished ? 0 : 1))
      if (prometheus.received.length === 1)
        setTimeout(() => json({ status: 'error', errorType: 'internal', error: 'boom' }, 500)(request, response), 50)
    })
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const { status } = await get(`${proxy.url}/api/clusters/blue/telemetry/requests?namespaces=shop`)
    expect(status).toBe(502)
    await expect.poll(() => closed).toBe(prometheus.received.length - 1)
    expect(prometheus.received.length).toBeGreaterThan(1)
  })

  test('a client that leaves ends the upstream calls', async () => {
    let closed = 0
    const prometheus = await testServer((_, response) => void response.on('close', () => (closed += 1)))
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const controller = new AbortController()
    const leaving = fetch(`${proxy.url}/api/clusters/blue/telemetry/requests`, { signal: controller.signal }).catch(
      () => 'left',
    )
    await expect.poll(() => prometheus.received.length).toBeGreaterThan(0)
    await sleep(20)
    controller.abort()
    expect(await leaving).toBe('left')
    await expect.poll(() => closed).toBe(prometheus.received.length)
  })

  test.each([
    ['/api/clusters/green/telemetry/requests', 404, 'cluster_unknown'],
    ['/api/clusters/blue/telemetry/constructor', 404, 'question_unknown'],
    ['/api/clusters/blue/telemetry/requests?window=abc', 400, 'parameter_invalid'],
    ['/api/clusters/blue/telemetry/requests?project=p-1', 400, 'projects_unknown'],
    ['/api/nothing', 404, 'not_found'],
  ])('%s is %i %s', async (path, status, code) => {
    const proxy = await testProxy({})
    expect(await get(proxy.url + path)).toMatchObject({ status, body: { error: { code } } })
  })
})

describe('facts', () => {
  test('tells version, retention, reporters, traffic and scrape interval', async () => {
    const prometheus = await testServer((request, response) => {
      const query = new URLSearchParams(request.body).get('query') ?? ''
      if (request.url.includes('buildinfo')) json({ status: 'success', data: { version: '2.42.0' } })(request, response)
      else if (request.url.includes('runtimeinfo'))
        json({ status: 'success', data: { storageRetention: '15d' } })(request, response)
      else if (request.url.includes('/label/reporter/values'))
        json({ status: 'success', data: ['source', 'destination'] })(request, response)
      else if (query.startsWith('topk')) vector({ metric: { pod: 'a"b' }, value: [now, '4'] })(request, response)
      else if (query === 'istio_requests_total{pod="a\\"b"}[300s]') {
        const at = Number(new URLSearchParams(request.body).get('time'))
        // One scrape was missed; in the beginning they came every 15 s.
        const ages = at < now - 3000 ? [0, 15, 30, 45, 60, 75] : [0, 5, 10, 20, 25, 30, 35]
        const values = ages.map((age) => [at - age, '7']).reverse()
        json({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } })(request, response)
      } else vector({ metric: {}, value: [now, '12'] })(request, response)
    })
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const facts = (window: number) => askFacts({ base: proxy.url, cluster: 'blue' }, { window, at: now })
    expect(await facts(3600)).toMatchObject({ scrapeIntervalSeconds: 15 })
    expect(await facts(300)).toMatchObject({
      prometheusVersion: '2.42.0',
      retention: '15d',
      hasIstioMetrics: true,
      hasTraffic: true,
      reporters: ['destination', 'source'],
      scrapeIntervalSeconds: 5,
      asked: { notes: [] },
    })
  })

  test('a server without Istio and without status pages is told apart from one that fails', async () => {
    const prometheus = await testServer((request, response) => {
      if (request.url.includes('status/')) misbehaviour.html(request, response)
      else if (request.url.includes('/label/')) json({ status: 'success', data: [] })(request, response)
      else vector()(request, response)
    })
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const { asked, ...facts } = await askFacts({ base: proxy.url, cluster: 'blue' }, { window: 300 })
    expect(facts).toEqual({ hasIstioMetrics: false, hasTraffic: false, reporters: [] })
    expect(asked.notes).toHaveLength(2)
  })
})
