import type { Status } from '../../clients/kubernetes/wire.ts'
import { qualified, type ServedKind } from './resources.ts'

/** A refusal in Kubernetes' own words, thrown on the way to an answer. */
export class StatusError extends Error {
  readonly status: Status

  constructor(code: number, reason: string, message: string, details?: NonNullable<Status['details']>) {
    super(message)
    this.name = 'StatusError'
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    }
  }
}

/** No such object. */
export function notFound(kind: ServedKind, name: string): StatusError {
  const details = { name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural }
  return new StatusError(404, 'NotFound', `${qualified(kind)} "${name}" not found`, details)
}

/** No such path, group, version or kind. */
export const unknownPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})

/** A token the cluster does not know. */
export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized')

export interface Attempt {
  readonly user: string
  readonly verb: string
  readonly kind: ServedKind
  readonly namespace?: string
  readonly name?: string
}

/** RBAC says no (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
export function forbidden({ user, verb, kind, namespace, name }: Attempt): StatusError {
  const place = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const subject = name === undefined ? `${qualified(kind)} is forbidden` : `${qualified(kind)} "${name}" is forbidden`
  return new StatusError(
    403,
    'Forbidden',
    `${subject}: User "${user}" cannot ${verb} resource "${kind.plural}" in API group "${kind.group}" ${place}`,
    { ...(name !== undefined && { name }), ...(kind.group !== '' && { group: kind.group }), kind: kind.plural },
  )
}

/** The demo cluster is only read. */
export const methodNotAllowed = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message)

/** A `continue` token of another time (https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses). */
export const expired = (): StatusError =>
  new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
  )
