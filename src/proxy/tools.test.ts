import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { Tool } from '../clients/tools/wire.ts'
import { startCluster } from '../demo/cluster/server.ts'
import { meshboardToken, personas } from '../demo/cluster/personas.ts'
import { decide, type Action, type Rbac } from '../demo/cluster/rbac.ts'
import type { ProxyConfig } from './config.ts'
import { json, misbehaviour, standingServer, testProxy, testServer, type Answer } from './testServer.ts'

type ClusterInput = ProxyConfig['clusters'][number]

async function askTools(url: string, token: string): Promise<Readonly<Record<string, Tool>>> {
  const answer = await fetch(`${url}/api/clusters/blue/tools`, { headers: { authorization: `Bearer ${token}` } })
  expect(answer.status).toBe(200)
  const { tools } = (await answer.json()) as { tools: Tool[] }
  return Object.fromEntries(tools.map((tool) => [tool.name, tool]))
}

/** The demo cluster, and the proxy before it. */
async function demo(tools: NonNullable<ClusterInput['tools']> = {}, browserUrl?: string) {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const proxy = await testProxy(
    { kubernetes: { url: cluster.url, token: meshboardToken, ...(browserUrl && { browserUrl }) }, tools },
    { auth: { mode: 'bearer' } },
  )
  const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? ''
  return { cluster, toolsOf: (id: string) => askTools(proxy.url, tokenOf(id)) }
}

const statesOf = (tools: Readonly<Record<string, Tool>>) =>
  Object.fromEntries(Object.entries(tools).map(([name, { state }]) => [name, state]))

test('each persona of the demo finds each tool in the state that its own rights and the tool’s health make', async () => {
  const prometheus = await testServer((_, response) => void response.end('<title>Prometheus</title>'))
  const { toolsOf } = await demo({ prometheus: { url: prometheus.url } })
  expect(statesOf(await toolsOf('owner'))).toEqual({
    prometheus: 'open',
    jaeger: 'down',
    kiali: 'open',
    grafana: 'missing',
  })
  expect(statesOf(await toolsOf('shop-owner'))).toEqual({
    prometheus: 'locked',
    jaeger: 'down',
    kiali: 'open',
    grafana: 'missing',
  })
  for (const id of ['shop-member', 'bookinfo-viewer']) {
    expect(statesOf(await toolsOf(id))).toEqual({
      prometheus: 'locked',
      jaeger: 'locked',
      kiali: 'locked',
      grafana: 'missing',
    })
  }
})

test('each state says why, and what opens, repairs or installs it, to whom it concerns', async () => {
  const { cluster, toolsOf } = await demo({}, 'https://rancher.example.org/k8s/clusters/c-1')
  const owners = await toolsOf('owner')
  const path = 'api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/kiali/'
  expect(owners['kiali']).toMatchObject({
    where: 'kiali in istio-system',
    proxyPath: path,
    address: `https://rancher.example.org/k8s/clusters/c-1/${path}`,
    token: { command: 'kubectl create token kiali --namespace istio-system' },
    showsAllTeams: false,
    forward: { address: 'http://127.0.0.1:20001/kiali/' },
  })
  expect(owners['jaeger']).toMatchObject({
    reason: 'Jaeger, tracing in istio-system, does not work: none of its pods is ready.',
    where: 'tracing in istio-system',
  })
  expect(owners['jaeger']?.downSince).toBeLessThanOrEqual(owners['jaeger']?.checkedAt ?? 0)
  expect(owners['grafana']?.install?.command).toMatch(/samples\/addons\/grafana\.yaml$/)

  const members = await toolsOf('shop-member')
  expect(members['grafana']?.install).toBeUndefined()
  expect(members['kiali']).toMatchObject({
    permission: { verb: 'get', resource: 'services/proxy', namespace: 'istio-system', name: 'http:kiali:20001' },
    check: 'kubectl auth can-i get services/http:kiali:20001 --subresource=proxy --namespace=istio-system',
  })
  expect(members['kiali']?.reason).toContain('a cluster owner can grant it')
  expect(members['kiali']?.grant).toContain('resourceNames: ["http:kiali:20001"]')
  expect(members['kiali']?.grant).toContain('verbs: ["get", "create"]')
  expect(members['kiali']).not.toHaveProperty('address')
  expect((await toolsOf('shop-owner'))['kiali']?.showsAllTeams).toBe(true)

  // What the link leads to is refused by the cluster itself, whoever knows the address.
  const refused = await fetch(`${cluster.url}/${path}`, {
    headers: { authorization: 'Bearer demo-shop-member-9a27' },
  })
  expect(refused.status).toBe(403)
})

