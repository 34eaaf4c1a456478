import {
  groupBy,
  hasEntries,
  indexObjects,
  isExportedTo,
  selects,
  serviceHost,
  type ObjectIndex,
} from '../config/matching.ts'
import type { ServiceEntry, ServiceObject, StringMap, WorkloadObject } from '../config/objects.ts'
import type { Checked } from './finding.ts'

/** What a host in an Istio object turned out to be; `unread`: it would lie where we may not look, so nothing is said. */
export type FoundHost =
  | { readonly kind: 'service'; readonly service: ServiceObject }
  | { readonly kind: 'entry'; readonly entry: ServiceEntry }
  | { readonly kind: 'wildcard' | 'unread' | 'missing' }

export interface Hosts {
  readonly index: ObjectIndex
  /** What `host` means when an object of the namespace writes it. */
  readonly find: (host: string, from: string) => FoundHost
  readonly wasRead: (namespace: string) => boolean
}

/** The hosts of a mesh: Services and ServiceEntries. Nothing is missing where either list was not read. */
export function hostsOf({ objects, namespaces }: Checked): Hosts {
  const index = indexObjects(objects)
  const wasRead = (namespace: string): boolean => namespaces?.has(namespace) !== false
  const entries = groupBy(
    (objects.serviceEntries ?? []).flatMap((entry) => entry.hosts.map((host) => ({ host: host.toLowerCase(), entry }))),
    ({ host }) => host,
  )
  const wild = [...entries].filter(([host]) => host.startsWith('*.'))
  const entryFor = (host: string, from: string): ServiceEntry | undefined => {
    const visible = (all: readonly { readonly entry: ServiceEntry }[]) =>
      all.find(({ entry }) => isExportedTo(entry.exportTo, entry.namespace, from))?.entry
    const exact = visible(entries.get(host) ?? [])
    if (exact !== undefined) return exact
    for (const [pattern, all] of wild) {
      const entry = host.endsWith(pattern.slice(1)) ? visible(all) : undefined
      if (entry !== undefined) return entry
    }
    return undefined
  }
  return {
    index,
    wasRead,
    find: (written, from) => {
      const host = written.toLowerCase()
      if (host.includes('*')) return { kind: 'wildcard' }
      const entry = entryFor(host, from)
      if (entry !== undefined) return { kind: 'entry', entry }
      const named = serviceHost(host, from)
      const service = named === undefined ? undefined : index.serviceOf(named.namespace, named.name)
      if (service !== undefined) return { kind: 'service', service }
      if (objects.services === undefined || objects.serviceEntries === undefined) return { kind: 'unread' }
      // A host outside the cluster may be defined by a ServiceEntry anywhere; a Service's name says where it lies.
      if (named === undefined || looksExternal(host)) return { kind: namespaces === undefined ? 'missing' : 'unread' }
      return { kind: wasRead(named.namespace) ? 'missing' : 'unread' }
    },
  }
}

/** `api.example.com`: neither `name`, `name.namespace`, nor `name.namespace.svc...`. */
function looksExternal(host: string): boolean {
  const parts = host.split('.')
  return parts.length > 2 && parts[2] !== 'svc'
}

/** Whether the workloads of a namespace were read, so that "none" can be said. */
export function knowsWorkloads({ objects }: Checked): boolean {
  return objects.workloads !== undefined
}

/** Whether the workload's pods carry all these labels: those they are made with, or those that were put on them since. */
export function carries({ labels, pods = [] }: WorkloadObject, selector: StringMap): boolean {
  return selects(selector, labels) || pods.some((pod) => selects(selector, pod.labels))
}

/** The workloads of a namespace that a selector picks. */
export function picked(index: ObjectIndex, namespace: string, selector: StringMap) {
  if (!hasEntries(selector)) return []
  return (index.objects.workloads ?? []).filter(
    (workload) => workload.namespace === namespace && carries(workload, selector),
  )
}
