import { connect } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fetchSession } from '../clients/session/session.ts'
import { readConfig } from './config.ts'
import { ConfigError } from './configErrors.ts'
import { createLog } from './log.ts'
import { ListenError, startProxy } from './serve.ts'
import { json, misbehaviour, testProxy, testServer, vector } from './testServer.ts'

const clusters = [{ name: 'blue', prometheus: { url: 'http://127.0.0.1:1' } }]

describe('every answer', () => {
  test.each(['/healthz', '/traffic-graph', '/api/session', '/api/nothing', '/metrics'])(
    '%s carries the security headers',
    async (path) => {
      const proxy = await testProxy({}, { frameAncestors: ["'self'", 'https://rancher.example.org'] })
      const { headers } = await fetch(proxy.url + path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; frame-ancestors 'self' https://rancher.example.org; base-uri 'self'; object-src 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('permissions-policy')).toContain('camera=()')
      expect(headers.get('x-frame-options')).toBeNull()
    },
  )

  test('of the API is compressed where accepted, and never stored', async () => {
    const prometheus = await testServer(
      vector(...Array.from({ length: 200 }, (_, index) => ({ metric: { name: `w${index}` }, value: [1, '2'] }))),
    )
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const response = await fetch(`${proxy.url}/api/clusters/blue/prometheus/api/v1/query?query=up`, {
      headers: { 'accept-encoding': 'gzip' },
    })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify(await response.json())).toContain('w199')
  })

  test('to a named question is the same text, compressed where accepted and as it is elsewhere', async () => {
    const prometheus = await testServer(
      vector(...Array.from({ length: 200 }, (_, index) => ({ metric: { name: `w${index}` }, value: [1, '2'] }))),
    )
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const asked = `${proxy.url}/api/clusters/blue/telemetry/mtls?window=5m&time=1700000000`
    const [packed, again, plain, refused] = await Promise.all(
      ['gzip', 'gzip, br', 'identity', 'gzip;q=0'].map((accepted) =>
        fetch(asked, { headers: { 'accept-encoding': accepted } }),
      ),
    )
    for (const response of [packed, again]) {
      expect(response?.headers.get('content-encoding')).toBe('gzip')
      expect(response?.headers.get('vary')).toContain('Accept-Encoding')
      expect(response?.headers.get('cache-control')).toBe('no-store')
    }
    for (const response of [plain, refused]) expect(response?.headers.get('content-encoding')).toBeNull()
    const texts = new Set<string | undefined>()
    for (const response of [packed, again, plain, refused]) texts.add(await response?.text())
    expect([...texts]).toEqual([expect.stringContaining('w199')])
  })
})

describe('session', () => {
  test('names the mode, the guest and the clusters with what may be done', async () => {
    const proxy = await testProxy(
      { label: 'Blue cluster', color: '#0ab1c2', kubernetes: { url: 'http://127.0.0.1:1' } },
      { auth: { mode: 'demo' } },
    )
    expect(await fetchSession(proxy.url)).toMatchObject({
      mode: 'demo',
      user: { name: 'demo', groups: [] },
      clusters: [
        {
          name: 'blue',
          label: 'Blue cluster',
          color: '#0ab1c2',
          capabilities: {
            graph: { allowed: true },
            kubernetes: { allowed: true },
            kiali: { allowed: false },
            settings: { allowed: false },
          },
        },
      ],
    })
  })
})

