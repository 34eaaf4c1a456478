import { describe, expect, test } from 'vitest'

import { decodeObjects, type ObjectLists } from '../config/decode.ts'
import { requests, tcp } from '../testing/samples.ts'
import type { ObjectName } from './finding.ts'
import { seenTraffic, targetsOf, trafficOf, type TrafficTarget } from './objectTraffic.ts'
import { referencesOf } from './references.ts'

const of = (namespace: string, name: string, spec: unknown = {}) => ({ metadata: { namespace, name }, spec })
const deployment = (namespace: string, name: string, labels: object = { app: name }) => ({
  metadata: { namespace, name },
  spec: { template: { metadata: { labels } } },
})

const lists: ObjectLists = {
  services: [of('shop', 'cart', { selector: { app: 'cart' }, ports: [{ port: 80, name: 'http' }] })],
  'deployments.apps': [
    deployment('shop', 'cart'),
    deployment('shop', 'search'),
    deployment('gate', 'ingress', { istio: 'gate' }),
  ],
  'virtualservices.networking.istio.io': [
    of('shop', 'cart', { hosts: ['cart'], http: [{ route: [{ destination: { host: 'cart' } }] }] }),
    of('shop', 'lost', { hosts: ['lost'], http: [{ route: [{ destination: { host: 'lost' } }] }] }),
  ],
  'gateways.networking.istio.io': [of('gate', 'front', { selector: { istio: 'gate' }, servers: [] })],
  'serviceentries.networking.istio.io': [of('shop', 'pay', { hosts: ['API.pay.example', '*.wild.example'] })],
  'peerauthentications.security.istio.io': [
    of('shop', 'default'),
    of('istio-system', 'default'),
    of('shop', 'cart', { selector: { matchLabels: { app: 'cart' } } }),
    of('shop', 'nobody', { selector: { matchLabels: { app: 'nobody' } } }),
  ],
}
const { objects } = decodeObjects(lists)
const references = referencesOf({ objects }, lists)
const about = (kind: string, namespace: string, name: string) =>
  targetsOf({ kind, namespace, name } satisfies ObjectName, references, objects, lists)

describe('what an object is about', () => {
  test.each([
    ['VirtualService', 'shop', 'cart', ['service shop/cart']],
    ['VirtualService', 'shop', 'lost', []],
    ['Gateway', 'gate', 'front', ['gateway gate/ingress']],
    ['ServiceEntry', 'shop', 'pay', ['host shop/api.pay.example']],
    ['PeerAuthentication', 'shop', 'cart', ['workload shop/cart']],
    ['PeerAuthentication', 'shop', 'default', ['workload shop/cart', 'workload shop/search']],
    ['PeerAuthentication', 'shop', 'nobody', []],
  ])('%s %s/%s: %j', (kind, namespace, name, expected) => {
    const targets = about(kind, namespace, name)
    expect(
      targets === 'everywhere' ? targets : targets.map((each) => `${each.kind} ${each.namespace}/${each.name}`),
    ).toEqual(expected)
  })

  test('a policy of the root namespace is about everything', () => {
    expect(about('PeerAuthentication', 'istio-system', 'default')).toBe('everywhere')
  })
})

const service: TrafficTarget = { kind: 'service', namespace: 'shop', name: 'cart' }
const workload: TrafficTarget = { kind: 'workload', namespace: 'shop', name: 'cart-v1' }
const calls = [
  requests(30, { from: 'web/front', to: { name: 'shop/cart-v1', app: 'cart', version: 'v1' }, service: 'shop/cart' }),
  requests(10, {
    from: 'web/front',
    to: { name: 'shop/cart-v2', app: 'cart', version: 'v2' },
    service: 'shop/cart',
    code: '503',
  }),
  requests(29, {
    reporter: 'destination',
    from: 'web/front',
    to: { name: 'shop/cart-v1', app: 'cart', version: 'v1' },
    service: 'shop/cart',
  }),
  requests(7, {
    reporter: 'destination',
    to: { name: 'shop/cart-v1', app: 'cart', version: 'v1' },
    service: 'shop/cart',
  }),
  requests(5, { from: 'web/front', to: 'shop/search', service: 'shop/search' }),
]

describe('the traffic that an object matches', () => {
  test('calls to a service are counted as callers report them, with their errors and versions', () => {
    expect(trafficOf([service], calls, [])).toEqual([
      {
        target: service,
        requests: 40,
        errorRatio: 0.25,
        versions: [
          { version: 'v1', rate: 30 },
          { version: 'v2', rate: 10 },
        ],
      },
    ])
  })

  test('calls to a workload as its own proxy does, unmeshed callers included', () => {
    expect(trafficOf([workload], calls, [])).toEqual([{ target: workload, requests: 36, errorRatio: 0, versions: [] }])
  })

  test('what goes through a gateway is what its pods call', () => {
    const gateway: TrafficTarget = { kind: 'gateway', namespace: 'web', name: 'front' }
    expect(trafficOf([gateway], calls, [])[0]).toMatchObject({ requests: 45 })
  })

  test('TCP is its bytes; no traffic is no zero; the busiest comes first', () => {
    const quiet: TrafficTarget = { kind: 'service', namespace: 'shop', name: 'quiet' }
    const redis: TrafficTarget = { kind: 'service', namespace: 'data', name: 'redis' }
    const bytes = [tcp(900, { from: 'shop/cart-v1', to: 'data/redis', service: 'data/redis' })]
    expect(
      trafficOf([quiet, redis, service], calls, bytes).map(({ target, ...rest }) => [target.name, rest]),
    ).toMatchObject([
      ['cart', { requests: 40 }],
      ['redis', { tcp: 900 }],
      ['quiet', { versions: [] }],
    ])
    expect(trafficOf([quiet], calls, bytes)[0]).not.toHaveProperty('requests')
  })
})

test('what was seen names services, hosts and both ends’ workloads', () => {
  const seen = seenTraffic(
    [
      ...calls.slice(0, 1),
      requests(1, {
        from: 'shop/cart-v1',
        host: 'api.pay.example',
        labels: { destination_service_name: 'api.pay.example', destination_service_namespace: 'unknown' },
      }),
    ],
    3600,
  )
  expect([...seen.hosts].sort()).toEqual(['api.pay.example', 'shop/cart'])
  expect([...seen.workloads].sort()).toEqual(['shop/cart-v1', 'web/front'])
  expect(seen.seconds).toBe(3600)
})
