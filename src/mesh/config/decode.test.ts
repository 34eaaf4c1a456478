import { describe, expect, it, test } from 'vitest'
import { decodeObjects } from './decode.ts'
import type { ObjectLists } from './decode.ts'
import type { MeshObjects, WorkloadObject } from './objects.ts'

const meta = (namespace: string, name: string, more: object = {}): { readonly metadata: object } => ({
  metadata: { namespace, name, ...more },
})
const read = (lists: ObjectLists): MeshObjects => decodeObjects(lists).objects
const owned = (kind: string, name: string): object => ({ ownerReferences: [{ kind, name, controller: true }] })
const sidecar = { containers: [{ name: 'app' }, { name: 'istio-proxy' }] }

function workload(lists: ObjectLists, name: string): WorkloadObject | undefined {
  return read(lists).workloads?.find((one) => one.name === name)
}

test('what was not read is absent, what was read and is empty is empty', () => {
  expect(read({})).toEqual({})
  expect(read({ services: [], 'virtualservices.networking.istio.io': [] })).toEqual({
    services: [],
    virtualServices: [],
  })
})

test('items that are no objects or have no name are skipped and counted', () => {
  const { objects, skipped } = decodeObjects({
    services: [null, 7, 'x', {}, { metadata: { name: '' } }, meta('shop', 'cart')],
  })
  expect(objects.services?.map(({ name }) => name)).toEqual(['cart'])
  expect(skipped).toEqual([{ reason: 'services: no object with a name', count: 5, example: 'null' }])
})

test('every kind survives an object that says nothing', () => {
  const empty = meta('shop', 'x')
  const nonsense = { ...empty, spec: 7, status: [] }
  for (const item of [empty, nonsense]) {
    const kinds = [
      'namespaces',
      'pods',
      'services',
      'deployments.apps',
      'daemonsets.apps',
      'ingresses.networking.k8s.io',
      'virtualservices.networking.istio.io',
      'destinationrules.networking.istio.io',
      'gateways.networking.istio.io',
      'serviceentries.networking.istio.io',
      'workloadentries.networking.istio.io',
      'sidecars.networking.istio.io',
      'envoyfilters.networking.istio.io',
      'peerauthentications.security.istio.io',
      'authorizationpolicies.security.istio.io',
      'gateways.gateway.networking.k8s.io',
      'httproutes.gateway.networking.k8s.io',
    ] as const
    const { skipped } = decodeObjects(Object.fromEntries(kinds.map((kind) => [kind, [item]])))
    expect(skipped).toEqual([])
  }
})

describe('the cluster’s name', () => {
  const pod = (value: string): object => ({
    ...meta('shop', value),
    spec: { containers: [{ name: 'istio-proxy', env: [{ name: 'ISTIO_META_CLUSTER_ID', value }] }] },
  })

  it('is what the proxies were told, unless it is given', () => {
    expect(read({ pods: [pod('east'), meta('shop', 'plain'), pod('east')] }).cluster).toBe('east')
    expect(decodeObjects({ pods: [pod('east')] }, { cluster: 'given' }).objects.cluster).toBe('given')
  })

  it('is not known where no proxy says, or they disagree', () => {
    expect(read({ pods: [meta('shop', 'plain')] })).not.toHaveProperty('cluster')
    expect(read({ pods: [pod('east'), pod('west')] })).not.toHaveProperty('cluster')
  })
})

describe('namespaces', () => {
  it.each([
    [{ labels: { 'istio-injection': 'enabled' } }, { injection: 'enabled' }],
    [{ labels: { 'istio-injection': 'disabled' } }, { injection: 'disabled' }],
    [{ labels: { 'istio.io/rev': 'canary' } }, { injection: 'enabled', revision: 'canary' }],
    [
      { labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'way' } },
      { isAmbient: true, waypoint: 'way' },
    ],
    [{ annotations: { 'field.cattle.io/projectId': 'c-1:p-2' } }, { project: 'c-1:p-2' }],
  ])('%j', (metadata, expected) => {
    const [found] = read({ namespaces: [{ metadata: { name: 'shop', ...metadata } }] }).namespaces ?? []
    expect(found).toMatchObject({ name: 'shop', ...expected })
  })
})

