import type * as Wire from './wire.ts'

/** The kinds Meshboard reads, by plural and group: what the clients ask for, and all that the proxy's door lets through. */
export interface Kinds {
  readonly namespaces: Wire.Namespace
  readonly pods: Wire.Pod
  readonly services: Wire.Service
  readonly events: Wire.Event
  readonly 'deployments.apps': Wire.Deployment
  readonly 'statefulsets.apps': Wire.StatefulSet
  readonly 'daemonsets.apps': Wire.DaemonSet
  readonly 'replicasets.apps': Wire.ReplicaSet
  readonly 'ingresses.networking.k8s.io': Wire.Ingress
  readonly 'virtualservices.networking.istio.io': Wire.VirtualService
  readonly 'destinationrules.networking.istio.io': Wire.DestinationRule
  readonly 'gateways.networking.istio.io': Wire.Gateway
  readonly 'serviceentries.networking.istio.io': Wire.ServiceEntry
  readonly 'workloadentries.networking.istio.io': Wire.WorkloadEntry
  readonly 'sidecars.networking.istio.io': Wire.Sidecar
  readonly 'envoyfilters.networking.istio.io': Wire.EnvoyFilter
  readonly 'peerauthentications.security.istio.io': Wire.PeerAuthentication
  readonly 'authorizationpolicies.security.istio.io': Wire.AuthorizationPolicy
  readonly 'requestauthentications.security.istio.io': Wire.RequestAuthentication
  readonly 'telemetries.telemetry.istio.io': Wire.Telemetry
  readonly 'gatewayclasses.gateway.networking.k8s.io': Wire.K8sGatewayClass
  readonly 'gateways.gateway.networking.k8s.io': Wire.K8sGateway
  readonly 'httproutes.gateway.networking.k8s.io': Wire.K8sHTTPRoute
  readonly 'grpcroutes.gateway.networking.k8s.io': Wire.K8sGRPCRoute
  /** The Prometheus operator's, which say who is scraped. */
  readonly 'prometheuses.monitoring.coreos.com': Wire.KubernetesObject
  readonly 'podmonitors.monitoring.coreos.com': Wire.KubernetesObject
  readonly 'servicemonitors.monitoring.coreos.com': Wire.KubernetesObject
}

export type KindName = keyof Kinds

export interface Resource {
  /** Empty for the core group. */
  readonly group: string
  /** Asked for first; a server that has another answers it instead (`list.ts`). */
  readonly version: string
  readonly plural: string
  readonly isNamespaced: boolean
}

/** What the cluster itself owns, not a namespace. */
const clusterScoped: ReadonlySet<KindName> = new Set<KindName>([
  'namespaces',
  'gatewayclasses.gateway.networking.k8s.io',
])

const named: Readonly<Record<KindName, true>> = {
  namespaces: true,
  pods: true,
  services: true,
  events: true,
  'deployments.apps': true,
  'statefulsets.apps': true,
  'daemonsets.apps': true,
  'replicasets.apps': true,
  'ingresses.networking.k8s.io': true,
  'virtualservices.networking.istio.io': true,
  'destinationrules.networking.istio.io': true,
  'gateways.networking.istio.io': true,
  'serviceentries.networking.istio.io': true,
  'workloadentries.networking.istio.io': true,
  'sidecars.networking.istio.io': true,
  'envoyfilters.networking.istio.io': true,
  'peerauthentications.security.istio.io': true,
  'authorizationpolicies.security.istio.io': true,
  'requestauthentications.security.istio.io': true,
  'telemetries.telemetry.istio.io': true,
  'gatewayclasses.gateway.networking.k8s.io': true,
  'gateways.gateway.networking.k8s.io': true,
  'httproutes.gateway.networking.k8s.io': true,
  'grpcroutes.gateway.networking.k8s.io': true,
  'prometheuses.monitoring.coreos.com': true,
  'podmonitors.monitoring.coreos.com': true,
  'servicemonitors.monitoring.coreos.com': true,
}

/** Kinds of one group that are served in other versions than the group: https://istio.io/latest/docs/reference/config/networking/envoy-filter/ */
const ownVersion: Readonly<Partial<Record<KindName, string>>> = { 'envoyfilters.networking.istio.io': 'v1alpha3' }

/** Where a kind is found on an API server. */
export function resourceOf(kind: KindName): Resource {
  const dot = kind.indexOf('.')
  const group = dot === -1 ? '' : kind.slice(dot + 1)
  return {
    group,
    version: ownVersion[kind] ?? 'v1',
    plural: dot === -1 ? kind : kind.slice(0, dot),
    isNamespaced: !clusterScoped.has(kind),
  }
}

/** The kind of a plural in a group, if it is one of ours. */
export function kindNamed(group: string, plural: string): KindName | undefined {
  const name = group === '' ? plural : `${plural}.${group}`
  return isKindName(name) ? name : undefined
}

/** Whether any of our kinds lives in this group. */
export function isReadGroup(group: string): boolean {
  return Object.keys(named).some((name) => isKindName(name) && resourceOf(name).group === group)
}

function isKindName(name: string): name is KindName {
  return Object.hasOwn(named, name)
}
