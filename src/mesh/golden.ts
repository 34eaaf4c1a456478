import { flagKinds } from './flags.ts'
// The graph's own protocols and responses, by shape: graph.ts computes with this file.
type Protocol = 'http' | 'grpc' | 'tcp'

/**
 * What became of a request (contracts page, "What is an error").
 * `error` and `injected` are errors; `clientError` (4xx, the caller's gRPC statuses), `clientLeft` and `noAnswer` (no response and no
 * flag that says whose doing it was, or a code nobody knows) are shown apart and are not.
 */
export type Outcome = 'success' | 'error' | 'injected' | 'clientError' | 'clientLeft' | 'noAnswer'

/** The gRPC statuses that are the server's fault: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const serverFaults = new Set(['2', '4', '8', '13', '14', '15'])

const grpcNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

/** The name of a gRPC status, `UNAVAILABLE` for `14`; `undefined` for anything that is not one (HTTP codes, `-`, hostile text). */
export function grpcStatusName(code: string): string | undefined {
  return /^(?:\d|1[0-6])$/.test(code) ? grpcNames[Number(code)] : undefined
}

/** The outcome of requests with this code and these flags. For TCP, whose connections have no codes, flags alone decide. */
export function outcomeOf(protocol: Protocol, code: string, flags: string | undefined): Outcome {
  const byFlags = memo[protocol].get(code)
  const before = byFlags?.get(flags)
  if (before !== undefined) return before
  const outcome = judge(protocol, code, flags)
  // Label values are few, unless somebody floods them: then judging again is cheaper than remembering.
  if (byFlags === undefined) {
    if (memo[protocol].size < 256) memo[protocol].set(code, new Map([[flags, outcome]]))
  } else if (byFlags.size < 256) byFlags.set(flags, outcome)
  return outcome
}

/** code → flags → outcome. */
type Memo = Map<string, Map<string | undefined, Outcome>>
const memo: Readonly<Record<Protocol, Memo>> = { http: new Map(), grpc: new Map(), tcp: new Map() }

function judge(protocol: Protocol, code: string, flags: string | undefined): Outcome {
  const kinds = flagKinds(flags)
  if (kinds.includes('injected')) return 'injected'
  if (protocol === 'tcp') return kinds.includes('neverReached') ? 'error' : 'success'
  if (hasNoResponse(protocol, code)) {
    if (kinds.some((kind) => kind !== 'client' && kind !== 'neutral')) return 'error'
    return kinds.includes('client') ? 'clientLeft' : 'noAnswer'
  }
  if (/^5\d\d$/.test(code)) return 'error'
  if (/^4\d\d$/.test(code)) return 'clientError'
  if (protocol === 'grpc' && !/^\d{3}$/.test(code)) {
    if (code === '0') return 'success'
    if (serverFaults.has(code)) return 'error'
    return grpcStatusName(code) === undefined ? 'noAnswer' : 'clientError'
  }
  return /^\d{3}$/.test(code) ? 'success' : 'noAnswer'
}

/** `-` and the empty code; for HTTP also Envoy's own `0`, which for gRPC is the status OK. */
function hasNoResponse(protocol: Protocol, code: string): boolean {
  return code === '-' || code === '' || (protocol === 'http' && code === '0')
}

/** Whether such a request counts in "error %" and against the Success Rate. TCP has neither. */
export function isError(protocol: Protocol, code: string, flags: string | undefined): boolean {
  if (protocol === 'tcp') return false
  const outcome = outcomeOf(protocol, code, flags)
  return outcome === 'error' || outcome === 'injected'
}

interface Answer {
  readonly code: string
  readonly flags?: string | undefined
  readonly rate: number
}

/**
 * Share of requests that are errors, 0 to 1; `undefined` for TCP, where there were none, and where none tells how it ended (gRPC
 * messages carry no status): silence is not success.
 */
export function errorRatio(protocol: Protocol, responses: readonly Answer[]): number | undefined {
  if (protocol === 'tcp') return undefined
  let total = 0
  let errors = 0
  let isTold = false
  for (const { code, flags, rate } of responses) {
    const outcome = outcomeOf(protocol, code, flags)
    total += rate
    if (outcome === 'error' || outcome === 'injected') errors += rate
    if (outcome !== 'noAnswer' && rate > 0) isTold = true
  }
  return isTold ? errors / total : undefined
}

/** Per second, by outcome. */
export type Outcomes = Readonly<Record<Outcome, number>> & { readonly total: number }

/** How many requests per second (bytes for TCP) came to what end; all zeros for no responses. */
export function outcomesOf(protocol: Protocol, responses: readonly Answer[]): Outcomes {
  const sums = { total: 0, success: 0, error: 0, injected: 0, clientError: 0, clientLeft: 0, noAnswer: 0 }
  for (const { code, flags, rate } of responses) {
    sums.total += rate
    sums[outcomeOf(protocol, code, flags)] += rate
  }
  return sums
}
