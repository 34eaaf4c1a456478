import { personWith, type Persona } from './personas.ts'
import { decide, rulesIn, type Action, type Person, type Rbac } from './rbac.ts'
import { badRequest, invalidReview, StatusError } from './status.ts'

const kinds: Readonly<Record<string, string>> = {
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': 'SelfSubjectReview',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': 'SelfSubjectAccessReview',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': 'SelfSubjectRulesReview',
  '/apis/authorization.k8s.io/v1/subjectaccessreviews': 'SubjectAccessReview',
}

/** Whether a path is one of the reviews: those that anybody may ask about themselves, and the one about others. */
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
  if (!isRecord(asked)) throw invalidReview(kind, 'authorization.k8s.io')
  if (kind === 'SubjectAccessReview') demandReviewer(rights, person)
  const subject = kind === 'SubjectAccessReview' ? subjectIn(spec) : person
  const { allowed, reason } = decide(rights, subject, actionOf(asked))
  return { kind, apiVersion, metadata, spec, status: { allowed, ...(reason === '' ? {} : { reason }) } }
}

/** Throws unless somebody may ask what others may do. */
function demandReviewer(rights: Rbac, person: Persona): void {
  const action = { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' }
  if (decide(rights, person, action).allowed) return
  throw new StatusError(
    403,
    'Forbidden',
    `subjectaccessreviews.authorization.k8s.io is forbidden: User "${person.name}" cannot create resource "subjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope`,
    { group: 'authorization.k8s.io', kind: 'subjectaccessreviews' },
  )
}

function subjectIn({ user, groups }: Readonly<Record<string, unknown>>): Person {
  return {
    name: text(user) ?? '',
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  }
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
