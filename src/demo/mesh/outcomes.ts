import type { Latency, Outcome } from './model.ts'

export const ms = (medianMs: number, spread = 0.55): Latency => ({ medianMs, spread })

/** Plain HTTP 200. */
export const ok = (share: number, latency: Latency): Outcome => ({ code: 200, flags: '-', share, latency })

/** gRPC status 0 over HTTP 200. */
export const okGrpc = (share: number, latency: Latency): Outcome => ({ ...ok(share, latency), grpcStatus: 0 })

/** An answer with that code and no flags. */
export const answered = (code: number, share: number, latency: Latency): Outcome => ({
  code,
  flags: '-',
  share,
  latency,
})

/** A gRPC error over HTTP 200: what only `grpc_response_status` tells. */
export const grpcError = (grpcStatus: number, share: number, latency: Latency): Outcome => ({
  code: 200,
  flags: '-',
  grpcStatus,
  share,
  latency,
})

/** The caller's proxy found no healthy upstream (UH) or no connection (UF): the destination never hears of it. */
export const undelivered = (flags: 'UF' | 'UH', share: number): Outcome => ({
  code: 503,
  flags,
  atDestination: 'never reached',
  share,
  latency: flags === 'UF' ? ms(12, 0.7) : ms(0.8, 0.4),
})

/** The caller's proxy gave up after its timeout; the destination sees its client leave. */
export const timedOut = (share: number, seconds: number): Outcome => ({
  code: 504,
  flags: 'UT',
  atDestination: { code: 0, flags: 'DC' },
  share,
  latency: ms(seconds * 1000, 0.02),
})

/** The client itself left before the answer. */
export const clientLeft = (share: number, latency: Latency): Outcome => ({ code: 0, flags: 'DC', share, latency })

/** The same outcome with another share, or pace, while the flow's fault is active. */
export const whenFaulty = (outcome: Outcome, faultyShare: number, faultyLatency?: Latency): Outcome => ({
  ...outcome,
  faultyShare,
  ...(faultyLatency && { faultyLatency }),
})
