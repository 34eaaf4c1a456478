/**
 * Kubernetes and Istio objects as far as the graph needs them, decoded (see decode.ts) from one cluster.
 * Every list is optional: absent means "not read" (no access, not asked, no such kind), an empty list means "read, and there are none".
 */
export interface MeshObjects {
  /** The cluster as telemetry's labels name it; absent: the objects speak for every cluster in the graph. */
  readonly cluster?: string
  /** Where mesh-wide policies live; absent is `istio-system`. */
  readonly rootNamespace?: string
  readonly namespaces?: readonly NamespaceObject[]
  readonly workloads?: readonly WorkloadObject[]
  readonly services?: readonly ServiceObject[]
  readonly ingresses?: readonly IngressObject[]
  readonly virtualServices?: readonly VirtualService[]
  readonly destinationRules?: readonly DestinationRule[]
  readonly gateways?: readonly IstioGateway[]
  readonly serviceEntries?: readonly ServiceEntry[]
  readonly workloadEntries?: readonly WorkloadEntry[]
  readonly peerAuthentications?: readonly PeerAuthentication[]
  readonly authorizationPolicies?: readonly AuthorizationPolicy[]
  readonly envoyFilters?: readonly EnvoyFilter[]
  readonly sidecars?: readonly SidecarObject[]
  /** Gateway API (`gateway.networking.k8s.io`). */
  readonly kubernetesGateways?: readonly KubernetesGateway[]
  readonly httpRoutes?: readonly HttpRouteObject[]
  /** What injects sidecars (injectorOf); absent: the viewer may not list webhooks. */
  readonly injector?: Injector
}

export type StringMap = Readonly<Record<string, string>>

/** What every namespaced object says of itself. */
interface Named {
  readonly namespace: string
  readonly name: string
  readonly annotations?: StringMap
  /** RFC 3339; where two objects claim the same, Istio obeys the older. */
  readonly createdAt?: string
}

export interface NamespaceObject {
  readonly name: string
  /** `enabled`: new pods get a sidecar (by label or revision); `disabled`: refused by label; absent: nothing is said. */
  readonly injection?: 'enabled' | 'disabled'
  /** The control plane revision the namespace asks for (`istio.io/rev`). */
  readonly revision?: string
  readonly isAmbient?: boolean
  /** The waypoint the namespace uses (`istio.io/use-waypoint`). */
  readonly waypoint?: string
  /** Rancher's project, `cluster:project`, from the annotation `field.cattle.io/projectId`. */
  readonly project?: string
  readonly labels?: StringMap
  readonly annotations?: StringMap
}

/**
 * What injects sidecars, as the cluster's webhooks say: which pods of which namespaces each takes, and whose proxy they get. That is the
 * rule itself: revisions, their tags, the default one, and whether namespaces that say nothing are taken are all in the selectors.
 * https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
 */
export interface Injector {
  readonly hooks: readonly InjectorHook[]
}

