import { isObject } from '../clients/json.ts'
import { isReadGroup, kindNamed, resourceOf } from '../clients/kubernetes/resources.ts'
import { RefusalError } from './errors.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'

export interface KubernetesRequest {
  /** Below the door, still percent-encoded: `api/v1/namespaces/shop/pods`. */
  readonly rawPath: string
  readonly method: string
  readonly query: URLSearchParams
  readonly signal?: AbortSignal | undefined
}

/** What a list or a get may say; `watch` would never end, and the rest is not needed. */
const openParameters = new Set([
  'limit',
  'continue',
  'labelSelector',
  'fieldSelector',
  'resourceVersion',
  'resourceVersionMatch',
])

/**
 * The API server's own answer (`kubernetes` asks it as the viewer) through the read-only door: discovery, and get or list of the kinds in `resources.ts`.
 * The upstream path is built anew from parts that are checked one by one, so nothing of the request's own path reaches it:
 * no Secret, no subresource, no traversal. Throws `RefusalError`, which this door speaks as a `Status`.
 */
export async function readKubernetes(
  kubernetes: Upstream,
  { rawPath, method, query, signal }: KubernetesRequest,
): Promise<UpstreamAnswer> {
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
  for (const name of query.keys()) {
    if (!openParameters.has(name) || query.getAll(name).length > 1) {
      throw new RefusalError({
        status: 400,
        code: 'parameter_invalid',
        message: `Parameter ${name.slice(0, 60)} is not open here, or is given twice`,
      })
    }
  }
  const answer = await kubernetes({ path, query, signal })
  if (isObject(answer.json) && (answer.status < 400 || answer.json['kind'] === 'Status')) return answer
  throw new RefusalError({
    status: 502,
    code: 'upstream_not_kubernetes',
    message: `The configured Kubernetes API answered with JSON that is not of the Kubernetes API (HTTP status ${answer.status})`,
    hint: 'Check that the configured URL is the root of the API server',
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
