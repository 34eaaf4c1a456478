import type { InstantQuestion } from '../queries.ts'
import type { GraphOptions } from '../read.ts'
import type { Labels, Sample } from '../samples.ts'
import type { Scope } from '../scope.ts'
import { type Call, measured, requests, tcp } from './samples.ts'

/** Traffic made by hand, what is asked about it, and the graph that must come out, in words (see words.ts). */
export interface Situation {
  readonly name: string
  readonly series: readonly { readonly metric: string; readonly labels: Labels; readonly rate: number }[]
  readonly questions?: readonly InstantQuestion[]
  readonly scope?: Partial<Scope>
  readonly options?: Partial<GraphOptions>
  readonly edges: readonly string[]
}

type Counters = Situation['series']

/** Istio's proxies also tell these; no question may trip over them. */
const extras = {
  job: 'kubernetes-pods',
  pod: 'p-1',
  instance: '10.0.0.1:15020',
  source_principal: 'spiffe://x/ns/shop/sa/a',
}

function counter(metric: string, { labels, value }: Sample, pod = 'p-1'): Counters[number] {
  return { metric, labels: { ...extras, pod, ...labels }, rate: value }
}

const http = (rate: number, call: Call, pod?: string): Counters[number] =>
  counter('istio_requests_total', requests(rate, call), pod)

/** Client to server. */
function bytes(
  rate: number,
  call: Parameters<typeof tcp>[1],
  metric = 'istio_tcp_received_bytes_total',
): Counters[number] {
  const sample = tcp(rate, call)
  return counter(metric, { ...sample, labels: without(sample.labels, 'direction') })
}

/** TCP connections that ended. */
function closed(rate: number, call: Parameters<typeof tcp>[1]): Counters[number] {
  return bytes(rate, call, 'istio_tcp_connections_closed_total')
}

function without(labels: Labels, name: string): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => label !== name))
}

/** A histogram of durations in milliseconds: so many per second at or below each bound. */
function durations(call: Call, buckets: readonly (readonly [le: string, rate: number])[], sum: number): Counters {
  const { labels } = measured(0, call)
  const last = buckets.at(-1)?.[1] ?? 0
  return [
    ...buckets.map(([le, rate]) =>
      counter('istio_request_duration_milliseconds_bucket', { labels: { ...labels, le }, value: rate }),
    ),
    counter('istio_request_duration_milliseconds_sum', { labels, value: sum }),
    counter('istio_request_duration_milliseconds_count', { labels, value: last }),
  ]
}

const a = 'workload/east/shop/a'
const b = 'workload/east/shop/b'
const ab = { from: 'a', to: 'b' } as const
const callee = { reporter: 'destination' } as const
const tcpSent: InstantQuestion = { ask: 'tcp', direction: 'sent' }
const shop: Partial<Scope> = { namespaces: ['shop'] }
/** Calls into, out of and past the namespace shop. */
const around: Counters = [
  http(5, { from: 'web/x', to: 'b' }),
  http(5, { from: 'web/x', to: 'b', ...callee }),
  http(6, { from: 'a', to: 'pay/y' }),
  http(6, { from: 'a', to: 'pay/y', ...callee }),
  http(3, ab),
  http(3, { ...ab, ...callee }),
  http(7, { from: 'web/x', to: 'pay/y' }),
  http(2, { from: 'web/x', service: 'shop/b', code: '503', flags: 'UF' }),
  http(1, { from: 'a', service: 'shop/b', code: '503', flags: 'UH' }),
]
/** Caller, callee and the waypoint before it, each in a namespace of its own. */
const farWaypoint: Counters = [
  http(60, { from: 'web/x', to: 'shop/b', reporter: 'waypoint' }),
  bytes(8000, { from: 'web/x', to: 'gates/waypoint', service: 'shop/b', isZtunnel: true }),
  bytes(7900, { from: 'web/x', to: 'gates/waypoint', service: 'shop/b', isZtunnel: true, ...callee }),
  bytes(7000, { from: 'gates/waypoint', to: 'shop/b', service: 'shop/b', isZtunnel: true, ...callee }),
]
/** No pod stands behind shop/b, so that its waypoint knows no workload; ambient callers tell of no requests. */
const deserted: Counters = [
  http(4, { from: 'web/x', service: 'shop/b', code: '503', flags: 'UH', reporter: 'waypoint' }),
]
const xb = 'workload/east/web/x -> workload/east/shop/b | http 60/s | 60 x 200 -'
const requestsAndTcp: readonly InstantQuestion[] = [{ ask: 'requests' }, tcpSent]
const hostile = 'he said "no\\"\nor} or vector(1) # 🦀'

