import { describe, expect, it } from 'vitest'
import type { MeshObjects } from './config/objects.ts'
import type { GraphNode, MeshGraph } from './graph.ts'
import { type GraphOptions, readGraph, type Telemetry } from './read.ts'
import { plain, requests, tcp } from './testing/samples.ts'
import { wordsOf } from './testing/words.ts'

function graphOf(telemetry: Telemetry, options: Partial<GraphOptions> = {}, objects?: MeshObjects): MeshGraph {
  return readGraph(telemetry, objects, { ...plain, ...options })
}

const idsOf = (graph: MeshGraph): readonly string[] => graph.nodes.map(({ id }) => id)
const nodeOf = (graph: MeshGraph, id: string): GraphNode | undefined => graph.nodes.find((node) => node.id === id)
const one = requests(4, { from: 'a-v1', to: { name: 'b-v2', version: 'v2' } })

describe('contracts page, "Nodes"', () => {
  it.each([
    ['workload', ['workload/east/shop/a-v1', 'workload/east/shop/b-v2']],
    ['app', ['app/east/shop/a', 'app/east/shop/b']],
    ['versionedApp', ['app/east/shop/a/latest', 'app/east/shop/b/v2']],
  ] as const)(
    'Workload (cluster, namespace, name); app (..., app); versioned app (..., version): %s',
    (graphType, ids) => {
      expect(idsOf(graphOf({ requests: [one] }, { graphType }))).toEqual(ids)
    },
  )

  it('workloads that share a versioned app are one node', () => {
    const shared = (name: string) => ({ name, app: 'b', version: 'v1' })
    const graph = graphOf(
      { requests: [requests(3, { from: 'a', to: shared('blue') }), requests(4, { from: 'a', to: shared('green') })] },
      { graphType: 'versionedApp' },
    )
    expect(wordsOf(graph)).toEqual(['app/east/shop/a/latest -> app/east/shop/b/v1 | http 7/s | 7 x 200 -'])
    expect(nodeOf(graph, 'app/east/shop/b/v1')).not.toHaveProperty('workload')
  })

  it("a missing app is the workload's name", () => {
    const nameless = { destination_canonical_service: 'unknown' }
    const graph = graphOf(
      { requests: [requests(1, { from: 'a', to: 'b-v2', labels: nameless })] },
      { graphType: 'app' },
    )
    expect(idsOf(graph)).toContain('app/east/shop/b-v2')
  })

  it('`latest` is a version and is shown; `unknown` is not', () => {
    const call = { from: 'a', to: 'b', labels: { source_canonical_revision: 'unknown' } }
    const graph = graphOf({ requests: [requests(1, call)] }, { graphType: 'versionedApp' })
    expect(idsOf(graph)).toEqual(['app/east/shop/a', 'app/east/shop/b/latest'])
    expect(nodeOf(graph, 'app/east/shop/b/latest')?.version).toBe('latest')
    expect(nodeOf(graph, 'app/east/shop/a')).not.toHaveProperty('version')
  })

  it('no source workload: one `unknown` node, even where a namespace or cluster is given', () => {
    const vague = { source_workload_namespace: 'web', source_cluster: 'west' }
    const graph = graphOf({
      requests: [
        requests(1, { to: 'b', reporter: 'destination' }),
        requests(2, { to: 'b', reporter: 'destination', labels: vague }),
      ],
    })
    expect(wordsOf(graph)).toEqual(['unknown -> workload/east/shop/b | http 3/s | 3 x 200 -'])
    expect(nodeOf(graph, 'unknown')).toMatchObject({ kind: 'unknown', isInaccessible: true, isRoot: true })
  })

  it("service (cluster of the workload reached, else the caller's, else `unknown`; service namespace; name)", () => {
    const west = { name: 'b', cluster: 'west' }
    const graph = graphOf(
      {
        requests: [
          requests(1, { from: 'a', to: west, service: 'shop/reached' }),
          requests(2, { from: 'a', service: 'shop/missed', code: '503', flags: 'UF' }),
          requests(3, { from: 'a', service: 'shop/nowhere', labels: { source_cluster: 'unknown' } }),
        ],
      },
      { serviceNodes: true },
    )
    expect(idsOf(graph).filter((id) => id.startsWith('service'))).toEqual([
      'service/east/shop/missed',
      'service/unknown/shop/nowhere',
      'service/west/shop/reached',
    ])
  })

  it('service namespace unknown and host `X.N.svc...`: X in N', () => {
    const call = {
      from: 'a',
      service: 'unknown/whatever',
      host: 'cart.pay.svc.cluster.local',
      code: '404',
      flags: 'NR',
    }
    expect(idsOf(graphOf({ requests: [requests(1, call)] }))).toContain('service/east/pay/cart')
  })

  it("the egress gateway's host without a workload: the workload of that name in the caller's cluster, version `latest`, marked inferred", () => {
    const host = 'istio-egressgateway.istio-system.svc.cluster.local'
    const graph = graphOf({ requests: [requests(5, { from: 'a', host, service: `istio-system/${host}` })] })
    expect(nodeOf(graph, 'workload/east/istio-system/istio-egressgateway')).toMatchObject({
      version: 'latest',
      isInferred: true,
    })
    expect(graph.edges[0]?.marks).toEqual(['inferred'])
  })

  it.each([
    ['Passthrough', 'unknown/PassthroughCluster', 'example.org', 'service/east/unknown/PassthroughCluster', true],
    ['BlackHole', 'unknown/BlackHoleCluster', 'example.org', 'service/east/unknown/BlackHoleCluster', true],
    ['ServiceEntry', 'shop/api.bank.com', 'api.bank.com', 'service/east/shop/api.bank.com', undefined],
    ['IP addresses', 'unknown/10.4.0.7:80', '10.4.0.7:80', 'service/east/unknown/10.4.0.7:80', true],
    ['never reached', 'shop/b', 'b.shop.svc.cluster.local', 'service/east/shop/b', undefined],
  ] as const)(
    'destinations that exist only as services are `service` nodes also without `--service-nodes`: %s',
    (_kind, service, host, id, isInaccessible) => {
      const graph = graphOf({ requests: [requests(5, { from: 'a', service, host })] })
      expect(nodeOf(graph, id)?.kind).toBe('service')
      expect(nodeOf(graph, id)?.isInaccessible).toBe(isInaccessible)
    },
  )

  it('with it: none for Passthrough or BlackHole when a workload was reached, none on waypoint legs', () => {
    const graph = graphOf(
      {
        requests: [
          requests(5, { from: 'a', to: 'b', service: 'unknown/PassthroughCluster' }),
          requests(6, { from: 'a', to: 'c', service: 'unknown/BlackHoleCluster' }),
        ],
        tcp: [tcp(7, { from: 'a', to: 'waypoint', service: 'shop/d', isZtunnel: true })],
      },
      { serviceNodes: true },
    )
    expect(idsOf(graph).filter((id) => id.startsWith('service'))).toEqual([])
  })

  it('a service node carries exactly the pairs that went through it', () => {
    const graph = graphOf(
      {
        requests: [
          requests(90, { from: 'a', to: 'b-v1', service: 'shop/b' }),
          requests(30, { from: 'c', to: 'b-v2', service: 'shop/b' }),
          requests(10, { from: 'a', service: 'shop/b', code: '503', flags: 'UF' }),
          requests(7, { from: 'a', to: 'b-v1', service: 'shop/other' }),
        ],
      },
      { serviceNodes: true },
    )
    expect(wordsOf(graph).filter((line) => line.includes('service/east/shop/b '))).toEqual([
      'service/east/shop/b -> workload/east/shop/b-v1 | http 90/s | 90 x 200 -',
      'service/east/shop/b -> workload/east/shop/b-v2 | http 30/s | 30 x 200 -',
      'workload/east/shop/a -> service/east/shop/b | http 100/s | 90 x 200 -, 10 x 503 UF',
      'workload/east/shop/c -> service/east/shop/b | http 30/s | 30 x 200 -',
    ])
    expect(nodeOf(graph, 'service/east/shop/b')?.traffic.http).toMatchObject({ in: 130, out: 120, in5xx: 10 })
  })

  describe('waypoints', () => {
    const telemetry = {
      requests: [requests(8, { from: 'a', to: 'b', reporter: 'waypoint' })],
      tcp: [tcp(500, { from: 'a', to: 'guard', service: 'shop/b', isZtunnel: true })],
    }
    const kubernetes: MeshObjects = {
      kubernetesGateways: [{ namespace: 'shop', name: 'guard', gatewayClass: 'istio-waypoint', hosts: [] }],
    }

    it('are known from Kubernetes', () => {
      expect(wordsOf(graphOf(telemetry, {}, kubernetes))).toHaveLength(1)
      expect(nodeOf(graphOf(telemetry, { waypoints: true }, kubernetes), 'workload/east/shop/guard')?.isWaypoint).toBe(
        true,
      )
    })

    it('without it, by a workload name ending in `waypoint`', () => {
      expect(wordsOf(graphOf(telemetry))).toHaveLength(2)
      const named = {
        ...telemetry,
        tcp: [tcp(500, { from: 'a', to: 'my-waypoint', service: 'shop/b', isZtunnel: true })],
      }
      expect(wordsOf(graphOf(named))).toHaveLength(1)
      const notNamed: MeshObjects = { kubernetesGateways: [] }
      expect(wordsOf(graphOf(named, {}, notNamed))).toHaveLength(2)
    })

    it('stay workload nodes at the levels of apps', () => {
      const graph = graphOf(telemetry, { waypoints: true, graphType: 'app' }, kubernetes)
      expect(idsOf(graph)).toContain('workload/east/shop/guard')
    })
  })

  it('self-edges are kept and summed and do not prevent `isRoot`; `isRoot` speaks of the drawn graph', () => {
    const samples = [
      requests(3, { from: 'b-v1', to: 'b-v2', service: 'shop/b' }),
      requests(4, { from: 'b-v2', to: 'b-v2', service: 'shop/b' }),
      requests(5, { from: 'b-v1', to: 'c' }),
    ]
    const graph = graphOf({ requests: samples }, { graphType: 'app' })
    expect(wordsOf(graph)[0]).toBe('app/east/shop/b -> app/east/shop/b | http 7/s | 7 x 200 -')
    expect(nodeOf(graph, 'app/east/shop/b')?.isRoot).toBe(true)
    expect(nodeOf(graphOf({ requests: samples }), 'workload/east/shop/b-v2')?.isRoot).toBeUndefined()
  })

  it('the same name in two clusters is two nodes', () => {
    const graph = graphOf({
      requests: [requests(1, { from: { name: 'a', cluster: 'east' }, to: { name: 'a', cluster: 'west' } })],
    })
    expect(idsOf(graph)).toEqual(['workload/east/shop/a', 'workload/west/shop/a'])
  })

  it('marks what lies outside the scope, but not what has no place at all', () => {
    const graph = graphOf(
      {
        requests: [
          requests(1, { from: 'web/x', to: 'shop/b' }),
          requests(2, { to: 'shop/b', reporter: 'destination' }),
        ],
      },
      { namespaces: ['shop'] },
    )
    expect(graph.nodes.filter(({ isOutside }) => isOutside === true).map(({ id }) => id)).toEqual([
      'workload/east/web/x',
    ])
  })

  it('counts traffic by class, in and out', () => {
    const graph = graphOf({
      requests: [
        requests(1, { from: 'a', to: 'b' }),
        requests(2, { from: 'a', to: 'b', code: '301' }),
        requests(4, { from: 'a', to: 'b', code: '404' }),
        requests(8, { from: 'a', to: 'b', code: '500' }),
        requests(16, { from: 'a', to: 'b', code: '0', flags: 'DC' }),
        requests(32, { from: 'a', to: 'b', protocol: 'grpc', grpcStatus: '5' }),
        requests(64, { from: 'a', to: 'b', protocol: 'grpc', grpcStatus: '13' }),
      ],
      tcp: [tcp(128, { from: 'a', to: 'b' })],
    })
    expect(nodeOf(graph, 'workload/east/shop/b')?.traffic).toEqual({
      http: { in: 31, out: 0, in3xx: 2, in4xx: 4, in5xx: 8, inNoResponse: 16 },
      grpc: { in: 96, out: 0, inError: 64 },
      tcp: { in: 128, out: 0 },
    })
    expect(nodeOf(graph, 'workload/east/shop/a')?.traffic.grpc).toEqual({ in: 0, out: 96, inError: 0 })
  })
})

