import { NotJsonError } from '../errors.ts'
import { requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'
import type { Tools } from './wire.ts'

/** The tools beside Meshboard in a cluster; `base` is where the proxy is, `''` for the page's own. Throws an error of `errors.ts`. */
export async function fetchTools(base: string, cluster: string, signal?: AbortSignal): Promise<Tools> {
  const url = urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/tools`)
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isTools(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no tools'))
  return answer
}

function isTools(value: unknown): value is Tools {
  return isObject(value) && Array.isArray(value['tools']) && value['tools'].every(isObject)
}
