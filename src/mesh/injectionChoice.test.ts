import { expect, test } from 'vitest'

import { injectorOf } from './config/injector.ts'
import type { NamespaceObject, PodObject } from './config/objects.ts'
import { injectionOf } from './injection.ts'
import { choiceOf, isRevision, labelsOf, namespaceWith, restartLine, type InjectionChoice } from './injectionChoice.ts'
import { demoInjectors, webhook } from './testing/injectors.ts'

test.each<[Record<string, string>, InjectionChoice]>([
  [{}, { kind: 'unset' }],
  [{ 'istio-injection': 'enabled' }, { kind: 'on' }],
  [{ 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }, { kind: 'on' }],
  [{ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }, { kind: 'off' }],
  [{ 'istio.io/rev': 'canary' }, { kind: 'revision', revision: 'canary' }],
])('labels %o are the choice %o', (labels, choice) => {
  expect(choiceOf(labels)).toEqual(choice)
})

test.each<InjectionChoice>([
  { kind: 'on' },
  { kind: 'off' },
  { kind: 'unset' },
  { kind: 'revision', revision: 'canary' },
])('the labels of %o say it whatever was there before', (choice) => {
  const before: NamespaceObject = {
    name: 'shop',
    injection: 'enabled',
    revision: 'old',
    labels: { team: 'a', 'istio-injection': 'enabled', 'istio.io/rev': 'old' },
  }
  const after = namespaceWith(before, choice)
  expect(choiceOf(after.labels ?? {})).toEqual(choice)
  expect(after.labels).toHaveProperty('team', 'a')
  expect(Object.keys(labelsOf(choice)).sort()).toEqual(['istio-injection', 'istio.io/rev'])
})

const pod = (proxyRevision?: string): PodObject => ({
  name: 'p',
  labels: {},
  phase: 'Running',
  hasSidecar: proxyRevision !== undefined,
  ...(proxyRevision === undefined ? {} : { proxyRevision }),
})
const injector = injectorOf(demoInjectors())
const silent: NamespaceObject = { name: 'shop', labels: {} }

test.each<[string, InjectionChoice, PodObject, string, RegExp]>([
  ['turned on', { kind: 'on' }, pod(), 'restart', /1 of 1 pods run without a sidecar/],
  [
    'moved to a newer revision by its tag',
    { kind: 'revision', revision: 'canary' },
    pod('default'),
    'restart',
    /revision default: they take 1-28-0's/,
  ],
  [
    'moved to the revision it runs already',
    { kind: 'revision', revision: 'default' },
    pod('default'),
    'injected',
    /asks/,
  ],
  [
    'moved to a revision that nobody is',
    { kind: 'revision', revision: '1-9' },
    pod(),
    'none',
    /No control plane of this cluster answers/,
  ],
  ['turned off', { kind: 'off' }, pod('default'), 'lingering', /takes the sidecar away/],
  ['no longer asked for', { kind: 'unset' }, pod('default'), 'lingering', /takes the sidecar away/],
])('a namespace that is %s', (_words, choice, its, state, reason) => {
  const found = injectionOf({ labels: {}, pods: [its], namespace: namespaceWith(silent, choice), injector })
  expect(found?.state).toBe(state)
  expect(found?.reason).toMatch(reason)
})

test('where namespaces that say nothing are injected, the same silence asks for a sidecar', () => {
  const all = injectorOf([webhook('default', { isOnByDefault: true })])
  const of = (its: PodObject, namespace = silent, labels = {}) =>
    injectionOf({ labels, pods: [its], namespace, injector: all })
  expect(of(pod())).toMatchObject({
    state: 'restart',
    reason: expect.stringContaining('enableNamespacesByDefault') as unknown,
  })
  expect(of(pod('default'))?.state).toBe('injected')
  expect(of(pod(), { name: 'kube-system', labels: {} })?.state).toBe('none')
  expect(of(pod(), silent, { 'sidecar.istio.io/inject': 'false' })?.state).toBe('optedOut')
})

test('a revision is a name, and only what kubectl can restart has a line', () => {
  expect(['default', '1-28-0', 'prod.stable'].every(isRevision)).toBe(true)
  expect(['', 'A', '-a', 'a b', 'a/b', 'x'.repeat(64), 'a\n'].some(isRevision)).toBe(false)
  const web = { namespace: 'shop', name: 'web' }
  expect(restartLine({ kind: 'StatefulSet', ...web })).toBe('kubectl rollout restart statefulset/web --namespace shop')
  expect(restartLine({ kind: 'Job', ...web })).toBeUndefined()
})
