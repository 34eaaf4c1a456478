import type { GraphEdge, GraphNode } from '../graph.ts'
import { isExportedTo, selects, serviceHost } from './matching.ts'
import type { ObjectIndex } from './matching.ts'
import type {
  DestinationRule,
  HttpRouteObject,
  MeshObjects,
  RouteDestination,
  StringMap,
  Subset,
  VirtualService,
} from './objects.ts'

/** A name that routes and rules speak of: a Service (`namespace/name`) or any other host. */
export type HostKey = string

export function serviceKey(namespace: string, name: string): HostKey {
  return `${namespace}/${name}`
}

/** Host as an object of that namespace writes it → key. */
export function hostKey(host: string, from: string): HostKey {
  const service = serviceHost(host, from)
  return service === undefined ? host : serviceKey(service.namespace, service.name)
}

/** Routes and rules by the host they are about. */
export interface Routing {
  readonly virtualServices: ReadonlyMap<HostKey, readonly VirtualService[]>
  readonly httpRoutes: ReadonlyMap<HostKey, readonly HttpRouteObject[]>
  /** The rule that counts for a host, seen from the callers' side of the given namespace. */
  readonly ruleFor: (key: HostKey) => DestinationRule | undefined
}

export function indexRouting({ virtualServices = [], destinationRules = [], httpRoutes = [] }: MeshObjects): Routing {
  const byHost = new Map<HostKey, VirtualService[]>()
  for (const virtualService of virtualServices) {
    for (const key of keysOf(virtualService)) push(byHost, key, virtualService)
  }
  const routesByHost = new Map<HostKey, HttpRouteObject[]>()
  for (const route of httpRoutes) {
    const hosts = route.rules.flatMap(({ destinations }) =>
      destinations.map(({ host }) => hostKey(host, route.namespace)),
    )
    for (const key of new Set(hosts)) push(routesByHost, key, route)
  }
  const exact = new Map<HostKey, DestinationRule>()
  const wild: DestinationRule[] = []
  for (const rule of destinationRules) {
    if (rule.host.startsWith('*')) wild.push(rule)
    else {
      const key = hostKey(rule.host, rule.namespace)
      const before = exact.get(key)
      // The service's own namespace goes first, then whichever is exported.
      if (before === undefined || key.startsWith(`${rule.namespace}/`)) exact.set(key, rule)
    }
  }
  return {
    virtualServices: byHost,
    httpRoutes: routesByHost,
    ruleFor: (key) => {
      const [namespace = '', name] = key.split('/')
      const host = name === undefined ? key : `${name}.${namespace}.svc.cluster.local`
      const found =
        exact.get(key) ??
        wild
          .filter((rule) => host.endsWith(rule.host.slice(1)) && isExportedTo(rule.exportTo, rule.namespace, namespace))
          .toSorted((a, b) => b.host.length - a.host.length)[0]
      return found
    },
  }
}

/** The hosts a VirtualService is about: its own, and those it routes to. */
function keysOf({ hosts, http, tcp, tls, namespace }: VirtualService): ReadonlySet<HostKey> {
  const targets = [...http, ...tcp, ...tls].flatMap(({ destinations }) => destinations.map(({ host }) => host))
  return new Set([...hosts, ...targets].filter((host) => !host.includes('*')).map((host) => hostKey(host, namespace)))
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [item])
  else list.push(item)
}

/** The subset of that name in the rule that counts for the host. */
export function subsetOf({ host, subset }: RouteDestination, from: string, routing: Routing): Subset | undefined {
  if (subset === undefined) return undefined
  return routing.ruleFor(hostKey(host, from))?.subsets.find(({ name }) => name === subset)
}

/** Whether all the node stands for has these labels; without Kubernetes, the version label speaks. */
export function nodeHasLabels(node: GraphNode, labels: StringMap, index: ObjectIndex): boolean {
  const workloads = index.workloadsOf(node)
  if (workloads.length > 0) return workloads.every((workload) => selects(labels, workload.labels))
  return node.version !== undefined && labels['version'] === node.version
}

/** Whether any of the node's workloads carries the labels: an app has a route of one of its versions. */
export function nodePartHasLabels(node: GraphNode, labels: StringMap, index: ObjectIndex): boolean {
  const workloads = index.workloadsOf(node)
  if (workloads.length > 0) return workloads.some((workload) => selects(labels, workload.labels))
  return nodeHasLabels(node, labels, index)
}

/** Node id → requests per second (bytes for TCP) that reached it by way of one service. */
export type Arrivals = ReadonlyMap<string, number>

/**
 * What each node got of a service's traffic, by the service's key: from the service's own node where it is drawn, else by the hosts
 * that responses name; empty where neither tells.
 */
export function indexArrivals(
  edges: readonly GraphEdge[],
  services: ReadonlyMap<string, HostKey>,
): (key: HostKey, protocols: 'requests' | 'tcp') => Arrivals {
  const drawn = new Map<string, Map<string, number>>()
  const told = new Map<string, Map<string, number>>()
  const keys = new Map<string, HostKey>()
  const add = (into: Map<string, Map<string, number>>, name: string, target: string, rate: number): void => {
    const byNode = into.get(name) ?? new Map<string, number>()
    into.set(name, byNode)
    byNode.set(target, (byNode.get(target) ?? 0) + rate)
  }
  for (const { source, target, protocol, rate, responses } of edges) {
    const family = protocol === 'tcp' ? 'tcp' : 'requests'
    const from = services.get(source)
    if (from !== undefined) add(drawn, `${family} ${from}`, target, rate)
    if (services.has(target)) continue
    for (const { host, rate: part } of responses) {
      if (host === undefined) continue
      const key = keys.get(host) ?? hostKey(host, '')
      keys.set(host, key)
      add(told, `${family} ${key}`, target, part)
    }
  }
  const none: Arrivals = new Map()
  return (key, protocols) => drawn.get(`${protocols} ${key}`) ?? told.get(`${protocols} ${key}`) ?? none
}
