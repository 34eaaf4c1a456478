import { type EdgeDraft, Edges, finishedEdge, trafficOf } from './edges.ts'
import type { GraphEdge, GraphNode, GraphType } from './graph.ts'
import type { Party } from './identity.ts'
import type { Idle } from './idle.ts'
import { hasRealService, type Measured } from './measures.ts'
import { namesOf, type NodeDraft, Nodes, placeOf } from './nodes.ts'
import type { LatencyStatistic } from './queries.ts'
import { addReduced } from './serviceGraph.ts'
import type { Operations } from './operations.ts'
import type { SkippedList } from './skipped.ts'
import type { Flow } from './traffic.ts'

export interface Drawing {
  readonly graphType: GraphType
  /** Empty means all. */
  readonly namespaces: readonly string[]
  readonly serviceNodes: boolean
  readonly statistic: LatencyStatistic | undefined
  /** Drawn though nothing touches them. */
  readonly idle: Idle
  readonly waypoints: boolean
  readonly isWaypoint: (party: Party) => boolean
  readonly measure: ((flow: Flow) => Measured) | undefined
  /** `undefined`: no operation nodes. */
  readonly operations: Operations | undefined
  /** Where what was asked for and cannot be told is counted. */
  readonly skipped: SkippedList
}

/**
 * Flows (and the waypoint legs to show) as nodes and edges at one of the four levels, sorted. Every flow is on exactly one path,
 * so rates are the same at every level; every edge ends at nodes that are there.
 */
export function drawn(
  flows: readonly Flow[],
  legs: readonly Flow[],
  drawing: Drawing,
): { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] } {
  const nodes = new Nodes(drawing.graphType, drawing.isWaypoint)
  const edges = new Edges()
  const scope = new Set(drawing.namespaces)
  if (drawing.graphType === 'service') addReduced(flows, scope, nodes, edges, drawing.isWaypoint)
  else for (const flow of flows) addFlow(flow, drawing, nodes, edges)
  for (const leg of legs) edges.add(nodes.ofParty(leg.source), nodes.ofParty(leg.destination), leg)
  addIdle(drawing, nodes)

  const finished = sorted(edges.all()).map((edge) =>
    finishedEdge(edge, drawing.measure, drawing.statistic, drawing.skipped),
  )
  const traffic = trafficOf(finished)
  const calling = new Set<string>()
  const called = new Set<string>()
  const busy = new Set<string>()
  for (const { source, target, isIdle } of finished) {
    if (isIdle !== true) busy.add(source).add(target)
    if (source === target) continue
    calling.add(source)
    called.add(target)
  }
  const done: GraphNode[] = []
  for (const node of nodes.all()) {
    const own = traffic.get(node.id)
    if (own === undefined && !node.isIdle) continue
    const finishedNode: { -readonly [Key in keyof GraphNode]: GraphNode[Key] } = {
      id: node.id,
      kind: node.kind,
      cluster: node.cluster,
      namespace: node.namespace,
      traffic: own ?? {},
    }
    Object.assign(finishedNode, namesOf(node, drawing.graphType), placeOf(node, scope))
    if (calling.has(node.id) && !called.has(node.id)) finishedNode.isRoot = true
    if (node.isWaypoint) finishedNode.isWaypoint = true
    if (node.isInferred) finishedNode.isInferred = true
    if (!busy.has(node.id)) finishedNode.isIdle = true
    done.push(finishedNode)
  }
  done.sort((a, b) => (a.id < b.id ? -1 : 1))
  return { nodes: done, edges: finished }
}

/**
 * In the order of their ids, `source>target|protocol`, without comparing those long strings for every pair: no id of a node holds a
 * separator, so an order of the nodes as sources and one of them as targets give the same.
 */
function sorted(edges: readonly EdgeDraft[]): readonly EdgeDraft[] {
  const asSource = ranks(
    edges.map(({ source }) => source),
    '>',
  )
  const asTarget = ranks(
    edges.map(({ target }) => target),
    '|',
  )
  const rankOf = (all: ReadonlyMap<NodeDraft, number>, node: NodeDraft): number => all.get(node) ?? 0
  return edges
    .map((edge) => ({ edge, from: rankOf(asSource, edge.source), to: rankOf(asTarget, edge.target) }))
    .sort((a, b) => a.from - b.from || a.to - b.to || (a.edge.protocol < b.edge.protocol ? -1 : 1))
    .map(({ edge }) => edge)
}

/** Where each node stands among them, by its id and what follows it in an edge's. */
function ranks(nodes: readonly NodeDraft[], separator: string): ReadonlyMap<NodeDraft, number> {
  const keyed = [...new Set(nodes)].map((node) => ({ node, key: node.id + separator }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1))
  return new Map(keyed.map(({ node }, rank) => [node, rank]))
}

function addFlow(flow: Flow, drawing: Drawing, nodes: Nodes, edges: Edges): void {
  const { serviceNodes, isWaypoint } = drawing
  const { source, destination, service } = flow
  const from = nodes.ofParty(source)
  if (destination.kind === 'nobody') {
    edges.add(from, nodes.ofService(service, source, destination), flow)
    return
  }
  const to = nodes.ofParty(destination)
  if (isWaypoint(source) || isWaypoint(destination)) {
    edges.add(from, to, flow)
    return
  }
  if (!serviceNodes || !hasRealService(flow)) {
    addArrival(from, flow, to, drawing, nodes, edges)
    return
  }
  const via = nodes.ofService(service, source, destination)
  edges.add(from, via, flow)
  addArrival(via, flow, to, drawing, nodes, edges)
}

/** The last of a flow's way: through the operations its requests were classified as, where that is told and wanted. */
function addArrival(
  from: NodeDraft,
  flow: Flow,
  to: NodeDraft,
  { operations }: Drawing,
  nodes: Nodes,
  edges: Edges,
): void {
  const { destination } = flow
  for (const { operation, flow: part } of operations?.of(flow) ?? [{ operation: undefined, flow }]) {
    if (operation === undefined || destination.kind !== 'workload') {
      edges.add(from, to, part)
      continue
    }
    const via = nodes.ofOperation(destination, operation)
    edges.add(from, via, part)
    edges.add(via, to, part)
  }
}

/** Workloads at the level of the graph; services where services are drawn. */
function addIdle({ graphType, serviceNodes, idle, waypoints, isWaypoint }: Drawing, nodes: Nodes): void {
  for (const party of graphType === 'service' ? [] : idle.workloads) {
    if (waypoints || !isWaypoint(party)) nodes.ofParty(party).isIdle = true
  }
  if (graphType !== 'service' && !serviceNodes) return
  for (const { cluster, service } of idle.services) nodes.ofServiceIn(cluster, service).isIdle = true
}
