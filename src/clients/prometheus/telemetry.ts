import type { ClusterQuestion } from '../../mesh/clusterQueries.ts'
import { evidenceIn } from '../../mesh/doctor/evidence.ts'
import type { InstantQuestion, Query } from '../../mesh/queries.ts'
import { jsonOf, requestText, urlUnder } from '../http.ts'
import { type DecodedVector, decodeVector } from './decode.ts'
import { openAnswer } from './query.ts'
import type { FactsData } from './wire.ts'
import { isObject, stringsOf } from '../json.ts'

export interface TelemetryPlace {
  /** Where the proxy is: `''` for the page's own, else its root. */
  readonly base: string
  readonly cluster: string
}

export interface TelemetryScope {
  /** Namespaces or a project, not both; neither is everything the viewer may see. */
  readonly namespaces?: readonly string[]
  readonly project?: string
  /** Seconds. */
  readonly window: number
  /** Unix seconds; absent is the proxy's now. */
  readonly at?: number
}

/** A door's answer, unread. */
export interface AnswerText {
  readonly url: string
  readonly text: string
}

/** What was asked to get an answer, so that every number can show it. */
export interface Asked {
  readonly queries: readonly Query[]
  /** Seconds; undefined where the answer does not say. */
  readonly window: number | undefined
  /** Unix seconds. */
  readonly time: number | undefined
  /** Null is all of them. */
  readonly namespaces: readonly string[] | null
  /** Sentences for a person: what was left out, and why. */
  readonly notes: readonly string[]
  /** Why the numbers may not be all there are: a partial answer of Thanos, Mimir or VictoriaMetrics. */
  readonly warnings: readonly string[]
}

/** The samples that answer a named question, what was skipped, and what was asked. Throws an error of `errors.ts`. */
export async function askTelemetry(
  place: TelemetryPlace,
  question: InstantQuestion | ClusterQuestion,
  scope: TelemetryScope,
  signal?: AbortSignal,
): Promise<DecodedVector & Asked> {
  return readTelemetry(await askTelemetryText(place, question, scope, signal))
}

/** The answer to a named question as it came, for whoever reads it elsewhere. Throws an error of `errors.ts` where there is none. */
export function askTelemetryText(
  place: TelemetryPlace,
  question: InstantQuestion | ClusterQuestion,
  scope: TelemetryScope,
  signal?: AbortSignal,
): Promise<AnswerText> {
  const parameters = new URLSearchParams({ ...scopeParameters(scope), ...questionParameters(question) })
  return askText(place, question.ask, parameters, signal)
}

/** The samples in such an answer, what was skipped, and what was asked; throws `NotJsonError` or `HttpError` where it is none. */
export function readTelemetry(answer: AnswerText): DecodedVector & Asked {
  const { data, asked } = opened(answer)
  return { ...decodeVector(data), ...asked }
}

/** What this cluster's Prometheus is and whether Istio's metrics are in it; in depth with the doctor's evidence. Throws an error of `errors.ts`. */
export async function askFacts(
  place: TelemetryPlace,
  scope: TelemetryScope,
  signal?: AbortSignal,
  depth: 'brief' | 'doctor' = 'brief',
): Promise<FactsData & { readonly asked: Asked }> {
  const parameters = new URLSearchParams({ ...scopeParameters(scope), ...(depth === 'doctor' ? { depth } : {}) })
  const { data, asked } = await ask(place, 'facts', parameters, signal)
  const evidence = evidenceIn(data)
  const facts = isObject(data) ? data : {}
  const { prometheusVersion, retention, scrapeIntervalSeconds } = facts
  return {
    ...(typeof prometheusVersion === 'string' ? { prometheusVersion } : {}),
    ...(typeof retention === 'string' ? { retention } : {}),
    ...(typeof scrapeIntervalSeconds === 'number' ? { scrapeIntervalSeconds } : {}),
    hasIstioMetrics: facts['hasIstioMetrics'] === true,
    hasTraffic: facts['hasTraffic'] === true,
    reporters: stringsOf(facts['reporters']),
    ...(evidence === undefined ? {} : { evidence }),
    asked,
  }
}

/** A question's own parameters, in the words of the proxy's door. */
export function questionParameters(question: InstantQuestion | ClusterQuestion): Readonly<Record<string, string>> {
  switch (question.ask) {
    case 'requests':
      return idle(question)
    case 'tcp':
    case 'grpc-messages':
      return { direction: question.direction, ...idle(question) }
    case 'throughput':
      return { direction: question.direction }
    case 'response-time':
      return { statistic: question.statistic, ...(question.level === undefined ? {} : { level: question.level }) }
    case 'mtls':
    case 'operations':
    case 'plaintext':
    case 'alerts':
    case 'resources':
    case 'pods':
    case 'certificates':
      return {}
  }
}

/** The `data` that the door answers to any question, and what was asked to get it. Throws an error of `errors.ts`. */
export async function ask(
  place: TelemetryPlace,
  question: string,
  parameters: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<{ readonly data: unknown; readonly asked: Asked }> {
  return opened(await askText(place, question, parameters, signal))
}

async function askText(
  { base, cluster }: TelemetryPlace,
  question: string,
  parameters: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<AnswerText> {
  const url = urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/telemetry/${question}`, parameters)
  const { text } = await requestText(url, { signal })
  return { url, text }
}

function opened({ url, text }: AnswerText): { readonly data: unknown; readonly asked: Asked } {
  const { data, warnings, meshboard } = openAnswer(url, jsonOf(url, text))
  const { queries, window, time, namespaces, notes } = isObject(meshboard) ? meshboard : {}
  return {
    data,
    asked: {
      queries: Array.isArray(queries) ? queries.filter(isQuery) : [],
      window: typeof window === 'number' ? window : undefined,
      time: typeof time === 'number' ? time : undefined,
      namespaces: Array.isArray(namespaces) ? stringsOf(namespaces) : null,
      notes: stringsOf(notes),
      warnings,
    },
  }
}

/** Scope and window in the words of the proxy's door. */
export function scopeParameters({ namespaces, project, window, at }: TelemetryScope): Readonly<Record<string, string>> {
  return {
    ...(namespaces === undefined ? {} : { namespaces: namespaces.join(',') }),
    ...(project === undefined ? {} : { project }),
    window: `${window}s`,
    ...(at === undefined ? {} : { time: String(at) }),
  }
}

function idle({ withIdle }: { readonly withIdle?: boolean }): Readonly<Record<string, string>> {
  return withIdle === true ? { idle: 'true' } : {}
}

function isQuery(value: unknown): value is Query {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['promql'] === 'string'
}
