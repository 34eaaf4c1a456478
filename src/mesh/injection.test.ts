import { expect, test } from 'vitest'

import type { NamespaceObject, PodObject } from './config/objects.ts'
import { injectionOf, summaryOf, type Injected } from './injection.ts'

const pod = (hasSidecar: boolean, phase = 'Running'): PodObject => ({ name: 'p', labels: {}, hasSidecar, phase })
const on: NamespaceObject = { name: 'shop', injection: 'enabled', labels: { 'istio-injection': 'enabled' } }
const off: NamespaceObject = { name: 'shop', injection: 'disabled' }
const silent: NamespaceObject = { name: 'shop' }
const canary: NamespaceObject = { name: 'shop', injection: 'enabled', revision: 'canary', labels: {} }
const inject = (value: string) => ({ 'sidecar.istio.io/inject': value })

const workload = (change: Partial<Injected>): Injected => ({ labels: {}, pods: [pod(true)], namespace: on, ...change })

test.each<[string, Partial<Injected>, string | undefined, RegExp]>([
  ['asked by the namespace and there', {}, 'injected', /istio-injection=enabled asks/],
  ['asked by a revision and there', { namespace: canary }, 'injected', /istio.io\/rev=canary asks/],
  ['asked by its own label and there', { namespace: silent, labels: inject('true') }, 'injected', /Its own .*=true/],
  [
    'asked by its own revision',
    { namespace: silent, labels: { 'istio.io/rev': 'v9' } },
    'injected',
    /istio.io\/rev=v9/,
  ],
  ['asked and missing', { pods: [pod(false)] }, 'restart', /1 of 1 pods run without/],
  ['asked and missing in some pods', { pods: [pod(true), pod(false), pod(false)] }, 'restart', /2 of 3 pods/],
  ['a finished pod does not count', { pods: [pod(true), pod(false, 'Succeeded')] }, 'injected', /asks/],
  ['refused by its own label', { pods: [pod(false)], labels: inject('false') }, 'optedOut', /Its own .*=false/],
  ['refused by its annotation', { pods: [pod(false)], annotations: inject('false') }, 'optedOut', /Its own/],
  [
    'its label goes before its annotation',
    { labels: inject('true'), annotations: inject('false'), namespace: silent },
    'injected',
    /Its own .*=true/,
  ],
  ['refused by the namespace', { pods: [pod(false)], namespace: off }, 'optedOut', /istio-injection=disabled/],
  [
    'the namespace’s no goes before the workload’s yes',
    { pods: [pod(false)], namespace: off, labels: inject('true') },
    'optedOut',
    /istio-injection=disabled/,
  ],
  ['still there though refused', { namespace: off }, 'lingering', /A restart takes the sidecar away from all pods/],
  ['still there though opted out', { labels: inject('false') }, 'lingering', /away from all/],
  ['still there though nobody asks', { namespace: silent }, 'lingering', /Neither/],
  ['still there in some pods', { namespace: silent, pods: [pod(true), pod(false)] }, 'lingering', /1 of 2 pods/],
  ['nobody asks and none there', { namespace: silent, pods: [pod(false)] }, 'none', /Neither/],
  ['the namespace was not read', { namespace: undefined, pods: [pod(false)] }, 'none', /could not be read/],
  ['the namespace was not read, and a sidecar runs', { namespace: undefined }, undefined, /^$/],
  ['the same in some pods', { namespace: undefined, pods: [pod(true), pod(false)] }, undefined, /^$/],
  [
    'the namespace was not read, and its own label refuses',
    { namespace: undefined, labels: inject('false') },
    'lingering',
    /Its own .*=false/,
  ],
  [
    'the namespace was not read, and its own label asks',
    { namespace: undefined, labels: inject('true') },
    'injected',
    /Its own .*=true/,
  ],
  ['ambient', { namespace: silent, pods: [pod(false)], isAmbient: true }, 'ambient', /ztunnel/],
  ['a gateway', { isProxy: true, namespace: silent, pods: [pod(true)] }, 'proxy', /itself/],
  ['no pods', { pods: [] }, undefined, /^$/],
  ['pods not read', { pods: undefined } as unknown as Partial<Injected>, undefined, /^$/],
])('%s', (_, change, state, reason) => {
  const found = injectionOf(workload(change))
  expect(found?.state).toBe(state)
  expect(found?.reason ?? '').toMatch(reason)
})

test('several workloads show what deserves a look first and how many are in the mesh', () => {
  const of = (...states: readonly ('restart' | 'injected' | 'ambient' | 'none' | 'proxy')[]) =>
    summaryOf(states.map((state) => ({ state, reason: `of ${state}` })))
  expect(of('injected', 'restart', 'ambient')).toEqual({ state: 'restart', reason: 'of restart', inMesh: 2, of: 3 })
  expect(of('injected', 'proxy')).toEqual({ state: 'injected', reason: 'of injected', inMesh: 1, of: 1 })
  expect(of('proxy')).toMatchObject({ state: 'proxy', inMesh: 1, of: 1 })
  expect(of('none', 'injected')).toMatchObject({ state: 'none', inMesh: 1, of: 2 })
  expect(summaryOf([undefined])).toBeUndefined()
})
