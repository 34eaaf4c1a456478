import { isObject } from '../clients/json.ts'
import { canI, proxyReview, reviewWords } from '../mesh/access.ts'
import { NetworkError, TimeoutError, TooLargeError, looksLikeHtml } from '../clients/errors.ts'
import { type HttpAnswer, request, urlUnder } from '../clients/http.ts'
import type { Limits } from './config.ts'
import { RefusalError } from './errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Address, Place } from './places.ts'
import { serviceName } from './serviceAddress.ts'

/** Which server is asked, and its name in sentences. */
export type UpstreamName = 'prometheus' | 'kubernetes' | 'traces'
const spoken: Readonly<Record<UpstreamName, string>> = {
  prometheus: 'Prometheus',
  kubernetes: 'the Kubernetes API',
  traces: 'the trace store',
}

export interface UpstreamRequest {
  readonly path: string
  readonly query?: URLSearchParams
  /** A form; makes it a POST. */
  readonly form?: URLSearchParams
  /** An object; makes it a POST of JSON, unless `method` says otherwise. */
  readonly json?: unknown
  readonly method?: 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Instead of the configured patience. */
  readonly timeoutSeconds?: number
  /**
   * For what lies behind the API server and is no API: any status and any body is an answer, redirects (not followed) included. Of the
   * body no more than these bytes are read; `json` is undefined where they are not whole JSON.
   */
  readonly firstBytes?: number
}

/** Of a form, in characters; proxies on the way cut URLs at 8 kB. */
const longestGet = 6000

/** An answer that is JSON, whatever its status. */
export interface UpstreamAnswer {
  readonly status: number
  readonly text: string
  readonly json: unknown
  /** Of a redirect, which only `firstBytes` lets through: where it leads, as it says. */
  readonly location?: string
}

/** Asks one upstream; see `createUpstream`. */
export type Upstream = (request: UpstreamRequest) => Promise<UpstreamAnswer>

/**
 * A way to ask one cluster's Prometheus or Kubernetes API. The URL and every header are made here, none is handed on from the
 * browser; redirects are not followed, since credentials would travel with them. What is not a complete JSON answer in time and in
 * size is a `RefusalError` whose sentence says what to check; a caller's abort stays the caller's own reason.
 */
export function createUpstream(
  name: UpstreamName,
  cluster: { readonly name: string; readonly label: string; readonly place: Place },
  {
    limits,
    metrics,
    log,
  }: {
    readonly limits: Pick<Limits, 'upstreamSeconds' | 'answerBytes'>
    readonly metrics: Pick<Metrics, 'upstreamEnded'>
    readonly log: Pick<Log, 'warn'>
  },
): Upstream {
  return async ({
    path,
    query,
    form,
    json: object,
    method,
    headers,
    signal,
    timeoutSeconds = limits.upstreamSeconds,
    firstBytes,
  }) => {
    const startedAt = performance.now()
    const ended = (outcome: string): void => {
      metrics.upstreamEnded({
        cluster: cluster.name,
        upstream: name,
        outcome,
        seconds: (performance.now() - startedAt) / 1000,
      })
    }
    const attempt = async (): Promise<{ readonly answer: HttpAnswer; readonly address: Address }> => {
      const address = await cluster.place()
      const { url, headers: credentials, by, service } = address
      // A POST is `create` to the API server, a GET is `get`: one permission less for all but the longest questions.
      const isGet = service !== undefined && form !== undefined && form.toString().length < longestGet
      const answer = await request(urlUnder(url, path, isGet ? form : query), {
        ...(form === undefined || isGet ? {} : { method: 'POST', body: form }),
        ...(object === undefined ? {} : { method: 'POST', body: JSON.stringify(object) }),
        ...(method === undefined ? {} : { method }),
        headers: {
          accept: 'application/json',
          'cache-control': 'no-store',
          'user-agent': 'meshboard',
          ...(object === undefined ? {} : { 'content-type': contentTypeOf(method) }),
          ...headers,
          ...credentials,
        },
        signal,
        timeoutSeconds,
        maxBytes: limits.answerBytes,
        redirect: 'manual',
        by,
        ...(firstBytes === undefined ? {} : { firstBytes }),
      })
      return { answer, address }
    }
    try {
      const first = await attempt()
      // Nothing was done for whoever got a 401: asking again does not do it twice.
      const isRefused = first.answer.status === 401 && cluster.place.renew?.() === true
      const { answer, address } = isRefused ? await attempt() : first
      if (firstBytes !== undefined) {
        ended(answer.status < 400 ? 'ok' : 'error')
        const location = answer.headers.get('location')
        const rest = location === null ? {} : { location }
        return { status: answer.status, text: answer.text, json: jsonOrNothing(answer.text), ...rest }
      }
      refuseForService(answer, address, form)
      const json = isNoSuchApi(name, answer) ? noSuchApi : jsonOf(answer, spoken[name], cluster.label)
      ended(answer.status < 400 ? 'ok' : 'error')
      return { status: answer.status, text: json === noSuchApi ? JSON.stringify(json) : answer.text, json }
    } catch (error) {
      if (signal?.aborted === true) {
        ended('aborted')
        throw error
      }
      const refusal = refusalFor(error, spoken[name], cluster.label)
      ended(refusal.refusal.code)
      log.warn(
        { cluster: cluster.name, upstream: name, code: refusal.refusal.code, reason: messageOf(error) },
        'upstream failed',
      )
      throw refusal
    }
  }
}

