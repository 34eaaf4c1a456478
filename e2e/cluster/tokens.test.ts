import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT, decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { connectTo } from './api.ts'
import { appForTest } from './app.ts'
import { issuer } from './controlPlane.ts'

const facts = inject('cluster')
const api = connectTo(facts)
const accounts = '/api/v1/namespaces/bookinfo/serviceaccounts'

beforeAll(async () => {
  await api.demand('POST', accounts, { body: { metadata: { name: 'robot' } } })
  await api.demand('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/bookinfo/rolebindings', {
    body: {
      metadata: { name: 'robot-view' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'bookinfo' }],
    },
  })
})

/** A token as `kubectl create token` gets one. */
async function tokenOfRobot(spec: object = {}): Promise<string> {
  const { json } = await api.demand('POST', `${accounts}/robot/token`, { body: { spec } })
  return (json as { readonly status: { readonly token: string } }).status.token
}

/** The same token with other times, signed by `key`. */
async function resigned(token: string, key: KeyObject, { from, to }: { readonly from: number; readonly to: number }) {
  const now = Math.floor(Date.now() / 1000)
  const { kid = '' } = decodeProtectedHeader(token)
  return new SignJWT({ ...decodeJwt(token), iat: now + from, nbf: now + from, exp: now + to })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(key)
}

const own = createPrivateKey(facts.signingKey)

describe('a service account’s token', () => {
  test('is its account, with its namespaces', async () => {
    const app = await appForTest()
    const { user, clusters } = await app.session(await tokenOfRobot())
    expect(user.name).toBe('system:serviceaccount:bookinfo:robot')
    expect(user.groups).toContain('system:serviceaccounts:bookinfo')
    expect(clusters[0]?.capabilities.graph).toMatchObject({
      allowed: false,
      grant: expect.stringContaining('kind: ServiceAccount') as unknown,
    })
  })

  test.each([
    ['that has expired', async () => resigned(await tokenOfRobot(), own, { from: -7200, to: -3600 })],
    ['that is not valid yet', async () => resigned(await tokenOfRobot(), own, { from: 3600, to: 7200 })],
    [
      'that another key has signed',
      async () => {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
        return resigned(await tokenOfRobot(), privateKey, { from: -10, to: 3600 })
      },
    ],
    ['for another audience', () => tokenOfRobot({ audiences: ['https://vault.example.org'] })],
    [
      'of another subject under the old signature',
      async () => {
        const [header = '', payload = '', signature = ''] = (await tokenOfRobot()).split('.')
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
        const forged = { ...claims, sub: 'system:serviceaccount:kube-system:admin' }
        return [header, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.')
      },
    ],
    [
      'that nobody has signed',
      async () => {
        const [, payload = ''] = (await tokenOfRobot()).split('.')
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
      },
    ],
  ])('%s opens nothing', async (_, make) => {
    const app = await appForTest()
    const token = await make()
    for (const path of [
      '/api/session',
      '/api/clusters/real/namespaces',
      '/api/clusters/real/telemetry/requests?window=5m',
      '/api/clusters/real/kubernetes/api/v1/namespaces/bookinfo/pods',
      '/api/clusters/real/prometheus/api/v1/query?query=up',
    ]) {
      expect((await app.ask(token, path)).status, path).toBe(401)
    }
    expect(app.queries).toEqual([])
  })

  test('signed with the cluster’s own key and valid times is taken: the refusals above are about what they say', async () => {
    const app = await appForTest()
    const token = await resigned(await tokenOfRobot(), own, { from: -10, to: 3600 })
    expect(decodeJwt(token).iss).toBe(issuer)
    expect((await app.session(token)).user.name).toBe('system:serviceaccount:bookinfo:robot')
  })

  test('ends with its account', async () => {
    const app = await appForTest()
    await api.demand('POST', accounts, { body: { metadata: { name: 'leaver' } } })
    const { json } = await api.demand('POST', `${accounts}/leaver/token`, { body: { spec: {} } })
    const { token } = (json as { readonly status: { readonly token: string } }).status
    expect((await app.ask(token, '/api/session')).status).toBe(200)
    await api.demand('DELETE', `${accounts}/leaver`)
    // The API server keeps a good token's answer for ten seconds.
    await expect.poll(async () => (await app.ask(token, '/api/session')).status, { timeout: 30_000 }).toBe(401)
  })
})

describe('what a binding gave', () => {
  test('is gone from the app within 30 s of its end, with the limits that it ships with', async () => {
    const app = await appForTest({})
    const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/legacy/rolebindings'
    await api.demand('POST', bindings, {
      body: {
        metadata: { name: 'ada-view' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team-ada' }],
      },
    })
    const pods = '/api/clusters/real/kubernetes/api/v1/namespaces/legacy/pods?limit=1'
    await expect.poll(async () => (await app.ask('ada', pods)).status, { timeout: 20_000 }).toBe(200)
    let asked = 0
    // A window of its own each time: no answer that is kept for the very same question can stand in for asking.
    const isAsked = async (): Promise<boolean> => {
      const before = app.queries.length
      asked += 1
      await app.ask('ada', `/api/clusters/real/telemetry/requests?window=${300 + asked}s&namespaces=legacy`)
      return app.queries.length > before
    }
    await expect.poll(isAsked, { timeout: 40_000, interval: 500 }).toBe(true)
    await api.demand('DELETE', `${bindings}/ada-view`)
    const ended = Date.now()
    await expect.poll(async () => (await app.ask('ada', pods)).status, { timeout: 20_000 }).toBe(403)
    await expect.poll(isAsked, { timeout: 60_000, interval: 500 }).toBe(false)
    expect(Date.now() - ended).toBeLessThan(40_000)
  })
})
