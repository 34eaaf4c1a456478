import type { Badge } from '../graph.ts'
import { listed, short } from '../phrases.ts'
import { hasEntries, selects } from './matching.ts'
import { effectiveMtls } from './mtls.ts'
import type { MeshObjects, StringMap, TargetRef, WorkloadObject } from './objects.ts'

/** An object as badges name it: `kind/namespace/name`. */
export function refOf(
  kind: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): string {
  return `${kind}/${namespace}/${name}`
}

/** What Istio's policies say of one workload: rate limit, authorization, mTLS mode, Sidecar. */
export function policyBadges(workload: WorkloadObject, objects: MeshObjects): readonly Badge[] {
  return [
    ...rateLimits(workload, objects),
    ...authorization(workload, objects),
    ...mtls(workload, objects),
    ...sidecars(workload, objects),
  ]
}

interface Selecting {
  readonly namespace: string
  readonly selector?: StringMap
  readonly targets?: readonly TargetRef[]
}

/** In its own namespace, or anywhere when in the root namespace; policies bound to a target are not the workload's own. */
function concerns(
  { namespace, selector, targets = [] }: Selecting,
  workload: WorkloadObject,
  { rootNamespace = 'istio-system' }: MeshObjects,
): boolean {
  if (targets.length > 0) {
    const gateway = workload.labels['gateway.networking.k8s.io/gateway-name']
    return namespace === workload.namespace && targets.some(({ kind, name }) => kind === 'Gateway' && name === gateway)
  }
  return (namespace === workload.namespace || namespace === rootNamespace) && selects(selector, workload.labels)
}

function rateLimits(workload: WorkloadObject, objects: MeshObjects): readonly Badge[] {
  return (objects.envoyFilters ?? [])
    .filter((filter) => filter.rateLimit !== undefined && concerns(filter, workload, objects))
    .map((filter) => ({
      kind: 'rateLimit',
      text: `Limits its request rate (${filter.rateLimit ?? ''}), by EnvoyFilter ${filter.namespace}/${filter.name}.`,
      objects: [refOf('EnvoyFilter', filter)],
    }))
}

function authorization(workload: WorkloadObject, objects: MeshObjects): readonly Badge[] {
  const policies = (objects.authorizationPolicies ?? []).filter((policy) => concerns(policy, workload, objects))
  if (policies.length === 0) return []
  const each = policies.map(({ namespace, name, action, rules }) => {
    const extent =
      rules === 0
        ? action === 'ALLOW'
          ? 'without rules, which allows nothing'
          : 'without rules'
        : `${rules} rule${rules === 1 ? '' : 's'}`
    return `${namespace}/${name} (${action}, ${extent})`
  })
  return [
    {
      kind: 'authorizationPolicy',
      text: `Who may call it is decided by AuthorizationPolicy ${listed(each)}.`,
      objects: policies.map((policy) => refOf('AuthorizationPolicy', policy)),
    },
  ]
}

function mtls(workload: WorkloadObject, objects: MeshObjects): readonly Badge[] {
  if (objects.peerAuthentications === undefined || workload.isInjected === false) return []
  const { mode, ports, from } = effectiveMtls(objects.peerAuthentications, workload, objects.rootNamespace)
  const last = from.at(-1)
  if (last === undefined) return []
  const exceptions = Object.entries(ports).map(([port, its]) => `port ${port} ${its}`)
  const except = exceptions.length === 0 ? '' : `, ${listed(exceptions)}`
  return [
    {
      kind: 'peerAuthentication',
      text: `mTLS is ${mode}${except}, by PeerAuthentication ${last.namespace}/${last.name}.`,
      objects: from.map((policy) => refOf('PeerAuthentication', policy)),
    },
  ]
}

/** The one with a selector, else the namespace's, else the root namespace's. */
function sidecars(workload: WorkloadObject, objects: MeshObjects): readonly Badge[] {
  const { sidecars: all = [], rootNamespace = 'istio-system' } = objects
  const mine = all.filter(({ namespace }) => namespace === workload.namespace)
  const found =
    mine.find(({ selector }) => hasEntries(selector) && selects(selector, workload.labels)) ??
    mine.find(({ selector }) => !hasEntries(selector)) ??
    all.find(({ namespace, selector }) => namespace === rootNamespace && !hasEntries(selector))
  if (found === undefined) return []
  const hosts = found.egressHosts.slice(0, 5).map((host) => short(host))
  const reach = hosts.length === 0 ? '' : ` to ${listed(found.egressHosts.length > 5 ? [...hosts, 'others'] : hosts)}`
  return [
    {
      kind: 'sidecar',
      text: `Sidecar ${found.namespace}/${found.name} limits what it may call${reach}.`,
      objects: [refOf('Sidecar', found)],
    },
  ]
}
