import type {
  AuthorizationPolicy,
  DestinationRule,
  EnvoyFilter,
  Gateway,
  K8sGateway,
  K8sGatewayClass,
  K8sHTTPRoute,
  KubernetesObject,
  PeerAuthentication,
  RequestAuthentication,
  ServiceEntry,
  Sidecar,
  Telemetry,
  VirtualService,
} from '../../clients/kubernetes/wire.ts'
import { hostOf, principalOf } from '../mesh/model.ts'
import { workloads } from '../mesh/workloads.ts'
import { metadata } from './metadata.ts'

/** An object of that kind: its metadata made, its spec as given. */
const make = <Item extends KubernetesObject & { readonly spec?: unknown }>(
  kind: string,
  namespace: string | undefined,
  name: string,
  spec: NonNullable<Item['spec']>,
): { readonly metadata: KubernetesObject['metadata']; readonly spec: NonNullable<Item['spec']> } => ({
  metadata: metadata(kind, name, namespace),
  spec,
})

const virtualService = (namespace: string, name: string, spec: NonNullable<VirtualService['spec']>): VirtualService =>
  make<VirtualService>('VirtualService', namespace, name, spec)

const destinationRule = (
  namespace: string,
  name: string,
  spec: NonNullable<DestinationRule['spec']>,
): DestinationRule => make<DestinationRule>('DestinationRule', namespace, name, spec)

const publicGateway = 'istio-ingress/public-gateway'

const to = (host: string, subset?: string, weight?: number) => ({
  destination: { host, ...(subset !== undefined && { subset }) },
  ...(weight !== undefined && { weight }),
})