describe('workloads', () => {
  it('are named by the controller at the top of the pods’ owners', () => {
    const pods = [
      meta('shop', 'a', owned('ReplicaSet', 'cart-5d4')),
      {
        metadata: {
          namespace: 'shop',
          name: 'b',
          labels: { 'pod-template-hash': 'abc' },
          ...owned('ReplicaSet', 'web-abc'),
        },
      },
      meta('shop', 'c', owned('Job', 'report-28391040')),
      meta('shop', 'd', owned('Rollout', 'canary')),
      meta('shop', 'e'),
    ]
    const names = read({
      pods,
      'replicasets.apps': [meta('shop', 'cart-5d4', owned('Deployment', 'cart'))],
    }).workloads?.map(({ kind, name }) => `${kind} ${name}`)
    expect(names).toEqual(['Deployment cart', 'Deployment web', 'CronJob report', 'Rollout canary', 'Pod e'])
  })

  it.each([
    [
      'deployments.apps',
      { replicas: 3, template: {} },
      { replicas: 4, readyReplicas: 2, availableReplicas: 1 },
      { desired: 3, current: 4, available: 1 },
    ],
    ['deployments.apps', { replicas: 0 }, {}, { desired: 0, current: 0, available: 0 }],
    ['deployments.apps', {}, { replicas: 1, availableReplicas: 1 }, { desired: 1, current: 1, available: 1 }],
    ['statefulsets.apps', { replicas: 2 }, { replicas: 2, readyReplicas: 2 }, { desired: 2, current: 2, available: 2 }],
    [
      'daemonsets.apps',
      {},
      { desiredNumberScheduled: 5, currentNumberScheduled: 4, numberAvailable: 3 },
      { desired: 5, current: 4, available: 3 },
    ],
  ] as const)('%s %j has its replicas', (kind, spec, status, replicas) => {
    expect(workload({ [kind]: [{ ...meta('shop', 'cart'), spec, status }] }, 'cart')?.replicas).toEqual(replicas)
  })

  it('are injected, ambient or neither by what their pods run', () => {
    const lists = (pod: object, namespace: object = {}): ObjectLists => ({
      namespaces: [{ metadata: { name: 'shop', ...namespace } }],
      'deployments.apps': [{ ...meta('shop', 'cart'), spec: { template: { metadata: { labels: { app: 'cart' } } } } }],
      pods: [
        {
          metadata: {
            namespace: 'shop',
            name: 'p',
            labels: { 'pod-template-hash': '1' },
            ...owned('ReplicaSet', 'cart-1'),
          },
          status: { phase: 'Running' },
          ...pod,
        },
      ],
    })
    const ambientLabel = { labels: { 'istio.io/dataplane-mode': 'ambient' } }
    expect(workload(lists({ spec: sidecar }), 'cart')).toMatchObject({ isInjected: true, isAmbient: false })
    expect(workload(lists({ spec: { initContainers: [{ name: 'istio-proxy' }] } }), 'cart')).toMatchObject({
      isInjected: true,
    })
    expect(workload(lists({ spec: { containers: [{ name: 'app' }] } }), 'cart')).toMatchObject({
      isInjected: false,
      isAmbient: false,
    })
    expect(workload(lists({ spec: {} }, ambientLabel), 'cart')).toMatchObject({ isInjected: false, isAmbient: true })
    expect(workload(lists({ spec: sidecar }, ambientLabel), 'cart')).toMatchObject({ isAmbient: false })
  })

  it('without pods say nothing of injection, unless the template does', () => {
    const template = (annotations: object): ObjectLists => ({
      'deployments.apps': [{ ...meta('shop', 'cart'), spec: { template: { metadata: { annotations } } } }],
      pods: [],
    })
    expect(workload(template({}), 'cart')).not.toHaveProperty('isInjected')
    expect(workload(template({ 'sidecar.istio.io/inject': 'false' }), 'cart')).toMatchObject({ isInjected: false })
    expect(workload(template({}), 'cart')?.pods).toEqual([])
  })
})

