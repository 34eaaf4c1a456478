import { describe, expect, test } from 'vitest'
import { type Action, type Rbac, decide } from '../demo/cluster/rbac.ts'
import { json, testProxy, testServer, vector } from './testServer.ts'

const count = 5000
const nameOf = (index: number): string => `team-${String(index).padStart(4, '0')}`
const own = [nameOf(17), nameOf(2400), nameOf(4999)]

const rights: Rbac = {
  roles: { view: [{ apiGroups: [''], resources: ['pods', 'services', 'namespaces'], verbs: ['get', 'list'] }] },
  bindings: own.map((namespace) => ({ role: 'view', namespace, subjects: [{ kind: 'User', name: 'mara' }] })),
}

/** A cluster of five thousand namespaces, three of them a member's, that counts what it is asked. */
async function hugeCluster() {
  const seen = { reviews: [] as (string | undefined)[] }
  const cluster = await testServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x')
    const isOwn = request.headers.authorization === 'Bearer proxy'
    if (pathname.endsWith('/selfsubjectreviews')) {
      json({ status: { userInfo: { username: 'mara', groups: [] } } }, 201)(request, response)
      return
    }
    if (pathname.endsWith('/selfsubjectaccessreviews')) {
      const { spec } = JSON.parse(request.body) as { spec: { resourceAttributes: Action } }
      seen.reviews.push(spec.resourceAttributes.namespace)
      const status = decide(rights, { name: 'mara', groups: [] }, spec.resourceAttributes)
      json({ status }, 201)(request, response)
      return
    }
    if (pathname === '/api/v1/namespaces' && isOwn) {
      const from = Number(searchParams.get('continue') ?? 0)
      const items = Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
        metadata: {
          name: nameOf(from + index),
          creationTimestamp: '2020-01-01T00:00:00Z',
          annotations: {
            'field.cattle.io/projectId': own.includes(nameOf(from + index)) ? 'c-1:p-own' : `c-1:p-${from}`,
          },
        },
      }))
      const more = from + 500 < count ? { continue: `${from + 500}` } : {}
      json({ items, metadata: more })(request, response)
      return
    }
    if (/\/(services|serviceentries)$/.test(pathname)) {
      json({ items: [], metadata: {} })(request, response)
      return
    }
    json({ kind: 'Status', message: 'forbidden' }, 403)(request, response)
  })
  const prometheus = await testServer(vector())
  const proxy = await testProxy(
    { prometheus: { url: prometheus.url }, kubernetes: { url: cluster.url, token: 'proxy' } },
    { auth: { mode: 'bearer' } },
  )
  const ask = async (query: string) => {
    const headers = { authorization: 'Bearer member' }
    const answer = await fetch(`${proxy.url}/api/clusters/blue/telemetry/requests?${query}`, { headers })
    const { meshboard } = (await answer.json()) as { meshboard: { namespaces: string[]; notes: string[] } }
    return meshboard
  }
  return { seen, ask, prometheus }
}

describe('among thousands of namespaces', () => {
  test('only those that are asked for are reviewed, each once in thirty seconds', async () => {
    const { seen, ask } = await hugeCluster()
    expect((await ask(`namespaces=${own[0]},${nameOf(3)}`)).namespaces).toEqual([own[0]])
    // The metrics everywhere and in both, the graph everywhere and in the own one.
    expect(seen.reviews.map((each) => each ?? 'everywhere').sort()).toEqual(
      ['everywhere', 'everywhere', own[0], own[0], nameOf(3)].sort(),
    )
    await ask(`namespaces=${own[0]},${nameOf(3)}`)
    await Promise.all([ask(`namespaces=${own[0]}`), ask(`namespaces=${nameOf(3)}`)])
    expect(seen.reviews).toHaveLength(5)
  })

  test('a project costs the reviews of its own namespaces', async () => {
    const { seen, ask } = await hugeCluster()
    expect((await ask('project=p-own')).namespaces).toEqual(own)
    expect(seen.reviews).toHaveLength(2 + own.length * 2)
  })

  test('where nothing is named as many are looked at as may be, and it is said', async () => {
    const { seen, ask } = await hugeCluster()
    const { namespaces, notes } = await ask('')
    expect(namespaces).toEqual([own[0]])
    expect(notes).toContain('Only the first 500 of 5000 namespaces were looked at: choose namespaces or a project')
    expect(seen.reviews.length).toBeLessThanOrEqual(500 + 3)
    const before = seen.reviews.length
    await Promise.all([ask(''), ask(`namespaces=${nameOf(20)}`)])
    expect(seen.reviews).toHaveLength(before)
  })

  test('nothing reaches Prometheus for hundreds of names that are nobody’s', async () => {
    const { ask, prometheus } = await hugeCluster()
    const names = Array.from({ length: 600 }, (_, index) => `none-${index}`).join(',')
    expect((await ask(`namespaces=${names}`)).namespaces).toEqual([])
    expect(prometheus.received).toEqual([])
  })
})
