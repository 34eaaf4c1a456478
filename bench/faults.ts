import type { Outcome, Protocol } from '../src/demo/mesh/model.ts'
import { answered, grpcError, ms, timedOut, undelivered } from '../src/demo/mesh/outcomes.ts'
import type { MeshCall, MeshWorkload } from './mesh.ts'
import type { Random } from './random.ts'

/** What a person must find: who fails, and how. */
export interface PlantedFault {
  readonly kind: FaultKind
  readonly culprit: MeshWorkload
  /** As the page writes them: the HTTP code or gRPC status, and Envoy's flag where the caller's proxy sets one. */
  readonly code: string
  readonly flags: string | undefined
}

interface Fault {
  readonly protocol: Protocol
  /** How calls to the culprit end while it lasts; the rest goes on as before. */
  readonly outcome: Outcome
  /** Whether the culprit's callers fail in turn. */
  readonly spreads: boolean
}

const quick = ms(4)

const faults = {
  unreachable: { protocol: 'http', outcome: undelivered('UF', 0.3), spreads: false },
  'no-healthy-upstream': { protocol: 'http', outcome: undelivered('UH', 0.6), spreads: true },
  slow: { protocol: 'http', outcome: timedOut(0.25, 5), spreads: true },
  errors: { protocol: 'http', outcome: answered(500, 0.2, quick), spreads: true },
  reset: {
    protocol: 'http',
    // The server hangs up in the middle: its own proxy has no answer to report.
    outcome: { ...answered(503, 0.25, quick), flags: 'UC', atDestination: { code: 0, flags: 'UC' } },
    spreads: false,
  },
  'circuit-open': { protocol: 'http', outcome: { ...undelivered('UF', 0.35), flags: 'UO' }, spreads: false },
  'grpc-unavailable': { protocol: 'grpc', outcome: grpcError(14, 0.25, quick), spreads: true },
  'grpc-deadline': { protocol: 'grpc', outcome: grpcError(4, 0.2, ms(1000, 0.1)), spreads: false },
  denied: { protocol: 'http', outcome: answered(403, 0.4, quick), spreads: false },
  'rate-limited': { protocol: 'http', outcome: answered(429, 0.4, quick), spreads: false },
} as const satisfies Readonly<Record<string, Fault>>

export type FaultKind = keyof typeof faults

/** All that can be planted. */
export const faultKinds: readonly FaultKind[] = [
  'unreachable',
  'no-healthy-upstream',
  'slow',
  'errors',
  'reset',
  'circuit-open',
  'grpc-unavailable',
  'grpc-deadline',
  'denied',
  'rate-limited',
]

/**
 * The calls with one workload failing: one that several callers with sidecars call, the only version of its app, in no ambient
 * namespace. Throws where there is none.
 */
export function plant(
  kind: FaultKind,
  calls: readonly MeshCall[],
  random: Random,
): { readonly calls: readonly MeshCall[]; readonly fault: PlantedFault } {
  const { protocol, outcome, spreads }: Fault = faults[kind]
  const culprit = random.pick(candidates(calls, protocol))
  if (culprit === undefined) throw new Error(`No workload of this mesh can have the fault ${kind}: let it be larger.`)
  const callers = new Set(calls.filter(({ destination }) => destination === culprit).map(({ source }) => source))
  const changed = calls.map((call): MeshCall => {
    if (call.destination === culprit)
      return { ...call, rate: Math.max(call.rate, 4), outcomes: withOutcome(call, outcome) }
    if (!spreads || !callers.has(call.destination) || call.source.app === culprit.app) return call
    return { ...call, outcomes: withOutcome(call, passedOn(call.protocol)) }
  })
  const flags = outcome.flags === '-' ? undefined : outcome.flags
  return { calls: changed, fault: { kind, culprit, code: String(outcome.grpcStatus ?? outcome.code), flags } }
}

/** What a caller that depends on the culprit answers to its own callers, now and then. */
const passedOn = (protocol: Protocol): Outcome =>
  protocol === 'grpc' ? grpcError(13, 0.04, quick) : answered(500, 0.04, quick)

/** The call's outcomes, scaled down to make room for one more; a call over TCP has none. */
function withOutcome({ outcomes, protocol }: MeshCall, added: Outcome): readonly Outcome[] {
  if (protocol === 'tcp') return outcomes
  return [...outcomes.map((outcome) => ({ ...outcome, share: outcome.share * (1 - added.share) })), added]
}

function candidates(calls: readonly MeshCall[], protocol: Protocol): readonly MeshWorkload[] {
  const callers = new Map<MeshWorkload, number>()
  const versions = new Map<string, Set<string>>()
  for (const { source, destination } of calls) {
    if (source.proxy === 'sidecar') callers.set(destination, (callers.get(destination) ?? 0) + 1)
    const known = versions.get(destination.app) ?? new Set()
    versions.set(destination.app, known.add(destination.name))
  }
  return [...callers].flatMap(([workload, count]) =>
    count >= 3 &&
    workload.proxy === 'sidecar' &&
    workload.protocol === protocol &&
    versions.get(workload.app)?.size === 1
      ? [workload]
      : [],
  )
}
