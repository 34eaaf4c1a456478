/**
 * The words the demo mesh is written in. Rates are per second, sizes bytes, times seconds unless the name says otherwise.
 * Everything is plain data: what a proxy reports, what the cluster's API answers and what is true are all derived from it.
 */

/** Which entry's ups and downs a flow follows: flows of one wave rise and fall together, so that shares stay exact. */
export type Wave = 'bookinfo' | 'shop' | 'mobile' | 'travel' | 'steady'

export type FaultName =
  'reviews-canary' | 'slow-ratings' | 'payment-unavailable' | 'price-crawler' | 'impatient-mobile-clients'

export type Protocol = 'http' | 'grpc' | 'tcp'

export type Proxy =
  | 'sidecar'
  /** A gateway reports as source only: what arrives from outside the mesh is nobody's metric. */
  | 'gateway'
  /** In the mesh through its node's ztunnel; exposes nothing itself. */
  | 'ambient'
  | 'waypoint'
  | 'ztunnel'
  | 'none'

export interface Workload {
  readonly namespace: string
  readonly name: string
  readonly app: string
  readonly version: string
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  /** Pods that run. */
  readonly replicas: number
  /** Pods that are wanted and find no node. */
  readonly pendingPods?: number
  readonly proxy: Proxy
  readonly port: number
  readonly protocol: Protocol
  /** Pod labels besides `app` and `version`. */
  readonly labels?: Readonly<Record<string, string>>
}

export interface ServiceRef {
  readonly namespace: string
  readonly name: string
  readonly host: string
}

/** How long requests take, and how evenly: a log-normal cut at Envoy's bounds. */
export interface Latency {
  readonly medianMs: number
  /** Standard deviation of the logarithm; 0.5 is calm, 1 is ragged. */
  readonly spread: number
}

/** One way a request can end. Shares are of the flow's rate; what is missing from 1 is not sent at all in that time. */
export interface Outcome {
  readonly code: number
  /** Envoy's response flags, `-` for none. */
  readonly flags: string
  readonly grpcStatus?: number
  /** What the destination's proxy reports, where it is not the same; `never reached`: it has nothing to report. */
  readonly atDestination?: { readonly code: number; readonly flags: string } | 'never reached'
  readonly share: number
  /** The share while the flow's fault is active; absent: the same. */
  readonly faultyShare?: number
  readonly latency: Latency
  /** Absent: the same. */
  readonly faultyLatency?: Latency
}

/** Calls from one workload to one other through one service. */
export interface Flow {
  readonly wave: Wave
  readonly fault?: FaultName
  readonly protocol: Protocol
  /** Requests, or TCP connections, per second on average. */
  readonly rate: number
  readonly source: Workload
  /** Absent: outside the mesh's knowledge (Passthrough, BlackHole, ServiceEntry). */
  readonly destination?: Workload
  readonly service: ServiceRef
  readonly mtls: boolean
  /** Empty for TCP. */
  readonly outcomes: readonly Outcome[]
  /** Per request, or per connection for TCP. */
  readonly requestBytes: number
  readonly responseBytes: number
  /** The waypoint an ambient call passes through. */
  readonly waypoint?: Workload
}

export const clusterName = 'Kubernetes'
export const trustDomain = 'cluster.local'

/** The name a Service has inside the cluster. */
export const hostOf = (namespace: string, name: string): string => `${name}.${namespace}.svc.${trustDomain}`

/** The service account of a workload; versions of one app share it. */
export const serviceAccountOf = ({ namespace, app }: Workload): string =>
  namespace === 'bookinfo' ? `bookinfo-${app}` : app

/** The SPIFFE id a workload's proxy presents (https://istio.io/latest/docs/concepts/security/#istio-identity). */
export const principalOf = (workload: Workload): string =>
  `spiffe://${trustDomain}/ns/${workload.namespace}/sa/${serviceAccountOf(workload)}`
