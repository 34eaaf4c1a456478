import type { ServiceFilter, ServiceName } from '../mesh/countedOnce.ts'
import {
  durationStatistics,
  groupings,
  seriesQueriesFor,
  stepsOf,
  type Grouping,
  type SeriesQuestion,
} from '../mesh/rangeQueries.ts'
import type { Query } from '../mesh/queries.ts'
import type { Scope, Window } from '../mesh/scope.ts'
import { OwnParameters, invalid, shown } from './ownParameters.ts'
import { type Answered, runQuery, runRange } from './run.ts'
import type { Upstream } from './upstream.ts'

/** A question over time as it was asked. */
export interface AskedSeries {
  readonly ask: 'series'
  readonly series: SeriesQuestion
  /** Absent: one number for each group, over the whole window. Seconds. */
  readonly grain?: { readonly step: number; readonly rateWindow: number }
}

export const seriesAsks = ['series-requests', 'series-duration', 'series-tcp', 'series-grpc-messages'] as const

/** Prometheus's own limit is 11,000; no panel draws so many, and each costs. */
const mostSteps = 1500
const mostServices = 50

/**
 * A series question's own parameters: `by` (groups, separated by commas), `reporter`, `statistic` (of a duration), `services`
 * (`namespace/name`, each half percent-encoded, separated by commas) and `rest=true` for all others; `step` in seconds makes it a range
 * query whose rates are over `rate` seconds. Throws `RefusalError` for anything else.
 */
export function readSeries(ask: (typeof seriesAsks)[number], own: OwnParameters): AskedSeries {
  const common = {
    by: groupsOf(own),
    reporter: own.oneOf('reporter', ['auto', 'source', 'destination'], 'auto'),
    ...servicesOf(own),
  }
  const series: SeriesQuestion =
    ask === 'series-duration'
      ? { ask, statistic: own.oneOf('statistic', durationStatistics, 'p95'), ...common }
      : { ask, ...common }
  const step = secondsOf(own, 'step')
  const rateWindow = secondsOf(own, 'rate')
  if (step === undefined) {
    if (rateWindow !== undefined) throw invalid('rate', 'given without step')
    return { ask: 'series', series }
  }
  return { ask: 'series', series, grain: { step, rateWindow: Math.max(rateWindow ?? step, step) } }
}

/** The expressions of a question and how one of them is run. */
export interface Runnable {
  readonly resultType: 'matrix' | 'vector'
  readonly queries: readonly Query[]
  readonly run: (promql: string, signal: AbortSignal) => Promise<Answered>
}

/** A matrix with a step, a vector over the whole window without. Throws `RefusalError` for more steps than anybody draws. */
export function seriesRun(
  { series, grain }: AskedSeries,
  scope: Scope,
  window: Window,
  prometheus: Upstream,
): Runnable {
  if (grain === undefined) {
    return {
      resultType: 'vector',
      queries: seriesQueriesFor(series, scope, window.seconds),
      run: (promql, signal) => runQuery(prometheus, promql, window.at, signal),
    }
  }
  if (window.seconds / grain.step > mostSteps) throw invalid('step', `more than ${mostSteps} steps in the window`)
  const steps = stepsOf(window, grain.step)
  return {
    resultType: 'matrix',
    queries: seriesQueriesFor(series, scope, grain.rateWindow),
    run: (promql, signal) => runRange(prometheus, promql, steps, signal),
  }
}

function groupsOf(own: OwnParameters): readonly Grouping[] {
  const text = own.take('by')
  if (text === undefined || text === '') return []
  return text.split(',').map((name) => {
    const group = groupings.find((each) => each === name)
    if (group === undefined) throw invalid('by', `"${shown(name)}" is none of ${groupings.join(', ')}`)
    return group
  })
}

function servicesOf(own: OwnParameters): { readonly services?: ServiceFilter } {
  const text = own.take('services')
  const isRest = own.oneOf('rest', ['true', 'false'], 'false') === 'true'
  if (text === undefined) {
    if (isRest) throw invalid('rest', 'given without services')
    return {}
  }
  const names = text === '' ? [] : text.split(',').map(serviceOf)
  if (names.length > mostServices) throw invalid('services', `more than ${mostServices}`)
  return { services: { names, isRest } }
}

function serviceOf(text: string): ServiceName {
  const halves = text.split('/')
  const [namespace, name] = halves.map(decoded)
  if (halves.length !== 2 || namespace === undefined || name === undefined || name === '') {
    throw invalid('services', `"${shown(text)}" is not namespace/name`)
  }
  return { namespace, name }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('services', `"${shown(text)}" is not percent-encoded`)
  }
}

function secondsOf(own: OwnParameters, name: string): number | undefined {
  const text = own.take(name)
  if (text === undefined) return undefined
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (seconds < 1) throw invalid(name, `"${shown(text)}" is not a number of seconds`)
  return seconds
}