export const situations: readonly Situation[] = [
  {
    name: 'both sides report the same pair',
    series: [http(12, ab), http(12, { ...ab, ...callee })],
    edges: [`${a} -> ${b} | http 12/s | 12 x 200 - | reported 12/12`],
  },
  {
    name: 'two pods of one workload are summed',
    series: [http(12, ab, 'p-1'), http(5, ab, 'p-2')],
    edges: [`${a} -> ${b} | http 17/s | 17 x 200 -`],
  },
  {
    name: 'some requests never reach a workload',
    series: [
      http(90, ab),
      http(10, { from: 'a', service: 'shop/b', code: '503', flags: 'UF' }),
      http(90, { ...ab, ...callee }),
    ],
    edges: [
      `${a} -> service/east/shop/b | http 10/s | 10 x 503 UF`,
      `${a} -> ${b} | http 90/s | 90 x 200 - | reported 90/90`,
    ],
  },
  {
    name: 'the two sides name the same failure differently',
    series: [
      http(95, ab),
      http(5, { ...ab, code: '504', flags: 'UT' }),
      http(95, { ...ab, ...callee }),
      http(5, { ...ab, ...callee, code: '0', flags: 'DC' }),
    ],
    edges: [`${a} -> ${b} | http 100/s | 95 x 200 -, 5 x 504 UT | reported 100/100`],
  },
  {
    name: 'retries make the callee count more',
    series: [http(100, ab), http(130, { ...ab, ...callee })],
    edges: [`${a} -> ${b} | http 100/s | 100 x 200 - | reported 100/130 | reportsDiffer`],
  },
  {
    name: 'the caller has no proxy',
    series: [http(50, { to: 'b', ...callee })],
    edges: [`unknown -> ${b} | http 50/s | 50 x 200 -`],
  },
  {
    name: "the caller's proxy is not scraped, but a dead pod's series of it lingers at 0/s",
    series: [http(0, ab), http(50, { ...ab, ...callee })],
    scope: shop,
    edges: [`${a} -> ${b} | http 50/s | 50 x 200 - | callerNotScraped`],
  },
  {
    name: 'gRPC says its own status',
    series: [
      http(20, { ...ab, protocol: 'grpc', grpcStatus: '14' }),
      http(20, { ...ab, protocol: 'grpc', grpcStatus: '14', ...callee }),
    ],
    edges: [`${a} -> ${b} | grpc 20/s | 20 x 14 - | reported 20/20`],
  },
  {
    name: 'gRPC messages in both directions',
    series: [
      counter('istio_request_messages_total', requests(8, ab)),
      counter('istio_response_messages_total', requests(30, ab)),
      http(2, { ...ab, protocol: 'grpc' }),
    ],
    questions: [{ ask: 'requests' }, { ask: 'grpc-messages', direction: 'total' }],
    options: { grpc: 'messages' },
    edges: [`${a} -> ${b} | grpc 38/s | 38 x - ?`],
  },
  {
    name: "TCP, where sent is the caller's word",
    series: [bytes(4000, ab), bytes(900, ab, 'istio_tcp_sent_bytes_total'), bytes(4000, { ...ab, ...callee })],
    questions: [tcpSent],
    edges: [`${a} -> ${b} | tcp 4000/s | reported 4000/4000`],
  },
  {
    name: 'TCP in both directions together',
    series: [bytes(4000, ab), bytes(900, ab, 'istio_tcp_sent_bytes_total')],
    questions: [{ ask: 'tcp', direction: 'total' }],
    edges: [`${a} -> ${b} | tcp 4900/s`],
  },
  {
    name: 'a waypoint tells the calls and ztunnel their transport',
    series: [
      http(60, { from: 'a', to: 'b-v1', service: 'shop/b', reporter: 'waypoint' }),
      http(20, { from: 'a', to: 'b-v2', service: 'shop/b', reporter: 'waypoint' }),
      bytes(8000, { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true }),
      bytes(7000, { from: 'waypoint', to: 'b-v1', service: 'shop/b', isZtunnel: true, ...callee }),
    ],
    questions: [{ ask: 'requests' }, tcpSent],
    edges: [
      `${a} -> workload/east/shop/b-v1 | http 60/s | 60 x 200 - | l4 6000/- estimated`,
      `${a} -> workload/east/shop/b-v2 | http 20/s | 20 x 200 - | l4 2000/- estimated`,
    ],
  },
  {
    name: 'the same with the waypoint shown',
    series: [
      http(60, { from: 'a', to: 'b', reporter: 'waypoint' }),
      bytes(8000, { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true }),
      bytes(7000, { from: 'waypoint', to: 'b', isZtunnel: true }),
    ],
    questions: [{ ask: 'requests' }, tcpSent],
    options: { waypoints: true },
    edges: [
      `${a} -> ${b} | http 60/s | 60 x 200 - | l4 8000/- estimated`,
      `${a} -> workload/east/shop/waypoint | tcp 8000/s`,
      `workload/east/shop/waypoint -> ${b} | tcp 7000/s`,
    ],
  },
  {
    name: 'ztunnel alone, seen from a scope that covers only the callee',
    series: [
      bytes(500, { from: 'web/x', to: 'b', isZtunnel: true }),
      bytes(490, { from: 'web/x', to: 'b', isZtunnel: true, ...callee }),
    ],
    questions: [tcpSent],
    scope: shop,
    edges: [`workload/east/web/x -> ${b} | tcp 500/s | reported 500/490`],
  },
  {
    name: 'a waypoint in a namespace of its own',
    series: farWaypoint,
    questions: requestsAndTcp,
    edges: [`${xb} | l4 8000/- estimated`],
  },
  {
    name: "the same from the caller's namespace",
    series: farWaypoint,
    questions: requestsAndTcp,
    scope: { namespaces: ['web'] },
    edges: [`${xb} | l4 8000/- estimated`],
  },
  {
    name: "the same from the callee's namespace, where the client's leg is nobody's",
    series: farWaypoint,
    questions: requestsAndTcp,
    scope: shop,
    edges: [xb],
  },
  {
    name: "the same from the waypoint's namespace alone: legs whose calls lie elsewhere stay edges",
    series: farWaypoint,
    questions: requestsAndTcp,
    scope: { namespaces: ['gates'] },
    edges: [
      'workload/east/gates/waypoint -> workload/east/shop/b | tcp 7000/s',
      'workload/east/web/x -> workload/east/gates/waypoint | tcp 8000/s | reported 8000/7900',
    ],
  },
  {
    name: 'a waypoint with nobody behind its service, seen from the namespace of the service',
    series: deserted,
    scope: shop,
    edges: [`workload/east/web/x -> service/east/shop/b | http 4/s | 4 x 503 UH`],
  },
  {
    name: 'the same from the callers’ namespace',
    series: deserted,
    scope: { namespaces: ['web'] },
    edges: [`workload/east/web/x -> service/east/shop/b | http 4/s | 4 x 503 UH`],
  },
  {
    name: 'the same for a member of the service’s namespace who may see peers',
    series: deserted,
    scope: { ...shop, seesAll: false },
    edges: [`workload/east/web/x -> service/east/shop/b | http 4/s | 4 x 503 UH`],
  },
  {
    name: 'TCP connections that come to nothing move no bytes',
    series: [
      bytes(4000, { from: 'a', to: 'db' }),
      closed(9, { from: 'a', to: 'db' }),
      closed(0.5, { from: 'a', to: 'db', flags: 'UF,URX' }),
      closed(2, { from: 'a', service: 'data/queue', flags: 'UH' }),
      closed(3, { from: 'a', to: 'b', flags: 'DC' }),
      closed(4, { from: 'a', to: 'c', flags: 'UF', ...callee }),
      closed(1.5, { from: 'web/x', to: 'b', flags: 'CONNECT', isZtunnel: true }),
    ],
    questions: [tcpSent],
    scope: shop,
    edges: [
      `${a} -> service/east/data/queue | tcp 0/s | 2 failed UH`,
      `${a} -> workload/east/shop/db | tcp 4000/s | 0.5 failed UF,URX`,
      `workload/east/web/x -> ${b} | tcp 0/s | 1.5 failed CONNECT`,
    ],
  },
  {
    name: 'Passthrough, BlackHole and an address',
    series: [
      http(20, { from: 'a', service: 'unknown/PassthroughCluster', host: 'example.org' }),
      http(3, { from: 'a', service: 'unknown/BlackHoleCluster', host: 'evil.org', code: '502' }),
      http(4, { from: 'a', service: 'unknown/10.4.0.7:8080', host: '10.4.0.7:8080' }),
    ],
    scope: shop,
    edges: [
      `${a} -> service/east/unknown/10.4.0.7:8080 | http 4/s | 4 x 200 -`,
      `${a} -> service/east/unknown/BlackHoleCluster | http 3/s | 3 x 502 -`,
      `${a} -> service/east/unknown/PassthroughCluster | http 20/s | 20 x 200 -`,
    ],
  },
  {
    name: 'a ServiceEntry for an outside host',
    series: [http(9, { from: 'a', service: 'shop/api.bank.com', host: 'api.bank.com' })],
    edges: [`${a} -> service/east/shop/api.bank.com | http 9/s | 9 x 200 -`],
  },
  {
    name: 'the egress gateway named by its host alone',
    series: [
      http(11, {
        from: 'a',
        service: 'istio-system/istio-egressgateway.istio-system.svc.cluster.local',
        host: 'istio-egressgateway.istio-system.svc.cluster.local',
      }),
    ],
    edges: [`${a} -> workload/east/istio-system/istio-egressgateway | http 11/s | 11 x 200 - | inferred`],
  },
  {
    name: 'one name in two clusters is two workloads; missing cluster labels are filled in from the other side',
    series: [
      http(75, { ...ab, labels: { destination_cluster: 'unknown' } }),
      http(75, { from: 'a', to: { name: 'b', cluster: 'west' }, ...callee, labels: { source_cluster: '' } }),
      http(4, { from: { name: 'a', cluster: 'west' }, to: { name: 'c', cluster: 'west' } }),
    ],
    edges: [
      `${a} -> workload/west/shop/b | http 75/s | 75 x 200 - | reported 75/75`,
      'workload/west/shop/a -> workload/west/shop/c | http 4/s | 4 x 200 -',
    ],
  },
  {
    name: 'every call that touches the scope, with the numbers it has in any scope',
    series: around,
    scope: shop,
    edges: [
      `${a} -> service/east/shop/b | http 1/s | 1 x 503 UH`,
      `${a} -> workload/east/pay/y | http 6/s | 6 x 200 - | reported 6/6`,
      `${a} -> ${b} | http 3/s | 3 x 200 - | reported 3/3`,
      'workload/east/web/x -> service/east/shop/b | http 2/s | 2 x 503 UF',
      `workload/east/web/x -> ${b} | http 5/s | 5 x 200 - | reported 5/5`,
    ],
  },
  {
    name: "peers' names stay in Prometheus, their namespaces come out",
    series: around,
    scope: { ...shop, peers: 'namespace', seesAll: false },
    edges: [
      'unknown/web -> service/unknown/shop/b | http 2/s | 2 x 503 UF',
      `unknown/web -> ${b} | http 5/s | 5 x 200 -`,
      `${a} -> service/east/shop/b | http 1/s | 1 x 503 UH`,
      `${a} -> unknown/pay | http 6/s | 6 x 200 -`,
      `${a} -> ${b} | http 3/s | 3 x 200 - | reported 3/3`,
    ],
  },
  {
    name: 'not even the namespaces of peers',
    series: around,
    scope: { ...shop, peers: 'hide', seesAll: false },
    edges: [
      'unknown -> service/unknown/shop/b | http 2/s | 2 x 503 UF',
      `unknown -> ${b} | http 5/s | 5 x 200 -`,
      `${a} -> service/east/shop/b | http 1/s | 1 x 503 UH`,
      `${a} -> service/east/unknown/unknown | http 6/s | 6 x 200 -`,
      `${a} -> ${b} | http 3/s | 3 x 200 - | reported 3/3`,
    ],
  },
  {
    name: 'an undelivered call whose service namespace only the host tells, for viewers of all',
    series: [
      http(2, {
        from: 'web/x',
        service: 'unknown/unknown',
        host: 'b.shop.svc.cluster.local',
        code: '404',
        flags: 'NR',
      }),
    ],
    scope: shop,
    edges: ['workload/east/web/x -> service/east/shop/b | http 2/s | 2 x 404 NR'],
  },
  {
    name: 'the same for a member: a client chooses its Host header, so nothing',
    series: [
      http(2, {
        from: 'web/x',
        service: 'unknown/unknown',
        host: 'b.shop.svc.cluster.local',
        code: '404',
        flags: 'NR',
      }),
    ],
    scope: { ...shop, seesAll: false },
    edges: [],
  },
  {
    name: "a ServiceEntry that others call is told to its namespace's owner, not to a member",
    series: [http(2, { from: 'web/x', service: 'shop/api.bank.com', host: 'api.bank.com' })],
    scope: { ...shop, seesAll: false },
    edges: [],
  },
  {
    name: 'a namespace with a hostile name matches itself alone',
    series: [http(2, { from: `${hostile}/a`, to: 'shop/b' }), http(5, ab)],
    scope: { namespaces: [hostile] },
    edges: [`workload/east/he%20said%20"no\\"%0aor}%20or%20vector(1)%20#%20🦀/a -> ${b} | http 2/s | 2 x 200 -`],
  },
  {
    name: 'namespaces are no regular expressions',
    series: [http(2, { from: 'sh.p/a', to: 'sh.p/b' }), http(5, ab)],
    scope: { namespaces: ['sh.p'] },
    edges: ['workload/east/sh.p/a -> workload/east/sh.p/b | http 2/s | 2 x 200 -'],
  },
  {
    name: 'service nodes carry exactly the pairs that went through them',
    series: [
      http(90, { from: 'a', to: 'b-v1', service: 'shop/b' }),
      http(30, { from: 'a', to: 'b-v2', service: 'shop/b' }),
      http(10, { from: 'a', service: 'shop/b', code: '503', flags: 'UF' }),
    ],
    options: { serviceNodes: true, graphType: 'app' },
    edges: [
      'app/east/shop/a -> service/east/shop/b | http 130/s | 120 x 200 -, 10 x 503 UF',
      'service/east/shop/b -> app/east/shop/b | http 120/s | 120 x 200 -',
    ],
  },
  {
    name: 'no canonical labels, no clusters, no flags: an old mesh',
    series: [
      http(4, {
        ...ab,
        labels: {
          source_canonical_service: undefined,
          source_canonical_revision: undefined,
          destination_canonical_service: undefined,
          destination_canonical_revision: undefined,
          source_cluster: undefined,
          destination_cluster: undefined,
          response_flags: undefined,
          source_app: 'front',
          source_version: 'v7',
        },
      }),
    ],
    options: { graphType: 'versionedApp' },
    edges: ['app/unknown/shop/front/v7 -> app/unknown/shop/b | http 4/s | 4 x 200 ?'],
  },
  {
    name: 'idle pairs, where asked for',
    series: [http(0, ab), http(0, { ...ab, ...callee }), http(3, { from: 'b', to: 'a' })],
    questions: [{ ask: 'requests', withIdle: true }],
    options: { idleEdges: true },
    edges: [`${a} -> ${b} | http 0/s`, `${b} -> ${a} | http 3/s | 3 x 200 -`],
  },
]

