import type { ObjectKind, ObjectLists } from './config/decode.ts'
import { at, isObject, listAt, textAt } from './config/reading.ts'

/** A moment at which somebody changed what runs, or how the mesh treats it. */
export interface Change {
  /** Unix seconds. */
  readonly at: number
  readonly kind: 'rollout' | 'config'
  /** `rolledOut`: new pods of a workload began to start. */
  readonly what: 'rolledOut' | 'created' | 'changed'
  /** As the API calls it: `Deployment`, `VirtualService`. */
  readonly object: string
  readonly namespace: string
  readonly name: string
  /** Who wrote it last, as the API server noted: `kubectl`, `argocd-controller`. */
  readonly by?: string
}

/** Kinds whose changes are configuration of the mesh, as the API calls them. */
const configKinds: Readonly<Partial<Record<ObjectKind, string>>> = {
  'virtualservices.networking.istio.io': 'VirtualService',
  'destinationrules.networking.istio.io': 'DestinationRule',
  'gateways.networking.istio.io': 'Gateway',
  'serviceentries.networking.istio.io': 'ServiceEntry',
  'workloadentries.networking.istio.io': 'WorkloadEntry',
  'sidecars.networking.istio.io': 'Sidecar',
  'envoyfilters.networking.istio.io': 'EnvoyFilter',
  'peerauthentications.security.istio.io': 'PeerAuthentication',
  'authorizationpolicies.security.istio.io': 'AuthorizationPolicy',
  'requestauthentications.security.istio.io': 'RequestAuthentication',
  'telemetries.telemetry.istio.io': 'Telemetry',
  'gateways.gateway.networking.k8s.io': 'Gateway',
  'httproutes.gateway.networking.k8s.io': 'HTTPRoute',
  'grpcroutes.gateway.networking.k8s.io': 'GRPCRoute',
}

/** Workloads that roll out without ReplicaSets: their last change is all that is known. */
const rolledKinds: Readonly<Partial<Record<ObjectKind, string>>> = {
  'statefulsets.apps': 'StatefulSet',
  'daemonsets.apps': 'DaemonSet',
}

/** Kinds of which the last change counts, and who made it. */
export const changeKinds: ReadonlySet<string> = new Set([...Object.keys(configKinds), ...Object.keys(rolledKinds)])

/**
 * What Kubernetes still knows of changes, oldest first: each ReplicaSet's beginning is a rollout of its Deployment
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#updating-a-deployment); of other objects their creation and
 * their last change (`managedFields`, https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). Earlier changes
 * of the same object are forgotten there, and what was deleted is not known. Total: what cannot be read is no change.
 */
export function changesOf(lists: ObjectLists): readonly Change[] {
  const rollouts = (lists['replicasets.apps'] ?? []).flatMap((item): readonly Change[] => {
    const owner = listAt(item, 'metadata', 'ownerReferences').find((each) => textAt(each, 'kind') === 'Deployment')
    const name = textAt(owner, 'name')
    const created = createdAt(item)
    return name === undefined || created === undefined
      ? []
      : [
          {
            at: created,
            kind: 'rollout',
            what: 'rolledOut',
            object: 'Deployment',
            namespace: textAt(item, 'metadata', 'namespace') ?? '',
            name,
          },
        ]
  })
  const rolled = written(lists, rolledKinds, 'rollout')
  const config = written(lists, configKinds, 'config')
  return [...rollouts, ...rolled, ...config].sort((a, b) => a.at - b.at || (idOf(a) < idOf(b) ? -1 : 1))
}

/** Tells changes apart. */
export function idOf({ at: instant, object, namespace, name, what }: Change): string {
  return `${instant} ${object} ${namespace}/${name} ${what}`
}

function written(
  lists: ObjectLists,
  kinds: Readonly<Partial<Record<ObjectKind, string>>>,
  kind: Change['kind'],
): readonly Change[] {
  return (Object.keys(kinds) as ObjectKind[]).flatMap((plural) =>
    (lists[plural] ?? []).flatMap((item): readonly Change[] => {
      const name = textAt(item, 'metadata', 'name')
      const created = createdAt(item)
      if (name === undefined || created === undefined) return []
      const object = kinds[plural] ?? plural
      const common = { kind, object, namespace: textAt(item, 'metadata', 'namespace') ?? '', name }
      const last = lastWrite(item)
      const by = last?.by === undefined ? {} : { by: last.by }
      // An object is written while it is created, too.
      if (last === undefined || last.at <= created + 1) return [{ ...common, at: created, what: 'created', ...by }]
      return [
        { ...common, at: created, what: 'created' },
        { ...common, at: last.at, what: kind === 'rollout' ? 'rolledOut' : 'changed', ...by },
      ]
    }),
  )
}

/** The last time anything but status and scale was written, and by whom; undefined where the API server does not say. */
export function lastWrite(item: unknown): { readonly at: number; readonly by?: string } | undefined {
  let last: { readonly at: number; readonly by?: string } | undefined
  for (const entry of listAt(item, 'metadata', 'managedFields')) {
    const instant = secondsOf(textAt(entry, 'time'))
    if (!isObject(entry) || instant === undefined || (textAt(entry, 'subresource') ?? '') !== '') continue
    const by = textAt(entry, 'manager')
    if (last === undefined || instant > last.at) last = { at: instant, ...(by === undefined ? {} : { by }) }
  }
  return last
}

function createdAt(item: unknown): number | undefined {
  return secondsOf(at(item, 'metadata', 'creationTimestamp'))
}

function secondsOf(text: unknown): number | undefined {
  const atMs = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.floor(atMs / 1000)
}
