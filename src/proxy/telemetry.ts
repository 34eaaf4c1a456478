import type { Meshboard } from '../clients/prometheus/wire.ts'
import { clusterQueriesFor } from '../mesh/clusterQueries.ts'
import { type Query, queriesFor } from '../mesh/queries.ts'
import type { Scope, Window } from '../mesh/scope.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { RefusalError } from './errors.ts'
import { evidenceOf } from './evidence.ts'
import { factsOf, noFacts } from './facts.ts'
import type { Reborn } from './ages.ts'
import { type Asked, type AskedFacts, readAsked } from './parameters.ts'
import { type Answered, runQuery } from './run.ts'
import { type ScopeRules, resolveScope } from './scope.ts'
import { type Runnable, seriesRun } from './seriesQuestions.ts'
import type { Shared } from './shared.ts'
import type { Viewer } from './viewer.ts'

export interface TelemetryRequest {
  readonly question: string
  readonly parameters: URLSearchParams
  readonly viewer: Viewer
  readonly rules: ScopeRules
  /** Unix seconds. */
  readonly now: () => number
  readonly signal?: AbortSignal | undefined
}

/** What is the same for everybody who asks the same with the same rights. */
export interface Worked {
  /** JSON: the vectors or matrices of the expressions, laid end to end as Prometheus gave them; or the facts. */
  readonly data: string
  readonly queries: readonly Query[]
  readonly warnings: readonly string[]
  readonly notes: readonly string[]
}

/** JSON text, in three parts: around what was worked out, which others may be given too, goes what is this viewer's. */
export interface Answer {
  readonly head: string
  readonly worked: Worked
  readonly tail: string
}

/**
 * The answer to a named question, as JSON text: the vectors of its expressions, run in parallel and laid end to end, and the PromQL that
 * ran. The scope is what the viewer may see of what was asked; an empty one answers empty without asking Prometheus. Whoever asks the very
 * same with the same rights gets the same work. Throws `RefusalError`; one failed expression fails the answer and ends the others, since
 * a graph of half the calls would look like a whole one.
 */
export async function answerQuestion(
  doors: ClusterDoors,
  shared: Shared<Worked>,
  { question: name, parameters, viewer, rules, now: clock, signal }: TelemetryRequest,
): Promise<Answer> {
  const asked = readAsked(name, parameters, clock())
  const { scope: wanted, notes, ages } = await resolveScope(asked.scope, viewer, doors, rules, signal)
  const reborn =
    ages === undefined || asked.question.ask === 'facts' ? [] : await doors.earlier.of(ages, reachOf(asked), signal)
  const { scope, window, note } = withinAge(asked, wanted, reborn)
  // The rights are in the scope: whoever has others has another key.
  const key = JSON.stringify([doors.name, asked.question, window, scope])
  const worked = await shared.get(
    key,
    (together) => work(doors, asked.question, scope, { window, clock }, together),
    signal,
  )
  const meshboard: Meshboard = {
    queries: worked.queries,
    window: window.seconds,
    time: window.at,
    namespaces: scope.namespaces === 'all' ? null : scope.namespaces,
    notes: [...notes, ...note, ...worked.notes],
  }
  const warnings = worked.warnings.length === 0 ? '' : `"warnings":${JSON.stringify(worked.warnings)},`
  return {
    head: '{"status":"success","data":',
    worked,
    tail: `,${warnings}"meshboard":${JSON.stringify(meshboard)}}`,
  }
}

async function work(
  { prometheus }: ClusterDoors,
  question: Asked['question'],
  scope: Scope,
  { window, clock }: { readonly window: Window; readonly clock: () => number },
  signal: AbortSignal,
): Promise<Worked> {
  try {
    return question.ask === 'facts'
      ? await facts(prometheus, question, scope, { window, clock }, signal)
      : await numbers(prometheus, question, scope, window, signal)
  } catch (error) {
    throw scope.seesAll ? error : withoutPrometheusWords(error)
  }
}

async function numbers(
  prometheus: ClusterDoors['prometheus'],
  question: Exclude<Asked['question'], AskedFacts>,
  scope: Scope,
  window: Window,
  signal: AbortSignal,
): Promise<Worked> {
  const { resultType, queries, run }: Runnable =
    question.ask === 'series'
      ? seriesRun(question, scope, window, prometheus)
      : {
          resultType: 'vector',
          queries: instantQueries(question, scope, window),
          run: (promql, together) => runQuery(prometheus, promql, window.at, together),
        }
  const answers = await runAll(queries, run, signal)
  return {
    data: JSON.stringify({ resultType, result: answers.flatMap(({ result }) => result) }),
    queries,
    warnings: warningsFor(
      scope,
      answers.flatMap((answer) => answer.warnings),
    ),
    notes: [],
  }
}

