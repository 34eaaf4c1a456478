import { trafficOf } from './edges.ts'
import { errorRatio } from './golden.ts'
import type { EdgeMark, EdgeResponse, GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import { groupHealth, type HealthPolicy } from './health.ts'
import { edgeId, keyOf, nodeId } from './identity.ts'
import { isKnown } from './telemetry.ts'
import { type Health, severity } from './verdict.ts'

export type GroupBy = 'app' | 'namespace' | 'cluster'

/** A box around nodes, possibly inside another box. */
export interface Box {
  readonly id: string
  readonly by: GroupBy
  readonly cluster: string
  /** Absent for clusters. */
  readonly namespace?: string
  /** Only for apps. */
  readonly app?: string
  /** Ids of all nodes inside, in inner boxes too; sorted. */
  readonly members: readonly string[]
  /** The box around this one. */
  readonly parent?: string
  /** The worst state inside, naming the member, and beside it the verdict on the group's own totals. */
  readonly health: Health
}

/**
 * The boxes to draw around a judged graph's nodes, outermost first: a box needs two nodes inside, clusters and namespaces also need
 * another of their kind beside them. Nodes of no known place (unknown callers, Passthrough) stand outside all boxes.
 */
export function boxesOf(graph: MeshGraph, by: readonly GroupBy[], policy: HealthPolicy): readonly Box[] {
  const boxes: Box[] = []
  for (const level of levels.filter((each) => by.includes(each))) {
    const groups = new Map<string, { first: GraphNode; members: string[] }>()
    for (const node of graph.nodes) {
      const id = boxIdOf(node, level)
      if (id === undefined) continue
      const known = groups.get(id)
      if (known === undefined) groups.set(id, { first: node, members: [node.id] })
      else known.members.push(node.id)
    }
    if (level !== 'app' && groups.size < 2) continue
    for (const [id, { first, members }] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (members.length < 2) continue
      const parent = levels
        .slice(0, levels.indexOf(level))
        .reverse()
        .map((outer) => boxIdOf(first, outer))
        .find((outer) => boxes.some((box) => box.id === outer))
      boxes.push({
        id,
        by: level,
        cluster: first.cluster,
        ...(level === 'cluster' ? {} : { namespace: first.namespace }),
        ...(level === 'app' && first.app !== undefined ? { app: first.app } : {}),
        members: [...members].sort(),
        ...(parent === undefined ? {} : { parent }),
        health: groupHealth(graph, new Set(members), policy),
      })
    }
  }
  return boxes
}

/** From the outside in. */
const levels: readonly GroupBy[] = ['cluster', 'namespace', 'app']

function boxIdOf(node: GraphNode, by: GroupBy): string | undefined {
  if (node.kind === 'unknown' || !isKnown(node.namespace)) return undefined
  if (by === 'cluster') return isKnown(node.cluster) ? nodeId('box', 'cluster', node.cluster) : undefined
  if (by === 'namespace') return nodeId('box', 'namespace', node.cluster, node.namespace)
  return isKnown(node.app) ? nodeId('box', 'app', node.cluster, node.namespace, node.app) : undefined
}

/**
 * The graph with each of `boxes` folded into one node that bears the box's id, and the edges of its members laid together: by
 * protocol, rates and responses summed, averages weighted, quantiles of several left out. Calls inside a group become its self-edge,
 * so no rate is lost. A node in several boxes goes into the outermost; boxes of no member change nothing.
 */
export function collapse(graph: MeshGraph, boxes: readonly Box[]): MeshGraph {
  const holder = new Map<string, Box>()
  for (const box of [...boxes].sort((a, b) => levels.indexOf(a.by) - levels.indexOf(b.by))) {
    for (const member of box.members) if (!holder.has(member)) holder.set(member, box)
  }
  if (holder.size === 0) return graph
  const endOf = (id: string): string => holder.get(id)?.id ?? id

  const bundles = new Map<string, GraphEdge[]>()
  for (const edge of graph.edges) {
    const id = edgeId(endOf(edge.source), endOf(edge.target), edge.protocol)
    const known = bundles.get(id)
    if (known === undefined) bundles.set(id, [edge])
    else known.push(edge)
  }
  const edges = [...bundles].map(([id, bundle]) => bundled(id, bundle, endOf)).sort((a, b) => (a.id < b.id ? -1 : 1))

  const traffic = trafficOf(edges)
  const calling = new Set(edges.flatMap(({ source, target }) => (source === target ? [] : [source])))
  const called = new Set(edges.flatMap(({ source, target }) => (source === target ? [] : [target])))
  const inside = new Map<Box, GraphNode[]>()
  const nodes: GraphNode[] = []
  for (const node of graph.nodes) {
    const box = holder.get(node.id)
    const members = box === undefined ? nodes : inside.get(box)
    if (box !== undefined && members === undefined) inside.set(box, [node])
    else members?.push(node)
  }
  for (const [box, members] of inside) {
    nodes.push({
      id: box.id,
      kind: 'app',
      cluster: box.cluster,
      namespace: box.namespace ?? '',
      ...(box.app === undefined ? {} : { app: box.app }),
      ...(calling.has(box.id) && !called.has(box.id) ? { isRoot: true } : {}),
      ...(members.every(({ isOutside }) => isOutside === true) ? { isOutside: true } : {}),
      ...(members.every(({ isInaccessible }) => isInaccessible === true) ? { isInaccessible: true } : {}),
      ...(members.every(({ isIdle }) => isIdle === true) ? { isIdle: true } : {}),
      health: box.health,
      traffic: traffic.get(box.id) ?? {},
      folded: { by: box.by, members: members.map(({ id }) => id).sort() },
    })
  }
  return { ...graph, nodes: nodes.sort((a, b) => (a.id < b.id ? -1 : 1)), edges }
}

/** Several edges as one. Sums are taken in the order of ids, which is the same for the same graph. */
function bundled(id: string, edges: readonly GraphEdge[], endOf: (id: string) => string): GraphEdge {
  const [first] = edges
  if (first === undefined) throw new RangeError('a bundle has edges')
  const source = endOf(first.source)
  const target = endOf(first.target)
  if (edges.length === 1) return { ...first, id, source, target }
  const responses = mergedResponses(edges)
  const rate = sum(edges.map((edge) => edge.rate)) ?? 0
  const ratio = errorRatio(first.protocol, responses)
  const latency = latencyOf(edges)
  const throughput = sum(edges.flatMap((edge) => edge.throughput ?? []))
  const mtls = weighted(edges.map((edge) => [edge.mtls, edge.rate]))
  const sourcePrincipal = joined(edges.flatMap((edge) => edge.sourcePrincipal ?? []))
  const destinationPrincipal = joined(edges.flatMap((edge) => edge.destinationPrincipal ?? []))
  const fromSource = sum(edges.flatMap((edge) => edge.reported?.source ?? []))
  const fromDestination = sum(edges.flatMap((edge) => edge.reported?.destination ?? []))
  const health = worstHealth(edges)
  const l4 = edges.flatMap((edge) => edge.layers?.l4 ?? [])
  const sent = sum(l4.flatMap((layer) => layer.sent ?? []))
  const received = sum(l4.flatMap((layer) => layer.received ?? []))
  return {
    id,
    source,
    target,
    protocol: first.protocol,
    rate,
    ...(ratio === undefined ? {} : { errorRatio: ratio }),
    responses,
    ...(latency === undefined ? {} : { latency }),
    ...(throughput === undefined ? {} : { throughput }),
    ...(mtls === undefined ? {} : { mtls }),
    ...(sourcePrincipal === undefined ? {} : { sourcePrincipal }),
    ...(destinationPrincipal === undefined ? {} : { destinationPrincipal }),
    ...(edges.every(({ isIdle }) => isIdle === true) ? { isIdle: true } : {}),
    ...failedOf(edges),
    ...(health === undefined ? {} : { health }),
    ...(fromSource === undefined && fromDestination === undefined
      ? {}
      : {
          reported: {
            ...(fromSource === undefined ? {} : { source: fromSource }),
            ...(fromDestination === undefined ? {} : { destination: fromDestination }),
          },
        }),
    marks: marksOf(edges),
    ...(l4.length === 0
      ? {}
      : {
          layers: {
            l4: {
              ...(sent === undefined ? {} : { sent }),
              ...(received === undefined ? {} : { received }),
              isEstimated: l4.some(({ isEstimated }) => isEstimated),
            },
          },
        }),
  }
}

function failedOf(edges: readonly GraphEdge[]): Pick<GraphEdge, 'failedConnections'> {
  const byFlags = new Map<string, number>()
  for (const { flags, rate } of edges.flatMap((edge) => edge.failedConnections ?? [])) {
    byFlags.set(flags, (byFlags.get(flags) ?? 0) + rate)
  }
  if (byFlags.size === 0) return {}
  const failed = [...byFlags].map(([flags, rate]) => ({ flags, rate }))
  return { failedConnections: failed.sort((a, b) => (a.flags < b.flags ? -1 : 1)) }
}

function mergedResponses(edges: readonly GraphEdge[]): readonly EdgeResponse[] {
  const merged = new Map<string, EdgeResponse>()
  for (const response of edges.flatMap((edge) => edge.responses)) {
    const { code, flags, host, rate } = response
    const key = keyOf(code, flags ?? '', host ?? '', `${flags === undefined}${host === undefined}`)
    const known = merged.get(key)
    merged.set(key, known === undefined ? response : { ...known, rate: known.rate + rate })
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, response]) => response)
}

function latencyOf(edges: readonly GraphEdge[]): GraphEdge['latency'] {
  const told = edges.filter(({ latency }) => latency !== undefined)
  if (told.length === 1) return told[0]?.latency
  const avg = weighted(told.map(({ latency, rate }) => [latency?.avg, rate]))
  return avg === undefined ? undefined : { avg }
}

function sum(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0)
}

function weighted(values: readonly (readonly [value: number | undefined, weight: number])[]): number | undefined {
  let total = 0
  let weights = 0
  for (const [value, weight] of values) {
    if (value === undefined) continue
    total += value * weight
    weights += weight
  }
  return weights === 0 ? undefined : total / weights
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...new Set(values)].sort().join(', ')
}

function marksOf(edges: readonly GraphEdge[]): readonly EdgeMark[] {
  return [...new Set(edges.flatMap(({ marks }) => marks))].sort()
}

function worstHealth(edges: readonly GraphEdge[]): Health | undefined {
  return edges
    .flatMap(({ health }) => (health === undefined ? [] : [health]))
    .reduce<Health | undefined>(
      (worst, health) => (worst === undefined || severity(health.state) < severity(worst.state) ? health : worst),
      undefined,
    )
}