/** Of a group or version that it does not serve, a real API server says so in plain text. */
function isNoSuchApi(name: UpstreamName, { status, text }: HttpAnswer): boolean {
  return name === 'kubernetes' && status === 404 && text.trim() === '404 page not found'
}

const noSuchApi = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'the server could not find the requested resource',
  reason: 'NotFound',
  details: {},
  code: 404,
}

function jsonOf({ status, headers, text }: HttpAnswer, upstream: string, label: string): unknown {
  if (status >= 300 && status < 400) {
    throw new RefusalError({
      status: 502,
      code: 'upstream_redirect',
      message: `${sentenceStart(upstream)} of ${label} answered with a redirect${place(headers.get('location'))}`,
      hint: 'Most likely a login page stands before it: configure the address behind it, or the headers it asks for',
    })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    const what = looksLikeHtml(text) ? 'an HTML page' : text === '' ? 'nothing' : 'something that is not complete JSON'
    throw new RefusalError(
      {
        status: 502,
        code: 'upstream_not_json',
        message: `${sentenceStart(upstream)} of ${label} answered with ${what} (HTTP status ${status})`,
        hint: 'Check that the configured URL is the API itself, not a gateway or a login page before it',
      },
      cause,
    )
  }
}

/** What the API server itself says of a Service behind its proxy, and not the Service. */
function refuseForService({ status, text }: HttpAnswer, { service }: Address, form: URLSearchParams | undefined): void {
  if (service === undefined || status < 400) return
  const said = statusIn(text)
  if (said === undefined) return
  const where = `${serviceName(service)} in ${service.namespace}`
  if (status === 403 || status === 401) {
    const isPost = form !== undefined && form.toString().length >= longestGet
    const review = proxyReview(service.namespace, serviceName(service), isPost ? 'create' : 'get')
    throw new RefusalError({
      status: 502,
      code: 'service_permission',
      message: `${where} is asked through the API server, which refuses: it takes the permission to ${reviewWords(review)}`,
      hint: `Check it with: ${canI(review)}`,
      permission: review,
    })
  }
  if (status === 404) {
    throw new RefusalError({
      status: 502,
      code: 'service_not_found',
      message: `There is no Service ${where}: ${said}`,
      hint: 'Check its name, port and namespace in the configuration',
    })
  }
  throw new RefusalError({
    status: 502,
    code: 'upstream_unreachable',
    message: `The API server cannot reach ${where}: ${said}`,
    hint: 'Check that its Pods are ready, and that the API server may reach them',
  })
}

/** The message of a Kubernetes `Status`. */
function statusIn(text: string): string | undefined {
  const json = jsonOrNothing(text)
  if (!isObject(json) || json['kind'] !== 'Status') return undefined
  return typeof json['message'] === 'string' ? json['message'].slice(0, 300) : ''
}

function contentTypeOf(method: UpstreamRequest['method']): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a failed exchange with a server (`upstream` in words) is to whoever asked for it. Rethrows what is no failure of the exchange. */
export function refusalFor(error: unknown, upstream: string, label: string): RefusalError {
  if (error instanceof RefusalError) return error
  if (error instanceof TimeoutError) {
    return new RefusalError(
      {
        status: 504,
        code: 'upstream_timeout',
        message: `${sentenceStart(upstream)} of ${label} did not answer within ${error.seconds} s`,
        hint: 'Ask about fewer namespaces or a shorter window, or look at how loaded it is',
      },
      error,
    )
  }
  if (error instanceof TooLargeError) {
    return new RefusalError(
      {
        status: 502,
        code: 'upstream_too_large',
        message: `${sentenceStart(upstream)} of ${label} answered with more than ${error.limitBytes} bytes`,
        hint: 'Ask about fewer namespaces, or raise limits.answerBytes',
      },
      error,
    )
  }
  if (error instanceof NetworkError) {
    return new RefusalError(
      {
        status: 502,
        code: 'upstream_unreachable',
        message: `${sentenceStart(upstream)} of ${label} cannot be reached: ${withoutAddress(error)}`,
        hint: 'Check that it runs and that its configured URL is right',
      },
      error,
    )
  }
  throw error
}

/** The reason alone: a viewer need not learn where the upstream lives; the log says it. */
function withoutAddress(error: NetworkError): string {
  const text = error.message
  if (/ECONNREFUSED/.test(text)) return 'connection refused'
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'its host name is not known'
  if (/ETIMEDOUT|CONNECT_TIMEOUT|Connect Timeout/.test(text)) return 'no connection within the time allowed'
  if (/CERT_HAS_EXPIRED|certificate has expired/i.test(text)) return 'its TLS certificate has expired'
  if (/ALTNAME_INVALID|altnames/i.test(text)) return 'its TLS certificate is for another host name'
  if (/certificate|CERT|self.signed/i.test(text)) {
    return 'its TLS certificate is not trusted (caFile names the authority that signed it)'
  }
  return 'the connection broke off'
}

/** The host only: a redirect's query may carry a state or a token. */
function place(location: string | null): string {
  return location !== null && URL.canParse(location) ? ` to ${new URL(location).host}` : ''
}

function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return (error instanceof Error ? error.message : String(error)) + cause
}
