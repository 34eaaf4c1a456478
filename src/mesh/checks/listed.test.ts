import { describe, expect, test } from 'vitest'

import { decodeObjects, type ObjectLists } from '../config/decode.ts'
import { checkableOf } from './checkable.ts'
import { checkObjects } from './check.ts'
import { configKinds } from './kinds.ts'
import { listedObjects } from './listed.ts'

const of = (namespace: string, name: string, spec: unknown = {}) => ({
  metadata: { namespace, name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec,
})

const lists: ObjectLists = {
  namespaces: [{ metadata: { name: 'shop' } }],
  services: [of('shop', 'cart', { ports: [{ port: 80, name: 'http' }] })],
  'serviceentries.networking.istio.io': [],
  'virtualservices.networking.istio.io': [
    of('shop', 'broken', { hosts: ['cart'], http: [{ route: [{ destination: { host: 'gone' } }] }] }),
    of('shop', 'sound', { hosts: ['a.example', 'a.example'], http: [{ route: [{ destination: { host: 'cart' } }] }] }),
    { spec: { hosts: ['nameless'] } },
    null,
  ],
  'gateways.networking.istio.io': [of('shop', 'twin', { servers: [{ hosts: ['b.example'] }] })],
  'gateways.gateway.networking.k8s.io': [of('shop', 'twin', { listeners: [{ hostname: 'c.example' }, {}] })],
  'telemetries.telemetry.istio.io': [of('shop', 'all', 'unreadable')],
}

const read = (given: ObjectLists) =>
  listedObjects(given, checkObjects(checkableOf(decodeObjects(given).objects, null, [])))

describe('listedObjects', () => {
  test('gives each object its state, hosts and age; those without a name are counted', () => {
    const { objects, unnamed } = read(lists)
    expect(objects.map(({ kind, name, state, hosts }) => [kind, name, state, hosts])).toEqual([
      ['VirtualService', 'broken', 'error', ['cart']],
      ['VirtualService', 'sound', 'sound', ['a.example']],
      ['Gateway', 'twin', 'sound', ['b.example']],
      ['Telemetry', 'all', 'unchecked', []],
      ['Gateway.gateway.networking.k8s.io', 'twin', 'unchecked', ['c.example']],
    ])
    expect(objects[0]?.findings.map(({ code }) => code)).toEqual(['MB101'])
    expect(objects[0]?.createdAt).toBe('2026-01-01T00:00:00Z')
    expect([...unnamed]).toEqual([['virtualservices.networking.istio.io', 2]])
  })

  test('of the Services only those that a check has something to say of', () => {
    const odd = of('shop', 'odd', { selector: { app: 'nobody' }, ports: [{ port: 80, name: 'http' }] })
    const { objects } = read({ ...lists, 'deployments.apps': [], services: [...(lists.services ?? []), odd] })
    expect(objects.filter(({ kind }) => kind === 'Service').map(({ name, state }) => [name, state])).toEqual([
      ['odd', 'warning'],
    ])
  })

  test('a thousand VirtualServices for one host are all there', () => {
    const many = Array.from({ length: 1000 }, (_, at) =>
      of('shop', `vs-${at}`, { hosts: ['cart'], http: [{ route: [{ destination: { host: 'cart' } }] }] }),
    )
    const { objects } = read({ ...lists, 'virtualservices.networking.istio.io': many })
    expect(objects.filter(({ kind, state }) => kind === 'VirtualService' && state === 'warning')).toHaveLength(1000)
  })

  test('kinds that are checked are those that findings name', () => {
    const checked = Object.values(configKinds).filter(({ isChecked }) => isChecked)
    expect(checked.map(({ kind }) => kind)).toEqual([
      'VirtualService',
      'DestinationRule',
      'Gateway',
      'ServiceEntry',
      'Sidecar',
      'PeerAuthentication',
      'AuthorizationPolicy',
      'HTTPRoute',
      'Service',
    ])
  })
})

describe('checkableOf', () => {
  const { objects } = decodeObjects({ ...lists, 'deployments.apps': [] })

  test('a namespace where a list was refused is not called read', () => {
    const missing = [
      { kind: 'services', namespace: 'pay' },
      { kind: 'telemetries.telemetry.istio.io', namespace: 'web' },
    ]
    expect(checkableOf(objects, ['shop', 'pay', 'web'], missing).namespaces).toEqual(new Set(['shop', 'web']))
    expect(checkableOf(objects, null, []).namespaces).toBeUndefined()
  })

  test('of a list that failed half-way nothing is called missing', () => {
    expect(checkableOf(objects, null, [{ kind: 'services' }]).objects.services).toBeDefined()
    expect(checkableOf(objects, null, [{ kind: 'services', came: 500 }]).objects.services).toBeUndefined()
    const inOne = checkableOf(objects, ['shop', 'pay'], [{ kind: 'services', namespace: 'pay', came: 500 }])
    expect(inOne.objects.services).toBeDefined()
    expect(inOne.namespaces).toEqual(new Set(['shop']))
  })

  test('half the controllers and no pods are no workloads', () => {
    expect(checkableOf(objects, null, [{ kind: 'pods' }]).objects.workloads).toEqual([])
    expect(
      checkableOf(objects, null, [{ kind: 'pods' }, { kind: 'statefulsets.apps' }]).objects.workloads,
    ).toBeUndefined()
    expect(checkableOf(objects, null, [{ kind: 'statefulsets.apps' }]).objects.workloads).toEqual([])
  })
})
