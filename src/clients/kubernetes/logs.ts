import { HttpError, failureOf } from '../errors.ts'
import { request, urlUnder } from '../http.ts'

export interface LogQuestion {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
  /** At most 100,000. */
  readonly lines: number
  /** Of the container that ran before this one. */
  readonly isPrevious: boolean
}

/** The last lines of a container's log as text; `base` is where the proxy is, `''` for the page's own. Throws an error of `errors.ts`. */
export async function fetchLog(
  base: string,
  { cluster, namespace, pod, container, lines, isPrevious }: LogQuestion,
  signal?: AbortSignal,
): Promise<string> {
  const parameters = new URLSearchParams({
    container,
    tailLines: `${lines}`,
    ...(isPrevious ? { previous: 'true' } : {}),
  })
  const path = `api/clusters/${encodeURIComponent(cluster)}/kubernetes/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`
  const url = urlUnder(base, path, parameters)
  const { status, text } = await request(url, { signal, timeoutSeconds: 60 })
  if (status < 400) return text
  throw new HttpError(url, status, failureOf(parsed(text), text))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
