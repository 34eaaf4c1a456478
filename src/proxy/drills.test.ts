import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunningProxy } from './serve.ts'
import { type Answer, json, misbehaviour, testProxy, testServer, vector } from './testServer.ts'

/** What goes wrong around a running Meshboard: what the page is told, what `/readyz` says, and that it comes back without a restart. */

const pem = (name: string): string => fileURLToPath(new URL(`./testCertificates/${name}.pem`, import.meta.url))

interface Told {
  readonly status: number
  readonly code: string | undefined
  readonly message: string
}

async function ask({ url }: RunningProxy, token?: string): Promise<Told> {
  const headers: Record<string, string> = token === undefined ? {} : { 'x-meshboard-token': token }
  const response = await fetch(`${url}/api/clusters/blue/telemetry/mtls`, { headers })
  const { error } = (await response.json()) as { readonly error?: { readonly code: string; readonly message: string } }
  return { status: response.status, code: error?.code, message: error?.message ?? '' }
}

async function readyOf({ url }: RunningProxy): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(`${url}/readyz`)
  const { complete, upstreams } = (await response.json()) as {
    readonly complete: boolean
    readonly upstreams: readonly { readonly upstream: string; readonly reachable: boolean; readonly message?: string }[]
  }
  expect(response.status).toBe(200)
  expect(complete).toBe(upstreams.every(({ reachable }) => reachable))
  return Object.fromEntries(
    upstreams.map(({ upstream, reachable, message }) => [upstream, reachable ? 'ok' : (message ?? '')]),
  )
}

describe('Prometheus', () => {
  test.each<readonly [string, Answer, number, string, string]>([
    ['hangs', misbehaviour.hang, 504, 'upstream_timeout', 'did not answer within 5 s'],
    ['answers 500', misbehaviour.html500, 502, 'upstream_not_json', 'answered with an HTML page (HTTP status 500)'],
    [
      'answers 503 in its own words',
      json({ status: 'error', errorType: 'unavailable', error: 'starting' }, 503),
      503,
      'prometheus_failed',
      'Prometheus could not answer: starting',
    ],
    [
      'answers with a login page',
      misbehaviour.html,
      502,
      'upstream_not_json',
      'answered with an HTML page (HTTP status 200)',
    ],
    ['sends elsewhere', misbehaviour.redirect, 502, 'upstream_redirect', 'redirect to login.example.org'],
    ['answers half', misbehaviour.truncated, 502, 'upstream_not_json', 'not complete JSON'],
    ['breaks off within an answer', misbehaviour.cutOff, 502, 'upstream_unreachable', 'the connection broke off'],
    ['answers nothing', misbehaviour.empty, 502, 'upstream_not_json', 'answered with nothing'],
  ])('%s: it is said, nothing else stops, and it comes back', async (_, wrong, status, code, words) => {
    let answer: Answer = vector()
    const prometheus = await testServer((received, response) => answer(received, response))
    // Only what hangs waits for this.
    const limits = { upstreamSeconds: code === 'upstream_timeout' ? 5 : 60, readySeconds: 5, answerSeconds: 0 }
    const proxy = await testProxy({ prometheus: { url: prometheus.url } }, { limits })
    expect(await ask(proxy)).toMatchObject({ status: 200 })

    answer = wrong
    expect(await ask(proxy)).toEqual({ status, code, message: expect.stringContaining(words) as string })
    expect((await readyOf(proxy))['prometheus']).not.toBe('ok')
    expect((await fetch(`${proxy.url}/api/session`)).status).toBe(200)
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
    const metrics = await (await fetch(`${proxy.url}/metrics`)).text()
    expect(metrics).toContain(`meshboard_refusals_total{rule="${code}"} 1`)

    answer = vector()
    expect(await ask(proxy)).toMatchObject({ status: 200 })
    expect(await readyOf(proxy)).toEqual({ prometheus: 'ok' })
  })

  test('restarts: refused while it is away, answered as soon as it is back at its address', async () => {
    const prometheus = await restartable(vector())
    const proxy = await testProxy({ prometheus: { url: prometheus.url } }, { limits: { answerSeconds: 0 } })
    expect(await ask(proxy)).toMatchObject({ status: 200 })
    for (const round of [1, 2]) {
      await prometheus.stop()
      const told = await ask(proxy)
      expect(told, `round ${round}`).toMatchObject({ status: 502, code: 'upstream_unreachable' })
      expect(told.message).toContain('connection refused')
      await prometheus.start()
      expect(await ask(proxy), `round ${round}`).toMatchObject({ status: 200 })
    }
  })
})

