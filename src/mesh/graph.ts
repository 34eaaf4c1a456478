import type { Health } from './verdict.ts'
import type { Skipped } from './samples.ts'

export type GraphType = 'workload' | 'app' | 'versionedApp' | 'service'
export type Protocol = 'http' | 'grpc' | 'tcp'
export type NodeKind = 'workload' | 'app' | 'service' | 'operation' | 'unknown'

/**
 * The graph, as the page draws it and `meshboard graph --format json` prints it: rates per second (bytes per second for TCP),
 * seconds, ratios 0 to 1. Sorted, so that the same traffic gives the same bytes. Absent is "not measured", never zero.
 */
export interface MeshGraph {
  /** Unix seconds of the instant the window ends at. */
  readonly time: number
  /** Seconds. */
  readonly window: number
  readonly graphType: GraphType
  /** The scope; empty means all namespaces. */
  readonly namespaces: readonly string[]
  /** The command line's; absent from the page's graphs. */
  readonly options?: ShapeOptions
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly skipped: readonly Skipped[]
}

/** What decides which nodes and edges a graph can have, whatever the traffic: two graphs compare where these agree. */
export interface ShapeOptions {
  readonly serviceNodes: boolean
  readonly waypoints: boolean
  readonly idleEdges: boolean
  readonly reporter: string
  readonly http: string
  readonly grpc: string
  readonly tcp: string
  /** Whether Kubernetes and Istio objects were read, wherever they came from. */
  readonly kubeconfig: boolean
}

export interface GraphNode {
  /** Stable across runs, windows and scopes: made of the identity alone. */
  readonly id: string
  readonly kind: NodeKind
  readonly cluster: string
  readonly namespace: string
  readonly workload?: string
  readonly app?: string
  readonly version?: string
  readonly service?: string
  /** Of an operation node: what requests to `app` were classified as. */
  readonly operation?: string
  /** Calls others and is called by nobody in the drawn graph (self-edges aside). */
  readonly isRoot?: boolean
  /** In a namespace that was not asked for. */
  readonly isOutside?: boolean
  /** In a namespace this viewer may not open, or no real place at all (unknown, Passthrough). */
  readonly isInaccessible?: boolean
  readonly isServiceEntry?: boolean
  readonly isWaypoint?: boolean
  readonly isGateway?: boolean
  readonly isIdle?: boolean
  /** Not told by telemetry, concluded (egress gateway rewriting, an ingress controller without sidecar). */
  readonly isInferred?: boolean
  /** Running, but with neither sidecar nor ambient. */
  readonly isOutOfMesh?: boolean
  /** Kubernetes knows it and it has no pods. */
  readonly isDead?: boolean
  readonly isAmbient?: boolean
  readonly badges?: readonly Badge[]
  readonly labels?: Readonly<Record<string, string>>
  /** `Deployment`, `StatefulSet`, ...: as Kubernetes names it. */
  readonly workloadKind?: string
  readonly replicas?: Replicas
  readonly health?: Health
  readonly traffic: NodeTraffic
  /** A folded group (see grouping.ts): `kind` is then `app`, whatever it groups by; `members` are the ids of the nodes inside. */
  readonly folded?: { readonly by: 'app' | 'namespace' | 'cluster'; readonly members: readonly string[] }
}

export interface Replicas {
  readonly desired: number
  readonly current: number
  readonly available: number
}

/** What an Istio object adds to a node, with the sentence a hover shows. */
export interface Badge {
  readonly kind:
    | 'virtualService'
    | 'requestRouting'
    | 'trafficShifting'
    | 'tcpTrafficShifting'
    | 'faultInjection'
    | 'requestTimeout'
    | 'retries'
    | 'mirroring'
    | 'circuitBreaker'
    | 'outlierDetection'
    | 'loadBalancing'
    | 'locality'
    | 'rateLimit'
    | 'authorizationPolicy'
    | 'peerAuthentication'
    | 'serviceEntry'
    | 'workloadEntry'
    | 'sidecar'
    | 'gateway'
    | 'missingSidecar'
  readonly text: string
  /** The objects it comes from, `kind/namespace/name`. */
  readonly objects: readonly string[]
}

export interface NodeTraffic {
  readonly http?: {
    readonly in: number
    readonly out: number
    readonly in3xx: number
    readonly in4xx: number
    readonly in5xx: number
    readonly inNoResponse: number
  }
  readonly grpc?: { readonly in: number; readonly out: number; readonly inError: number }
  readonly tcp?: { readonly in: number; readonly out: number }
}

export interface GraphEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly protocol: Protocol
  /** Requests (or messages) per second; bytes per second for TCP. */
  readonly rate: number
  /** Share of requests that are errors (contracts page, "What is an error"), 0 to 1; absent for TCP and for no traffic. */
  readonly errorRatio?: number
  readonly responses: readonly EdgeResponse[]
  /** Seconds, under the name of its statistic. */
  readonly latency?: { readonly avg?: number; readonly p50?: number; readonly p95?: number; readonly p99?: number }
  /** Bytes per second of requests or responses. */
  readonly throughput?: number
  /** Share of the traffic under mutual TLS, 0 to 1. */
  readonly mtls?: number
  readonly sourcePrincipal?: string
  readonly destinationPrincipal?: string
  readonly isIdle?: boolean
  /** TCP connections per second that came to nothing (UF, UH; ztunnel's CONNECT), as the caller's proxy counts them, by flags. */
  readonly failedConnections?: readonly { readonly flags: string; readonly rate: number }[]
  readonly health?: Health
  /** Both sides' totals, where both report. */
  readonly reported?: { readonly source?: number; readonly destination?: number }
  readonly marks: readonly EdgeMark[]
  /** The same calls one layer down: bytes per second on the caller's TCP leg through ztunnel. */
  readonly layers?: {
    readonly l4?: { readonly sent?: number; readonly received?: number; readonly isEstimated: boolean }
  }
}

export interface EdgeResponse {
  /** HTTP code or gRPC status; `-` where there was no response, and for TCP. */
  readonly code: string
  /** Envoy's response flags. */
  readonly flags?: string
  /** The `destination_service` as the reporter gave it. */
  readonly host?: string
  readonly rate: number
}

/** Why a number deserves a second look. */
export type EdgeMark =
  /** The two reporters differ by more than a fifth of the larger. */
  | 'reportsDiffer'
  /** Only the callee's side reports, though the caller is in the mesh. */
  | 'callerNotScraped'
  /** A share was attributed, not measured. */
  | 'estimated'
  /** Not told by telemetry, concluded. */
  | 'inferred'
  /** Passthrough calls and direct arrivals of the same caller cannot be told apart. */
  | 'cannotBeMatched'
