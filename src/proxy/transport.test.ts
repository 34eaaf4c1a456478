import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { proxyOf } from './transport.ts'
import { json, testProxy, testServer, vector } from './testServer.ts'

/** Test certificates of an authority whose key is gone. */
const pem = (name: string): string => fileURLToPath(new URL(`./testCertificates/${name}.pem`, import.meta.url))
const keyOf = (name: string): string => pem(name).replace(/pem$/, 'key')
const answer = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } })

/** A Prometheus that speaks TLS; says who came with a client certificate. */
async function tlsServer(certificate: 'server' | 'other', isClientAsked = false) {
  const clients: string[] = []
  const server = createServer(
    {
      cert: readFileSync(pem(certificate)),
      key: readFileSync(keyOf(certificate)),
      ...(isClientAsked ? { requestCert: true, rejectUnauthorized: false, ca: readFileSync(pem('ca')) } : {}),
    },
    (request, response) => {
      const { socket } = request
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined
      clients.push(shown !== undefined && 'subject' in shown ? String(shown.subject.CN) : 'none')
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(answer)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, clients }
}

const asked = async (proxy: {
  readonly url: string
}): Promise<{ readonly status: number; readonly message: string }> => {
  const response = await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`)
  const body = (await response.json()) as { error?: { message: string } }
  return { status: response.status, message: body.error?.message ?? '' }
}

describe('TLS to an upstream', () => {
  test('takes the authority configured for it, or for all', async () => {
    const { url } = await tlsServer('server')
    const own = await testProxy({ prometheus: { url, caFile: pem('ca') } })
    expect(await asked(own)).toEqual({ status: 200, message: '' })
    const all = await testProxy({ prometheus: { url } }, { caFile: pem('ca') })
    expect(await asked(all)).toEqual({ status: 200, message: '' })
  })

  test('refuses an authority that nobody configured, and a certificate for another host, in words', async () => {
    const { url } = await tlsServer('server')
    const { status, message } = await asked(await testProxy({ prometheus: { url } }))
    expect([status, message]).toEqual([502, expect.stringContaining('its TLS certificate is not trusted')])
    const other = await tlsServer('other')
    const wrong = await asked(await testProxy({ prometheus: { url: other.url, caFile: pem('ca') } }))
    expect(wrong.message).toContain('its TLS certificate is for another host name')
    const named = await testProxy({
      prometheus: { url: other.url, caFile: pem('ca'), serverName: 'other.example.org' },
    })
    expect((await asked(named)).status).toBe(200)
  })

  test('shows the client certificate that is configured', async () => {
    const { url, clients } = await tlsServer('server', true)
    const client = { certFile: pem('client'), keyFile: keyOf('client') }
    expect((await asked(await testProxy({ prometheus: { url, caFile: pem('ca'), ...client } }))).status).toBe(200)
    expect(new Set(clients)).toEqual(new Set(['ann']))
  })

  test('never shows our own client certificate beside a viewer’s token: it would be taken for the viewer', async () => {
    const { url, clients } = await tlsServer('server', true)
    const client = { caFile: pem('ca'), certFile: pem('client'), keyFile: keyOf('client') }
    const proxy = await testProxy({ kubernetes: { url, ...client } }, { auth: { mode: 'bearer' } })
    await fetch(`${proxy.url}/api/session`, { headers: { authorization: 'Bearer viewers-own' } })
    expect(clients.length).toBeGreaterThan(0)
    expect(new Set(clients)).toEqual(new Set(['none']))
  })
})

describe('credentials for Prometheus', () => {
  test('are headers, basic, or a token from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meshboard-credentials-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const secret = join(folder, 'secret')
    await writeFile(secret, 's3cret\n')
    const prometheus = await testServer(vector())
    const { url } = prometheus
    const sentWith = async (more: object) => {
      await asked(await testProxy({ prometheus: { url, ...more } }))
      return prometheus.received.at(-1)?.headers
    }
    expect(await sentWith({ headers: { 'X-Scope-OrgID': 'team-a' } })).toMatchObject({ 'x-scope-orgid': 'team-a' })
    expect(await sentWith({ basicAuth: { username: 'me', passwordFile: secret } })).toMatchObject({
      authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}`,
    })
    expect(await sentWith({ bearerTokenFile: secret })).toMatchObject({ authorization: 'Bearer s3cret' })
    const missing = await asked(await testProxy({ prometheus: { url, bearerTokenFile: join(folder, 'none') } }))
    expect(missing).toEqual({ status: 502, message: expect.stringContaining('cannot be read') as string })
  })
})

