import type { Badge, GraphNode, MeshGraph } from '../graph.ts'
import { listed, short } from '../phrases.ts'
import { withIngressControllers } from './ingress.ts'
import { canonicalName, canonicalRevision, hasEntries, indexObjects, isExportedTo, selects } from './matching.ts'
import type { MeshObjects, ServiceEntry, StringMap, WorkloadObject } from './objects.ts'
import { policyBadges, refOf } from './policyBadges.ts'
import { isGatewayWorkload, isWaypointWorkload, kubernetesGatewayOf } from './roles.ts'
import { hostKey, indexArrivals, indexRouting, serviceKey } from './routing.ts'
import type { HostKey } from './routing.ts'
import { routeBadges, ruleBadges } from './trafficBadges.ts'
import type { RoutingContext } from './trafficBadges.ts'

/**
 * The graph with what Kubernetes and Istio objects say of its nodes: kind, replicas, labels, badges, gateway, waypoint, ServiceEntry,
 * in or out of the mesh, dead; and ingress controllers that telemetry only knows as `unknown`, named and marked inferred.
 * Telemetry's numbers stay as they are. What was not read changes nothing, and objects of another cluster concern nobody.
 */
export function withObjects(graph: MeshGraph, objects: MeshObjects): MeshGraph {
  const index = indexObjects(objects)
  const named = withIngressControllers(graph, index)
  const services = serviceNodes(named)
  const context: Context = {
    index,
    routing: indexRouting(objects),
    nodes: new Map(named.nodes.map((node) => [node.id, node])),
    arrivalsAt: indexArrivals(named.edges, services),
    // A service node that nothing leaves stands for calls that never arrived: no route's workloads hang from it.
    drawn: new Set(named.edges.flatMap(({ source }) => services.get(source) ?? [])),
    hostsOf: hostsByNode(named),
    callersOf: callerNamespaces(named),
  }
  return {
    ...named,
    nodes: named.nodes.map((node) => (index.speaksFor(node.cluster) ? described(node, context) : node)),
  }
}

interface Context extends RoutingContext {
  /** The services that have a node of their own, where routing badges then stand. */
  readonly drawn: ReadonlySet<HostKey>
  /** Node id → the hosts its callers asked for. */
  readonly hostsOf: ReadonlyMap<string, ReadonlySet<HostKey>>
  readonly callersOf: ReadonlyMap<string, ReadonlySet<string>>
}

function described(node: GraphNode, context: Context): GraphNode {
  if (node.kind === 'unknown' || node.kind === 'operation') return node
  return node.kind === 'service' ? describedService(node, context) : describedWorkload(node, context)
}

function describedService(node: GraphNode, context: Context): GraphNode {
  const { service = '' } = node
  const object = context.index.serviceOf(node.namespace, service)
  const key = keyOfService(node)
  const entry = serviceEntryFor(node, context)
  const badges = [
    ...routeBadges(node, key, context),
    ...ruleBadges(node, key, context),
    ...(entry === undefined ? [] : [serviceEntryBadge(entry)]),
  ]
  return {
    ...node,
    ...(entry === undefined ? {} : { isServiceEntry: true }),
    ...(badges.length === 0 ? {} : { badges: [...(node.badges ?? []), ...badges] }),
    ...(hasEntries(object?.labels) ? { labels: object?.labels ?? {} } : {}),
  }
}

