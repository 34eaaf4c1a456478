import type { ObjectLists } from '../config/decode.ts'
import type { MeshObjects } from '../config/objects.ts'
import { at, namedOf } from '../config/reading.ts'
import { hostKey, serviceKey, type HostKey } from '../config/routing.ts'
import { isError } from '../golden.ts'
import type { Labels, Sample } from '../samples.ts'
import { isKnown, label } from '../telemetry.ts'
import type { ObjectName } from './finding.ts'
import { resourceOfKind } from './kinds.ts'
import { objectKey } from './listed.ts'
import type { Reference } from './references.ts'
import type { SeenTraffic } from './unused.ts'

/** What an object is about, in telemetry's words: who is called, or whose calls go through. */
export interface TrafficTarget {
  readonly kind: 'service' | 'host' | 'workload' | 'gateway'
  readonly namespace: string
  readonly name: string
}

/** The traffic of one of an object's targets over the window. */
export interface TargetTraffic {
  readonly target: TrafficTarget
  /** Requests per second; absent: none. */
  readonly requests?: number
  /** 0 to 1. */
  readonly errorRatio?: number
  /** Bytes per second from client to server; absent: none. */
  readonly tcp?: number
  /** What each version got of the requests, the most first; only where several did. */
  readonly versions: readonly { readonly version: string; readonly rate: number }[]
}

const policies: ReadonlySet<string> = new Set([
  'PeerAuthentication',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'Sidecar',
  'EnvoyFilter',
])

/**
 * What an object is about: the Services it routes to or rules, a ServiceEntry's hosts, the pods a Gateway configures or a policy picks; a
 * policy without a selector picks its whole namespace, `everywhere` in the root namespace.
 */
export function targetsOf(
  object: ObjectName,
  references: readonly Reference[],
  objects: MeshObjects,
  lists: ObjectLists,
): readonly TrafficTarget[] | 'everywhere' {
  const own = references.filter(({ from, state }) => objectKey(from) === objectKey(object) && state === 'found')
  const found = own.flatMap(({ to, how }): readonly TrafficTarget[] => {
    if (to.kind === 'Service') return [{ kind: 'service', namespace: to.namespace, name: to.name }]
    if (to.kind === 'ServiceEntry') return entryHosts(to, objects)
    if (resourceOfKind(to.kind) !== undefined) return []
    return [{ kind: how === 'configures' ? 'gateway' : 'workload', namespace: to.namespace, name: to.name }]
  })
  if (object.kind === 'ServiceEntry') return unique(entryHosts(object, objects))
  if (found.length > 0 || !policies.has(object.kind) || hasSelector(object, lists)) return unique(found)
  if (object.namespace === (objects.rootNamespace ?? 'istio-system')) return 'everywhere'
  return (objects.workloads ?? [])
    .filter(({ namespace }) => namespace === object.namespace)
    .map(({ namespace, name }) => ({ kind: 'workload', namespace, name }))
}

function entryHosts(entry: ObjectName, { serviceEntries = [] }: MeshObjects): readonly TrafficTarget[] {
  const found = serviceEntries.find(({ namespace, name }) => namespace === entry.namespace && name === entry.name)
  return (found?.hosts ?? [])
    .filter((host) => !host.includes('*'))
    .map((host) => ({ kind: 'host', namespace: entry.namespace, name: host.toLowerCase() }))
}

function hasSelector({ kind, namespace, name }: ObjectName, lists: ObjectLists): boolean {
  const resource = resourceOfKind(kind)
  const item =
    resource === undefined
      ? undefined
      : lists[resource]?.find((each) => {
          const its = namedOf(each)
          return its.namespace === namespace && its.name === name
        })
  return ['selector', 'workloadSelector', 'targetRefs', 'targetRef'].some(
    (field) => at(item, 'spec', field) !== undefined,
  )
}

function unique(targets: readonly TrafficTarget[]): readonly TrafficTarget[] {
  return [...new Map(targets.map((each) => [`${each.kind} ${each.namespace}/${each.name}`, each])).values()]
}

