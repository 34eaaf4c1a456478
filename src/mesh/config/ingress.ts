import type { Badge, GraphEdge, GraphNode, MeshGraph, NodeTraffic } from '../graph.ts'
import { edgeId, nodeId } from '../identity.ts'
import { listed } from '../phrases.ts'
import { canonicalName, canonicalRevision, groupBy } from './matching.ts'
import type { ObjectIndex } from './matching.ts'
import type { IngressObject, WorkloadObject } from './objects.ts'
import { refOf } from './policyBadges.ts'
import { ingressControllerNames } from './roles.ts'

/**
 * The graph where calls from `unknown` that an ingress controller without sidecar explains come from that controller: those to
 * workloads and services that an Ingress routes to. The controller's node and its edges are marked inferred, since others may hide
 * behind `unknown` as well. Nothing changes where no such controller was read, or several could be meant.
 */
export function withIngressControllers(graph: MeshGraph, index: ObjectIndex): MeshGraph {
  const { ingresses = [], workloads = [] } = index.objects
  // A peer that may not be named is `unknown` too, but has a namespace.
  const unknowns = new Set(
    graph.nodes.flatMap(({ kind, id, namespace }) => (kind === 'unknown' && namespace === 'unknown' ? [id] : [])),
  )
  if (ingresses.length === 0 || unknowns.size === 0) return graph
  const controllers = workloads.flatMap((workload) => {
    const names = ingressControllerNames(workload, index.objects)
    return names === undefined ? [] : [{ workload, names }]
  })
  if (controllers.length === 0) return graph

  const routes = groupBy(
    ingresses.flatMap((ingress) =>
      ingress.services.map((service) => ({ ingress, key: `${ingress.namespace}/${service}` })),
    ),
    ({ key }) => key,
  )
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const edgeIds = new Set(graph.edges.map(({ id }) => id))
  const inferred = new Map<string, Inferred>()
  const edges = graph.edges.map((edge) => {
    const target = nodes.get(edge.target)
    if (
      !unknowns.has(edge.source) ||
      edge.protocol === 'tcp' ||
      target === undefined ||
      !index.speaksFor(target.cluster)
    )
      return edge
    const found = servicesOf(target, index).flatMap((key) => (routes.get(key) ?? []).map(({ ingress }) => ingress))
    const workload = controllerFor(found, controllers)
    if (workload === undefined) return edge
    const node = nodeOf(workload, index.objects.cluster ?? target.cluster, graph)
    const id = edgeId(node.id, edge.target, edge.protocol)
    if (edgeIds.has(id)) return edge
    const before = inferred.get(node.id)
    inferred.set(node.id, {
      node,
      from: new Set([...(before?.from ?? []), edge.source]),
      ingresses: [...(before?.ingresses ?? []), ...found],
    })
    const moved: GraphEdge = { ...edge, id, source: node.id, marks: [...new Set([...edge.marks, 'inferred' as const])] }
    return moved
  })
  if (inferred.size === 0) return graph
  return { ...graph, nodes: nodesAfter(graph, edges, inferred), edges: edges.toSorted(byId) }
}

interface Inferred {
  readonly node: GraphNode
  readonly from: ReadonlySet<string>
  readonly ingresses: readonly IngressObject[]
}

/** `namespace/name` of the Services that a call to this node may have come by. */
function servicesOf(node: GraphNode, index: ObjectIndex): readonly string[] {
  if (node.kind === 'service') return [`${node.namespace}/${node.service ?? ''}`]
  return index
    .workloadsOf(node)
    .flatMap((workload) => index.servicesOver(workload).map(({ namespace, name }) => `${namespace}/${name}`))
}

/** The one controller that serves these Ingresses: named like their class, or the only one there is. */
function controllerFor(
  ingresses: readonly IngressObject[],
  controllers: readonly { readonly workload: WorkloadObject; readonly names: readonly string[] }[],
): WorkloadObject | undefined {
  if (ingresses.length === 0) return undefined
  const classes = new Set(ingresses.map(({ ingressClass }) => ingressClass?.toLowerCase()))
  const fitting = controllers.filter(({ names }) =>
    names.some((name) => [...classes].some((one) => one !== undefined && name.toLowerCase().includes(one))),
  )
  const candidates = fitting.length > 0 ? fitting : controllers
  return candidates.length === 1 ? candidates[0]?.workload : undefined
}

