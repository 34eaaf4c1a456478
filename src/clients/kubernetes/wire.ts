/**
 * The Kubernetes JSON that Meshboard reads, as far as it reads it: hand-written, because a generated client would bring
 * every field of every kind. Optional means "may be absent on the wire"; unknown fields are simply not named here.
 * https://kubernetes.io/docs/reference/kubernetes-api/ · https://istio.io/latest/docs/reference/config/ ·
 * https://gateway-api.sigs.k8s.io/reference/spec/
 */

// ---- What every object has ----------------------------------------------------------------------------------------

export interface ObjectMeta {
  readonly name: string
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  /** RFC 3339. */
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
}

export interface KubernetesObject {
  /** Absent on the items of a list of built-in kinds. */
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
}

export interface List<Item> {
  readonly apiVersion: string
  /** `PodList`, `NamespaceList`, ... */
  readonly kind: string
  readonly metadata: {
    readonly resourceVersion?: string
    /** Present and not empty while more pages follow (https://kubernetes.io/docs/reference/using-api/api-concepts/). */
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  readonly items: readonly Item[]
}

/** What every failed call answers. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: Readonly<Record<string, never>>
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  /** `NotFound`, `Forbidden`, `Unauthorized`, `BadRequest`, `MethodNotAllowed`, `Timeout`, `ServiceUnavailable`, ... */
  readonly reason?: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly retryAfterSeconds?: number
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[]
  }
  readonly code?: number
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
    readonly values?: readonly string[]
  }[]
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

// ---- Discovery ----------------------------------------------------------------------------------------------------

/** `GET /api`. */
export interface APIVersions {
  readonly kind: 'APIVersions'
  readonly versions: readonly string[]
  readonly serverAddressByClientCIDRs?: readonly { readonly clientCIDR: string; readonly serverAddress: string }[]
}

/** `GET /apis`. */
export interface APIGroupList {
  readonly kind: 'APIGroupList'
  readonly apiVersion: 'v1'
  readonly groups: readonly APIGroup[]
}

/** `GET /apis/<group>`. */
export interface APIGroup {
  readonly kind?: 'APIGroup'
  readonly apiVersion?: 'v1'
  readonly name: string
  readonly versions: readonly GroupVersion[]
  readonly preferredVersion?: GroupVersion
}

export interface GroupVersion {
  /** `networking.istio.io/v1`. */
  readonly groupVersion: string
  readonly version: string
}

/** `GET /api/v1`, `GET /apis/<group>/<version>`. */
export interface APIResourceList {
  readonly kind: 'APIResourceList'
  readonly apiVersion?: 'v1'
  readonly groupVersion: string
  readonly resources: readonly APIResource[]
}

export interface APIResource {
  /** Plural; a subresource has a slash (`pods/log`). */
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  readonly kind: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

/** `GET /version`. */
export interface VersionInfo {
  readonly major: string
  readonly minor: string
  readonly gitVersion: string
  readonly platform?: string
}

// ---- Core and apps ------------------------------------------------------------------------------------------------

export interface Namespace extends KubernetesObject {
  readonly spec?: { readonly finalizers?: readonly string[] }
  readonly status?: { readonly phase?: 'Active' | 'Terminating' }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export interface Event extends KubernetesObject {
  readonly involvedObject?: { readonly kind?: string; readonly namespace?: string; readonly name?: string }
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly count?: number
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
}

export interface PodTemplate {
  readonly metadata?: Partial<ObjectMeta>
  readonly spec?: PodSpec
}

export interface Deployment extends KubernetesObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector; readonly template?: PodTemplate }
  readonly status?: WorkloadStatus
}

export interface StatefulSet extends KubernetesObject {
  readonly spec?: {
    readonly replicas?: number
    readonly selector?: LabelSelector
    readonly template?: PodTemplate
    readonly serviceName?: string
  }
  readonly status?: WorkloadStatus & { readonly currentReplicas?: number }
}

export interface ReplicaSet extends KubernetesObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector; readonly template?: PodTemplate }
  readonly status?: WorkloadStatus
}

export interface DaemonSet extends KubernetesObject {
  readonly spec?: { readonly selector?: LabelSelector; readonly template?: PodTemplate }
  readonly status?: {
    readonly desiredNumberScheduled?: number
    readonly currentNumberScheduled?: number
    readonly numberReady?: number
    readonly numberAvailable?: number
    readonly numberUnavailable?: number
    readonly updatedNumberScheduled?: number
    readonly observedGeneration?: number
  }
}

/** A count of zero is left out on the wire. */
export interface WorkloadStatus {
  readonly replicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly unavailableReplicas?: number
  readonly updatedReplicas?: number
  readonly observedGeneration?: number
  readonly conditions?: readonly Condition[]
}

