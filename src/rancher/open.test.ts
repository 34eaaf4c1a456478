import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RancherEntry } from '../clients/session/rancher.ts'
import type { RancherCluster, Session } from '../clients/session/wire.ts'
import { personas } from '../demo/cluster/personas.ts'
import { startCluster } from '../demo/cluster/server.ts'
import type { Listening } from '../demo/launch/listen.ts'
import { type Rancher, cookiesOf, csrfToken, startRancher } from '../demo/testing/rancher.ts'
import { type TestServer, standingServer, vector } from '../proxy/testServer.ts'
import { openRancher } from './open.ts'

let cluster: Listening
let prometheus: TestServer & { readonly close: () => Promise<void> }
let rancher: Rancher
let answer = vector()
const service = { namespace: 'istio-system', name: 'prometheus', port: 9090 }

beforeAll(async () => {
  cluster = await startCluster({ seed: 1 })
  prometheus = await standingServer((received, response) => answer(received, response))
  rancher = await startRancher({
    cluster: cluster.url,
    services: { 'istio-system/http:prometheus:9090': prometheus.url },
  })
})
afterEach(() => {
  answer = vector()
})
afterAll(async () => {
  await rancher.close()
  await prometheus.close()
  await cluster.close()
})

const offered: RancherCluster = { isShared: false, cluster: { name: 'east', label: 'East', prometheus: { service } } }

/** As the browser of somebody who is logged in to Rancher by this token. */
function enter(token: string, more: Partial<Parameters<typeof openRancher>[0]> = {}): Promise<RancherEntry> {
  return openRancher({
    clusters: [offered],
    others: [
      { name: 'east', label: 'East' },
      { name: 'west', label: 'West' },
    ],
    root: rancher.root,
    by: (url, init) => fetch(url, { ...init, headers: { ...(init.headers as object), cookie: cookiesOf(token) } }),
    namespace: 'meshboard',
    csrf: () => csrfToken,
    ...more,
  })
}
const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? ''

async function opened(token = tokenOf('owner'), more = {}) {
  const entry = await enter(token, more)
  if (entry.kind !== 'open') throw new Error(`not open: ${JSON.stringify(entry)}`)
  return async (path: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly json: unknown }> => {
    const response = await entry.answer(path, init)
    if (response === undefined) throw new Error(`${path} was left to the server`)
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
  }
}

describe('an owner who is logged in to Rancher', () => {
  test('needs no other login, and is told of the clusters that do', async () => {
    const ask = await opened()
    const { json } = await ask('api/session')
    expect(json).toMatchObject({
      mode: 'rancher',
      user: { name: 'olivia' },
      clusters: [{ name: 'east', label: 'East', namespaces: null }],
      otherClusters: [{ name: 'west', label: 'West' }],
    })
    const { capabilities } = (json as Session).clusters[0] ?? {}
    expect(capabilities).toMatchObject({ graph: { allowed: true }, settings: { allowed: true } })
  })

  test('asks the named questions of Prometheus through the API server', async () => {
    answer = vector({ metric: { source_workload: 'web' }, value: [1, '2'] })
    const ask = await opened()
    const { status, json } = await ask('api/clusters/east/telemetry/requests?namespaces=shop-web&window=300s')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      status: 'success',
      data: { result: [{ metric: { source_workload: 'web' } }, { metric: { source_workload: 'web' } }] },
      meshboard: { namespaces: ['shop-web'], queries: [{ promql: expect.stringContaining('shop-web') as string }, {}] },
    })
    const seen = rancher.handed.at(-1)
    expect(seen?.path).toMatch(/^\/api\/v1\/query/)
    expect(seen?.headers.authorization).toBeUndefined()
  })

  test('has objects, tools, namespaces, settings and both raw doors', async () => {
    const ask = await opened()
    expect((await ask('api/clusters/east/objects')).json).toMatchObject({ namespaces: null, missing: [] })
    expect((await ask('api/clusters/east/tools')).json).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: 'kiali', state: 'open' })]) as unknown,
    })
    expect((await ask('api/clusters/east/namespaces')).json).toMatchObject({
      namespaces: expect.arrayContaining([expect.objectContaining({ name: 'bookinfo' })]) as unknown,
    })
    expect((await ask('api/clusters/east/settings/access')).json).toMatchObject({ mayEdit: true })
    expect((await ask('api/clusters/east/kubernetes/api/v1/namespaces')).json).toMatchObject({ kind: 'NamespaceList' })
    expect((await ask('api/clusters/east/kubernetes/api/v1/secrets')).status).toBe(404)
    const form = { method: 'POST', body: new URLSearchParams({ query: 'up' }) }
    expect((await ask('api/clusters/east/prometheus/api/v1/query', form)).json).toMatchObject({ status: 'success' })
  })

  test('leaves logging in and out, the page and other clusters to the server', async () => {
    const entry = await enter(tokenOf('owner'))
    if (entry.kind !== 'open') throw new Error('not open')
    for (const method of ['POST', 'DELETE']) expect(entry.answer('api/session', { method })).toBeUndefined()
    for (const path of ['api/session/login', 'api/clusters/west/objects', 'traffic-graph', 'readyz'])
      expect(entry.answer(path, {}), path).toBeUndefined()
  })

  test('is told where Rancher no longer knows the session, and where Prometheus fails', async () => {
    let token = tokenOf('owner')
    const by = (url: string, init: RequestInit) =>
      fetch(url, { ...init, headers: { ...(init.headers as object), cookie: cookiesOf(token) } })
    const ask = await opened(token, { by })
    answer = (_, response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<html>')
    expect(await ask('api/clusters/east/telemetry/mtls')).toMatchObject({
      status: 502,
      json: { error: { code: 'upstream_not_json', message: expect.stringContaining('Prometheus of East') as string } },
    })
    token = 'gone'
    expect(await ask('api/clusters/east/objects')).toMatchObject({
      status: 401,
      json: {
        error: { code: 'rancher_refused', message: expect.stringContaining('your session there has ended') as string },
      },
    })
  })

  test('is let in though Prometheus is down: the page says so', async () => {
    answer = (_, response) => void response.destroy()
    expect((await enter(tokenOf('owner'))).kind).toBe('open')
  })
})

describe('whoever is no owner', () => {
  test('is told by name what an owner has, and how to check it', async () => {
    expect(await enter(tokenOf('shop-member'))).toEqual({
      kind: 'closed',
      name: 'samir',
      reason: 'It takes the permission to list pods everywhere',
      check: 'kubectl auth can-i list pods --all-namespaces',
    })
  })

  test('is left alone where nobody is logged in, where the page came another way, and where no cluster is offered', async () => {
    expect(await enter('nobody')).toEqual({ kind: 'none' })
    expect(await enter(tokenOf('owner'), { root: `${rancher.url}/elsewhere/` })).toEqual({ kind: 'none' })
    expect(await enter(tokenOf('owner'), { clusters: [] })).toEqual({ kind: 'none' })
    expect(await enter(tokenOf('owner'), { clusters: [{ ...offered, id: 'c-m-other' }] })).toEqual({ kind: 'none' })
    expect((await enter(tokenOf('owner'), { clusters: [{ ...offered, id: 'c-m-abc' }] })).kind).toBe('open')
  })
})
