import type { MeshObjects } from '../../../mesh/config/objects.ts'

/** Why a scope has no traffic while the mesh has, as far as the cluster tells. */
export type EmptyReason =
  /** The cluster has no namespaces of these names. */
  | { readonly kind: 'noSuchNamespace'; readonly namespaces: readonly string[] }
  /** Nothing runs in any of them. */
  | { readonly kind: 'nothingRuns'; readonly namespaces: readonly string[] }
  /** What runs there has neither a sidecar nor ambient mode. */
  | { readonly kind: 'notInMesh'; readonly namespaces: readonly string[] }
  /** Proxies are there: either nobody calls, or Prometheus does not scrape them. */
  | { readonly kind: 'quietOrNotScraped'; readonly namespaces: readonly string[] }
  | { readonly kind: 'unknown' }

/**
 * The first reason that explains an empty graph of these namespaces. `unknown` for a scope of everything, and where the cluster's
 * objects are not known or not readable: a missing list is never taken for an empty one.
 */
export function emptyReason(
  namespaces: readonly string[],
  objects: Pick<MeshObjects, 'namespaces' | 'workloads'> | undefined,
): EmptyReason {
  if (namespaces.length === 0 || objects?.namespaces === undefined) return { kind: 'unknown' }
  const known = new Map(objects.namespaces.map((each) => [each.name, each]))
  const absent = namespaces.filter((name) => !known.has(name))
  if (absent.length === namespaces.length) return { kind: 'noSuchNamespace', namespaces: absent }
  if (objects.workloads === undefined) return { kind: 'unknown' }

  const present = namespaces.filter((name) => known.has(name))
  const running = objects.workloads.filter(
    ({ namespace, replicas }) => present.includes(namespace) && (replicas === undefined || replicas.desired > 0),
  )
  if (running.length === 0) return { kind: 'nothingRuns', namespaces: present }
  const meshed = running.filter(
    ({ namespace, isInjected, isAmbient, pods = [] }) =>
      isInjected === true ||
      isAmbient === true ||
      known.get(namespace)?.isAmbient === true ||
      pods.some(({ hasSidecar, isAmbient: inAmbient }) => hasSidecar === true || inAmbient === true),
  )
  if (meshed.length > 0) return { kind: 'quietOrNotScraped', namespaces: present }
  return { kind: 'notInMesh', namespaces: present }
}
