import { canonicalRevision, groupBy, indexObjects, type ObjectIndex } from './config/matching.ts'
import type { MeshObjects, NamespaceObject, StringMap, WorkloadObject } from './config/objects.ts'
import { refOf } from './config/policyBadges.ts'
import { isGatewayWorkload, isWaypointWorkload } from './config/roles.ts'
import type { GraphEdge, GraphNode, GraphType, MeshGraph, Replicas } from './graph.ts'
import { groupHealth, type Health, type HealthPolicy } from './health.ts'
import { injectionOf, summaryOf, type Injection, type InjectionSummary } from './injection.ts'
import { isKnown } from './telemetry.ts'

/** What a list can be of. */
export type ListKind = 'namespaces' | 'apps' | 'workloads' | 'services'

/** One namespace, app, workload or service with its traffic. Per second, seconds, ratios 0 to 1; not measured is absent. */
export interface InventoryRow {
  /** Unique within the list, and the same in every refresh. */
  readonly id: string
  readonly cluster: string
  /** Of a namespace its own name. */
  readonly namespace: string
  readonly name: string
  /** As Kubernetes calls it: `Deployment`, `ClusterIP`; absent where it does not know it. */
  readonly kind?: string
  readonly health: Health
  /** Requests that arrive. */
  readonly rate?: number
  readonly errorRatio?: number
  /** Requests it makes. */
  readonly calls?: number
  /** Bytes of requests, responses and TCP that come and go at its door. */
  readonly throughput?: number
  /** Share of what arrives that came under mutual TLS. */
  readonly mtls?: number
  readonly injection?: InjectionSummary
  readonly replicas?: Replicas
  readonly versions: readonly string[]
  readonly labels: StringMap
  /** Istio objects that concern it, `kind/namespace/name`. */
  readonly config: readonly string[]
  /** Rancher's project. */
  readonly project?: string
  readonly isGateway?: boolean
}

/** The level a list's graph is read at, and whether services are nodes of it. */
export function graphOf(kind: ListKind): { readonly graphType: GraphType; readonly serviceNodes: boolean } {
  return { graphType: kind === 'apps' ? 'app' : 'workload', serviceNodes: kind === 'services' }
}

/**
 * The rows of a list, from a judged graph that was read as `graphOf` says with idle elements, and from the objects where there are any.
 * Only what stands in the graph's namespaces; sorted by namespace and name.
 */
export function inventoryOf(
  kind: ListKind,
  graph: MeshGraph,
  objects: MeshObjects | undefined,
  policy: HealthPolicy,
): readonly InventoryRow[] {
  const known = knownOf(objects)
  const flows = flowsByEnd(graph)
  const rows = kind === 'namespaces' ? namespaceRows(graph, known, policy) : elementRows(kind, graph, flows, known)
  return rows.toSorted((a, b) => order(a.namespace, b.namespace) || order(a.name, b.name) || order(a.id, b.id))
}

interface Known {
  readonly objects: MeshObjects
  readonly index: ObjectIndex
  readonly namespaces: ReadonlyMap<string, NamespaceObject>
  readonly injection: (workload: WorkloadObject) => Injection | undefined
}

function knownOf(objects: MeshObjects = {}): Known {
  const namespaces = new Map((objects.namespaces ?? []).map((each) => [each.name, each]))
  return {
    objects,
    index: indexObjects(objects),
    namespaces,
    injection: (workload) =>
      injectionOf({
        ...workload,
        namespace: namespaces.get(workload.namespace),
        isProxy: isProxyWorkload(workload, objects),
        injector: objects.injector,
      }),
  }
}

/** Whether its pods are a proxy of the mesh: a gateway, a waypoint, ztunnel. */
export function isProxyWorkload(workload: WorkloadObject, objects: MeshObjects): boolean {
  const isZtunnel = workload.kind === 'DaemonSet' && workload.labels['app'] === 'ztunnel'
  return isZtunnel || isGatewayWorkload(workload, objects) || isWaypointWorkload(workload, objects)
}

/** Node id → the edges that arrive at it and that leave it. */
type Flows = ReadonlyMap<string, { readonly arriving: readonly GraphEdge[]; readonly leaving: readonly GraphEdge[] }>

