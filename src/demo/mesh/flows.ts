import type { Flow, Outcome, ServiceRef, Workload } from './model.ts'
import { hostOf } from './model.ts'
import { answered, clientLeft, grpcError, ms, ok, okGrpc, timedOut, undelivered, whenFaulty } from './outcomes.ts'
import { workloads as w } from './workloads.ts'

type Traits = Partial<Omit<Flow, 'source' | 'destination' | 'rate' | 'outcomes'>>

/** The Service in front of a workload: named after its app. */
const serviceOf = ({ namespace, app }: Workload): ServiceRef => ({ namespace, name: app, host: hostOf(namespace, app) })

const isInMesh = ({ proxy }: Workload) => proxy !== 'none'

const call = (
  source: Workload,
  destination: Workload,
  rate: number,
  outcomes: readonly Outcome[],
  traits: Traits = {},
): Flow => ({
  wave: 'shop',
  protocol: destination.protocol,
  rate,
  source,
  destination,
  service: serviceOf(destination),
  mtls: isInMesh(source) && isInMesh(destination),
  outcomes,
  requestBytes: 720,
  responseBytes: 4200,
  ...traits,
})

const http = (source: Workload, destination: Workload, rate: number, medianMs: number, traits: Traits = {}) =>
  call(source, destination, rate, [ok(1, ms(medianMs))], { protocol: 'http', ...traits })

const grpc = (source: Workload, destination: Workload, rate: number, medianMs: number, traits: Traits = {}) =>
  call(source, destination, rate, [okGrpc(1, ms(medianMs))], {
    protocol: 'grpc',
    requestBytes: 310,
    responseBytes: 1900,
    ...traits,
  })

/** A TCP flow: connections per second, bytes per connection. */
const tcp = (
  source: Workload,
  destination: Workload,
  connections: number,
  sent: number,
  received: number,
  traits: Traits = {},
) =>
  call(source, destination, connections, [], {
    protocol: 'tcp',
    requestBytes: sent,
    responseBytes: received,
    ...traits,
  })

/** Calls that leave the mesh: the destination is a name, not a workload. */
const leaving = (
  source: Workload,
  service: ServiceRef,
  rate: number,
  outcomes: readonly Outcome[],
  traits: Traits = {},
): Flow => ({
  wave: 'shop',
  protocol: 'http',
  rate,
  source,
  service,
  mtls: false,
  outcomes,
  requestBytes: 900,
  responseBytes: 2100,
  ...traits,
})

const slow = { wave: 'bookinfo', fault: 'slow-ratings' } as const
const canary = { wave: 'bookinfo', fault: 'reviews-canary' } as const
const unavailable = { fault: 'payment-unavailable' } as const
const travel = { wave: 'travel' } as const

/** Page views per second on Bookinfo; the rest of the book follows from it. */
const views = 41

const bookinfo: readonly Flow[] = [
  call(
    w.ingressGateway,
    w.productpage,
    views,
    [whenFaulty(ok(1, ms(62)), 0.69, ms(60)), whenFaulty(ok(0, ms(1700)), 0.31)],
    { ...slow, responseBytes: 5200 },
  ),
  http(w.productpage, w.details, views, 9, { wave: 'bookinfo', responseBytes: 620 }),
  http(w.productpage, w.reviewsV1, views * 0.6, 31, { wave: 'bookinfo' }),
  call(w.productpage, w.reviewsV2, views * 0.28, [whenFaulty(ok(1, ms(38)), 1, ms(1650))], slow),
  call(
    w.productpage,
    w.reviewsV3,
    views * 0.12,
    [whenFaulty(ok(1, ms(41)), 0.12), whenFaulty(undelivered('UF', 0), 0.63), whenFaulty(undelivered('UH', 0), 0.25)],
    canary,
  ),
  call(
    w.reviewsV2,
    w.ratings,
    views * 0.28,
    [whenFaulty(ok(1, ms(8)), 0.93, ms(1600)), whenFaulty(timedOut(0, 2.5), 0.07)],
    { ...slow, responseBytes: 480 },
  ),
  call(w.reviewsV3, w.ratings, views * 0.12, [whenFaulty(ok(1, ms(8)), 0.12)], { ...canary, responseBytes: 480 }),
  tcp(w.ratings, w.mongodb, 1.6, 46_000, 71_000, { wave: 'bookinfo' }),
]

