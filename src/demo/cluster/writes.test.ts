import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Listening } from '../launch/listen.ts'
import { personas } from './personas.ts'
import { startCluster } from './server.ts'

let cluster: Listening
beforeAll(async () => {
  cluster = await startCluster({ seed: 1 })
})
afterAll(() => cluster.close())

interface Answered {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & { readonly metadata: Readonly<Record<string, unknown>> }
}

async function ask(
  id: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const token = personas.find((persona) => persona.id === id)?.token ?? ''
  const response = await fetch(cluster.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answered['body'] }
}

const maps = '/api/v1/namespaces/shop-web/configmaps'
const mergePatch = { 'content-type': 'application/merge-patch+json' }
const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop-web/rolebindings'
const binding = (name: string, role: string) => ({
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'shop-members' }],
})

describe('an object', () => {
  it('is made once, changed at its latest version only, and gone after its deletion', async () => {
    const made = await ask('owner', 'POST', maps, { metadata: { name: 'settings' }, data: { a: '1' } })
    expect(made).toMatchObject({ status: 201, body: { kind: 'ConfigMap', data: { a: '1' } } })
    expect(await ask('owner', 'POST', maps, { metadata: { name: 'settings' } })).toMatchObject({
      status: 409,
      body: { reason: 'AlreadyExists' },
    })
    const { resourceVersion } = made.body.metadata
    const next = { metadata: { name: 'settings', resourceVersion }, data: { a: '2' } }
    const changed = await ask('owner', 'PUT', `${maps}/settings`, next)
    expect(changed).toMatchObject({
      status: 200,
      body: { data: { a: '2' }, metadata: { uid: made.body.metadata['uid'] } },
    })
    const late = { ...next, data: { a: '3' } }
    expect(await ask('owner', 'PUT', `${maps}/settings`, late)).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    })
    expect((await ask('owner', 'GET', `${maps}/settings`)).body).toMatchObject({ data: { a: '2' } })
    expect(await ask('owner', 'DELETE', `${maps}/settings`)).toMatchObject({ status: 200, body: { status: 'Success' } })
    expect((await ask('owner', 'GET', `${maps}/settings`)).status).toBe(404)
  })

  it('stays as it is where the change is a dry run, and where nothing differs', async () => {
    const tried = await ask('owner', 'POST', `${maps}?dryRun=All`, { metadata: { name: 'tried' } })
    expect(tried.status).toBe(201)
    expect((await ask('owner', 'GET', `${maps}/tried`)).status).toBe(404)
    const made = await ask('owner', 'POST', maps, { metadata: { name: 'same' }, data: { b: '1' } })
    const again = await ask('owner', 'PATCH', `${maps}/same`, { data: { b: '1' } }, mergePatch)
    expect(again.body.metadata['resourceVersion']).toBe(made.body.metadata['resourceVersion'])
  })

  it.each([
    ['a name that is none', 'POST', maps, { metadata: { name: 'Not A Name' } }, 422],
    ['data that are no texts', 'POST', maps, { metadata: { name: 'numbers' }, data: { a: 1 } }, 400],
    ['another namespace', 'POST', maps, { metadata: { name: 'a', namespace: 'bookinfo' } }, 400],
    ['another kind', 'POST', maps, { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'a' } }, 400],
    ['a namespace that is not there', 'POST', '/api/v1/namespaces/none/configmaps', { metadata: { name: 'a' } }, 404],
    ['a patch of nothing', 'PATCH', `${maps}/none`, {}, 404],
  ])('with %s is refused', async (_, method, path, body, status) => {
    const answer = await ask('owner', method, path, body, method === 'PATCH' ? mergePatch : {})
    expect(answer).toMatchObject({ status, body: { kind: 'Status', code: status } })
  })

  it('takes no patch of another format', async () => {
    expect((await ask('owner', 'PATCH', '/api/v1/namespaces/bookinfo', {})).status).toBe(415)
  })
})

describe('a namespace’s label', () => {
  it('is set and cleared by those who may patch it, and by nobody else', async () => {
    const path = '/api/v1/namespaces/shop-data'
    const set = (value: string | null) => ({ metadata: { labels: { 'istio-injection': value } } })
    expect((await ask('shop-member', 'PATCH', path, set('disabled'), mergePatch)).status).toBe(403)
    const changed = await ask('shop-owner', 'PATCH', path, set('disabled'), mergePatch)
    expect(changed).toMatchObject({ status: 200, body: { metadata: { labels: { 'istio-injection': 'disabled' } } } })
    const cleared = await ask('shop-owner', 'PATCH', path, set(null), mergePatch)
    expect(cleared.body.metadata['labels']).not.toHaveProperty('istio-injection')
    expect((await ask('shop-owner', 'PATCH', path, set('a b'), mergePatch)).status).toBe(422)
    await ask('shop-owner', 'PATCH', path, set('enabled'), mergePatch)
  })
})

