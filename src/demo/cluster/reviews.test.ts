import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Listening } from '../launch/listen.ts'
import { personas } from './personas.ts'
import { decide, type Action, type Rbac } from './rbac.ts'
import { startCluster } from './server.ts'

const anna = { name: 'anna', groups: ['team', 'system:authenticated'] }
const pods: Action = { verb: 'list', group: '', resource: 'pods', namespace: 'shop' }

describe('a decision', () => {
  const rights: Rbac = {
    roles: {
      view: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
      everything: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
      kiali: [
        { apiGroups: [''], resources: ['services/proxy'], resourceNames: ['http:kiali:20001'], verbs: ['get'] },
        { apiGroups: [''], resources: ['*/log'], verbs: ['get'] },
      ],
    },
    bindings: [
      { role: 'view', namespace: 'shop', subjects: [{ kind: 'Group', name: 'team' }] },
      { role: 'kiali', namespace: 'istio-system', subjects: [{ kind: 'User', name: 'anna' }] },
      { role: 'everything', subjects: [{ kind: 'User', name: 'root' }] },
    ],
  }
  const kiali = { verb: 'get', group: '', resource: 'services', subresource: 'proxy', namespace: 'istio-system' }

  it.each<[string, Action, boolean]>([
    ['by a group, in the binding’s namespace', pods, true],
    ['not in another namespace', { ...pods, namespace: 'pay' }, false],
    ['not everywhere', { verb: 'list', group: '', resource: 'pods' }, false],
    ['not another verb', { ...pods, verb: 'delete' }, false],
    ['not another group’s resource', { ...pods, group: 'metrics.k8s.io' }, false],
    ['not a subresource', { ...pods, verb: 'get', subresource: 'exec' }, false],
    ['a named one by its name', { ...kiali, name: 'http:kiali:20001' }, true],
    ['not one of another name', { ...kiali, name: 'kiali:20001' }, false],
    ['not all of a kind by a rule with names', kiali, false],
    ['any kind’s log by a star', { ...kiali, resource: 'pods', subresource: 'log' }, true],
  ])('%s', (_, action, allowed) => {
    expect(decide(rights, anna, action).allowed).toBe(allowed)
  })

  it('is yes to whoever may do everything, and no to whoever is nobody', () => {
    expect(decide(rights, { name: 'root', groups: [] }, pods).allowed).toBe(true)
    expect(decide(rights, { name: 'mallory', groups: [] }, pods).allowed).toBe(false)
  })
})

describe('the demo cluster, asked as each persona', () => {
  let cluster: Listening
  beforeAll(async () => {
    cluster = await startCluster({ seed: 1 })
  })
  afterAll(() => cluster.close())

  const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? ''
  const as = (id: string, path: string, body?: unknown) =>
    fetch(cluster.url + path, {
      headers: { authorization: `Bearer ${tokenOf(id)}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })

  it('says who one is', async () => {
    const answer = await as('shop-member', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {})
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ status: { userInfo: { username: 'samir' } } })
  })

  it.each([
    ['owner', 'list', '', 'pods', undefined, true],
    ['owner', 'get', 'meshboard.io', 'graphs', undefined, true],
    ['shop-owner', 'list', '', 'pods', undefined, false],
    ['shop-owner', 'list', '', 'pods', 'shop-data', true],
    ['shop-owner', 'get', 'meshboard.io', 'graphs', 'shop-web', true],
    ['shop-owner', 'list', '', 'pods', 'bookinfo', false],
    ['shop-member', 'list', '', 'pods', 'shop-core', true],
    ['shop-member', 'get', 'meshboard.io', 'graphs', 'shop-core', false],
    ['bookinfo-viewer', 'list', '', 'pods', 'bookinfo', true],
    ['bookinfo-viewer', 'list', '', 'pods', 'shop-core', false],
    ['bookinfo-viewer', 'update', 'meshboard.io', 'settings', undefined, false],
  ])('%s: %s %s %s in %s: %s', async (id, verb, group, resource, namespace, allowed) => {
    const spec = { resourceAttributes: { verb, group, resource, namespace } }
    const answer = await as(id, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec })
    expect(await answer.json()).toMatchObject({ kind: 'SelfSubjectAccessReview', status: { allowed } })
  })

  it('lists the rules one has in a namespace', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
    const answer = await as('bookinfo-viewer', path, { spec: { namespace: 'bookinfo' } })
    expect(JSON.stringify(await answer.json())).toContain(
      '"resources":["pods","pods/log","events","services","endpoints","configmaps"]',
    )
  })

  it.each([
    ['owner', '/api/v1/namespaces', 200],
    ['shop-member', '/api/v1/namespaces', 403],
    ['shop-member', '/api/v1/namespaces/shop-core', 200],
    ['shop-member', '/api/v1/namespaces/bookinfo', 403],
    ['shop-member', '/api/v1/namespaces/shop-core/pods', 200],
    ['shop-member', '/api/v1/pods', 403],
    ['bookinfo-viewer', '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices', 200],
    ['bookinfo-viewer', '/apis/networking.istio.io/v1/virtualservices', 403],
    ['owner', '/api/v1/namespaces/bookinfo/secrets', 403],
    ['nobody', '/api/v1/namespaces', 401],
  ])('%s gets %s: %i', async (id, path, status) => {
    expect((await as(id, path)).status).toBe(status)
  })

  it('answers a body that is no review with a 400', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    expect((await as('owner', path, [])).status).toBe(400)
    expect((await as('owner', path, {})).status).toBe(422)
    expect((await as('owner', path)).status).toBe(405)
  })
})
