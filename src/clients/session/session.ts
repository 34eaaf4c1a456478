import { HttpError, NotJsonError, failureOf } from '../errors.ts'
import { request, requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'
import type { Login, LoginPage, Session, VisibleNamespaces } from './wire.ts'

/** Who is looking and what they may do; `base` is where the proxy is, `''` for the page's own. Throws an error of `errors.ts`. */
export async function fetchSession(base: string, signal?: AbortSignal): Promise<Session> {
  const url = urlUnder(base, 'api/session')
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isSession(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('not a session'))
  return answer
}

/** How one logs in, and to what. Throws an error of `errors.ts`. */
export async function fetchLoginPage(base: string, signal?: AbortSignal): Promise<LoginPage> {
  const url = urlUnder(base, 'api/session/login')
  const answer = await requestJson(url, { signal, timeoutSeconds: 30 })
  if (!isLoginPage(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('not a login page'))
  return answer
}

/** Logs in; the session is a cookie that no script can read. Throws `HttpError` with the server's reason where it refuses. */
export async function logIn(base: string, login: Login): Promise<void> {
  await send(urlUnder(base, 'api/session'), 'POST', JSON.stringify(login))
}

/** Logs out of every cluster. Throws an error of `errors.ts`. */
export async function logOut(base: string): Promise<void> {
  await send(urlUnder(base, 'api/session'), 'DELETE')
}

/** The namespaces of a cluster that the viewer may see. Throws an error of `errors.ts`. */
export async function fetchNamespaces(base: string, cluster: string, signal?: AbortSignal): Promise<VisibleNamespaces> {
  const url = urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/namespaces`)
  const answer = await requestJson(url, { signal })
  if (!isVisibleNamespaces(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no namespaces'))
  return answer
}

async function send(url: string, method: 'POST' | 'DELETE', body?: string): Promise<void> {
  const answer = await request(url, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    timeoutSeconds: 30,
  })
  if (answer.status < 400) return
  throw new HttpError(url, answer.status, failureOf(parsed(answer.text), answer.text))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isSession(value: unknown): value is Session {
  return isObject(value) && 'mode' in value && 'user' in value && Array.isArray(value['clusters'])
}

function isLoginPage(value: unknown): value is LoginPage {
  return (
    isObject(value) &&
    'mode' in value &&
    ['clusters', 'personas', 'frameAncestors'].every((list) => Array.isArray(value[list]))
  )
}

function isVisibleNamespaces(value: unknown): value is VisibleNamespaces {
  return isObject(value) && Array.isArray(value['namespaces']) && Array.isArray(value['notes'])
}
