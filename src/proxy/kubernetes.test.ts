import { request as rawRequest } from 'node:http'
import { describe, expect, test } from 'vitest'
import { openPath } from './kubernetes.ts'
import { json, misbehaviour, testProxy, testServer } from './testServer.ts'

const door = '/api/clusters/blue/kubernetes'

describe('openPath', () => {
  test.each([
    'api',
    'api/v1',
    'apis',
    'apis/apps',
    'apis/networking.istio.io/v1',
    'api/v1/namespaces',
    'api/v1/namespaces/shop',
    'api/v1/pods',
    'api/v1/namespaces/shop/pods',
    'api/v1/namespaces/shop/pods/cart-7c9f',
    'apis/apps/v1/namespaces/shop/deployments/cart',
    'apis/networking.istio.io/v1beta1/virtualservices',
    'apis/gateway.networking.k8s.io/v1/gatewayclasses/istio',
    'apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/waypoint',
  ])('%s is open', (path) => {
    expect(openPath(path)).toBe(path)
  })

  test.each([
    '',
    'version',
    'api/v1/secrets',
    'api/v1/namespaces/shop/secrets/db',
    'api/v1/namespaces/shop/configmaps',
    'api/v1/nodes/n1/proxy/metrics',
    'api/v1/namespaces/shop/pods/cart/exec',
    'api/v1/namespaces/shop/pods/cart/log',
    'api/v1/namespaces/shop/pods/cart/proxy/x',
    'api/v1/namespaces/shop/services/http:cart:80/proxy/',
    'api/v1/namespaces/shop/status',
    'api/v1/namespaces/shop/namespaces/x',
    'api/v1/namespaces/shop/pods/',
    'api/v1/pods/cart',
    'api/v1/watch/pods',
    'api//v1/pods',
    'api/v1/../v1/secrets',
    'api/v1/namespaces/..%2f..%2fsecrets/pods',
    'api/v1/namespaces/%2e%2e/pods',
    'api/v1/namespaces/shop%2fsecrets/pods',
    'api/v1/namespaces/shop%00/pods',
    'api/v1/namespaces/shop\\x/pods',
    'api/v1/namespaces/constructor/constructor',
    'apis/rbac.authorization.k8s.io/v1/clusterroles',
    'apis/apps/v1/namespaces/shop/deployments/cart/scale',
    'apis/apps/latest/deployments',
    'apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    'apis/gateway.networking.k8s.io/v1/namespaces/shop/gatewayclasses/istio',
  ])('%s is not open', (path) => {
    expect(openPath(path)).toBeUndefined()
  })
})

