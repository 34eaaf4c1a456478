import { HttpError, NotJsonError, failureOf } from '../errors.ts'
import { request, requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'
import type { InjectionChange, NamespaceInjection } from './wire.ts'

const pathOf = (cluster: string, namespace: string) =>
  `api/clusters/${encodeURIComponent(cluster)}/namespaces/${encodeURIComponent(namespace)}/injection`

/** What a namespace says about sidecars; `base` is where the proxy is. Throws an error of `errors.ts`. */
export async function fetchInjection(
  base: string,
  { cluster, namespace }: { readonly cluster: string; readonly namespace: string },
  signal?: AbortSignal,
): Promise<NamespaceInjection> {
  const url = urlUnder(base, pathOf(cluster, namespace))
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isInjection(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no injection'))
  return answer
}

/** Sets or clears it. Throws `HttpError`: 403 where one may not, 409 where the namespace has changed since it was read. */
export async function saveInjection(
  base: string,
  { cluster, namespace }: { readonly cluster: string; readonly namespace: string },
  change: InjectionChange,
): Promise<void> {
  const url = urlUnder(base, pathOf(cluster, namespace))
  const headers = { 'content-type': 'application/json' }
  const answer = await request(url, { method: 'PUT', body: JSON.stringify(change), headers, timeoutSeconds: 30 })
  if (answer.status >= 400) throw new HttpError(url, answer.status, failureOf(parsed(answer.text), answer.text))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isInjection(value: unknown): value is NamespaceInjection {
  return isObject(value) && isObject(value['choice']) && isObject(value['door']) && typeof value['version'] === 'string'
}
