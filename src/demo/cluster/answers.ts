import type { KubernetesObject, List } from '../../clients/kubernetes/wire.ts'
import { coreVersions, groupList, groupNamed, resourceList, versionInfo } from './discovery.ts'
import type { ObjectStore } from './objectStore.ts'
import { pageOf } from './paging.ts'
import { decide } from './rbac.ts'
import { groupVersion, isBuiltIn, qualified, type ServedKind, servedKinds } from './resources.ts'
import { isReviewPath, reviewOf } from './reviews.ts'
import { rightsIn } from './rights.ts'
import { fieldSelector, labelSelector } from './selector.ts'
import { badDryRun, forbidden, methodNotAllowed, NoPageError, notFound, unknownKind } from './status.ts'
import type { Watch } from './watch.ts'
import { type Asking, whoAsks } from './whoAsks.ts'
import { isWrite, write } from './writes.ts'

export interface ApiRequest {
  readonly method: string
  readonly url: URL
  readonly asking: Asking
  /** Of a POST, PUT or PATCH. */
  readonly body?: string
  readonly contentType?: string | undefined
}

/** The answer to a request: JSON, or a watch to be followed. */
export type ApiAnswer = { readonly status: number; readonly body: unknown } | { readonly watch: Watch }

/** What Kubernetes would answer; throws a `StatusError` where it would refuse. */
export function answerOf(store: ObjectStore, request: ApiRequest): ApiAnswer {
  const { method, url, asking, body = '', contentType } = request
  const person = whoAsks(store, asking)
  const path = url.pathname.replace(/\/$/, '')
  if (isReviewPath(path)) {
    if (method !== 'POST') throw methodNotAllowed()
    return { status: 201, body: reviewOf(path, person, body, rightsIn(store)) }
  }
  const found = locate(path)
  if (found === undefined) {
    const document = discovery(path)
    if (document === undefined) throw isServed(path) ? unknownKind() : new NoPageError()
    if (method !== 'GET') throw methodNotAllowed()
    return { status: 200, body: document }
  }
  const { kind, version, namespace, name } = found
  const { searchParams } = url
  const isWatched = ['true', '1'].includes(searchParams.get('watch') ?? '') && name === undefined
  const verb = isWatched && method === 'GET' ? 'watch' : verbOf(method, name !== undefined)
  const place = { ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) }
  // A namespace's own rights are decided in it: https://kubernetes.io/docs/reference/access-authn-authz/authorization/
  const within = qualified(kind) === 'namespaces' && name !== undefined ? { namespace: name } : {}
  const attempt = { verb, group: kind.group, resource: kind.plural, ...place, ...within }
  const { allowed } = decide(rightsIn(store), person, attempt)
  if (kind.isForbidden === true || !allowed) throw forbidden({ user: person.name, verb, kind, ...place, ...within })
  if (verb === 'watch') return { watch: watchOf(kind, version, namespace, searchParams) }
  if (method !== 'GET') {
    if (!isWrite(verb)) throw methodNotAllowed()
    const dryRun = searchParams.getAll('dryRun')
    if (dryRun.some((each) => each !== 'All')) throw badDryRun(dryRun.join())
    const asked = { verb, person, kind, version, namespace, name, body, contentType, isDryRun: dryRun.length > 0 }
    return { status: verb === 'create' ? 201 : 200, body: write(store, asked) }
  }
  const objects = store.list(qualified(kind))
  const apiVersion = groupVersion(kind.group, version)
  if (name === undefined)
    return { status: 200, body: listOf(store, objects, kind, apiVersion, namespace, searchParams) }
  const object = store.find(qualified(kind), namespace, name)
  if (object === undefined) throw notFound(kind, name)
  return { status: 200, body: { apiVersion, kind: kind.kind, ...object } }
}

function watchOf(kind: ServedKind, version: string, namespace: string | undefined, parameters: URLSearchParams): Watch {
  const seconds = Number(parameters.get('timeoutSeconds') ?? '')
  return {
    kind,
    version,
    isChosen: chosenBy(namespace, parameters),
    from: parameters.get('resourceVersion'),
    seconds: seconds > 0 ? seconds : undefined,
  }
}

/** Whether an object is in the namespace and has the labels and fields that the parameters ask for. */
function chosenBy(namespace: string | undefined, parameters: URLSearchParams): (object: KubernetesObject) => boolean {
  const hasLabels = labelSelector(parameters.get('labelSelector') ?? '')
  const hasFields = fieldSelector(parameters.get('fieldSelector') ?? '')
  return ({ metadata }) =>
    (namespace === undefined || metadata.namespace === namespace) &&
    hasLabels(metadata.labels ?? {}) &&
    hasFields(metadata)
}

function listOf(
  store: ObjectStore,
  objects: readonly KubernetesObject[],
  kind: ServedKind,
  apiVersion: string,
  namespace: string | undefined,
  parameters: URLSearchParams,
): List<KubernetesObject> {
  const chosen = objects.filter(chosenBy(namespace, parameters))
  const isWhole = !parameters.get('labelSelector') && !parameters.get('fieldSelector')
  const { items, next, remaining } = pageOf(chosen, ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`, {
    limit: parameters.get('limit'),
    token: parameters.get('continue'),
    resourceVersion: store.version,
    isKnown: (version) => store.remembers(Number(version)),
  })
  return {
    kind: `${kind.kind}List`,
    apiVersion,
    metadata: {
      resourceVersion: store.version,
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

/** Whether a path is below a version that is served. */
function isServed(path: string): boolean {
  const [, root, first = '', second = ''] = path.split('/')
  if (root === 'api') return resourceList('', first) !== undefined
  return root === 'apis' && resourceList(first, second) !== undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new NoPageError()
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
