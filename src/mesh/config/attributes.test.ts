import { describe, expect, it, test } from 'vitest'
import type { Badge, EdgeResponse, GraphEdge, GraphNode, MeshGraph, Protocol } from '../graph.ts'
import { edgeId, nodeId } from '../identity.ts'
import { withObjects } from './attributes.ts'
import { decodeObjects } from './decode.ts'
import type { ObjectLists } from './decode.ts'
import type { MeshObjects, WorkloadObject } from './objects.ts'

function app(name: string, version: string, more: Partial<GraphNode> = {}): GraphNode {
  const { cluster = 'east', namespace = 'shop' } = more
  return {
    id: nodeId('app', cluster, namespace, name, version),
    kind: 'app',
    cluster,
    namespace,
    app: name,
    version,
    workload: `${name}-${version}`,
    traffic: {},
    ...more,
  }
}
function service(name: string, namespace = 'shop'): GraphNode {
  return {
    id: nodeId('service', 'east', namespace, name),
    kind: 'service',
    cluster: 'east',
    namespace,
    service: name,
    traffic: {},
  }
}
const unknown: GraphNode = {
  id: 'unknown',
  kind: 'unknown',
  cluster: 'unknown',
  namespace: 'unknown',
  isRoot: true,
  traffic: { http: { in: 0, out: 9, in3xx: 0, in4xx: 0, in5xx: 0, inNoResponse: 0 } },
}

function edge(
  source: GraphNode,
  target: GraphNode,
  rate: number,
  host?: string,
  protocol: Protocol = 'http',
): GraphEdge {
  const response: EdgeResponse = { code: '200', flags: '-', rate, ...(host === undefined ? {} : { host }) }
  return {
    id: edgeId(source.id, target.id, protocol),
    source: source.id,
    target: target.id,
    protocol,
    rate,
    responses: [response],
    marks: [],
  }
}
function mesh(nodes: readonly GraphNode[], edges: readonly GraphEdge[], more: Partial<MeshGraph> = {}): MeshGraph {
  return { time: 1, window: 300, graphType: 'versionedApp', namespaces: [], nodes, edges, skipped: [], ...more }
}
function workload(
  name: string,
  labels: Readonly<Record<string, string>>,
  more: Partial<WorkloadObject> = {},
): WorkloadObject {
  return {
    kind: 'Deployment',
    namespace: 'shop',
    name,
    labels,
    isInjected: true,
    replicas: { desired: 2, current: 2, available: 2 },
    ...more,
  }
}

const [web, cart1, cart2] = [app('web', 'v1'), app('cart', 'v1'), app('cart', 'v2')]
const host = 'cart.shop.svc.cluster.local'
const graph = mesh([web, cart1, cart2], [edge(web, cart1, 78, host), edge(web, cart2, 22, host)])
const base: MeshObjects = {
  workloads: [
    workload('web-v1', { app: 'web', version: 'v1' }),
    workload('cart-v1', { app: 'cart', version: 'v1' }),
    workload('cart-v2', { app: 'cart', version: 'v2' }),
  ],
  services: [{ namespace: 'shop', name: 'cart', selector: { app: 'cart' } }],
}

function nodeAfter(objects: MeshObjects, node: GraphNode = cart1, of: MeshGraph = graph): GraphNode {
  const found = withObjects(of, objects).nodes.find(({ id }) => id === node.id)
  if (found === undefined) throw new Error('the node is gone')
  return found
}
function badge(
  kind: Badge['kind'],
  objects: MeshObjects,
  node: GraphNode = cart1,
  of: MeshGraph = graph,
): Badge | undefined {
  return nodeAfter(objects, node, of).badges?.find((one) => one.kind === kind)
}
/** Istio objects as a cluster would send them. */
function istio(lists: ObjectLists): MeshObjects {
  return { ...base, ...decodeObjects(lists).objects }
}
const virtualService = (spec: object): ObjectLists => ({
  'virtualservices.networking.istio.io': [
    { metadata: { namespace: 'shop', name: 'split' }, spec: { hosts: ['cart'], ...spec } },
  ],
})
const subsets: ObjectLists = {
  'destinationrules.networking.istio.io': [
    {
      metadata: { namespace: 'shop', name: 'rule' },
      spec: {
        host,
        subsets: [
          { name: 'one', labels: { version: 'v1' } },
          {
            name: 'two',
            labels: { version: 'v2' },
            trafficPolicy: { connectionPool: { http: { http2MaxRequests: 3 } } },
          },
        ],
      },
    },
  ],
}
const split = {
  http: [
    {
      route: [
        { destination: { host: 'cart', subset: 'one' }, weight: 80 },
        { destination: { host: 'cart', subset: 'two' }, weight: 20 },
      ],
    },
  ],
}

