import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'

/** A small graph with one of everything, made by hand, for tests of the page's own decisions. */
export function aGraph(patch: Partial<MeshGraph> = {}): MeshGraph {
  return {
    time: 1_700_000_000,
    window: 300,
    graphType: 'versionedApp',
    namespaces: [],
    nodes: [
      app('istio-ingress', 'gateway', undefined, { isGateway: true, isRoot: true }),
      app('bookinfo', 'productpage', 'v1'),
      app('bookinfo', 'reviews', 'v1'),
      app('bookinfo', 'reviews', 'v3', {
        health: { state: 'failing', reasons: ['30% of requests failed with 503 UF'] },
      }),
      app('bookinfo', 'mongodb', 'v1'),
      { id: 'unknown', kind: 'unknown', cluster: 'unknown', namespace: 'unknown', isInaccessible: true, traffic: {} },
      {
        id: 'service/c/unknown/PassthroughCluster',
        kind: 'service',
        cluster: 'c',
        namespace: 'unknown',
        service: 'PassthroughCluster',
        isInaccessible: true,
        traffic: {},
      },
    ],
    edges: [
      edge('istio-ingress/gateway', 'bookinfo/productpage/v1', 41.25, { mtls: 1 }),
      edge('bookinfo/productpage/v1', 'bookinfo/reviews/v1', 30, { mtls: 0.5, latency: { p95: 0.031 } }),
      edge('bookinfo/productpage/v1', 'bookinfo/reviews/v3', 10, {
        errorRatio: 0.3,
        health: { state: 'failing', reasons: ['30% failed'] },
        responses: [
          { code: '200', rate: 7 },
          { code: '503', flags: 'UF', rate: 3 },
        ],
      }),
      {
        ...edge('bookinfo/reviews/v3', 'bookinfo/mongodb/v1', 182 * 1024),
        id: 'app/c/bookinfo/reviews/v3>app/c/bookinfo/mongodb/v1|tcp',
        protocol: 'tcp',
        responses: [{ code: '-', rate: 182 * 1024 }],
      },
    ],
    skipped: [],
    ...patch,
  }
}

export function app(namespace: string, name: string, version?: string, patch: Partial<GraphNode> = {}): GraphNode {
  return {
    id: `app/c/${namespace}/${name}${version === undefined ? '' : `/${version}`}`,
    kind: 'app',
    cluster: 'c',
    namespace,
    app: name,
    ...(version === undefined ? {} : { version }),
    health: healthy(),
    traffic: {},
    ...patch,
  }
}

export function edge(source: string, target: string, rate: number, patch: Partial<GraphEdge> = {}): GraphEdge {
  return {
    id: `app/c/${source}>app/c/${target}|http`,
    source: `app/c/${source}`,
    target: `app/c/${target}`,
    protocol: 'http',
    rate,
    errorRatio: 0,
    responses: [{ code: '200', rate }],
    health: healthy(),
    marks: [],
    ...patch,
  }
}

function healthy(): { readonly state: HealthState; readonly reasons: readonly string[] } {
  return { state: 'healthy', reasons: [] }
}