/**
 * Each target with its traffic, the busiest first. Calls to a service are counted as their callers report them, calls to a workload as its
 * own proxy does; by the other side where that one is silent. `requests` and `tcp` answer those questions.
 */
export function trafficOf(
  targets: readonly TrafficTarget[],
  requests: readonly Sample[],
  tcp: readonly Sample[],
): readonly TargetTraffic[] {
  const bytes = tcp.filter(({ labels }) => labels[label.direction] === 'sent')
  return targets
    .map((target) => {
      const own = reportsOf(target, requests)
      const total = sum(own)
      const errors = sum(own.filter(({ labels }) => isErrorIn(labels)))
      const sent = sum(reportsOf(target, bytes))
      const versions = versionsOf(own)
      return {
        target,
        ...(total > 0 ? { requests: total, errorRatio: errors / total } : {}),
        ...(sent > 0 ? { tcp: sent } : {}),
        versions: versions.length > 1 ? versions : [],
      }
    })
    .sort((a, b) => (b.requests ?? 0) - (a.requests ?? 0) || (b.tcp ?? 0) - (a.tcp ?? 0))
}

/** What was called at all, and who sent or got anything: the evidence of MB901, over so many seconds. */
export function seenTraffic(samples: readonly Sample[], seconds: number): SeenTraffic {
  const hosts = new Set<HostKey>()
  const workloads = new Set<string>()
  for (const { labels } of samples) {
    for (const key of hostKeysOf(labels)) hosts.add(key)
    for (const key of [workloadIn(labels, 'source'), workloadIn(labels, 'destination')]) {
      if (key !== undefined) workloads.add(key)
    }
  }
  return { seconds, hosts, workloads }
}

function reportsOf(target: TrafficTarget, samples: readonly Sample[]): readonly Sample[] {
  const { kind, namespace, name } = target
  const key = kind === 'host' ? name : serviceKey(namespace, name)
  const matching = samples.filter(({ labels }) => {
    switch (kind) {
      case 'service':
      case 'host':
        return hostKeysOf(labels).includes(key)
      case 'workload':
        return workloadIn(labels, 'destination') === key
      case 'gateway':
        return workloadIn(labels, 'source') === key
    }
  })
  const bySource = matching.filter(({ labels }) => labels[label.reporter] === 'source')
  const byDestination = matching.filter(({ labels }) => labels[label.reporter] !== 'source')
  const [first, second] = kind === 'workload' ? [byDestination, bySource] : [bySource, byDestination]
  return first.length > 0 ? first : second
}

/** A service by its namespace and name, and by the host that was asked for. */
function hostKeysOf(labels: Labels): readonly HostKey[] {
  const host = labels[label.serviceHost]
  const [namespace, name] = [labels[label.serviceNamespace], labels[label.serviceName]]
  return [
    ...(isKnown(namespace) && isKnown(name) ? [serviceKey(namespace, name)] : []),
    ...(isKnown(host) ? [hostKey(host.toLowerCase(), '')] : []),
  ]
}

function workloadIn(labels: Labels, end: 'source' | 'destination'): string | undefined {
  const namespace = labels[end === 'source' ? label.sourceNamespace : label.destinationNamespace]
  const name = labels[end === 'source' ? label.sourceWorkload : label.destinationWorkload]
  return isKnown(namespace) && isKnown(name) ? `${namespace}/${name}` : undefined
}

function isErrorIn(labels: Labels): boolean {
  const isGrpc = labels[label.protocol] === 'grpc'
  const status = labels[label.grpcStatus]
  const http = labels[label.code] ?? '-'
  const code = isGrpc && status !== undefined && status !== '' ? status : http
  return isError(isGrpc ? 'grpc' : 'http', code, labels[label.flags])
}

function versionsOf(samples: readonly Sample[]): TargetTraffic['versions'] {
  const rates = new Map<string, number>()
  for (const { labels, value } of samples) {
    const version = labels[label.destinationRevision]
    if (isKnown(version)) rates.set(version, (rates.get(version) ?? 0) + value)
  }
  return [...rates].map(([version, rate]) => ({ version, rate })).sort((a, b) => b.rate - a.rate)
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0)
}
