import { expect, onTestFinished, test } from 'vitest'
import type { Session } from '../clients/session/wire.ts'
import type { MeshSettingsAnswer, MeshSettingsChange } from '../clients/settings/meshWire.ts'
import type { Tools } from '../clients/tools/wire.ts'
import { meshboardToken } from '../demo/cluster/personas.ts'
import { startCluster } from '../demo/cluster/server.ts'
import { json, testProxy, testServer, vector } from './testServer.ts'

const owner = 'demo'
const member = 'demo-shop-member-9a27'
const shopOwner = 'demo-shop-owner-5f1c'
const nothing: Omit<MeshSettingsChange, 'version'> = { tools: {}, defaults: {}, health: '' }
const map = 'api/v1/namespaces/istio-system/configmaps'

/** The demo's cluster, and as many replicas of the proxy before it as are asked for. */
async function demo() {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const prometheus = await testServer(vector())
  const replica = async () => {
    const proxy = await testProxy(
      {
        kubernetes: { url: cluster.url, token: meshboardToken },
        prometheus: { url: prometheus.url },
        settings: { namespace: 'istio-system' },
      },
      { auth: { mode: 'bearer' }, limits: { reviewSeconds: 0, answerSeconds: 0, settingsSeconds: 0.2 } },
    )
    const as = (token: string, headers: Readonly<Record<string, string>> = {}) => ({
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    })
    const root = `${proxy.url}/api/clusters/blue`
    const get = async (path: string, token: string) => (await fetch(`${root}/${path}`, as(token))).json() as unknown
    return {
      read: async (token = owner) => (await get('settings/mesh', token)) as MeshSettingsAnswer,
      tools: async (token = owner) => ((await get('tools', token)) as Tools).tools,
      session: async (token = owner) => {
        const answer = await fetch(`${proxy.url}/api/session`, as(token))
        const [first] = ((await answer.json()) as Session).clusters
        if (first === undefined) throw new Error('no cluster')
        return first
      },
      peersNote: async (token: string) => {
        const answer = (await get('telemetry/requests?window=5m&namespaces=shop-web', token)) as {
          meshboard: { notes: readonly string[] }
        }
        return answer.meshboard.notes.find((note) => /side/.test(note))
      },
      put: (body: unknown, token = owner, headers = {}) =>
        fetch(`${root}/settings/mesh`, { method: 'PUT', ...as(token, headers), body: JSON.stringify(body) }),
    }
  }
  const direct = (method: string, path: string, body?: unknown) =>
    fetch(`${cluster.url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const write = (text: string, method: 'POST' | 'PUT' = 'POST') =>
    direct(method, method === 'POST' ? map : `${map}/meshboard-settings`, {
      metadata: { name: 'meshboard-settings', namespace: 'istio-system' },
      data: { 'settings.yaml': text },
    })
  return { replica, direct, write }
}

test('what an owner saves is one ConfigMap, and holds for everybody: tools, peers, health, defaults', async () => {
  const { replica, direct } = await demo()
  const { read, put, tools, session, peersNote } = await replica()
  expect(await read()).toMatchObject({ version: '', mayEdit: true, configured: { peers: 'namespace' } })
  expect(await peersNote(shopOwner)).toMatch(/only its namespace/)
  const change: MeshSettingsChange = {
    tools: { grafana: { url: 'https://grafana.example.org/mesh' } },
    peers: 'full',
    defaults: { window: '10m', refresh: 'off', theme: 'dark', page: 'overview' },
    health: '- { protocol: http, codes: 404, degraded: 0.5, match: { namespace: shop-web } }\n',
    version: '',
  }
  expect((await put(change)).status).toBe(204)

  const kept = (await (await direct('GET', `${map}/meshboard-settings`)).json()) as {
    metadata: { labels: object; resourceVersion: string }
    data: Record<string, string>
  }
  expect(kept.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'meshboard' })
  expect(kept.data['settings.yaml']).toContain('peers: full')
  expect((await read()).version).toBe(kept.metadata.resourceVersion)

  expect((await tools()).find(({ name }) => name === 'grafana')?.address).toBe('https://grafana.example.org/mesh/')
  expect(await peersNote(shopOwner)).toMatch(/shown with both sides/)
  const { defaults, health } = await session(member)
  expect(defaults).toEqual({ window: 600, refresh: 'off', theme: 'dark', page: 'overview' })
  expect(health).toMatchObject([{ codes: '404', match: { namespace: 'shop-web' } }])
})

test('members read what holds, of the health rules their own, and save nothing', async () => {
  const { replica, direct } = await demo()
  const { read, put } = await replica()
  const rule = (namespace: string) => `- { protocol: http, codes: 404, match: { namespace: ${namespace} } }\n`
  await put({ ...nothing, peers: 'hide', health: rule('bookinfo') + rule('shop-web'), version: '' })
  const shown = await read(member)
  expect(shown).toMatchObject({
    mayEdit: false,
    settings: { peers: 'hide', health: [{ match: { namespace: 'shop-web' } }] },
  })
  expect(shown).not.toHaveProperty('version')
  expect(shown.note).toMatch(/update settings.meshboard.io/)
  expect(JSON.stringify(shown)).not.toContain('bookinfo')

  const { version } = await read()
  for (const token of [member, shopOwner]) {
    const refused = await put({ ...nothing, version }, token)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ error: { permission: { resource: 'settings', verb: 'update' } } })
  }
  expect((await put({ ...nothing, version }, 'forged')).status).toBe(401)
  const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  expect((await put({ ...nothing, version }, owner, elsewhere)).status).toBe(403)
  expect((await put({ ...nothing, version }, owner, { 'content-type': 'text/plain' })).status).toBe(400)
  expect((await read()).version).toBe(version)

  // Whoever may change settings, and not the ConfigMap: the cluster decides, and the sentence says what is missing.
  const rbac = 'apis/rbac.authorization.k8s.io/v1'
  const role = {
    metadata: { name: 'editor' },
    rules: [{ apiGroups: ['meshboard.io'], resources: ['settings'], verbs: ['*'] }],
  }
  await direct('POST', `${rbac}/clusterroles`, role)
  await direct('POST', `${rbac}/clusterrolebindings`, {
    metadata: { name: 'editor' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'editor' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'samir' }],
  })
  expect((await read(member)).note).toMatch(/get configmaps "meshboard-settings" in istio-system/)
  expect((await put({ ...nothing, version }, member)).status).toBe(403)
})

test.each<[string, Partial<MeshSettingsChange> | Record<string, unknown>, RegExp]>([
  [
    'a script as a tool’s address',
    { tools: { kiali: { url: 'javascript:alert(1)' } } },
    /^tools.kiali.url: is a javascript: URL/,
  ],
  ['no URL as a tool’s address', { tools: { kiali: { url: 'kiali' } } }, /^tools.kiali.url: is not an absolute/],
  [
    'an address with a password',
    { tools: { kiali: { url: 'https://a:b@kiali.example.org' } } },
    /holds a user name or a password/,
  ],
  [
    'a Service that is none',
    { tools: { kiali: { service: { namespace: '../x', name: 'a', port: 1 } } } },
    /is not a namespace/,
  ],
  ['another level', { peers: 'all' }, /^peers: takes "hide", "namespace", "full"/],
  [
    'a broken rule',
    { health: '- { protocol: http, codes: "(" }' },
    /^health.0.codes \(line 1\): is not a regular expression/,
  ],
  ['rules that are no YAML', { health: '- {' }, /^health, line 1: is not YAML/],
  ['a window of a second', { defaults: { window: '1s' } }, /^defaults.window: takes a duration from 1m to 30d/],
  ['another default', { defaults: { zoom: '2' } }, /^defaults.zoom: is not known here/],
  ['another key', { secrets: 'all' }, /cannot be read/],
  ['no version', { version: undefined }, /cannot be read: version/],
])('%s is refused by key, and nothing is saved', async (_words, wrong, complaint) => {
  const { replica } = await demo()
  const { put, read } = await replica()
  const refused = await put({ ...nothing, version: '', ...wrong })
  expect(refused.status).toBe(400)
  const { error } = (await refused.json()) as { error: { code: string; message: string } }
  expect(error.code).toBe('settings_invalid')
  expect(error.message).toMatch(complaint)
  expect((await read()).version).toBe('')
})

test('of two owners who save at once one is told, whether the ConfigMap was there or not, and nothing is lost', async () => {
  const { replica } = await demo()
  const { put, read } = await replica()
  for (const before of ['', 'later']) {
    const { version = '' } = await read()
    expect(version === '').toBe(before === '')
    const levels = ['hide', 'full']
    const answers = await Promise.all(levels.map(async (peers) => (await put({ ...nothing, peers, version })).status))
    expect(answers.toSorted()).toEqual([204, 409])
    expect((await read()).settings.peers).toBe(levels[answers.indexOf(204)])
    const late = await put({ ...nothing, version })
    expect(late.status).toBe(409)
    expect(await late.json()).toMatchObject({ error: { code: 'settings_conflict' } })
  }
})

test('what somebody else keeps in the ConfigMap stays there', async () => {
  const { replica, direct } = await demo()
  const { put, read } = await replica()
  await direct('POST', map, {
    metadata: { name: 'meshboard-settings', labels: { team: 'mesh' }, annotations: { why: 'ours' } },
    data: { note: 'kept' },
  })
  const { version } = await read()
  expect((await put({ ...nothing, peers: 'hide', version })).status).toBe(204)
  expect(await (await direct('GET', `${map}/meshboard-settings`)).json()).toMatchObject({
    metadata: { labels: { team: 'mesh' }, annotations: { why: 'ours' } },
    data: { note: 'kept', 'settings.yaml': expect.stringContaining('peers: hide') as unknown },
  })
})

test('edited by hand into nonsense, the last good ones stay in force; owners read what is wrong and where', async () => {
  const { replica, write } = await demo()
  const one = await replica()
  expect((await write('peers: full\ndefaults: { window: 20m }\n')).status).toBe(201)
  expect((await one.read()).settings).toMatchObject({ peers: 'full', defaults: { window: 1200 } })
  expect(await one.peersNote(shopOwner)).toMatch(/both sides/)

  const broken = 'peers: full\ndefaults:\n  window: forever\n  zoom: 3\n'
  expect((await write(broken, 'PUT')).status).toBe(200)
  // A replica reads again before what it knows is older than half a minute.
  await expect.poll(async () => (await one.session()).settingsProblem, { timeout: 30_000 }).toMatch(/defaults.window/)
  expect(await one.peersNote(shopOwner)).toMatch(/both sides/)
  expect(await one.session()).toMatchObject({ defaults: { window: 1200 } })
  expect(await one.read()).toMatchObject({
    settings: { peers: 'full', defaults: { window: 1200 } },
    mayEdit: true,
    problem: {
      text: broken,
      complaints: [
        'defaults.window (line 3): takes a duration from 1m to 30d, such as 15m; got "forever"',
        'defaults.zoom (line 4): is not known here; it takes page, refresh, theme, window',
      ],
    },
  })
  expect(await one.read(member)).not.toHaveProperty('problem')
  expect(await one.session(member)).not.toHaveProperty('settingsProblem')

  // Whoever never read a good one says the least to members.
  const late = await replica()
  expect(await late.peersNote(shopOwner)).toMatch(/is not shown/)

  const { version } = await one.read()
  expect((await one.put({ ...nothing, peers: 'namespace', version })).status).toBe(204)
  expect(await one.read()).not.toHaveProperty('problem')
  expect(await one.peersNote(shopOwner)).toMatch(/only its namespace/)
}, 60_000)

test('every replica follows', async () => {
  const { replica } = await demo()
  const [one, other] = [await replica(), await replica()]
  expect(await other.session()).not.toHaveProperty('defaults')
  expect((await one.put({ ...nothing, defaults: { window: '7m' }, version: '' })).status).toBe(204)
  await expect.poll(async () => (await other.session()).defaults, { timeout: 30_000 }).toEqual({ window: 420 })
}, 60_000)

test('while the API server fails what was saved stays in force', async () => {
  let isDown = false
  const kubernetes = await testServer((request, response) => {
    const body = {
      metadata: { name: 'meshboard-settings', resourceVersion: '1' },
      data: { 'settings.yaml': 'defaults: { window: 9m }' },
    }
    if (isDown) json({ kind: 'Status', message: 'no leader' }, 500)(request, response)
    else if (request.url.includes('configmaps')) json(body)(request, response)
    else json({ items: [] })(request, response)
  })
  const proxy = await testProxy(
    { kubernetes: { url: kubernetes.url, token: 'own' } },
    { limits: { settingsSeconds: 0.2 } },
  )
  const defaults = async () => {
    const { clusters } = (await (await fetch(`${proxy.url}/api/session`)).json()) as Session
    return clusters[0]?.defaults
  }
  expect(await defaults()).toEqual({ window: 540 })
  isDown = true
  const asked = () => kubernetes.received.filter(({ url }) => url.includes('configmaps')).length
  const before = asked()
  await expect
    .poll(async () => [await defaults(), asked() > before], { timeout: 30_000, interval: 500 })
    .toEqual([{ window: 540 }, true])
  expect(await defaults()).toEqual({ window: 540 })
}, 60_000)

test('without an account of its own, or without the right to read them, Meshboard follows no settings and says so', async () => {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  for (const token of [undefined, 'demo-bookinfo-viewer-c3e8']) {
    const proxy = await testProxy(
      {
        kubernetes: { url: cluster.url, ...(token === undefined ? {} : { token }) },
        settings: { namespace: 'istio-system' },
      },
      { auth: { mode: 'bearer' } },
    )
    const answer = await fetch(`${proxy.url}/api/clusters/blue/settings/mesh`, {
      headers: { 'x-meshboard-token': owner },
    })
    const read = (await answer.json()) as MeshSettingsAnswer
    expect(read.mayEdit).toBe(false)
    expect(read.note).toMatch(token === undefined ? /no account of its own/ : /may not read the ConfigMap/)
  }
})
