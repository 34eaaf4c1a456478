import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { personas } from '../../src/demo/cluster/personas.ts'
import {
  type Review,
  graphReview,
  injectionReview,
  metricsReview,
  proxyReview,
  settingsReview,
  toolReview,
} from '../../src/mesh/access.ts'
import { connectTo } from './api.ts'
import { type App, startApp } from './app.ts'

const api = connectTo(inject('cluster'))
let app: App
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const shop = ['shop-core', 'shop-data', 'shop-web']

describe('a persona of the demo, on a real cluster', () => {
  test.each([
    ['owner', null, { graph: true, settings: true }],
    ['shop-owner', shop, { graph: true, settings: false }],
    ['shop-member', shop, { graph: false, settings: false }],
    ['bookinfo-viewer', ['bookinfo'], { graph: false, settings: false }],
  ])('%s sees %o, and has these doors: %o', async (id, namespaces, { graph, settings }) => {
    const { user, clusters } = await app.session(id)
    expect(user.name).toBe(personas.find((persona) => persona.id === id)?.name)
    const [cluster] = clusters
    if (namespaces === null) expect(cluster?.namespaces).toBeNull()
    else expect(cluster?.namespaces).toEqual(namespaces)
    expect(cluster?.capabilities.graph.allowed).toBe(graph)
    expect(cluster?.capabilities.settings.allowed).toBe(settings)
    expect(cluster?.capabilities.metrics.allowed).toBe(true)
  })

  test.each([
    ['owner', '/api/clusters/real/kubernetes/api/v1/pods?limit=1', 200],
    ['shop-member', '/api/clusters/real/kubernetes/api/v1/pods?limit=1', 403],
    ['shop-member', '/api/clusters/real/kubernetes/api/v1/namespaces/shop-web/pods?limit=1', 200],
    ['shop-member', '/api/clusters/real/kubernetes/api/v1/namespaces/bookinfo/pods', 403],
    ['shop-member', '/api/clusters/real/kubernetes/api/v1/namespaces/shop-web/secrets', 404],
    ['owner', '/api/clusters/real/kubernetes/api/v1/namespaces/shop-web/secrets', 404],
    [
      'bookinfo-viewer',
      '/api/clusters/real/kubernetes/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices',
      200,
    ],
    ['bookinfo-viewer', '/api/clusters/real/kubernetes/apis/networking.istio.io/v1/virtualservices', 403],
    ['owner', '/api/clusters/real/prometheus/api/v1/query?query=up', 200],
    ['shop-owner', '/api/clusters/real/prometheus/api/v1/query?query=up', 403],
    ['bookinfo-viewer', '/api/clusters/real/prometheus/api/v1/query?query=up', 403],
  ])('%s at %s: %i', async (id, path, status) => {
    expect((await app.ask(id, path)).status).toBe(status)
  })

  test('has a question narrowed to its own namespaces, and none asked for those of others', async () => {
    const path = '/api/clusters/real/telemetry/requests?window=5m&namespaces='
    const before = app.queries.length
    const others = await app.ask('shop-member', `${path}bookinfo,legacy`)
    expect(others.status).toBe(200)
    expect(app.queries.slice(before)).toEqual([])
    const mixed = await app.ask('shop-member', `${path}bookinfo,shop-web`)
    expect(mixed.status).toBe(200)
    const asked = app.queries.slice(before).join('\n')
    expect(asked).toContain('shop-web')
    expect(asked).not.toContain('bookinfo')
  })
})

describe('the app and `kubectl auth can-i`', () => {
  const kiali = proxyReview('istio-system', 'http:kiali:20001', 'get')
  const jaeger = proxyReview('istio-system', 'http:tracing:80', 'get')
  const reviews: readonly Review[] = [
    metricsReview(),
    ...['shop-web', 'bookinfo', 'istio-system', 'travel'].flatMap((namespace) => [
      metricsReview(namespace),
      graphReview(namespace),
    ]),
    graphReview(),
    settingsReview,
    ...(['kiali', 'jaeger', 'grafana', 'prometheus'] as const).map(toolReview),
    kiali,
    jaeger,
    ...['shop-data', 'bookinfo'].map(injectionReview),
  ]

  // `kubectl auth can-i --as X --as-group Y` is this review by somebody who may impersonate.
  const canI = async (name: string, groups: readonly string[], review: Review): Promise<boolean> => {
    const [resource, subresource] = review.resource.split('/')
    const resourceAttributes = { ...review, resource, subresource }
    const { json } = await api.demand('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      body: { spec: { resourceAttributes } },
      headers: { 'impersonate-user': name, 'impersonate-group': groups[0] ?? '' },
    })
    return (json as { readonly status: { readonly allowed: boolean } }).status.allowed
  }

  test.each(personas)('agree on every door of $label', async ({ id, name, groups }) => {
    const { clusters } = await app.session(id)
    const { capabilities, namespaces } = clusters[0] ?? {}
    const answers = new Map<string, boolean>()
    for (const review of reviews) answers.set(JSON.stringify(review), await canI(name, groups, review))
    const says = (review: Review) => answers.get(JSON.stringify(review))
    expect(capabilities?.settings.allowed).toBe(says(settingsReview))
    expect(namespaces === null).toBe(says(metricsReview()))
    for (const namespace of ['shop-web', 'bookinfo', 'istio-system', 'travel']) {
      expect(namespaces === null || namespaces?.includes(namespace) === true, namespace).toBe(
        says(metricsReview(namespace)),
      )
    }
    const mayGraph =
      says(graphReview()) === true || shop.concat('bookinfo').some((each) => says(graphReview(each)) === true)
    expect(capabilities?.graph.allowed).toBe(mayGraph)
    expect(capabilities?.kiali.allowed).toBe(says(kiali))
    expect(capabilities?.jaeger.allowed).toBe(says(jaeger))
    for (const namespace of ['shop-data', 'bookinfo']) {
      const { json } = await app.ask(id, `/api/clusters/real/namespaces/${namespace}/injection`)
      const door = (json as { readonly door?: { readonly allowed: boolean } }).door
      expect(door?.allowed === true, namespace).toBe(says(injectionReview(namespace)))
    }
  })

  test('agree on a door that a RoleBinding opens for one persona only', async () => {
    const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/bookinfo/rolebindings'
    const binding = {
      metadata: { name: 'can-i' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'meshboard-graph-viewer' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'bruno' }],
    }
    const doors = async () => {
      const { clusters } = await app.session('bookinfo-viewer')
      return [
        clusters[0]?.capabilities.graph.allowed,
        await canI('bruno', ['bookinfo-viewers'], graphReview('bookinfo')),
        await canI('samir', ['shop-members'], graphReview('bookinfo')),
      ]
    }
    expect(await doors()).toEqual([false, false, false])
    await api.demand('POST', bindings, { body: binding })
    await expect.poll(doors, { timeout: 20_000 }).toEqual([true, true, false])
    await api.demand('DELETE', `${bindings}/can-i`)
    await expect.poll(doors, { timeout: 20_000 }).toEqual([false, false, false])
  })
})
