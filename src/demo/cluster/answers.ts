import type { KubernetesObject, List } from '../../clients/kubernetes/wire.ts'
import { coreVersions, groupList, groupNamed, resourceList, versionInfo } from './discovery.ts'
import { resourceVersion, type Store } from './metadata.ts'
import { pageOf } from './paging.ts'
import { personas, rbac, type Persona } from './personas.ts'
import { decide } from './rbac.ts'
import { groupVersion, isBuiltIn, qualified, type ServedKind, servedKinds } from './resources.ts'
import { isReviewPath, personBehind, reviewOf } from './reviews.ts'
import { fieldSelector, labelSelector } from './selector.ts'
import { forbidden, methodNotAllowed, notFound, unauthorized, unknownPath } from './status.ts'

export interface ApiRequest {
  readonly method: string
  readonly url: URL
  /** The `Authorization` header. */
  readonly authorization: string | undefined
  /** Of a POST: a review. */
  readonly body?: string
}

/** The JSON that Kubernetes would answer; throws a `StatusError` where it would refuse. */
export function answerOf(store: Store, { method, url, authorization, body = '' }: ApiRequest): unknown {
  const person = whoAsks(authorization)
  const path = url.pathname.replace(/\/$/, '')
  if (isReviewPath(path)) {
    if (method !== 'POST') throw methodNotAllowed()
    return reviewOf(path, person, body)
  }
  const found = locate(path)
  if (found === undefined) {
    const document = discovery(path)
    if (document === undefined) throw unknownPath()
    if (method !== 'GET') throw methodNotAllowed()
    return document
  }
  const { kind, version, namespace, name } = found
  const verb = verbOf(method, name !== undefined)
  const place = { ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) }
  // A namespace's own rights are decided in it: https://kubernetes.io/docs/reference/access-authn-authz/authorization/
  const within = qualified(kind) === 'namespaces' && name !== undefined ? { namespace: name } : {}
  const { allowed } = decide(rbac, person, { verb, group: kind.group, resource: kind.plural, ...place, ...within })
  if (kind.isForbidden === true || !allowed) throw forbidden({ user: person.name, verb, kind, ...place })
  if (method !== 'GET' || url.searchParams.get('watch') === 'true' || url.searchParams.get('watch') === '1')
    throw methodNotAllowed()
  const objects = store.get(qualified(kind)) ?? []
  const apiVersion = groupVersion(kind.group, version)
  if (name === undefined) return listOf(objects, kind, apiVersion, namespace, url.searchParams)
  const object = objects.find(
    ({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === (namespace ?? ''),
  )
  if (object === undefined) throw notFound(kind, name)
  return { apiVersion, kind: kind.kind, ...object }
}

/** Without a token it is the cluster's owner at the machine itself; a token that the cluster does not know it refuses. */
function whoAsks(authorization: string | undefined): Persona {
  const person = authorization === undefined ? personas[0] : personBehind(authorization)
  if (person === undefined) throw unauthorized()
  return person
}

function listOf(
  objects: readonly KubernetesObject[],
  kind: ServedKind,
  apiVersion: string,
  namespace: string | undefined,
  parameters: URLSearchParams,
): List<KubernetesObject> {
  const hasLabels = labelSelector(parameters.get('labelSelector') ?? '')
  const hasFields = fieldSelector(parameters.get('fieldSelector') ?? '')
  const chosen = objects.filter(
    ({ metadata }) =>
      (namespace === undefined || metadata.namespace === namespace) &&
      hasLabels(metadata.labels ?? {}) &&
      hasFields(metadata),
  )
  const isWhole = !parameters.get('labelSelector') && !parameters.get('fieldSelector')
  const { items, next, remaining } = pageOf(chosen, ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`, {
    limit: parameters.get('limit'),
    token: parameters.get('continue'),
    resourceVersion,
  })
  return {
    kind: `${kind.kind}List`,
    apiVersion,
    metadata: {
      resourceVersion,
      ...(next !== undefined && { continue: next }),
      // With a selector the API server does not count what is left.
      ...(remaining !== undefined && isWhole && { remainingItemCount: remaining }),
    },
    items: isBuiltIn(kind) ? items : items.map((item) => ({ apiVersion, kind: kind.kind, ...item })),
  }
}

interface Located {
  readonly kind: ServedKind
  readonly version: string
  readonly namespace?: string
  readonly name?: string
}

/** What a path like `/apis/apps/v1/namespaces/shop/deployments/cart` speaks of; `undefined` when it is no resource's. */
function locate(path: string): Located | undefined {
  const parts = path.split('/').slice(1).map(decoded)
  const [root, ...afterRoot] = parts
  const [group, version, ...rest] = root === 'api' ? ['', ...afterRoot] : root === 'apis' ? afterRoot : []
  if (group === undefined || version === undefined || rest.length === 0) return undefined
  const served = (plural: string | undefined, isNamespaced?: boolean) =>
    servedKinds.find(
      (kind) =>
        kind.group === group &&
        kind.plural === plural &&
        kind.versions.includes(version) &&
        (isNamespaced === undefined || kind.isNamespaced === isNamespaced),
    )
  const [first, second, third, fourth, fifth] = rest
  if (fifth !== undefined) return undefined
  if (first === 'namespaces' && second !== undefined && third !== undefined) {
    const kind = served(third, true)
    return kind && { kind, version, namespace: second, ...(fourth !== undefined && { name: fourth }) }
  }
  const kind = served(first)
  if (kind === undefined || third !== undefined) return undefined
  if (second === undefined) return { kind, version }
  return kind.isNamespaced ? undefined : { kind, version, name: second }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw unknownPath()
  }
}

function discovery(path: string): unknown {
  if (path === '/version') return versionInfo
  if (path === '/api') return coreVersions
  if (path === '/apis') return groupList()
  const [, core] = /^\/api\/([^/]+)$/.exec(path) ?? []
  if (core !== undefined) return resourceList('', core)
  const [, group, version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? []
  if (group === undefined) return undefined
  return version === undefined ? groupNamed(group) : resourceList(group, version)
}

/** The RBAC verb of an HTTP method (https://kubernetes.io/docs/reference/access-authn-authz/authorization/). */
function verbOf(method: string, isNamed: boolean): string {
  if (method === 'GET' || method === 'HEAD') return isNamed ? 'get' : 'list'
  if (method === 'POST') return 'create'
  if (method === 'PUT') return 'update'
  if (method === 'PATCH') return 'patch'
  return isNamed ? 'delete' : 'deletecollection'
}
