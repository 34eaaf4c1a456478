import { focusedOn } from '../../../mesh/focus.ts'
import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import type { Drawing, NodeShape } from '../../canvas/drawing.ts'
import { byteRate, inWords, percent, rate } from '../../format.ts'

/** What stands one call away from these nodes, drawn without boxes; empty where nothing does. */
export function neighbourhoodOf(graph: MeshGraph, middle: ReadonlySet<string>): Drawing {
  const { nodes, edges } = focusedOn(graph, { middle, hops: 1, direction: 'both' })
  const busy = (id: string) =>
    edges.reduce((sum, edge) => sum + (edge.source === id || edge.target === id ? edge.rate : 0), 0)
  return {
    boxes: [],
    nodes: nodes.map((node) => ({
      id: node.id,
      shape: shapeOf(node),
      name: nameOf(node),
      version: node.namespace === '' || node.namespace === 'unknown' ? '' : node.namespace,
      health: node.health?.state ?? 'unknown',
      badges: [],
      rank: busy(node.id),
      ...(middle.has(node.id) ? { isMatch: true } : {}),
    })),
    edges: edges.map((edge) => ({
      id: edge.id,
      source: edge.source,
      target: edge.target,
      health: edge.health?.state ?? 'unknown',
      // The graph page's own width: a square root, so that ten times the traffic is three times as wide.
      width: 1.2 + 0.32 * Math.sqrt(edge.protocol === 'tcp' ? edge.rate / 10_000 : edge.rate),
      label: labelOf(edge),
      rank: edge.rate,
    })),
  }
}

function labelOf({ protocol, rate: perSecond, errorRatio }: GraphEdge): string {
  const traffic = inWords(protocol === 'tcp' ? byteRate(perSecond) : rate(perSecond))
  return errorRatio !== undefined && errorRatio > 0 ? `${traffic} · ${inWords(percent(errorRatio))}` : traffic
}

function shapeOf({ kind, isGateway, isWaypoint, isOutside, isServiceEntry }: GraphNode): NodeShape {
  if (kind === 'unknown') return 'unknown'
  if (isGateway === true) return 'gateway'
  if (isWaypoint === true) return 'waypoint'
  if (isServiceEntry === true) return 'serviceEntry'
  if (kind === 'service') return 'service'
  return isOutside === true ? 'outside' : 'workload'
}

function nameOf({ kind, workload, app, service, namespace }: GraphNode): string {
  return (kind === 'service' ? service : (workload ?? app)) ?? (namespace === '' ? 'unknown' : namespace)
}