function flowsByEnd({ nodes, edges }: MeshGraph): Flows {
  const flows = new Map(nodes.map(({ id }) => [id, { arriving: [] as GraphEdge[], leaving: [] as GraphEdge[] }]))
  for (const edge of edges) {
    flows.get(edge.target)?.arriving.push(edge)
    flows.get(edge.source)?.leaving.push(edge)
  }
  return flows
}

function elementRows(kind: ListKind, graph: MeshGraph, flows: Flows, known: Known): readonly InventoryRow[] {
  return graph.nodes
    .filter((node) => isListed(kind, node))
    .map((node) => {
      const workloads = kind === 'services' ? behindService(node, known) : known.index.workloadsOf(node)
      const { arriving = [], leaving = [] } = flows.get(node.id) ?? {}
      const name = (kind === 'services' ? node.service : kind === 'apps' ? node.app : node.workload) ?? ''
      const type = kind === 'services' ? serviceType(node, known, name) : node.workloadKind
      const injection = summaryOf(workloads.map(known.injection))
      const versions = [
        ...new Set([...workloads.map(canonicalRevision), ...(node.version === undefined ? [] : [node.version])]),
      ]
      const replicas = kind === 'services' ? replicasOf(workloads) : node.replicas
      const project = known.namespaces.get(node.namespace)?.project
      return {
        id: node.id,
        cluster: node.cluster,
        namespace: node.namespace,
        name,
        ...(type === undefined ? {} : { kind: type }),
        health: node.health ?? { state: 'unknown', reasons: [] },
        ...signalsOf(arriving, kind === 'services' ? [] : leaving),
        ...(injection === undefined ? {} : { injection }),
        ...(replicas === undefined ? {} : { replicas }),
        versions: versions.sort(),
        labels: node.labels ?? {},
        config: [
          ...new Set(
            (node.badges ?? [])
              .filter(({ kind: badge }) => badge !== 'missingSidecar')
              .flatMap((badge) => badge.objects),
          ),
        ].sort(),
        ...(project === undefined ? {} : { project }),
        ...(node.isGateway === true ? { isGateway: true } : {}),
      }
    })
}

function isListed(
  kind: ListKind,
  { kind: node, isOutside, isInaccessible, namespace, isWaypoint }: GraphNode,
): boolean {
  if (isOutside === true || isInaccessible === true || !isKnown(namespace)) return false
  if (kind === 'services') return node === 'service'
  if (kind === 'apps') return node === 'app' && isWaypoint !== true
  return node === 'workload'
}

function behindService({ namespace, service = '' }: GraphNode, { index }: Known): readonly WorkloadObject[] {
  const object = index.serviceOf(namespace, service)
  return object === undefined ? [] : index.workloadsBehind(object)
}

/** A Service that does not say its type is a ClusterIP; a host that is none may be a ServiceEntry's. */
function serviceType(node: GraphNode, { index }: Known, name: string): string | undefined {
  const service = index.serviceOf(node.namespace, name)
  if (service !== undefined) return service.type ?? 'ClusterIP'
  return node.isServiceEntry === true ? 'ServiceEntry' : undefined
}

