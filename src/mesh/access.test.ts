import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import {
  canI,
  closedDoor,
  doorOf,
  grantFor,
  graphReview,
  metricsReview,
  reviewWords,
  settingsReview,
  toolReview,
  type Review,
} from './access.ts'

const proxyOfKiali: Review = {
  verb: 'get',
  group: '',
  resource: 'services/proxy',
  namespace: 'istio-system',
  name: 'http:kiali:20001',
}

describe('a review', () => {
  it.each([
    [metricsReview('shop-web'), 'kubectl auth can-i list pods --namespace=shop-web', 'list pods in shop-web'],
    [metricsReview(), 'kubectl auth can-i list pods --all-namespaces', 'list pods everywhere'],
    [
      graphReview('shop-web'),
      'kubectl auth can-i get graphs.meshboard.io --namespace=shop-web',
      'get graphs.meshboard.io in shop-web',
    ],
    [
      toolReview('kiali'),
      'kubectl auth can-i get tools.meshboard.io/kiali --all-namespaces',
      'get tools.meshboard.io "kiali" everywhere',
    ],
    [
      settingsReview,
      'kubectl auth can-i update settings.meshboard.io --all-namespaces',
      'update settings.meshboard.io everywhere',
    ],
    [
      proxyOfKiali,
      'kubectl auth can-i get services/http:kiali:20001 --subresource=proxy --namespace=istio-system',
      'get services/proxy "http:kiali:20001" in istio-system',
    ],
  ])('%o has its command and its words', (review, command, words) => {
    expect(canI(review)).toBe(command)
    expect(reviewWords(review)).toBe(words)
  })
})

function documentsOf(yaml: string): readonly unknown[] {
  const values: unknown[] = []
  for (const document of parseAllDocuments(yaml)) values.push(document.toJS())
  return values
}

describe('a grant', () => {
  it('in a namespace is a Role and a RoleBinding to the user', () => {
    const [role, binding] = documentsOf(grantFor(metricsReview('shop-web'), 'anna'))
    expect(role).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'meshboard-list-pods', namespace: 'shop-web' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    })
    expect(binding).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'meshboard-list-pods-anna', namespace: 'shop-web' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'meshboard-list-pods' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'anna' }],
    })
  })

  it('everywhere is a ClusterRole; a service account is named as one; a name narrows the rule', () => {
    const yaml = grantFor(toolReview('kiali'), 'system:serviceaccount:ci:bot')
    const [role, binding] = documentsOf(yaml)
    expect(role).toMatchObject({
      kind: 'ClusterRole',
      rules: [{ apiGroups: ['meshboard.io'], resources: ['tools'], resourceNames: ['kiali'], verbs: ['get'] }],
    })
    expect(binding).toMatchObject({
      kind: 'ClusterRoleBinding',
      subjects: [{ kind: 'ServiceAccount', namespace: 'ci', name: 'bot' }],
    })
  })

  it('is two documents that name exactly the user, whatever the user is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const user = `u${name}`
        const [, binding, ...more] = documentsOf(grantFor(graphReview('shop'), user))
        expect(more).toEqual([])
        if (!/^system:serviceaccount:/.test(user)) expect(binding).toMatchObject({ subjects: [{ name: user }] })
      }),
    )
  })
})

describe('a door', () => {
  const words = { user: 'anna', opens: 'The graph is open to you.', closed: 'The graph is closed to you.' }

  it('that is open says by which permission', () => {
    expect(doorOf(graphReview('shop'), { allowed: true }, words)).toEqual({
      allowed: true,
      reason: 'The graph is open to you. You may get graphs.meshboard.io in shop.',
    })
  })

  it('that is closed says what is missing, how to check it, and what opens it', () => {
    const door = doorOf(graphReview('shop'), { allowed: false, reason: 'no RBAC policy matched' }, words)
    expect(door).toMatchObject({
      allowed: false,
      reason:
        'The graph is closed to you. It takes the permission to get graphs.meshboard.io in shop. The cluster says: no RBAC policy matched',
      permission: { verb: 'get', group: 'meshboard.io', resource: 'graphs', namespace: 'shop' },
      check: 'kubectl auth can-i get graphs.meshboard.io --namespace=shop',
    })
    expect(door.grant).toContain('kind: RoleBinding')
    expect(closedDoor('Closed.', settingsReview, 'anna').reason).toBe(
      'Closed. It takes the permission to update settings.meshboard.io everywhere.',
    )
  })
})
