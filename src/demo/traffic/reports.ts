import type { Flow, Outcome, Workload } from '../mesh/model.ts'
import type { DemoPod } from '../mesh/pods.ts'
import type { Labels, Peer, Reporter } from './labels.ts'
import { callLabels, connectionLabels, requestLabels } from './labels.ts'

/** What one pod's proxy says of one kind of request or connection of one flow. */
export interface Report {
  /** The pod whose proxy reports. */
  readonly pod: DemoPod
  readonly flow: Flow
  readonly reporter: Reporter
  /** Requests: how they ended. Absent for TCP. */
  readonly outcome?: Outcome
  readonly labels: Labels
  /** The part of the flow's rate this pod sees, 0 to 1. */
  readonly part: number
}

/** gRPC messages, counted per call and not per outcome. */
export interface MessageReport extends Omit<Report, 'outcome'> {
  /** Share of calls that reach this reporter, normally and while the fault is active. */
  readonly share: number
  readonly faultyShare: number
}

export interface Reports {
  readonly requests: readonly Report[]
  readonly connections: readonly Report[]
  readonly messages: readonly MessageReport[]
}

const isKnown = (workload: Workload) => workload.proxy !== 'none'
const hasEnvoy = ({ proxy }: Workload) => proxy === 'sidecar' || proxy === 'gateway'

/** Everything all proxies of the mesh report of all flows. */
export function reportsOf(flows: readonly Flow[], pods: readonly DemoPod[]): Reports {
  const requests: Report[] = []
  const connections: Report[] = []
  const messages: MessageReport[] = []
  for (const flow of flows) {
    for (const { pod, part, reporter } of envoysOf(flow, pods)) {
      if (flow.protocol === 'tcp') {
        const labels = { ...ends(flow, reporter, true), ...connectionLabels(reporter, flow.mtls, false) }
        connections.push({ pod, flow, reporter, labels, part })
        continue
      }
      for (const outcome of flow.outcomes) {
        const isReached = outcome.atDestination !== 'never reached'
        if (!isReached && reporter !== 'source') continue
        const labels = { ...ends(flow, reporter, isReached), ...requestLabels(reporter, flow, outcome) }
        requests.push({ pod, flow, reporter, outcome, labels, part })
      }
      if (flow.protocol === 'grpc') {
        messages.push({ pod, flow, reporter, part, labels: ends(flow, reporter, true), ...deliveredShare(flow) })
      }
    }
    connections.push(...ztunnelReports(flow, pods))
  }
  return { requests, connections, messages }
}

/** The share of a flow's calls that reach a workload. */
function deliveredShare({ outcomes }: Flow): { share: number; faultyShare: number } {
  const delivered = outcomes.filter(({ atDestination }) => atDestination !== 'never reached')
  return {
    share: delivered.reduce((sum, { share }) => sum + share, 0),
    faultyShare: delivered.reduce((sum, { share, faultyShare }) => sum + (faultyShare ?? share), 0),
  }
}

/** The Envoys that see a flow: the caller's (sidecar or gateway), the callee's sidecar, the waypoint between them. */
function envoysOf(flow: Flow, pods: readonly DemoPod[]): readonly { pod: DemoPod; part: number; reporter: Reporter }[] {
  const seenBy = (workload: Workload, reporter: Reporter) => {
    const own = pods.filter((pod) => pod.workload === workload)
    return own.map((pod) => ({ pod, part: 1 / own.length, reporter }))
  }
  return [
    ...(hasEnvoy(flow.source) ? seenBy(flow.source, 'source') : []),
    ...(flow.destination?.proxy === 'sidecar' ? seenBy(flow.destination, 'destination') : []),
    ...(flow.waypoint ? seenBy(flow.waypoint, 'waypoint') : []),
  ]
}

function ends(flow: Flow, reporter: Reporter, isReached: boolean): Labels {
  const source: Peer = isKnown(flow.source) ? { workload: flow.source, hasIdentity: flow.mtls } : { hasIdentity: false }
  const destination: Peer =
    flow.destination === undefined || !isReached
      ? { hasIdentity: false }
      : { workload: flow.destination, hasIdentity: flow.mtls, isEndpointOnly: !isKnown(flow.destination) }
  return callLabels(reporter, source, destination, flow.service)
}

/**
 * The layer-4 legs ztunnel reports: on the caller's node, and on the callee's. Through a waypoint the caller's leg ends at the
 * waypoint and the callee's begins there (the waypoint takes HBONE itself, so no ztunnel stands in front of it).
 */
function ztunnelReports(flow: Flow, pods: readonly DemoPod[]): readonly Report[] {
  const { source, destination, waypoint } = flow
  const leg = (reporter: Reporter, at: Workload, from: Workload, to: Workload): readonly Report[] => {
    const own = pods.filter((pod) => pod.workload === at)
    return own.flatMap(({ node }) => {
      const pod = pods.find(({ workload, node: other }) => workload.proxy === 'ztunnel' && other === node)
      if (pod === undefined) return []
      const labels = {
        ...callLabels(
          reporter,
          { workload: from, hasIdentity: true },
          { workload: to, hasIdentity: true },
          flow.service,
        ),
        ...connectionLabels(reporter, true, true),
      }
      return [{ pod, flow, reporter, labels, part: 1 / own.length }]
    })
  }
  return [
    ...(source.proxy === 'ambient' && destination ? leg('source', source, source, waypoint ?? destination) : []),
    ...(destination?.proxy === 'ambient' ? leg('destination', destination, waypoint ?? source, destination) : []),
  ]
}
