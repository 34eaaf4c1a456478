import { connect } from 'node:net'
import { request as requestHttps } from 'node:https'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProxyConfig } from './config.ts'
import { readConfig } from './config.ts'
import { misbehaviour, testProxy, testServer, vector } from './testServer.ts'

interface Ready {
  readonly ready: boolean
  readonly configuration: { readonly current: boolean; readonly message?: string }
  readonly upstreams: readonly { readonly cluster: string }[]
}

test('a changed configuration is in force without a restart; a broken one changes nothing, and is said', async () => {
  const prometheus = await testServer(vector())
  const lines: string[] = []
  const clusters = (...names: string[]) => names.map((name) => ({ name, prometheus: { url: prometheus.url } }))
  let written: unknown = { clusters: clusters('blue'), logLevel: 'info' } satisfies ProxyConfig
  const proxy = await testProxy(
    { prometheus: { url: prometheus.url } },
    { logLevel: 'info' },
    {
      logTo: { write: (line) => void lines.push(line) },
      reread: () => Promise.resolve().then(() => readConfig(written)),
      rereadSeconds: 0.02,
    },
  )
  const ready = async (): Promise<Ready> => (await (await fetch(`${proxy.url}/readyz`)).json()) as Ready
  const names = async (): Promise<readonly string[]> => (await ready()).upstreams.map(({ cluster }) => cluster)
  expect(await names()).toEqual(['blue'])

  written = { clusters: clusters('blue', 'green'), logLevel: 'info', port: 1 }
  await expect.poll(names).toEqual(['blue', 'green'])
  expect(lines.join('')).toContain('"needsRestart":["port"]')

  written = { clusters: clusters('Not A Name') }
  await expect
    .poll(async () => (await ready()).configuration)
    .toMatchObject({
      current: false,
      message: 'clusters.0.name: is not a DNS label (a-z, 0-9, -); got "Not A Name"',
    })
  expect(await names()).toEqual(['blue', 'green'])
  expect((await fetch(`${proxy.url}/readyz`)).status).toBe(200)
  expect((await fetch(`${proxy.url}/api/clusters/green/telemetry/mtls`)).status).toBe(200)
  expect(await (await fetch(`${proxy.url}/metrics`)).text()).toContain('meshboard_configuration_in_force 0')
  const said = lines.filter((line) => line.includes('the old one stays in force'))
  expect(said).toHaveLength(1)

  written = { clusters: clusters('green') }
  await expect.poll(names).toEqual(['green'])
  expect((await ready()).configuration).toEqual({ current: true })
})

test('the listener’s own limits are in force without a restart too', async () => {
  const prometheus = await testServer(misbehaviour.hang)
  const lines: string[] = []
  const patient = { leaveSeconds: 60, drainSeconds: 600, requestSeconds: 600 }
  const config = (limits: ProxyConfig['limits']): ProxyConfig => ({
    clusters: [{ name: 'blue', prometheus: { url: prometheus.url } }],
    logLevel: 'info',
    limits,
  })
  let written = config(patient)
  const proxy = await testProxy(
    { prometheus: { url: prometheus.url } },
    { logLevel: 'info', limits: patient },
    {
      logTo: { write: (line) => void lines.push(line) },
      reread: () => Promise.resolve(written),
      rereadSeconds: 0.02,
    },
  )
  written = config({ leaveSeconds: 0, drainSeconds: 0.2, requestSeconds: 0.5 })
  await expect.poll(() => lines.join('')).toContain('the new configuration is in force')

  const slow = connect(proxy.port, '127.0.0.1')
  onTestFinished(() => void slow.destroy())
  slow.resume().write('GET / HTTP/1.1\r\nHost: localhost\r\nX-')
  await new Promise((resolve) => slow.once('close', resolve))

  const hanging = fetch(`${proxy.url}/api/clusters/blue/telemetry/mtls`).catch(() => 'cut')
  await expect.poll(() => prometheus.received.length).toBeGreaterThan(0)
  await proxy.close()
  expect(await hanging).toBe('cut')
}, 20_000)

describe('the listener', () => {
  test('takes a configured prefix off, and answers without it too', async () => {
    const proxy = await testProxy({}, { basePath: '/ops/mesh/' })
    expect((await fetch(`${proxy.url}/ops/mesh/api/session`)).status).toBe(200)
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
    const bare = await fetch(`${proxy.url}/ops/mesh?a=1`, { redirect: 'manual' })
    expect([bare.status, bare.headers.get('location')]).toEqual([308, 'mesh/?a=1'])
  })

  test('speaks TLS with the configured certificate', async () => {
    const pem = (name: string): string => fileURLToPath(new URL(`./testCertificates/${name}`, import.meta.url))
    const proxy = await testProxy({}, { tls: { certFile: pem('server.pem'), keyFile: pem('server.key') } })
    expect(proxy.url).toMatch(/^https:\/\//)
    const status = await new Promise((resolve, reject) => {
      const url = `${proxy.url}/healthz`.replace('127.0.0.1', 'localhost')
      const sent = requestHttps(url, { ca: readFileSync(pem('ca.pem')) }, (response) => resolve(response.statusCode))
      sent.on('error', reject)
      sent.end()
      onTestFinished(() => void sent.destroy())
    })
    expect(status).toBe(200)
  })

  test('a certificate that cannot be read is a complaint with its key', async () => {
    await expect(
      testProxy({}, { tls: { certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' } }),
    ).rejects.toThrow('tls.certFile: cannot be read; got "/nowhere/cert.pem"')
  })
})

describe('forwarded headers', () => {
  const said = { 'x-forwarded-host': 'mesh.example.org', 'x-forwarded-proto': 'https' }

  test('of a trusted proxy name the host that was asked for', async () => {
    const proxy = await testProxy({}, { trustedProxies: ['127.0.0.0/8'], allowedHosts: ['mesh.example.org'] })
    expect((await fetch(`${proxy.url}/api/session`, { headers: said })).status).toBe(200)
    expect((await fetch(`${proxy.url}/api/session`, { headers: { 'x-forwarded-host': 'evil.org' } })).status).toBe(421)
  })

  test('of anybody else are not believed', async () => {
    const proxy = await testProxy({}, { trustedProxies: ['10.0.0.0/8'] })
    expect((await fetch(`${proxy.url}/api/session`, { headers: { 'x-forwarded-host': 'evil.org' } })).status).toBe(200)
  })
})
