import type { ObjectLists } from '../config/decode.ts'
import { httpRouteObjectOf, targetRefOf } from '../config/decodeTraffic.ts'
import { indexRouting, hostKey } from '../config/routing.ts'
import type { RouteDestination, StringMap, TargetRef } from '../config/objects.ts'
import { listAt, mapAt, namedOf } from '../config/reading.ts'
import { selects } from '../config/matching.ts'
import { nameOf, type Checked, type ObjectName } from './finding.ts'
import { carries, hostsOf } from './hosts.ts'
import { kubernetesGateway } from './kinds.ts'

/** One object names another, or picks it by its labels. */
export interface Reference {
  readonly from: ObjectName
  /** `kind` is `Host` for a host that is neither a Service nor a ServiceEntry. */
  readonly to: ObjectName
  /** A verb phrase between the two: `routes to`. */
  readonly how: string
  /** `unread`: it lies where the viewer may not look, so that it may well be there. */
  readonly state: 'found' | 'missing' | 'unread'
}

/** A policy as far as it says what it is for. */
interface Policy {
  readonly namespace: string
  readonly name: string
  readonly selector?: StringMap | undefined
  readonly targets?: readonly TargetRef[]
}

/**
 * Who refers to whom among the configuration of one cluster, in the order the objects write it; each reference once. Wildcards refer to
 * nothing in particular and are left out. `lists` adds the kinds that are not decoded.
 */
