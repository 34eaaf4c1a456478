import { NotJsonError } from '../errors.ts'
import { requestJson, urlUnder } from '../http.ts'
import type { Session } from './wire.ts'

/** Who is looking and what they may do; `base` is where the proxy is, `''` for the page's own. Throws an error of `errors.ts`. */
export async function fetchSession(base: string, signal?: AbortSignal): Promise<Session> {
  const url = urlUnder(base, 'api/session')
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isSession(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('not a session'))
  return answer
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false
  return 'mode' in value && 'user' in value && 'clusters' in value && Array.isArray(value.clusters)
}
