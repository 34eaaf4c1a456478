import { expect, test } from 'vitest'
import { isReadGroup, kindNamed, resourceOf } from './resources.ts'

test.each([
  ['namespaces', { group: '', version: 'v1', plural: 'namespaces', isNamespaced: false }],
  ['pods', { group: '', version: 'v1', plural: 'pods', isNamespaced: true }],
  ['deployments.apps', { group: 'apps', version: 'v1', plural: 'deployments', isNamespaced: true }],
  [
    'virtualservices.networking.istio.io',
    { group: 'networking.istio.io', version: 'v1', plural: 'virtualservices', isNamespaced: true },
  ],
  [
    'gatewayclasses.gateway.networking.k8s.io',
    { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'gatewayclasses', isNamespaced: false },
  ],
] as const)('%s stands at %j and is found there again', (kind, resource) => {
  expect(resourceOf(kind)).toEqual(resource)
  expect(kindNamed(resource.group, resource.plural)).toBe(kind)
})

test('one plural in two groups is two kinds', () => {
  expect(kindNamed('networking.istio.io', 'gateways')).toBe('gateways.networking.istio.io')
  expect(kindNamed('gateway.networking.k8s.io', 'gateways')).toBe('gateways.gateway.networking.k8s.io')
})

test.each([
  ['', 'secrets'],
  ['', 'configmaps'],
  ['apps', 'pods'],
  ['networking.istio.io', 'deployments'],
  ['', 'constructor'],
  ['', '__proto__'],
  ['', ''],
])('nothing else is a kind of ours, so the door is shut: %j %j', (group, plural) => {
  expect(kindNamed(group, plural)).toBeUndefined()
})

test.each([
  ['', true],
  ['apps', true],
  ['security.istio.io', true],
  ['telemetry.istio.io', true],
  ['rbac.authorization.k8s.io', false],
  ['istio.io', false],
])('the group %j is read: %j', (group, isRead) => {
  expect(isReadGroup(group)).toBe(isRead)
})
