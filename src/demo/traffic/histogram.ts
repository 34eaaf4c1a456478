import type { Latency } from '../mesh/model.ts'

/** Envoy's bounds as Istio exposes them, milliseconds or bytes; `+Inf` follows. */
export const bounds: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
]

/** The `le` labels, as Envoy writes them. */
export const bucketLabels: readonly string[] = [...bounds.map(String), '+Inf']

/** A distribution over Envoy's buckets. */
export interface Spread {
  /** Share of all at or below each bound, the last being 1 for `+Inf`; nothing lies beyond the last finite bound. */
  readonly cumulative: readonly number[]
  readonly mean: number
}

/**
 * A log-normal distribution poured into Envoy's buckets, and from then on even inside each bucket: so that what
 * `histogram_quantile` interpolates is exact, and the simulator can say the true quantile.
 */
export function spreadOf(median: number, spread: number): Spread {
  const last = normalCdf(Math.log((bounds.at(-1) ?? median) / median) / spread)
  const cumulative: number[] = []
  let mean = 0
  let below = 0
  let lower = 0
  for (const bound of bounds) {
    const share = Math.min(1, Math.max(below, normalCdf(Math.log(bound / median) / spread) / last))
    mean += (share - below) * ((lower + bound) / 2)
    cumulative.push(share)
    below = share
    lower = bound
  }
  cumulative[bounds.length - 1] = 1
  return { cumulative: [...cumulative, 1], mean }
}

/** Milliseconds, as the callee's own proxy measures them. */
export const latencySpread = ({ medianMs, spread }: Latency): Spread => spreadOf(medianMs, spread)

/** Milliseconds, as the caller's proxy measures them: the way there and back comes on top. */
export const latencySpreadAtSource = ({ medianMs, spread }: Latency): Spread => spreadOf(medianMs * 1.06 + 0.4, spread)

/** The q-quantile (0 to 1) of cumulative counts over Envoy's buckets, as Prometheus interpolates it; `undefined` without any. */
export function quantile(q: number, cumulative: readonly number[]): number | undefined {
  const total = cumulative.at(-1) ?? 0
  if (total <= 0) return undefined
  const rank = q * total
  const index = cumulative.findIndex((count) => count >= rank)
  const upper = bounds[index]
  if (upper === undefined) return bounds.at(-1)
  const lower = index === 0 ? 0 : (bounds[index - 1] ?? 0)
  const below = index === 0 ? 0 : (cumulative[index - 1] ?? 0)
  const inside = (cumulative[index] ?? 0) - below
  return inside <= 0 ? upper : lower + ((upper - lower) * (rank - below)) / inside
}

/** Abramowitz and Stegun 7.1.26 for the error function; off by at most 1.5e-7. */
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + 0.327_591_1 * z)
  const tail =
    t *
    (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429)))) *
    Math.exp(-z * z)
  return x >= 0 ? 1 - tail / 2 : tail / 2
}