describe('a Service behind the API server', () => {
  test('is asked with Meshboard’s own credentials there, tenant header included', async () => {
    const kubernetes = await testServer(json({ status: 'success', data: { resultType: 'vector', result: [] } }))
    const proxy = await testProxy({
      kubernetes: { url: `${kubernetes.url}/k8s/clusters/c-1`, token: 'configured' },
      prometheus: {
        service: { namespace: 'monitoring', name: 'prometheus', port: 9090, path: '/sub' },
        headers: { 'X-Scope-OrgID': 'team-a' },
      },
    })
    expect((await asked(proxy)).status).toBe(200)
    // Beside it the settings are looked for.
    expect(kubernetes.received.find(({ url }) => url.includes('/proxy/'))).toMatchObject({
      method: 'GET',
      url: expect.stringMatching(
        /^\/k8s\/clusters\/c-1\/api\/v1\/namespaces\/monitoring\/services\/http:prometheus:9090\/proxy\/sub\/api\/v1\/query\?/,
      ) as string,
      headers: { authorization: 'Bearer configured', 'x-scope-orgid': 'team-a' },
    })
  })
})

test('viewers’ tokens are shown to the address for viewers, and Meshboard’s own token to its own', async () => {
  const rancher = await testServer((received, response) => {
    const status = received.url.includes('accessreviews') ? { allowed: true } : { userInfo: { username: 'u-ann' } }
    json({ status }, 201)(received, response)
  })
  const kubernetes = await testServer(json({ kind: 'APIVersions', versions: ['v1'] }))
  const proxy = await testProxy(
    { kubernetes: { url: kubernetes.url, token: 'own', viewersUrl: `${rancher.url}/k8s/clusters/c-m-1` } },
    { auth: { mode: 'bearer' } },
  )
  const session = await fetch(`${proxy.url}/api/session`, { headers: { 'x-meshboard-token': 'token-x:key' } })
  expect(await session.json()).toMatchObject({ user: { name: 'u-ann' } })
  await fetch(`${proxy.url}/readyz`)
  const seen = (server: typeof rancher) => new Set(server.received.map(({ headers }) => headers.authorization))
  expect(seen(rancher)).toEqual(new Set(['Bearer token-x:key']))
  expect(rancher.received.every(({ url }) => url.startsWith('/k8s/clusters/c-m-1/'))).toBe(true)
  expect(seen(kubernetes)).toEqual(new Set(['Bearer own']))
})

describe('a proxy on the way', () => {
  test('carries TLS through a tunnel, and plain HTTP whole', async () => {
    const { url } = await tlsServer('server')
    const seen: string[] = []
    const plain = await testServer(vector())
    const between = createHttpServer((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(answer)
    })
    between.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url}`)
      const [, port] = (request.url ?? '').split(':')
      const through = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        through.pipe(socket).pipe(through)
      })
      for (const end of [socket, through]) end.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void between.close())
    const address = `http://127.0.0.1:${(between.address() as AddressInfo).port}`
    const environment = { HTTPS_PROXY: address, http_proxy: address }

    const name = url.replace('localhost', 'prometheus.example.org')
    const tls = { url: name, caFile: pem('ca'), serverName: 'localhost' }
    expect((await asked(await testProxy({ prometheus: tls }, {}, { environment }))).status).toBe(200)
    expect(seen[0]).toBe(`CONNECT ${new URL(name).host}`)
    const http = { url: 'http://prometheus.example.org:9090' }
    expect((await asked(await testProxy({ prometheus: http }, {}, { environment }))).status).toBe(200)
    expect(seen.at(-1)).toBe('POST http://prometheus.example.org:9090/api/v1/query')
    expect((await asked(await testProxy({ prometheus: { url: plain.url } }, {}, { environment }))).status).toBe(200)
    expect(plain.received.length).toBeGreaterThan(0)
  })

  test.each([
    ['https://api.example.org', {}, undefined],
    ['https://api.example.org', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://api.example.org', { https_proxy: 'p:3128' }, 'http://p:3128'],
    ['http://api.example.org', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['http://localhost:9090', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['http://127.0.0.1:9090', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['http://[::1]:9090', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['https://10.43.0.1', { HTTPS_PROXY: 'http://p:3128', NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.43.0.1', { HTTPS_PROXY: 'http://p:3128', NO_PROXY: '10.0.0.0/8' }, 'http://p:3128'],
    ['https://kube.svc', { HTTPS_PROXY: 'http://p:3128', no_proxy: 'a.org, .svc' }, undefined],
    ['https://api.a.org', { HTTPS_PROXY: 'http://p:3128', no_proxy: 'a.org' }, undefined],
    ['https://ba.org', { HTTPS_PROXY: 'http://p:3128', no_proxy: 'a.org' }, 'http://p:3128'],
    ['https://a.org', { HTTPS_PROXY: 'http://p:3128', no_proxy: '.a.org' }, 'http://p:3128'],
    ['https://a.org', { HTTPS_PROXY: 'http://p:3128', no_proxy: 'a.org:8443' }, 'http://p:3128'],
    ['https://a.org:8443', { HTTPS_PROXY: 'http://p:3128', no_proxy: 'a.org:8443' }, undefined],
    ['https://a.org', { HTTPS_PROXY: 'http://p:3128', no_proxy: '*' }, undefined],
  ])('%s with %j goes by %s', (url, environment, expected) => {
    expect(proxyOf(environment)(new URL(url))).toBe(expected)
  })
})
