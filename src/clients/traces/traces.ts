import { NotJsonError } from '../errors.ts'
import { requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'
import type { TraceAnswer, TracesAnswer } from './wire.ts'

export interface TracesQuestion {
  readonly cluster: string
  readonly namespaces: readonly string[]
  /** Canonical names of services, within the one namespace; empty: all of it. */
  readonly apps: readonly string[]
  /** Seconds. */
  readonly window: number
  /** Unix seconds. */
  readonly at: number
}

/** The traces that touch something; `base` is where the proxy is, `''` for the page's own. Throws an error of `errors.ts`. */
export async function fetchTraces(
  base: string,
  { cluster, namespaces, apps, window, at }: TracesQuestion,
  signal?: AbortSignal,
): Promise<TracesAnswer> {
  const parameters = new URLSearchParams({
    namespaces: namespaces.join(','),
    window: `${window}s`,
    time: `${at}`,
    ...(apps.length === 0 ? {} : { apps: apps.join(',') }),
  })
  const url = urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/traces`, parameters)
  const answer = await requestJson(url, { signal, timeoutSeconds: 60 })
  if (isTracesAnswer(answer)) return answer
  throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no traces'))
}

/** One trace with all its spans. */
export async function fetchTrace(
  base: string,
  { cluster, id }: { readonly cluster: string; readonly id: string },
  signal?: AbortSignal,
): Promise<TraceAnswer> {
  const url = urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/traces/${encodeURIComponent(id)}`)
  const answer = await requestJson(url, { signal, timeoutSeconds: 60 })
  if (isTraceAnswer(answer)) return answer
  throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no trace'))
}

function isTracesAnswer(value: unknown): value is TracesAnswer {
  return isObject(value) && Array.isArray(value['traces']) && Array.isArray(value['notes'])
}

function isTraceAnswer(value: unknown): value is TraceAnswer {
  return isObject(value) && isObject(value['trace']) && Array.isArray(value['trace']['spans'])
}