test('no objects change nothing', () => {
  expect(withObjects(graph, {})).toEqual(graph)
})

test('objects of another cluster concern nobody', () => {
  expect(withObjects(graph, { ...base, cluster: 'west' })).toEqual(graph)
  expect(nodeAfter({ ...base, cluster: 'east' })).toMatchObject({ workloadKind: 'Deployment' })
})

test('telemetry’s numbers stay', () => {
  expect(withObjects(graph, base).edges).toEqual(graph.edges)
})

describe('what Kubernetes says', () => {
  it('kind, replicas and labels; of several workloads the sum, and the labels they share', () => {
    expect(nodeAfter(base)).toMatchObject({
      workloadKind: 'Deployment',
      replicas: { desired: 2, current: 2, available: 2 },
      labels: { app: 'cart', version: 'v1' },
    })
    const whole: GraphNode = {
      id: 'app/east/shop/cart',
      kind: 'app',
      cluster: 'east',
      namespace: 'shop',
      app: 'cart',
      traffic: {},
    }
    const after = nodeAfter(base, whole, mesh([whole], [], { graphType: 'app' }))
    expect(after).toMatchObject({ replicas: { desired: 4 }, labels: { app: 'cart' } })
    expect(after.labels).not.toHaveProperty('version')
  })

  it.each([
    ['with a sidecar', { isInjected: true }, {}],
    ['without either', { isInjected: false, isAmbient: false }, { isOutOfMesh: true }],
    ['ambient', { isInjected: false, isAmbient: true }, { isAmbient: true }],
    ['not known', { isInjected: undefined }, {}],
    ['without pods', { isInjected: false, replicas: { desired: 0, current: 0, available: 0 } }, { isDead: true }],
    ['without living pods', { pods: [{ name: 'p', labels: {}, phase: 'Succeeded' }] }, { isDead: true }],
    [
      'a gateway by its labels',
      { labels: { app: 'cart', version: 'v1', istio: 'ingressgateway' }, isInjected: false },
      { isGateway: true },
    ],
    [
      'a waypoint',
      {
        labels: { app: 'cart', version: 'v1', 'gateway.istio.io/managed': 'istio.io-mesh-controller' },
        isInjected: false,
      },
      { isWaypoint: true },
    ],
  ])('%s', (_name, more, expected) => {
    const fields = Object.entries({ ...workload('cart-v1', { app: 'cart', version: 'v1' }), ...more })
    const known = Object.fromEntries(fields.filter(([, value]) => value !== undefined))
    const one: WorkloadObject = { kind: '', namespace: '', name: '', labels: {}, ...known }
    const { isOutOfMesh, isAmbient, isDead, isGateway, isWaypoint } = nodeAfter({ workloads: [one] })
    const said = Object.entries({ isOutOfMesh, isAmbient, isDead, isGateway, isWaypoint }).filter(
      ([, value]) => value !== undefined,
    )
    expect(Object.fromEntries(said)).toEqual(expected)
  })

  it('who runs without either wears a badge', () => {
    expect(badge('missingSidecar', { workloads: [workload('cart-v1', {}, { isInjected: false })] })).toMatchObject({
      objects: ['Deployment/shop/cart-v1'],
    })
  })
})

