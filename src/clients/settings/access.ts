import { HttpError, NotJsonError, failureOf } from '../errors.ts'
import { request, requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'
import type { Opened } from '../../mesh/opening.ts'
import type { AccessChange, AccessSettings } from './wire.ts'

const pathOf = (cluster: string) => `api/clusters/${encodeURIComponent(cluster)}/settings/access`

/** Who may see the graph and open the tools; `base` is where the proxy is. Throws an error of `errors.ts`. */
export async function fetchAccess(base: string, cluster: string, signal?: AbortSignal): Promise<AccessSettings> {
  const url = urlUnder(base, pathOf(cluster))
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isAccess(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no access settings'))
  return answer
}

/** Saves who may have one of them. Throws `HttpError`: 409 where somebody else saved in between, 403 where one may not. */
export async function saveAccess(base: string, cluster: string, opened: Opened, change: AccessChange): Promise<void> {
  const url = urlUnder(base, `${pathOf(cluster)}/${opened}`)
  const headers = { 'content-type': 'application/json' }
  const answer = await request(url, { method: 'PUT', body: JSON.stringify(change), headers, timeoutSeconds: 60 })
  if (answer.status >= 400) throw new HttpError(url, answer.status, failureOf(parsed(answer.text), answer.text))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAccess(value: unknown): value is AccessSettings {
  return isObject(value) && Array.isArray(value['access']) && typeof value['mayEdit'] === 'boolean'
}
