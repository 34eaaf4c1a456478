import { describe, expect, test } from 'vitest'
import { type Answer, json, testProxy, testServer, vector } from './testServer.ts'

const list = (
  ...services: readonly (readonly [namespace: string, name: string, port: number, label?: string])[]
): Answer =>
  json({
    kind: 'ServiceList',
    items: services.map(([namespace, name, port, label]) => ({
      metadata: { namespace, name, ...(label === undefined ? {} : { labels: { 'app.kubernetes.io/name': label } }) },
      spec: { ports: [{ port }] },
    })),
  })
const forbidden = (message: string): Answer =>
  json({ kind: 'Status', status: 'Failure', reason: 'Forbidden', message, code: 403 }, 403)
const noService = json(
  { kind: 'Status', status: 'Failure', reason: 'NotFound', message: 'services not found', code: 404 },
  404,
)
const series = (count: number): Answer => (count === 0 ? vector() : vector({ metric: {}, value: [1, String(count)] }))

/** An API server whose list of Services and whose proxied Services answer so; what is not named is not there. */
async function cluster(services: Answer, proxied: Readonly<Record<string, Answer>>) {
  const kubernetes = await testServer((received, response) => {
    const path = new URL(received.url, 'http://api').pathname
    if (path === '/api/v1/services') {
      services(received, response)
      return
    }
    const name = /^\/api\/v1\/namespaces\/([^/]+)\/services\/([^/]+)\/proxy/.exec(path)
    const answer = name === null ? json({ kind: 'APIVersions' }) : (proxied[`${name[1]}/${name[2]}`] ?? noService)
    answer(received, response)
  })
  const proxy = await testProxy({ kubernetes: { url: kubernetes.url, token: 't' }, prometheus: {} })
  const ready = await proxy.ready()
  const found = ready.upstreams.find(({ upstream }) => upstream === 'prometheus')
  return { kubernetes, proxy, found }
}

describe('Prometheus is found', () => {
  test.each([
    ['istio-system/http:prometheus:9090', 'Istio’s add-on, http:prometheus:9090 in istio-system'],
    [
      'cattle-monitoring-system/http:rancher-monitoring-prometheus:9090',
      'Rancher Monitoring, http:rancher-monitoring-prometheus:9090 in cattle-monitoring-system',
    ],
    ['monitoring/http:kube-prometheus-stack-prometheus:9090', 'kube-prometheus-stack, '],
    ['monitoring/http:prometheus-operated:9090', 'the Prometheus operator, '],
    ['monitoring/http:prometheus-kube-prometheus-prometheus:9090', 'kube-prometheus-stack, '],
    ['monitoring/http:thanos-query:9090', 'Thanos Query, '],
    ['monitoring/http:vmsingle-vmsingle:8428', 'VictoriaMetrics, '],
  ])('at %s, where Services may not be listed', async (place, words) => {
    const { found } = await cluster(forbidden('no list'), { [place]: series(312) })
    expect(found).toMatchObject({ reachable: true, note: expect.stringContaining(words) as string })
    expect(found?.note).toContain('holds 312 Istio series')
  })

  test.each([
    [['metrics', 'my-prometheus-server', 80], 'metrics/http:my-prometheus-server:80'],
    [['obs', 'vmsingle-main', 8429], 'obs/http:vmsingle-main:8429'],
    [['obs', 'vmselect-main', 8481], 'obs/http:vmselect-main:8481'],
    [['obs', 'query', 10902, 'thanos-query'], 'obs/http:query:10902'],
    [['team', 'metrics-store', 9090, 'prometheus'], 'team/http:metrics-store:9090'],
  ] as const)('among all Services: %j', async (service, place) => {
    const { found, kubernetes } = await cluster(list(['shop', 'cart', 9090], service), { [place]: series(7) })
    expect(found).toMatchObject({ reachable: true, note: expect.stringContaining(place.split('/')[1] ?? '') as string })
    expect(kubernetes.received.some(({ url }) => url.includes('cart'))).toBe(false)
  })

  test('below the path that its kind has, whatever its Service is called', async () => {
    const { proxy, kubernetes } = await cluster(list(['obs', 'vmselect-main', 8481]), {
      'obs/http:vmselect-main:8481': series(7),
    })
    await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`)
    expect(kubernetes.received.at(-1)?.url).toContain(
      '/namespaces/obs/services/http:vmselect-main:8481/proxy/select/0/prometheus/api/v1/query',
    )
  })

  test('of several the one that holds the mesh, saying which and why', async () => {
    const { found, proxy, kubernetes } = await cluster(
      list(['istio-system', 'prometheus', 9090], ['cattle-monitoring-system', 'rancher-monitoring-prometheus', 9090]),
      {
        'istio-system/http:prometheus:9090': series(0),
        'cattle-monitoring-system/http:rancher-monitoring-prometheus:9090': series(5000),
      },
    )
    expect(found?.note).toBe(
      'Rancher Monitoring, http:rancher-monitoring-prometheus:9090 in cattle-monitoring-system: holds 5000 Istio series, the most of those found; also there: Istio’s add-on, http:prometheus:9090 in istio-system (0)',
    )
    await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`)
    expect(kubernetes.received.at(-1)?.url).toContain('rancher-monitoring-prometheus:9090/proxy/api/v1/query')
  })

  test('by GET, which is one permission less, unless the question is too long for a URL', async () => {
    const { proxy, kubernetes } = await cluster(list(['istio-system', 'prometheus', 9090]), {
      'istio-system/http:prometheus:9090': series(1),
    })
    expect(new Set(kubernetes.received.map(({ method }) => method))).toEqual(new Set(['GET']))
    const many = Array.from({ length: 400 }, (_, index) => `namespace-number-${index}`).join(',')
    await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls?namespaces=${many}`)
    expect(kubernetes.received.at(-1)?.method).toBe('POST')
  })
})

describe('where none can be asked', () => {
  test('the missing permission is named: verb, resource, name, namespace and how to check it', async () => {
    const { found } = await cluster(list(['istio-system', 'prometheus', 9090]), {
      'istio-system/http:prometheus:9090': forbidden('services "http:prometheus:9090" is forbidden'),
    })
    expect(found?.reachable).toBe(false)
    expect(found?.message).toContain('get services/proxy "http:prometheus:9090" in istio-system')
    expect(found?.hint).toContain(
      'kubectl auth can-i get services/http:prometheus:9090 --subresource=proxy --namespace=istio-system',
    )
  })

  test('what was looked for is said, and how to name one', async () => {
    const { found } = await cluster(list(['shop', 'cart', 80]), {})
    expect(found?.message).toContain('No Prometheus was found')
    expect(found?.hint).toContain('--prometheus-url')
  })

  test('what answers as something else is said', async () => {
    const { found } = await cluster(list(['istio-system', 'prometheus', 9090]), {
      'istio-system/http:prometheus:9090': json({ kind: 'Status', message: 'no endpoints available', code: 503 }, 503),
    })
    expect(found?.message).toContain('no endpoints available')
  })
})
