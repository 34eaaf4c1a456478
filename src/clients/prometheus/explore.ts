import type { Labels } from '../../mesh/samples.ts'
import type { Steps } from '../../mesh/rangeQueries.ts'
import { request, requestJson, urlUnder, type Fetch } from '../http.ts'
import { isObject } from '../json.ts'
import { decodeMatrix, type DecodedMatrix } from './decode.ts'
import { openAnswer } from './query.ts'

/** Where the raw door of a cluster is; `base` is where the proxy is, `''` for the page's own. */
export interface ExplorePlace {
  readonly base: string
  readonly cluster: string
}

/** One result of an expression at an instant, its values as Prometheus wrote them: `NaN` and `+Inf` are told, too. */
export interface Row {
  readonly labels: Labels
  /** One, but for a range selector (`up[5m]`), whose samples are all here. */
  readonly values: readonly { readonly at: number; readonly text: string }[]
}

export interface InstantAnswer {
  readonly resultType: string
  readonly rows: readonly Row[]
  /** How many results could not be read. */
  readonly skipped: number
  readonly warnings: readonly string[]
  readonly infos: readonly string[]
}

export interface RangeAnswer extends DecodedMatrix {
  readonly warnings: readonly string[]
  readonly infos: readonly string[]
}

/** What an expression gives at an instant (unix seconds), asked through the raw door. Throws an error of `errors.ts`. */
export async function exploreInstant(
  place: ExplorePlace,
  { promql, at }: { readonly promql: string; readonly at: number },
  signal?: AbortSignal,
): Promise<InstantAnswer> {
  const { data, warnings, infos } = await post(place, 'query', { query: promql, time: String(at) }, signal)
  return { ...decodeInstant(data), warnings, infos }
}

/** What an expression gives over steps, gaps where it gives nothing. Throws an error of `errors.ts`. */
export async function exploreRange(
  place: ExplorePlace,
  { promql, steps }: { readonly promql: string; readonly steps: Steps },
  signal?: AbortSignal,
): Promise<RangeAnswer> {
  const { start, end, step } = steps
  const form = { query: promql, start: String(start), end: String(end), step: String(step) }
  const { data, warnings, infos } = await post(place, 'query_range', form, signal)
  return { ...decodeMatrix(data, steps), warnings, infos }
}

/** The house's one fetch as the platform's, for a library that wants to ask by itself. */
export const likeFetch: Fetch = async (url, { method, body, signal }) => {
  const { status, headers, text } = await request(url, {
    method: method === 'POST' ? 'POST' : 'GET',
    ...(typeof body === 'string' || body instanceof URLSearchParams ? { body } : {}),
    ...(signal === null || signal === undefined ? {} : { signal }),
  })
  const type = headers.get('content-type')
  return new Response(text, { status, ...(type === null ? {} : { headers: { 'content-type': type } }) })
}

/** The root under which Prometheus's `/api/v1` is found. */
export function rawDoor({ base, cluster }: ExplorePlace): string {
  return urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/prometheus`)
}

async function post(
  place: ExplorePlace,
  endpoint: 'query' | 'query_range',
  form: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
) {
  const url = `${rawDoor(place)}/api/v1/${endpoint}`
  return openAnswer(url, await requestJson(url, { method: 'POST', body: new URLSearchParams(form), signal }))
}

/**
 * The results of an instant query's `data`: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats
 * Total: what cannot be read is counted.
 */
export function decodeInstant(data: unknown): Omit<InstantAnswer, 'warnings' | 'infos'> {
  const resultType = isObject(data) && typeof data['resultType'] === 'string' ? data['resultType'] : 'nothing'
  const result: unknown = isObject(data) ? data['result'] : undefined
  if (resultType === 'scalar' || resultType === 'string') {
    const value = valueOf(result)
    return { resultType, rows: value === undefined ? [] : [{ labels: {}, values: [value] }], skipped: value ? 0 : 1 }
  }
  const entries: readonly unknown[] = Array.isArray(result) ? result : []
  const rows = entries.flatMap((entry): readonly Row[] => {
    const labels = isObject(entry) && isObject(entry['metric']) ? entry['metric'] : undefined
    if (labels === undefined || !isTexts(labels) || !isObject(entry)) return []
    const pairs: readonly unknown[] = Array.isArray(entry['values']) ? entry['values'] : [entry['value']]
    const values = pairs.flatMap((pair) => valueOf(pair) ?? [])
    return values.length === 0 ? [] : [{ labels, values }]
  })
  return { resultType, rows, skipped: entries.length - rows.length }
}

function valueOf(pair: unknown): { readonly at: number; readonly text: string } | undefined {
  if (!Array.isArray(pair)) return undefined
  const [at, text] = pair as readonly unknown[]
  return typeof at === 'number' && typeof text === 'string' ? { at, text } : undefined
}

function isTexts(labels: Readonly<Record<string, unknown>>): labels is Labels {
  return Object.values(labels).every((value) => typeof value === 'string')
}
