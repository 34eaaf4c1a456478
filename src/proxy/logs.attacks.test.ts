import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decide, type Rbac } from '../demo/cluster/rbac.ts'
import { blueAnswer, marker, namespaceMarker, rights, tokens } from '../demo/testing/tenants.ts'
import { type RunningProxy, startProxy } from './serve.ts'
import { json, standingServer, type Received, type TestServer } from './testServer.ts'

/** The team may read logs in its own namespace, and so may the owner everywhere. */
const withLogs: Rbac = {
  roles: { ...rights.roles, logs: [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }] },
  bindings: [...rights.bindings, { role: 'logs', namespace: 'mine', subjects: [{ kind: 'Group', name: 'team' }] }],
}
/** Who the tokens stand for, as the API server of the tenants knows it. */
const people: Readonly<Record<string, { readonly name: string; readonly groups: readonly string[] }>> = {
  [tokens.member]: { name: 'mara', groups: ['team'] },
  [tokens.owner]: { name: 'olga', groups: ['owners'] },
  [tokens.stranger]: { name: 'sven', groups: [] },
}
/** What applications write that they should not, and what another team's says. */
const leaked = 'authorization: Bearer leaked-by-the-app'
const logOf = (namespace: string): string =>
  namespace === 'mine' ? `the shop opens\n${leaked}\n` : `${marker} was paid by ${marker}\n`

const door = '/api/clusters/blue'
const logPath = (namespace: string, pod = 'shop-0') =>
  `${door}/kubernetes/api/v1/namespaces/${namespace}/pods/${pod}/log`

const written: string[] = []
let cluster: TestServer & { readonly close: () => Promise<void> }
let proxy: RunningProxy
/** How the kubelet misbehaves, if it does. */
let kubelet: 'well' | 'fails' | 'redirects' = 'well'

function answerLog({ headers }: Received, namespace: string): readonly [status: number, body: string] {
  const person = people[/^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '']
  if (person === undefined) return [401, '{"kind":"Status","message":"Unauthorized"}']
  const action = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace, name: 'shop-0' }
  if (!decide(withLogs, person, action).allowed) {
    return [403, '{"kind":"Status","message":"pods \\"shop-0\\" is forbidden: cannot get resource \\"pods/log\\""}']
  }
  if (kubelet === 'fails') return [500, `Get "https://${marker}-node:10250/containerLogs/${marker}": ${tokens.owner}`]
  return [200, logOf(namespace)]
}

beforeAll(async () => {
  cluster = await standingServer((received, response) => {
    const namespace = /\/namespaces\/([^/]+)\/pods\/[^/]+\/log\b/.exec(received.url)?.[1]
    if (namespace === undefined) {
      const [status, body] = blueAnswer(received, withLogs)
      json(body, status)(received, response)
      return
    }
    if (kubelet === 'redirects') {
      response.writeHead(302, { location: `http://127.0.0.1:1/${marker}?token=${tokens.owner}` }).end()
      return
    }
    const [status, body] = answerLog(received, namespace)
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' })
    response.end(body)
  })
  proxy = await startProxy(
    {
      port: 0,
      auth: { mode: 'bearer' },
      logLevel: 'debug',
      clusters: [
        {
          name: 'blue',
          prometheus: { url: 'http://127.0.0.1:1' },
          kubernetes: { url: cluster.url, token: tokens.owner },
        },
      ],
    },
    { logTo: { write: (line) => void written.push(line) } },
  )
})
afterAll(async () => {
  await proxy.close()
  await cluster.close()
})
beforeEach(() => {
  kubelet = 'well'
})

async function ask(path: string, token: string | undefined, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(proxy.url + path, {
    redirect: 'manual',
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  })
  const text = await answer.text()
  return { status: answer.status, text, everything: `${[...answer.headers].join('\n')}\n${text}` }
}

const canaries = [marker, namespaceMarker, tokens.owner, tokens.grapher]
function expectNoCanary(text: string, asked = ''): void {
  for (const canary of canaries) expect(text.replaceAll(asked, ''), canary).not.toContain(canary)
}

