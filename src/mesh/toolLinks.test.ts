import { expect, test } from 'vitest'
import { carriesSpan, toolLink, type ToolQuestion } from './toolLinks.ts'
import type { ToolName } from './tools.ts'

const past = { from: 1_767_225_600, to: 1_767_226_200, isLive: false }
const live = { ...past, isLive: true }
const workload = { kind: 'workload', namespace: 'shop-core', name: 'cart-v1' } as const
const service = { kind: 'service', namespace: 'bookinfo', name: 'reviews' } as const

/** A link as its path below the base and its decoded words. */
function read(link: string) {
  const url = new URL(link)
  return { path: url.pathname, words: Object.fromEntries(url.searchParams) }
}

test.each<[string, ToolName, ToolQuestion, string, Readonly<Record<string, string>>]>([
  [
    'Kiali’s graph of two namespaces',
    'kiali',
    { subject: { kind: 'graph', namespaces: ['bookinfo', 'shop-web'] }, span: live },
    '/kiali/console/graph/namespaces',
    { namespaces: 'bookinfo,shop-web', duration: '600', graphType: 'versionedApp' },
  ],
  [
    'Kiali’s graph of everything',
    'kiali',
    { subject: { kind: 'graph', namespaces: [] }, span: live },
    '/kiali/console/graph/namespaces',
    { duration: '600', graphType: 'versionedApp' },
  ],
  [
    'Kiali’s workload page',
    'kiali',
    { subject: workload, span: live },
    '/kiali/console/namespaces/shop-core/workloads/cart-v1',
    { duration: '600', tab: 'info' },
  ],
  [
    'Kiali’s app page, for a span that it does not offer the next longer one',
    'kiali',
    { subject: { kind: 'app', namespace: 'bookinfo', name: 'reviews' }, span: { ...live, from: live.to - 700 } },
    '/kiali/console/namespaces/bookinfo/applications/reviews',
    { duration: '1800', tab: 'info' },
  ],
  [
    'Grafana’s service dashboard over a past span, in milliseconds',
    'grafana',
    { subject: service, span: past },
    '/kiali/d/LJ_uJAvmk/istio-service-dashboard',
    { 'var-service': 'reviews.bookinfo.svc.cluster.local', from: '1767225600000', to: '1767226200000' },
  ],
  [
    'Grafana’s workload dashboard over the last ten minutes',
    'grafana',
    { subject: workload, span: live },
    '/kiali/d/UbsSZTDik/istio-workload-dashboard',
    { 'var-namespace': 'shop-core', 'var-workload': 'cart-v1', from: 'now-600s', to: 'now' },
  ],
  [
    'Grafana’s mesh dashboard',
    'grafana',
    { subject: { kind: 'graph', namespaces: [] }, span: live },
    '/kiali/d/G8wLrJIZk/istio-mesh-dashboard',
    { from: 'now-600s', to: 'now' },
  ],
  [
    'Grafana’s Explore with an expression',
    'grafana',
    { subject: service, span: live, promql: 'up{a="b"}' },
    '/kiali/explore',
    {
      left: '{"datasource":"Prometheus","queries":[{"refId":"A","expr":"up{a=\\"b\\"}"}],"range":{"from":"now-600s","to":"now"}}',
    },
  ],
  [
    'Jaeger’s search by service, in microseconds',
    'jaeger',
    { subject: service, span: past },
    '/kiali/search',
    {
      service: 'reviews.bookinfo',
      start: '1767225600000000',
      end: '1767226200000000',
      lookback: 'custom',
      limit: '20',
    },
  ],
  [
    'Prometheus’s graph that ends in the past',
    'prometheus',
    { subject: service, span: past, promql: 'sum(rate(a[1m])) & 1' },
    '/kiali/graph',
    {
      'g0.expr': 'sum(rate(a[1m])) & 1',
      'g0.tab': '0',
      'g0.range_input': '600s',
      'g0.end_input': '2026-01-01 00:10:00',
    },
  ],
])('%s', (_, tool, question, path, words) => {
  expect(read(toolLink(tool, 'https://tools.example.org/kiali/', question))).toEqual({ path, words })
})

test('a base without a slash at its end is a folder all the same', () => {
  expect(read(toolLink('jaeger', 'https://x.example.org/jaeger', { subject: service, span: live })).path).toBe(
    '/jaeger/search',
  )
})

test.each(['a/../../b', '?x=1#y', 'a&duration=1', '\ud800', '"><script>', '%2e%2e/'])(
  'the hostile name %j stays one part of the address',
  (name) => {
    for (const tool of ['kiali', 'grafana', 'jaeger', 'prometheus'] as const) {
      const link = toolLink(tool, 'https://x.example.org/t/', {
        subject: { kind: 'workload', namespace: name, name },
        span: live,
        promql: name,
      })
      const url = new URL(link)
      expect(url.origin).toBe('https://x.example.org')
      expect(url.pathname).toMatch(/^\/t\/(console\/namespaces\/[^/]+\/workloads\/[^/]+|explore|search|graph)$/)
      expect(url.hash).toBe('')
      expect(url.searchParams.getAll('duration').length).toBeLessThanOrEqual(1)
    }
  },
)

test('only Kiali cannot show a span in the past', () => {
  expect(carriesSpan('kiali', past)).toBe(false)
  expect(carriesSpan('kiali', live)).toBe(true)
  expect(carriesSpan('jaeger', past)).toBe(true)
})
