import { HttpError, NotJsonError } from '../errors.ts'
import { type HttpOptions, requestJson, urlUnder } from '../http.ts'
import { type KindName, type Kinds, type Resource, resourceOf } from './resources.ts'
import { isObject } from '../json.ts'

export interface KubernetesPlace {
  /** The root under which `api/v1/...` is found: the proxy's door (`doorOf`) or an API server's own URL. */
  readonly root: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutSeconds?: number
}

export interface ListOptions {
  /** Absent: in every namespace. */
  readonly namespace?: string
  readonly labelSelector?: string
  /** Items per page, 500 unless told. */
  readonly limit?: number
}

export interface Listing<Item> {
  readonly items: readonly Item[]
  /** False where the API server does not know the kind (no Istio, no Gateway API): that is not an empty list. */
  readonly isServed: boolean
  /** Entries without a name, which no API server sends. */
  readonly skipped: number
}

/** The proxy's Kubernetes door of a cluster; `base` is where the proxy is, `''` for the page's own. */
export function doorOf(base: string, cluster: string): KubernetesPlace {
  return { root: urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/kubernetes`) }
}

/**
 * Every object of a kind, all pages. Where the server lacks the version we ask for, its preferred one is read instead;
 * where a `continue` token has expired half-way (410), the list is read again from the start, once, in one piece.
 * Throws an error of `errors.ts`, with the server's `Status` where it gave one.
 */
export async function listAll<Kind extends KindName>(
  place: KubernetesPlace,
  kind: Kind,
  options: ListOptions = {},
  signal?: AbortSignal,
): Promise<Listing<Kinds[Kind]>> {
  const resource = resourceOf(kind)
  try {
    return await pagesOf<Kinds[Kind]>(place, resource, options, signal)
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    const version = await preferredVersion(place, resource, signal)
    if (version === undefined || version === resource.version) return { items: [], isServed: false, skipped: 0 }
    try {
      return await pagesOf<Kinds[Kind]>(place, { ...resource, version }, options, signal)
    } catch (again) {
      if (isStatus(again, 404)) return { items: [], isServed: false, skipped: 0 }
      throw again
    }
  }
}

/** One object by name, in the group's preferred version where ours is not served. Throws an error of `errors.ts`; `HttpError` with status 404 where there is none. */
export async function getObject<Kind extends KindName>(
  place: KubernetesPlace,
  kind: Kind,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  signal?: AbortSignal,
): Promise<Kinds[Kind]> {
  const resource = resourceOf(kind)
  const get = async (version: string): Promise<Kinds[Kind]> => {
    const path = pathOf({ ...resource, version }, namespace)
    const url = urlUnder(place.root, `${path}/${encodeURIComponent(name)}`)
    const answer = await requestJson(url, optionsOf(place, signal))
    if (!isNamed<Kinds[Kind]>(answer)) throw notKubernetes(url, answer)
    return answer
  }
  try {
    return await get(resource.version)
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    const preferred = await preferredVersion(place, resource, signal)
    if (preferred === undefined || preferred === resource.version) throw error
    return await get(preferred)
  }
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly skipped: number
  /** The token of the next page; empty on the last. */
  readonly next: string
}

async function pagesOf<Item>(
  place: KubernetesPlace,
  resource: Resource,
  options: ListOptions,
  signal: AbortSignal | undefined,
): Promise<Listing<Item>> {
  const items: Item[] = []
  let skipped = 0
  let next = ''
  do {
    const page: Page<Item> | 'expired' = await pageOf<Item>(place, resource, options, next, signal).catch(
      (error: unknown) => {
        if (next !== '' && isStatus(error, 410)) return 'expired'
        throw error
      },
    )
    if (page === 'expired') return wholeOf<Item>(place, resource, options, signal)
    items.push(...page.items)
    skipped += page.skipped
    next = page.next
  } while (next !== '')
  return { items, isServed: true, skipped }
}

async function wholeOf<Item>(
  place: KubernetesPlace,
  resource: Resource,
  options: ListOptions,
  signal: AbortSignal | undefined,
): Promise<Listing<Item>> {
  const { items, skipped } = await pageOf<Item>(place, resource, { ...options, limit: 0 }, '', signal)
  return { items, isServed: true, skipped }
}

async function pageOf<Item>(
  place: KubernetesPlace,
  resource: Resource,
  { namespace, labelSelector, limit = 500 }: ListOptions,
  token: string,
  signal: AbortSignal | undefined,
): Promise<Page<Item>> {
  const parameters = new URLSearchParams({
    ...(limit > 0 ? { limit: String(limit) } : {}),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(token === '' ? {} : { continue: token }),
  })
  const url = urlUnder(place.root, pathOf(resource, namespace), parameters)
  const answer = await requestJson(url, optionsOf(place, signal))
  if (!isObject(answer) || !Array.isArray(answer['items'])) throw notKubernetes(url, answer)
  const entries: readonly unknown[] = answer['items']
  const items = entries.filter(isNamed<Item>)
  return { items, skipped: entries.length - items.length, next: continueOf(answer) }
}

async function preferredVersion(
  place: KubernetesPlace,
  { group }: Resource,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (group === '') return undefined
  try {
    const answer = await requestJson(urlUnder(place.root, `apis/${group}`), optionsOf(place, signal))
    const preferred = isObject(answer) ? answer['preferredVersion'] : undefined
    const version = isObject(preferred) ? preferred['version'] : undefined
    return typeof version === 'string' ? version : undefined
  } catch (error) {
    if (isStatus(error, 404)) return undefined
    throw error
  }
}

function pathOf({ group, version, plural, isNamespaced }: Resource, namespace: string | undefined): string {
  const root = group === '' ? `api/${version}` : `apis/${group}/${version}`
  const within = isNamespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${within}/${plural}`
}

function optionsOf({ headers, timeoutSeconds }: KubernetesPlace, signal: AbortSignal | undefined): HttpOptions {
  return {
    signal,
    ...(headers === undefined ? {} : { headers }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  }
}

function continueOf(answer: Readonly<Record<string, unknown>>): string {
  const token = isObject(answer['metadata']) ? answer['metadata']['continue'] : undefined
  return typeof token === 'string' ? token : ''
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof HttpError && error.status === status
}

function notKubernetes(url: string, answer: unknown): NotJsonError {
  return new NotJsonError(url, 200, JSON.stringify(answer), new Error('not an answer of the Kubernetes API'))
}

/**
 * The wire types promise no more than a name; everything else of theirs is optional.
 * The type parameter is the one step of trust: an API server sends the kind that its URL names.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- see above
function isNamed<Item>(value: unknown): value is Item {
  return isObject(value) && isObject(value['metadata']) && typeof value['metadata']['name'] === 'string'
}
