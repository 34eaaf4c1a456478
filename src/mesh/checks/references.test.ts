import { describe, expect, test } from 'vitest'

import { decodeObjects, type ObjectLists } from '../config/decode.ts'
import { referencesOf } from './references.ts'

const of = (namespace: string, name: string, spec: unknown = {}) => ({ metadata: { namespace, name }, spec })
const deployment = (namespace: string, name: string, labels: Record<string, string>) => ({
  metadata: { namespace, name },
  spec: { template: { metadata: { labels } } },
})
const route = (host: string, subset?: string) => ({ route: [{ destination: { host, subset } }] })

const mesh: ObjectLists = {
  namespaces: ['shop', 'edge'].map((name) => ({ metadata: { name } })),
  'deployments.apps': [deployment('shop', 'cart-v1', { app: 'cart' }), deployment('edge', 'gate', { istio: 'gate' })],
  services: [of('shop', 'cart', { selector: { app: 'cart' } }), of('edge', 'login')],
  'serviceentries.networking.istio.io': [
    of('shop', 'bank', { hosts: ['api.bank.example'], workloadSelector: { labels: { vm: 'yes' } } }),
  ],
  'workloadentries.networking.istio.io': [of('shop', 'vm-1', { address: '10.0.0.1', labels: { vm: 'yes' } })],
  'gateways.networking.istio.io': [of('edge', 'public', { selector: { istio: 'gate' }, servers: [] })],
  'gateways.gateway.networking.k8s.io': [of('shop', 'waypoint', { gatewayClassName: 'istio-waypoint' })],
  'destinationrules.networking.istio.io': [of('shop', 'cart', { host: 'cart', subsets: [{ name: 'v1', labels: {} }] })],
  'virtualservices.networking.istio.io': [],
}

type Row = readonly [string, keyof ObjectLists, unknown, readonly string[]]