describe('VirtualService features', () => {
  it('shifting: declared weights beside the observed share', () => {
    const objects = istio({ ...virtualService(split), ...subsets })
    expect(badge('trafficShifting', objects)).toEqual({
      kind: 'trafficShifting',
      text: 'VirtualService shop/split shifts traffic: one 80% declared, 78% observed; two 20% declared, 22% observed.',
      objects: ['VirtualService/shop/split'],
    })
    expect(badge('requestRouting', objects)).toBeDefined()
    expect(badge('trafficShifting', objects, web)).toBeUndefined()
  })

  it('stand on the service where it is drawn, with what went through it', () => {
    const node = service('cart')
    const drawn = mesh(
      [web, node, cart1, cart2],
      [edge(web, node, 100, host), edge(node, cart1, 60, host), edge(node, cart2, 40, host)],
    )
    const objects = istio({ ...virtualService(split), ...subsets })
    expect(badge('trafficShifting', objects, node, drawn)?.text).toContain(
      'one 80% declared, 60% observed; two 20% declared, 40% observed',
    )
    expect(badge('trafficShifting', objects, cart1, drawn)).toBeUndefined()
    expect(badge('circuitBreaker', objects, cart2, drawn)).toBeDefined()
  })

  it('stand on both where the service’s node only holds calls that never arrived', () => {
    const node = service('cart')
    const failed = mesh(
      [web, node, cart1, cart2],
      [edge(web, node, 5, host), edge(web, cart1, 78, host), edge(web, cart2, 22, host)],
    )
    const objects = istio({ ...virtualService(split), ...subsets })
    expect(badge('trafficShifting', objects, node, failed)?.text).toContain('one 80% declared, 78% observed')
    expect(badge('trafficShifting', objects, cart1, failed)).toBeDefined()
  })

  it('observed is not said where one node stands for both versions', () => {
    const whole: GraphNode = {
      id: 'app/east/shop/cart',
      kind: 'app',
      cluster: 'east',
      namespace: 'shop',
      app: 'cart',
      traffic: {},
    }
    const objects = istio(
      virtualService({
        http: [
          {
            route: [
              { destination: { host: 'cart' }, weight: 1 },
              { destination: { host: 'cart' }, weight: 3 },
            ],
          },
        ],
      }),
    )
    const text = badge(
      'trafficShifting',
      objects,
      whole,
      mesh([web, whole], [edge(web, whole, 5, host)], { graphType: 'app' }),
    )?.text
    expect(text).toBe('VirtualService shop/split shifts traffic: cart 25% declared; cart 75% declared.')
  })

  it('an app has the routes of its versions; which version got what share, it cannot say', () => {
    const whole: GraphNode = {
      id: 'app/east/shop/cart',
      kind: 'app',
      cluster: 'east',
      namespace: 'shop',
      app: 'cart',
      traffic: {},
    }
    const text = badge(
      'trafficShifting',
      istio({ ...virtualService(split), ...subsets }),
      whole,
      mesh([web, whole], [edge(web, whole, 5, host)], { graphType: 'app' }),
    )?.text
    expect(text).toBe('VirtualService shop/split shifts traffic: one 80% declared; two 20% declared.')
  })

  it.each<[Badge['kind'], object, RegExp]>([
    ['virtualService', {}, /^VirtualService shop\/split routes its traffic for cart\.$/],
    [
      'faultInjection',
      {
        fault: {
          abort: { percentage: { value: 10 }, httpStatus: 503 },
          delay: { percentage: { value: 5 }, fixedDelay: '2s' },
        },
      },
      /aborts 10% of requests with 503 and delays 5% of requests by 2s/,
    ],
    ['requestTimeout', { timeout: '3s' }, /sets a timeout of 3s/],
    ['retries', { retries: { attempts: 2, retryOn: '5xx' } }, /retries up to 2 times on 5xx/],
    ['retries', { retries: { attempts: 0 } }, /retries never/],
    [
      'mirroring',
      { mirror: { host: 'shadow' }, mirrorPercentage: { value: 40 } },
      /mirrors requests to shadow \(40%\)/,
    ],
    ['requestRouting', { match: [{}] }, /chooses by request or subset in 1 of its routes/],
  ])('%s', (kind, route, text) => {
    const objects = istio(virtualService({ http: [{ route: [{ destination: { host: 'cart' } }], ...route }] }))
    expect(badge(kind, objects)?.text).toMatch(text)
    expect(badge(kind, objects, web)).toBeUndefined()
  })

  it('TCP shifting, and HTTPRoutes of the Gateway API', () => {
    const tcp = istio(
      virtualService({
        tcp: [
          {
            route: [
              { destination: { host: 'cart' }, weight: 9 },
              { destination: { host: 'other' }, weight: 1 },
            ],
          },
        ],
      }),
    )
    expect(badge('tcpTrafficShifting', tcp)?.text).toContain('cart 90% declared')
    const route = istio({
      'httproutes.gateway.networking.k8s.io': [
        {
          metadata: { namespace: 'shop', name: 'r' },
          spec: {
            rules: [
              {
                backendRefs: [
                  { name: 'cart', weight: 1 },
                  { name: 'spare', weight: 1 },
                ],
              },
            ],
          },
        },
      ],
    })
    expect(badge('trafficShifting', route)).toMatchObject({
      objects: ['HTTPRoute/shop/r'],
      text: 'HTTPRoute shop/r shifts traffic: cart 50% declared, 100% observed; spare 50% declared, 0% observed.',
    })
  })
})

