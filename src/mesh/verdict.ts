/** Worst first. */
export type HealthState = 'failing' | 'degraded' | 'notReady' | 'healthy' | 'idle' | 'unknown'

export interface Health {
  readonly state: HealthState
  /** One sentence each, naming number, code and tolerance: "12% of requests failed with 503 UF; tolerance 10%". */
  readonly reasons: readonly string[]
}

const order: readonly HealthState[] = ['failing', 'degraded', 'notReady', 'healthy', 'idle', 'unknown']

/** 0 for the worst state, higher for better ones, last for those that say nothing. */
export function severity(state: HealthState): number {
  return order.indexOf(state)
}

/** The worse of two states. */
export function worse(a: HealthState, b: HealthState): HealthState {
  return severity(a) <= severity(b) ? a : b
}
