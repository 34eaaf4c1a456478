import type { FactsData, Meshboard, TelemetryAnswer } from '../clients/prometheus/wire.ts'
import { type Query, queriesFor } from '../mesh/queries.ts'
import type { ClusterConfig } from './config.ts'
import { factsOf } from './facts.ts'
import { readAsked } from './parameters.ts'
import type { Projects } from './projects.ts'
import { type Answered, runQuery } from './run.ts'
import { resolveScope } from './scope.ts'
import { type Runnable, seriesRun } from './seriesQuestions.ts'
import type { Viewer } from './viewer.ts'
import type { Upstream } from './upstream.ts'

export interface TelemetryDoor {
  readonly cluster: ClusterConfig
  readonly prometheus: Upstream
  /** Undefined where no Kubernetes API is configured. */
  readonly projects: Projects | undefined
}

export interface TelemetryRequest {
  readonly question: string
  readonly parameters: URLSearchParams
  readonly viewer: Viewer
  /** Unix seconds. */
  readonly now: number
  readonly signal?: AbortSignal | undefined
}

/** A vector or matrix as Prometheus gave it: the entries are handed on untouched. */
export interface LaidOut {
  readonly resultType: 'vector' | 'matrix'
  readonly result: readonly unknown[]
}

/**
 * The answer to a named question: the vectors of its expressions, run in parallel and laid end to end, and the PromQL that ran.
 * An empty scope answers empty without asking Prometheus. Throws `RefusalError`; one failed expression fails the answer and
 * ends the others, since a graph of half the calls would look like a whole one.
 */
export async function answerQuestion(
  { cluster, prometheus, projects }: TelemetryDoor,
  { question: name, parameters, viewer, now, signal }: TelemetryRequest,
): Promise<TelemetryAnswer<LaidOut | FactsData>> {
  const { question, scope: askedScope, window } = readAsked(name, parameters, now)
  const { scope, notes } = await resolveScope(askedScope, viewer, cluster, projects, signal)
  const meshboard = (queries: readonly Query[], more: readonly string[] = []): Meshboard => ({
    queries,
    window: window.seconds,
    time: window.at,
    namespaces: scope.namespaces === 'all' ? null : scope.namespaces,
    notes: [...notes, ...more],
  })

  if (question.ask === 'facts') {
    const { facts, queries, notes: more } = await factsOf(prometheus, scope.matchers, window, signal)
    return { status: 'success', data: facts, meshboard: meshboard(queries, more) }
  }
  const { resultType, queries, run }: Runnable =
    question.ask === 'series'
      ? seriesRun(question, scope, window, prometheus)
      : {
          resultType: 'vector',
          queries: queriesFor(question, scope, window),
          run: (promql, together) => runQuery(prometheus, promql, window.at, together),
        }
  const answers = await runAll(queries, run, signal)
  const warnings = [...new Set(answers.flatMap((answer) => answer.warnings))]
  return {
    status: 'success',
    data: { resultType, result: answers.flatMap((answer) => answer.result) },
    ...(warnings.length === 0 ? {} : { warnings }),
    meshboard: meshboard(queries),
  }
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