test('a session’s capabilities say the same of the tools', async () => {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const proxy = await testProxy(
    { kubernetes: { url: cluster.url, token: meshboardToken } },
    { auth: { mode: 'bearer' } },
  )
  const sessionOf = async (token: string) => {
    const answer = await fetch(`${proxy.url}/api/session`, { headers: { authorization: `Bearer ${token}` } })
    const { clusters } = (await answer.json()) as {
      clusters: { capabilities: Record<string, { allowed: boolean; permission?: { name?: string } }> }[]
    }
    return clusters[0]?.capabilities ?? {}
  }
  const owner = await sessionOf('demo')
  expect([owner['kiali']?.allowed, owner['jaeger']?.allowed, owner['grafana']?.allowed]).toEqual([true, true, false])
  const member = await sessionOf('demo-shop-member-9a27')
  expect(member['kiali']).toMatchObject({ allowed: false, permission: { name: 'http:kiali:20001' } })
})

/** A proxy without login before a tool that answers so. */
async function externalTool(answer: Answer, path = '') {
  const tool = await testServer(answer)
  const proxy = await testProxy({ tools: { grafana: { url: `${tool.url}/${path}` } } })
  const started = Date.now()
  const { tools } = (await (await fetch(`${proxy.url}/api/clusters/blue/tools`)).json()) as { tools: Tool[] }
  const grafana = tools.find(({ name }) => name === 'grafana')
  return { grafana, tool, ms: Date.now() - started, text: JSON.stringify(tools) }
}

const secret = 's3cret-body-of-the-tool'
const say = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => {
  return (_, response: ServerResponse) => {
    response.writeHead(status, headers)
    response.end(secret)
  }
}

test.each<[string, Answer, Tool['state'], RegExp]>([
  ['a page', say(200), 'open', /^Grafana answers, at 127\.0\.0\.1:\d+\.$/],
  ['its own login', say(401), 'open', /answers/],
  ['an endless page', (_, response) => void response.write('x'.repeat(100_000)), 'open', /answers/],
  ['a redirect on itself', say(302, { location: '/login' }), 'open', /^Grafana answers, at [^ ]+\.$/],
  [
    'a redirect elsewhere',
    say(302, { location: 'https://login.example.org/?state=abc' }),
    'open',
    /sends browsers to login\.example\.org first.*did not follow/,
  ],
  ['a broken redirect', say(302, { location: 'http://[' }), 'open', /an address that cannot be read/],
  ['a gateway’s error', say(502), 'down', /it answers with HTTP status 502/],
  ['no such page', say(404), 'down', /no page at its address/],
  ['nothing, and breaks off', misbehaviour.reset, 'down', /the connection to it broke off/],
  ['nothing, for too long', misbehaviour.hang, 'down', /does not answer within 3 s/],
])('a tool that answers with %s', async (_, answer, state, reason) => {
  const { grafana, tool, ms, text } = await externalTool(answer)
  expect(grafana?.state).toBe(state)
  expect(grafana?.reason).toMatch(reason)
  expect(text).not.toContain(secret)
  expect(text).not.toContain('state=abc')
  expect(tool.received).toHaveLength(1)
  expect(tool.received[0]?.headers.authorization).toBeUndefined()
  expect(ms).toBeLessThan(20_000)
})

test('an address that nothing listens at is down', async () => {
  const gone = await standingServer(say(200))
  await gone.close()
  const proxy = await testProxy({ tools: { jaeger: { url: `${gone.url}/jaeger` } } })
  const { tools } = (await (await fetch(`${proxy.url}/api/clusters/blue/tools`)).json()) as { tools: Tool[] }
  expect(tools.find(({ name }) => name === 'jaeger')).toMatchObject({
    state: 'down',
    reason: `Jaeger, at ${new URL(gone.url).host}, does not work: its address refuses connections.`,
    address: `${gone.url}/jaeger/`,
  })
})

test.each(['javascript:alert(1)', 'kiali.example.org', 'https://u:p@kiali.example.org/', 'file:///etc/passwd', ''])(
  'the configuration refuses the address %j',
  async (address) => {
    await expect(testProxy({ tools: { kiali: { url: address } } })).rejects.toThrow(/clusters\.0\.tools\.kiali/)
  },
)