describe('the Kubernetes door', () => {
  test('hands a list on with the configured token and none of the browser’s credentials', async () => {
    const list = { kind: 'PodList', metadata: {}, items: [{ metadata: { name: 'cart' } }] }
    const kubernetes = await testServer(json(list))
    const proxy = await testProxy({ kubernetes: { url: `${kubernetes.url}/k8s/clusters/c-1`, token: 'configured' } })
    const response = await fetch(`${proxy.url}${door}/api/v1/namespaces/shop/pods?limit=2&labelSelector=app%3Dcart`, {
      headers: { authorization: 'Bearer mine', cookie: 'R_SESS=abc', 'impersonate-user': 'admin' },
    })
    expect([response.status, await response.json()]).toEqual([200, list])
    const [received] = kubernetes.received
    expect(received?.url).toBe('/k8s/clusters/c-1/api/v1/namespaces/shop/pods?limit=2&labelSelector=app%3Dcart')
    expect(received?.headers.authorization).toBe('Bearer configured')
    expect(received?.headers.cookie).toBeUndefined()
    expect(received?.headers['impersonate-user']).toBeUndefined()
  })

  test.each([
    ['GET', '/api/v1/secrets', 404, 'NotFound'],
    ['GET', '/api/v1/namespaces/shop%2F..%2F..%2Fsecrets/pods', 404, 'NotFound'],
    ['GET', '/api/v1/pods?watch=yes', 400, 'BadRequest'],
    ['GET', '/api/v1/pods?watch=true&watch=true', 400, 'BadRequest'],
    ['GET', '/api/v1/pods?watch=1&timeoutSeconds=-1', 400, 'BadRequest'],
    ['GET', '/api/v1/pods?watch=1&timeoutSeconds=5&timeoutSeconds=9', 400, 'BadRequest'],
    ['GET', '/api/v1/pods?timeoutSeconds=5', 400, 'BadRequest'],
    ['GET', '/api/v1/secrets?watch=true', 404, 'NotFound'],
    ['GET', '/api/v1/pods?limit=1&limit=2', 400, 'BadRequest'],
    ['POST', '/api/v1/namespaces/shop/pods', 405, 'MethodNotAllowed'],
    ['DELETE', '/api/v1/namespaces/shop', 405, 'MethodNotAllowed'],
    ['PATCH', '/apis/apps/v1/namespaces/shop/deployments/cart', 405, 'MethodNotAllowed'],
  ])('%s %s is a Status %i %s, unasked', async (method, path, code, reason) => {
    const kubernetes = await testServer(json({}))
    const proxy = await testProxy({ kubernetes: { url: kubernetes.url } })
    const response = await fetch(`${proxy.url}${door}${path}`, { method })
    expect(response.status).toBe(code)
    expect(await response.json()).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code })
    expect(kubernetes.received).toEqual([])
  })

  test.each([
    '/../../../../api/v1/secrets',
    '/api/v1/pods/../secrets',
    '/api/v1/namespaces/./../secrets',
    '/%2e%2e/%2e%2e/secrets',
  ])('a path %s that nobody normalised on the way asks the API server nothing', async (path) => {
    const kubernetes = await testServer(json({}))
    const proxy = await testProxy({ kubernetes: { url: kubernetes.url } })
    const status = await new Promise((resolve, reject) => {
      const asked = rawRequest({ port: proxy.port, host: '127.0.0.1', path: door + path }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
    expect(status).toBe(404)
    expect(kubernetes.received).toEqual([])
  })

  test("the API server's own refusal comes through as it is", async () => {
    const refusal = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'Forbidden',
      message: 'pods is forbidden',
      code: 403,
    }
    const kubernetes = await testServer(json(refusal, 403))
    const proxy = await testProxy({ kubernetes: { url: kubernetes.url } })
    const response = await fetch(`${proxy.url}${door}/api/v1/pods`)
    expect([response.status, await response.json()]).toEqual([403, refusal])
  })

  test.each([
    ['hang', 504, 'Timeout'],
    ['reset', 502, 'ServiceUnavailable'],
    ['html500', 502, 'ServiceUnavailable'],
    ['truncated', 502, 'ServiceUnavailable'],
    ['redirect', 502, 'ServiceUnavailable'],
  ] as const)('an API server that answers %s is a Status %i %s', async (way, code, reason) => {
    const kubernetes = await testServer(misbehaviour[way])
    const proxy = await testProxy(
      { kubernetes: { url: kubernetes.url } },
      { limits: { upstreamSeconds: way === 'hang' ? 0.2 : 60 } },
    )
    const response = await fetch(`${proxy.url}${door}/api/v1/pods`)
    expect(response.status).toBe(code)
    expect(await response.json()).toMatchObject({
      kind: 'Status',
      reason,
      code,
      message: expect.stringContaining('Kubernetes API of blue') as string,
    })
  })

  test('a cluster without one is a Status too', async () => {
    const proxy = await testProxy({})
    const response = await fetch(`${proxy.url}${door}/api/v1/pods`)
    expect(await response.json()).toMatchObject({
      kind: 'Status',
      code: 404,
      message: expect.stringContaining('No Kubernetes API is configured') as string,
    })
  })
})

test('a group that the cluster does not serve, of which a real API server speaks in plain text, is its 404', async () => {
  const cluster = await testServer((_, response) => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('404 page not found\n')
  })
  const proxy = await testProxy({ kubernetes: { url: cluster.url } })
  const answer = await fetch(`${proxy.url}${door}/apis/networking.istio.io/v1/virtualservices`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404 })
})