describe('contracts page, "Service graph"', () => {
  const service = (telemetry: Telemetry, namespaces: readonly string[] = []) =>
    wordsOf(graphOf(telemetry, { graphType: 'service', namespaces }))

  it('callers with no incoming traffic stay workload nodes', () => {
    expect(service({ requests: [requests(5, { from: 'a', to: 'b' })] })).toEqual([
      'workload/east/shop/a -> service/east/shop/b | http 5/s | 5 x 200 -',
    ])
  })

  it('only workloads in scope are reduced; callers outside stay', () => {
    const samples = [
      requests(9, { from: 'shop/z', to: 'web/x', service: 'web/x' }),
      requests(5, { from: 'web/x', to: 'shop/b' }),
    ]
    expect(service({ requests: samples }, ['shop'])).toContain(
      'workload/east/web/x -> service/east/shop/b | http 5/s | 5 x 200 -',
    )
    expect(service({ requests: samples })).toContain('service/east/web/x -> service/east/shop/b | http 5/s | 5 x 200 -')
  })

  it("a workload's outgoing calls are attributed to its services in proportion to their share of its incoming requests, marked estimated", () => {
    const samples = [
      requests(30, { from: 'a', to: 'b', service: 'shop/front' }),
      requests(10, { from: 'a', to: 'b', service: 'shop/back' }),
      requests(20, { from: 'b', to: 'c' }),
    ]
    const bytes = [tcp(9999, { from: 'a', to: 'b', service: 'shop/back' })]
    expect(service({ requests: samples, tcp: bytes }).filter((line) => line.includes('shop/c'))).toEqual([
      'service/east/shop/back -> service/east/shop/c | http 5/s | 5 x 200 - | estimated',
      'service/east/shop/front -> service/east/shop/c | http 15/s | 15 x 200 - | estimated',
    ])
  })

  it('bytes only where there are none', () => {
    const bytes = [
      tcp(300, { from: 'a', to: 'b', service: 'shop/front' }),
      tcp(100, { from: 'a', to: 'b', service: 'shop/back' }),
      tcp(80, { from: 'b', to: 'c' }),
    ]
    expect(service({ tcp: bytes }).filter((line) => line.includes('shop/c'))).toEqual([
      'service/east/shop/back -> service/east/shop/c | tcp 20/s | estimated',
      'service/east/shop/front -> service/east/shop/c | tcp 60/s | estimated',
    ])
  })

  it('invents nothing: a workload reached without a service keeps what it sends on', () => {
    const samples = [
      requests(30, { from: 'a', to: 'b', service: 'unknown/PassthroughCluster' }),
      requests(20, { from: 'b', to: 'c' }),
    ]
    expect(service({ requests: samples })).toEqual([
      'workload/east/shop/a -> workload/east/shop/b | http 30/s | 30 x 200 -',
      'workload/east/shop/b -> service/east/shop/c | http 20/s | 20 x 200 -',
    ])
  })
})

