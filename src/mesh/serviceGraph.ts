import type { Edges } from './edges.ts'
import type { Party } from './identity.ts'
import { hasRealService } from './measures.ts'
import type { NodeDraft, Nodes } from './nodes.ts'
import { sumOf } from './sum.ts'
import type { Flow } from './traffic.ts'

/**
 * Draws flows as a service graph: workloads in scope give way to the services they serve, and their outgoing calls are attributed to
 * those services in proportion to their share of the workload's incoming requests (of its bytes only where there are no requests).
 * Callers outside the scope, and those with no incoming traffic, stay workloads. No traffic is invented and none is lost.
 */
export function addReduced(
  flows: readonly Flow[],
  scope: ReadonlySet<string>,
  nodes: Nodes,
  edges: Edges,
  isWaypoint: (party: Party) => boolean,
): void {
  const faces = facesOf(flows, nodes, isWaypoint)
  for (const flow of flows) {
    const target = targetOf(flow, nodes, isWaypoint)
    const from = nodes.ofParty(flow.source)
    const isReduced = flow.source.kind === 'workload' && (scope.size === 0 || scope.has(flow.source.namespace))
    const shares = isReduced ? faces.get(from) : undefined
    if (shares === undefined) edges.add(from, target, flow)
    else for (const { face, share } of shares) edges.add(face, target, flow, share)
  }
}

/** Where a flow arrives in a service graph: its service; the workload itself where it was reached without one. */
function targetOf(flow: Flow, nodes: Nodes, isWaypoint: (party: Party) => boolean): NodeDraft {
  const { source, destination, service } = flow
  const isByService =
    destination.kind === 'nobody' || (hasRealService(flow) && !isWaypoint(source) && !isWaypoint(destination))
  return isByService && destination.kind !== 'peer'
    ? nodes.ofService(service, source, destination)
    : nodes.ofParty(destination)
}

interface Face {
  readonly face: NodeDraft
  readonly share: number
}

/** What each workload is called by, with its share of the incoming traffic: `workload → [service, share]`. */
function facesOf(
  flows: readonly Flow[],
  nodes: Nodes,
  isWaypoint: (party: Party) => boolean,
): ReadonlyMap<NodeDraft, readonly Face[]> {
  const incoming = new Map<NodeDraft, Map<NodeDraft, { requests: number[]; bytes: number[] }>>()
  for (const flow of flows) {
    if (flow.destination.kind !== 'workload') continue
    const workload = nodes.ofParty(flow.destination)
    const target = targetOf(flow, nodes, isWaypoint)
    const faces = incoming.get(workload) ?? new Map<NodeDraft, { requests: number[]; bytes: number[] }>()
    incoming.set(workload, faces)
    const rates = faces.get(target) ?? { requests: [], bytes: [] }
    faces.set(target, rates)
    ;(flow.protocol === 'tcp' ? rates.bytes : rates.requests).push(flow.rate)
  }
  return new Map([...incoming].map(([workload, faces]) => [workload, sharesOf(faces)]))
}

function sharesOf(faces: ReadonlyMap<NodeDraft, { requests: number[]; bytes: number[] }>): readonly Face[] {
  const sorted = [...faces].sort(([a], [b]) => (a.id < b.id ? -1 : 1))
  const requests = sorted.map(([face, rates]) => ({ face, rate: sumOf(rates.requests) }))
  const bytes = sorted.map(([face, rates]) => ({ face, rate: sumOf(rates.bytes) }))
  const counted = sumOf(requests.map(({ rate }) => rate)) > 0 ? requests : bytes
  const total = sumOf(counted.map(({ rate }) => rate))
  // Called, but by nothing that moves in this window: all faces alike.
  if (total === 0) return sorted.map(([face]) => ({ face, share: 1 / sorted.length }))
  return counted.filter(({ rate }) => rate > 0).map(({ face, rate }) => ({ face, share: rate / total }))
}
