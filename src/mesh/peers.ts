import type { Direction } from './callEnd.ts'
import { anyOf } from './promql.ts'
import { serviceGroup, serviceTitle, type Group } from './ranking.ts'
import type { Labels } from './samples.ts'
import type { Matcher } from './scope.ts'
import type { Slice } from './slices.ts'
import { isKnown, label } from './telemetry.ts'

/**
 * The other end of an end's calls, as telemetry names it: a workload; outbound, where none was reached, the service that was meant; a
 * namespace, where that is all a viewer may know; or nobody telemetry knows.
 */
export type Peer =
  | { readonly kind: 'workload' | 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'unknown' }

/** Only the calls with these peers; with `isRest` only those with all others. */
export interface PeerFilter {
  readonly peers: readonly Peer[]
  readonly isRest: boolean
}

/** The peer that labels name; `undefined` where the viewer may not know it. */
export function peerIn(direction: Direction): (labels: Labels) => (Group & { readonly peer: Peer }) | undefined {
  return direction === 'inbound' ? callerOf : calleeOf
}

function callerOf(labels: Labels): (Group & { readonly peer: Peer }) | undefined {
  return workload(labels[label.sourceNamespace], labels[label.sourceWorkload])
}

/** The workload that was reached, else the service that was meant. */
function calleeOf(labels: Labels): (Group & { readonly peer: Peer }) | undefined {
  const name = labels[label.destinationWorkload]
  const service = isKnown(name) ? undefined : serviceGroup(labels)
  if (service === undefined) return workload(labels[label.destinationNamespace], name)
  const { id, title, namespace, name: serviceName } = service
  return { id: `service ${id}`, title, peer: { kind: 'service', namespace, name: serviceName } }
}

function workload(
  namespace: string | undefined,
  name: string | undefined,
): (Group & { readonly peer: Peer }) | undefined {
  if (name === undefined && namespace === undefined) return undefined
  const inNamespace = namespace ?? ''
  if (name === undefined) {
    return {
      id: inNamespace,
      title: `somewhere in ${inNamespace}`,
      peer: { kind: 'namespace', namespace: inNamespace },
    }
  }
  if (!isKnown(name)) return { id: 'unknown', title: 'unknown', peer: { kind: 'unknown' } }
  const peer = { kind: 'workload', namespace: inNamespace, name } as const
  return { id: `${inNamespace}/${name}`, title: serviceTitle(peer), peer }
}

/**
 * The matchers, one list for each disjoint part, that select the calls with some peers, or with all others, within a slice. Where the
 * slice hides that end's names, namespaces alone are matched on, and only where they may be told: whether numbers come out would tell
 * whether a name exists. Those calls belong to the rest.
 */
export function peerMatchers(
  { peers, isRest }: PeerFilter,
  direction: Direction,
  { hides, hidesService }: Pick<Slice, 'hides' | 'hidesService'>,
  tellsNamespaces: boolean,
): readonly (readonly Matcher[])[] {
  const isInbound = direction === 'inbound'
  const { inNamespace, name } = isInbound
    ? { inNamespace: label.sourceNamespace, name: label.sourceWorkload }
    : { inNamespace: label.destinationNamespace, name: label.destinationWorkload }
  if (hides === (isInbound ? 'source' : 'destination')) {
    const hidden = peers.flatMap((peer) => (peer.kind === 'namespace' ? [peer.namespace] : []))
    if (!tellsNamespaces || hidden.length === 0) return isRest ? [[]] : []
    return [[{ label: inNamespace, op: isRest ? '!~' : '=~', value: anyOf([...new Set(hidden)].sort()) }]]
  }
  const named = (kind: 'workload' | 'service') =>
    peers.flatMap((peer) => (peer.kind === kind && 'name' in peer ? [peer] : []))
  const reached = tuples(inNamespace, name, named('workload'), isRest)
  const hasUnknown = peers.some(({ kind }) => kind === 'unknown')
  const known: Matcher = { label: name, op: '!~', value: 'unknown|' }
  const unknown: Matcher = { label: name, op: '=~', value: 'unknown|' }
  const workloads = reached.map((each) => [known, ...each])
  if (isInbound) return [...workloads, ...(hasUnknown === isRest ? [] : [[unknown]])]
  // Where a service's name must not be matched on, calls that only meant one are among the rest.
  if (hidesService === true) return [...workloads, ...(isRest ? [[unknown]] : [])]
  const meant = tuples(label.serviceNamespace, label.serviceName, named('service'), isRest)
  return [
    ...workloads,
    ...meant.map((each) => [unknown, { label: label.serviceName, op: '!~', value: 'unknown|' } as const, ...each]),
    ...(hasUnknown === isRest ? [] : [[unknown, { label: label.serviceName, op: '=~', value: 'unknown|' } as const]]),
  ]
}

/** Selects names in their namespaces, or everything else: one list of matchers for each namespace, and for the rest one for all others. */
export function tuples(
  inNamespace: string,
  name: string,
  wanted: readonly { readonly namespace: string; readonly name: string }[],
  isRest: boolean,
): readonly (readonly Matcher[])[] {
  const namesOf = new Map<string, string[]>()
  for (const { namespace, name: each } of wanted) {
    const known = namesOf.get(namespace)
    if (known === undefined) namesOf.set(namespace, [each])
    else known.push(each)
  }
  const inNamespaces = [...namesOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, names]): readonly Matcher[] => [
      { label: inNamespace, op: '=', value: namespace },
      { label: name, op: isRest ? '!~' : '=~', value: anyOf([...new Set(names)].sort()) },
    ])
  if (!isRest) return inNamespaces
  if (inNamespaces.length === 0) return [[]]
  return [[{ label: inNamespace, op: '!~', value: anyOf([...namesOf.keys()].sort()) }], ...inNamespaces]
}