describe('DestinationRules', () => {
  const rule = (trafficPolicy: object, ruleHost = host): MeshObjects =>
    istio({
      'destinationrules.networking.istio.io': [
        { metadata: { namespace: 'shop', name: 'rule' }, spec: { host: ruleHost, trafficPolicy } },
      ],
    })

  it.each<[Badge['kind'], object, RegExp]>([
    [
      'circuitBreaker',
      { connectionPool: { http: { http2MaxRequests: 3 } } },
      /limits its connections \(http2MaxRequests=3\)/,
    ],
    [
      'outlierDetection',
      { outlierDetection: { consecutive5xxErrors: 7 } },
      /ejects failing endpoints \(consecutive5xxErrors=7\)/,
    ],
    ['loadBalancing', { loadBalancer: { simple: 'RANDOM' } }, /balances by RANDOM/],
    ['locality', { loadBalancer: { localityLbSetting: { distribute: [{}] } } }, /sets locality to distribute/],
  ])('%s', (kind, policy, text) => {
    expect(badge(kind, rule(policy))?.text).toMatch(text)
    expect(badge(kind, rule(policy, 'cart'))?.text).toMatch(text)
    expect(badge(kind, rule(policy, '*.shop.svc.cluster.local'))?.text).toMatch(text)
    expect(badge(kind, rule(policy, 'web'))).toBeUndefined()
  })

  it('of a subset concern that subset’s workloads alone', () => {
    expect(badge('circuitBreaker', istio(subsets), cart2)?.text).toContain('for subset two')
    expect(badge('circuitBreaker', istio(subsets), cart1)).toBeUndefined()
  })
})

describe('policies', () => {
  const selecting = (name: string): object => ({
    metadata: { namespace: 'shop', name },
    spec: { selector: { matchLabels: { app: 'cart' } } },
  })

  it('who may call it', () => {
    const objects = istio({ 'authorizationpolicies.security.istio.io': [selecting('callers')] })
    expect(badge('authorizationPolicy', objects)?.text).toBe(
      'Who may call it is decided by AuthorizationPolicy shop/callers (ALLOW, without rules, which allows nothing).',
    )
    expect(badge('authorizationPolicy', objects, web)).toBeUndefined()
  })

  it('the effective mTLS mode', () => {
    const objects = istio({
      'peerauthentications.security.istio.io': [
        { metadata: { namespace: 'istio-system', name: 'default' }, spec: { mtls: { mode: 'STRICT' } } },
        {
          metadata: { namespace: 'shop', name: 'cart' },
          spec: { selector: { matchLabels: { app: 'cart' } }, portLevelMtls: { 8080: { mode: 'DISABLE' } } },
        },
      ],
    })
    expect(badge('peerAuthentication', objects)).toEqual({
      kind: 'peerAuthentication',
      text: 'mTLS is STRICT, port 8080 DISABLE, by PeerAuthentication shop/cart.',
      objects: ['PeerAuthentication/istio-system/default', 'PeerAuthentication/shop/cart'],
    })
    expect(badge('peerAuthentication', objects, web)?.text).toBe(
      'mTLS is STRICT, by PeerAuthentication istio-system/default.',
    )
  })

  it('rate limits and Sidecars', () => {
    const objects = istio({
      'envoyfilters.networking.istio.io': [
        {
          metadata: { namespace: 'shop', name: 'limit' },
          spec: {
            workloadSelector: { labels: { app: 'cart' } },
            configPatches: [{ patch: { value: { name: 'envoy.filters.http.local_ratelimit' } } }],
          },
        },
      ],
      'sidecars.networking.istio.io': [
        { metadata: { namespace: 'shop', name: 'default' }, spec: { egress: [{ hosts: ['./*', 'data/*'] }] } },
      ],
    })
    expect(badge('rateLimit', objects)?.text).toBe('Limits its request rate (local), by EnvoyFilter shop/limit.')
    expect(badge('rateLimit', objects, web)).toBeUndefined()
    expect(badge('sidecar', objects, web)?.text).toBe('Sidecar shop/default limits what it may call to ./* and data/*.')
  })
})

