import { expect, test } from 'vitest'

import { decodeObjects } from './config/decode.ts'
import { defaultPolicy } from './health.ts'
import { graphOf, inventoryOf, type ListKind } from './inventory.ts'
import { readMesh } from './read.ts'
import { measured, requests, tcp } from './testing/samples.ts'

const deployment = (name: string, namespace: string, app: string, version: string) => ({
  metadata: { name, namespace, labels: { app, version } },
  spec: { replicas: 2, template: { metadata: { labels: { app, version } } } },
  status: { replicas: 2, availableReplicas: 2 },
})
const pod = (name: string, namespace: string, owner: string, app: string, version: string) => ({
  metadata: {
    name,
    namespace,
    labels: { app, version, 'pod-template-hash': 'abc' },
    ownerReferences: [{ kind: 'ReplicaSet', name: `${owner}-abc`, controller: true }],
  },
  spec: { containers: [{ name: app }, { name: 'istio-proxy' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
})

const { objects } = decodeObjects({
  namespaces: [
    {
      metadata: {
        name: 'shop',
        labels: { 'istio-injection': 'enabled' },
        annotations: { 'field.cattle.io/projectId': 'c:p-shop' },
      },
    },
    { metadata: { name: 'empty' } },
  ],
  'deployments.apps': [
    deployment('cart-v1', 'shop', 'cart', 'v1'),
    deployment('cart-v2', 'shop', 'cart', 'v2'),
    deployment('idle-v1', 'shop', 'idle', 'v1'),
  ],
  pods: [pod('cart-v1-abc-1', 'shop', 'cart-v1', 'cart', 'v1')],
  services: [{ metadata: { name: 'cart', namespace: 'shop' }, spec: { selector: { app: 'cart' }, ports: [] } }],
  'virtualservices.networking.istio.io': [
    {
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { hosts: ['cart'], http: [{ timeout: '1s', route: [{ destination: { host: 'cart' } }] }] },
    },
  ],
})

const web = { name: 'web/web-v1', app: 'web', version: 'v1' }
const v1 = { name: 'shop/cart-v1', app: 'cart', version: 'v1' }
const v2 = { name: 'shop/cart-v2', app: 'cart', version: 'v2' }

function listed(kind: ListKind, namespaces: readonly string[] = []) {
  const graph = readMesh(
    {
      requests: [
        requests(30, { from: web, to: v1 }),
        requests(6, { from: web, to: v2 }),
        requests(4, { from: web, to: v2, code: '500' }),
      ],
      tcp: [tcp(700, { from: web, to: 'data/db' })],
      throughput: [measured(1000, { from: web, to: v1 }), measured(24, { from: web, to: v1 })],
    },
    objects,
    {
      ...graphOf(kind),
      window: { seconds: 300, at: 1_767_225_600 },
      namespaces,
      reporter: 'auto',
      waypoints: false,
      idleEdges: true,
      http: true,
      grpc: 'requests',
      policy: defaultPolicy,
    },
  )
  return new Map(inventoryOf(kind, graph, objects, defaultPolicy).map((row) => [row.name, row]))
}

test('workloads have what arrives at them, what they call, and what Kubernetes knows', () => {
  const rows = listed('workloads')
  expect([...rows.keys()]).toEqual(['db', 'cart-v1', 'cart-v2', 'idle-v1', 'web-v1'])
  expect(rows.get('cart-v1')).toMatchObject({
    rate: 30,
    errorRatio: 0,
    throughput: 1024,
    kind: 'Deployment',
    versions: ['v1'],
  })
  expect(rows.get('cart-v1')?.injection).toMatchObject({ state: 'injected', inMesh: 1, of: 1 })
  expect(rows.get('cart-v1')?.project).toBe('c:p-shop')
  expect(rows.get('cart-v2')).toMatchObject({ rate: 10, errorRatio: 0.4, health: { state: 'failing' } })
  expect(rows.get('db')).toMatchObject({ throughput: 700 })
  expect(rows.get('db')?.rate).toBeUndefined()
  expect(rows.get('web-v1')).toMatchObject({ calls: 40 })
  expect(rows.get('web-v1')?.rate).toBeUndefined()
  expect(rows.get('idle-v1')).toMatchObject({ health: { state: 'idle' }, replicas: { desired: 2, available: 2 } })
})

test('apps and services add their versions up', () => {
  expect(listed('apps').get('cart')).toMatchObject({
    rate: 40,
    errorRatio: 0.1,
    versions: ['v1', 'v2'],
    replicas: { desired: 4 },
  })
  const service = listed('services').get('cart')
  expect(service).toMatchObject({ rate: 40, errorRatio: 0.1, versions: ['v1', 'v2'], kind: 'ClusterIP' })
  expect(service?.config).toContain('VirtualService/shop/cart')
})

test('a namespace wears its worst member, and one without anything is idle', () => {
  const rows = listed('namespaces')
  expect(rows.get('shop')).toMatchObject({
    rate: 40,
    errorRatio: 0.1,
    health: { state: 'failing' },
    config: ['VirtualService/shop/cart'],
  })
  expect(rows.get('web')).toMatchObject({ calls: 40 })
  expect(rows.get('empty')).toMatchObject({ health: { state: 'idle' } })
})

test('what stands outside the scope is not listed', () => {
  expect([...listed('workloads', ['shop']).keys()]).toEqual(['cart-v1', 'cart-v2', 'idle-v1'])
  expect([...listed('namespaces', ['shop']).keys()]).toEqual(['shop'])
})

test('without Kubernetes there is what telemetry tells', () => {
  const graph = readMesh({ requests: [requests(5, { from: web, to: v1 })] }, undefined, {
    ...graphOf('workloads'),
    window: { seconds: 300, at: 1 },
    namespaces: [],
    reporter: 'auto',
    waypoints: false,
    idleEdges: true,
    http: true,
    grpc: 'requests',
    policy: defaultPolicy,
  })
  const rows = inventoryOf('workloads', graph, undefined, defaultPolicy)
  expect(rows.map(({ name }) => name)).toEqual(['cart-v1', 'web-v1'])
  expect(rows[0]).not.toHaveProperty('replicas')
})