describe('the API server', () => {
  /** Knows one token; its reviews allow everything. */
  const apiServer: Answer = (received, response) => {
    if (received.headers.authorization !== 'Bearer good') {
      json({ kind: 'Status', apiVersion: 'v1', code: 401 }, 401)(received, response)
      return
    }
    const status = received.url.includes('accessreviews') ? { allowed: true } : { userInfo: { username: 'ann' } }
    json({ status }, 201)(received, response)
  }
  const settings = {
    auth: { mode: 'bearer' as const },
    limits: { reviewSeconds: 0, answerSeconds: 0 },
  }

  test('is away: every door stays shut, with the reason; the same token opens them when it is back', async () => {
    const kubernetes = await restartable(apiServer)
    const prometheus = await testServer(vector())
    const proxy = await testProxy(
      { prometheus: { url: prometheus.url }, kubernetes: { url: kubernetes.url } },
      settings,
    )
    expect(await ask(proxy, 'good')).toMatchObject({ status: 200 })
    const before = prometheus.received.length

    await kubernetes.stop()
    const told = await ask(proxy, 'good')
    expect(told).toMatchObject({ status: 502, code: 'upstream_unreachable' })
    expect(told.message).toContain('The Kubernetes API of blue cannot be reached: connection refused')
    // A failure of the reviews is not a yes.
    expect(prometheus.received).toHaveLength(before)
    // And not a no either: nobody is asked to log in again.
    const session = await fetch(`${proxy.url}/api/session`, { headers: { 'x-meshboard-token': 'good' } })
    expect(session.status).toBe(502)
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)

    await kubernetes.start()
    expect(await ask(proxy, 'good')).toMatchObject({ status: 200 })
    expect(await ask(proxy, 'bad')).toMatchObject({ status: 401 })
  })

  test('is away for a minute: who was known stays known for as long as reviews are believed, and no longer', async () => {
    const kubernetes = await restartable(apiServer)
    const prometheus = await testServer(vector())
    const limits = { reviewSeconds: 1, answerSeconds: 0 }
    const proxy = await testProxy(
      { prometheus: { url: prometheus.url }, kubernetes: { url: kubernetes.url } },
      { ...settings, limits },
    )
    expect(await ask(proxy, 'good')).toMatchObject({ status: 200 })
    await kubernetes.stop()
    await expect.poll(async () => (await ask(proxy, 'good')).status, { timeout: 20_000 }).toBe(502)
    await kubernetes.start()
    expect(await ask(proxy, 'good')).toMatchObject({ status: 200 })
  })
})

describe('TLS', () => {
  test.each([
    ['an expired certificate', 'expired', 'expired', 'its TLS certificate has expired'],
    ['an authority that is not the configured one', 'server', 'expired', 'its TLS certificate is not trusted'],
  ])('%s is named, and the message names neither address nor authority', async (_, certificate, ca, words) => {
    const server = createTlsServer(
      { cert: readFileSync(pem(certificate)), key: readFileSync(pem(certificate).replace(/pem$/, 'key')) },
      (_request, response) => void response.end('{}'),
    )
    const url = `https://localhost:${await listening(server)}`
    onTestFinished(() => void server.close())
    const proxy = await testProxy({ prometheus: { url, caFile: pem(ca) } }, { limits: { readySeconds: 30 } })
    const told = await ask(proxy)
    expect(told).toMatchObject({ status: 502, code: 'upstream_unreachable' })
    expect(told.message).toContain(words)
    expect(told.message).not.toContain('localhost')
    expect((await readyOf(proxy))['prometheus']).toContain(words)
  })
})

interface Restartable {
  readonly url: string
  /** Cuts every connection and frees the port. */
  readonly stop: () => Promise<void>
  /** Listens at the same port again. */
  readonly start: () => Promise<void>
}

async function restartable(answer: Answer): Promise<Restartable> {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const { url = '', method = '', headers } = request
      answer({ url, method, headers, body: Buffer.concat(chunks).toString() }, response)
    })
  }
  let server = createServer(handle)
  const port = await listening(server)
  const stop = (): Promise<void> => {
    server.closeAllConnections()
    return new Promise((resolve) => void server.close(() => resolve()))
  }
  onTestFinished(stop)
  return {
    url: `http://127.0.0.1:${port}`,
    stop,
    start: async () => {
      server = createServer(handle)
      await listening(server, port)
    },
  }
}

async function listening(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