describe('gateways and entries', () => {
  it('a Gateway’s selector makes a gateway, with its hosts', () => {
    const objects = istio({
      'gateways.networking.istio.io': [
        {
          metadata: { namespace: 'other', name: 'public' },
          spec: { selector: { app: 'web' }, servers: [{ hosts: ['a.example', '*.b.example'] }] },
        },
      ],
    })
    expect(nodeAfter(objects, web)).toMatchObject({ isGateway: true })
    expect(badge('gateway', objects, web)).toMatchObject({
      text: 'Gateway for a.example and *.b.example.',
      objects: ['Gateway/other/public'],
    })
    expect(nodeAfter(objects, cart1)).not.toHaveProperty('isGateway')
  })

  it.each([
    ['its host', ['api.example.com'], [], true],
    ['a wildcard', ['*.example.com'], [], true],
    ['another host', ['www.example.com'], [], false],
    ['exported to the caller', ['api.example.com'], ['shop'], true],
    ['kept to itself', ['api.example.com'], ['.'], false],
  ])('a ServiceEntry with %s', (_name, hosts, exportTo, isEntry) => {
    const node = service('api.example.com', 'unknown')
    const objects: MeshObjects = {
      serviceEntries: [
        {
          namespace: 'egress',
          name: 'api',
          hosts,
          addresses: [],
          location: 'MESH_EXTERNAL',
          exportTo,
          ports: [],
          endpoints: [],
        },
      ],
    }
    const after = nodeAfter(objects, node, mesh([web, node], [edge(web, node, 1)]))
    expect(after.isServiceEntry ?? false).toBe(isEntry)
    if (isEntry) expect(after.badges?.[0]?.text).toContain('ServiceEntry egress/api names it')
  })

  it('a WorkloadEntry with the node’s app and version', () => {
    const vm = (version: string): MeshObjects => ({
      workloadEntries: [{ namespace: 'shop', name: 'vm', address: '10.1.2.3', labels: { app: 'cart', version } }],
    })
    expect(badge('workloadEntry', vm('v1'))?.text).toBe('Runs outside Kubernetes at 10.1.2.3: a WorkloadEntry of shop.')
    expect(badge('workloadEntry', vm('v3'))).toBeUndefined()
  })
})

