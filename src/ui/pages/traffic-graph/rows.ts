import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import { severity, totalsOf } from './details.ts'
import { graphStrings as strings } from './strings.ts'
import { codeText, fullName, groupBy, stateOf, weightOf, worstResponse } from './view.ts'

/** A node as a row of the table. */
export interface NodeRow {
  readonly id: string
  readonly state: HealthState
  readonly name: string
  readonly kind: string
  readonly namespace: string
  /** Requests per second. */
  readonly in: number | undefined
  readonly out: number | undefined
  readonly errors: number | undefined
}

export interface EdgeRow {
  readonly id: string
  readonly state: HealthState
  readonly from: string
  readonly to: string
  readonly protocol: GraphEdge['protocol']
  readonly rate: number
  /** For sorting beside other protocols. */
  readonly weight: number
  readonly errors: number | undefined
  readonly mtls: number | undefined
  readonly code: string
}

/** The nodes as rows, in the graph's order. */
export function nodeRows({ nodes, edges }: MeshGraph): readonly NodeRow[] {
  const inbound = groupBy(edges, ({ target }) => target)
  const outbound = groupBy(edges, ({ source }) => source)
  return nodes.map((node) => {
    const into = totalsOf(inbound.get(node.id) ?? [])
    return {
      id: node.id,
      state: stateOf(node),
      name: fullName(node),
      kind: kindOf(node),
      namespace: node.kind === 'unknown' ? '' : node.namespace,
      in: into.requests,
      out: totalsOf(outbound.get(node.id) ?? []).requests,
      errors: into.errorRatio,
    }
  })
}

function kindOf({ kind, isGateway, isWaypoint, isServiceEntry }: GraphNode): string {
  if (isGateway === true) return strings.kindWords.gateway
  if (isWaypoint === true) return strings.kindWords.waypoint
  if (isServiceEntry === true) return strings.kindWords.serviceEntry
  return strings.kinds[kind]
}

/** The edges as rows, in the graph's order. */
export function edgeRows({ nodes, edges }: MeshGraph): readonly EdgeRow[] {
  const names = new Map(nodes.map((node) => [node.id, fullName(node)]))
  return edges.map((edge) => {
    const code = worstResponse([edge])
    return {
      id: edge.id,
      state: stateOf(edge),
      from: names.get(edge.source) ?? edge.source,
      to: names.get(edge.target) ?? edge.target,
      protocol: edge.protocol,
      rate: edge.rate,
      weight: weightOf(edge),
      errors: edge.errorRatio,
      mtls: edge.mtls,
      code: code === undefined ? '' : codeText(code),
    }
  })
}

export interface Order<Row> {
  readonly by: keyof Row
  readonly isDescending: boolean
}

/** Rows in order: health by severity, text by the locale, numbers by size; what was not measured comes last either way. */
export function sorted<Row extends { readonly id: string; readonly state: HealthState }>(
  rows: readonly Row[],
  { by, isDescending }: Order<Row>,
): readonly Row[] {
  const sign = isDescending ? -1 : 1
  return [...rows].sort((a, b) => {
    if (by === 'state') return sign * (severity(a.state) - severity(b.state)) || (a.id < b.id ? -1 : 1)
    const [left, right] = [a[by], b[by]]
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
    const order =
      typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right))
    return sign * order || (a.id < b.id ? -1 : 1)
  })
}