/** An API server with these Services and rights: `mona` is a member with her project's stack, `own` is Meshboard's account. */
async function apiServer(services: readonly unknown[], more: Partial<Rbac> = {}) {
  const people: Readonly<Record<string, { name: string; groups: string[] }>> = {
    'tok-owner': { name: 'olga', groups: ['owners'] },
    'tok-mona': { name: 'mona', groups: [] },
    'tok-own': { name: 'own', groups: [] },
  }
  const rights: Rbac = {
    roles: {
      owner: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
      edit: [{ apiGroups: [''], resources: ['pods', 'services/proxy'], verbs: ['get', 'list', 'create'] }],
      ...more.roles,
    },
    bindings: [
      { role: 'owner', subjects: [{ kind: 'Group', name: 'owners' }] },
      ...['shop', 'cattle-project-p-shop-monitoring'].map((namespace) => ({
        role: 'edit',
        namespace,
        subjects: [{ kind: 'User' as const, name: 'mona' }],
      })),
      ...(more.bindings ?? []),
    ],
  }
  return testServer((request, response) => {
    const person = people[/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '']
    if (person === undefined) {
      json({ kind: 'Status', apiVersion: 'v1' }, 401)(request, response)
      return
    }
    const { pathname, searchParams } = new URL(request.url, 'http://api')
    if (pathname.endsWith('/selfsubjectreviews')) {
      json({ status: { userInfo: { username: person.name, groups: person.groups } } }, 201)(request, response)
      return
    }
    if (pathname.endsWith('/selfsubjectaccessreviews')) {
      const { spec } = JSON.parse(request.body) as { spec: { resourceAttributes: Action } }
      json({ status: decide(rights, person, spec.resourceAttributes) }, 201)(request, response)
      return
    }
    if (pathname === '/v1/namespaces') {
      const metadata = { name: 'shop', annotations: { 'field.cattle.io/projectId': 'c-1:p-shop' } }
      json({ data: [{ metadata }] })(request, response)
      return
    }
    if (pathname === '/api/v1/services') {
      const may = decide(rights, person, { verb: 'list', group: '', resource: 'services' }).allowed
      if (!may) {
        json({ kind: 'Status', apiVersion: 'v1', message: 'forbidden' }, 403)(request, response)
        return
      }
      const isApp = searchParams.get('labelSelector')?.startsWith('app in') === true
      json({ items: isApp ? services : [] })(request, response)
      return
    }
    if (/cattle-project-p-shop-monitoring-prometheus:9090\/proxy/.test(pathname)) return void response.end('<html>')
    if (/\/services\/http:(kiali|tracing):\d+\/proxy/.test(pathname)) return void response.end('<html>')
    json({ kind: 'Status', apiVersion: 'v1', message: 'not found', code: 404 }, 404)(request, response)
  })
}

const kialiIn = (namespace: string) => ({
  metadata: { namespace, name: 'kiali', labels: { app: 'kiali' } },
  spec: { ports: [{ name: 'http', port: 20001 }] },
})

test('a member’s Prometheus is the project’s own, though the cluster’s is closed', async () => {
  const api = await apiServer([])
  const proxy = await testProxy({ kubernetes: { url: api.url, token: 'tok-own' } }, { auth: { mode: 'bearer' } })
  const tools = await askTools(proxy.url, 'tok-mona')
  expect(tools['prometheus']).toMatchObject({
    state: 'open',
    project: 'c-1:p-shop',
    reason: 'The Prometheus of project p-shop. It holds your namespaces only.',
  })
  // The project's Grafana may be opened and is not there; the cluster's is where nobody may look.
  expect(tools['grafana']).toMatchObject({ state: 'locked', permission: { namespace: 'cattle-monitoring-system' } })
  expect(tools['grafana']?.reason).toContain('Whether it is installed there, nobody here may look.')
})

test('a team’s Service that calls itself Kiali is told to the owner and linked to nobody', async () => {
  const api = await apiServer([kialiIn('shop')])
  const proxy = await testProxy({ kubernetes: { url: api.url, token: 'tok-own' } }, { auth: { mode: 'bearer' } })
  expect((await askTools(proxy.url, 'tok-owner'))['kiali']).toMatchObject({
    state: 'missing',
    elsewhere: ['kiali in shop'],
  })
  expect(api.received.some(({ url }) => url.includes('namespaces/shop/services/http:kiali'))).toBe(false)

  const trusting = await testProxy(
    { kubernetes: { url: api.url, token: 'tok-own' }, tools: { namespaces: ['shop'] } },
    { auth: { mode: 'bearer' } },
  )
  expect((await askTools(trusting.url, 'tok-owner'))['kiali']).toMatchObject({
    state: 'open',
    where: 'kiali in shop',
  })
})

test('through Rancher the link leads through Rancher’s own service proxy, by its address of the cluster', async () => {
  const api = await apiServer([kialiIn('istio-system')])
  const rancher = await testServer((request, response) => {
    const url = request.url.replace(/^\/k8s\/clusters\/c-m-abc12345/, '')
    void fetch(`${api.url}${url}`, {
      method: request.method,
      headers: { authorization: request.headers.authorization ?? '' },
      ...(request.body === '' ? {} : { body: request.body }),
    }).then(async (answer) => {
      response.writeHead(url === request.url ? 404 : answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    })
  })
  const root = `${rancher.url}/k8s/clusters/c-m-abc12345`
  const proxy = await testProxy({ kubernetes: { url: root, token: 'tok-own' } }, { auth: { mode: 'bearer' } })
  expect((await askTools(proxy.url, 'tok-owner'))['kiali']?.address).toBe(
    `${root}/api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/kiali/`,
  )
})