describe('readiness', () => {
  test('names every upstream, and is ready when all answer', async () => {
    const prometheus = await testServer(vector())
    const kubernetes = await testServer(json({ kind: 'APIVersions', versions: ['v1'] }))
    const proxy = await testProxy({ prometheus: { url: prometheus.url }, kubernetes: { url: kubernetes.url } })
    const response = await fetch(`${proxy.url}/readyz`)
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        ready: true,
        complete: true,
        configuration: { current: true },
        upstreams: [
          { cluster: 'blue', upstream: 'prometheus', reachable: true },
          { cluster: 'blue', upstream: 'kubernetes', reachable: true },
        ],
      },
    ])
  })

  test('says which one does not answer and why; liveness does not mind', async () => {
    const prometheus = await testServer(misbehaviour.hang)
    const proxy = await testProxy({ prometheus: { url: prometheus.url } }, { limits: { readySeconds: 0.1 } })
    const response = await fetch(`${proxy.url}/readyz`)
    // The page still says what is wrong: a Pod taken out of its Service would say nothing.
    expect(response.status).toBe(200)
    expect((await fetch(`${proxy.url}/readyz?upstreams=required`)).status).toBe(503)
    expect(await response.json()).toMatchObject({
      ready: true,
      complete: false,
      upstreams: [
        { upstream: 'prometheus', reachable: false, message: expect.stringContaining('within 0.1 s') as string },
      ],
    })
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
  })
})

test('metrics count requests by route and status, upstream calls by outcome, refusals by rule', async () => {
  const prometheus = await testServer(vector())
  const proxy = await testProxy({ prometheus: { url: prometheus.url } })
  await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`)
  await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls?window=x`)
  await fetch(`${proxy.url}/api/clusters/blue/prometheus/api/v1/status/config`)
  const text = await (await fetch(`${proxy.url}/metrics`)).text()
  expect(text).toContain(
    'meshboard_http_request_duration_seconds_count{route="/api/clusters/:cluster/telemetry/:question",method="GET",status="200"} 1',
  )
  expect(text).toContain(
    'meshboard_http_request_duration_seconds_count{route="/api/clusters/:cluster/telemetry/:question",method="GET",status="400"} 1',
  )
  expect(text).toContain(
    `meshboard_upstream_duration_seconds_count{cluster="blue",upstream="prometheus",outcome="ok"} ${prometheus.received.length}`,
  )
  expect(text).toContain('meshboard_refusals_total{rule="parameter_invalid"} 1')
  expect(text).toContain('meshboard_refusals_total{rule="prometheus_not_open"} 1')
  expect(text).toContain('process_resident_memory_bytes')
})

