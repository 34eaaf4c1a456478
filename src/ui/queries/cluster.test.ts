import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'

import { istioApiQuery, namespacesQuery, projectName } from './cluster.ts'

afterEach(() => void vi.unstubAllGlobals())

const client = () => new QueryClient({ defaultOptions: { queries: { retry: false } } })
const answer = (body: unknown, status = 200) => {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    return Promise.resolve(new Response(JSON.stringify(body), { status }))
  })
  return asked
}

test('namespaces are those the proxy shows to this viewer', async () => {
  const namespaces = [{ name: 'core' }, { name: 'web', project: 'c1:p2' }]
  const asked = answer({ namespaces, notes: [] })
  await expect(client().query(namespacesQuery('demo'))).resolves.toEqual(namespaces)
  expect(asked).toEqual(['api/clusters/demo/namespaces'])
})

test.each([
  [200, { kind: 'APIGroup', name: 'networking.istio.io' }, true],
  [404, { kind: 'Status', apiVersion: 'v1', code: 404 }, false],
])('HTTP status %s on the API group says whether Istio is there', async (status, body, isThere) => {
  answer(body, status)
  await expect(client().query(istioApiQuery('demo'))).resolves.toBe(isThere)
})

test('a refusal does not mean that there is no Istio', async () => {
  answer({ kind: 'Status', apiVersion: 'v1', code: 403, message: 'forbidden' }, 403)
  await expect(client().query(istioApiQuery('demo'))).rejects.toThrow('forbidden')
})

test.each([
  ['c-m-abc:p-x7k2p', 'p-x7k2p'],
  ['shop', 'shop'],
])('the project %s is called %s', (id, name) => {
  expect(projectName(id)).toBe(name)
})
