import { expect, test } from 'vitest'

import { demoInjectors, webhook } from '../testing/injectors.ts'
import { injectorOf, revisionFor, revisionsOf } from './injector.ts'

const injector = injectorOf(demoInjectors())
const name = (of: string) => ({ 'kubernetes.io/metadata.name': of })

test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
  ['the default revision by label', { 'istio-injection': 'enabled' }, {}, 'default'],
  ['a refusal of the pod', { 'istio-injection': 'enabled' }, { 'sidecar.istio.io/inject': 'false' }, undefined],
  ['a refusal of the namespace', { 'istio-injection': 'disabled' }, { 'sidecar.istio.io/inject': 'true' }, undefined],
  ['the pod’s own word', {}, { 'sidecar.istio.io/inject': 'true' }, 'default'],
  ['a revision by the namespace', { 'istio.io/rev': '1-28-0' }, {}, '1-28-0'],
  ['a revision by the pod', {}, { 'istio.io/rev': '1-28-0' }, '1-28-0'],
  ['a tag', { 'istio.io/rev': 'canary' }, {}, '1-28-0'],
  ['a revision that nobody is', { 'istio.io/rev': '1-9' }, {}, undefined],
  ['injection goes before the revision', { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }, {}, 'default'],
  ['nothing said', {}, {}, undefined],
])('%s', (_words, namespace, pod, revision) => {
  expect(revisionFor(injector, { ...name('shop'), ...namespace }, pod)).toBe(revision)
})

test('revisions, what stands for them, and what the plain label gives', () => {
  expect(revisionsOf(injector)).toEqual({
    revisions: ['1-28-0', 'default'],
    tags: [{ tag: 'canary', revision: '1-28-0' }],
    byDefault: 'default',
    isOnByDefault: false,
  })
})

test('a tag called default takes the plain label', () => {
  const moved = injectorOf([webhook('1-28-0'), webhook('1-28-0', { tag: 'default' })])
  expect(revisionsOf(moved)).toMatchObject({ byDefault: '1-28-0', tags: [{ tag: 'default', revision: '1-28-0' }] })
  expect(revisionsOf(injectorOf([webhook('1-28-0')]))).toMatchObject({ revisions: ['1-28-0'], byDefault: undefined })
})

test('enableNamespacesByDefault takes namespaces that say nothing, but not Kubernetes’ own', () => {
  const all = injectorOf([webhook('default', { isOnByDefault: true })])
  expect(revisionsOf(all).isOnByDefault).toBe(true)
  expect(revisionFor(all, name('shop'), {})).toBe('default')
  expect(revisionFor(all, name('kube-system'), {})).toBeUndefined()
  expect(revisionFor(all, { ...name('shop'), 'istio-injection': 'disabled' }, {})).toBeUndefined()
  expect(revisionFor(all, name('shop'), { 'sidecar.istio.io/inject': 'false' })).toBeUndefined()
})

test('others’ webhooks inject nothing', () => {
  const other = { metadata: { name: 'cert-manager', labels: {} }, webhooks: [{ name: 'webhook.cert-manager.io' }] }
  expect(injectorOf([other, null, 'text', { webhooks: 'none' }])).toEqual({ hooks: [] })
})