function describedWorkload(node: GraphNode, context: Context): GraphNode {
  const { index } = context
  const { objects } = index
  const workloads = index.workloadsOf(node)
  const entries = workloadEntriesFor(node, objects)
  const badges = [
    ...servicesOf(node, workloads, context).flatMap((key) => [
      ...(context.drawn.has(key) ? [] : routeBadges(node, key, context)),
      ...ruleBadges(node, key, context),
    ]),
    ...workloads.flatMap((workload) => policyBadges(workload, objects)),
    ...workloads.flatMap((workload) => gatewayBadges(workload, objects)),
    ...entries,
  ]
  const isAll = (test: (workload: WorkloadObject) => boolean): boolean => workloads.length > 0 && workloads.every(test)
  const isWaypoint = node.isWaypoint === true || isAll((one) => isWaypointWorkload(one, objects))
  const isGateway = isAll((one) => isGatewayWorkload(one, objects))
  const isDead = isAll(hasNoPods)
  const isOutOfMesh =
    !isWaypoint &&
    !isGateway &&
    !isDead &&
    isAll(({ isInjected, isAmbient }) => isInjected === false && isAmbient !== true)
  const all = unique(isOutOfMesh ? [...badges, missingSidecar(workloads)] : badges)
  const kinds = new Set(workloads.map(({ kind }) => kind))
  const labels = commonLabels(workloads)
  const replicas = replicasOf(workloads)
  return {
    ...node,
    ...(kinds.size === 1 ? { workloadKind: [...kinds].join() } : {}),
    ...(isWaypoint ? { isWaypoint } : {}),
    ...(isGateway ? { isGateway } : {}),
    ...(isOutOfMesh ? { isOutOfMesh } : {}),
    ...(isDead ? { isDead } : {}),
    ...(isAll(({ isAmbient }) => isAmbient === true) ? { isAmbient: true } : {}),
    ...(all.length === 0 ? {} : { badges: [...(node.badges ?? []), ...all] }),
    ...(hasEntries(labels) ? { labels } : {}),
    ...(replicas === undefined ? {} : { replicas }),
  }
}

/** The key of a service node; a ServiceEntry's name is a host. */
function keyOfService({ namespace, service = '' }: GraphNode): HostKey {
  return service.includes('.') ? hostKey(service, namespace) : serviceKey(namespace, service)
}

/** Node id of a service node → its key. */
function serviceNodes(graph: MeshGraph): ReadonlyMap<string, HostKey> {
  return new Map(graph.nodes.flatMap((node) => (node.kind === 'service' ? [[node.id, keyOfService(node)]] : [])))
}

/** The services in front of a workload or app: by selectors where Services were read, else by the hosts its callers asked for. */
function servicesOf(
  node: GraphNode,
  workloads: readonly WorkloadObject[],
  { index, hostsOf }: Context,
): readonly HostKey[] {
  if (index.objects.services === undefined || workloads.length === 0) return [...(hostsOf.get(node.id) ?? [])]
  return [
    ...new Set(
      workloads.flatMap((workload) =>
        index.servicesOver(workload).map(({ namespace, name }) => serviceKey(namespace, name)),
      ),
    ),
  ]
}

function hostsByNode(graph: MeshGraph): ReadonlyMap<string, ReadonlySet<HostKey>> {
  const found = new Map<string, Set<HostKey>>()
  for (const { target, responses } of graph.edges) {
    const hosts = found.get(target) ?? new Set()
    for (const { host } of responses) if (host !== undefined) hosts.add(hostKey(host, ''))
    found.set(target, hosts)
  }
  return found
}

function callerNamespaces(graph: MeshGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const namespaces = new Map(graph.nodes.map(({ id, namespace }) => [id, namespace]))
  const found = new Map<string, Set<string>>()
  for (const { source, target } of graph.edges) {
    const callers = found.get(target) ?? new Set()
    callers.add(namespaces.get(source) ?? '')
    found.set(target, callers)
  }
  return found
}

/** The ServiceEntry whose host the node is, visible to a caller; the more exact host and the node's own namespace go first. */
function serviceEntryFor(node: GraphNode, { index, callersOf }: Context): ServiceEntry | undefined {
  const { service = '' } = node
  const callers = [...(callersOf.get(node.id) ?? [])]
  const isSeen = ({ exportTo, namespace }: ServiceEntry): boolean =>
    callers.length === 0 || callers.some((caller) => isExportedTo(exportTo, namespace, caller))
  return (index.objects.serviceEntries ?? [])
    .filter((entry) => entry.hosts.some((host) => isHostOf(host, service)) && isSeen(entry))
    .toSorted(
      (a, b) =>
        Number(b.hosts.includes(service)) - Number(a.hosts.includes(service)) ||
        Number(b.namespace === node.namespace) - Number(a.namespace === node.namespace),
    )[0]
}

function isHostOf(host: string, name: string): boolean {
  return host === name || (host.startsWith('*.') && name.endsWith(host.slice(1)))
}

