import { faults, faultNamed, occurrence, touches } from '../mesh/faults.ts'
import type { Flow, Outcome, Protocol, Workload } from '../mesh/model.ts'
import { clusterName } from '../mesh/model.ts'
import { bounds, latencySpread, latencySpreadAtSource, quantile } from './histogram.ts'
import type { Waves } from './waves.ts'

/** What really happened in a window, in the words of the contract "Demo truth": exact averages per second. */
export interface Truth {
  readonly at: number
  readonly window: number
  readonly pairs: readonly TruePair[]
  readonly faults: readonly TrueFault[]
}

interface TrueWorkload {
  readonly cluster: string
  readonly namespace: string
  readonly workload: string
  readonly app: string
  readonly version: string
}

export interface TruePair {
  /** `null`: telemetry cannot know it (a caller without a proxy). */
  readonly source: TrueWorkload | null
  /** `null`: no workload was reached, or none stands behind the name. */
  readonly destination: TrueWorkload | null
  readonly service: { readonly namespace: string; readonly name: string; readonly host: string }
  readonly protocol: Protocol
  readonly reporters: readonly ('source' | 'destination' | 'waypoint' | 'ztunnel')[]
  readonly mtls: boolean
  /** As the counting reporter says: the source where it reports, else the waypoint, else the destination. */
  readonly responses: readonly {
    readonly code: number
    readonly flags: string
    readonly grpcStatus?: number
    readonly rate: number
  }[]
  /** Seconds; absent without requests in the window. */
  readonly latency?: { readonly avg: number; readonly p50: number; readonly p95: number; readonly p99: number }
  /** Bytes per second; sent is client to server. */
  readonly tcp?: { readonly sent: number; readonly received: number }
  /** Names of this flow's faults that were active at some moment of the window. */
  readonly faults: readonly string[]
}

interface TrueFault {
  readonly name: string
  readonly description: string
  readonly isActive: boolean
  readonly since: number
  readonly until: number
}

/** The truth of the window (at - window, at]; unix seconds, seconds. */
export function truthOf(flows: readonly Flow[], waves: Waves, at: number, window: number): Truth {
  return {
    at,
    window,
    pairs: flows.flatMap((flow) => pairsOf(flow, waves, at, window)),
    faults: faults.map((fault) => ({ name: fault.name, description: fault.description, ...occurrence(fault, at) })),
  }
}

function pairsOf(flow: Flow, waves: Waves, at: number, window: number): readonly TruePair[] {
  const { normal, faulty } = perSecond(flow, waves, at, window)
  const reporters = reportersOf(flow)
  const isSource = reporters.includes('source')
  const pair = {
    source: flow.source.proxy === 'none' ? null : identity(flow.source),
    service: flow.service,
    protocol: flow.protocol,
    mtls: flow.mtls,
    faults: flow.fault !== undefined && touches(faultNamed(flow.fault), at - window, at) ? [flow.fault] : [],
  }
  if (flow.protocol === 'tcp') {
    const connections = flow.rate * (normal + faulty)
    const tcp = { sent: connections * flow.requestBytes, received: connections * flow.responseBytes }
    return [
      { ...pair, reporters, destination: flow.destination ? identity(flow.destination) : null, responses: [], tcp },
    ]
  }
  const rateOf = ({ share, faultyShare }: Outcome) => flow.rate * (share * normal + (faultyShare ?? share) * faulty)
  const isReached = ({ atDestination }: Outcome) => atDestination !== 'never reached'
  const said = (outcome: Outcome) => {
    const { atDestination } = outcome
    const { code, flags } =
      isSource || atDestination === undefined || atDestination === 'never reached' ? outcome : atDestination
    const { grpcStatus } = outcome
    return { code, flags, ...(grpcStatus !== undefined && { grpcStatus }), rate: rateOf(outcome) }
  }
  const withOutcomes = (outcomes: readonly Outcome[]) => {
    const responses = merged(outcomes.map(said)).filter(({ rate }) => rate > 0)
    const latency = latencyOf(outcomes, isSource, (outcome) => ({
      normal: flow.rate * outcome.share * normal,
      faulty: flow.rate * (outcome.faultyShare ?? outcome.share) * faulty,
    }))
    return { responses, ...(latency && { latency }) }
  }
  const delivered = flow.outcomes.filter(isReached)
  const lost = flow.outcomes.filter((outcome) => !isReached(outcome))
  return [
    {
      ...pair,
      reporters,
      destination: flow.destination ? identity(flow.destination) : null,
      ...withOutcomes(delivered),
    },
    ...(lost.some((outcome) => rateOf(outcome) > 0)
      ? [{ ...pair, reporters: ['source'] as const, destination: null, mtls: false, ...withOutcomes(lost) }]
      : []),
  ]
}

type Response = TruePair['responses'][number]

/** Answers that no label tells apart are one. */
function merged(responses: readonly Response[]): readonly Response[] {
  const byLabels = new Map<string, Response>()
  for (const response of responses) {
    const key = `${response.code} ${response.flags} ${response.grpcStatus ?? ''}`
    byLabels.set(key, { ...response, rate: response.rate + (byLabels.get(key)?.rate ?? 0) })
  }
  return [...byLabels.values()]
}

/** How much of the window's second was normal and faulty, for a flow of mean rate 1. */
function perSecond({ wave, fault }: Flow, waves: Waves, at: number, window: number) {
  const end = waves.happened(wave, fault, at)
  const begin = waves.happened(wave, fault, at - window)
  return { normal: (end.normal - begin.normal) / window, faulty: (end.faulty - begin.faulty) / window }
}

function reportersOf({ source, destination, waypoint }: Flow): TruePair['reporters'] {
  const isAmbient = source.proxy === 'ambient' || destination?.proxy === 'ambient'
  return [
    ...(source.proxy === 'sidecar' || source.proxy === 'gateway' ? (['source'] as const) : []),
    ...(destination?.proxy === 'sidecar' ? (['destination'] as const) : []),
    ...(waypoint ? (['waypoint'] as const) : []),
    ...(isAmbient ? (['ztunnel'] as const) : []),
  ]
}

function latencyOf(
  outcomes: readonly Outcome[],
  isSource: boolean,
  weightOf: (outcome: Outcome) => { normal: number; faulty: number },
): TruePair['latency'] {
  const spread = isSource ? latencySpreadAtSource : latencySpread
  const cumulative = new Array<number>(bounds.length + 1).fill(0)
  let sum = 0
  for (const outcome of outcomes) {
    const weight = weightOf(outcome)
    const calm = spread(outcome.latency)
    const slow = outcome.faultyLatency ? spread(outcome.faultyLatency) : calm
    for (const index of cumulative.keys()) {
      const share = weight.normal * (calm.cumulative[index] ?? 1) + weight.faulty * (slow.cumulative[index] ?? 1)
      cumulative[index] = (cumulative[index] ?? 0) + share
    }
    sum += weight.normal * calm.mean + weight.faulty * slow.mean
  }
  const total = cumulative.at(-1) ?? 0
  const [p50, p95, p99] = [quantile(0.5, cumulative), quantile(0.95, cumulative), quantile(0.99, cumulative)]
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined
  return { avg: sum / total / 1000, p50: p50 / 1000, p95: p95 / 1000, p99: p99 / 1000 }
}

const identity = ({ namespace, name, app, version }: Workload): TrueWorkload => ({
  cluster: clusterName,
  namespace,
  workload: name,
  app,
  version,
})