test('ingresses name their class, by field or by annotation, and their Services', () => {
  const backend = (name: string): object => ({ backend: { service: { name } } })
  const [found] =
    read({
      'ingresses.networking.k8s.io': [
        {
          metadata: { namespace: 'shop', name: 'web', annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
          spec: {
            defaultBackend: { service: { name: 'fallback' } },
            rules: [{ host: 'a.example', http: { paths: [backend('web'), backend('api'), backend('web')] } }],
          },
        },
      ],
    }).ingresses ?? []
  expect(found).toMatchObject({ ingressClass: 'nginx', hosts: ['a.example'], services: ['fallback', 'web', 'api'] })
})

test('VirtualServices: routes, weights, faults, timeouts, retries, mirrors', () => {
  const [found] =
    read({
      'virtualservices.networking.istio.io': [
        {
          ...meta('shop', 'cart'),
          spec: {
            hosts: ['cart'],
            http: [
              {
                match: [{ uri: { prefix: '/' } }],
                route: [
                  { destination: { host: 'cart', subset: 'v1', port: { number: 80 } }, weight: 80 },
                  { destination: { host: 'cart', subset: 'v2' }, weight: 20 },
                  {},
                ],
                fault: {
                  abort: { percentage: { value: 10 }, httpStatus: 503 },
                  delay: { percent: 5, fixedDelay: '2s' },
                },
                timeout: '3s',
                retries: { attempts: 2, retryOn: '5xx' },
                mirror: { host: 'shadow' },
                mirrorPercentage: { value: 40 },
              },
            ],
            tcp: [{ route: [{ destination: { host: 'db' } }] }],
          },
        },
      ],
    }).virtualServices ?? []
  expect(found).toMatchObject({
    hosts: ['cart'],
    gateways: ['mesh'],
    http: [
      {
        matches: 1,
        destinations: [
          { host: 'cart', subset: 'v1', port: 80, weight: 80 },
          { host: 'cart', subset: 'v2', weight: 20 },
        ],
        fault: { abort: { percent: 10, status: '503' }, delay: { percent: 5, delay: '2s' } },
        timeout: '3s',
        retries: { attempts: 2, retryOn: '5xx' },
        mirrors: [{ host: 'shadow', percent: 40 }],
      },
    ],
    tcp: [{ destinations: [{ host: 'db' }] }],
  })
})

test('DestinationRules: limits, outliers, load balancing, locality', () => {
  const [found] =
    read({
      'destinationrules.networking.istio.io': [
        {
          ...meta('shop', 'cart'),
          spec: {
            host: 'cart',
            trafficPolicy: {
              connectionPool: { tcp: { maxConnections: 10 }, http: { http2MaxRequests: 20 } },
              outlierDetection: { consecutive5xxErrors: 5 },
              loadBalancer: {
                consistentHash: { httpHeaderName: 'x-user' },
                localityLbSetting: { failover: [{ from: 'a', to: 'b' }] },
              },
              tls: { mode: 'ISTIO_MUTUAL' },
            },
            subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }],
          },
        },
      ],
    }).destinationRules ?? []
  expect(found).toMatchObject({
    host: 'cart',
    trafficPolicy: {
      connectionPool: ['maxConnections=10', 'http2MaxRequests=20'],
      outlierDetection: ['consecutive5xxErrors=5'],
      loadBalancing: 'consistent hash by header x-user',
      locality: 'failover',
      tls: 'ISTIO_MUTUAL',
    },
    subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancing: 'RANDOM' } }],
  })
})

test.each([
  [{ name: 'envoy.filters.http.local_ratelimit' }, 'local'],
  [{ typed: 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit' }, 'local'],
  [{ name: 'envoy.filters.http.ratelimit' }, 'global'],
  [{ name: 'envoy.filters.http.lua' }, undefined],
])('an EnvoyFilter with %j limits rates: %s', (value, rateLimit) => {
  const [found] =
    read({
      'envoyfilters.networking.istio.io': [{ ...meta('shop', 'f'), spec: { configPatches: [{ patch: { value } }] } }],
    }).envoyFilters ?? []
  expect(found?.rateLimit).toBe(rateLimit)
})

test('PeerAuthentications and AuthorizationPolicies', () => {
  const objects = read({
    'peerauthentications.security.istio.io': [
      {
        ...meta('shop', 'p'),
        spec: {
          selector: { matchLabels: { app: 'cart' } },
          mtls: { mode: 'STRICT' },
          portLevelMtls: { 8080: { mode: 'DISABLE' } },
        },
      },
    ],
    'authorizationpolicies.security.istio.io': [
      {
        ...meta('shop', 'a'),
        spec: { action: 'DENY', rules: [{}, {}], targetRefs: [{ kind: 'Service', name: 'cart' }] },
      },
    ],
  })
  expect(objects.peerAuthentications).toMatchObject([
    { selector: { app: 'cart' }, mode: 'STRICT', ports: { 8080: 'DISABLE' } },
  ])
  expect(objects.authorizationPolicies).toMatchObject([
    { action: 'DENY', rules: 2, targets: [{ kind: 'Service', name: 'cart' }] },
  ])
})

test('Gateway API routes become destinations', () => {
  const objects = read({
    'httproutes.gateway.networking.k8s.io': [
      {
        ...meta('shop', 'r'),
        spec: {
          parentRefs: [{ name: 'gw' }],
          rules: [
            {
              backendRefs: [
                { name: 'cart-v1', port: 80, weight: 90 },
                { name: 'cart-v2', namespace: 'next', weight: 10 },
              ],
              timeouts: { request: '2s' },
              filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow' } } }],
            },
          ],
        },
      },
    ],
    'gateways.gateway.networking.k8s.io': [
      { ...meta('shop', 'gw'), spec: { gatewayClassName: 'istio', listeners: [{ hostname: 'a.example' }, {}] } },
    ],
  })
  expect(objects.httpRoutes).toMatchObject([
    {
      parents: [{ kind: 'Gateway', name: 'gw' }],
      rules: [
        {
          destinations: [
            { host: 'cart-v1', port: 80, weight: 90 },
            { host: 'cart-v2.next', weight: 10 },
          ],
          timeout: '2s',
          mirrors: [{ host: 'shadow' }],
        },
      ],
    },
  ])
  expect(objects.kubernetesGateways).toMatchObject([{ gatewayClass: 'istio', hosts: ['a.example', '*'] }])
})
