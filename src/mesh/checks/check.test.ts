import { describe, expect, it, test } from 'vitest'

import { decodeObjects, type ObjectLists } from '../config/decode.ts'
import { checkObjects } from './check.ts'
import { checkUse } from './unused.ts'
import { checkCodes, type CheckId } from './codes.ts'

const meta = (namespace: string, name: string, labels = {}) => ({ metadata: { namespace, name, labels } })

function deployment(namespace: string, name: string, labels: Record<string, string>, account?: string) {
  return {
    ...meta(namespace, name),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'sidecar.istio.io/status': '{}' } },
        spec: {
          ...(account === undefined ? {} : { serviceAccountName: account }),
          containers: [{ name: 'istio-proxy' }],
        },
      },
    },
  }
}

function service(
  namespace: string,
  name: string,
  ports: readonly unknown[] = [{ port: 80, name: 'http', protocol: 'TCP' }],
) {
  return { ...meta(namespace, name), spec: { selector: { app: name }, ports } }
}

const of = (namespace: string, name: string, spec: unknown) => ({ ...meta(namespace, name), spec })
const route = (...hosts: readonly string[]) => ({ route: hosts.map((host) => ({ destination: { host } })) })

/** A sound mesh: cart with two versions in shop, a gateway in istio-system. Every test adds to it or takes away. */
const sound: ObjectLists = {
  namespaces: ['shop', 'pay', 'istio-system'].map((name) => ({ metadata: { name } })),
  'deployments.apps': [
    deployment('shop', 'cart-v1', { app: 'cart', version: 'v1' }, 'cart'),
    deployment('shop', 'cart-v2', { app: 'cart', version: 'v2' }, 'cart'),
    deployment('istio-system', 'ingress', { istio: 'ingressgateway' }),
  ],
  'statefulsets.apps': [],
  'daemonsets.apps': [],
  'replicasets.apps': [],
  services: [service('shop', 'cart')],
  'virtualservices.networking.istio.io': [
    of('shop', 'cart', {
      hosts: ['cart'],
      http: [
        { match: [{ uri: { prefix: '/v2' } }], ...route('cart.shop.svc.cluster.local') },
        {
          route: [
            { destination: { host: 'cart', subset: 'v1', port: { number: 80 } }, weight: 90 },
            { destination: { host: 'cart', subset: 'v2' }, weight: 10 },
          ],
        },
      ],
    }),
  ],
  'destinationrules.networking.istio.io': [
    of('shop', 'cart', {
      host: 'cart',
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    }),
  ],
  'gateways.networking.istio.io': [
    of('shop', 'front', {
      selector: { istio: 'ingressgateway' },
      servers: [{ hosts: ['a.test'], port: { number: 80 } }],
    }),
  ],
  'serviceentries.networking.istio.io': [of('shop', 'stripe', { hosts: ['api.stripe.test'] })],
  'workloadentries.networking.istio.io': [],
  'sidecars.networking.istio.io': [
    of('shop', 'default', { egress: [{ hosts: ['./*', 'shop/cart', 'istio-system/*'] }] }),
  ],
  'envoyfilters.networking.istio.io': [],
  'peerauthentications.security.istio.io': [of('istio-system', 'default', { mtls: { mode: 'PERMISSIVE' } })],
  'authorizationpolicies.security.istio.io': [
    of('shop', 'cart', {
      selector: { matchLabels: { app: 'cart' } },
      rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'], namespaces: ['pay', 'sh*'] } }] }],
    }),
  ],
  'gateways.gateway.networking.k8s.io': [of('shop', 'edge', { gatewayClassName: 'istio' })],
  'httproutes.gateway.networking.k8s.io': [
    of('shop', 'cart', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'cart', port: 80 }] }] }),
  ],
}

const vs = (name: string, spec: Record<string, unknown>) =>
  of('shop', name, { hosts: ['cart.test'], gateways: ['front'], ...spec })