function serviceEntryBadge(entry: ServiceEntry): Badge {
  const where = entry.location === 'MESH_INTERNAL' ? 'inside' : 'outside'
  const hosts = entry.hosts.slice(0, 3).map((host) => short(host))
  return {
    kind: 'serviceEntry',
    text: `ServiceEntry ${entry.namespace}/${entry.name} names it (${listed(hosts)}), ${where} the mesh.`,
    objects: [refOf('ServiceEntry', entry)],
  }
}

function workloadEntriesFor(node: GraphNode, { workloadEntries = [] }: MeshObjects): readonly Badge[] {
  const mine = workloadEntries.filter((entry) => {
    if (entry.namespace !== node.namespace) return false
    if (node.workload !== undefined && node.workload === entry.name) return true
    if (!hasEntries(entry.labels) || canonicalName(entry) !== node.app) return false
    return node.version === undefined || canonicalRevision(entry) === node.version
  })
  if (mine.length === 0) return []
  const [{ address } = {}] = mine
  const at = mine.length === 1 && address !== undefined ? ` at ${short(address)}` : ''
  return [
    {
      kind: 'workloadEntry',
      text: `Runs outside Kubernetes${at}: ${mine.length === 1 ? 'a WorkloadEntry' : `${mine.length} WorkloadEntries`} of ${short(mine[0]?.namespace ?? '')}.`,
      objects: mine.map((entry) => refOf('WorkloadEntry', entry)),
    },
  ]
}

function gatewayBadges(workload: WorkloadObject, objects: MeshObjects): readonly Badge[] {
  const istio = (objects.gateways ?? []).filter(
    ({ selector }) => hasEntries(selector) && selects(selector, workload.labels),
  )
  const kubernetes = isWaypointWorkload(workload, objects) ? undefined : kubernetesGatewayOf(workload, objects)
  const hosts = [
    ...istio.flatMap(({ servers }) => servers.flatMap((server) => server.hosts)),
    ...(kubernetes?.hosts ?? []),
  ]
  const refs = [
    ...istio.map((gateway) => refOf('Gateway', gateway)),
    ...(kubernetes === undefined ? [] : [refOf('Gateway', kubernetes)]),
  ]
  if (refs.length === 0) return []
  const shown = [...new Set(hosts)].map((host) => short(host))
  const some = shown.length > 4 ? [...shown.slice(0, 4), `${shown.length - 4} more`] : shown
  const what = `Gateway for ${some.length === 0 ? 'no hosts' : listed(some)}`
  return [{ kind: 'gateway', text: `${what}.`, objects: refs }]
}

function missingSidecar(workloads: readonly WorkloadObject[]): Badge {
  return {
    kind: 'missingSidecar',
    text: 'Runs with neither sidecar nor ambient, so the mesh sees it only through its peers.',
    objects: workloads.map((workload) => refOf(workload.kind, workload)),
  }
}

/** Kubernetes knows it, and there is no pod of it. */
function hasNoPods({ replicas, pods }: WorkloadObject): boolean {
  const alive = pods?.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')
  return alive === undefined ? replicas?.current === 0 : alive.length === 0
}

function replicasOf(workloads: readonly WorkloadObject[]): GraphNode['replicas'] {
  const known = workloads.flatMap(({ replicas }) => replicas ?? [])
  if (known.length === 0) return undefined
  return known.reduce((sum, one) => ({
    desired: sum.desired + one.desired,
    current: sum.current + one.current,
    available: sum.available + one.available,
  }))
}

/** The labels that all of them share. */
function commonLabels([first, ...others]: readonly WorkloadObject[]): StringMap {
  if (first === undefined) return {}
  return Object.fromEntries(
    Object.entries(first.labels).filter(
      ([label, value]) => label !== 'pod-template-hash' && others.every(({ labels }) => labels[label] === value),
    ),
  )
}

/** A badge once, however many services or workloads bring it. */
function unique(badges: readonly Badge[]): readonly Badge[] {
  return [...new Map(badges.map((badge) => [`${badge.kind} ${badge.text}`, badge])).values()]
}