describe('idle nodes', () => {
  const labels = { app: 'quiet', version: 'v3' }
  const objects: MeshObjects = {
    cluster: 'east',
    workloads: [
      { namespace: 'shop', name: 'quiet-v3', kind: 'Deployment', labels },
      { namespace: 'shop', name: 'b', kind: 'Deployment', labels: { app: 'b' } },
      { namespace: 'web', name: 'elsewhere', kind: 'Deployment', labels: {} },
      { namespace: 'shop', name: 'backup', kind: 'CronJob', labels: {} },
      { namespace: 'shop', name: 'waypoint', kind: 'Deployment', labels: {} },
    ],
    services: [{ namespace: 'shop', name: 'quiet' }],
  }
  const telemetry = { requests: [requests(1, { from: 'a', to: 'b' })] }
  const idle = (options: Partial<GraphOptions>) =>
    graphOf(telemetry, { namespaces: ['shop'], ...options }, objects).nodes.filter(({ isIdle }) => isIdle === true)

  it('are drawn where idle edges are asked for', () => {
    expect(idle({})).toEqual([])
    expect(idle({ idleEdges: true })).toMatchObject([
      { id: 'workload/east/shop/quiet-v3', workload: 'quiet-v3', app: 'quiet', version: 'v3', traffic: {} },
    ])
  })

  it.each([
    ['versionedApp', false, ['app/east/shop/quiet/v3']],
    ['workload', true, ['service/east/shop/quiet', 'workload/east/shop/quiet-v3']],
    ['service', false, ['service/east/shop/quiet']],
  ] as const)('stand at the level of the graph: %s', (graphType, serviceNodes, ids) => {
    expect(idle({ idleEdges: true, graphType, serviceNodes }).map(({ id }) => id)).toEqual(ids)
  })
})