describe('an ingress controller without sidecar', () => {
  const nginx = workload(
    'ingress-nginx-controller',
    { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/version': '1.9' },
    { namespace: 'ingress-nginx', isInjected: false },
  )
  const ingress = { namespace: 'shop', name: 'front', ingressClass: 'nginx', hosts: ['a.example'], services: ['cart'] }
  const objects: MeshObjects = { ...base, workloads: [...(base.workloads ?? []), nginx], ingresses: [ingress] }
  const behind = mesh([cart1, unknown, web], [edge(unknown, cart1, 7, host), edge(unknown, web, 2)])
  const id = nodeId('app', 'east', 'ingress-nginx', 'ingress-nginx', '1.9')

  it('is named where an Ingress routes to the destination, and marked inferred', () => {
    const after = withObjects(behind, objects)
    expect(after.nodes.find((node) => node.id === id)).toMatchObject({
      kind: 'app',
      app: 'ingress-nginx',
      version: '1.9',
      workload: 'ingress-nginx-controller',
      namespace: 'ingress-nginx',
      isRoot: true,
      isInferred: true,
      isOutOfMesh: true,
      traffic: { http: { in: 0, out: 7 } },
    })
    expect(after.edges.map(({ source, target, rate, marks }) => [source, target, rate, marks])).toEqual([
      [id, cart1.id, 7, ['inferred']],
      ['unknown', web.id, 2, []],
    ])
    expect(after.nodes.find(({ kind }) => kind === 'unknown')?.traffic.http?.out).toBe(2)
    expect(after.edges.reduce((sum, { rate }) => sum + rate, 0)).toBe(9)
  })

  it.each([
    ['no longer idle once calls are put down to it', 7, undefined],
    ['idle still when those calls are', 0, true],
  ])('drawn idle before, is %s', (_name, rate, isIdle) => {
    const drawn = app('ingress-nginx', '1.9', { namespace: 'ingress-nginx', isIdle: true })
    const call = { ...edge(unknown, cart1, rate, host), ...(rate === 0 ? { isIdle: true } : {}) }
    const after = withObjects(mesh([cart1, drawn, unknown], [call]), objects)
    const controller = after.nodes.find((node) => node.id === id)
    expect(controller).toMatchObject({ isRoot: true, isInferred: true })
    expect(controller?.isIdle).toBe(isIdle)
  })

  it('takes the unknown node’s place when it explains everything', () => {
    const only = mesh([cart1, unknown], [edge(unknown, cart1, 7, host)], { namespaces: ['shop'] })
    const after = withObjects(only, objects)
    expect(after.nodes.some(({ kind }) => kind === 'unknown')).toBe(false)
    expect(after.nodes.find((node) => node.id === id)).toMatchObject({ isOutside: true })
  })

  it.each([
    ['no Ingress routes there', { ...objects, ingresses: [{ ...ingress, services: ['other'] }] }],
    ['the Ingress stands in another namespace', { ...objects, ingresses: [{ ...ingress, namespace: 'data' }] }],
    [
      'the controller is in the mesh',
      { ...objects, workloads: [...(base.workloads ?? []), { ...nginx, isInjected: true }] },
    ],
    [
      'two could be meant',
      { ...objects, workloads: [...(objects.workloads ?? []), { ...nginx, name: 'nginx-ingress-b' }] },
    ],
  ])('nothing is inferred where %s', (_name, given) => {
    const after = withObjects(behind, given)
    expect(after.edges).toEqual(behind.edges)
  })

  it('of several the one named like the class is meant', () => {
    const traefik = workload('traefik', { app: 'traefik' }, { namespace: 'kube-system', isInjected: false })
    const after = withObjects(behind, { ...objects, workloads: [...(objects.workloads ?? []), traefik] })
    expect(after.nodes.some((node) => node.id === id)).toBe(true)
  })

  it('keeps no dangling edge and sorted ids', () => {
    const after = withObjects(behind, objects)
    const ids = after.nodes.map((node) => node.id)
    expect(ids).toEqual(ids.toSorted())
    for (const { source, target } of after.edges) expect(ids).toEqual(expect.arrayContaining([source, target]))
  })
})

test('hostile names in objects give short texts and break nothing', () => {
  const name = `"\n\\😀${'x'.repeat(10_000)}`
  const objects = istio({
    'virtualservices.networking.istio.io': [
      {
        metadata: { namespace: 'shop', name: 'v' },
        spec: {
          hosts: [name],
          http: [
            {
              timeout: name,
              route: [
                { destination: { host: 'cart', subset: name }, weight: 1 },
                { destination: { host: 'cart' }, weight: 1 },
              ],
            },
          ],
        },
      },
    ],
    'destinationrules.networking.istio.io': [
      {
        metadata: { namespace: 'shop', name: 'd' },
        spec: { host: 'cart', trafficPolicy: { loadBalancer: { simple: name } } },
      },
    ],
  })
  for (const { text } of nodeAfter(objects).badges ?? []) expect(text).not.toMatch(/\n/)
  expect(badge('trafficShifting', objects)?.text.length).toBeLessThan(400)
})
