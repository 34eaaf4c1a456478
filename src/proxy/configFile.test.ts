import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readWritten } from './configFile.ts'

async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-config-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'meshboard.yaml')
  await writeFile(file, text)
  return file
}

const complaintsOf = (text: string, environment: Record<string, string> = {}): Promise<string> =>
  fileOf(text)
    .then((file) => readWritten(file, environment))
    .then(
      () => 'none',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )

const two = `
auth: { mode: token }
frameAncestors: ["'self'", https://console.example.org]
trustedProxies: [10.0.0.0/8, fd00::1]
clusters:
  - name: east
    color: '#0ab1c2'
    kubernetes: { inCluster: true, browserUrl: https://rancher.example.org/k8s/clusters/c-m-abc }
    prometheus:
      url: https://mimir.example.org/prometheus
      headers: { X-Scope-OrgID: east }
      basicAuth: { username: meshboard, passwordFile: /run/secrets/password }
      caFile: /etc/ca.pem
      matchers: [{ label: cluster, op: '=', value: east }]
    tools:
      kiali: { service: { namespace: istio-system, name: kiali, port: 20001 } }
      grafana: { url: https://grafana.example.org }
    traces: { kind: tempo, url: http://tempo.tracing:3200 }
  - name: west
    kubernetes: { context: west, kubeconfig: /etc/kubeconfig }
    prometheus: { service: { namespace: monitoring, name: prometheus, port: web } }
`

test('a file of two clusters is read with its defaults', async () => {
  const config = await readWritten(await fileOf(two), {})
  expect(config).toMatchObject({
    auth: { mode: 'token' },
    peers: 'namespace',
    clusters: [
      {
        name: 'east',
        label: 'east',
        tools: { kiali: { service: { scheme: 'http', path: '/', port: 20001 } } },
        traces: { kind: 'tempo', headers: {} },
      },
      { name: 'west', prometheus: { service: { port: 'web' }, matchers: [] } },
    ],
  })
})

describe('variables', () => {
  test('go over the file, and options over variables', async () => {
    const file = await fileOf(two)
    const environment = {
      PORT: '9001',
      MESHBOARD_PEERS: 'hide',
      MESHBOARD_FRAME_ANCESTORS: 'https://a.org, https://b.org',
    }
    const flags = [{ option: '--port', key: 'port', value: 9002 }]
    expect(await readWritten(file, environment, flags)).toMatchObject({
      port: 9002,
      peers: 'hide',
      frameAncestors: ['https://a.org', 'https://b.org'],
    })
  })

  test('are enough for one cluster', async () => {
    const config = await readWritten(undefined, { MESHBOARD_PROMETHEUS_URL: 'http://prometheus:9090', PORT: '0' })
    expect(config).toMatchObject({
      port: 0,
      clusters: [{ name: 'local', prometheus: { url: 'http://prometheus:9090' } }],
    })
  })

  test('that Kubernetes sets for a Service named meshboard change nothing', async () => {
    const environment = { MESHBOARD_PORT: 'tcp://10.43.0.7:80', MESHBOARD_SERVICE_HOST: '10.43.0.7' }
    expect((await readWritten(await fileOf(two), environment)).port).toBe(8080)
  })
})