const shop: readonly Flow[] = [
  http(w.nginx, w.frontend, 131, 58, { responseBytes: 21_000 }),
  http(w.nginx, w.partnerApi, 12, 34),
  http(w.nginx, w.assets, 55, 3, { responseBytes: 48_000 }),
  call(w.ingressGateway, w.mobileBff, 24, [whenFaulty(ok(1, ms(85)), 0.78), whenFaulty(clientLeft(0, ms(400)), 0.22)], {
    wave: 'mobile',
    fault: 'impatient-mobile-clients',
  }),
  grpc(w.frontend, w.catalog, 118, 12),
  grpc(w.frontend, w.recommendation, 61, 38),
  grpc(w.frontend, w.cart, 34, 8),
  grpc(w.frontend, w.currency, 72, 4),
  grpc(w.frontend, w.ads, 58, 6),
  call(
    w.frontend,
    w.checkout,
    4.8,
    [whenFaulty(okGrpc(0.996, ms(96)), 0.64), whenFaulty(grpcError(13, 0.004, ms(110)), 0.36)],
    unavailable,
  ),
  http(w.frontend, w.search, 9, 44),
  grpc(w.recommendation, w.catalog, 61, 11),
  http(w.mobileBff, w.search, 6, 46, { wave: 'mobile' }),
  grpc(w.mobileBff, w.catalog, 31, 13, { wave: 'mobile' }),
  grpc(w.mobileBff, w.cart, 9, 9, { wave: 'mobile' }),
  // A DestinationRule switches TLS off for pricing: two sidecars that talk in plain text.
  http(w.partnerApi, w.pricing, 12, 17, { mtls: false }),
  grpc(w.partnerApi, w.catalog, 12, 12),
  call(
    w.priceCrawler,
    w.search,
    14,
    [whenFaulty(ok(0.93, ms(42)), 0.54), whenFaulty(answered(404, 0.07, ms(7)), 0.46)],
    { wave: 'steady', fault: 'price-crawler' },
  ),
  call(w.search, w.pricing, 21, [ok(0.997, ms(15)), answered(500, 0.003, ms(28))]),
  grpc(w.search, w.catalog, 29, 12),
  tcp(w.catalog, w.catalogDb, 6, 15_000, 88_000),
  tcp(w.cart, w.cartRedis, 9, 4200, 6100),
  grpc(w.checkout, w.cart, 9.5, 7),
  grpc(w.checkout, w.currency, 9.4, 4),
  call(
    w.checkout,
    w.payment,
    4.7,
    [whenFaulty(okGrpc(0.998, ms(61)), 0.65), whenFaulty(grpcError(14, 0.002, ms(5)), 0.35)],
    { ...unavailable, protocol: 'grpc', requestBytes: 410, responseBytes: 260 },
  ),
  grpc(w.checkout, w.shipping, 4.7, 22),
  http(w.checkout, w.email, 4.6, 15),
  grpc(w.checkout, w.orders, 4.6, 27),
  http(w.payment, w.egressGateway, 3.1, 130, {
    service: {
      namespace: 'istio-system',
      name: 'istio-egressgateway',
      host: hostOf('istio-system', 'istio-egressgateway'),
    },
  }),
  http(w.payment, w.billing, 1.5, 44),
  // Known to Prometheus, and idle: a counter that no longer moves.
  http(w.checkout, w.giftWrap, 0, 20),
  tcp(w.orders, w.ordersDb, 3.2, 22_000, 31_000),
  grpc(w.orders, w.inventory, 6.4, 14),
  tcp(w.inventory, w.ordersDb, 2.1, 9000, 17_000),
  tcp(w.orders, w.events, 0.9, 52_000, 3100),
  tcp(w.analytics, w.events, 0.4, 2300, 96_000, { wave: 'steady' }),
  grpc(w.warehouseSync, w.inventory, 3.3, 19, { wave: 'steady' }),
  http(w.nightlyExport, w.analytics, 1.2, 210, { wave: 'steady', responseBytes: 180_000 }),
]

const outside: readonly Flow[] = [
  leaving(
    w.egressGateway,
    { namespace: 'shop-core', name: 'api.payments.example', host: 'api.payments.example' },
    3.1,
    [ok(0.995, ms(120)), answered(429, 0.005, ms(30))],
  ),
  leaving(w.shipping, { namespace: 'shop-core', name: 'rates.carrier.example', host: 'rates.carrier.example' }, 4.1, [
    ok(1, ms(160)),
  ]),
  leaving(w.email, { namespace: 'unknown', name: 'PassthroughCluster', host: 'mail.relay.example' }, 4.2, [
    ok(1, ms(230)),
  ]),
  leaving(w.warehouseSync, { namespace: 'unknown', name: 'PassthroughCluster', host: 'unknown' }, 0.7, [], {
    protocol: 'tcp',
    wave: 'steady',
    requestBytes: 64_000,
    responseBytes: 12_000,
  }),
  leaving(w.ads, { namespace: 'unknown', name: 'BlackHoleCluster', host: 'tracker.adnetwork.example' }, 1.8, [
    answered(502, 1, ms(0.7)),
  ]),
]

const ambient: readonly Flow[] = [
  http(w.ingressGateway, w.travelPortal, 12, 74, travel),
  http(w.travelPortal, w.flights, 10, 32, { ...travel, waypoint: w.waypoint }),
  http(w.travelPortal, w.hotels, 8, 27, { ...travel, waypoint: w.waypoint }),
  call(w.travelPortal, w.bookings, 2.4, [ok(0.985, ms(48)), answered(403, 0.015, ms(2))], {
    ...travel,
    protocol: 'http',
    waypoint: w.waypoint,
  }),
  tcp(w.flights, w.travelDb, 2.2, 8100, 26_000, travel),
  tcp(w.hotels, w.travelDb, 1.7, 7400, 23_000, travel),
  tcp(w.bookings, w.travelDb, 0.8, 11_000, 5200, travel),
]

/** All calls of the demo mesh. One flow per source, destination, service and protocol. */
export const flows: readonly Flow[] = [...bookinfo, ...shop, ...outside, ...ambient]
