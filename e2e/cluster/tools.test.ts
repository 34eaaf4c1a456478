import { type Server, createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Tool, Tools } from '../../src/clients/tools/wire.ts'
import { connectTo } from './api.ts'
import { type App, startApp } from './app.ts'

const api = connectTo(inject('cluster'))
const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/istio-system/rolebindings'
const endpoints = '/api/v1/namespaces/istio-system/endpoints'

let app: App
let kiali: Server
const asked: string[] = []
beforeAll(async () => {
  app = await startApp()
  kiali = createServer((request, response) => {
    asked.push(JSON.stringify(request.headers))
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><title>Kiali</title>')
  })
  await new Promise<void>((resolve) => kiali.listen(0, '0.0.0.0', resolve))
  // The controller-manager makes one for each Service with a selector, empty while no Pod is ready.
  await api.demand('POST', endpoints, { body: { metadata: { name: 'kiali' }, subsets: [] } })
})
afterAll(async () => {
  await app.close()
  await new Promise((resolve) => kiali.close(resolve))
})

async function kialiOf(who: string): Promise<Tool | undefined> {
  const { status, json } = await app.ask(who, '/api/clusters/real/tools')
  expect(status).toBe(200)
  return (json as Tools).tools.find(({ name }) => name === 'kiali')
}

/** An address of this machine that an API server hands a request on to: it refuses loopback. */
function outwardAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

describe('the link to Kiali, found by its label, through a real service proxy', () => {
  test('is down for the owner while nothing stands behind its Service, and locked for others', async () => {
    expect(await kialiOf('owner')).toMatchObject({ state: 'down', where: 'kiali in istio-system' })
    const locked = await kialiOf('shop-member')
    expect(locked).toMatchObject({
      state: 'locked',
      permission: { verb: 'get', resource: 'services/proxy', namespace: 'istio-system', name: 'http:kiali:20001' },
      check: 'kubectl auth can-i get services/http:kiali:20001 --subresource=proxy --namespace=istio-system',
    })
    expect(locked?.grant).toContain('samir')
  })

  test('opens with the right on its Service, answers once it stands, and closes with the right', async (context) => {
    const ip = outwardAddress()
    if (ip === undefined) context.skip('this machine has no address but loopback')
    const place = kiali.address()
    const port = typeof place === 'object' && place !== null ? place.port : 0
    const { json } = await api.demand('GET', '/api/v1/namespaces/istio-system/services/kiali')
    const { spec } = json as { readonly spec: { readonly ports: readonly { readonly name: string }[] } }
    // The API server hands on to Pods only, at the addresses that their status tells.
    const pods = '/api/v1/namespaces/istio-system/pods'
    const containers = [{ name: 'kiali', image: 'kiali' }]
    await api.demand('POST', pods, { body: { metadata: { name: 'kiali-door' }, spec: { containers } } })
    await api.demand('PATCH', `${pods}/kiali-door/status`, {
      body: { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] } },
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    const targetRef = { kind: 'Pod', namespace: 'istio-system', name: 'kiali-door' }
    await api.demand('PUT', `${endpoints}/kiali`, {
      body: {
        metadata: { name: 'kiali' },
        subsets: [{ addresses: [{ ip, targetRef }], ports: [{ name: spec.ports[0]?.name, port }] }],
      },
    })
    await expect.poll(async () => (await kialiOf('owner'))?.state, { timeout: 40_000, interval: 1000 }).toBe('open')
    expect((await kialiOf('shop-member'))?.state).toBe('locked')
    await api.demand('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/istio-system/roles', {
      body: {
        metadata: { name: 'kiali-door' },
        rules: [
          { apiGroups: [''], resources: ['services/proxy'], resourceNames: ['http:kiali:20001'], verbs: ['get'] },
        ],
      },
    })
    await api.demand('POST', bindings, {
      body: {
        metadata: { name: 'kiali-door' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'kiali-door' },
        subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'shop-members' }],
      },
    })
    const stateOf = async (who: string) => (await kialiOf(who))?.state
    await expect.poll(() => stateOf('shop-member'), { timeout: 40_000, interval: 1000 }).toBe('open')
    expect(await stateOf('bookinfo-viewer')).toBe('locked')
    await api.demand('DELETE', `${bindings}/kiali-door`)
    await expect.poll(() => stateOf('shop-member'), { timeout: 40_000, interval: 1000 }).toBe('locked')
    // What stands behind a Service never learns a viewer's token.
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.join('\n')).not.toMatch(/authorization|x-meshboard-token|demo-shop-member/i)
    await api.demand('DELETE', `${endpoints}/kiali`)
  })
})