export interface InjectorHook {
  /** Of the control plane that injects: `default`, `1-28-0`. */
  readonly revision: string
  /** The revision tag whose hook this is; absent: the revision's own. */
  readonly tag?: string
  readonly namespaces: Selector
  readonly pods: Selector
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
export interface Selector {
  readonly labels: StringMap
  readonly expressions: readonly {
    readonly key: string
    readonly operator: string
    readonly values: readonly string[]
  }[]
}

export interface WorkloadObject extends Named {
  /** `Deployment`, `StatefulSet`, `DaemonSet`, `ReplicaSet`, `Job`, `CronJob`, `Pod`, ... as Kubernetes names it. */
  readonly kind: string
  /** The labels its pods are made with: what selectors look at. */
  readonly labels: StringMap
  /** Absent for kinds that have none (Job, CronJob) and where the status was not readable. */
  readonly replicas?: { readonly desired: number; readonly current: number; readonly available: number }
  /** The pods seen, by their own labels; absent: pods were not read. */
  readonly pods?: readonly PodObject[]
  /** Whether its pods run a sidecar; absent: not known (no pods read and no template says so). */
  readonly isInjected?: boolean
  /** Whether ztunnel carries its traffic; absent: not known. */
  readonly isAmbient?: boolean
  readonly serviceAccount?: string
}

export interface PodObject {
  readonly name: string
  readonly labels: StringMap
  readonly phase?: string
  readonly isReady?: boolean
  readonly hasSidecar?: boolean
  /** The revision of the control plane that injected its sidecar, where it says so. */
  readonly proxyRevision?: string
  /** The sidecar is an init container that stays: older scrape configurations do not see it. */
  readonly isNativeSidecar?: boolean
  readonly isAmbient?: boolean
}

export interface ServiceObject extends Named {
  readonly labels?: StringMap
  /** Absent or empty: selects no pods by itself (ExternalName, hand-made endpoints). */
  readonly selector?: StringMap
  readonly type?: string
  readonly externalName?: string
  readonly ports?: readonly ServicePort[]
}

export interface ServicePort {
  readonly port: number
  readonly name?: string
  /** A number, or the name of the container's port. */
  readonly targetPort?: number | string
  readonly appProtocol?: string
}

export interface IngressObject extends Named {
  readonly ingressClass?: string
  readonly hosts: readonly string[]
  /** The Services it routes to; an Ingress routes inside its own namespace. */
  readonly services: readonly string[]
  /** Names of the Secrets with its certificates, in its own namespace. */
  readonly secrets?: readonly string[]
}

export interface VirtualService extends Named {
  readonly hosts: readonly string[]
  readonly gateways: readonly string[]
  readonly exportTo: readonly string[]
  readonly http: readonly HttpRoute[]
  readonly tcp: readonly L4Route[]
  readonly tls: readonly L4Route[]
}

export interface HttpRoute {
  readonly name?: string
  /** How many match conditions it has; 0 takes everything. */
  readonly matches: number
  readonly destinations: readonly RouteDestination[]
  readonly fault?: Fault
  /** As written, for example `5s`. */
  readonly timeout?: string
  readonly retries?: { readonly attempts: number; readonly perTryTimeout?: string; readonly retryOn?: string }
  readonly mirrors: readonly Mirror[]
  /** Another VirtualService that goes on with these requests; without a namespace, of the same one. */
  readonly delegate?: { readonly name: string; readonly namespace?: string }
}

export interface L4Route {
  readonly matches: number
  readonly destinations: readonly RouteDestination[]
}

export interface RouteDestination {
  readonly host: string
  readonly subset?: string
  readonly port?: number
  /** As written; absent where the object leaves it out. */
  readonly weight?: number
}

/** Percentages 0 to 100, as Istio writes them. */
export interface Fault {
  readonly abort?: { readonly percent: number; readonly status?: string }
  readonly delay?: { readonly percent: number; readonly delay?: string }
}

export interface Mirror {
  readonly host: string
  readonly subset?: string
  readonly percent?: number
}

export interface DestinationRule extends Named {
  readonly host: string
  readonly exportTo: readonly string[]
  readonly selector?: StringMap
  readonly trafficPolicy?: TrafficPolicy
  readonly subsets: readonly Subset[]
}

export interface Subset {
  readonly name: string
  readonly labels: StringMap
  readonly trafficPolicy?: TrafficPolicy
}

export interface TrafficPolicy {
  /** The limits that are set, as `name=value` in the object's order, for example `http2MaxRequests=100`. */
  readonly connectionPool?: readonly string[]
  /** Likewise, for example `consecutive5xxErrors=5`. */
  readonly outlierDetection?: readonly string[]
  /** `ROUND_ROBIN`, `LEAST_REQUEST`, ..., or `consistent hash by ...`. */
  readonly loadBalancing?: string
  /** What the locality setting does: `distribute`, `failover`, `failover priority`, `off`. */
  readonly locality?: string
  /** `DISABLE`, `SIMPLE`, `MUTUAL`, `ISTIO_MUTUAL`. */
  readonly tls?: string
}

export interface IstioGateway extends Named {
  readonly selector: StringMap
  readonly servers: readonly GatewayServer[]
}

export interface GatewayServer {
  readonly hosts: readonly string[]
  readonly port?: number
  readonly protocol?: string
  /** Names of the Secrets with its certificates, in the namespace of the gateway's workload. */
  readonly secrets?: readonly string[]
}

export interface ServiceEntry extends Named {
  readonly hosts: readonly string[]
  readonly addresses: readonly string[]
  /** Absent in the object is MESH_EXTERNAL. */
  readonly location: 'MESH_EXTERNAL' | 'MESH_INTERNAL'
  readonly exportTo: readonly string[]
  readonly selector?: StringMap
  readonly ports: readonly ServicePort[]
  readonly endpoints: readonly { readonly address: string; readonly labels?: StringMap }[]
}

export interface WorkloadEntry extends Named {
  readonly address?: string
  readonly labels: StringMap
  readonly serviceAccount?: string
}

export type MtlsMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT'

export interface PeerAuthentication extends Named {
  /** Absent: the whole namespace, or the whole mesh in the root namespace. */
  readonly selector?: StringMap
  readonly mode: MtlsMode
  /** Workload port (the container's, not the Service's) → mode. */
  readonly ports: Readonly<Record<string, MtlsMode>>
}

export interface AuthorizationPolicy extends Named {
  readonly selector?: StringMap
  readonly targets: readonly TargetRef[]
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM'
  /** How many rules; an ALLOW without any allows nothing. */
  readonly rules: number
  /** Whether one of its rules has no condition and so matches every request. */
  readonly matchesAll?: boolean
  /** Whom the rules' `from` names, as written (`cluster.local/ns/shop/sa/cart`, `*`). */
  readonly principals?: readonly string[]
  /** The namespaces that `from` names, as written. */
  readonly sourceNamespaces?: readonly string[]
}

export interface TargetRef {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export interface EnvoyFilter extends Named {
  readonly selector?: StringMap
  readonly targets: readonly TargetRef[]
  /** What its patches configure, as far as we look: Envoy's local or global rate limit. */
  readonly rateLimit?: 'local' | 'global'
}

export interface SidecarObject extends Named {
  readonly selector?: StringMap
  readonly egressHosts: readonly string[]
  readonly outbound?: string
}

export interface KubernetesGateway extends Named {
  readonly gatewayClass: string
  readonly labels?: StringMap
  readonly hosts: readonly string[]
  /** The Secrets with its certificates, `namespace/name`. */
  readonly secrets?: readonly string[]
}

export interface HttpRouteObject extends Named {
  readonly hosts: readonly string[]
  readonly parents: readonly TargetRef[]
  readonly rules: readonly HttpRoute[]
}
