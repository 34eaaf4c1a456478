import { personWith, type Persona } from './personas.ts'
import { decide, rulesIn, type Action, type Rbac } from './rbac.ts'
import { badRequest } from './status.ts'

const kinds: Readonly<Record<string, string>> = {
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': 'SelfSubjectReview',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': 'SelfSubjectAccessReview',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': 'SelfSubjectRulesReview',
}

/** Whether a path is one of the reviews that anybody may ask about themselves. */
export function isReviewPath(path: string): boolean {
  return Object.hasOwn(kinds, path)
}

/**
 * Who somebody is and what they may do, in Kubernetes' own form; throws a `StatusError` for a body that is no such review.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/
 */
export function reviewOf(path: string, person: Persona, body: string, rights: Rbac): unknown {
  const kind = kinds[path]
  const parsed = objectIn(body)
  if (kind === undefined || parsed === undefined) throw badRequest('the object provided is unrecognized')
  const metadata = { creationTimestamp: null }
  const spec = 'spec' in parsed && isRecord(parsed['spec']) ? parsed['spec'] : {}
  if (kind === 'SelfSubjectReview') {
    const userInfo = { username: person.name, uid: `u-${person.id}`, groups: person.groups }
    return { kind, apiVersion: 'authentication.k8s.io/v1', metadata, status: { userInfo } }
  }
  const apiVersion = 'authorization.k8s.io/v1'
  if (kind === 'SelfSubjectRulesReview') {
    const namespace = text(spec['namespace'])
    if (namespace === undefined) throw badRequest('spec.namespace: Required value')
    const resourceRules = rulesIn(rights, person, namespace)
    return { kind, apiVersion, metadata, spec, status: { resourceRules, nonResourceRules: [], incomplete: false } }
  }
  const asked = spec['resourceAttributes']
  if (!isRecord(asked)) throw badRequest('spec.resourceAttributes: Required value')
  const { allowed, reason } = decide(rights, person, actionOf(asked))
  return { kind, apiVersion, metadata, spec, status: { allowed, ...(reason === '' ? {} : { reason }) } }
}

/** The person behind an `Authorization` header; undefined for a token the cluster does not know. */
export function personBehind(authorization: string): Persona | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1]
  return token === undefined ? undefined : personWith(token)
}

function actionOf(asked: Readonly<Record<string, unknown>>): Action {
  const subresource = text(asked['subresource'])
  const namespace = text(asked['namespace'])
  const name = text(asked['name'])
  return {
    verb: text(asked['verb']) ?? '',
    group: text(asked['group']) ?? '',
    resource: text(asked['resource']) ?? '',
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function objectIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