function namespaceRows(graph: MeshGraph, known: Known, policy: HealthPolicy): readonly InventoryRow[] {
  const inScope = new Set(graph.namespaces)
  const isIn = (name: string): boolean => inScope.size === 0 || inScope.has(name)
  const nodes = groupBy(
    graph.nodes.filter((node) => isKnown(node.namespace) && node.kind !== 'unknown' && isIn(node.namespace)),
    ({ namespace }) => namespace,
  )
  const workloads = groupBy(known.objects.workloads ?? [], ({ namespace }) => namespace)
  const config = groupBy(configOf(known.objects), ({ namespace }) => namespace)
  const namespaceOf = new Map(graph.nodes.map(({ id, namespace }) => [id, namespace]))
  const arriving = groupBy(graph.edges, (edge) => namespaceOf.get(edge.target) ?? '')
  const leaving = groupBy(graph.edges, (edge) => namespaceOf.get(edge.source) ?? '')
  const names = new Set([...nodes.keys(), ...[...known.namespaces.keys()].filter(isIn), ...inScope])
  return [...names].map((name) => {
    const members = nodes.get(name) ?? []
    const object = known.namespaces.get(name)
    const own = workloads.get(name) ?? []
    const injection = summaryOf(own.map(known.injection))
    const replicas = replicasOf(own)
    const health: Health =
      members.length === 0
        ? { state: 'idle', reasons: ['Nothing runs here, and nothing was called.'] }
        : groupHealth(graph, new Set(members.map(({ id }) => id)), policy)
    return {
      id: name,
      cluster: members[0]?.cluster ?? '',
      namespace: name,
      name,
      health,
      ...signalsOf(arriving.get(name) ?? [], leaving.get(name) ?? []),
      ...(injection === undefined ? {} : { injection }),
      ...(replicas === undefined ? {} : { replicas }),
      versions: [],
      labels: object?.labels ?? {},
      config: (config.get(name) ?? []).map(({ ref }) => ref).sort(),
      ...(object?.project === undefined ? {} : { project: object.project }),
    }
  })
}

/** Rate, errors, throughput and mTLS of what arrives; and the rate of what is called. */
function signalsOf(
  arriving: readonly GraphEdge[],
  leaving: readonly GraphEdge[],
): Partial<Pick<InventoryRow, 'rate' | 'errorRatio' | 'calls' | 'throughput' | 'mtls'>> {
  const requests = arriving.filter(isRequests)
  const rate = sum(requests.map((edge) => edge.rate))
  const errors = sum(requests.map((edge) => (edge.errorRatio ?? 0) * edge.rate))
  const calls = sum(leaving.filter(isRequests).map((edge) => edge.rate))
  const throughput = sum(arriving.flatMap((edge) => (edge.protocol === 'tcp' ? moving(edge) : (edge.throughput ?? []))))
  const secured = requests.length > 0 ? requests : arriving.filter(({ rate: each }) => each > 0)
  const measured = secured.filter(({ mtls }) => mtls !== undefined)
  const weight = sum(measured.map((edge) => edge.rate))
  const mtls = sum(measured.map((edge) => (edge.mtls ?? 0) * edge.rate))
  return {
    ...(rate === undefined ? {} : { rate }),
    ...(rate === undefined || errors === undefined || rate === 0 ? {} : { errorRatio: errors / rate }),
    ...(calls === undefined ? {} : { calls }),
    ...(throughput === undefined ? {} : { throughput }),
    ...(mtls === undefined || weight === undefined || weight === 0 ? {} : { mtls: Math.min(1, mtls / weight) }),
  }
}

function isRequests({ protocol, rate }: GraphEdge): boolean {
  return protocol !== 'tcp' && rate > 0
}

function moving({ rate }: GraphEdge): readonly number[] {
  return rate > 0 ? [rate] : []
}

function sum(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0)
}

function replicasOf(workloads: readonly WorkloadObject[]): Replicas | undefined {
  const told = workloads.flatMap(({ replicas }) => replicas ?? [])
  if (told.length === 0) return undefined
  return told.reduce((all, one) => ({
    desired: all.desired + one.desired,
    current: all.current + one.current,
    available: all.available + one.available,
  }))
}

/** Every Istio object with its reference. */
export function configOf(objects: MeshObjects): readonly { readonly namespace: string; readonly ref: string }[] {
  const kinds = {
    VirtualService: objects.virtualServices,
    DestinationRule: objects.destinationRules,
    Gateway: [...(objects.gateways ?? []), ...(objects.kubernetesGateways ?? [])],
    HTTPRoute: objects.httpRoutes,
    ServiceEntry: objects.serviceEntries,
    WorkloadEntry: objects.workloadEntries,
    PeerAuthentication: objects.peerAuthentications,
    AuthorizationPolicy: objects.authorizationPolicies,
    EnvoyFilter: objects.envoyFilters,
    Sidecar: objects.sidecars,
  }
  return Object.entries(kinds).flatMap(([kind, list = []]) =>
    list.map((each) => ({ namespace: each.namespace, ref: refOf(kind, each) })),
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
