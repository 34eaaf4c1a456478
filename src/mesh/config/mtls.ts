import { hasEntries, selects } from './matching.ts'
import type { MtlsMode, PeerAuthentication, WorkloadObject } from './objects.ts'

export interface EffectiveMtls {
  readonly mode: Exclude<MtlsMode, 'UNSET'>
  /** Workload port → a mode that differs from `mode`'s source, set for that port alone. */
  readonly ports: Readonly<Record<string, Exclude<MtlsMode, 'UNSET'>>>
  /** The objects that decide, the most particular last; none means Istio's default, PERMISSIVE. */
  readonly from: readonly PeerAuthentication[]
}

/**
 * Which connections a workload takes: mesh-wide, then its namespace's, then its own policy, then per port, each overruling the one
 * before; UNSET inherits. Of two at the same level the older counts; ports are read only in a policy with a selector.
 * https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function effectiveMtls(
  policies: readonly PeerAuthentication[],
  { namespace, labels }: Pick<WorkloadObject, 'namespace' | 'labels'>,
  rootNamespace = 'istio-system',
): EffectiveMtls {
  const wide = (within: string): PeerAuthentication | undefined =>
    oldest(policies.filter((one) => one.namespace === within && !hasEntries(one.selector)))
  const own = oldest(
    policies.filter((one) => one.namespace === namespace && hasEntries(one.selector) && selects(one.selector, labels)),
  )
  const levels = [wide(rootNamespace), namespace === rootNamespace ? undefined : wide(namespace), own].filter(
    (one) => one !== undefined,
  )
  const mode = levels.reduce<EffectiveMtls['mode']>(
    (sofar, one) => (one.mode === 'UNSET' ? sofar : one.mode),
    'PERMISSIVE',
  )
  const ports = Object.fromEntries(
    Object.entries(own?.ports ?? {}).flatMap(([port, its]) => (its === 'UNSET' ? [] : [[port, its]])),
  )
  const from = levels.filter((one) => one.mode !== 'UNSET' || (one === own && Object.keys(ports).length > 0))
  return { mode, ports, from }
}

function oldest(policies: readonly PeerAuthentication[]): PeerAuthentication | undefined {
  return policies.toSorted((a, b) => compare(a.createdAt ?? '', b.createdAt ?? '') || compare(a.name, b.name))[0]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
