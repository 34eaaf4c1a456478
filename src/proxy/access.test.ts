import { expect, onTestFinished, test } from 'vitest'
import type { AccessSettings, OpenedAccess } from '../clients/settings/wire.ts'
import { meshboardToken } from '../demo/cluster/personas.ts'
import { startCluster } from '../demo/cluster/server.ts'
import type { Audience, Opened } from '../mesh/opening.ts'
import { testProxy } from './testServer.ts'

const owner = 'demo'
const member = 'demo-shop-member-9a27'
const viewer = 'demo-bookinfo-viewer-c3e8'
const nobody: Audience = { everybody: false, subjects: [], holders: [] }

async function demo() {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const proxy = await testProxy(
    { kubernetes: { url: cluster.url, token: meshboardToken } },
    { auth: { mode: 'bearer' }, limits: { reviewSeconds: 0 } },
  )
  const root = `${proxy.url}/api/clusters/blue`
  const as = (token: string, more: Readonly<Record<string, string>> = {}) => ({
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
  })
  const read = async (token = owner) =>
    (await (await fetch(`${root}/settings/access`, as(token))).json()) as AccessSettings
  const of = async (opened: Opened): Promise<OpenedAccess> => {
    const found = (await read()).access.find((each) => each.opened === opened)
    if (found === undefined) throw new Error(`no ${opened}`)
    return found
  }
  const put = (opened: string, body: unknown, token = owner, more = {}) =>
    fetch(`${root}/settings/access/${opened}`, { method: 'PUT', ...as(token, more), body: JSON.stringify(body) })
  const save = async (opened: Opened, audience: Audience) =>
    (await put(opened, { audience, version: (await of(opened)).version })).status
  const may = async (token: string, capability: string) => {
    const answer = await fetch(`${proxy.url}/api/session`, as(token))
    const { clusters } = (await answer.json()) as { clusters: { capabilities: Record<string, { allowed: boolean }> }[] }
    return clusters[0]?.capabilities[capability]?.allowed
  }
  const direct = (path: string, method: string, body: unknown) =>
    fetch(`${cluster.url}/${path}`, { method, ...as(owner), body: JSON.stringify(body) })
  return { read, of, put, save, may, direct }
}

test('Settings show who may, as the cluster has it: what they wrote themselves, and what others did', async () => {
  const { of, read } = await demo()
  expect(await of('kiali')).toMatchObject({
    audience: { everybody: false, subjects: [{ kind: 'Group', name: 'shop-owners' }], holders: [] },
    objects: ['Role meshboard-kiali-viewer in istio-system', 'RoleBinding meshboard-kiali-viewer in istio-system'],
    foreign: [],
  })
  const graph = await of('graph')
  expect(graph.audience).toEqual(nobody)
  expect(graph.foreign).toContain('RoleBinding shop-owners-meshboard-graph-viewer in shop-web: Group shop-owners')

  const asMember = await read(member)
  expect(asMember).toMatchObject({ access: [], mayEdit: false })
  expect(asMember.note).toMatch(/you may not list/)
})

test('what the owner saves opens the door of a member, and taking it back closes it', async () => {
  const { save, may, of } = await demo()
  expect(await may(member, 'kiali')).toBe(false)
  expect(await save('kiali', { ...nobody, subjects: [{ kind: 'User', name: 'samir' }] })).toBe(204)
  expect(await may(member, 'kiali')).toBe(true)
  expect(await may(viewer, 'kiali')).toBe(false)
  expect(await save('kiali', { ...nobody, everybody: true })).toBe(204)
  expect(await may(viewer, 'kiali')).toBe(true)
  expect(await save('kiali', nobody)).toBe(204)
  expect([await may(member, 'kiali'), await may(viewer, 'kiali')]).toEqual([false, false])
  expect((await of('kiali')).objects).toEqual([])
})

test('holders of a role everywhere have the graph by aggregation, holders of a project’s role by name', async () => {
  const { save, may, of } = await demo()
  expect(await save('graph', { ...nobody, holders: [{ role: 'view' }] })).toBe(204)
  expect([await may(member, 'graph'), await may(viewer, 'graph')]).toEqual([true, true])
  expect((await of('graph')).objects).toEqual(['ClusterRole meshboard-graph-of-view'])
  const project = { role: 'edit', project: 'c-demo:p-shop' } as const
  expect(await save('graph', { ...nobody, holders: [project] })).toBe(204)
  expect([await may(member, 'graph'), await may(viewer, 'graph')]).toEqual([true, false])
  expect((await of('graph')).audience.holders).toEqual([project])

  expect(await save('jaeger', { ...nobody, holders: [{ role: 'edit' }] })).toBe(204)
  expect([await may(member, 'jaeger'), await may(viewer, 'jaeger')]).toEqual([true, false])
})

