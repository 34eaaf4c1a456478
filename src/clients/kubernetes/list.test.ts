import { expect, test } from 'vitest'
import { type Answer, json, testServer } from '../../proxy/testServer.ts'
import { HttpError, NotJsonError } from '../errors.ts'
import { doorOf, getObject, listAll } from './list.ts'

const named = (name: string): unknown => ({ metadata: { name } })
const page = (names: readonly string[], next = ''): unknown => ({
  kind: 'PodList',
  metadata: { continue: next },
  items: names.map(named),
})
const status = (code: number): Answer =>
  json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, message: `status ${code}` }, code)

test('follows continue to the last page, in order', async () => {
  const server = await testServer((request, response) => {
    const next = new URL(request.url, 'http://x').searchParams.get('continue')
    json(next === null ? page(['a', 'b'], 'p2') : next === 'p2' ? page(['c'], 'p3') : page(['d']))(request, response)
  })
  const { items } = await listAll({ root: server.url }, 'pods', { namespace: 'shop', limit: 2 })
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd'])
  expect(server.received.map(({ url }) => url)).toEqual([
    '/api/v1/namespaces/shop/pods?limit=2',
    '/api/v1/namespaces/shop/pods?limit=2&continue=p2',
    '/api/v1/namespaces/shop/pods?limit=2&continue=p3',
  ])
})

test('an expired continue token starts again, in one piece, and counts nothing twice', async () => {
  const server = await testServer((request, response) => {
    const parameters = new URL(request.url, 'http://x').searchParams
    if (parameters.has('continue')) status(410)(request, response)
    else json(parameters.has('limit') ? page(['a'], 'old') : page(['a', 'b']))(request, response)
  })
  const { items } = await listAll({ root: server.url }, 'deployments.apps')
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
})

test('where v1 is not served, the preferred version of the group is read', async () => {
  const server = await testServer((request, response) => {
    if (request.url === '/apis/networking.istio.io')
      json({ kind: 'APIGroup', preferredVersion: { version: 'v1beta1' } })(request, response)
    else if (request.url.startsWith('/apis/networking.istio.io/v1beta1/')) json(page(['vs']))(request, response)
    else status(404)(request, response)
  })
  expect(await listAll({ root: server.url }, 'virtualservices.networking.istio.io')).toEqual({
    items: [{ metadata: { name: 'vs' } }],
    isServed: true,
    skipped: 0,
  })
})

test('a kind that the server does not know is not served, which is not an empty list', async () => {
  const none = await testServer(status(404))
  expect(await listAll({ root: none.url }, 'gateways.networking.istio.io')).toEqual({
    items: [],
    isServed: false,
    skipped: 0,
  })
  const empty = await testServer(json(page([])))
  expect(await listAll({ root: empty.url }, 'gateways.networking.istio.io')).toEqual({
    items: [],
    isServed: true,
    skipped: 0,
  })
})

test('a refusal comes as the Status the server gave', async () => {
  const server = await testServer(status(403))
  const error = await listAll({ root: server.url }, 'pods').catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ status: 403, message: 'status 403', failure: { kind: 'kubernetes' } })
})

test('entries without a name are counted, and an answer without items is no list', async () => {
  const odd = await testServer(json({ items: [named('kept'), {}, null] }))
  expect(await listAll({ root: odd.url }, 'services')).toEqual({ items: [named('kept')], isServed: true, skipped: 2 })
  const wrong = await testServer(json({ hello: 'world' }))
  await expect(listAll({ root: wrong.url }, 'services')).rejects.toBeInstanceOf(NotJsonError)
})

test('gets one object by name, through the door of a cluster', async () => {
  const server = await testServer(json({ metadata: { name: 'shop', annotations: { a: 'b' } } }))
  const door = doorOf(server.url, 'blue')
  expect((await getObject(door, 'namespaces', { name: 'shop' })).metadata.annotations).toEqual({ a: 'b' })
  expect(server.received[0]?.url).toBe('/api/clusters/blue/kubernetes/api/v1/namespaces/shop')
})

test('one object is read in the preferred version too, and what is nowhere is a 404', async () => {
  const server = await testServer((request, response) => {
    if (request.url === '/apis/networking.istio.io')
      json({ kind: 'APIGroup', preferredVersion: { version: 'v1beta1' } })(request, response)
    else if (request.url === '/apis/networking.istio.io/v1beta1/namespaces/shop/sidecars/old')
      json(named('old'))(request, response)
    else status(404)(request, response)
  })
  const read = (name: string) =>
    getObject({ root: server.url }, 'sidecars.networking.istio.io', { namespace: 'shop', name })
  expect((await read('old')).metadata.name).toBe('old')
  await expect(read('none')).rejects.toMatchObject({ status: 404 })
})