export interface Pod extends KubernetesObject {
  readonly spec?: PodSpec
  readonly status?: {
    readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
    readonly reason?: string
    readonly message?: string
    readonly podIP?: string
    readonly hostIP?: string
    readonly startTime?: string
    readonly conditions?: readonly Condition[]
    readonly containerStatuses?: readonly ContainerStatus[]
    /** A native sidecar (`restartPolicy: Always`) is among these. */
    readonly initContainerStatuses?: readonly ContainerStatus[]
  }
}

export interface PodSpec {
  readonly nodeName?: string
  readonly serviceAccountName?: string
  readonly hostNetwork?: boolean
  readonly containers?: readonly Container[]
  readonly initContainers?: readonly (Container & { readonly restartPolicy?: string })[]
}

export interface Container {
  readonly name: string
  readonly image?: string
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[]
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>
    readonly limits?: Readonly<Record<string, string>>
  }
}

export interface ContainerStatus {
  readonly name: string
  readonly ready: boolean
  readonly restartCount: number
  readonly image?: string
  readonly started?: boolean
  readonly state?: {
    readonly running?: { readonly startedAt?: string }
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string }
  }
}

export interface Service extends KubernetesObject {
  readonly spec?: {
    readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
    readonly clusterIP?: string
    readonly externalName?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly ServicePort[]
  }
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP'
  /** `http`, `http2`, `grpc`, ... (https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/) */
  readonly appProtocol?: string
}

export interface Ingress extends KubernetesObject {
  readonly spec?: {
    readonly ingressClassName?: string
    readonly defaultBackend?: IngressBackend
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[]
    readonly rules?: readonly {
      readonly host?: string
      readonly http?: {
        readonly paths: readonly {
          readonly path?: string
          readonly pathType?: 'Exact' | 'Prefix' | 'ImplementationSpecific'
          readonly backend: IngressBackend
        }[]
      }
    }[]
  }
}

export interface IngressBackend {
  readonly service?: { readonly name: string; readonly port?: { readonly number?: number; readonly name?: string } }
}

// ---- Istio: networking.istio.io -----------------------------------------------------------------------------------

/** Istio writes durations as protobuf JSON: `"10s"`, `"0.5s"`. */
export type Duration = string

export interface StringMatch {
  readonly exact?: string
  readonly prefix?: string
  readonly regex?: string
}

export interface Destination {
  readonly host: string
  readonly subset?: string
  readonly port?: { readonly number?: number }
}

export interface HTTPRoute {
  readonly name?: string
  readonly match?: readonly {
    readonly name?: string
    readonly uri?: StringMatch
    readonly method?: StringMatch
    readonly authority?: StringMatch
    readonly headers?: Readonly<Record<string, StringMatch>>
    readonly queryParams?: Readonly<Record<string, StringMatch>>
    readonly port?: number
    readonly sourceLabels?: Readonly<Record<string, string>>
    readonly gateways?: readonly string[]
  }[]
  readonly route?: readonly { readonly destination: Destination; readonly weight?: number }[]
  readonly redirect?: { readonly uri?: string; readonly authority?: string; readonly redirectCode?: number }
  readonly directResponse?: { readonly status: number }
  readonly delegate?: { readonly name?: string; readonly namespace?: string }
  readonly rewrite?: { readonly uri?: string; readonly authority?: string }
  readonly timeout?: Duration
  readonly retries?: { readonly attempts: number; readonly perTryTimeout?: Duration; readonly retryOn?: string }
  readonly fault?: {
    readonly delay?: { readonly fixedDelay?: Duration; readonly percentage?: { readonly value: number } }
    readonly abort?: {
      readonly httpStatus?: number
      readonly grpcStatus?: string
      readonly percentage?: { readonly value: number }
    }
  }
  readonly mirror?: Destination
  readonly mirrors?: readonly { readonly destination: Destination; readonly percentage?: { readonly value: number } }[]
}

export interface L4Route {
  readonly match?: readonly {
    readonly port?: number
    readonly sniHosts?: readonly string[]
    readonly gateways?: readonly string[]
  }[]
  readonly route?: readonly { readonly destination: Destination; readonly weight?: number }[]
}

export interface VirtualService extends KubernetesObject {
  readonly spec?: {
    readonly hosts?: readonly string[]
    readonly gateways?: readonly string[]
    readonly exportTo?: readonly string[]
    readonly http?: readonly HTTPRoute[]
    readonly tcp?: readonly L4Route[]
    readonly tls?: readonly L4Route[]
  }
  readonly status?: IstioStatus
}

