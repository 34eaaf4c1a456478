import type { Protocol, Proxy, Workload } from './model.ts'

interface Extras {
  readonly version?: string
  readonly replicas?: number
  readonly pendingPods?: number
  readonly proxy?: Proxy
  readonly kind?: Workload['kind']
  readonly name?: string
  readonly labels?: Readonly<Record<string, string>>
}

const workload = (namespace: string, app: string, protocol: Protocol, port: number, extras: Extras = {}): Workload => {
  const version = extras.version ?? 'v1'
  return {
    namespace,
    name: extras.name ?? app,
    app,
    version,
    kind: extras.kind ?? 'Deployment',
    replicas: extras.replicas ?? 1,
    proxy: extras.proxy ?? 'sidecar',
    port,
    protocol,
    ...(extras.labels && { labels: extras.labels }),
    ...(extras.pendingPods !== undefined && { pendingPods: extras.pendingPods }),
  }
}

const bookinfo = (app: string, version: string, port: number, protocol: Protocol = 'http', replicas = 1): Workload =>
  workload('bookinfo', app, protocol, port, { version, name: `${app}-${version}`, replicas })

const gatewayLabels = (istio: string, component: string) => ({
  istio,
  'operator.istio.io/component': component,
  'istio.io/rev': 'default',
})

/** Every workload of the demo mesh by the short name the flows use. */
export const workloads = {
  ingressGateway: workload('istio-ingress', 'istio-ingressgateway', 'http', 8080, {
    proxy: 'gateway',
    replicas: 2,
    version: 'latest',
    labels: gatewayLabels('ingressgateway', 'IngressGateways'),
  }),
  egressGateway: workload('istio-system', 'istio-egressgateway', 'http', 8080, {
    proxy: 'gateway',
    version: 'latest',
    labels: gatewayLabels('egressgateway', 'EgressGateways'),
  }),
  istiod: workload('istio-system', 'istiod', 'grpc', 15012, { proxy: 'none', labels: { istio: 'pilot' } }),
  ztunnel: workload('istio-system', 'ztunnel', 'tcp', 15008, {
    proxy: 'ztunnel',
    kind: 'DaemonSet',
    replicas: 3,
    version: 'latest',
  }),
  nginx: workload('ingress-nginx', 'ingress-nginx', 'http', 80, {
    name: 'ingress-nginx-controller',
    proxy: 'none',
    kind: 'DaemonSet',
    replicas: 3,
    labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  }),

  productpage: bookinfo('productpage', 'v1', 9080, 'http', 2),
  details: bookinfo('details', 'v1', 9080),
  reviewsV1: bookinfo('reviews', 'v1', 9080),
  reviewsV2: bookinfo('reviews', 'v2', 9080),
  reviewsV3: bookinfo('reviews', 'v3', 9080),
  ratings: bookinfo('ratings', 'v1', 9080),
  mongodb: bookinfo('mongodb', 'v1', 27017, 'tcp'),

  frontend: workload('shop-web', 'frontend', 'http', 8080, { version: 'v2', replicas: 2 }),
  mobileBff: workload('shop-web', 'mobile-bff', 'http', 8080),
  assets: workload('shop-web', 'assets', 'http', 8080),
  partnerApi: workload('shop-web', 'partner-api', 'http', 8080),
  priceCrawler: workload('shop-web', 'price-crawler', 'http', 8080),

  catalog: workload('shop-core', 'catalog', 'grpc', 3550, { replicas: 2 }),
  cart: workload('shop-core', 'cart', 'grpc', 7070),
  recommendation: workload('shop-core', 'recommendation', 'grpc', 8080),
  checkout: workload('shop-core', 'checkout', 'grpc', 5050),
  currency: workload('shop-core', 'currency', 'grpc', 7000),
  payment: workload('shop-core', 'payment', 'grpc', 50051),
  shipping: workload('shop-core', 'shipping', 'grpc', 50051),
  email: workload('shop-core', 'email', 'http', 8080),
  ads: workload('shop-core', 'ads', 'grpc', 9555),
  search: workload('shop-core', 'search', 'http', 8080),
  pricing: workload('shop-core', 'pricing', 'http', 8080),
  /** Deployed, ready, and called by nobody. */
  giftWrap: workload('shop-core', 'gift-wrap', 'http', 8080),

  catalogDb: workload('shop-data', 'catalog-db', 'tcp', 5432, { kind: 'StatefulSet', version: 'v15' }),
  cartRedis: workload('shop-data', 'cart-redis', 'tcp', 6379, { kind: 'StatefulSet', version: 'v7' }),
  orders: workload('shop-data', 'orders', 'grpc', 9090),
  ordersDb: workload('shop-data', 'orders-db', 'tcp', 5432, { kind: 'StatefulSet', version: 'v15' }),
  inventory: workload('shop-data', 'inventory', 'grpc', 9090),
  events: workload('shop-data', 'events', 'tcp', 4222, { kind: 'StatefulSet', version: 'v2' }),
  analytics: workload('shop-data', 'analytics', 'http', 8080),
  warehouseSync: workload('shop-data', 'warehouse-sync', 'http', 8080),
  /** Scaled to zero. */
  legacyReports: workload('shop-data', 'legacy-reports', 'http', 8080, { replicas: 0 }),

  travelPortal: workload('travel', 'travel-portal', 'http', 8000, { proxy: 'ambient' }),
  flights: workload('travel', 'flights', 'http', 8000, { proxy: 'ambient' }),
  hotels: workload('travel', 'hotels', 'http', 8000, { proxy: 'ambient' }),
  bookings: workload('travel', 'bookings', 'http', 8000, { proxy: 'ambient' }),
  travelDb: workload('travel', 'travel-db', 'tcp', 3306, { proxy: 'ambient', kind: 'StatefulSet' }),
  waypoint: workload('travel', 'waypoint', 'http', 15008, {
    proxy: 'waypoint',
    version: 'latest',
    labels: {
      'gateway.networking.k8s.io/gateway-name': 'waypoint',
      'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint',
      'gateway.istio.io/managed': 'istio.io-mesh-controller',
      'istio.io/dataplane-mode': 'none',
    },
  }),

  billing: workload('legacy', 'billing', 'http', 8080, { proxy: 'none', pendingPods: 1 }),
  nightlyExport: workload('legacy', 'nightly-export', 'http', 8080, { proxy: 'none' }),
} as const satisfies Readonly<Record<string, Workload>>

/** The same, in the order they are written. */
export const allWorkloads: readonly Workload[] = Object.values(workloads)
