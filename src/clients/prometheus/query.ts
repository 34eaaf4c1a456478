import { failureOf, HttpError, NotJsonError } from '../errors.ts'
import { requestJson, urlUnder } from '../http.ts'
import { type DecodedVector, decodeVector } from './decode.ts'
import { isObject, stringsOf } from '../json.ts'
import { warningsOf } from './warnings.ts'

export interface InstantQuery {
  readonly promql: string
  /** Unix seconds. */
  readonly at: number
}

export interface PrometheusPlace {
  /** The Prometheus-compatible API's root, `http://prometheus:9090`, a path prefix included. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutSeconds?: number
}

/**
 * The samples that `promql` gives at an instant, asked of Prometheus itself, and its warnings.
 * Throws an error of `errors.ts`; Prometheus's own refusals (a parse error, too many samples) are `HttpError` with its sentence.
 */
export async function queryInstant(
  { url, headers, timeoutSeconds = 60 }: PrometheusPlace,
  { promql, at }: InstantQuery,
  signal?: AbortSignal,
): Promise<DecodedVector & { readonly warnings: readonly string[] }> {
  const target = urlUnder(url, 'api/v1/query')
  const answer = await requestJson(target, {
    method: 'POST',
    body: new URLSearchParams({ query: promql, time: String(at), timeout: `${timeoutSeconds}s` }),
    ...(headers === undefined ? {} : { headers }),
    timeoutSeconds,
    signal,
  })
  const { data, warnings } = openAnswer(target, answer)
  return { ...decodeVector(data), warnings }
}

/** A successful answer, taken apart. */
interface Opened {
  readonly data: unknown
  /** Why it may not be the whole answer. */
  readonly warnings: readonly string[]
  /** What the expression itself leaves to be desired, as Prometheus 3 says it. */
  readonly infos: readonly string[]
  readonly meshboard: unknown
}

/**
 * `data` and what is said beside it in a successful answer; throws `NotJsonError` where the JSON is not a Prometheus answer, and `HttpError` with
 * the server's sentence where it is a refusal under status 200, as some query frontends send it.
 */
export function openAnswer(url: string, answer: unknown): Opened {
  if (isObject(answer) && answer['status'] === 'error' && typeof answer['error'] === 'string') {
    throw new HttpError(url, 200, failureOf({ errorType: 'execution', ...answer }, ''))
  }
  if (!isObject(answer) || answer['status'] !== 'success') {
    throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('not an answer of the Prometheus API'))
  }
  return {
    data: answer['data'],
    warnings: warningsOf(answer),
    infos: stringsOf(answer['infos']),
    meshboard: answer['meshboard'],
  }
}