/** Response time, throughput and mTLS of one pair, as the source counts it. */
export const measures = {
  name: 'response time, throughput and mTLS',
  series: [
    http(10, ab),
    http(10, { ...ab, ...callee }),
    ...durations(
      ab,
      [
        ['100', 5],
        ['250', 10],
        ['+Inf', 10],
      ],
      1500,
    ),
    ...durations(
      { ...ab, ...callee },
      [
        ['100', 10],
        ['250', 10],
        ['+Inf', 10],
      ],
      500,
    ),
    counter('istio_request_bytes_sum', measured(2048, ab)),
    counter('istio_response_bytes_sum', measured(4096, ab)),
    counter(
      'istio_requests_total',
      measured(9, { ...ab, ...callee, labels: { connection_security_policy: 'mutual_tls', response_code: '201' } }),
    ),
    counter(
      'istio_requests_total',
      measured(3, { ...ab, ...callee, labels: { connection_security_policy: 'none', response_code: '202' } }),
    ),
  ],
} satisfies Partial<Situation>

/** Most of what b answers is classified, on its own side only. */
export const operations = {
  name: 'operations',
  series: [
    http(8, { from: 'a', to: 'b' }),
    http(2, { from: 'a', to: 'b', code: '500' }),
    http(6, { from: 'a', to: 'b', reporter: 'destination', labels: { request_operation: 'Get' } }),
    http(1, { from: 'a', to: 'b', reporter: 'destination', labels: { request_operation: 'Put' } }),
    http(2, { from: 'a', to: 'b', reporter: 'destination', code: '500', labels: { request_operation: 'Put' } }),
    http(1, { from: 'a', to: 'b', reporter: 'destination', labels: { request_operation: 'unknown' } }),
  ],
} satisfies Partial<Situation>

/** Two versions of one app: half of the calls take up to 100 ms, the other half up to 250 ms. */
export const twoVersions = {
  name: 'response time of an app with two versions',
  series: [
    http(5, { from: 'a', to: 'b-v1' }),
    http(5, { from: 'a', to: 'b-v2' }),
    ...durations(
      { from: 'a', to: 'b-v1' },
      [
        ['100', 5],
        ['250', 5],
        ['+Inf', 5],
      ],
      400,
    ),
    ...durations(
      { from: 'a', to: 'b-v2' },
      [
        ['100', 0],
        ['250', 5],
        ['+Inf', 5],
      ],
      1100,
    ),
  ],
} satisfies Partial<Situation>