export function referencesOf(checked: Checked, lists: ObjectLists = {}): readonly Reference[] {
  const { objects } = checked
  const hosts = hostsOf(checked)
  const routing = indexRouting(objects)
  const found = new Map<string, Reference>()
  const add = (from: ObjectName, how: string, to: ObjectName, state: Reference['state']): void => {
    found.set(JSON.stringify([from, how, to]), { from, to, how, state })
  }
  const known = (all: readonly { namespace: string; name: string }[] | undefined) => {
    const keys = all === undefined ? undefined : new Set(all.map(({ namespace, name }) => `${namespace}/${name}`))
    return ({ namespace, name }: ObjectName): Reference['state'] =>
      keys?.has(`${namespace}/${name}`) === true
        ? 'found'
        : keys === undefined || !hosts.wasRead(namespace)
          ? 'unread'
          : 'missing'
  }
  const gatewayState = known(objects.gateways)
  const kubernetesGatewayState = known(objects.kubernetesGateways)
  const virtualServiceState = known(objects.virtualServices)
  const serviceState = known(objects.services)

  const addHost = (from: ObjectName, how: string, host: string, { isOnlyIfFound = false } = {}): void => {
    const meant = hosts.find(host, from.namespace)
    if (meant.kind === 'service') add(from, how, nameOf('Service', meant.service), 'found')
    else if (meant.kind === 'entry') add(from, how, nameOf('ServiceEntry', meant.entry), 'found')
    else if (meant.kind !== 'wildcard' && !isOnlyIfFound) {
      add(from, how, { kind: 'Host', namespace: '', name: host }, meant.kind)
    }
  }
  const addDestination = (from: ObjectName, { host, subset }: RouteDestination, how: string): void => {
    addHost(from, how, host)
    if (subset === undefined) return
    const rule = routing.ruleFor(hostKey(host, from.namespace))
    if (rule === undefined) return
    const state = rule.subsets.some(({ name }) => name === subset) ? 'found' : 'missing'
    add(from, `takes the subset ${subset} from`, nameOf('DestinationRule', rule), state)
  }
  const addTarget = (from: ObjectName, how: string, target: TargetRef): void => {
    const { kind, name, namespace = from.namespace } = target
    if (kind === 'Gateway') {
      const to = { kind: kubernetesGateway, namespace, name }
      add(from, how, to, kubernetesGatewayState(to))
    } else if (kind === 'Service') {
      const to = { kind, namespace, name }
      add(from, how, to, serviceState(to))
    } else if (kind === 'ServiceEntry') addHost(from, how, name, { isOnlyIfFound: true })
  }
  const addPicked = (from: ObjectName, how: string, selector: StringMap, isEverywhere = false): void => {
    for (const workload of objects.workloads ?? []) {
      if ((isEverywhere || workload.namespace === from.namespace) && carries(workload, selector)) {
        add(from, how, nameOf(workload.kind, workload), 'found')
      }
    }
  }
  const addPolicies = (kind: string, policies: readonly Policy[] = []): void => {
    for (const policy of policies) {
      const from = nameOf(kind, policy)
      for (const target of policy.targets ?? []) addTarget(from, 'applies to', target)
      const { selector = {} } = policy
      if (Object.keys(selector).length > 0) addPicked(from, 'applies to', selector)
    }
  }

  for (const one of objects.virtualServices ?? []) {
    const from = nameOf('VirtualService', one)
    for (const host of one.hosts) addHost(from, 'is about', host, { isOnlyIfFound: true })
    for (const gateway of one.gateways) {
      if (gateway === 'mesh') continue
      const slash = gateway.indexOf('/')
      const namespace = slash <= 0 ? from.namespace : gateway.slice(0, slash)
      const to = { kind: 'Gateway', namespace, name: gateway.slice(slash + 1) }
      add(from, 'is served by', to, gatewayState(to))
    }
    for (const { delegate, mirrors } of one.http) {
      for (const mirror of mirrors) addDestination(from, mirror, 'mirrors to')
      if (delegate === undefined) continue
      const to = {
        kind: 'VirtualService',
        namespace: delegate.namespace ?? from.namespace,
        name: delegate.name,
      }
      add(from, 'delegates to', to, virtualServiceState(to))
    }
    for (const { destinations } of [...one.http, ...one.tcp, ...one.tls]) {
      for (const destination of destinations) addDestination(from, destination, 'routes to')
    }
  }
  for (const one of objects.destinationRules ?? []) addHost(nameOf('DestinationRule', one), 'is about', one.host)
  for (const one of objects.gateways ?? []) addPicked(nameOf('Gateway', one), 'configures', one.selector, true)
  for (const one of objects.serviceEntries ?? []) {
    const { selector } = one
    if (selector === undefined) continue
    const from = nameOf('ServiceEntry', one)
    addPicked(from, 'picks', selector)
    for (const entry of objects.workloadEntries ?? []) {
      if (entry.namespace === one.namespace && selects(selector, entry.labels)) {
        add(from, 'picks', nameOf('WorkloadEntry', entry), 'found')
      }
    }
  }
  for (const one of objects.sidecars ?? []) {
    const from = nameOf('Sidecar', one)
    for (const written of one.egressHosts) {
      const [where = '*', host = ''] = written.split('/', 2)
      const namespace = where === '.' ? one.namespace : where
      // With `*` for a namespace the host is looked for everywhere, as from the Sidecar's own.
      if (host === '' || host.includes('*') || where === '~') continue
      const meant = hosts.find(host, namespace === '*' ? one.namespace : namespace)
      if (meant.kind === 'service') add(from, 'lets out to', nameOf('Service', meant.service), 'found')
      if (meant.kind === 'entry') add(from, 'lets out to', nameOf('ServiceEntry', meant.entry), 'found')
    }
  }
  addPolicies('Sidecar', objects.sidecars)
  addPolicies('EnvoyFilter', objects.envoyFilters)
  addPolicies('PeerAuthentication', objects.peerAuthentications)
  addPolicies('AuthorizationPolicy', objects.authorizationPolicies)
  addPolicies('RequestAuthentication', lists['requestauthentications.security.istio.io']?.map(policyOf))
  addPolicies('Telemetry', lists['telemetries.telemetry.istio.io']?.map(policyOf))
  const routes = {
    HTTPRoute: objects.httpRoutes,
    GRPCRoute: lists['grpcroutes.gateway.networking.k8s.io']?.map(httpRouteObjectOf),
  }
  for (const [kind, all = []] of Object.entries(routes)) {
    for (const one of all) {
      const from = nameOf(kind, one)
      for (const parent of one.parents) addTarget(from, 'is attached to', parent)
      for (const { destinations, mirrors } of one.rules) {
        for (const destination of destinations) addDestination(from, destination, 'routes to')
        for (const mirror of mirrors) addDestination(from, mirror, 'mirrors to')
      }
    }
  }
  return [...found.values()]
}

/** Of RequestAuthentications and Telemetries; https://istio.io/latest/docs/reference/config/type/workload-selector/ */
function policyOf(item: unknown): Policy {
  const one = listAt(item, 'spec', 'targetRefs').flatMap((target) => targetRefOf(target, 'Service'))
  return { ...namedOf(item), selector: mapAt(item, 'spec', 'selector', 'matchLabels'), targets: one }
}
