export const writeVerbs = ['create', 'update', 'patch', 'delete'] as const
export type WriteVerb = (typeof writeVerbs)[number]

/** A kind the demo cluster serves. */
export interface ServedKind {
  /** Empty for the core group. */
  readonly group: string
  /** The preferred one first. */
  readonly versions: readonly string[]
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly isNamespaced: boolean
  readonly shortNames?: readonly string[]
  /** Served, and refused to everybody who asks. */
  readonly isForbidden?: boolean
  /** What may be done to it besides reading. */
  readonly writes?: readonly WriteVerb[]
}

const kind = (
  group: string,
  versions: readonly string[],
  plural: string,
  name: string,
  more: Partial<ServedKind> = {},
): ServedKind => ({
  group,
  versions,
  plural,
  singular: name.toLowerCase(),
  kind: name,
  isNamespaced: true,
  ...more,
})

const core = kind.bind(undefined, '', ['v1'])
const apps = kind.bind(undefined, 'apps', ['v1'])
const rbac = kind.bind(undefined, 'rbac.authorization.k8s.io', ['v1'])
const networking = kind.bind(undefined, 'networking.istio.io', ['v1', 'v1beta1', 'v1alpha3'])
const security = kind.bind(undefined, 'security.istio.io', ['v1', 'v1beta1'])
const gatewayApi = kind.bind(undefined, 'gateway.networking.k8s.io', ['v1', 'v1beta1'])

/** Everything the demo cluster serves: the part of Kubernetes and Istio that Meshboard reads, and what it writes. */
export const servedKinds: readonly ServedKind[] = [
  core('namespaces', 'Namespace', { isNamespaced: false, shortNames: ['ns'], writes: ['update', 'patch'] }),
  core('configmaps', 'ConfigMap', { shortNames: ['cm'], writes: writeVerbs }),
  core('pods', 'Pod', { shortNames: ['po'] }),
  core('services', 'Service', { shortNames: ['svc'] }),
  core('events', 'Event', { shortNames: ['ev'] }),
  core('secrets', 'Secret', { isForbidden: true }),
  apps('deployments', 'Deployment', { shortNames: ['deploy'] }),
  apps('statefulsets', 'StatefulSet', { shortNames: ['sts'] }),
  apps('daemonsets', 'DaemonSet', { shortNames: ['ds'] }),
  apps('replicasets', 'ReplicaSet', { shortNames: ['rs'] }),
  kind('networking.k8s.io', ['v1'], 'ingresses', 'Ingress', { shortNames: ['ing'] }),
  kind('admissionregistration.k8s.io', ['v1'], 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', {
    isNamespaced: false,
  }),
  rbac('roles', 'Role', { writes: writeVerbs }),
  rbac('rolebindings', 'RoleBinding', { writes: writeVerbs }),
  rbac('clusterroles', 'ClusterRole', { isNamespaced: false, writes: writeVerbs }),
  rbac('clusterrolebindings', 'ClusterRoleBinding', { isNamespaced: false, writes: writeVerbs }),
  networking('virtualservices', 'VirtualService', { shortNames: ['vs'] }),
  networking('destinationrules', 'DestinationRule', { shortNames: ['dr'] }),
  networking('gateways', 'Gateway', { shortNames: ['gw'] }),
  networking('serviceentries', 'ServiceEntry', { shortNames: ['se'] }),
  networking('workloadentries', 'WorkloadEntry', { shortNames: ['we'] }),
  networking('sidecars', 'Sidecar'),
  networking('envoyfilters', 'EnvoyFilter', { versions: ['v1alpha3'] }),
  security('peerauthentications', 'PeerAuthentication', { shortNames: ['pa'] }),
  security('authorizationpolicies', 'AuthorizationPolicy', { shortNames: ['ap'] }),
  security('requestauthentications', 'RequestAuthentication', { shortNames: ['ra'] }),
  kind('telemetry.istio.io', ['v1', 'v1alpha1'], 'telemetries', 'Telemetry', { shortNames: ['telemetry'] }),
  gatewayApi('gatewayclasses', 'GatewayClass', { isNamespaced: false, shortNames: ['gc'] }),
  gatewayApi('gateways', 'Gateway', { shortNames: ['gtw'] }),
  gatewayApi('httproutes', 'HTTPRoute'),
  gatewayApi('grpcroutes', 'GRPCRoute', { versions: ['v1'] }),
]

/** `v1`, `apps/v1`. */
export const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`)

/** How errors name a kind: `pods`, `virtualservices.networking.istio.io`. */
export const qualified = ({ group, plural }: ServedKind): string => (group === '' ? plural : `${plural}.${group}`)

/** Kinds built into Kubernetes, whose items leave out `kind` and `apiVersion` in lists. */
export const isBuiltIn = ({ group }: ServedKind): boolean =>
  !group.endsWith('istio.io') && group !== 'gateway.networking.k8s.io'
