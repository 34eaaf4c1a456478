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

/** No such kind in a version that is served. */
export const unknownKind = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})

/** No such path at all, nor such a group or version: what answers then knows nothing of Kubernetes' formats. */
export class NoPageError extends Error {
  override readonly name = 'NoPageError'
  constructor() {
    super('404 page not found\n')
  }
}

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

/** Somebody would grant more than he holds (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping). */
export function escalation(
  kind: ServedKind,
  name: string,
  {
    user,
    groups,
    rules,
  }: { readonly user: string; readonly groups: readonly string[]; readonly rules: readonly string[] },
): StatusError {
  const who = `user "${user}" (groups=[${groups.map((group) => `"${group}"`).join(' ')}])`
  return new StatusError(
    403,
    'Forbidden',
    `${qualified(kind)} "${name}" is forbidden: ${who} is attempting to grant RBAC permissions not currently held:\n${rules.join('\n')}`,
    detailsOf(kind, name),
  )
}

/** Of kinds that the demo cluster does not let anybody change, and of paths that take other methods. */
export const methodNotAllowed = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

export const alreadyExists = (kind: ServedKind, name: string): StatusError =>
  new StatusError(409, 'AlreadyExists', `${qualified(kind)} "${name}" already exists`, detailsOf(kind, name))

/** The object is no longer at the version that the change speaks of. */
export const conflict = (kind: ServedKind, name: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    detailsOf(kind, name),
  )

export interface Cause {
  /** `metadata.name`. */
  readonly field: string
  /** `FieldValueInvalid`, `FieldValueRequired`. */
  readonly reason: string
  readonly message: string
}

/** An object that its kind does not allow: what is wrong with which field. */
export function invalid(kind: ServedKind, name: string, causes: readonly Cause[]): StatusError {
  const words = causes.map(({ field, message }) => `${field}: ${message}`)
  return new StatusError(
    422,
    'Invalid',
    `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}" is invalid: ${words.length === 1 ? words.join('') : `[${words.join(', ')}]`}`,
    {
      name,
      ...(kind.group !== '' && { group: kind.group }),
      kind: kind.kind,
      causes: causes.map(({ field, reason, message }) => ({ reason, message, field })),
    },
  )
}

/** A `dryRun` other than `All`. */
export const badDryRun = (value: string): StatusError =>
  new StatusError(
    422,
    'Invalid',
    `Options.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["${value}"]: supported values: "All"`,
    { group: 'meta.k8s.io', kind: 'Options' },
  )

/** A review whose specification says nothing to review. */
export const invalidReview = (kind: string, group: string): StatusError =>
  new StatusError(
    422,
    'Invalid',
    `${kind}.${group} "" is invalid: spec.resourceAttributes: Invalid value: "null": exactly one of nonResourceAttributes or resourceAttributes must be specified`,
    { group, kind },
  )

export const unsupportedMediaType = (): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/merge-patch+json, application/strategic-merge-patch+json',
    {},
  )

function detailsOf(kind: ServedKind, name: string): NonNullable<Status['details']> {
  return { name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural }
}

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message)

/** A `continue` token of another time (https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses). */
export const expired = (): StatusError =>
  new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
  )
