import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Status } from '../clients/kubernetes/wire.ts'
import type { PrometheusErrorType, PrometheusFailure } from '../clients/prometheus/wire.ts'
import type { MeshboardFailure, Permission } from '../clients/session/wire.ts'

/** Why a request is not answered as asked: one value, spoken in the shape of whichever door it came through. */
export interface Refusal {
  readonly status: ContentfulStatusCode
  /** For programs and for the refusal counter: `window_invalid`, `upstream_timeout`. */
  readonly code: string
  /** One sentence for a person. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** The permission whose absence is the reason. */
  readonly permission?: Permission
}

/** Thrown inside a door, caught by the app. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  readonly refusal: Refusal
  constructor(refusal: Refusal, cause?: unknown) {
    super(refusal.message, { cause })
    this.refusal = refusal
  }
}

/** Whose words the answer must use. */
export type Door = 'meshboard' | 'prometheus' | 'kubernetes'

/** The door a path belongs to: a client of Prometheus or Kubernetes gets errors that it can read. */
export function doorOf(path: string): Door {
  const door = /^\/api\/clusters\/[^/]*\/(prometheus|kubernetes)(\/|$)/.exec(path)?.[1]
  return door === 'prometheus' || door === 'kubernetes' ? door : 'meshboard'
}

/** The refusal as an answer, in the words of its door. */
export function refuse(context: Context, door: Door, refusal: Refusal): Response {
  context.header('cache-control', 'no-store')
  switch (door) {
    case 'meshboard':
      return context.json(meshboardFailure(refusal), refusal.status)
    case 'prometheus':
      return context.json(prometheusFailure(refusal), refusal.status)
    case 'kubernetes':
      return context.json(statusOf(refusal), refusal.status)
  }
}

function meshboardFailure({ code, message, hint, permission }: Refusal): MeshboardFailure {
  return {
    error: {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(permission === undefined ? {} : { permission }),
    },
  }
}

function prometheusFailure(refusal: Refusal): PrometheusFailure {
  return { status: 'error', errorType: errorTypeOf(refusal.status), error: sentences(refusal) }
}

function errorTypeOf(status: number): PrometheusErrorType {
  if (status === 404) return 'not_found'
  if (status === 429) return 'unavailable'
  if (status < 500) return 'bad_data'
  if (status === 504) return 'timeout'
  return status === 500 ? 'internal' : 'unavailable'
}

/** https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go (StatusReason) */
function statusOf(refusal: Refusal): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: sentences(refusal),
    reason: reasons[refusal.status] ?? (refusal.status < 500 ? 'BadRequest' : 'InternalError'),
    code: refusal.status,
  }
}

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  413: 'RequestEntityTooLarge',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'ServiceUnavailable',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

function sentences({ message, hint }: Refusal): string {
  return hint === undefined ? message : `${message}. ${hint}`
}
