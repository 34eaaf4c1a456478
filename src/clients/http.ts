import { HttpError, NetworkError, NotJsonError, TimeoutError, TooLargeError, failureOf } from './errors.ts'

/** What carries one exchange: the platform's own, or one that knows a server's authority and proxy. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface HttpOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  /** Parameters are sent as a form, a string as it is. */
  readonly body?: URLSearchParams | string
  /** The caller's abort; it ends the request and comes back as the caller's own reason. */
  readonly signal?: AbortSignal | undefined
  /** Seconds until `TimeoutError`, the body included; 60 unless told. */
  readonly timeoutSeconds?: number
  /** The longest body to hold, in bytes after decompression; 256 MiB unless told. */
  readonly maxBytes?: number
  /** Reads no more of the body than this many bytes and leaves the rest; for whoever only wants to know that something answers. */
  readonly firstBytes?: number
  /** `manual` hands a redirect back as an answer, so that credentials go nowhere they were not meant for. */
  readonly redirect?: 'follow' | 'manual'
  /** The platform's own fetch unless told. */
  readonly by?: Fetch | undefined
}

/** An answer that arrived completely, whatever its status. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * The JSON that `url` answers (absolute, or relative to the page), still unknown to the type system.
 * Throws a typed error of `errors.ts`: no answer, too late, a status of 400 or above, not JSON, too large; and the caller's reason on its abort.
 */
export async function requestJson(url: string, options: HttpOptions = {}): Promise<unknown> {
  const { status, text } = await requestText(url, options)
  return jsonOf(url, text, status)
}

/** The same exchange for whoever reads the JSON elsewhere, with `jsonOf`: its text, unread. Throws as `requestJson` does, but for what is not JSON. */
export async function requestText(
  url: string,
  options: HttpOptions = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { status, text } = await request(url, {
    ...options,
    headers: { accept: 'application/json', ...options.headers },
  })
  if (status >= 400) throw new HttpError(withoutCredentials(url), status, failureOf(parseJson(text).value, text))
  return { status, text }
}

/** What the text of `url`'s answer says; throws `NotJsonError`. */
export function jsonOf(url: string, text: string, status = 200): unknown {
  const { value, error } = parseJson(text)
  if (error !== undefined) throw new NotJsonError(withoutCredentials(url), status, text, error)
  return value
}

/**
 * One HTTP exchange, the only one of the house: its answer whatever the status, body read to the end.
 * Throws `NetworkError`, `TimeoutError` or `TooLargeError`, and the caller's own reason when `signal` aborts.
 */
export async function request(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { signal, timeoutSeconds = 60, maxBytes = 256 * 1024 * 1024 } = options
  const shown = withoutCredentials(url)
  signal?.throwIfAborted()

  const controller = new AbortController()
  const late = new TimeoutError(shown, timeoutSeconds)
  const timer = setTimeout(() => controller.abort(late), timeoutSeconds * 1000)
  const onAbort = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })

  try {
    const init: RequestInit = {
      method: options.method ?? 'GET',
      headers: { ...basicCredentials(url), ...(isOurs(url) ? along : {}), ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      redirect: options.redirect ?? 'follow',
      signal: controller.signal,
    }
    const instead = isOurs(url) ? answering?.(shown, init) : undefined
    const response = await (instead ?? (options.by ?? platformFetch)(shown, init))
    const text =
      options.firstBytes === undefined
        ? await bodyText(response, maxBytes, () => {
            const error = new TooLargeError(shown, maxBytes)
            controller.abort(error)
            return error
          })
        : await beginningOf(response, options.firstBytes)
    return { status: response.status, headers: response.headers, text }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    if (controller.signal.aborted) throw controller.signal.reason
    throw new NetworkError(shown, error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** An answer whose body is still coming. */
export interface HttpStream {
  readonly status: number
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array>
}

/**
 * The same exchange for a body that comes bit by bit, such as a watch: resolves once the head is there. The body breaks off, without
 * an end, on the caller's abort and after `timeoutSeconds`. Throws as `request` does.
 */
export async function requestStream(
  url: string,
  options: Pick<HttpOptions, 'headers' | 'signal' | 'timeoutSeconds' | 'by'>,
): Promise<HttpStream> {
  const { signal, timeoutSeconds = 60 } = options
  const shown = withoutCredentials(url)
  signal?.throwIfAborted()
  const late = AbortSignal.timeout(timeoutSeconds * 1000)
  try {
    const { status, headers, body } = await (options.by ?? fetch)(shown, {
      headers: { ...basicCredentials(url), ...options.headers },
      redirect: 'manual',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    })
    return { status, headers, body: body ?? new ReadableStream({ start: (controller) => controller.close() }) }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    if (late.aborted) throw new TimeoutError(shown, timeoutSeconds)
    throw new NetworkError(shown, error)
  }
}

/** The platform's own fetch, for whoever has to name one. */
export const platformFetch: Fetch = (url, init) => fetch(url, init)

/** Answers a request to our own server in its place; undefined leaves it to the server. */
export type Instead = (url: string, init: RequestInit) => Promise<Response> | undefined
let answering: Instead | undefined

/** From now on `answer` is asked before our own server (a URL relative to the page); `undefined` gives everything back to the server. */
export function answerBy(answer: Instead | undefined): void {
  answering = answer
}

let along: Readonly<Record<string, string>> = {}

/**
 * Headers that every request to our own server (a URL relative to the page) carries from now on, and no request to any other: the
 * token that an embedding console gave us. Kept in memory, gone with the page; `{}` takes them back.
 */
export function sendAlong(headers: Readonly<Record<string, string>>): void {
  along = headers
}

function isOurs(url: string): boolean {
  return !/^([a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(url.trim())
}

/** `path` below `base`, whether or not the base ends in a slash; an empty base leaves it relative to the page. */
export function urlUnder(base: string, path: string, parameters?: URLSearchParams): string {
  const prefix = base === '' || base.endsWith('/') ? base : `${base}/`
  const query = parameters === undefined || parameters.size === 0 ? '' : `?${parameters.toString()}`
  return `${prefix}${path}${query}`
}

async function bodyText(response: Response, maxBytes: number, tooLarge: () => TooLargeError): Promise<string> {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  const parts: string[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > maxBytes) throw tooLarge()
    parts.push(decoder.decode(value, { stream: true }))
  }
  parts.push(decoder.decode())
  return parts.join('')
}

async function beginningOf(response: Response, bytes: number): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let left = bytes
  while (left > 0) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value.subarray(0, left), { stream: true })
    left -= value.byteLength
  }
  await reader.cancel()
  return text
}

function parseJson(text: string): { readonly value: unknown; readonly error?: unknown } {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { value: undefined, error }
  }
}

/** fetch refuses `http://user:password@host/`; and no message may show them. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1')
}

function basicCredentials(url: string): Readonly<Record<string, string>> {
  const userInfo = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url)?.[1]
  if (userInfo === undefined) return {}
  const bytes = new TextEncoder().encode(decodeURIComponent(userInfo))
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` }
}
