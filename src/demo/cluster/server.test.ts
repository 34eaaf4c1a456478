import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAll } from '../../clients/kubernetes/list.ts'
import type { KindName } from '../../clients/kubernetes/resources.ts'
import type { Listening } from '../launch/listen.ts'
import { flows } from '../mesh/flows.ts'
import { servedKinds } from './resources.ts'
import { startCluster } from './server.ts'

let cluster: Listening
beforeAll(async () => {
  cluster = await startCluster({ seed: 1 })
})
afterAll(() => cluster.close())

const call = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${cluster.url}${path}`, init)
  const body: unknown = await response.json()
  return { status: response.status, body }
}

const list = async <Kind extends KindName>(kind: Kind, options = {}) =>
  (await listAll({ root: cluster.url }, kind, options)).items

describe('discovery', () => {
  it('says the version and every group', async () => {
    expect((await call('/version')).body).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\./) as unknown,
    })
    expect((await call('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const { body } = await call('/apis')
    const groups = [
      'apps',
      'networking.k8s.io',
      'admissionregistration.k8s.io',
      'rbac.authorization.k8s.io',
      'networking.istio.io',
      'security.istio.io',
      'telemetry.istio.io',
      'gateway.networking.k8s.io',
    ]
    expect(body).toMatchObject({
      kind: 'APIGroupList',
      groups: groups.map((name) => ({ name, preferredVersion: { version: 'v1' } })),
    })
  })

  it('says the resources of every version of every group, and each can be listed', async () => {
    for (const { group, versions, plural, kind, isForbidden } of servedKinds) {
      for (const version of versions) {
        const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
        expect((await call(root)).body, root).toMatchObject({
          kind: 'APIResourceList',
          resources: expect.arrayContaining([expect.objectContaining({ name: plural, kind })]) as unknown,
        })
        const listed = await call(`${root}/${plural}`)
        expect(listed.status, `${root}/${plural}`).toBe(isForbidden ? 403 : 200)
        if (!isForbidden)
          expect(listed.body).toMatchObject({ kind: `${kind}List`, items: expect.any(Array) as unknown })
      }
    }
    expect((await call('/apis/security.istio.io')).body).toMatchObject({ kind: 'APIGroup', name: 'security.istio.io' })
  })
})

describe('objects', () => {
  it('are found by name, in their namespace only, with kind and version', async () => {
    expect((await call('/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews')).body).toMatchObject(
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'reviews', namespace: 'bookinfo' },
      },
    )
    expect((await call('/api/v1/namespaces/shop-core')).body).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'shop-core' },
    })
    expect((await call('/apis/networking.istio.io/v1/namespaces/shop-core/virtualservices/reviews')).status).toBe(404)
  })

  it('are listed without kind and version where they are built in, with both where they are not', async () => {
    const { body: pods } = await call('/api/v1/pods?limit=1')
    expect(pods).toMatchObject({
      kind: 'PodList',
      items: [expect.not.objectContaining({ kind: expect.anything() as unknown })],
    })
    const { body: rules } = await call('/apis/networking.istio.io/v1beta1/destinationrules?limit=1')
    expect(rules).toMatchObject({ items: [{ kind: 'DestinationRule', apiVersion: 'networking.istio.io/v1beta1' }] })
  })

  it('are listed by namespace and by labels', async () => {
    const pods = await list('pods', { namespace: 'bookinfo', labelSelector: 'app=reviews,version in (v1,v3)' })
    expect(pods.map(({ metadata }) => metadata.labels?.['version']).sort()).toEqual(['v1', 'v3'])
    expect(await list('pods', { namespace: 'nowhere' })).toEqual([])
  })

  it('come in pages that add up', async () => {
    const whole = await list('pods')
    const paged = await list('pods', { limit: 7 })
    expect(paged).toEqual(whole)
    expect(whole.length).toBeGreaterThan(50)
    expect((await call('/api/v1/pods?limit=7')).body).toMatchObject({
      metadata: { remainingItemCount: whole.length - 7 },
    })
  })
})

describe('refusals are Status objects', () => {
  const failure = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }

  it.each([
    ['/api/v1/namespaces/bookinfo/pods/nope', 404, 'NotFound', 'pods "nope" not found'],
    [
      '/apis/networking.istio.io/v1/namespaces/bookinfo/gateways/nope',
      404,
      'NotFound',
      'gateways.networking.istio.io "nope" not found',
    ],
    ['/api/v1/nodes', 404, 'NotFound', 'the server could not find the requested resource'],
    [
      '/api/v1/secrets',
      403,
      'Forbidden',
      'secrets is forbidden: User "olivia" cannot list resource "secrets" in API group "" at the cluster scope',
    ],
    [
      '/api/v1/namespaces/shop-core/secrets/x',
      403,
      'Forbidden',
      'secrets "x" is forbidden: User "olivia" cannot get resource "secrets" in API group "" in the namespace "shop-core"',
    ],
    ['/api/v1/pods?labelSelector=a%20b', 400, 'BadRequest', "unable to parse requirement: found 'a b'"],
  ])('%s: %i %s', async (path, code, reason, message) => {
    expect(await call(path)).toEqual({
      status: code,
      body: { ...failure, code, reason, message, ...withDetails(path) },
    })
  })

  const withDetails = (path: string) =>
    path.includes('?labelSelector') ? {} : { details: expect.any(Object) as unknown }

  it.each(['/apis/example.org/v1', '/nowhere', '/api/v1/%E0%A4%A'])(
    'but for %s, which is no API: a plain 404',
    async (path) => {
      const response = await fetch(cluster.url + path)
      expect({ status: response.status, text: await response.text() }).toEqual({
        status: 404,
        text: '404 page not found\n',
      })
    },
  )

  it('for changing what the mesh is made of: 405', async () => {
    expect(await call('/api/v1/namespaces/bookinfo/pods', { method: 'POST', body: '{}' })).toMatchObject({
      status: 405,
      body: { ...failure, reason: 'MethodNotAllowed' },
    })
  })

  it('for a token it does not know: 401', async () => {
    const headers = { authorization: 'Bearer stale' }
    expect(await call('/api/v1/pods', { headers })).toMatchObject({
      status: 401,
      body: { ...failure, code: 401, reason: 'Unauthorized', message: 'Unauthorized' },
    })
    expect((await call('/api/v1/pods?limit=1', { headers: { authorization: 'Bearer demo' } })).status).toBe(200)
  })
})

describe('the demo cluster', () => {
  it('has two Rancher projects, by annotation and label', async () => {
    const marked = (await list('namespaces')).filter(
      ({ metadata }) => metadata.annotations?.['field.cattle.io/projectId'] !== undefined,
    )
    const projects = marked.map(({ metadata }) => [
      metadata.annotations?.['field.cattle.io/projectId'],
      metadata.labels?.['field.cattle.io/projectId'],
    ])
    expect(new Set(projects.map(String))).toEqual(new Set(['c-demo:p-bookinfo,p-bookinfo', 'c-demo:p-shop,p-shop']))
    expect(marked.length).toBe(4)
  })

  it('has namespaces with injection, without, and ambient', async () => {
    const labels = Object.fromEntries(
      (await list('namespaces')).map(({ metadata }) => [metadata.name, metadata.labels]),
    )
    expect(labels['bookinfo']).toMatchObject({ 'istio-injection': 'enabled' })
    expect(labels['legacy']).toMatchObject({ 'istio-injection': 'disabled' })
    expect(labels['travel']).toMatchObject({
      'istio.io/dataplane-mode': 'ambient',
      'istio.io/use-waypoint': 'waypoint',
    })
  })

  it('has a workload scaled to zero and one that waits for a pod', async () => {
    const deployments = await list('deployments.apps')
    const named = (name: string) => deployments.find(({ metadata }) => metadata.name === name)
    expect(named('legacy-reports')?.spec?.replicas).toBe(0)
    expect(named('legacy-reports')?.status?.replicas).toBeUndefined()
    expect(named('billing')).toMatchObject({
      spec: { replicas: 2 },
      status: { readyReplicas: 1, unavailableReplicas: 1 },
    })
    expect((await list('pods', { namespace: 'legacy' })).map(({ status }) => status?.phase).sort()).toEqual([
      'Pending',
      'Running',
      'Running',
    ])
  })

  it('runs a proxy in every pod of the mesh and in no other', async () => {
    for (const { metadata, spec } of await list('pods')) {
      const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name }) => name)
      const isMeshed = ['bookinfo', 'shop-web', 'shop-core', 'shop-data', 'istio-ingress'].includes(
        metadata.namespace ?? '',
      )
      if (isMeshed) expect(containers, metadata.name).toContain('istio-proxy')
      if (metadata.namespace === 'legacy' || metadata.namespace === 'ingress-nginx')
        expect(containers, metadata.name).not.toContain('istio-proxy')
    }
  })

  it('has a Service behind every name that traffic inside the cluster uses', async () => {
    const services = new Set(
      (await list('services')).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
    )
    for (const { service } of flows.filter(({ destination }) => destination))
      expect(services).toContain(`${service.namespace}/${service.name}`)
  })

  it('has pods behind every Service that traffic uses, in telemetry’s own names', async () => {
    const pods = await list('pods')
    for (const service of await list('services')) {
      const selector = Object.entries(service.spec?.selector ?? {})
      const isUsed = flows.some(
        (flow) =>
          flow.destination &&
          flow.service.namespace === service.metadata.namespace &&
          flow.service.name === service.metadata.name,
      )
      const behind = pods.filter(
        ({ metadata }) =>
          metadata.namespace === service.metadata.namespace &&
          selector.every(([name, value]) => metadata.labels?.[name] === value),
      )
      if (isUsed) expect(behind.length, service.metadata.name).toBeGreaterThan(0)
    }
  })

  it('declares the canary’s weights as traffic has them', async () => {
    const reviews = (await list('virtualservices.networking.istio.io')).find(
      ({ metadata }) => metadata.name === 'reviews',
    )
    expect(reviews?.spec?.http?.[0]?.route?.map(({ weight }) => weight)).toEqual([60, 28, 12])
  })

  it('is broken on purpose: a missing subset, weights of 90, a gateway without pods, a missing host', async () => {
    const routes = (await list('virtualservices.networking.istio.io')).flatMap(({ metadata, spec }) =>
      (spec?.http ?? []).map(({ route = [] }) => ({ namespace: metadata.namespace, route })),
    )
    const rules = await list('destinationrules.networking.istio.io')
    const subsets = new Set(
      rules.flatMap(({ spec }) => (spec?.subsets ?? []).map(({ name }) => `${spec?.host ?? ''}/${name}`)),
    )
    const missing = routes
      .flatMap(({ route }) => route)
      .filter(({ destination: { host, subset } }) => subset !== undefined && !subsets.has(`${host}/${subset}`))
    expect(missing.map(({ destination }) => destination)).toEqual([{ host: 'details', subset: 'v2' }])
    const sums = routes
      .filter(({ route }) => route.some(({ weight }) => weight !== undefined))
      .map(({ route }) => route.reduce((sum, { weight = 0 }) => sum + weight, 0))
    expect(sums.filter((sum) => sum !== 100)).toEqual([90])
    const services = new Set(
      (await list('services')).flatMap(({ metadata: { namespace = '', name } }) => [
        `${namespace}/${name}`,
        `${name}.${namespace}.svc.cluster.local`,
      ]),
    )
    const hosts = routes.flatMap(({ namespace, route }) =>
      route.map(({ destination: { host } }) => (host.includes('.') ? host : `${namespace ?? ''}/${host}`)),
    )
    expect(hosts.filter((host) => !services.has(host) && !host.endsWith('.example'))).toEqual([
      'promotions.shop-core.svc.cluster.local',
    ])
    const pods = await list('pods')
    const unserved = (await list('gateways.networking.istio.io')).filter(
      ({ spec }) =>
        !pods.some(({ metadata }) =>
          Object.entries(spec?.selector ?? {}).every(([name, value]) => metadata.labels?.[name] === value),
        ),
    )
    expect(unserved.map(({ metadata }) => metadata.name)).toEqual(['partner-gateway'])
  })

  it('has the waypoint’s Gateway and every other kind of policy', async () => {
    expect((await list('gateways.gateway.networking.k8s.io')).map(({ spec }) => spec?.gatewayClassName)).toEqual([
      'istio-waypoint',
    ])
    for (const kind of [
      'peerauthentications.security.istio.io',
      'authorizationpolicies.security.istio.io',
      'requestauthentications.security.istio.io',
      'serviceentries.networking.istio.io',
      'sidecars.networking.istio.io',
      'telemetries.telemetry.istio.io',
      'ingresses.networking.k8s.io',
    ] as const) {
      expect((await list(kind)).length, kind).toBeGreaterThan(0)
    }
  })
})
