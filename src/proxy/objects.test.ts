import { describe, expect, onTestFinished, test } from 'vitest'

import { fetchObjects } from '../clients/kubernetes/objects.ts'
import { decodeObjects } from '../mesh/config/decode.ts'
import { personas } from '../demo/cluster/personas.ts'
import { startCluster } from '../demo/cluster/server.ts'
import { leanObject } from './leanObject.ts'
import { type Answer, json, misbehaviour, type Received, testProxy, testServer } from './testServer.ts'

const tokenOf = (id: string): string => personas.find((each) => each.id === id)?.token ?? ''

/** The proxy before the demo cluster, with everything that the cluster was asked. */
async function before(persona: string) {
  const cluster = await startCluster({ seed: 7 })
  onTestFinished(() => cluster.close())
  const watched = await testServer((received, response) => {
    void fetch(cluster.url + received.url, {
      method: received.method,
      headers: { authorization: received.headers.authorization ?? '', 'content-type': 'application/json' },
      ...(received.method === 'POST' ? { body: received.body } : {}),
    }).then(async (answer) => {
      // What the cluster does not serve is no JSON: Rancher's API on a plain cluster.
      const body: unknown = await answer.json().catch(() => ({}))
      json(body, answer.status)(received, response)
    })
  })
  const proxy = await testProxy(
    { kubernetes: { url: watched.url, token: tokenOf('owner') } },
    { auth: { mode: 'bearer' } },
  )
  const get = async () => {
    const response = await fetch(`${proxy.url}/api/clusters/blue/objects`, {
      headers: { authorization: `Bearer ${tokenOf(persona)}` },
    })
    return { status: response.status, body: (await response.json()) as Awaited<ReturnType<typeof fetchObjects>> }
  }
  return { get, asked: watched.received }
}

const isList = ({ method, url }: Received): boolean => method === 'GET' && /\/(pods|services|deployments)\b/.test(url)

describe('the objects of the mesh', () => {
  test('an owner gets every kind in every namespace, one list each', async () => {
    const { get, asked } = await before('owner')
    const { status, body } = await get()
    expect(status).toBe(200)
    expect(body.namespaces).toBeNull()
    expect(body.missing).toEqual([])
    const { objects } = decodeObjects(body.lists)
    expect(new Set(objects.workloads?.map(({ namespace }) => namespace))).toContain('istio-system')
    expect(objects.virtualServices?.length).toBeGreaterThan(0)
    expect(asked.filter(isList)).toHaveLength(3)
  })

  test('a member gets the objects of the own namespaces, asked with the own token, and nobody else’s', async () => {
    const { get, asked } = await before('shop-member')
    const { body } = await get()
    expect(body.namespaces).toEqual(['shop-core', 'shop-data', 'shop-web'])
    const { objects } = decodeObjects(body.lists)
    expect(new Set(objects.workloads?.map(({ namespace }) => namespace))).toEqual(
      new Set(['shop-core', 'shop-data', 'shop-web']),
    )
    expect(objects.namespaces?.map(({ name }) => name).sort()).toEqual(['shop-core', 'shop-data', 'shop-web'])
    expect(JSON.stringify(body)).not.toContain('bookinfo')
    const lists = asked.filter(isList)
    expect(lists).toHaveLength(9)
    for (const { url, headers } of lists) {
      expect(url).toMatch(/\/namespaces\/shop-/)
      expect(headers.authorization).toBe(`Bearer ${tokenOf('shop-member')}`)
    }
  })

  test('nobody gets nothing', async () => {
    const { get } = await before('nobody at all')
    expect((await get()).status).toBe(401)
  })

  test('what may not be read is named with its status, and is no empty list', async () => {
    const cluster = await testServer((received, response) => {
      if (received.url === '/apis')
        json({ groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] })(received, response)
      else if (received.url.startsWith('/api/v1/pods')) json({ kind: 'Status', code: 403 }, 403)(received, response)
      else if (received.url.startsWith('/apis/apps/v1/deployments')) {
        const isFirst = !received.url.includes('continue=')
        json(
          isFirst
            ? { items: [{ metadata: { name: 'cart', namespace: 'shop' } }], metadata: { continue: 'next' } }
            : { kind: 'Status', code: 500 },
          isFirst ? 200 : 500,
        )(received, response)
      } else json({ items: [], metadata: {} })(received, response)
    })
    const proxy = await testProxy({ kubernetes: { url: cluster.url } })
    const { lists, missing } = await fetchObjects(proxy.url, 'blue')
    expect(missing).toEqual([
      { kind: 'deployments.apps', status: 500, came: 1 },
      { kind: 'pods', status: 403 },
    ])
    expect(lists.pods).toBeUndefined()
    expect(lists['deployments.apps']).toHaveLength(1)
    expect(lists.services).toEqual([])
    expect(lists['virtualservices.networking.istio.io']).toBeUndefined()
  })

  const failing = json({ kind: 'Status', code: 503 }, 503)

  /** A cluster whose second page of that list fails as often as told. */
  async function failingHalfWay(plural: string, failures: number, failure: Answer = failing) {
    let left = failures
    const cluster = await testServer((received, response) => {
      const { pathname, searchParams } = new URL(received.url, 'http://cluster')
      if (!pathname.endsWith(`/${plural}`)) json({ items: [] })(received, response)
      else if (!searchParams.has('continue'))
        json({ items: [{ metadata: { name: 'a', namespace: 'shop' } }], metadata: { continue: 'next' } })(
          received,
          response,
        )
      else if (left-- > 0) failure(received, response)
      else json({ items: [{ metadata: { name: 'b', namespace: 'shop' } }], metadata: {} })(received, response)
    })
    return fetchObjects((await testProxy({ kubernetes: { url: cluster.url } })).url, 'blue')
  }

  test('a cluster that stumbles over one page is asked for it once more', async () => {
    const { lists, missing } = await failingHalfWay('services', 1)
    expect(lists.services).toHaveLength(2)
    expect(missing).toEqual([])
  })

  test('of a list that fails half-way what came is kept and counted, but never half of pods or policies', async () => {
    const services = await failingHalfWay('services', 2)
    expect(services.lists.services).toHaveLength(1)
    expect(services.missing).toEqual([{ kind: 'services', status: 503, came: 1 }])
    const pods = await failingHalfWay('pods', 2)
    expect(pods.lists.pods).toBeUndefined()
    expect(pods.missing).toEqual([{ kind: 'pods', status: 503 }])
    const policies = await failingHalfWay('peerauthentications', 2)
    expect(policies.lists['peerauthentications.security.istio.io']).toBeUndefined()
    expect(policies.missing).toEqual([{ kind: 'peerauthentications.security.istio.io', status: 503 }])
  })

  test.each([
    ['a connection that breaks off', misbehaviour.cutOff],
    ['a gateway’s own page', misbehaviour.html500],
  ])('%s in the middle of one list is that list’s matter alone, and is tried once more', async (_, failure) => {
    const { lists, missing } = await failingHalfWay('services', 2, failure)
    expect(lists.services).toHaveLength(1)
    expect(lists['virtualservices.networking.istio.io'] ?? lists.pods).toEqual([])
    expect(missing).toEqual([{ kind: 'services', status: 502, came: 1 }])
    expect((await failingHalfWay('services', 1, failure)).lists.services).toHaveLength(2)
  })

  test('each page of a list has its second try', async () => {
    const stumbled = new Set<string>()
    const cluster = await testServer((received, response) => {
      const { pathname, searchParams } = new URL(received.url, 'http://cluster')
      const page = Number(searchParams.get('continue') ?? '0')
      if (!pathname.endsWith('/services')) json({ items: [] })(received, response)
      else if (page > 0 && !stumbled.has(`${page}`)) {
        stumbled.add(`${page}`)
        failing(received, response)
      } else {
        const metadata = page < 2 ? { continue: `${page + 1}` } : {}
        json({ items: [{ metadata: { name: `s${page}`, namespace: 'shop' } }], metadata })(received, response)
      }
    })
    const { lists, missing } = await fetchObjects((await testProxy({ kubernetes: { url: cluster.url } })).url, 'blue')
    expect(lists.services).toHaveLength(3)
    expect(missing).toEqual([])
  })

  test('a list whose token expires half-way is read again in one piece', async () => {
    const cluster = await testServer((received, response) => {
      if (!received.url.startsWith('/api/v1/pods')) {
        json({ items: [] })(received, response)
        return
      }
      const { searchParams } = new URL(received.url, 'http://cluster')
      if (searchParams.has('continue')) {
        json({ kind: 'Status', code: 410 }, 410)(received, response)
        return
      }
      const whole = !searchParams.has('limit')
      const names = whole ? ['a', 'b'] : ['a']
      json({
        items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })),
        metadata: whole ? {} : { continue: 'old' },
      })(received, response)
    })
    const proxy = await testProxy({ kubernetes: { url: cluster.url } })
    const { lists } = await fetchObjects(proxy.url, 'blue')
    expect(lists.pods).toHaveLength(2)
  })
})

