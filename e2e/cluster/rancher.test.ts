import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { LoginPage } from '../../src/clients/session/wire.ts'
import { type RunningProxy, startProxy } from '../../src/proxy/serve.ts'
import { openRancher } from '../../src/rancher/open.ts'
import { connectTo } from './api.ts'
import { exposeAsService, podAddress } from './expose.ts'
import { tokenOf } from './people.ts'

const facts = inject('cluster')
const api = connectTo(facts)
const address = podAddress()
const namespace = 'meshboard'
const proxied = `/api/v1/namespaces/${namespace}/services/http:meshboard-page:80/proxy/`

/** Meshboard and a Prometheus as Services of the real cluster: what Rancher forwards to, with the person's rights. */
describe.skipIf(address === undefined)('behind the service proxy of a real API server', () => {
  let mesh: RunningProxy
  let folder: string
  const asked: string[] = []
  const prometheus = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?', 1).join('')} ${request.headers.authorization ?? 'nobody'}`)
    response.writeHead(200, { 'content-type': 'application/json' })
    const result = [{ metric: { source_workload: 'web' }, value: [1, '7'] }]
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }))
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meshboard-page-'))
    await mkdir(join(folder, 'assets'))
    const page = '<!doctype html><html><head><script type="module" src="./assets/a-12345678.js"></script></head></html>'
    await writeFile(join(folder, 'index.html'), page)
    await writeFile(join(folder, 'assets', 'a-12345678.js'), 'export {}')
    mesh = await startProxy({
      host: address ?? '',
      port: 0,
      logLevel: 'silent',
      staticDir: folder,
      auth: { mode: 'token' },
      clusters: [
        {
          name: 'real',
          kubernetes: {
            url: facts.url,
            caFile: facts.caFile,
            browserUrl: 'https://r.example.org/k8s/clusters/c-m-real',
          },
          prometheus: { url: 'http://rancher-prometheus.meshboard.svc:9090' },
        },
      ],
    })
    await new Promise<void>((resolve) => prometheus.listen(0, address, resolve))
    await exposeAsService(api, { namespace, name: 'meshboard-page', port: 80 }, { address, port: mesh.port })
    const { port } = prometheus.address() as AddressInfo
    await exposeAsService(api, { namespace, name: 'rancher-prometheus', port: 9090 }, { address, port })
  })
  afterAll(async () => {
    await mesh.close()
    prometheus.close()
    await rm(folder, { recursive: true })
  })

  test.each([
    ['', './'],
    ['traffic-graph?namespaces=bookinfo', './'],
    ['istio/VirtualService/bookinfo/reviews', '../../../'],
  ])('the page at /%s finds its assets', async (path, base) => {
    const answer = await api.demand('GET', proxied + path, { headers: { accept: 'text/html' } })
    expect(answer.text).toContain(`<base href="${base}">`)
    expect(answer.text).toContain('src="./assets/a-12345678.js"')
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'self'")
    expect((await api.demand('GET', `${proxied}assets/a-12345678.js`)).text).toBe('export {}')
  })

  test('Authorization stays with the API server; our own header and our cookie arrive', async () => {
    const bare = await api.ask('GET', `${proxied}api/session`)
    expect(bare.status).toBe(401)
    const ada = { 'x-meshboard-token': tokenOf('ada') }
    expect((await api.demand('GET', `${proxied}api/session`, { headers: ada })).json).toMatchObject({
      user: { name: 'ada' },
    })

    const login = await api.demand('POST', `${proxied}api/session`, {
      body: { token: tokenOf('ada'), prefix: proxied },
    })
    const [cookie = ''] = [login.headers['set-cookie'] ?? []].flat()
    expect(cookie).toContain(`Path=${proxied};`)
    const back = await api.demand('GET', `${proxied}api/session`, {
      headers: { cookie: cookie.split(';', 1).join('') },
    })
    expect(back.json).toMatchObject({ user: { name: 'ada' } })
  })

  /** What the page learns from the server, and asks with what Rancher makes of the person's session. */
  const enter = async (who: string, id: string) => {
    const { json } = await api.demand('GET', `${proxied}api/session/login`)
    const { rancher = [], clusters } = json as LoginPage
    const authorization = `Bearer ${tokenOf(who)}`
    const by = (url: string, init: RequestInit) =>
      fetch(url.replace('/k8s/clusters/c-m-real', ''), {
        ...init,
        headers: { ...(init.headers as object), authorization },
      })
    return openRancher({
      clusters: rancher,
      others: clusters,
      root: `${facts.url}/k8s/clusters/${id}/`,
      by,
      namespace,
      csrf: () => undefined,
    })
  }

  test('an owner needs no login: the browser asks the cluster and Prometheus itself', async () => {
    const entry = await enter('second-owner', 'c-m-real')
    if (entry.kind !== 'open') throw new Error(JSON.stringify(entry))
    const session = await entry.answer('api/session', {})
    expect(await session?.json()).toMatchObject({
      mode: 'rancher',
      user: { name: 'second-owner' },
      clusters: [
        { name: 'real', namespaces: null, capabilities: { graph: { allowed: true }, settings: { allowed: true } } },
      ],
    })
    asked.length = 0
    const told = await entry.answer('api/clusters/real/telemetry/requests?namespaces=bookinfo', {})
    expect(await told?.json()).toMatchObject({
      status: 'success',
      data: { result: [{ metric: { source_workload: 'web' } }, {}] },
    })
    expect(new Set(asked)).toEqual(new Set(['GET /api/v1/query nobody']))
    const objects = await entry.answer('api/clusters/real/objects', {})
    expect(await objects?.json()).toMatchObject({ namespaces: null, missing: [] })
  })

  test('whoever is no owner is told what is missing; another cluster’s page is left alone', async () => {
    expect(await enter('ada', 'c-m-real')).toMatchObject({
      kind: 'closed',
      name: 'ada',
      check: 'kubectl auth can-i list pods --all-namespaces',
    })
    expect(await enter('second-owner', 'c-m-other')).toEqual({ kind: 'none' })
  })
})
