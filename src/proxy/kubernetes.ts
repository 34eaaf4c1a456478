import { isObject } from '../clients/json.ts'
import { isReadGroup, kindNamed, resourceOf } from '../clients/kubernetes/resources.ts'
import { RefusalError } from './errors.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'
import { type Watch, type WatchRequest, type Watched, longestWatch } from './watch.ts'

export interface KubernetesRequest {
  /** Below the door, still percent-encoded: `api/v1/namespaces/shop/pods`. */
  readonly rawPath: string
  readonly method: string
  readonly query: URLSearchParams
  readonly signal?: AbortSignal | undefined
}

/** What a list or a get may say; the rest is not needed. */
const openParameters = new Set([
  'limit',
  'continue',
  'labelSelector',
  'fieldSelector',
  'resourceVersion',
  'resourceVersionMatch',
])
const watchParameters = new Set([...openParameters, 'watch', 'allowWatchBookmarks', 'timeoutSeconds'])

/**
 * The API server's own answer (`kubernetes` and `watch` ask it as the viewer) through the read-only door: discovery, and get, list or watch of the kinds in `resources.ts`.
 * The upstream path is built anew from parts that are checked one by one, so nothing of the request's own path reaches it:
 * no Secret, no subresource, no traversal. Throws `RefusalError`, which this door speaks as a `Status`.
 */
export async function readKubernetes(
  { kubernetes, watch }: { readonly kubernetes: Upstream; readonly watch: (asked: WatchRequest) => ReturnType<Watch> },
  { rawPath, method, query, signal }: KubernetesRequest,
): Promise<UpstreamAnswer | Watched> {
  if (method !== 'GET') {
    throw new RefusalError({
      status: 405,
      code: 'method_not_open',
      message: `${method} is not open here: this door only reads`,
    })
  }
  const path = openPath(rawPath)
  if (path === undefined) {
    throw new RefusalError({
      status: 404,
      code: 'kubernetes_not_open',
      message: 'This part of the Kubernetes API is not open here',
      hint: 'Meshboard reads namespaces, workloads, pods, services, ingresses and the objects of Istio and the Gateway API',
    })
  }
  const isWatch = watches(query)
  for (const name of query.keys()) {
    if (!(isWatch ? watchParameters : openParameters).has(name) || query.getAll(name).length > 1) throw notOpen(name)
  }
  const answer = isWatch
    ? await watch({ path, query: boundedWatch(query), signal })
    : await kubernetes({ path, query, signal })
  if ('body' in answer) return answer
  if (isObject(answer.json) && (answer.status < 400 || answer.json['kind'] === 'Status')) return answer
  throw new RefusalError({
    status: 502,
    code: 'upstream_not_kubernetes',
    message: `The configured Kubernetes API answered with JSON that is not of the Kubernetes API (HTTP status ${answer.status})`,
    hint: 'Check that the configured URL is the root of the API server',
  })
}

/** As the API server reads it. Throws `RefusalError` for what it would take for something else. */
function watches(query: URLSearchParams): boolean {
  const said = query.get('watch')
  if (said === null) return false
  if (said === 'true' || said === '1') return true
  throw notOpen('watch')
}

/** Ends by itself: `timeoutSeconds` is what was asked for, within what a watch may last. */
function boundedWatch(query: URLSearchParams): URLSearchParams {
  const asked = query.get('timeoutSeconds') ?? `${longestWatch}`
  if (!/^[1-9]\d{0,8}$/.test(asked)) throw notOpen('timeoutSeconds')
  const bounded = new URLSearchParams(query)
  bounded.set('timeoutSeconds', `${Math.min(Number(asked), longestWatch)}`)
  return bounded
}

function notOpen(name: string): RefusalError {
  return new RefusalError({
    status: 400,
    code: 'parameter_invalid',
    message: `Parameter ${name.slice(0, 60)} is not open here, or not with this value, or is given twice`,
  })
}

/**
 * The same path made of checked parts, or undefined where it is not open.
 * `api[/v1[/KIND[/NAME]]]`, `apis[/GROUP[/VERSION[/KIND[/NAME]]]]`, with `namespaces/NAMESPACE/` before a namespaced kind.
 */
export function openPath(rawPath: string): string | undefined {
  const [root, ...parts] = rawPath.split('/')
  // A DNS subdomain has no percent sign, no dot segment, no slash, no control character: what is encoded is refused.
  if (!parts.every((part) => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(part))) return undefined
  if (root === 'api') return openBelow('api', '', parts)
  if (root !== 'apis') return undefined
  const [group, ...rest] = parts
  if (group === undefined) return 'apis'
  if (!isReadGroup(group) || group === '') return undefined
  return openBelow(`apis/${group}`, group, rest)
}

function openBelow(base: string, group: string, [version, ...parts]: readonly string[]): string | undefined {
  if (version === undefined) return base
  if (!/^v[0-9]+((alpha|beta)[0-9]+)?$/.test(version)) return undefined
  const root = `${base}/${version}`
  if (parts.length === 0) return root
  const isWithin = parts[0] === 'namespaces' && parts.length > 2
  const [plural = '', name, ...more] = isWithin ? parts.slice(2) : parts
  const kind = kindNamed(group, plural)
  if (kind === undefined || more.length > 0) return undefined
  const { isNamespaced } = resourceOf(kind)
  if (isWithin !== isNamespaced && !(isNamespaced && !isWithin && name === undefined)) return undefined
  return `${root}/${parts.join('/')}`
}
