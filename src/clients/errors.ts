import type { PrometheusFailure } from './prometheus/wire.ts'
import type { Status } from './kubernetes/wire.ts'
import type { MeshboardFailure } from './session/wire.ts'
import { isObject } from './json.ts'

/** No answer at all: refused, reset, unknown host, or cut off in the middle. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly url: string
  constructor(url: string, cause: unknown) {
    super(`No answer from ${url}: ${deepestMessage(cause)}`, { cause })
    this.url = url
  }
}

/** Our own patience ran out. A caller's abort is not this: it stays the caller's `AbortError`. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
  readonly url: string
  readonly seconds: number
  constructor(url: string, seconds: number, cause?: unknown) {
    super(`${url} did not answer within ${seconds} s`, { cause })
    this.url = url
    this.seconds = seconds
  }
}

/** An answer with a status of 400 or above, with its body in whichever of the three error shapes it came. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly url: string
  readonly status: number
  readonly failure: Failure
  constructor(url: string, status: number, failure: Failure) {
    super(sentenceOf(failure) ?? `${url} answered with HTTP status ${status}`)
    this.url = url
    this.status = status
    this.failure = failure
  }
}

/** The answer was to be JSON and is not: a login page, a gateway's error page, an answer cut short. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError'
  readonly url: string
  readonly status: number
  /** Its first characters. */
  readonly excerpt: string
  constructor(url: string, status: number, body: string, cause?: unknown) {
    super(
      `${url} answered with ${looksLikeHtml(body) ? 'an HTML page' : 'something other than JSON'} (HTTP status ${status})`,
      {
        cause,
      },
    )
    this.url = url
    this.status = status
    this.excerpt = body.slice(0, 200)
  }
}

/** The answer is longer than we are willing to hold. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
  readonly url: string
  readonly limitBytes: number
  constructor(url: string, limitBytes: number) {
    super(`The answer of ${url} is larger than ${limitBytes} bytes`)
    this.url = url
    this.limitBytes = limitBytes
  }
}

/** The body of a failed answer, told apart by its own shape. */
export type Failure =
  | { readonly kind: 'prometheus'; readonly body: PrometheusFailure }
  | { readonly kind: 'kubernetes'; readonly body: Status }
  | { readonly kind: 'meshboard'; readonly body: MeshboardFailure }
  | { readonly kind: 'other'; readonly excerpt: string }

/** Which of the house's error shapes a parsed body is; anything else is `other` with its first characters. */
export function failureOf(parsed: unknown, text: string): Failure {
  if (isPrometheusFailure(parsed)) return { kind: 'prometheus', body: parsed }
  if (isStatus(parsed)) return { kind: 'kubernetes', body: parsed }
  if (isMeshboardFailure(parsed)) return { kind: 'meshboard', body: parsed }
  return { kind: 'other', excerpt: text.slice(0, 200) }
}

function sentenceOf(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'prometheus':
      return failure.body.error
    case 'kubernetes':
      return failure.body.message
    case 'meshboard':
      return failure.body.error.message
    case 'other':
      return undefined
  }
}

/** Whether text reads like a page for people rather than an answer for programs. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*</.test(text)
}

/** Node's fetch says "fetch failed" and hides the reason (`ECONNREFUSED 127.0.0.1:9090`) in a chain of causes. */
function deepestMessage(error: unknown): string {
  let message = 'unknown reason'
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    const inner = at instanceof AggregateError ? at.errors.find((each) => each instanceof Error) : at
    if (inner instanceof Error && inner.message !== '') message = inner.message
  }
  return message
}

function isPrometheusFailure(value: unknown): value is PrometheusFailure {
  return (
    isObject(value) &&
    value['status'] === 'error' &&
    typeof value['error'] === 'string' &&
    typeof value['errorType'] === 'string'
  )
}

function isStatus(value: unknown): value is Status {
  return isObject(value) && value['kind'] === 'Status' && value['apiVersion'] === 'v1'
}

function isMeshboardFailure(value: unknown): value is MeshboardFailure {
  if (!isObject(value) || !isObject(value['error'])) return false
  return typeof value['error']['code'] === 'string' && typeof value['error']['message'] === 'string'
}
