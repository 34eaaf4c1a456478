import { isError, outcomeOf, type Outcome } from './golden.ts'
import { type HealthPolicy, rulesOf, type Subject } from './policy.ts'
import type { Labels, Series } from './samples.ts'
import { isKnown, label } from './telemetry.ts'

/** Values on a panel's steps; a gap is `undefined`: nothing was measured there, which is not zero. */
export type Values = readonly (number | undefined)[]

/** How finely a span is asked for: seconds. */
export interface Rhythm {
  readonly step: number
  /** What each point is a rate over. */
  readonly rateWindow: number
}

/** About as many steps as a panel can show apart; never more than 400. */
const wantedSteps = 200
/** A pause between points that a person can name, in seconds. */
const roundSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
] as const
/** Istio's sample Prometheus scrapes every 15 s, and so do most: for where the interval is not known. */
const usualScrapeInterval = 15

/**
 * The step of a span and the window of its rates, in seconds: steps follow the span and are no shorter than a scrape; a rate is over at
 * least four scrapes, and never over less than a step, so that nothing falls between two points.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
 */
export function rhythmOf(spanSeconds: number, scrapeInterval: number | undefined): Rhythm {
  const scrape = scrapeInterval !== undefined && scrapeInterval > 0 ? scrapeInterval : usualScrapeInterval
  const least = Math.max(spanSeconds / wantedSteps, scrape)
  const step = roundSteps.find((each) => each >= least) ?? Math.ceil(least / 86_400) * 86_400
  return { step, rateWindow: Math.max(Math.ceil(4 * scrape), step) }
}

/** What the panels tell apart (contracts page, "What is an error"). */
export type AnswerKind =
  'success' | 'http4xx' | 'grpcClient' | 'clientLeft' | 'http5xx' | 'grpcServer' | 'noResponse' | 'injected'

/** What became of the requests of one series, read off its labels. Total: strange codes and flags are a success or a failure, never lost. */
export function answerOf(labels: Labels): { readonly kind: AnswerKind; readonly isError: boolean } {
  const status = labels[label.grpcStatus]
  const protocol =
    labels[label.protocol] === 'grpc' || (!isKnown(labels[label.protocol]) && isKnown(status)) ? 'grpc' : 'http'
  const httpCode = labels[label.code] ?? ''
  const isStatus = protocol === 'grpc' && status !== undefined && status !== '' && !/^[45]\d\d$/.test(httpCode)
  // For gRPC the status decides, except where an HTTP error came instead: then the call never reached the gRPC server.
  const code = httpCode === '0' ? '-' : isStatus ? status : httpCode
  const flags = labels[label.flags]
  const outcome = outcomeOf(protocol, code, flags)
  return { kind: kindOf(outcome, code), isError: isError(protocol, code, flags) }
}

function kindOf(outcome: Outcome, code: string): AnswerKind {
  switch (outcome) {
    case 'success':
      return 'success'
    case 'injected':
      return 'injected'
    case 'clientLeft':
      return 'clientLeft'
    case 'noAnswer':
      return 'noResponse'
    case 'clientError':
      return /^4\d\d$/.test(code) ? 'http4xx' : 'grpcClient'
    case 'error':
      return /^5\d\d$/.test(code) ? 'http5xx' : code === '-' || code === '' ? 'noResponse' : 'grpcServer'
  }
}

/** Requests per second over a panel's steps, and what became of them. */
export interface Requests {
  readonly total: Values
  readonly errors: Values
  readonly of: (kind: AnswerKind) => Values
  /** Whether there was any of that kind. */
  readonly has: (kind: AnswerKind) => boolean
}

/** The sums of series grouped by outcome. Where any was measured, what was not seen is zero; where none was, all is a gap. */
export function requestsOf(series: readonly Series[]): Requests {
  const steps = Math.max(0, ...series.map(({ points }) => points.length))
  const total = sums(series, steps)
  const read = series.map((each) => ({ each, ...answerOf(each.labels) }))
  const where = (isWanted: (answer: (typeof read)[number]) => boolean): Values => {
    const wanted = sums(
      read.filter(isWanted).map(({ each }) => each),
      steps,
    )
    return total.map((value, at) => (value === undefined ? undefined : (wanted[at] ?? 0)))
  }
  const kinds = new Set(read.map(({ kind }) => kind))
  return {
    total,
    errors: where(({ isError: isOne }) => isOne),
    of: (wanted) => where(({ kind }) => kind === wanted),
    has: (kind) => kinds.has(kind),
  }
}

/** The sum of series step by step; a gap where none has a value. */
export function totalOf(series: readonly Series[]): Values {
  return sums(series, Math.max(0, ...series.map(({ points }) => points.length)))
}

function sums(series: readonly Series[], steps: number): Values {
  const sum = new Array<number | undefined>(steps).fill(undefined)
  for (const { points } of series) {
    for (const [at, { value }] of points.entries()) {
      if (value !== undefined) sum[at] = (sum[at] ?? 0) + value
    }
  }
  return sum
}

/** Sums of several lists of values, step by step; a gap where all are. */
export function added(lists: readonly Values[]): Values {
  return sums(
    lists.map((values) => ({ labels: {}, points: values.map((value) => ({ at: 0, value })) })),
    Math.max(0, ...lists.map(({ length }) => length)),
  )
}

/** What is left of a total without its named parts, never below zero; a gap where the total is one. */
export function restOf(total: Values, parts: readonly Values[]): Values {
  return total.map((value, at) => {
    if (value === undefined) return undefined
    const named = parts.reduce((sum, part) => sum + (part[at] ?? 0), 0)
    const rest = value - named
    // Sums of the same numbers in another order differ in the last digits.
    return rest > value * 1e-9 ? rest : 0
  })
}