describe('rights', () => {
  it('that a binding gives hold at once, and end with it', async () => {
    const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    const graphs = {
      resourceAttributes: { verb: 'get', group: 'meshboard.io', resource: 'graphs', namespace: 'shop-web' },
    }
    const mayNow = async () => (await ask('shop-member', 'POST', review, { spec: graphs })).body['status']
    expect(await mayNow()).toEqual({ allowed: false })
    expect((await ask('shop-owner', 'POST', bindings, binding('g', 'meshboard-graph-viewer'))).status).toBe(201)
    expect(await mayNow()).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by RoleBinding "g/shop-web" of ClusterRole "meshboard-graph-viewer" to Group "shop-members"',
    })
    await ask('shop-owner', 'DELETE', `${bindings}/g`)
    expect(await mayNow()).toEqual({ allowed: false })
  })

  it('are never given by somebody who has them not', async () => {
    const refused = await ask('shop-owner', 'POST', bindings, binding('grab', 'cluster-admin'))
    expect(refused).toMatchObject({ status: 403, body: { reason: 'Forbidden' } })
    expect(refused.body['message']).toContain('is attempting to grant RBAC permissions not currently held')
    expect((await ask('shop-member', 'POST', bindings, binding('grab', 'view'))).status).toBe(403)
    expect((await ask('owner', 'POST', bindings, binding('given', 'cluster-admin'))).status).toBe(201)
  })

  it('of an aggregated role grow with the roles that are labelled for it', async () => {
    const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
    const rules = [{ apiGroups: ['example.org'], resources: ['things'], verbs: ['get'] }]
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }
    expect((await ask('owner', 'POST', roles, { metadata: { name: 'things', labels }, rules })).status).toBe(201)
    expect((await ask('owner', 'GET', `${roles}/view`)).body['rules']).toContainEqual(rules[0])
    await ask('owner', 'DELETE', `${roles}/things`)
    expect((await ask('owner', 'GET', `${roles}/view`)).body['rules']).not.toContainEqual(rules[0])
  })

  it('to ask as somebody else are the owner’s', async () => {
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    const as = { 'impersonate-user': 'samir', 'impersonate-group': 'shop-members' }
    expect(await ask('owner', 'POST', path, {}, as)).toMatchObject({
      status: 201,
      body: { status: { userInfo: { username: 'samir', groups: ['shop-members', 'system:authenticated'] } } },
    })
    expect((await ask('shop-owner', 'POST', path, {}, as)).status).toBe(403)
  })
})

describe('a watch', () => {
  it('tells what comes, changes and goes within its selection, and ends with its time', async () => {
    const { body: list } = await ask('owner', 'GET', maps)
    const query = `watch=1&labelSelector=team%3Da&timeoutSeconds=1&resourceVersion=${String(list.metadata['resourceVersion'])}`
    const token = personas[0]?.token ?? ''
    const watching = fetch(`${cluster.url}${maps}?${query}`, { headers: { authorization: `Bearer ${token}` } })
    const response = await watching
    await ask('owner', 'POST', maps, { metadata: { name: 'seen', labels: { team: 'a' } } })
    await ask('owner', 'POST', maps, { metadata: { name: 'unseen', labels: { team: 'b' } } })
    await ask('owner', 'PATCH', `${maps}/seen`, { data: { c: '1' } }, mergePatch)
    await ask('owner', 'PATCH', `${maps}/seen`, { metadata: { labels: { team: 'b' } } }, mergePatch)
    const events = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { kind: string; metadata: { name: string } } })
    expect(events.map(({ type, object }) => `${type} ${object.kind} ${object.metadata.name}`)).toEqual([
      'ADDED ConfigMap seen',
      'MODIFIED ConfigMap seen',
      'DELETED ConfigMap seen',
    ])
  })

  it('from before what is remembered is told that it is too late', async () => {
    const response = await fetch(`${cluster.url}${maps}?watch=1&timeoutSeconds=1&resourceVersion=7`)
    expect(JSON.parse((await response.text()).trim())).toMatchObject({ type: 'ERROR', object: { code: 410 } })
  })
})
