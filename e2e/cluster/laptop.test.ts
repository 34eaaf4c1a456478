import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { fetchSession } from '../../src/clients/session/session.ts'
import { type RunningProxy, startProxy } from '../../src/proxy/serve.ts'
import { connectTo } from './api.ts'
import { exposeAsService, podAddress } from './expose.ts'
import { tokenOf } from './people.ts'

const facts = inject('cluster')
const api = connectTo(facts)

/** What `meshboard serve` runs with a kubeconfig whose exec plugin prints this token; no Prometheus is named. */
async function laptop(token: string): Promise<{ readonly proxy: RunningProxy; readonly letIn: () => Promise<string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-kubeconfig-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const kubeconfig = join(folder, 'config')
  const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }
  const args = ['-e', `console.log(${JSON.stringify(JSON.stringify(answer))})`]
  const exec = { apiVersion: answer.apiVersion, command: process.execPath, args, interactiveMode: 'Never' }
  const config = {
    'current-context': 'real',
    contexts: [{ name: 'real', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: facts.url, 'certificate-authority': facts.caFile } }],
    users: [{ name: 'u', user: { exec } }],
  }
  await writeFile(kubeconfig, JSON.stringify(config))
  const proxy = await startProxy({
    port: 0,
    logLevel: 'silent',
    auth: { mode: 'kubeconfig' },
    limits: { readySeconds: 20 },
    clusters: [{ name: 'real', kubernetes: { kubeconfig } }],
  })
  onTestFinished(() => proxy.close())
  const letIn = async (): Promise<string> => {
    const response = await fetch(proxy.address(), { redirect: 'manual' })
    return (response.headers.get('set-cookie') ?? '').split(';', 1).join('')
  }
  return { proxy, letIn }
}

describe('a kubeconfig with an exec plugin, on a real cluster', () => {
  test('is its own user, for a browser that was let in and no other', async () => {
    const { proxy, letIn } = await laptop(tokenOf('second-owner'))
    await expect(fetchSession(proxy.url)).rejects.toThrow('This browser has not been let in')
    const session = await fetch(`${proxy.url}/api/session`, { headers: { cookie: await letIn() } })
    expect(await session.json()).toMatchObject({
      mode: 'kubeconfig',
      user: { name: 'second-owner' },
      clusters: [{ namespaces: null, capabilities: { metrics: { allowed: true } } }],
    })
  })

  test('names the permission that is missing to reach Prometheus', async () => {
    const { proxy } = await laptop(tokenOf('ada'))
    const { upstreams } = await proxy.ready()
    const found = upstreams.find(({ upstream }) => upstream === 'prometheus')
    expect(found?.reachable).toBe(false)
    expect(found?.message).toContain('get services/proxy "http:prometheus:9090" in istio-system')
    expect(found?.hint).toContain(
      'kubectl auth can-i get services/http:prometheus:9090 --subresource=proxy --namespace=istio-system',
    )
  })

  const address = podAddress()

  // An API server proxies to no loopback address.
  test.skipIf(address === undefined)(
    'finds Prometheus and asks it through the API server’s service proxy',
    async () => {
      const asked: string[] = []
      const prometheus = createServer((request, response) => {
        asked.push(
          `${request.method} ${request.url?.split('?', 1).join('')} ${request.headers.authorization ?? 'nobody'}`,
        )
        response.writeHead(200, { 'content-type': 'application/json' })
        const result = [{ metric: {}, value: [1, '42'] }]
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }))
      })
      await new Promise<void>((resolve) => prometheus.listen(0, address, resolve))
      onTestFinished(() => void prometheus.close())
      const { port } = prometheus.address() as AddressInfo
      await exposeAsService(api, { namespace: 'legacy', name: 'laptop-prometheus', port: 9090 }, { address, port })
      asked.length = 0
      const { proxy } = await laptop(tokenOf('second-owner'))
      const { upstreams } = await proxy.ready()
      const found = upstreams.find(({ upstream }) => upstream === 'prometheus')
      expect(found).toMatchObject({ reachable: true })
      expect(found?.note).toContain('http:laptop-prometheus:9090 in legacy: holds 42 Istio series')
      // The API server keeps the caller's credentials to itself.
      expect(new Set(asked)).toEqual(new Set(['GET /api/v1/query nobody']))
    },
  )
})