/** The share of requests that did not fail, 0 to 1; a gap where there were none: silence is not success. */
export function successOf(total: Values, errors: Values): Values {
  return total.map((value, at) => {
    const failed = errors[at]
    return value === undefined || failed === undefined || value <= 0 ? undefined : Math.max(0, 1 - failed / value)
  })
}

/** Per second to how many there were in each step. */
export function countsOf(perSecond: Values, step: number): Values {
  return perSecond.map((value) => (value === undefined ? undefined : value * step))
}

/**
 * The mean over the span of what was measured, `undefined` where nothing was. The first point speaks of the time before the span and
 * is left out where there are others: then points a rate window apart cover the span exactly once.
 */
export function meanOf(values: Values): number | undefined {
  const inside = values.length > 1 ? values.slice(1) : values
  const measured = inside.filter((value) => value !== undefined)
  return measured.length === 0 ? undefined : measured.reduce((sum, value) => sum + value, 0) / measured.length
}

/** How many there were over the span of what was measured. */
export function countOf(perSecond: Values, step: number): number | undefined {
  const inside = perSecond.length > 1 ? perSecond.slice(1) : perSecond
  const measured = inside.filter((value) => value !== undefined)
  return measured.length === 0 ? undefined : measured.reduce((sum, value) => sum + value * step, 0)
}

/** The success ratio over the whole span: of all its requests, not the mean of its steps. */
export function overallSuccess(total: Values, errors: Values): number | undefined {
  const [all, failed] = [meanOf(total), meanOf(errors)]
  return all === undefined || failed === undefined || all <= 0 ? undefined : Math.max(0, 1 - failed / all)
}

/** A histogram over time: for each upper bound (seconds, the last infinite) the cumulative rates. */
export interface Buckets {
  readonly bounds: readonly number[]
  readonly rates: readonly Values[]
}

/** The buckets among series that carry `le` in milliseconds, sorted by bound, equal bounds summed; series without one are left out. */
export function bucketsOf(series: readonly Series[]): Buckets {
  const byBound = new Map<number, Series[]>()
  for (const each of series) {
    const text = each.labels[label.bucket]
    const bound = text === '+Inf' ? Infinity : text === undefined || text === '' ? Number.NaN : Number(text) / 1000
    if (Number.isNaN(bound)) continue
    const known = byBound.get(bound)
    if (known === undefined) byBound.set(bound, [each])
    else known.push(each)
  }
  const sorted = [...byBound].sort(([a], [b]) => a - b)
  return { bounds: sorted.map(([bound]) => bound), rates: sorted.map(([, ofBound]) => totalOf(ofBound)) }
}

/** The quantile (0 to 1) at every step, in seconds, as Prometheus's histogram_quantile has it; a gap where nothing was observed. */
export function quantileOf(quantile: number, { bounds, rates }: Buckets): Values {
  const steps = Math.max(0, ...rates.map(({ length }) => length))
  return Array.from({ length: steps }, (_, at) =>
    quantileOfCounts(
      quantile,
      bounds,
      rates.map((values) => values[at] ?? 0),
    ),
  )
}

/** The quantile over the whole span, from its summed buckets: never a mean of quantiles. */
export function overallQuantile(quantile: number, { bounds, rates }: Buckets): number | undefined {
  return quantileOfCounts(
    quantile,
    bounds,
    rates.map((values) => meanOf(values) ?? 0),
  )
}

/**
 * The quantile of cumulative counts by upper bound: linear inside the bucket it falls into, the lower edge of the first being 0; the
 * highest finite bound where it falls into the infinite one. `undefined` without observations or without an infinite bucket.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantileOfCounts(
  quantile: number,
  bounds: readonly number[],
  counts: readonly number[],
): number | undefined {
  if (bounds.length < 2 || bounds.at(-1) !== Infinity) return undefined
  // Scrapes of several proxies are not of one instant: a cumulative count may fall short of the one before it.
  let most = 0
  const cumulative = counts.map((count) => (most = Math.max(most, count)))
  const all = cumulative.at(-1) ?? 0
  if (!(all > 0)) return undefined
  const rank = quantile * all
  const index = cumulative.findIndex((count) => count >= rank)
  const upper = bounds[index] ?? Infinity
  if (upper === Infinity) return bounds.at(-2)
  const lower = index === 0 ? 0 : (bounds[index - 1] ?? 0)
  const below = index === 0 ? 0 : (cumulative[index - 1] ?? 0)
  const within = (cumulative[index] ?? 0) - below
  return within > 0 ? lower + ((upper - lower) * (rank - below)) / within : upper
}

/** Where health begins to suffer, as success ratios 0 to 1; absent where the policy never says so of every service. */
export interface Tolerance {
  readonly degraded?: number
  readonly failing?: number
}

/**
 * The lines a success panel draws: what the policy tolerates of HTTP 500s that `subject` answers; without one, what its general rules
 * tolerate of anybody's.
 */
export function toleranceOf(policy: HealthPolicy, subject?: Subject): Tolerance {
  const rules =
    subject === undefined
      ? rulesOf(policy.filter(({ match }) => match === undefined))({ namespace: '', name: '', kind: '' })
      : rulesOf(policy)(subject)
  const rule = rules.claim('http', 'inbound', '500', '-')
  return {
    ...(rule?.degraded === undefined ? {} : { degraded: 1 - rule.degraded }),
    ...(rule?.failing === undefined ? {} : { failing: 1 - rule.failing }),
  }
}