const theirs = `${namespaceMarker}-pay`

describe('a member', () => {
  test('reads the own log, and of another team’s not a word, whoever read it before', async () => {
    expect(await ask(logPath('mine'), tokens.member)).toMatchObject({ status: 200, text: logOf('mine') })
    expect((await ask(logPath(theirs), tokens.owner)).text, 'the canary is there').toContain(marker)
    for (const token of [tokens.member, tokens.stranger, undefined]) {
      const { status, everything } = await ask(logPath(theirs), token)
      expect([401, 403]).toContain(status)
      expectNoCanary(everything, theirs)
    }
  })

  test.each([
    `${door}/kubernetes/api/v1/namespaces/mine/pods/..%2f..%2f${theirs}%2fpods%2fshop-0/log`,
    `${door}/kubernetes/api/v1/namespaces/mine%2f..%2f${theirs}/pods/shop-0/log`,
    `${door}/kubernetes/api/v1/namespaces/mine/pods/shop-0/log/../../../../${theirs}/pods/shop-0/log`,
    `${door}/kubernetes/api/v1/namespaces/mine/../${theirs}/pods/shop-0/log`,
    `${door}/kubernetes/api/v1/namespaces/${theirs}/pods/shop-0/log%3f`,
    `${door}/kubernetes/api/v1/namespaces/mine/pods/shop-0/log?container=a%26namespace%3d${theirs}`,
    `${door}/kubernetes/api/v1/namespaces/mine/pods/shop-0/log%23?namespace=${theirs}`,
    `${door}/kubernetes/api/v1/pods/shop-0/log?namespace=${theirs}`,
    `${door}/kubernetes/api/v1/namespaces/mine/pods/shop-0/log?fieldSelector=metadata.namespace%3d${theirs}`,
  ])('gets there by no other way: %s', async (path) => {
    const { status, everything } = await ask(path, tokens.member)
    expect(status).toBeGreaterThanOrEqual(400)
    expectNoCanary(everything, theirs)
  })

  test.each([
    ['impersonation', { 'impersonate-user': 'olga', 'impersonate-group': 'owners' }],
    ['a second token', { 'x-meshboard-token': tokens.owner.slice(0, -1) }],
    ['a forged forwarder', { 'x-forwarded-user': 'olga', 'x-remote-user': 'olga', 'x-remote-group': 'owners' }],
  ])('is nobody else by %s', async (_, headers) => {
    const before = cluster.received.length
    const { status, everything } = await ask(logPath(theirs), tokens.member, headers)
    expect([400, 401, 403]).toContain(status)
    expectNoCanary(everything, theirs)
    for (const received of cluster.received.slice(before)) {
      expect(Object.keys(received.headers).filter((name) => /^(impersonate|x-remote|x-forwarded)-/.test(name))).toEqual(
        [],
      )
    }
  })

  test.each(['fails', 'redirects'] as const)('learns nothing from a kubelet that %s', async (how) => {
    kubelet = how
    const { status, everything } = await ask(logPath('mine'), tokens.member)
    expect(status).toBe(502)
    expectNoCanary(everything)
  })
})

test('the API server is asked for a log with the viewer’s own token alone', async () => {
  const before = cluster.received.length
  for (const token of [tokens.member, tokens.stranger]) {
    await ask(logPath('mine'), token)
    const logs = cluster.received.slice(before).filter(({ url }) => url.includes('/log'))
    for (const { headers } of logs) expect(headers.authorization).not.toContain(tokens.owner)
    expect(logs.at(-1)?.headers.authorization).toBe(`Bearer ${token}`)
  }
})

test('what containers write stands in none of our own logs and metrics, and no token does', async () => {
  await ask(logPath('mine'), tokens.member)
  await ask(logPath(theirs), tokens.owner)
  const metrics = await ask('/metrics', undefined)
  const own = `${written.join('')}\n${metrics.everything}`
  expect(written.length, 'it does log').toBeGreaterThan(0)
  for (const word of [leaked, 'the shop opens', `${marker} was paid`, ...Object.values(tokens)]) {
    expect(own, word).not.toContain(word)
  }
})