/** In place of Prometheus's own words, for who may not read them. */
const unspokenWarning = 'it gave a warning with this answer, whose words only viewers of every namespace may read'

/** Each once. Prometheus's warnings may hold anybody's series in their words. */
function warningsFor({ seesAll }: Scope, warnings: readonly string[]): readonly string[] {
  return seesAll || warnings.length === 0 ? [...new Set(warnings)] : [unspokenWarning]
}

function instantQueries(
  question: Exclude<Asked['question'], AskedFacts | { readonly ask: 'series' }>,
  scope: Scope,
  window: Window,
): readonly Query[] {
  switch (question.ask) {
    case 'alerts':
    case 'resources':
    case 'pods':
    case 'certificates':
      return clusterQueriesFor(question, scope, window)
    default:
      return queriesFor(question, scope, window)
  }
}

async function facts(
  prometheus: ClusterDoors['prometheus'],
  { isDeep }: AskedFacts,
  scope: Scope,
  { window, clock }: { readonly window: Window; readonly clock: () => number },
  signal: AbortSignal,
): Promise<Worked> {
  if (!scope.seesAll && scope.namespaces.length === 0) {
    return { data: JSON.stringify(noFacts), queries: [], warnings: [], notes: [] }
  }
  const [{ facts: found, queries, notes, warnings }, deep] = await Promise.all([
    factsOf(prometheus, scope.matchers, window, signal),
    isDeep === true ? evidenceOf(prometheus, scope, window, clock, signal) : undefined,
  ])
  return {
    data: JSON.stringify(deep === undefined ? found : { ...found, evidence: deep.evidence }),
    queries: [...queries, ...(deep?.queries ?? [])],
    warnings: warningsFor(scope, [...warnings, ...(deep?.warnings ?? [])]),
    notes: [...notes, ...(deep?.notes ?? [])],
  }
}

/** Seconds: a plain selector sees samples as old as this. https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness */
const lookBack = 300

/** As far back as anything of the answer may come from. */
function reachOf({ window, question }: Asked): Window {
  switch (question.ask) {
    case 'alerts':
      return { ...window, seconds: lookBack }
    case 'resources':
      return { ...window, seconds: Math.max(window.seconds, lookBack) }
    case 'series':
      return { ...window, seconds: window.seconds + (question.grain?.rateWindow ?? 0) }
    default:
      return window
  }
}

interface Within {
  readonly scope: Scope
  readonly window: Window
  readonly note: readonly string[]
}

/**
 * Scope and window without what was before the birth of those namespaces that had an earlier life, maybe another team's. What belongs to
 * one namespace is left out with it; of calls, which have two ends, nothing is shown from before the youngest. A question over time looks
 * back another rate's window before its first step.
 */
function withinAge({ window, question }: Asked, scope: Scope, reborn: readonly Reborn[]): Within {
  const [youngest] = reborn
  if (youngest === undefined) return { scope, window, note: [] }
  if ((question.ask === 'alerts' || question.ask === 'resources') && scope.namespaces !== 'all') {
    const names = reborn.map(({ namespace }) => namespace)
    const namespaces = scope.namespaces.filter((name) => !names.includes(name))
    const note = `Left out, because there was another namespace of the same name not long ago: ${names.sort().join(', ')}`
    return { scope: { ...scope, namespaces }, window, note: [note] }
  }
  const before = question.ask === 'series' && question.grain !== undefined ? question.grain.rateWindow : 0
  const seconds = Math.floor(window.at - youngest.since - before)
  const since = new Date(youngest.since * 1000).toISOString().slice(0, 19)
  const note = [
    `Nothing from before ${since}Z is shown: ${youngest.namespace} was created then, and there was another namespace of this name`,
  ]
  if (seconds < 1) return { scope: { ...scope, namespaces: [] }, window, note }
  return { scope, window: { ...window, seconds: Math.min(seconds, window.seconds) }, note }
}

/** Prometheus's sentences quote series, and a series may be anybody's. */
function withoutPrometheusWords(error: unknown): unknown {
  if (!(error instanceof RefusalError) || !error.refusal.code.startsWith('prometheus_')) return error
  const { status, code, hint } = error.refusal
  return new RefusalError(
    { status, code, message: 'Prometheus could not answer', ...(hint === undefined ? {} : { hint }) },
    error,
  )
}

async function runAll(
  queries: readonly Query[],
  run: Runnable['run'],
  signal: AbortSignal | undefined,
): Promise<readonly Answered[]> {
  const together = new AbortController()
  const onAbort = (): void => together.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.all(queries.map(({ promql }) => run(promql, together.signal)))
  } catch (error) {
    together.abort(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