export interface TrafficPolicy {
  readonly loadBalancer?: {
    readonly simple?: string
    readonly consistentHash?: Readonly<Record<string, unknown>>
    readonly localityLbSetting?: Readonly<Record<string, unknown>>
  }
  readonly connectionPool?: {
    readonly tcp?: { readonly maxConnections?: number; readonly connectTimeout?: Duration }
    readonly http?: {
      readonly http1MaxPendingRequests?: number
      readonly http2MaxRequests?: number
      readonly maxRequestsPerConnection?: number
      readonly maxRetries?: number
    }
  }
  readonly outlierDetection?: {
    readonly consecutive5xxErrors?: number
    readonly consecutiveGatewayErrors?: number
    readonly interval?: Duration
    readonly baseEjectionTime?: Duration
    readonly maxEjectionPercent?: number
  }
  readonly tls?: { readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL'; readonly sni?: string }
  readonly portLevelSettings?: readonly (Omit<TrafficPolicy, 'portLevelSettings'> & {
    readonly port?: { readonly number?: number }
  })[]
}

export interface DestinationRule extends KubernetesObject {
  readonly spec?: {
    readonly host: string
    readonly exportTo?: readonly string[]
    readonly trafficPolicy?: TrafficPolicy
    readonly subsets?: readonly {
      readonly name: string
      readonly labels?: Readonly<Record<string, string>>
      readonly trafficPolicy?: TrafficPolicy
    }[]
    readonly workloadSelector?: LabelSelector
  }
  readonly status?: IstioStatus
}

export interface IstioPort {
  readonly number: number
  readonly name?: string
  readonly protocol?: string
  readonly targetPort?: number
}

/** `networking.istio.io`, not the Gateway API's kind of the same name (`K8sGateway` here). */
export interface Gateway extends KubernetesObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>
    readonly servers?: readonly {
      readonly name?: string
      readonly hosts: readonly string[]
      readonly port?: IstioPort
      readonly tls?: {
        readonly mode?: string
        readonly credentialName?: string
        readonly httpsRedirect?: boolean
      }
    }[]
  }
  readonly status?: IstioStatus
}

export interface ServiceEntry extends KubernetesObject {
  readonly spec?: {
    readonly hosts?: readonly string[]
    readonly addresses?: readonly string[]
    readonly ports?: readonly IstioPort[]
    readonly location?: 'MESH_EXTERNAL' | 'MESH_INTERNAL'
    readonly resolution?: 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'DYNAMIC_DNS'
    readonly endpoints?: readonly WorkloadEntrySpec[]
    readonly exportTo?: readonly string[]
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> }
  }
  readonly status?: IstioStatus
}

export interface WorkloadEntrySpec {
  readonly address?: string
  readonly ports?: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
  readonly network?: string
  readonly locality?: string
  readonly weight?: number
  readonly serviceAccount?: string
}

export interface WorkloadEntry extends KubernetesObject {
  readonly spec?: WorkloadEntrySpec
  readonly status?: IstioStatus
}

export interface Sidecar extends KubernetesObject {
  readonly spec?: {
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> }
    readonly ingress?: readonly { readonly port?: IstioPort; readonly defaultEndpoint?: string }[]
    readonly egress?: readonly { readonly hosts: readonly string[]; readonly port?: IstioPort }[]
    readonly outboundTrafficPolicy?: { readonly mode?: 'REGISTRY_ONLY' | 'ALLOW_ANY' }
  }
  readonly status?: IstioStatus
}

export interface EnvoyFilter extends KubernetesObject {
  readonly spec?: {
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> }
    readonly configPatches?: readonly Readonly<Record<string, unknown>>[]
  }
  readonly status?: IstioStatus
}

/** What istiod's own analysis writes back, where it is switched on. */
export interface IstioStatus {
  readonly conditions?: readonly Condition[]
  readonly validationMessages?: readonly {
    readonly type?: { readonly code?: string }
    readonly level?: string
    readonly documentationUrl?: string
  }[]
  readonly observedGeneration?: string | number
}

// ---- Istio: security.istio.io, telemetry.istio.io -----------------------------------------------------------------

export interface WorkloadSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
}

