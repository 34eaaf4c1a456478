import { HttpError, NotJsonError, failureOf } from '../errors.ts'
import { request, requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'
import type { MeshSettingsAnswer, MeshSettingsChange } from './meshWire.ts'

const pathOf = (cluster: string) => `api/clusters/${encodeURIComponent(cluster)}/settings/mesh`

/** What owners decided for everybody; `base` is where the proxy is. Throws an error of `errors.ts`. */
export async function fetchMeshSettings(
  base: string,
  cluster: string,
  signal?: AbortSignal,
): Promise<MeshSettingsAnswer> {
  const url = urlUnder(base, pathOf(cluster))
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isAnswer(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no settings'))
  return answer
}

/** Saves all of it. Throws `HttpError`: 400 with a complaint a line, 403 where one may not, 409 where somebody else saved in between. */
export async function saveMeshSettings(base: string, cluster: string, change: MeshSettingsChange): Promise<void> {
  const url = urlUnder(base, pathOf(cluster))
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

function isAnswer(value: unknown): value is MeshSettingsAnswer {
  return isObject(value) && isObject(value['settings']) && isObject(value['configured']) && isObject(value['place'])
}
