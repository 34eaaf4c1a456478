import { describe, expect, it } from 'vitest'
import { flows } from './flows.ts'
import type { Flow } from './model.ts'
import { namespaces } from './namespaces.ts'
import { podsOf } from './pods.ts'
import { allWorkloads, workloads } from './workloads.ts'

const some = (holds: (flow: Flow) => boolean) => flows.some(holds)
const between = (source: string, destination: string) =>
  flows.filter((flow) => flow.source.name === source && flow.destination?.name === destination)

describe('the demo mesh', () => {
  it('has one flow per source, destination, service and protocol', () => {
    const keys = flows.map(({ source, destination, service, protocol }) =>
      [
        source.namespace,
        source.name,
        destination?.namespace,
        destination?.name,
        service.host,
        service.name,
        protocol,
      ].join('|'),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('sends every request somewhere in normal times, and no more than all of them in bad ones', () => {
    for (const { source, service, outcomes } of flows.filter(({ protocol }) => protocol !== 'tcp')) {
      const name = `${source.name} to ${service.name}`
      expect(
        outcomes.reduce((sum, { share }) => sum + share, 0),
        name,
      ).toBeCloseTo(1, 9)
      expect(
        outcomes.reduce((sum, { share, faultyShare }) => sum + (faultyShare ?? share), 0),
        name,
      ).toBeLessThan(1 + 1e-9)
    }
  })

  it('splits reviews 60, 28 and 12, as its VirtualService says', () => {
    const rates = ['reviews-v1', 'reviews-v2', 'reviews-v3'].map(
      (name) => between('productpage-v1', name)[0]?.rate ?? 0,
    )
    const total = rates.reduce((sum, rate) => sum + rate, 0)
    expect(rates.map((rate) => Math.round((rate / total) * 100))).toEqual([60, 28, 12])
  })

  it.each<[string, boolean]>([
    ['Bookinfo with a TCP database', between('ratings-v1', 'mongodb-v1')[0]?.protocol === 'tcp'],
    ['an ingress gateway', some(({ source }) => source.name === 'istio-ingressgateway')],
    [
      'an egress gateway between a workload and a ServiceEntry',
      between('payment', 'istio-egressgateway').length === 1 &&
        some(({ source, service }) => source.name === 'istio-egressgateway' && service.name === 'api.payments.example'),
    ],
    [
      'PassthroughCluster over HTTP and TCP',
      new Set(flows.filter(({ service }) => service.name === 'PassthroughCluster').map(({ protocol }) => protocol))
        .size === 2,
    ],
    ['BlackHoleCluster', some(({ service }) => service.name === 'BlackHoleCluster')],
    ['gRPC', some(({ protocol }) => protocol === 'grpc')],
    ['a waypoint', some(({ waypoint }) => waypoint !== undefined)],
    [
      'ambient TCP without a waypoint',
      some(({ source, protocol, waypoint }) => source.proxy === 'ambient' && protocol === 'tcp' && !waypoint),
    ],
    [
      'a gateway calling an ambient workload',
      some(({ source, destination }) => source.proxy === 'gateway' && destination?.proxy === 'ambient'),
    ],
    [
      'plain text between two sidecars',
      some(({ source, destination, mtls }) => source.proxy === 'sidecar' && destination?.proxy === 'sidecar' && !mtls),
    ],
    ['a callee without a proxy', between('payment', 'billing').length === 1],
    ['a caller without a proxy', between('nightly-export', 'analytics').length === 1],
    ['a namespace without injection', namespaces.some(({ injection }) => injection === 'disabled')],
    ['two Rancher projects', new Set(namespaces.flatMap(({ project }) => project ?? [])).size === 2],
    ['a workload scaled to zero', allWorkloads.some(({ replicas }) => replicas === 0)],
    [
      'an idle workload',
      flows.filter(({ destination }) => destination === workloads.giftWrap).every(({ rate }) => rate === 0),
    ],
    [
      '503 UF and UH that reach nobody',
      ['UF', 'UH'].every((flags) =>
        some(({ outcomes }) =>
          outcomes.some(
            (outcome) => outcome.code === 503 && outcome.flags === flags && outcome.atDestination === 'never reached',
          ),
        ),
      ),
    ],
    [
      'timeouts the callee sees as a client leaving',
      some(({ outcomes }) =>
        outcomes.some(
          ({ flags, atDestination }) => flags === 'UT' && typeof atDestination === 'object' && atDestination.code === 0,
        ),
      ),
    ],
    [
      'clients that disconnect',
      some(({ outcomes }) => outcomes.some(({ code, flags }) => code === 0 && flags === 'DC')),
    ],
    ['404s', some(({ outcomes }) => outcomes.some(({ code }) => code === 404))],
    [
      'gRPC errors over HTTP 200',
      some(({ outcomes }) => outcomes.some(({ code, grpcStatus }) => code === 200 && grpcStatus === 14)),
    ],
  ])('has %s', (_item, isThere) => {
    expect(isThere).toBe(true)
  })

  it('has a shop of about 25 workloads in three namespaces', () => {
    const shop = allWorkloads.filter(({ namespace }) => namespace.startsWith('shop-'))
    expect(shop.length).toBeGreaterThanOrEqual(23)
    expect(new Set(shop.map(({ namespace }) => namespace)).size).toBe(3)
  })

  it('sends the largest edge of all through the ingress controller that has no proxy', () => {
    const largest = [...flows].sort((one, other) => other.rate - one.rate)[0]
    expect(largest?.source).toBe(workloads.nginx)
  })
})

describe('the pods', () => {
  it('have names, addresses and nodes of their own, one ztunnel on each node', () => {
    const pods = podsOf(1)
    expect(new Set(pods.map(({ workload, name }) => `${workload.namespace}/${name}`)).size).toBe(pods.length)
    expect(new Set(pods.map(({ ip }) => ip)).size).toBe(pods.length)
    expect(pods.filter(({ workload }) => workload === workloads.ztunnel).map(({ node }) => node)).toEqual([
      'demo-node-1',
      'demo-node-2',
      'demo-node-3',
    ])
  })

  it('are the same for one seed, and others for another', () => {
    const names = (seed: number) => podsOf(seed).map(({ name }) => name)
    expect(names(7)).toEqual(names(7))
    expect(names(7)).not.toEqual(names(8))
  })
})
