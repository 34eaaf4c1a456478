import type { GraphNode } from '../graph.ts'
import type { MeshObjects, ServiceObject, StringMap, WorkloadObject } from './objects.ts'

/** The objects by what telemetry calls them, so that a node finds its own in constant time. */
export interface ObjectIndex {
  readonly objects: MeshObjects
  /** Whether these objects speak for that cluster; `unknown` is taken to be it. */
  readonly speaksFor: (cluster: string) => boolean
  /** The workloads a workload or app node stands for; none for services, for strangers and for another cluster. */
  readonly workloadsOf: (node: GraphNode) => readonly WorkloadObject[]
  readonly serviceOf: (namespace: string, name: string) => ServiceObject | undefined
  /** The workloads that a Service's selector picks, in its namespace. */
  readonly workloadsBehind: (service: ServiceObject) => readonly WorkloadObject[]
  /** The Services whose selectors pick that workload. */
  readonly servicesOver: (workload: WorkloadObject) => readonly ServiceObject[]
}

export function indexObjects(objects: MeshObjects): ObjectIndex {
  const byName = groupBy(objects.workloads ?? [], ({ namespace, name }) => key(namespace, name))
  const byApp = groupBy(objects.workloads ?? [], (workload) => key(workload.namespace, canonicalName(workload)))
  const byNamespace = groupBy(objects.workloads ?? [], ({ namespace }) => namespace)
  const services = new Map((objects.services ?? []).map((one) => [key(one.namespace, one.name), one]))
  const servicesByNamespace = groupBy(objects.services ?? [], ({ namespace }) => namespace)

  const speaksFor = (cluster: string): boolean =>
    objects.cluster === undefined || cluster === objects.cluster || cluster === 'unknown' || cluster === ''
  const workloadsBehind = memoised((service: ServiceObject) =>
    hasEntries(service.selector)
      ? (byNamespace.get(service.namespace) ?? []).filter(({ labels }) => selects(service.selector, labels))
      : [],
  )

  return {
    objects,
    speaksFor,
    workloadsOf: memoised((node: GraphNode) => {
      if (!speaksFor(node.cluster) || node.kind === 'service' || node.kind === 'unknown') return []
      if (node.workload !== undefined) return byName.get(key(node.namespace, node.workload)) ?? []
      if (node.app === undefined) return []
      const { version } = node
      const ofApp = byApp.get(key(node.namespace, node.app)) ?? []
      return version === undefined ? ofApp : ofApp.filter((workload) => canonicalRevision(workload) === version)
    }),
    serviceOf: (namespace, name) => services.get(key(namespace, name)),
    workloadsBehind,
    servicesOver: memoised((workload: WorkloadObject) =>
      (servicesByNamespace.get(workload.namespace) ?? []).filter(
        ({ selector }) => hasEntries(selector) && selects(selector, workload.labels),
      ),
    ),
  }
}

/** Istio's own order: https://istio.io/latest/docs/ops/deployment/application-requirements/#canonical-service-labels */
export function canonicalName({ labels, name }: { readonly labels: StringMap; readonly name: string }): string {
  return labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? name
}

/** Likewise; `latest` where no label says. */
export function canonicalRevision({ labels }: { readonly labels: StringMap }): string {
  return (
    labels['service.istio.io/canonical-revision'] ??
    labels['app.kubernetes.io/version'] ??
    labels['version'] ??
    'latest'
  )
}

/** Whether every label of the selector is there; an absent or empty selector selects everything. */
export function selects(selector: StringMap | undefined, labels: StringMap): boolean {
  return selector === undefined || Object.entries(selector).every(([label, value]) => labels[label] === value)
}

export function hasEntries(map: StringMap | undefined): boolean {
  return map !== undefined && Object.keys(map).length > 0
}

/**
 * The Service that a host in an Istio object means, seen from the object's namespace: `reviews`, `reviews.shop`, `reviews.shop.svc` and
 * `reviews.shop.svc.cluster.local` (https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination);
 * `undefined` for wildcards and for hosts that are not Services' names.
 */
export function serviceHost(
  host: string,
  from: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [name, namespace = from, svc = 'svc'] = host.split('.', 3)
  if (name === undefined || name === '' || host.includes('*') || svc !== 'svc') return undefined
  return { namespace, name }
}

/** Whether an object of that namespace is exported to another: https://istio.io/latest/docs/reference/config/networking/service-entry/ */
export function isExportedTo(exportTo: readonly string[], from: string, to: string): boolean {
  if (exportTo.length === 0) return true
  return exportTo.some((one) => one === '*' || one === to || (one === '.' && from === to))
}

const key = (namespace: string, name: string): string => `${namespace}/${name}`

/** key → the items that have it, in their order. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const name = keyOf(item)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [item])
    else group.push(item)
  }
  return groups
}

function memoised<Argument extends object, Result>(
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const known = new WeakMap<Argument, { readonly result: Result }>()
  return (argument) => {
    const before = known.get(argument)
    if (before !== undefined) return before.result
    const result = compute(argument)
    known.set(argument, { result })
    return result
  }
}
