import { callDirections, endKinds, type CallEnd, type ServiceName } from '../mesh/callEnd.ts'
import type { ServiceFilter } from '../mesh/countedOnce.ts'
import {
  durationStatistics,
  groupings,
  seriesQueriesFor,
  stepsOf,
  type Grouping,
  type SeriesQuestion,
} from '../mesh/rangeQueries.ts'
import type { Peer, PeerFilter } from '../mesh/peers.ts'
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

export const seriesAsks = [
  'series-requests',
  'series-duration',
  'series-throughput',
  'series-tcp',
  'series-grpc-messages',
] as const

/** Prometheus's own limit is 11,000; no panel draws so many, and each costs. */
const mostSteps = 1500
/** Every step reads its rate window's samples again: of each series no more than two full windows of 31 days in all. Seconds. */
const mostRead = 2 * 31 * 24 * 3600
const mostNamed = 50
/** Hosts of service entries are services' names too. https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const longestName = 253

/**
 * A series question's own parameters: `by` (groups, separated by commas), `reporter`, `statistic` (of a duration), `services`
 * (`namespace/name`, each half percent-encoded, separated by commas) and `rest=true` for all others; `of` (`kind/namespace/name`, each part
 * percent-encoded) and `direction` for the calls of one end, `peers` (`kind/namespace/name`, `namespace/<name>` or `unknown`) and
 * `rest=true` for some of its peers or all others; `step` in seconds makes it a range
 * query whose rates are over `rate` seconds. Throws `RefusalError` for anything else.
 */
export function readSeries(ask: (typeof seriesAsks)[number], own: OwnParameters): AskedSeries {
  const end = endOf(own)
  const by = groupsOf(own)
  if (end === undefined && by.includes('peer')) throw invalid('by', '"peer" is given without of')
  const common = {
    by,
    reporter: own.oneOf('reporter', ['auto', 'source', 'destination'], 'auto'),
    ...narrowedBy(own, end),
    ...(end === undefined ? {} : { end }),
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
  if (Math.max(1, window.seconds / grain.step) * grain.rateWindow > mostRead) {
    throw invalid('rate', 'too long for so many steps: each of them reads that much again')
  }
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

function narrowedBy(
  own: OwnParameters,
  end: CallEnd | undefined,
): { readonly services?: ServiceFilter; readonly peers?: PeerFilter } {
  const services = listOf(own, 'services', serviceOf)
  const peers = listOf(own, 'peers', peerOf)
  const isRest = own.oneOf('rest', ['true', 'false'], 'false') === 'true'
  if (services === undefined && peers === undefined) {
    if (isRest) throw invalid('rest', 'given without services or peers')
    return {}
  }
  if (peers === undefined) return services === undefined ? {} : { services: { names: services, isRest } }
  if (services !== undefined) throw invalid('peers', 'given together with services')
  if (end === undefined) throw invalid('peers', 'given without of')
  return { peers: { peers, isRest } }
}

function listOf<T>(own: OwnParameters, name: string, read: (text: string) => T): readonly T[] | undefined {
  const text = own.take(name)
  if (text === undefined) return undefined
  const parts = text === '' ? [] : text.split(',')
  if (parts.length > mostNamed) throw invalid(name, `more than ${mostNamed}`)
  return parts.map(read)
}

function peerOf(text: string): Peer {
  const [kind, namespace, name, more] = text.split('/').map((part) => decoded('peers', part))
  if (kind === 'unknown' && namespace === undefined) return { kind }
  if (kind === 'namespace' && namespace !== undefined && name === undefined) return { kind, namespace }
  const isNamed = namespace !== undefined && name !== undefined && name !== '' && more === undefined
  if (isNamed && (kind === 'workload' || kind === 'service')) return { kind, namespace, name }
  throw invalid('peers', `"${shown(text)}" is none of workload/namespace/name, service/..., namespace/name, unknown`)
}

function serviceOf(text: string): ServiceName {
  const halves = text.split('/')
  const [namespace, name] = halves.map((half) => decoded('services', half))
  if (halves.length !== 2 || namespace === undefined || name === undefined || name === '') {
    throw invalid('services', `"${shown(text)}" is not namespace/name`)
  }
  return { namespace, name }
}

/** The one end whose calls are asked for; undefined where none is. */
function endOf(own: OwnParameters): CallEnd | undefined {
  const text = own.take('of')
  const direction = own.take('direction')
  if (text === undefined) {
    if (direction !== undefined) throw invalid('direction', 'given without of')
    return undefined
  }
  const parts = text.split('/')
  const [kindText, namespace, name] = parts.map((part) => decoded('of', part))
  const kind = endKinds.find((each) => each === kindText)
  if (parts.length !== 3 || kind === undefined || namespace === undefined || name === undefined || name === '') {
    throw invalid('of', `"${shown(text)}" is not one of ${endKinds.join(', ')} with /namespace/name`)
  }
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names; `unknown` is nobody's.
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace) || namespace === 'unknown') {
    throw invalid('of', `"${shown(namespace)}" is not a namespace's name`)
  }
  if (kind === 'namespace' && name !== namespace) throw invalid('of', 'a namespace is given as namespace/name/name')
  if (name.length > longestName) throw invalid('of', `a name longer than ${longestName}`)
  if (name === 'unknown') throw invalid('of', '"unknown" is what telemetry says where it does not know')
  const known = callDirections.find((each) => each === (direction ?? 'inbound'))
  if (known === undefined) {
    throw invalid('direction', `"${shown(direction ?? '')}" is none of ${callDirections.join(', ')}`)
  }
  return { kind, namespace, name, direction: known }
}

function decoded(parameter: string, text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(parameter, `"${shown(text)}" is not percent-encoded`)
  }
}

function secondsOf(own: OwnParameters, name: string): number | undefined {
  const text = own.take(name)
  if (text === undefined) return undefined
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (seconds < 1) throw invalid(name, `"${shown(text)}" is not a number of seconds`)
  return seconds
}
