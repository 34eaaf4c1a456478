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

/** Between callers and an app: what some of its requests were classified as. */
export function operation(namespace: string, name: string, of: string, patch: Partial<GraphNode> = {}): GraphNode {
  return {
    id: `operation/c/${namespace}/${name}/${of}`,
    kind: 'operation',
    cluster: 'c',
    namespace,
    app: name,
    operation: of,
    health: healthy(),
    traffic: {},
    ...patch,
  }
}

/** A front end that calls an app of two versions through two operations, and asks it something unclassified as well. */
export function withOperations(): MeshGraph {
  const [list, get] = [operation('shop', 'cart', 'List'), operation('shop', 'cart', 'Get')]
  const through = (from: string, to: string, rate: number): GraphEdge => ({
    ...edge('a', 'b', rate),
    id: `${from}>${to}|http`,
    source: from,
    target: to,
  })
  const [front, v1, v2] = ['app/c/web/front/v1', 'app/c/shop/cart/v1', 'app/c/shop/cart/v2']
  return aGraph({
    nodes: [
      app('web', 'front', 'v1', { workload: 'front-1' }),
      app('shop', 'cart', 'v1', { workload: 'cart-1' }),
      app('shop', 'cart', 'v2', { workload: 'cart-2' }),
      list,
      get,
    ],
    edges: [
      through(front, list.id, 6),
      through(list.id, v1, 4),
      through(list.id, v2, 2),
      through(front, get.id, 3),
      through(get.id, v1, 3),
      through(front, v2, 1),
    ],
  })
}

function healthy(): { readonly state: HealthState; readonly reasons: readonly string[] } {
  return { state: 'healthy', reasons: [] }
}