export const virtualServices: readonly VirtualService[] = [
  virtualService('bookinfo', 'bookinfo', {
    hosts: ['bookinfo.demo.example'],
    gateways: [publicGateway],
    http: [{ match: [{ uri: { prefix: '/' } }], route: [to('productpage')] }],
  }),
  virtualService('bookinfo', 'reviews', {
    hosts: ['reviews'],
    http: [{ name: 'canary', route: [to('reviews', 'v1', 60), to('reviews', 'v2', 28), to('reviews', 'v3', 12)] }],
  }),
  virtualService('bookinfo', 'ratings', {
    hosts: ['ratings'],
    http: [{ timeout: '2.5s', route: [to('ratings', 'v1')] }],
  }),
  // Broken: the DestinationRule has no subset v2.
  virtualService('bookinfo', 'details', {
    hosts: ['details'],
    http: [
      { match: [{ headers: { 'x-preview': { exact: 'yes' } } }], route: [to('details', 'v2')] },
      { route: [to('details', 'v1')] },
    ],
  }),
  virtualService('shop-web', 'mobile', {
    hosts: ['m.shop.demo.example'],
    gateways: [publicGateway],
    http: [{ route: [to('mobile-bff')], retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx,reset' } }],
  }),
  virtualService('shop-web', 'partners', {
    hosts: ['partners-preview.demo.example'],
    gateways: ['partner-gateway'],
    http: [{ route: [to('partner-api')] }],
  }),
  // Broken: the weights add up to 90.
  virtualService('shop-core', 'search', {
    hosts: ['search'],
    http: [{ route: [to('search', 'stable', 70), to('search', 'next', 20)] }],
  }),
  // Broken: there is no such host.
  virtualService('shop-core', 'promotions', {
    hosts: ['catalog'],
    http: [
      { match: [{ uri: { prefix: '/promotions' } }], route: [to('promotions.shop-core.svc.cluster.local')] },
      { route: [to('catalog')] },
    ],
  }),
  virtualService('shop-core', 'payments-via-egress', {
    hosts: ['api.payments.example'],
    gateways: ['mesh', 'istio-system/egress-gateway'],
    http: [
      { match: [{ gateways: ['mesh'], port: 80 }], route: [to(hostOf('istio-system', 'istio-egressgateway'))] },
      { match: [{ gateways: ['istio-system/egress-gateway'], port: 80 }], route: [to('api.payments.example')] },
    ],
  }),
  virtualService('shop-core', 'recommendation', {
    hosts: ['recommendation'],
    http: [
      { route: [to('recommendation')], mirrors: [{ destination: { host: 'gift-wrap' }, percentage: { value: 5 } }] },
    ],
  }),
  virtualService('shop-data', 'catalog-db', {
    hosts: ['catalog-db'],
    tcp: [{ match: [{ port: 5432 }], route: [to('catalog-db')] }],
  }),
  virtualService('travel', 'travel-portal', {
    hosts: ['travel.demo.example'],
    gateways: [publicGateway],
    http: [{ route: [to('travel-portal')] }],
  }),
]

export const destinationRules: readonly DestinationRule[] = [
  destinationRule('bookinfo', 'reviews', {
    host: 'reviews',
    trafficPolicy: {
      connectionPool: { http: { http1MaxPendingRequests: 64, maxRequestsPerConnection: 32 } },
      outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 100 },
    },
    subsets: ['v1', 'v2', 'v3'].map((version) => ({ name: version, labels: { version } })),
  }),
  destinationRule('bookinfo', 'ratings', { host: 'ratings', subsets: [{ name: 'v1', labels: { version: 'v1' } }] }),
  destinationRule('bookinfo', 'details', { host: 'details', subsets: [{ name: 'v1', labels: { version: 'v1' } }] }),
  destinationRule('shop-core', 'pricing', { host: 'pricing', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
  destinationRule('shop-core', 'catalog', {
    host: 'catalog',
    trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
  }),
  destinationRule('shop-core', 'search', {
    host: 'search',
    subsets: [
      { name: 'stable', labels: { version: 'v1' } },
      // Broken: no pod carries this version.
      { name: 'next', labels: { version: 'v2' } },
    ],
  }),
  destinationRule('shop-data', 'cart-redis', {
    host: 'cart-redis',
    trafficPolicy: { connectionPool: { tcp: { maxConnections: 200 } } },
  }),
]

const httpPort = { number: 80, name: 'http', protocol: 'HTTP' }

export const gateways: readonly Gateway[] = [
  make<Gateway>('Gateway', 'istio-ingress', 'public-gateway', {
    selector: { istio: 'ingressgateway' },
    servers: [
      {
        port: httpPort,
        hosts: ['bookinfo/bookinfo.demo.example', 'shop-web/m.shop.demo.example', 'travel/travel.demo.example'],
      },
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['bookinfo/bookinfo.demo.example', 'shop-web/m.shop.demo.example', 'travel/travel.demo.example'],
        tls: { mode: 'SIMPLE', credentialName: 'demo-example-tls' },
      },
    ],
  }),
  make<Gateway>('Gateway', 'istio-system', 'egress-gateway', {
    selector: { istio: 'egressgateway' },
    servers: [{ port: httpPort, hosts: ['api.payments.example'] }],
  }),
  // Broken: no pod carries these labels.
  make<Gateway>('Gateway', 'shop-web', 'partner-gateway', {
    selector: { istio: 'partner-ingressgateway' },
    servers: [{ port: httpPort, hosts: ['partners-preview.demo.example'] }],
  }),
]

export const serviceEntries: readonly ServiceEntry[] = [
  make<ServiceEntry>('ServiceEntry', 'shop-core', 'payments-api', {
    hosts: ['api.payments.example'],
    location: 'MESH_EXTERNAL',
    resolution: 'DNS',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
  }),
  make<ServiceEntry>('ServiceEntry', 'shop-core', 'carrier-rates', {
    hosts: ['rates.carrier.example'],
    location: 'MESH_EXTERNAL',
    resolution: 'DNS',
    ports: [{ number: 443, name: 'http', protocol: 'HTTP' }],
    exportTo: ['.'],
  }),
]

export const sidecars: readonly Sidecar[] = [
  make<Sidecar>('Sidecar', 'bookinfo', 'default', { egress: [{ hosts: ['./*', 'istio-system/*'] }] }),
  // Why the ads' tracker ends in BlackHoleCluster.
  make<Sidecar>('Sidecar', 'shop-core', 'ads', {
    workloadSelector: { labels: { app: 'ads' } },
    egress: [{ hosts: ['./*', 'istio-system/*'] }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  }),
]

export const envoyFilters: readonly EnvoyFilter[] = [
  make<EnvoyFilter>('EnvoyFilter', 'shop-web', 'mobile-rate-limit', {
    workloadSelector: { labels: { app: 'mobile-bff' } },
    configPatches: [
      {
        applyTo: 'HTTP_FILTER',
        match: {
          context: 'SIDECAR_INBOUND',
          listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
        },
        patch: {
          operation: 'INSERT_BEFORE',
          value: {
            name: 'envoy.filters.http.local_ratelimit',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
              stat_prefix: 'mobile',
              token_bucket: { max_tokens: 200, tokens_per_fill: 200, fill_interval: '1s' },
            },
          },
        },
      },
    ],
  }),
]

const peerAuthentication = (
  namespace: string,
  name: string,
  spec: NonNullable<PeerAuthentication['spec']>,
): PeerAuthentication => make<PeerAuthentication>('PeerAuthentication', namespace, name, spec)

export const peerAuthentications: readonly PeerAuthentication[] = [
  peerAuthentication('bookinfo', 'default', { mtls: { mode: 'STRICT' } }),
  peerAuthentication('shop-core', 'default', { mtls: { mode: 'STRICT' } }),
  peerAuthentication('shop-core', 'pricing', {
    selector: { matchLabels: { app: 'pricing' } },
    mtls: { mode: 'DISABLE' },
  }),
  peerAuthentication('shop-data', 'default', { mtls: { mode: 'PERMISSIVE' } }),
  peerAuthentication('shop-web', 'default', { mtls: { mode: 'PERMISSIVE' } }),
  peerAuthentication('travel', 'default', { mtls: { mode: 'STRICT' } }),
]

/** As policies write them: without the scheme. */
const principal = (workload: Parameters<typeof principalOf>[0]) => principalOf(workload).replace('spiffe://', '')

export const authorizationPolicies: readonly AuthorizationPolicy[] = [
  make<AuthorizationPolicy>('AuthorizationPolicy', 'bookinfo', 'ratings-readers', {
    selector: { matchLabels: { app: 'ratings' } },
    action: 'ALLOW',
    rules: [
      {
        from: [{ source: { principals: [principal(workloads.reviewsV2)] } }],
        to: [{ operation: { methods: ['GET'] } }],
      },
    ],
  }),
  make<AuthorizationPolicy>('AuthorizationPolicy', 'shop-core', 'payment-callers', {
    selector: { matchLabels: { app: 'payment' } },
    action: 'ALLOW',
    rules: [{ from: [{ source: { principals: [principal(workloads.checkout)] } }] }],
  }),
  make<AuthorizationPolicy>('AuthorizationPolicy', 'travel', 'bookings-limits', {
    targetRefs: [{ kind: 'Service', group: '', name: 'bookings' }],
    action: 'DENY',
    rules: [{ to: [{ operation: { methods: ['DELETE'] } }] }],
  }),
]

export const requestAuthentications: readonly RequestAuthentication[] = [
  make<RequestAuthentication>('RequestAuthentication', 'shop-web', 'mobile-tokens', {
    selector: { matchLabels: { app: 'mobile-bff' } },
    jwtRules: [{ issuer: 'https://id.shop.demo.example', jwksUri: 'https://id.shop.demo.example/keys' }],
  }),
]

export const telemetries: readonly Telemetry[] = [
  make<Telemetry>('Telemetry', 'istio-system', 'mesh-default', {
    metrics: [{ providers: [{ name: 'prometheus' }] }],
    accessLogging: [{ providers: [{ name: 'envoy' }] }],
  }),
]

const gatewayClass = (name: string, controllerName: string): K8sGatewayClass => ({
  ...make<K8sGatewayClass>('GatewayClass', undefined, name, { controllerName }),
  status: { conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted' }] },
})

export const gatewayClasses: readonly K8sGatewayClass[] = [
  gatewayClass('istio', 'istio.io/gateway-controller'),
  gatewayClass('istio-waypoint', 'istio.io/mesh-controller'),
]

export const kubernetesGateways: readonly K8sGateway[] = [
  {
    metadata: metadata('Gateway.gateway.networking.k8s.io', 'waypoint', 'travel', {
      labels: { 'istio.io/waypoint-for': 'service' },
    }),
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'Same' } } }],
    },
    status: { conditions: [{ type: 'Programmed', status: 'True', reason: 'Programmed' }] },
  },
]

export const httpRoutes: readonly K8sHTTPRoute[] = [
  {
    ...make<K8sHTTPRoute>('HTTPRoute', 'travel', 'hotels', {
      parentRefs: [{ group: '', kind: 'Service', name: 'hotels', port: 80 }],
      rules: [{ backendRefs: [{ name: 'hotels', port: 80, weight: 1 }], timeouts: { request: '5s' } }],
    }),
    status: {
      parents: [
        {
          parentRef: { group: '', kind: 'Service', name: 'hotels', port: 80 },
          controllerName: 'istio.io/gateway-controller',
          conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted' }],
        },
      ],
    },
  },
]
