import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { ProxyConfig } from './config.ts'
import { createCookieMemory, createCookies } from './cookies.ts'
import type { RunningProxy } from './serve.ts'
import { type Answer, json, testProxy, testServer, vector } from './testServer.ts'
import { blueAnswer, rights, tokens } from '../demo/testing/tenants.ts'

const logged: string[] = []

function blueCluster(rightsNow = () => rights): Answer {
  return (request, response) => {
    const [status, body] = blueAnswer(request, rightsNow())
    json(body, status)(request, response)
  }
}

async function tokenProxy(more: Partial<ProxyConfig> = {}, rightsNow = () => rights): Promise<RunningProxy> {
  const cluster = await testServer(blueCluster(rightsNow))
  const prometheus = await testServer(vector())
  return testProxy(
    { prometheus: { url: prometheus.url }, kubernetes: { url: cluster.url, token: tokens.owner } },
    { auth: { mode: 'token' }, logLevel: 'debug', ...more },
    { write: (line) => void logged.push(line) },
  )
}

const ours = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }

function logIn(proxy: RunningProxy, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${proxy.url}/api/session`, {
    method: 'POST',
    headers: { ...ours, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify({ token: tokens.member, prefix: '/', ...Object(body) }),
  })
}

/** What a browser would send back. */
const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ')

const sessionWith = (proxy: RunningProxy, cookie: string): Promise<Response> =>
  fetch(`${proxy.url}/api/session`, { headers: { cookie } })

describe('the cookie', () => {
  test('is encrypted, unreadable to script, bound to the app’s prefix, and secure where the page is', async () => {
    const proxy = await tokenProxy()
    const plain = await logIn(proxy, { prefix: '/k8s/clusters/c-1/mesh/' })
    expect(plain.status).toBe(204)
    const [line = '', ...more] = plain.headers.getSetCookie()
    expect(more).toEqual([])
    expect(line).toMatch(
      /^meshboard-blue=[\w.-]+; Path=\/k8s\/clusters\/c-1\/mesh\/; HttpOnly; SameSite=Lax; Max-Age=28800$/,
    )
    expect(line).not.toContain(tokens.member)
    const origin = proxy.url.replace('http:', 'https:')
    expect((await logIn(proxy, {}, { origin })).headers.getSetCookie()[0]).toContain('; Secure')
    expect(await (await sessionWith(proxy, cookieOf(plain))).json()).toMatchObject({
      mode: 'token',
      user: { name: 'mara' },
    })
  })

  test('of another key, another cluster or another byte is nobody’s', async () => {
    const proxy = await tokenProxy()
    const cookie = cookieOf(await logIn(proxy))
    expect((await sessionWith(proxy, cookie)).status).toBe(200)
    for (let index = 'meshboard-blue='.length; index < cookie.length; index += 7) {
      const flipped = cookie[index] === 'A' ? 'B' : 'A'
      const tampered = cookie.slice(0, index) + flipped + cookie.slice(index + 1)
      expect((await sessionWith(proxy, tampered)).status, `byte ${index}`).toBe(401)
    }
    for (const forged of [
      'meshboard-blue=',
      `${cookie}x`,
      cookie.slice(0, -1),
      cookie.replace('blue', 'green'),
      `meshboard-blue=${'A'.repeat(50_000)}`,
      `meshboard-blue=eyJhbGciOiJub25lIn0.e30.`,
      `meshboard-blue=${tokens.member}`,
    ]) {
      expect((await sessionWith(proxy, forged)).status, forged.slice(0, 60)).toBe(401)
    }
    expect((await sessionWith(await tokenProxy(), cookie)).status).toBe(401)
  })

  test('is refused after log-out, and again after a new login has taken its place', async () => {
    const proxy = await tokenProxy()
    const first = cookieOf(await logIn(proxy))
    const out = await fetch(`${proxy.url}/api/session`, { method: 'DELETE', headers: { ...ours, cookie: first } })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()[0]).toBe('meshboard-blue=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
    expect((await sessionWith(proxy, first)).status).toBe(401)
    const second = cookieOf(await logIn(proxy))
    const third = cookieOf(await logIn(proxy, {}, { cookie: second }))
    expect((await sessionWith(proxy, second)).status).toBe(401)
    expect((await sessionWith(proxy, third)).status).toBe(200)
  })

  test('ends with its time, to the second, however often it is used', async () => {
    const clock = { now: 1_700_000_000.9 }
    const cookies = createCookies({
      memory: createCookieMemory(),
      keys: [],
      lifeSeconds: 28_800,
      now: () => clock.now,
    })
    const [line = ''] = await cookies.seal('blue', { token: tokens.member, path: '/' }, false)
    const header = line.slice(0, line.indexOf(';'))
    const sealed = await cookies.open('blue', header)
    expect(sealed).toMatchObject({ token: tokens.member, expires: 1_700_028_800 })
    clock.now = 1_700_028_799.9
    expect(await cookies.open('blue', header)).toEqual(sealed)
    clock.now = 1_700_028_800
    expect(await cookies.open('blue', header)).toBeUndefined()
    // A copy of it is worth no more, and a log-out outlasts it.
    cookies.close('blue', { token: tokens.member, path: '/', id: 'x', expires: 1 }, header, false)
    expect(await cookies.open('blue', header)).toBeUndefined()
  })

  test('of a token that the cluster no longer takes is nobody’s, and whoever logs in anew goes on', async () => {
    let isTaken = true
    const blue = blueCluster()
    const cluster = await testServer((request, response) => {
      if (!isTaken && request.headers.authorization === `Bearer ${tokens.member}`) {
        json({}, 401)(request, response)
        return
      }
      blue(request, response)
    })
    const proxy = await testProxy(
      { kubernetes: { url: cluster.url, token: tokens.owner } },
      { auth: { mode: 'token' }, limits: { reviewSeconds: 0 } },
    )
    const cookie = cookieOf(await logIn(proxy))
    expect((await sessionWith(proxy, cookie)).status).toBe(200)
    isTaken = false
    const refused = await sessionWith(proxy, cookie)
    expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'token_refused' } }])
    const renewed = cookieOf(await logIn(proxy, { token: tokens.grapher }, { cookie }))
    expect(await (await sessionWith(proxy, renewed)).json()).toMatchObject({ user: { name: 'gina' } })
    isTaken = true
    expect((await sessionWith(proxy, cookie)).status, 'the old one ended with the new login').toBe(401)
  })

  test('is known to every replica that has the key, old keys included', async () => {
    const [old, fresh] = ['a'.repeat(43), 'b'.repeat(43)]
    const cookie = cookieOf(await logIn(await tokenProxy({ auth: { mode: 'token', cookieKeys: [old] } })))
    expect(
      (await sessionWith(await tokenProxy({ auth: { mode: 'token', cookieKeys: [fresh, old] } }), cookie)).status,
    ).toBe(200)
    expect((await sessionWith(await tokenProxy({ auth: { mode: 'token', cookieKeys: [fresh] } }), cookie)).status).toBe(
      401,
    )
  })

  test('of a long token comes in pieces, and a missing piece is nobody', async () => {
    const long = `tok-${'x'.repeat(9000)}`
    const blue = blueCluster()
    const cluster = await testServer((request, response) => {
      const authorization = request.headers.authorization?.replace(long, tokens.member)
      blue({ ...request, headers: { ...request.headers, authorization } }, response)
    })
    const proxy = await testProxy({ kubernetes: { url: cluster.url } }, { auth: { mode: 'token' } })
    const response = await logIn(proxy, { token: long })
    const lines = response.headers.getSetCookie()
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(line.length).toBeLessThan(4096)
    const cookie = cookieOf(response)
    expect((await sessionWith(proxy, cookie)).status).toBe(200)
    expect((await sessionWith(proxy, cookie.split('; ').slice(1).join('; '))).status).toBe(401)
    expect((await sessionWith(proxy, cookie.split('; ').slice(0, -1).join('; '))).status).toBe(401)
  })
})

describe('a login', () => {
  test.each([
    ['a prefix of another host', { prefix: '//evil.example/' }],
    ['a prefix that ends the attribute', { prefix: '/; Domain=evil.example/' }],
    ['a prefix that ends the header', { prefix: '/\r\nset-cookie: a=b/' }],
    ['a prefix that climbs', { prefix: '/a/../' }],
    ['a prefix without its slash', { prefix: '/a' }],
    ['no prefix', { prefix: undefined }],
    ['a token with a line’s end', { token: 'a\r\nx-evil: 1' }],
    ['a token with a space', { token: 'a b' }],
    ['an empty token', { token: ' ' }],
    ['a token of another alphabet', { token: 'tökén' }],
    ['an endless token', { token: 'x'.repeat(20_000) }],
    ['a token that is no text', { token: ['a'] }],
    ['a token and a persona', { persona: 'owner' }],
    ['a persona outside the demo', { token: undefined, persona: 'owner' }],
    ['an unknown cluster', { cluster: 'green' }],
    ['an unknown word', { admin: true }],
  ])('with %s is a 400 and sets nothing', async (_, body) => {
    const response = await logIn(await tokenProxy(), body)
    expect(response.status).toBe(400)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test('with a token that the cluster does not take is a 401 and sets nothing', async () => {
    const response = await logIn(await tokenProxy(), { token: 'wrong' })
    expect(response.status).toBe(401)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'sent as %s, as another site’s form could, is a 400',
    async (type) => {
      expect((await logIn(await tokenProxy(), {}, { 'content-type': type })).status).toBe(400)
    },
  )

  test('that is no JSON, or larger than a request may be, is refused', async () => {
    const proxy = await tokenProxy({ limits: { requestBytes: 30_000 } })
    expect((await logIn(proxy, '{"token":')).status).toBe(400)
    expect((await logIn(proxy, JSON.stringify({ token: 'x'.repeat(40_000), prefix: '/' }))).status).toBe(413)
  })

  test('leaves the token in no log line, no answer and no other cookie', async () => {
    const proxy = await tokenProxy()
    const cookie = cookieOf(await logIn(proxy))
    const answers = await Promise.all(
      ['/api/session', '/api/session/login', '/metrics', '/api/clusters/blue/namespaces', '/api/nothing'].map(
        async (path) => (await fetch(proxy.url + path, { headers: { cookie } })).text(),
      ),
    )
    for (const secret of [...Object.values(tokens), cookie]) {
      expect(answers.join('\n')).not.toContain(secret)
      expect(logged.join('\n')).not.toContain(secret)
    }
    expect(logged.length).toBeGreaterThan(10)
  })
})

describe('another site’s page', () => {
  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { cookie: 'a=b' },
  ])('with %o changes nothing', async (headers: Record<string, string>) => {
    const proxy = await tokenProxy()
    for (const method of ['POST', 'DELETE', 'PUT', 'PATCH']) {
      const response = await fetch(`${proxy.url}/api/session`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ token: tokens.member, prefix: '/' }),
      })
      expect(response.status, method).toBe(403)
      expect(response.headers.getSetCookie()).toEqual([])
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('may not frame us unless it is configured, and no answer is opened to it', async () => {
    const proxy = await tokenProxy()
    for (const path of ['/', '/api/session', '/api/session/login']) {
      const { headers } = await fetch(proxy.url + path, { headers: { origin: 'https://evil.example' } })
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self';")
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  })

  test('whose name was made to point at this machine is not answered', async () => {
    const proxy = await tokenProxy()
    for (const host of [
      'evil.example',
      `evil.example:${proxy.port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '[::1',
      '',
    ]) {
      expect(
        await raw(proxy, `GET /api/session/login HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
        host,
      ).toMatch(/^HTTP\/1.1 (421|400)/)
    }
    for (const host of [`localhost:${proxy.port}`, '127.0.0.1', '[::1]:80']) {
      expect(
        await raw(proxy, `GET /api/session/login HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
        host,
      ).toMatch(/^HTTP\/1.1 200/)
    }
  })
})