describe('the log', () => {
  test('holds no token, whatever fails and whoever sends one', async () => {
    const lines: string[] = []
    const folder = await mkdtemp(join(tmpdir(), 'meshboard-token-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'token'), 'T0KEN-file\n')
    const kubernetes = await testServer(misbehaviour.html500)
    const prometheus = await testServer(misbehaviour.reset)
    const proxy = await testProxy(
      {
        prometheus: {
          url: prometheus.url.replace('//', '//ann:T0KEN-url@'),
          headers: { authorization: 'Bearer T0KEN-header' },
        },
        kubernetes: { url: kubernetes.url, tokenFile: join(folder, 'token') },
      },
      { logLevel: 'trace' },
      { write: (line) => void lines.push(line) },
    )
    const headers = {
      authorization: 'Bearer T0KEN-viewer',
      cookie: 'session=T0KEN-cookie',
      'x-meshboard-token': 'T0KEN-x',
    }
    await fetch(`${proxy.url}/api/clusters/blue/kubernetes/api/v1/pods?continue=T0KEN-query`, { headers })
    await fetch(`${proxy.url}/api/clusters/blue/telemetry/requests`, { headers })
    await fetch(`${proxy.url}/readyz`, { headers })
    expect(kubernetes.received[0]?.headers.authorization).toBe('Bearer T0KEN-file')
    expect(lines.length).toBeGreaterThan(4)
    expect(lines.join('')).toContain('upstream failed')
    expect(lines.join('')).not.toContain('T0KEN')
  })

  test('cuts credentials out of headers and configurations that are logged', () => {
    const lines: string[] = []
    const log = createLog({ logLevel: 'info' }, { write: (line) => void lines.push(line) })
    const bag = {
      authorization: 'T0KEN',
      cookie: 'T0KEN',
      'set-cookie': 'T0KEN',
      'x-meshboard-token': 'T0KEN',
      'x-scope-orgid': 'T0KEN',
      accept: 'kept',
    }
    log.info(bag)
    log.info({ headers: bag })
    log.info({ request: { headers: bag } })
    log.info({ prometheus: { headers: bag }, kubernetes: { token: 'T0KEN' }, token: 'T0KEN', password: 'T0KEN' })
    expect(lines.join('')).not.toContain('T0KEN')
    expect(lines.join('').match(/kept/g)).toHaveLength(4)
  })
})

describe('the log names', () => {
  const asked = async (logUsers: 'hashed' | 'plain') => {
    const lines: string[] = []
    const kubernetes = await testServer((received, response) => {
      const name = received.headers.authorization === 'Bearer T0KEN-ann' ? 'ann' : 'bob'
      const status = received.url.includes('accessreviews') ? { allowed: true } : { userInfo: { username: name } }
      json({ status }, 201)(received, response)
    })
    const prometheus = await testServer(vector({ metric: { secret: 'R3SULT' }, value: [1, '2'] }))
    const proxy = await testProxy(
      { kubernetes: { url: kubernetes.url }, prometheus: { url: prometheus.url } },
      { auth: { mode: 'bearer' }, logUsers, logLevel: 'trace' },
      { write: (line) => void lines.push(line) },
    )
    const ids: (string | null)[] = []
    for (const person of ['ann', 'ann', 'bob']) {
      const response = await fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls?namespaces=q7ery`, {
        headers: { authorization: `Bearer T0KEN-${person}`, 'x-request-id': 'forged' },
      })
      await response.text()
      ids.push(response.headers.get('x-request-id'))
    }
    const text = lines.join('')
    const users = lines.flatMap((line) => /"user":"([^"]*)"/.exec(line)?.[1] ?? [])
    return { text, users, ids, metrics: await (await fetch(`${proxy.url}/metrics`)).text() }
  }

  test('whoever asked by a hash that tells people apart, each request by its id, and never a token, a query or a result', async () => {
    const { text, users, ids } = await asked('hashed')
    expect(users).toHaveLength(3)
    expect(users[0]).toBe(users[1])
    expect(users[2]).not.toBe(users[0])
    expect(users.join()).not.toMatch(/ann|bob/)
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) expect(text).toContain(`"request":"${id}"`)
    for (const secret of ['T0KEN', 'R3SULT', 'q7ery', 'forged']) expect(text).not.toContain(secret)
  })

  test('whoever asked plainly where that is configured; the same question of the same rights is counted as shared', async () => {
    const { users, metrics } = await asked('plain')
    expect(users).toEqual(['ann', 'ann', 'bob'])
    expect(metrics).toMatch(/meshboard_questions_total\{how="asked"\} [1-9]/)
    expect(metrics).toMatch(/meshboard_questions_total\{how="shared"\} [1-9]/)
  })
})

test('a cluster that is silent does not keep the others waiting, and is named with its reason', async () => {
  const silent = await testServer(misbehaviour.hang)
  const answering = await testServer((received, response) => {
    const status = received.url.includes('accessreviews') ? { allowed: true } : { userInfo: { username: 'ann' } }
    json({ status }, 201)(received, response)
  })
  const prometheus = { url: 'http://127.0.0.1:1' }
  const proxy = await startProxy({
    port: 0,
    logLevel: 'silent',
    auth: { mode: 'bearer' },
    limits: { readySeconds: 0.2 },
    clusters: [
      { name: 'silent', label: 'Silent', prometheus, kubernetes: { url: silent.url } },
      { name: 'blue', prometheus, kubernetes: { url: answering.url } },
    ],
  })
  onTestFinished(() => proxy.close())
  const response = await fetch(`${proxy.url}/api/session`, { headers: { authorization: 'Bearer t' } })
  expect(await response.json()).toMatchObject({
    clusters: [{ name: 'blue' }],
    otherClusters: [{ name: 'silent', label: 'Silent', problem: 'Silent did not answer within 0.2 s' }],
  })
})

describe('start and end', () => {
  test('a busy port is one sentence with what to do', async () => {
    const { port } = await testProxy({})
    const error = await startProxy({ port, clusters, logLevel: 'silent' }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ListenError)
    expect(error).toMatchObject({
      code: 'EADDRINUSE',
      message: `Port ${port} on 127.0.0.1 is taken by another process: stop it, or choose another port`,
    })
  })

  test('an address that is not here is one sentence too', async () => {
    const error = await startProxy({ port: 0, host: '203.0.113.7', clusters, logLevel: 'silent' }).catch(
      (caught: unknown) => caught,
    )
    expect(error).toMatchObject({ name: 'ListenError', code: 'EADDRNOTAVAIL' })
  })

  test('close lets a running request end and takes no new one', async () => {
    const prometheus = await testServer((request, response) => void setTimeout(() => vector()(request, response), 200))
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const running = fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`)
    await expect.poll(() => prometheus.received.length).toBeGreaterThan(0)
    const closed = proxy.close()
    await expect(fetch(`${proxy.url}/healthz`)).rejects.toThrow()
    expect((await running).status).toBe(200)
    await closed
  })

  test('close takes requests until the cluster has heard of it, and sends whoever asks elsewhere the next time', async () => {
    const proxy = await testProxy({}, { limits: { leaveSeconds: 60 } })
    const before = await fetch(`${proxy.url}/healthz`)
    expect(before.headers.get('connection')).toBe('keep-alive')
    const closed = proxy.close()
    const during = await fetch(`${proxy.url}/healthz`)
    expect([during.status, during.headers.get('connection')]).toEqual([200, 'close'])
    // Whoever cannot wait says it twice.
    void proxy.close()
    await closed
    await expect(fetch(`${proxy.url}/healthz`)).rejects.toThrow()
  })

  test('close does not wait for a connection that never asked, nor for a request beyond its patience', async () => {
    const prometheus = await testServer(misbehaviour.hang)
    const proxy = await testProxy({ prometheus: { url: prometheus.url } }, { limits: { drainSeconds: 0.2 } })
    const idle = connect(proxy.port, '127.0.0.1')
    onTestFinished(() => void idle.destroy())
    const hanging = fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`).catch(() => 'cut')
    await expect.poll(() => prometheus.received.length).toBeGreaterThan(0)
    const startedAt = performance.now()
    await proxy.close()
    expect(performance.now() - startedAt).toBeLessThan(1500)
    expect(await hanging).toBe('cut')
  })
})

describe('configuration', () => {
  test('defaults are in their place', () => {
    expect(readConfig({ clusters })).toMatchObject({
      auth: { mode: 'open' },
      host: '127.0.0.1',
      port: 8080,
      frameAncestors: ["'self'"],
      clusters: [{ name: 'blue', label: 'blue', prometheus: { headers: {}, matchers: [] } }],
      limits: { upstreamSeconds: 30 },
    })
  })

  test.each([
    ['no cluster', { clusters: [] }, 'clusters: names no cluster'],
    ['two of one name', { clusters: [...clusters, ...clusters] }, 'clusters: has two clusters of one name'],
    [
      'a name that is no label',
      { clusters: [{ name: 'A b', prometheus: { url: 'http://x' } }] },
      'clusters.0.name: is not a DNS label',
    ],
    [
      'a URL that is none',
      { clusters: [{ name: 'a', prometheus: { url: 'prom:9090' } }] },
      'clusters.0.prometheus.url: is not an http:// or https:// URL',
    ],
    [
      'an ancestor that ends the policy',
      { clusters, frameAncestors: ["'self'; script-src *"] },
      'frameAncestors.0: is not one CSP source',
    ],
    [
      'two tokens',
      {
        clusters: [
          {
            ...clusters[0],
            name: 'a',
            prometheus: { url: 'http://x' },
            kubernetes: { url: 'http://x', token: 'T0KEN', tokenFile: 'f' },
          },
        ],
      },
      'has both token and tokenFile',
    ],
  ])('%s is refused by name, without its value', (_, config, complaint) => {
    const read = (): unknown => readConfig(config)
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(complaint)
    expect(read).not.toThrow('T0KEN')
  })
})