function nodeOf(workload: WorkloadObject, cluster: string, { graphType, namespaces, nodes }: MeshGraph): GraphNode {
  const { namespace, name } = workload
  const [app, version] = [canonicalName(workload), canonicalRevision(workload)]
  const isApp = graphType === 'app' || graphType === 'versionedApp'
  const id = !isApp
    ? nodeId('workload', cluster, namespace, name)
    : graphType === 'app'
      ? nodeId('app', cluster, namespace, app)
      : nodeId('app', cluster, namespace, app, version)
  const drawn = nodes.find((node) => node.id === id)
  return (
    drawn ?? {
      id,
      kind: isApp ? 'app' : 'workload',
      cluster,
      namespace,
      ...(graphType === 'app' ? {} : { workload: name }),
      app,
      ...(graphType === 'app' ? {} : { version }),
      ...(namespaces.length > 0 && !namespaces.includes(namespace) ? { isOutside: true } : {}),
      traffic: {},
    }
  )
}

function nodesAfter(
  graph: MeshGraph,
  edges: readonly GraphEdge[],
  inferred: ReadonlyMap<string, Inferred>,
): readonly GraphNode[] {
  const senders = new Set(edges.map(({ source }) => source))
  const receivers = new Set(edges.flatMap(({ source, target }) => (source === target ? [] : [target])))
  const busy = new Set(edges.flatMap(({ source, target, isIdle }) => (isIdle === true ? [] : [source, target])))
  const emptied = new Set([...inferred.values()].flatMap(({ from }) => [...from]))
  const outgoing = groupBy(edges, ({ source }) => source)
  const withOut = ({ isIdle: _before, ...rest }: GraphNode): GraphNode => ({
    ...rest,
    ...(busy.has(rest.id) ? {} : { isIdle: true }),
    traffic: trafficWithOut(rest.traffic, outgoing.get(rest.id) ?? []),
  })

  const kept = graph.nodes
    .filter(({ id }) => !inferred.has(id) && (!emptied.has(id) || senders.has(id) || receivers.has(id)))
    .map((node) => (emptied.has(node.id) ? withOut(node) : node))
  const added = [...inferred.values()].map(({ node, ingresses }) => ({
    ...withOut(node),
    ...(receivers.has(node.id) ? {} : { isRoot: true }),
    isInferred: true,
    badges: [...(node.badges ?? []), badgeOf(ingresses)],
  }))
  return [...kept, ...added].toSorted(byId)
}

function badgeOf(ingresses: readonly IngressObject[]): Badge {
  const objects = [...new Set(ingresses.map((ingress) => refOf('Ingress', ingress)))]
  const names = objects.slice(0, 3).map((ref) => ref.replace('Ingress/', ''))
  return {
    kind: 'gateway',
    text: `Inferred: telemetry knows these callers as unknown, and ${objects.length === 1 ? 'Ingress' : 'Ingresses'} ${listed(names)} ${objects.length === 1 ? 'routes' : 'route'} from here.`,
    objects,
  }
}

/** The same incoming traffic, the outgoing summed anew. */
function trafficWithOut({ http, grpc, tcp }: NodeTraffic, edges: readonly GraphEdge[]): NodeTraffic {
  const out = { http: 0, grpc: 0, tcp: 0 }
  for (const { protocol, rate } of edges) out[protocol] += rate
  return {
    ...(http === undefined && out.http === 0
      ? {}
      : { http: { in: 0, in3xx: 0, in4xx: 0, in5xx: 0, inNoResponse: 0, ...http, out: out.http } }),
    ...(grpc === undefined && out.grpc === 0 ? {} : { grpc: { in: 0, inError: 0, ...grpc, out: out.grpc } }),
    ...(tcp === undefined && out.tcp === 0 ? {} : { tcp: { in: 0, ...tcp, out: out.tcp } }),
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