describe('a connection', () => {
  test('with oversized headers is a 431', async () => {
    const proxy = await tokenProxy()
    expect(await raw(proxy, `GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: ${'x'.repeat(70_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431/,
    )
  })

  test('that sends its head or body drop by drop is ended', async () => {
    const proxy = await tokenProxy({ limits: { requestSeconds: 1 } })
    const [head, body] = await Promise.all([
      raw(proxy, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-'),
      raw(
        proxy,
        'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      ),
    ])
    expect(head).toMatch(/^HTTP\/1.1 408|^$/)
    expect(body).toMatch(/^HTTP\/1.1 4|^$/)
  })

  test('that smuggles a second request gets one answer', async () => {
    const proxy = await tokenProxy()
    const both =
      'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'
    expect(await raw(proxy, both)).toMatch(/^HTTP\/1.1 400/)
  })
})

describe('rights that change', () => {
  test('close within the time that a review is believed', async () => {
    let now = rights
    const proxy = await tokenProxy({ limits: { reviewSeconds: 1, projectsSeconds: 0, answerSeconds: 0 } }, () => now)
    const cookie = cookieOf(await logIn(proxy))
    const mine = async (): Promise<unknown> => {
      const answer = await fetch(`${proxy.url}/api/clusters/blue/telemetry/requests?namespaces=mine`, {
        headers: { cookie },
      })
      const { meshboard } = (await answer.json()) as { meshboard: { namespaces: unknown } }
      return meshboard.namespaces
    }
    expect(await mine()).toEqual(['mine'])
    now = { ...rights, bindings: [] }
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await mine()).toEqual([])
  })
})

describe('the demo', () => {
  const personas = [
    { id: 'owner', label: 'Cluster owner', token: tokens.owner },
    { id: 'member', label: 'A member', token: tokens.member },
  ]

  test('begins as its first persona, becomes another by a login, and the first again by a log-out; no token is ever told', async () => {
    const cluster = await testServer(blueCluster())
    const proxy = await testProxy(
      { kubernetes: { url: cluster.url, token: tokens.owner } },
      { auth: { mode: 'demo', personas } },
    )
    const first = await (await sessionWith(proxy, '')).text()
    expect(JSON.parse(first)).toMatchObject({ user: { name: 'olga' }, personas: [{ id: 'owner' }, { id: 'member' }] })
    const login = await logIn(proxy, { token: undefined, persona: 'member' })
    const cookie = cookieOf(login)
    const second = await (await sessionWith(proxy, cookie)).text()
    expect(JSON.parse(second)).toMatchObject({ user: { name: 'mara' }, clusters: [{ namespaces: ['mine', 'reborn'] }] })
    await fetch(`${proxy.url}/api/session`, { method: 'DELETE', headers: { ...ours, cookie } })
    expect(await (await sessionWith(proxy, cookie)).text()).toContain('olga')
    const page = await (await fetch(`${proxy.url}/api/session/login`)).text()
    for (const token of Object.values(tokens)) expect(first + second + page).not.toContain(token)
  })
})

/** What the server sends on a connection that we never end, until it does. */
function raw(proxy: RunningProxy, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(proxy.port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part))
    socket.setTimeout(45_000, () => {
      heard += 'we gave up'
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })
}