export interface PolicyTargetReference {
  readonly group?: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export type MutualTLSMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT'

export interface PeerAuthentication extends KubernetesObject {
  readonly spec?: {
    readonly selector?: WorkloadSelector
    readonly mtls?: { readonly mode?: MutualTLSMode }
    readonly portLevelMtls?: Readonly<Record<string, { readonly mode?: MutualTLSMode }>>
  }
  readonly status?: IstioStatus
}

export interface AuthorizationPolicy extends KubernetesObject {
  readonly spec?: {
    readonly selector?: WorkloadSelector
    readonly targetRef?: PolicyTargetReference
    readonly targetRefs?: readonly PolicyTargetReference[]
    readonly action?: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM'
    readonly provider?: { readonly name: string }
    readonly rules?: readonly {
      readonly from?: readonly { readonly source?: AuthorizationSource }[]
      readonly to?: readonly { readonly operation?: AuthorizationOperation }[]
      readonly when?: readonly {
        readonly key: string
        readonly values?: readonly string[]
        readonly notValues?: readonly string[]
      }[]
    }[]
  }
  readonly status?: IstioStatus
}

export interface AuthorizationSource {
  readonly principals?: readonly string[]
  readonly notPrincipals?: readonly string[]
  readonly requestPrincipals?: readonly string[]
  readonly notRequestPrincipals?: readonly string[]
  readonly namespaces?: readonly string[]
  readonly notNamespaces?: readonly string[]
  readonly serviceAccounts?: readonly string[]
  readonly notServiceAccounts?: readonly string[]
  readonly ipBlocks?: readonly string[]
  readonly notIpBlocks?: readonly string[]
}

export interface AuthorizationOperation {
  readonly hosts?: readonly string[]
  readonly notHosts?: readonly string[]
  readonly ports?: readonly string[]
  readonly notPorts?: readonly string[]
  readonly methods?: readonly string[]
  readonly notMethods?: readonly string[]
  readonly paths?: readonly string[]
  readonly notPaths?: readonly string[]
}

export interface RequestAuthentication extends KubernetesObject {
  readonly spec?: {
    readonly selector?: WorkloadSelector
    readonly targetRefs?: readonly PolicyTargetReference[]
    readonly jwtRules?: readonly { readonly issuer?: string; readonly jwksUri?: string }[]
  }
  readonly status?: IstioStatus
}

export interface Telemetry extends KubernetesObject {
  readonly spec?: {
    readonly selector?: WorkloadSelector
    readonly targetRefs?: readonly PolicyTargetReference[]
    readonly metrics?: readonly Readonly<Record<string, unknown>>[]
    readonly tracing?: readonly Readonly<Record<string, unknown>>[]
    readonly accessLogging?: readonly Readonly<Record<string, unknown>>[]
  }
  readonly status?: IstioStatus
}

// ---- Gateway API: gateway.networking.k8s.io -----------------------------------------------------------------------

export interface ParentReference {
  readonly group?: string
  /** `Gateway`, or `Service` for mesh traffic (GAMMA). */
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly sectionName?: string
  readonly port?: number
}

export interface BackendReference {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly port?: number
  readonly weight?: number
}

export interface K8sGatewayClass extends KubernetesObject {
  readonly spec?: { readonly controllerName?: string }
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** A waypoint is one with `gatewayClassName: istio-waypoint`. */
export interface K8sGateway extends KubernetesObject {
  readonly spec?: {
    readonly gatewayClassName?: string
    readonly listeners?: readonly {
      readonly name: string
      readonly hostname?: string
      readonly port: number
      readonly protocol?: string
      readonly allowedRoutes?: { readonly namespaces?: { readonly from?: 'All' | 'Selector' | 'Same' } }
    }[]
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[]
  }
  readonly status?: { readonly conditions?: readonly Condition[] }
}

export interface K8sHTTPRoute extends KubernetesObject {
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[]
    readonly hostnames?: readonly string[]
    readonly rules?: readonly {
      readonly matches?: readonly {
        readonly path?: { readonly type?: string; readonly value?: string }
        readonly headers?: readonly { readonly type?: string; readonly name: string; readonly value: string }[]
        readonly queryParams?: readonly { readonly type?: string; readonly name: string; readonly value: string }[]
        readonly method?: string
      }[]
      readonly filters?: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[]
      readonly backendRefs?: readonly BackendReference[]
      readonly timeouts?: { readonly request?: Duration; readonly backendRequest?: Duration }
    }[]
  }
  readonly status?: K8sRouteStatus
}

export interface K8sGRPCRoute extends KubernetesObject {
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[]
    readonly hostnames?: readonly string[]
    readonly rules?: readonly {
      readonly matches?: readonly {
        readonly method?: { readonly type?: string; readonly service?: string; readonly method?: string }
        readonly headers?: readonly { readonly type?: string; readonly name: string; readonly value: string }[]
      }[]
      readonly backendRefs?: readonly BackendReference[]
    }[]
  }
  readonly status?: K8sRouteStatus
}

export interface K8sRouteStatus {
  readonly parents?: readonly {
    readonly parentRef: ParentReference
    readonly controllerName?: string
    readonly conditions?: readonly Condition[]
  }[]
}
