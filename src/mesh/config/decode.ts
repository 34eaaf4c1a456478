import type { Skipped } from '../samples.ts'
import { authorizationPolicyOf, envoyFilterOf, peerAuthenticationOf, sidecarOf } from './decodePolicies.ts'
import {
  destinationRuleOf,
  gatewayOf,
  httpRouteObjectOf,
  kubernetesGatewayOf,
  serviceEntryOf,
  virtualServiceOf,
  workloadEntryOf,
} from './decodeTraffic.ts'
import { ingressOf, namespaceOf, serviceOf, workloadsOf } from './decodeWorkloads.ts'
import type { MeshObjects } from './objects.ts'
import { at, isObject, listAt, textAt } from './reading.ts'

/** What we ask of a Kubernetes API, `plural` or `plural.group`; all of it is optional. The last three are only listed, not decoded. */
export const objectKinds = [
  'namespaces',
  'pods',
  'services',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'ingresses.networking.k8s.io',
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'workloadentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'envoyfilters.networking.istio.io',
  'peerauthentications.security.istio.io',
  'authorizationpolicies.security.istio.io',
  'gateways.gateway.networking.k8s.io',
  'httproutes.gateway.networking.k8s.io',
  'grpcroutes.gateway.networking.k8s.io',
  'requestauthentications.security.istio.io',
  'telemetries.telemetry.istio.io',
] as const

export type ObjectKind = (typeof objectKinds)[number]

/** Kind → the `items` of its list, as parsed JSON; a kind that could not be read is absent, which is not an empty list. */
export type ObjectLists = Readonly<Partial<Record<ObjectKind, readonly unknown[]>>>

export interface DecodedObjects {
  readonly objects: MeshObjects
  readonly skipped: readonly Skipped[]
}

/**
 * Kubernetes lists as the graph reads them. Total: items that are no objects or have no name are in `skipped`, unknown fields are
 * ignored and missing ones stay absent.
 */
export function decodeObjects(
  lists: ObjectLists,
  where: { readonly cluster?: string; readonly rootNamespace?: string } = {},
): DecodedObjects {
  const skipped: Skipped[] = []
  const read = (kind: ObjectKind): readonly unknown[] | undefined => {
    const items = lists[kind]
    if (items === undefined) return undefined
    const good = items.filter(hasName)
    if (good.length < items.length) {
      const example = (JSON.stringify(items.find((item) => !hasName(item))) as string | undefined) ?? 'undefined'
      const count = items.length - good.length
      skipped.push({ reason: `${kind}: no object with a name`, count, example: example.slice(0, 200) })
    }
    return good
  }
  const each = <T>(kind: ObjectKind, decode: (item: unknown) => T): readonly T[] | undefined => read(kind)?.map(decode)

  const namespaces = each('namespaces', namespaceOf)
  const fields = {
    cluster: where.cluster ?? (lists.pods === undefined ? undefined : clusterTold(lists.pods)),
    rootNamespace: where.rootNamespace,
    namespaces,
    workloads: workloadsOf({
      controllers: {
        Deployment: read('deployments.apps'),
        StatefulSet: read('statefulsets.apps'),
        DaemonSet: read('daemonsets.apps'),
        ReplicaSet: read('replicasets.apps'),
      },
      pods: read('pods'),
      namespaces: namespaces ?? [],
    }),
    services: each('services', serviceOf),
    ingresses: each('ingresses.networking.k8s.io', ingressOf),
    virtualServices: each('virtualservices.networking.istio.io', virtualServiceOf),
    destinationRules: each('destinationrules.networking.istio.io', destinationRuleOf),
    gateways: each('gateways.networking.istio.io', gatewayOf),
    serviceEntries: each('serviceentries.networking.istio.io', serviceEntryOf),
    workloadEntries: each('workloadentries.networking.istio.io', workloadEntryOf),
    peerAuthentications: each('peerauthentications.security.istio.io', peerAuthenticationOf),
    authorizationPolicies: each('authorizationpolicies.security.istio.io', authorizationPolicyOf),
    envoyFilters: each('envoyfilters.networking.istio.io', envoyFilterOf),
    sidecars: each('sidecars.networking.istio.io', sidecarOf),
    kubernetesGateways: each('gateways.gateway.networking.k8s.io', kubernetesGatewayOf),
    httpRoutes: each('httproutes.gateway.networking.k8s.io', httpRouteObjectOf),
  }
  return { objects: present(fields), skipped }
}

/**
 * The cluster's name as telemetry will give it: what injection told the proxies (`ISTIO_META_CLUSTER_ID`,
 * https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/); `undefined` where no proxy says, or they disagree.
 */
function clusterTold(pods: readonly unknown[]): string | undefined {
  const told = new Set<string>()
  for (const pod of pods) {
    for (const container of [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')]) {
      if (at(container, 'name') !== 'istio-proxy') continue
      const variable = listAt(container, 'env').find((one) => at(one, 'name') === 'ISTIO_META_CLUSTER_ID')
      const value = textAt(variable, 'value')
      if (value !== undefined && value !== '') told.add(value)
    }
  }
  const [name, ...others] = told
  return others.length === 0 ? name : undefined
}

function hasName(item: unknown): boolean {
  return isObject(item) && (textAt(item, 'metadata', 'name') ?? '') !== ''
}

/** The fields less those that are `undefined`. */
function present<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const kept: { [Key in keyof T]?: Exclude<T[Key], undefined> } = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) Object.assign(kept, { [name]: value as unknown })
  return kept
}