test('a holder who came since is told, and let in when it is saved again', async () => {
  const { save, of, direct, may } = await demo()
  const edits = { ...nobody, holders: [{ role: 'edit' }] } as const
  expect(await save('jaeger', edits)).toBe(204)
  const late = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'late' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: [{ kind: 'User', name: 'bruno', apiGroup: 'rbac.authorization.k8s.io' }],
  }
  const path = 'apis/rbac.authorization.k8s.io/v1/namespaces/bookinfo/rolebindings'
  expect((await direct(path, 'POST', late)).status).toBe(201)
  expect((await of('jaeger')).since).toEqual(['User bruno'])
  expect(await may(viewer, 'jaeger')).toBe(false)
  expect(await save('jaeger', edits)).toBe(204)
  expect(await may(viewer, 'jaeger')).toBe(true)
})

test('of two owners who save at once the second is told, and nothing of the first is lost', async () => {
  const { of, put } = await demo()
  const { version } = await of('kiali')
  const first = { audience: { ...nobody, subjects: [{ kind: 'Group', name: 'first' }] }, version }
  const second = { audience: { ...nobody, subjects: [{ kind: 'Group', name: 'second' }] }, version }
  expect((await put('kiali', first)).status).toBe(204)
  const refused = await put('kiali', second)
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ error: { code: 'settings_conflict' } })
  expect((await of('kiali')).audience.subjects).toEqual([{ kind: 'Group', name: 'first' }])
})

test('a foreign edit of our binding is shown and counts as a change', async () => {
  const { of, put, direct } = await demo()
  const before = await of('kiali')
  const path = 'apis/rbac.authorization.k8s.io/v1/namespaces/istio-system/rolebindings/meshboard-kiali-viewer'
  const subjects = [{ kind: 'User', name: 'eve', apiGroup: 'rbac.authorization.k8s.io' }]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'meshboard-kiali-viewer' }
  const labels = { 'app.kubernetes.io/managed-by': 'meshboard', 'meshboard.io/opens': 'kiali' }
  const edited = { metadata: { name: 'meshboard-kiali-viewer', namespace: 'istio-system', labels }, roleRef, subjects }
  const type = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' }
  expect((await direct(path, 'PUT', { ...type, ...edited })).status).toBe(200)
  expect((await of('kiali')).audience.subjects).toEqual([{ kind: 'User', name: 'eve' }])
  expect((await put('kiali', { audience: nobody, version: before.version })).status).toBe(409)
})

test('nobody but an owner saves, from our own page, in a form that can be read', async () => {
  const { of, put } = await demo()
  const { version, audience } = await of('kiali')
  const good = { audience, version }
  for (const token of [member, viewer, 'demo-shop-owner-5f1c']) {
    const refused = await put('kiali', good, token)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ error: { permission: { resource: 'settings', verb: 'update' } } })
  }
  expect((await put('kiali', good, 'forged')).status).toBe(401)
  expect(
    (await put('kiali', good, owner, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403)
  expect((await put('kiali', good, owner, { 'content-type': 'text/plain' })).status).toBe(400)
  expect((await put('secrets', good)).status).toBe(404)
  expect((await put('grafana', good)).status).toBe(404)
  for (const bad of [
    undefined,
    {},
    { version, audience: { ...nobody, subjects: [{ kind: 'Group', name: '' }] } },
    { version, audience: { ...nobody, subjects: [{ kind: 'Node', name: 'x' }] } },
    { version, audience: { ...nobody, subjects: [{ kind: 'User', name: 'a\nb' }] } },
    { version, audience: { ...nobody, holders: [{ role: 'cluster-admin' }] } },
    { version, audience: { ...nobody, everybody: 'yes' } },
  ]) {
    expect((await put('kiali', bad)).status).toBe(400)
  }
  expect((await of('kiali')).version).toBe(version)
})

test('a role of ours that somebody else made to say something else is not bound', async () => {
  const { of, put, direct } = await demo()
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'meshboard-graph-viewer' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  }
  expect(
    (await direct('apis/rbac.authorization.k8s.io/v1/clusterroles/meshboard-graph-viewer', 'PUT', role)).status,
  ).toBe(200)
  const { version } = await of('graph')
  const refused = await put('graph', { audience: { ...nobody, everybody: true }, version })
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ error: { code: 'role_foreign' } })
  expect((await of('graph')).objects).toEqual([])
})
