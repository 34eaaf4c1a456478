import { expect, onTestFinished, test } from 'vitest'
import type { NamespaceInjection } from '../clients/injection/wire.ts'
import type { ObjectsAnswer } from '../clients/kubernetes/objects.ts'
import { meshboardToken } from '../demo/cluster/personas.ts'
import { startCluster } from '../demo/cluster/server.ts'
import { injectorOf, revisionsOf } from '../mesh/config/injector.ts'
import type { InjectionChoice } from '../mesh/injectionChoice.ts'
import { testProxy } from './testServer.ts'

const owner = 'demo'
const shopOwner = 'demo-shop-owner-5f1c'
const member = 'demo-shop-member-9a27'

async function demo() {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const proxy = await testProxy(
    { kubernetes: { url: cluster.url, token: meshboardToken } },
    { auth: { mode: 'bearer' }, limits: { reviewSeconds: 0 } },
  )
  const as = (token: string, headers: Readonly<Record<string, string>> = {}) => ({
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
  })
  const at = (namespace: string) => `${proxy.url}/api/clusters/blue/namespaces/${namespace}/injection`
  const ask = (namespace: string, token: string) => fetch(at(namespace), as(token))
  const read = async (namespace: string, token = shopOwner) =>
    (await (await ask(namespace, token)).json()) as NamespaceInjection
  const put = (namespace: string, body: unknown, token = shopOwner, headers = {}) =>
    fetch(at(namespace), { method: 'PUT', ...as(token, headers), body: JSON.stringify(body) })
  const labels = async (namespace: string) => {
    const answer = await fetch(`${cluster.url}/api/v1/namespaces/${namespace}`, as(owner))
    return ((await answer.json()) as { metadata: { labels: Record<string, string> } }).metadata.labels
  }
  const objects = async (token: string) =>
    (await (await fetch(`${proxy.url}/api/clusters/blue/objects`, as(token))).json()) as ObjectsAnswer
  return { ask, read, put, labels, objects }
}

test('whoever may patch the namespace sets and clears it, and touches no other label', async () => {
  const { read, put, labels } = await demo()
  const before = await labels('shop-data')
  expect(await read('shop-data')).toMatchObject({ choice: { kind: 'on' }, door: { allowed: true } })
  const choices: readonly (readonly [InjectionChoice, Record<string, string>])[] = [
    [{ kind: 'revision', revision: 'stable' }, { 'istio.io/rev': 'stable' }],
    [{ kind: 'off' }, { 'istio-injection': 'disabled' }],
    [{ kind: 'unset' }, {}],
    [{ kind: 'on' }, { 'istio-injection': 'enabled' }],
  ]
  const { 'istio-injection': _, ...others } = before
  for (const [choice, said] of choices) {
    const { version } = await read('shop-data')
    expect((await put('shop-data', { choice, version })).status).toBe(204)
    expect(await labels('shop-data')).toEqual({ ...others, ...said })
    expect((await read('shop-data')).choice).toEqual(choice)
  }
})

test('whoever may not is told which permission it takes, and how to get it', async () => {
  const { read, put, labels, ask } = await demo()
  const { door, version } = await read('shop-data', member)
  expect(door).toMatchObject({
    allowed: false,
    permission: { verb: 'patch', resource: 'namespaces', name: 'shop-data' },
    check: expect.stringContaining('kubectl auth can-i patch namespaces/shop-data') as unknown,
    grant: expect.stringContaining('kind: ClusterRoleBinding') as unknown,
  })
  const off = { choice: { kind: 'off' }, version }
  const refused = await put('shop-data', off, member)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ error: { code: 'injection_closed', permission: { verb: 'patch' } } })
  expect((await labels('shop-data'))['istio-injection']).toBe('enabled')
  // Another team's namespace is not even read.
  expect((await ask('bookinfo', shopOwner)).status).toBe(403)
  expect((await put('bookinfo', off)).status).toBe(403)
  expect((await put('shop-data', off, 'forged')).status).toBe(401)
})

test('of two who change it at once the second is told', async () => {
  const { read, put, labels } = await demo()
  const { version } = await read('shop-web')
  expect((await put('shop-web', { choice: { kind: 'off' }, version })).status).toBe(204)
  const late = await put('shop-web', { choice: { kind: 'on' }, version }, owner)
  expect(late.status).toBe(409)
  expect(await late.json()).toMatchObject({ error: { code: 'injection_conflict' } })
  expect((await labels('shop-web'))['istio-injection']).toBe('disabled')
})

test('what is no choice, no namespace, or comes from another page changes nothing', async () => {
  const { read, put, labels, ask } = await demo()
  const { version } = await read('shop-web')
  const good = { choice: { kind: 'off' }, version }
  for (const bad of [
    undefined,
    {},
    { ...good, version: '' },
    { ...good, labels: { team: 'x' } },
    { ...good, choice: { kind: 'maybe' } },
    { ...good, choice: { kind: 'revision' } },
    { ...good, choice: { kind: 'revision', revision: 'a b' } },
    { ...good, choice: { kind: 'off', revision: 'stable' } },
  ]) {
    expect((await put('shop-web', bad)).status).toBe(400)
  }
  expect((await ask('Shop%2F..', owner)).status).toBe(400)
  expect((await ask('nowhere', owner)).status).toBe(404)
  const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  expect((await put('shop-web', good, shopOwner, elsewhere)).status).toBe(403)
  expect((await put('shop-web', good, shopOwner, { 'content-type': 'text/plain' })).status).toBe(400)
  expect((await labels('shop-web'))['istio-injection']).toBe('enabled')
})

test('owners read which revisions and tags there are; to members that is simply not known', async () => {
  const { objects } = await demo()
  const { injectors, missing } = await objects(owner)
  expect(revisionsOf(injectorOf(injectors ?? []))).toEqual({
    revisions: ['default'],
    tags: [{ tag: 'stable', revision: 'default' }],
    byDefault: 'default',
    isOnByDefault: false,
  })
  expect(JSON.stringify(injectors)).not.toContain('clientConfig')
  const asMember = await objects(member)
  expect(asMember).not.toHaveProperty('injectors')
  expect(asMember.missing.length).toBeGreaterThanOrEqual(missing.length)
  expect(JSON.stringify(asMember.missing)).not.toContain('webhook')
})
