import type { FaultName } from './model.ts'

/** A fault that comes and goes by the clock: active in [k * period + start, k * period + start + duration), unix seconds. */
export interface Fault {
  readonly name: FaultName
  readonly description: string
  readonly period: number
  readonly start: number
  readonly duration: number
}

const period = 1200

/**
 * Every twenty minutes the same story. The first three follow each other with an overlap, so that at least one of them is
 * always active: whoever opens the demo finds something wrong. The last two are no failures of a service (404s, clients leaving).
 */
export const faults: readonly Fault[] = [
  {
    name: 'reviews-canary',
    description: 'Most requests to reviews v3, the canary, fail with 503 UF and UH and reach no workload.',
    period,
    start: 0,
    duration: 420,
  },
  {
    name: 'slow-ratings',
    description: 'ratings answers in seconds instead of milliseconds; its callers give up on some requests (504 UT).',
    period,
    start: 360,
    duration: 420,
  },
  {
    name: 'payment-unavailable',
    description:
      'payment answers gRPC status 14 (unavailable) over HTTP 200 to a third of the calls; checkout fails with 13.',
    period,
    start: 720,
    duration: 540,
  },
  {
    name: 'price-crawler',
    description: 'The price crawler asks for products that do not exist: nearly half of its requests are 404.',
    period,
    start: 180,
    duration: 480,
  },
  {
    name: 'impatient-mobile-clients',
    description: 'Mobile clients disconnect before the answer: response code 0, flag DC.',
    period,
    start: 600,
    duration: 420,
  },
]

const schedule = new Map(faults.map((fault) => [fault.name, fault]))

/** The schedule of the fault of that name; throws for a name that is not in it, which the type forbids. */
export function faultNamed(name: FaultName): Fault {
  const fault = schedule.get(name)
  if (fault === undefined) throw new Error(`The fault ${name} has no schedule.`)
  return fault
}

/** The fault's window that holds `at`, or else the next one; unix seconds. */
export function occurrence(
  { period, start, duration }: Fault,
  at: number,
): { since: number; until: number; isActive: boolean } {
  const last = Math.floor((at - start) / period) * period + start
  const isActive = at < last + duration
  const since = isActive ? last : last + period
  return { since, until: since + duration, isActive }
}

/** Whether the fault was active at any moment of the window (`from`, `to`]. */
export function touches(fault: Fault, from: number, to: number): boolean {
  return occurrence(fault, from).since < to
}
