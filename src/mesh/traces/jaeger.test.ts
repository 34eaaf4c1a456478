import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeJaeger } from './jaeger.ts'
import { inOrder } from './order.ts'
import { errorsFirst, type Span, summaryOf } from './trace.ts'

/** `npm run test:jaeger` made them. */
const recorded = (name: string): unknown =>
  (JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as { readonly body: unknown })
    .body

test('what a real Jaeger answered is read: failed requests of productpage', () => {
  const { traces, skipped } = decodeJaeger(recorded('failed'))
  expect(skipped).toEqual([])
  expect(traces).toHaveLength(3)
  for (const { spans } of traces) {
    const [first] = spans
    expect(first).toMatchObject({
      service: 'istio-ingressgateway.istio-ingress',
      kind: 'client',
      namespace: 'istio-ingress',
    })
    const failed = spans.filter(({ isError }) => isError)
    expect(failed[0]).toMatchObject({
      service: 'productpage.bookinfo',
      status: '503',
      operation: 'reviews.bookinfo.svc.cluster.local:9080/*',
    })
    expect(['UF', 'UH']).toContain(failed[0]?.flags)
    // Parents stand before their children.
    const places = new Map(spans.map(({ id }, index) => [id, index]))
    for (const [index, { parent }] of spans.entries())
      if (parent !== undefined) expect(places.get(parent)).toBeLessThan(index)
  }
})

test('errors and emptiness of Jaeger are no traces', () => {
  for (const name of ['nothing', 'notFound', 'badRequest'])
    expect(decodeJaeger(recorded(name))).toEqual({ traces: [], skipped: [] })
})

test('what is no trace is counted, and the rest is kept', () => {
  const span = (spanID: string, more = {}) => ({
    traceID: 'ab',
    spanID,
    startTime: 5e6,
    duration: 2e6,
    processID: 'p1',
    ...more,
  })
  const answer = {
    data: [
      { traceID: 'ab', spans: [span('1'), { spanID: '2' }, null, span('3', { tags: 'none' })], processes: null },
      { traceID: '../x', spans: [span('1')] },
      { spans: [] },
      { traceID: 'cd' },
    ],
  }
  const { traces, skipped } = decodeJaeger(answer)
  expect(traces.map(({ id, spans, start, duration }) => [id, spans.length, start, duration])).toEqual([['ab', 2, 5, 2]])
  expect(skipped[0]?.count).toBe(4)
  for (const broken of [undefined, null, 3, 'text', [], { data: 'x' }, { data: [3] }])
    expect(decodeJaeger(broken).traces).toEqual([])
})

test('gRPC’s status goes before HTTP’s 200, and a tag of any type is text', () => {
  const tags = [
    { key: 'http.status_code', type: 'int64', value: 200 },
    { key: 'grpc.status_code', type: 'string', value: '14' },
    { key: 'error', type: 'bool', value: true },
    { key: 'response_flags', type: 'string', value: '-' },
  ]
  const spans = [{ traceID: 'ab', spanID: '1', startTime: 1, duration: 1, tags, processID: 'p1' }]
  const processes = { p1: { serviceName: 'payment.shop-core', tags: [] } }
  const [trace] = decodeJaeger({ data: [{ traceID: 'ab', spans, processes }] }).traces
  expect(trace?.spans[0]).toMatchObject({ status: '14', isError: true, namespace: 'shop-core' })
  expect(trace?.spans[0]).not.toHaveProperty('flags')
})

const bare = (id: string, parent: string | undefined, start: number): Span => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  service: 's',
  operation: '',
  start,
  duration: 1,
  isError: false,
  tags: {},
  events: [],
})

test('a parent that is missing, a ring and 50,000 calls deep leave no span out', () => {
  const lost = inOrder([bare('b', 'gone', 2), bare('c', 'b', 3), bare('a', undefined, 1)])
  expect(lost.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  const ring = inOrder([bare('a', 'b', 1), bare('b', 'a', 2), bare('self', 'self', 3)])
  expect(ring.map(({ id }) => id).sort()).toEqual(['a', 'b', 'self'])
  const deep = Array.from({ length: 50_000 }, (_, index) =>
    bare(`${index}`, index === 0 ? undefined : `${index - 1}`, index),
  )
  expect(inOrder(deep.toReversed()).map(({ id }) => id)).toEqual(deep.map(({ id }) => id))
})

test('failed traces come first, then the slowest', () => {
  const one = (id: string, errors: number, duration: number) => ({
    id,
    errors,
    duration,
    start: 1,
    spans: 1,
    blank: 0,
    services: [],
  })
  const order = errorsFirst([one('a', 0, 9), one('b', 1, 2), one('c', 0, 1), one('d', 3, 5)]).map(({ id }) => id)
  expect(order).toEqual(['d', 'b', 'a', 'c'])
})

test('a summary names the services by how often they are in it', () => {
  const trace = decodeJaeger(recorded('search')).traces[0]
  if (trace === undefined) throw new Error('nothing recorded')
  const summary = summaryOf(trace)
  expect(summary.services).toContain('waypoint.travel')
  expect(summary.spans).toBe(trace.spans.length)
  expect(summary.service).toBe('istio-ingressgateway.istio-ingress')
})
