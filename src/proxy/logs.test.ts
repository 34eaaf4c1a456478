import { expect, test } from 'vitest'
import { startCluster } from '../demo/cluster/server.ts'
import { personas } from '../demo/cluster/personas.ts'
import { json, testProxy, testServer } from './testServer.ts'

const door = '/api/clusters/blue/kubernetes'
const path = (namespace: string, pod: string) => `${door}/api/v1/namespaces/${namespace}/pods/${pod}/log`

async function demo() {
  const cluster = await startCluster({ seed: 1 })
  const proxy = await testProxy({ kubernetes: { url: cluster.url } }, { auth: { mode: 'bearer' } })
  const ask = async (who: string, url: string) => {
    const token = personas.find(({ id }) => id === who)?.token ?? who
    const answer = await fetch(proxy.url + url, { headers: { authorization: `Bearer ${token}` } })
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }
  const listed = await ask('owner', `${door}/api/v1/pods`)
  const { items } = JSON.parse(listed.text) as { items: { metadata: { name: string; namespace: string } }[] }
  const podOf = (namespace: string, name: string) =>
    items.find(({ metadata }) => metadata.namespace === namespace && metadata.name.startsWith(name))?.metadata.name ??
    ''
  return { ask, podOf, close: cluster.close }
}

test('the log of app and proxy comes as the viewer may read it, and no other team’s', async () => {
  const { ask, podOf, close } = await demo()
  const checkout = podOf('shop-core', 'checkout-')
  const app = await ask('shop-member', `${path('shop-core', checkout)}?container=checkout&tailLines=5`)
  expect(app).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' })
  expect(app.text.trimEnd().split('\n')).toHaveLength(5)
  const proxied = await ask('shop-member', `${path('shop-core', checkout)}?container=istio-proxy&tailLines=50`)
  expect(proxied.text).toMatch(/^\[\d{4}-.*Z\] "POST \/\S+ HTTP\/2" \d+ /m)

  const viewer = await ask('bookinfo-viewer', `${path('bookinfo', podOf('bookinfo', 'reviews-v1'))}?container=reviews`)
  expect(viewer.status).toBe(200)
  const foreign = await ask('bookinfo-viewer', `${path('shop-core', checkout)}?container=checkout`)
  expect(foreign.status).toBe(403)
  expect(JSON.parse(foreign.text)).toMatchObject({
    kind: 'Status',
    message: expect.stringContaining('pods/log') as unknown,
  })
  expect((await ask('owner', path('shop-core', 'gone'))).status).toBe(404)
  await close()
})

test('100,000 lines arrive whole', async () => {
  const { ask, podOf, close } = await demo()
  const { text } = await ask(
    'owner',
    `${path('bookinfo', podOf('bookinfo', 'reviews-v1'))}?container=istio-proxy&tailLines=100000`,
  )
  expect(text.trimEnd().split('\n')).toHaveLength(100_000)
  await close()
})

test.each([
  '?follow=true',
  '?tailLines=0',
  '?tailLines=100001',
  '?tailLines=-1',
  '?container=a%0db',
  '?insecureSkipTLSVerifyBackend=true',
  '?container=a&container=b',
])('what would not end, or is not understood, is refused: %s', async (query) => {
  const upstream = await testServer(json({}))
  const proxy = await testProxy({ kubernetes: { url: upstream.url } })
  expect((await fetch(`${proxy.url}${path('mine', 'web')}${query}`)).status).toBe(400)
  expect(upstream.received).toEqual([])
})

test.each([
  'pods/web/exec',
  'pods/web/log/x',
  'pods/web%2f..%2fx/log',
  'pods/web/attach',
  'pods/web/portforward',
  'services/web/log',
])('no other subresource opens: %s', async (rest) => {
  const upstream = await testServer(json({}))
  const proxy = await testProxy({ kubernetes: { url: upstream.url } })
  expect((await fetch(`${proxy.url}${door}/api/v1/namespaces/mine/${rest}`)).status).toBe(404)
  expect(upstream.received).toEqual([])
})

test('a log is only read', async () => {
  const upstream = await testServer(json({}))
  const proxy = await testProxy({ kubernetes: { url: upstream.url } })
  expect((await fetch(`${proxy.url}${path('mine', 'web')}`, { method: 'POST' })).status).toBe(405)
  expect(upstream.received).toEqual([])
})