const withVs = (...more: readonly unknown[]): ObjectLists => adding('virtualservices.networking.istio.io', ...more)

function adding(kind: keyof ObjectLists, ...more: readonly unknown[]): ObjectLists {
  return { ...sound, [kind]: [...(sound[kind] ?? []), ...more] }
}

function found(lists: ObjectLists, namespaces?: readonly string[]) {
  return checkObjects({
    objects: decodeObjects(lists).objects,
    ...(namespaces === undefined ? {} : { namespaces: new Set(namespaces) }),
  })
}

test('a sound mesh has no finding', () => {
  expect(found(sound)).toEqual([])
})

/** Code, where it is found, what of the sentence matters, the broken mesh. Every code of the table is broken below. */
const broken: readonly (readonly [CheckId, string, string, ObjectLists])[] = [
  ['MB101', 'VirtualService broken', 'nobody', withVs(vs('broken', { http: [route('nobody')] }))],
  [
    'MB102',
    'VirtualService broken',
    'subset v3 of cart: its DestinationRule has v1, v2',
    withVs(vs('broken', { http: [{ route: [{ destination: { host: 'cart', subset: 'v3' } }] }] })),
  ],
  [
    'MB103',
    'VirtualService broken',
    'add up to 90',
    withVs(
      vs('broken', {
        http: [
          {
            route: [
              { destination: { host: 'cart', subset: 'v1' }, weight: 80 },
              { destination: { host: 'cart', subset: 'v2' }, weight: 10 },
            ],
          },
        ],
      }),
    ),
  ],
  [
    'MB104',
    'VirtualService broken',
    'Route 2 of http never get a request: route 1 takes them all',
    withVs(vs('broken', { http: [route('cart'), { match: [{ uri: { exact: '/x' } }], ...route('cart') }] })),
  ],
  [
    'MB105',
    'VirtualService broken',
    'no Gateway back in shop',
    withVs(vs('broken', { gateways: ['back'], http: [route('cart')] })),
  ],
  [
    'MB106',
    'VirtualService broken',
    'also routed for the sidecars by cart',
    withVs(of('shop', 'broken', { hosts: ['cart.shop'], http: [route('cart')] })),
  ],
  [
    'MB107',
    'VirtualService broken',
    'no VirtualService gone in pay',
    withVs(vs('broken', { http: [{ delegate: { name: 'gone', namespace: 'pay' } }] })),
  ],
  [
    'MB108',
    'VirtualService broken',
    'delegates to broken in shop, which delegates again',
    withVs(vs('broken', { http: [{ delegate: { name: 'broken' } }] })),
  ],
  ['MB109', 'VirtualService broken', 'no route', withVs(vs('broken', {}))],
  [
    'MB110',
    'VirtualService broken',
    'port 8080 of cart, which has 80',
    withVs(vs('broken', { http: [{ route: [{ destination: { host: 'cart', port: { number: 8080 } } }] }] })),
  ],
  [
    'MB111',
    'HTTPRoute broken',
    'gone',
    adding(
      'httproutes.gateway.networking.k8s.io',
      of('shop', 'broken', { rules: [{ backendRefs: [{ name: 'gone' }] }] }),
    ),
  ],
  [
    'MB112',
    'HTTPRoute broken',
    'no Gateway nowhere in shop',
    adding('httproutes.gateway.networking.k8s.io', of('shop', 'broken', { parentRefs: [{ name: 'nowhere' }] })),
  ],
  [
    'MB201',
    'DestinationRule broken',
    'no Service or ServiceEntry gone',
    adding('destinationrules.networking.istio.io', of('shop', 'broken', { host: 'gone' })),
  ],
  [
    'MB202',
    'DestinationRule broken',
    'subset all has no labels',
    adding(
      'destinationrules.networking.istio.io',
      of('shop', 'broken', { host: 'api.stripe.test', subsets: [{ name: 'all' }] }),
    ),
  ],
  [
    'MB203',
    'DestinationRule broken',
    'version=v9 (subset v9)',
    adding(
      'destinationrules.networking.istio.io',
      of('pay', 'broken', { host: 'cart.shop', subsets: [{ name: 'v9', labels: { version: 'v9' } }] }),
    ),
  ],
  [
    'MB204',
    'DestinationRule broken',
    'cart',
    adding('destinationrules.networking.istio.io', of('shop', 'broken', { host: 'cart.shop.svc.cluster.local' })),
  ],
  [
    'MB205',
    'DestinationRule broken',
    'takes only mTLS and the rule sends plain text',
    {
      ...adding(
        'destinationrules.networking.istio.io',
        of('pay', 'broken', { host: 'cart.shop', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
      ),
      'peerauthentications.security.istio.io': [of('shop', 'strict', { mtls: { mode: 'STRICT' } })],
    },
  ],
  [
    'MB206',
    'DestinationRule broken',
    'refuses mTLS',
    {
      ...adding(
        'destinationrules.networking.istio.io',
        of('pay', 'broken', { host: 'cart.shop', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
      ),
      'peerauthentications.security.istio.io': [of('shop', 'off', { mtls: { mode: 'DISABLE' } })],
    },
  ],
  [
    'MB301',
    'Gateway broken',
    'istio=gone',
    adding('gateways.networking.istio.io', of('shop', 'broken', { selector: { istio: 'gone' }, servers: [] })),
  ],
  [
    'MB302',
    'Gateway broken',
    'a.test on port 80 is also served by front in shop',
    adding(
      'gateways.networking.istio.io',
      of('pay', 'broken', {
        selector: { istio: 'ingressgateway' },
        servers: [{ hosts: ['*/A.test'], port: { number: 80 } }],
      }),
    ),
  ],
  [
    'MB401',
    'Service cart',
    'Port 9000 is named metrics, which names no protocol',
    {
      ...sound,
      services: [
        service('shop', 'cart', [
          { port: 80, name: 'http' },
          { port: 9000, name: 'metrics', protocol: 'TCP' },
        ]),
      ],
    },
  ],
  ['MB402', 'Service broken', 'app=broken', adding('services', service('shop', 'broken'))],
  [
    'MB501',
    'AuthorizationPolicy broken',
    'Nothing may call every workload of pay',
    adding('authorizationpolicies.security.istio.io', of('pay', 'broken', {})),
  ],
  [
    'MB502',
    'AuthorizationPolicy broken',
    'Everything to workloads with app=cart is denied',
    adding(
      'authorizationpolicies.security.istio.io',
      of('shop', 'broken', { action: 'DENY', rules: [{}], selector: { matchLabels: { app: 'cart' } } }),
    ),
  ],
  [
    'MB503',
    'AuthorizationPolicy broken',
    'no workload of shop runs as stranger',
    adding(
      'authorizationpolicies.security.istio.io',
      of('shop', 'broken', { rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/stranger'] } }] }] }),
    ),
  ],
  [
    'MB504',
    'PeerAuthentication broken',
    'app=gone',
    adding(
      'peerauthentications.security.istio.io',
      of('shop', 'broken', { selector: { matchLabels: { app: 'gone' } }, mtls: { mode: 'STRICT' } }),
    ),
  ],
  [
    'MB505',
    'PeerAuthentication broken',
    'default is about the namespace istio-system too',
    adding('peerauthentications.security.istio.io', of('istio-system', 'broken', { mtls: { mode: 'STRICT' } })),
  ],
  [
    'MB506',
    'AuthorizationPolicy broken',
    'no namespace nowhere',
    adding(
      'authorizationpolicies.security.istio.io',
      of('shop', 'broken', { rules: [{ from: [{ source: { namespaces: ['nowhere'] } }] }] }),
    ),
  ],
  [
    'MB601',
    'ServiceEntry broken',
    'also defined by stripe in shop',
    adding('serviceentries.networking.istio.io', of('pay', 'broken', { hosts: ['API.stripe.test'] })),
  ],
  [
    'MB602',
    'ServiceEntry broken',
    'is the Service cart of shop',
    adding(
      'serviceentries.networking.istio.io',
      of('pay', 'broken', { hosts: ['cart.shop.svc.cluster.local'], exportTo: ['.'] }),
    ),
  ],
  [
    'MB603',
    'Sidecar broken',
    'no gone in shop',
    adding('sidecars.networking.istio.io', of('pay', 'broken', { egress: [{ hosts: ['shop/gone'] }] })),
  ],
  [
    'MB604',
    'Sidecar broken',
    'default is about the namespace shop too',
    adding('sidecars.networking.istio.io', of('shop', 'broken', {})),
  ],
]

it.each(broken)('%s in %s: %s', (code, object, words, lists) => {
  const mine = found(lists).filter((each) => each.code === code && `${each.object.kind} ${each.object.name}` === object)
  expect(mine.map(({ message }) => message)).toEqual([expect.stringContaining(words)])
})

test('every code has its broken case above, or below', () => {
  expect(new Set(broken.map(([code]) => code))).toEqual(
    new Set(Object.keys(checkCodes).filter((code) => code !== 'MB901')),
  )
})

describe('what may exist where we may not look is not called missing', () => {
  it.each([
    ['a host in a namespace that was not read', withVs(vs('one', { http: [route('api.pay')] }))],
    ['a host outside the cluster', withVs(vs('one', { http: [route('www.example.test')] }))],
    ['a gateway elsewhere', withVs(vs('one', { gateways: ['pay/front'], http: [route('cart')] }))],
    ['a delegate elsewhere', withVs(vs('one', { http: [{ delegate: { name: 'x', namespace: 'pay' } }] }))],
    [
      'the pods of a gateway',
      adding('gateways.networking.istio.io', of('shop', 'one', { selector: { istio: 'x' }, servers: [] })),
    ],
    [
      'a principal elsewhere',
      adding(
        'authorizationpolicies.security.istio.io',
        of('shop', 'one', { rules: [{ from: [{ source: { principals: ['td/ns/pay/sa/x'] } }] }] }),
      ),
    ],
  ])('%s', (_name, lists) => {
    expect(found(lists).length).toBeGreaterThan(0)
    expect(found(lists, ['shop'])).toEqual([])
  })

  test('a kind that was not read is no empty list', () => {
    const { services: _services, ...withoutServices } = withVs(vs('one', { http: [route('nobody')] }))
    expect(found(withoutServices).map(({ code }) => code)).toEqual([])
  })
})

describe('sound cases that look like broken ones', () => {
  it.each([
    ['weights left out for a single destination', withVs(vs('one', { http: [route('cart')] }))],
    ['a wildcard host', withVs(vs('one', { hosts: ['*.a.test'], http: [route('cart')] }))],
    [
      'a host that a wildcard ServiceEntry defines',
      {
        ...withVs(vs('one', { http: [route('eu.pay.test')] })),
        'serviceentries.networking.istio.io': [of('pay', 'all', { hosts: ['*.pay.test'] })],
      },
    ],
    [
      'two VirtualServices for one host, exported to different namespaces',
      withVs(
        of('shop', 'a', { hosts: ['x.test'], exportTo: ['.'], http: [route('cart')] }),
        of('pay', 'b', { hosts: ['x.test'], exportTo: ['.'], http: [route('cart.shop')] }),
      ),
    ],
    [
      'a delegate that only routes',
      withVs(vs('root', { http: [{ delegate: { name: 'leaf' } }] }), of('shop', 'leaf', { http: [route('cart')] })),
    ],
    [
      'a principal with a wildcard',
      adding(
        'authorizationpolicies.security.istio.io',
        of('shop', 'one', { rules: [{ from: [{ source: { principals: ['*/sa/x', '*'] } }] }] }),
      ),
    ],
    [
      'a port with appProtocol',
      { ...sound, services: [service('shop', 'cart', [{ port: 80, name: 'web', appProtocol: 'http' }])] },
    ],
    [
      'a UDP port',
      {
        ...sound,
        services: [
          service('shop', 'cart', [
            { port: 80, name: 'http' },
            { port: 53, name: 'dns', protocol: 'UDP' },
          ]),
        ],
      },
    ],
  ])('%s', (_name, lists) => {
    expect(found(lists)).toEqual([])
  })

  test('a default that allows nothing beside policies that allow something is only mentioned', () => {
    const [only, ...more] = found(adding('authorizationpolicies.security.istio.io', of('shop', 'nothing', {})))
    expect(more).toEqual([])
    expect(only).toMatchObject({ code: 'MB501', severity: 'info' })
  })
})

describe('MB901: an object with no traffic', () => {
  const { objects } = decodeObjects(sound)
  const look = (hosts: readonly string[], workloads: readonly string[]) =>
    checkObjects({ objects }, { seconds: 7 * 86_400, hosts: new Set(hosts), workloads: new Set(workloads) })

  test('says over how long, and names only what nobody called', () => {
    const all = look([], [])
    expect(all.map(({ code, object: { kind, name } }) => `${code} ${kind} ${name}`)).toEqual([
      'MB901 DestinationRule cart',
      'MB901 Gateway front',
      'MB901 HTTPRoute cart',
      'MB901 ServiceEntry stripe',
      'MB901 VirtualService cart',
    ])
    expect(all[0]?.message).toBe('No traffic to cart in the last 168 hours')
  })

  test('objects made since are left alone, and for a member what others may call unseen', () => {
    const made = {
      metadata: { namespace: 'shop', name: 'new', creationTimestamp: '2026-01-01T00:30:00Z' },
      spec: { hosts: ['cart'], http: [route('cart')] },
    }
    const { objects: young } = decodeObjects({ 'virtualservices.networking.istio.io': [made] })
    const seen = { seconds: 3600, hosts: new Set<string>(), workloads: new Set<string>() }
    const at = Date.parse('2026-01-01T01:00:00Z') / 1000
    expect(checkUse({ objects: young }, { ...seen, at })).toEqual([])
    expect(checkUse({ objects: young }, { ...seen, at: at + 3600 })).toHaveLength(1)
    const names = (namespaces: readonly string[]) =>
      checkUse({ objects, namespaces: new Set(namespaces) }, seen).map(({ object: { kind } }) => kind)
    expect(names(['shop'])).not.toContain('ServiceEntry')
    expect(names(['shop'])).toContain('VirtualService')
    expect(names(['elsewhere'])).not.toContain('VirtualService')
  })

  test('what was called is not mentioned', () => {
    expect(look(['shop/cart', 'api.stripe.test'], ['istio-system/ingress'])).toEqual([])
  })
})

test('a thousand VirtualServices for one host are all named, in time', () => {
  const many = Array.from({ length: 1000 }, (_, at) => of('shop', `v${at}`, { hosts: ['cart'], http: [route('cart')] }))
  const all = found({ ...sound, 'virtualservices.networking.istio.io': many })
  expect(all.filter(({ code }) => code === 'MB106')).toHaveLength(1000)
  expect(all[0]?.others).toHaveLength(20)
})

test('objects with missing, strange and hostile fields are checked as far as they go', () => {
  const strange = [
    null,
    1,
    {},
    { metadata: { name: 'x' } },
    of('shop', 'y', { hosts: 1, http: 'no' }),
    of('shop', '"}<b>', { hosts: ['<x>'], http: [null, { route: [{}] }] }),
  ]
  const lists = Object.fromEntries(Object.keys(sound).map((kind) => [kind, strange])) as ObjectLists
  expect(() => found(lists)).not.toThrow()
})