test('an object is sent without managed fields, volumes and environment variables', () => {
  const container = { name: 'cart', image: 'cart:1', env: [{ name: 'PASSWORD', value: 's3cret' }], volumeMounts: [{}] }
  const proxy = { name: 'istio-proxy', env: [{ name: 'ISTIO_META_CLUSTER_ID', value: 'east' }] }
  const spec = { nodeName: 'n1', containers: [container, proxy], volumes: [{ name: 'token' }] }
  const metadata = {
    name: 'cart',
    labels: { app: 'cart' },
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"s3cret":1}', kept: 'yes' },
  }
  const pod = leanObject({ metadata, spec }, 'pods')
  expect(pod).toMatchObject({
    metadata: { name: 'cart', labels: { app: 'cart' }, annotations: { kept: 'yes' } },
    spec: { nodeName: 'n1', containers: [{ name: 'cart', image: 'cart:1' }, proxy] },
  })
  const text = JSON.stringify([
    pod,
    leanObject({ metadata, spec: { replicas: 2, template: { spec } } }, 'deployments.apps'),
  ])
  for (const gone of ['s3cret', 'managedFields', 'volumes', 'volumeMounts']) expect(text).not.toContain(gone)
  expect(text).toContain('"replicas":2')
})

test('of objects whose changes are shown the last write is kept, without the fields it wrote', () => {
  const managedFields = [
    { manager: 'kubectl', time: '2026-01-01T10:00:00Z', fieldsV1: { 'f:spec': {} } },
    { manager: 'argocd', time: '2026-01-02T10:00:00Z', fieldsV1: { 'f:spec': {} } },
    { manager: 'pilot-discovery', time: '2026-01-03T10:00:00Z', subresource: 'status' },
  ]
  const item = { metadata: { name: 'cart', managedFields }, spec: {} }
  expect(leanObject(item, 'virtualservices.networking.istio.io')).toEqual({
    metadata: { name: 'cart', managedFields: [{ manager: 'argocd', time: '2026-01-02T10:00:00.000Z' }] },
    spec: {},
  })
})