const rows: readonly Row[] = [
  [
    'a VirtualService: its host, its gateway, its destinations and the rules of their subsets',
    'virtualservices.networking.istio.io',
    of('shop', 'x', {
      hosts: ['cart', 'www.shop.example', '*'],
      gateways: ['mesh', 'edge/public', 'gone'],
      http: [route('cart', 'v1'), route('cart', 'v9'), route('nowhere'), { delegate: { name: 'y' } }],
      tcp: [route('api.bank.example')],
    }),
    [
      'is about Service shop/cart found',
      'is served by Gateway edge/public found',
      'is served by Gateway shop/gone missing',
      'delegates to VirtualService shop/y missing',
      'routes to Service shop/cart found',
      'takes the subset v1 from DestinationRule shop/cart found',
      'takes the subset v9 from DestinationRule shop/cart missing',
      'routes to Host /nowhere missing',
      'routes to ServiceEntry shop/bank found',
    ],
  ],
  [
    'a mirror is told apart from a route',
    'virtualservices.networking.istio.io',
    of('shop', 'x', { hosts: [], http: [{ ...route('cart'), mirrors: [{ destination: { host: 'login.edge' } }] }] }),
    ['mirrors to Service edge/login found', 'routes to Service shop/cart found'],
  ],
  [
    'a Gateway: the pods of every namespace that it picks',
    'gateways.networking.istio.io',
    of('shop', 'x', { selector: { istio: 'gate' } }),
    ['configures Deployment edge/gate found'],
  ],
  [
    'a DestinationRule: its host',
    'destinationrules.networking.istio.io',
    of('edge', 'x', { host: 'cart.shop.svc.cluster.local' }),
    ['is about Service shop/cart found'],
  ],
  [
    'a ServiceEntry: the machines it picks, in its own namespace',
    'serviceentries.networking.istio.io',
    of('shop', 'x', { hosts: ['vm.example'], workloadSelector: { labels: { vm: 'yes' } } }),
    ['picks WorkloadEntry shop/vm-1 found'],
  ],
  [
    'a Sidecar: hosts by name, not by wildcard, and the pods it is for',
    'sidecars.networking.istio.io',
    of('shop', 'x', {
      workloadSelector: { labels: { app: 'cart' } },
      egress: [{ hosts: ['./*', 'edge/login', '*/cart', '~/*'] }],
    }),
    [
      'lets out to Service edge/login found',
      'lets out to Service shop/cart found',
      'applies to Deployment shop/cart-v1 found',
    ],
  ],
  [
    'a policy: what it selects in its own namespace',
    'peerauthentications.security.istio.io',
    of('shop', 'x', { selector: { matchLabels: { app: 'cart' } } }),
    ['applies to Deployment shop/cart-v1 found'],
  ],
  [
    'a policy without a selector is for its namespace and names nobody',
    'peerauthentications.security.istio.io',
    of('shop', 'x', { mtls: { mode: 'STRICT' } }),
    [],
  ],
  [
    'a policy for a Service',
    'authorizationpolicies.security.istio.io',
    of('shop', 'x', { targetRefs: [{ kind: 'Service', name: 'cart' }] }),
    ['applies to Service shop/cart found'],
  ],
  [
    'a kind that is only listed',
    'requestauthentications.security.istio.io',
    of('shop', 'x', { selector: { matchLabels: { app: 'cart' } } }),
    ['applies to Deployment shop/cart-v1 found'],
  ],
  [
    'a route of the Gateway API: its parent, not Istio’s Gateway of the same name, and its backends',
    'httproutes.gateway.networking.k8s.io',
    of('shop', 'x', {
      parentRefs: [{ name: 'waypoint' }, { name: 'public', namespace: 'edge' }],
      rules: [{ backendRefs: [{ name: 'cart' }] }],
    }),
    [
      'is attached to Gateway.gateway.networking.k8s.io shop/waypoint found',
      'is attached to Gateway.gateway.networking.k8s.io edge/public missing',
      'routes to Service shop/cart found',
    ],
  ],
  [
    'a gRPC route likewise',
    'grpcroutes.gateway.networking.k8s.io',
    of('shop', 'x', { parentRefs: [{ kind: 'Service', name: 'cart' }], rules: [{ backendRefs: [{ name: 'login' }] }] }),
    ['is attached to Service shop/cart found', 'routes to Host /login missing'],
  ],
  ['an object that nothing can be read of', 'virtualservices.networking.istio.io', of('shop', 'x', 'none'), []],
]

const said = (lists: ObjectLists, namespaces?: readonly string[]) =>
  referencesOf(
    {
      objects: decodeObjects(lists).objects,
      namespaces: namespaces === undefined ? undefined : new Set(namespaces),
    },
    lists,
  )
    .filter(({ from }) => from.name === 'x')
    .map(({ how, to, state }) => `${how} ${to.kind} ${to.namespace}/${to.name} ${state}`)

describe('referencesOf', () => {
  test.each(rows)('%s', (_, kind, object, expected) => {
    expect(said({ ...mesh, [kind]: [...(mesh[kind] ?? []), object] })).toEqual(expected)
  })

  test('what lies in a namespace that was not read is unread and not missing', () => {
    const object = of('shop', 'x', { gateways: ['edge/hidden'], http: [route('hidden.edge'), route('nowhere')] })
    expect(said({ ...mesh, 'virtualservices.networking.istio.io': [object] }, ['shop'])).toEqual([
      'is served by Gateway edge/hidden unread',
      'routes to Host /hidden.edge unread',
      'routes to Host /nowhere missing',
    ])
  })

  test('a kind that was not read makes nothing missing', () => {
    const { 'gateways.networking.istio.io': _, ...others } = mesh
    const object = of('shop', 'x', { gateways: ['edge/public'] })
    expect(said({ ...others, 'virtualservices.networking.istio.io': [object] })).toEqual([
      'is served by Gateway edge/public unread',
    ])
  })
})
