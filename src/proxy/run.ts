import { isObject } from '../clients/json.ts'
import { warningsOf } from '../clients/prometheus/warnings.ts'
import type { Steps } from '../mesh/rangeQueries.ts'
import { RefusalError } from './errors.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'

/** A result's entries as Prometheus gave them, and its warnings. */
export interface Answered {
  readonly result: readonly unknown[]
  readonly warnings: readonly string[]
}

/** One expression's vector (or matrix) at an instant, by POST, since an expression over many namespaces outgrows a URL. */
export async function runQuery(
  prometheus: Upstream,
  promql: string,
  at: number,
  signal: AbortSignal | undefined,
  expected: 'vector' | 'matrix' = 'vector',
): Promise<Answered> {
  const form = new URLSearchParams({ query: promql, time: String(at) })
  return resultOf(await prometheus({ path: 'api/v1/query', form, signal }), expected)
}

/** One expression's matrix over some steps. */
export async function runRange(
  prometheus: Upstream,
  promql: string,
  { start, end, step }: Steps,
  signal: AbortSignal | undefined,
): Promise<Answered> {
  const form = new URLSearchParams({ query: promql, start: `${start}`, end: `${end}`, step: `${step}` })
  return resultOf(await prometheus({ path: 'api/v1/query_range', form, signal }), 'matrix')
}

function resultOf({ status, json }: UpstreamAnswer, expected: 'vector' | 'matrix'): Answered {
  const answer = isObject(json) ? json : {}
  if (status !== 200 || answer['status'] !== 'success') throw refusedBy(status, answer)
  const data = isObject(answer['data']) ? answer['data'] : {}
  const result: unknown = data['result']
  if (data['resultType'] !== expected || !Array.isArray(result)) throw notPrometheus()
  return { result, warnings: warningsOf(answer) }
}

/** Prometheus's own refusal, in our words around its sentence. */
function refusedBy(status: number, { errorType, error }: Readonly<Record<string, unknown>>): RefusalError {
  const sentence = typeof error === 'string' ? error : undefined
  if (status === 401 || status === 403) {
    return new RefusalError({
      status: 502,
      code: 'prometheus_credentials',
      message: `Prometheus refused the configured credentials (HTTP status ${status})`,
      hint: 'Check the headers configured for it',
    })
  }
  if (sentence === undefined) return notPrometheus()
  if (errorType === 'timeout' || errorType === 'canceled') {
    return new RefusalError({
      status: 504,
      code: 'prometheus_timeout',
      message: `Prometheus gave up on the query: ${sentence}`,
      hint: 'Ask about fewer namespaces or a shorter window',
    })
  }
  return new RefusalError({
    status: status === 503 ? 503 : 502,
    code: 'prometheus_failed',
    message: `Prometheus could not answer: ${sentence}`,
    ...(/too many samples/.test(sentence) ? { hint: 'Ask about fewer namespaces or a shorter window' } : {}),
  })
}

function notPrometheus(): RefusalError {
  return new RefusalError({
    status: 502,
    code: 'upstream_not_prometheus',
    message: 'The configured Prometheus answered with JSON that is not of the Prometheus API',
    hint: 'Check that the configured URL is the root of the API, the part before /api/v1',
  })
}
