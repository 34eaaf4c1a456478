import { request } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type TestServer, json, testProxy, testServer } from './testServer.ts'

const allowed = json({ kind: 'SelfSubjectAccessReview', status: { allowed: true } }, 201)
const me = json({ kind: 'SelfSubjectReview', status: { userInfo: { username: 'ann', groups: ['admins'] } } }, 201)

/** An API server that knows one token, behind which `ann` may do everything. */
async function apiServer(): Promise<TestServer> {
  return testServer((received, response) => {
    if (received.headers.authorization !== 'Bearer of-the-kubeconfig') {
      json({ kind: 'Status', code: 401 }, 401)(received, response)
    } else if (received.url.includes('selfsubjectreviews')) me(received, response)
    else if (received.url.includes('selfsubjectaccessreviews')) allowed(received, response)
    else json({ kind: 'PodList', items: [] })(received, response)
  })
}

async function laptop(token = 'of-the-kubeconfig') {
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-kubeconfig-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const kubernetes = await apiServer()
  const kubeconfig = join(folder, 'config')
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'mine',
      contexts: [{ name: 'mine', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: kubernetes.url } }],
      users: [{ name: 'u', user: { token } }],
    }),
  )
  const lines: string[] = []
  const proxy = await testProxy(
    { kubernetes: { context: 'mine', kubeconfig } },
    { auth: { mode: 'kubeconfig' }, logLevel: 'trace' },
    { logTo: { write: (line) => void lines.push(line) } },
  )
  const letIn = async (): Promise<string> => {
    const response = await fetch(proxy.address(), { redirect: 'manual' })
    return (response.headers.get('set-cookie') ?? '').split(';', 1).join('')
  }
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(proxy.url + path, { headers, redirect: 'manual' })
  return { proxy, kubernetes, lines, letIn, get }
}

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { error: { code: string } }).error.code

describe('the address that is printed', () => {
  test('lets one browser in, and is gone from the address bar', async () => {
    const { proxy, get, lines } = await laptop()
    const response = await fetch(proxy.address(), { redirect: 'manual' })
    const cookie = response.headers.get('set-cookie') ?? ''
    expect([response.status, response.headers.get('location')]).toEqual([303, './'])
    expect(cookie).toMatch(/^meshboard-browser-0=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    const session = await get('/api/session', { cookie: cookie.split(';', 1).join('') })
    expect(await session.json()).toMatchObject({ mode: 'kubeconfig', user: { name: 'ann', groups: ['admins'] } })
    const secret = new URL(proxy.address()).searchParams.get('once') ?? ''
    expect(lines.join('')).toContain('"path":"/"')
    expect(lines.join('')).not.toContain(secret)
    expect(lines.join('')).not.toContain(cookie.split(/[=;]/)[1])
  })

  test('is good once: used again, guessed or empty it is refused', async () => {
    const { proxy, get } = await laptop()
    const used = new URL(proxy.address()).search
    expect((await get(`/${used}`)).status).toBe(303)
    for (const query of [used, '?once=', '?once=guess', `?once=${'A'.repeat(43)}`]) {
      const response = await get(`/${query}`)
      expect([response.status, await codeOf(response)]).toEqual([403, 'once_used'])
      expect(response.headers.get('set-cookie')).toBeNull()
    }
    expect(new URL(proxy.address()).search).not.toBe(used)
    expect((await fetch(proxy.address(), { redirect: 'manual' })).status).toBe(303)
  })
})

describe('whoever was not let in', () => {
  test.each(['/api/session', '/api/clusters/blue/kubernetes/api/v1/pods', '/api/nothing', '/metrics', '/readyz'])(
    'learns nothing at %s',
    async (path) => {
      const { get, kubernetes } = await laptop()
      for (const headers of [
        {},
        { cookie: 'meshboard-browser-0=guess' },
        { cookie: `meshboard-browser-0=${'A'.repeat(43)}` },
        { authorization: 'Bearer of-the-kubeconfig' },
        { 'x-meshboard-token': 'of-the-kubeconfig' },
      ]) {
        const response = await get(path, headers)
        expect([response.status, await response.text()]).toEqual([
          401,
          expect.stringMatching(/has not been let in|browser_unknown/) as string,
        ])
      }
      expect(kubernetes.received).toHaveLength(0)
    },
  )

  test('may see the page itself, which holds nothing, and that the process lives', async () => {
    const { get } = await laptop()
    expect((await get('/healthz')).status).toBe(200)
    expect(await (await get('/api/session/login')).json()).toMatchObject({ mode: 'kubeconfig' })
  })
})

describe('a browser that was let in', () => {
  test('asks Kubernetes as the kubeconfig’s user, whatever token a request carries', async () => {
    const { letIn, get, kubernetes } = await laptop()
    const cookie = await letIn()
    const response = await get('/api/clusters/blue/kubernetes/api/v1/pods', {
      cookie,
      authorization: 'Bearer somebody-else',
    })
    expect(response.status).toBe(200)
    const seen = new Set(kubernetes.received.map(({ headers }) => headers.authorization))
    expect(seen).toEqual(new Set(['Bearer of-the-kubeconfig']))
    for (const { headers } of kubernetes.received) expect(headers.cookie).toBeUndefined()
  })

  test.each(['cross-site', 'same-site'])('is refused where a page that is %s makes it ask', async (site) => {
    const { letIn, get, kubernetes } = await laptop()
    const cookie = await letIn()
    const response = await get('/api/session', { cookie, 'sec-fetch-site': site })
    expect([response.status, await codeOf(response)]).toEqual([403, 'cross_site'])
    expect(kubernetes.received).toHaveLength(0)
    expect((await get('/api/session', { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test('is refused where another origin makes it change something', async () => {
    const { letIn, proxy } = await laptop()
    const cookie = await letIn()
    const response = await fetch(`${proxy.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie, origin: 'https://evil.example.org' },
    })
    expect(response.status).toBe(403)
  })

  test.each(['evil.example.org', 'evil.example.org:8080', '127.0.0.1.evil.example.org', 'localhost.evil.example.org'])(
    'is refused under the name %j (DNS rebinding), the printed secret included',
    async (host) => {
      const { letIn, proxy } = await laptop()
      const cookie = await letIn()
      const under = (path: string): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          const sent = request(
            { host: '127.0.0.1', port: proxy.port, path, headers: { host, cookie }, agent: false },
            (response) => resolve(response.resume().statusCode),
          )
          sent.on('error', reject)
          sent.end()
        })
      expect([400, 421]).toContain(await under('/api/session'))
      expect([400, 421]).toContain(await under(`/${new URL(proxy.address()).search}`))
      expect((await fetch(proxy.address(), { redirect: 'manual' })).status).toBe(303)
    },
  )

  test('is told to renew the kubeconfig where the cluster no longer takes it', async () => {
    const { letIn, get } = await laptop('expired')
    const response = await get('/api/session', { cookie: await letIn() })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      error: { code: 'kubeconfig_refused', hint: expect.stringContaining('kubectl get namespaces') as string },
    })
  })

  test('cannot log in as anybody else', async () => {
    const { letIn, proxy } = await laptop()
    const response = await fetch(`${proxy.url}/api/session`, {
      method: 'POST',
      headers: { cookie: await letIn(), 'content-type': 'application/json', origin: proxy.url },
      body: JSON.stringify({ token: 'other', prefix: '/' }),
    })
    expect([response.status, await codeOf(response)]).toEqual([404, 'no_login'])
  })
})