describe('every complaint names the key, what it takes and what it got', () => {
  test.each([
    ['peers: most', {}, 'peers: takes "hide", "namespace", "full"; got "most"'],
    ['', { MESHBOARD_PEERS: 'most' }, 'peers (MESHBOARD_PEERS): takes "hide", "namespace", "full"; got "most"'],
    ['', { PORT: 'http' }, 'port (PORT): takes a number; got "http"'],
    ['port: 70000', {}, 'port: takes at most 65535; got 70000'],
    ['auth: token', {}, 'auth: takes an object; got "token"'],
    ['auth: { mode: ldap }', {}, 'auth.mode: takes "open", "token", "bearer", "kubeconfig", "demo"; got "ldap"'],
    ['peer: hide', {}, 'peer: is not known here; it takes allowedHosts, auth, '],
    [
      'clusters: [{ promtheus: 1 }]',
      {},
      'clusters.0.promtheus: is not known here; it takes color, health, istioCluster, ',
    ],
    [
      'health: [{ protocol: http, codes: 5XX, degraded: 3 }]',
      {},
      'health.0.degraded: takes a ratio from 0 to 1, such as 0.05 for 5%; got 3',
    ],
    [
      'clusters: [{ name: a, health: [{ protocol: http }] }]',
      {},
      'clusters.0.health.0.codes: is missing; it takes an expression over response codes',
    ],
    ['clusters: [{ prometheus: { url: "http://p" } }]', {}, 'clusters.0.name: is missing; it takes a text'],
    [
      'clusters: [{ name: a }]',
      {},
      'clusters.0.prometheus.url: is missing, and looking for it takes kubernetes beside it',
    ],
    [
      'trustedProxies: [10.0.0.0/33]',
      {},
      'trustedProxies.0: is not an IP address or a range like 10.0.0.0/8; got "10.0.0.0/33"',
    ],
    ['basePath: mesh', {}, 'basePath: is not a path that begins and ends with a slash; got "mesh"'],
    [
      'clusters: [{ name: a, kubernetes: { url: "https://k", inCluster: true } }]',
      {},
      'clusters.0.kubernetes: takes exactly one of url, context (or kubeconfig) and inCluster; got an object',
    ],
    [
      'clusters: [{ name: a, prometheus: { url: "http://p" }, tools: { kiali: {} } }]',
      {},
      'clusters.0.tools.kiali: takes exactly one of url and service',
    ],
    [
      'clusters: [{ name: a, prometheus: { url: "http://p", certFile: c } }]',
      {},
      'clusters.0.prometheus: has one of certFile and keyFile',
    ],
    [
      'auth: { mode: bearer }\nclusters: [{ name: a, prometheus: { url: "http://p" } }]',
      {},
      'clusters.0.kubernetes: is missing: where auth.mode is bearer',
    ],
    [
      'host: 0.0.0.0\nauth: { mode: kubeconfig }\nclusters: [{ name: a, kubernetes: { context: a } }]',
      {},
      'host: takes a loopback address (127.0.0.1, ::1, localhost) where auth.mode is kubeconfig; got "0.0.0.0"',
    ],
  ])('%s %j', async (text, environment, complaint) => {
    expect(await complaintsOf(text, environment)).toContain(complaint)
  })

  test.each([
    ['clusters: [', 'meshboard.yaml: is not YAML: '],
    ['- a', 'meshboard.yaml: holds a list'],
    ['text', 'meshboard.yaml: holds a single value'],
  ])('what is no configuration at all: %s', async (text, complaint) => {
    expect(await complaintsOf(text)).toContain(complaint)
  })

  test('and never a secret', async () => {
    const text = `
auth: { cookieKeys: [T0KEN], personas: [{ id: a, label: 1, token: T0KEN }] }
clusters:
  - name: a
    prometheus: { url: 'ftp://me:T0KEN@host', headers: { Authorization: "T0KEN\\u0000" } }
    kubernetes: { url: 'https://k', token: [T0KEN] }`
    const complaints = await complaintsOf(text)
    expect(complaints).toContain('auth.cookieKeys.0: is not base64 of 32 bytes; got a text that is not shown')
    expect(complaints).toContain('clusters.0.prometheus.url: is not an http:// or https:// URL; got "ftp://...@host"')
    expect(complaints).not.toContain('T0KEN')
  })

  test('a variable about one cluster does not guess among several', async () => {
    expect(await complaintsOf(two, { MESHBOARD_PROMETHEUS_URL: 'http://p' })).toBe(
      'MESHBOARD_PROMETHEUS_URL: is about a single cluster, and the configuration names 2',
    )
  })
})
