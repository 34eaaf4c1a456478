import { isObject } from '../clients/json.ts'
import { metricsReview, reviewWords } from '../mesh/access.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { RefusalError } from './errors.ts'
import { seesEverything } from './scope.ts'
import type { Viewer } from './viewer.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'

export interface PrometheusRequest {
  /** Below the door, as it came: `api/v1/query`. */
  readonly path: string
  readonly method: string
  readonly query: URLSearchParams
  /** A POST's form. */
  readonly form?: URLSearchParams
  readonly signal?: AbortSignal | undefined
}

/**
 * Throws `RefusalError` 403 where a viewer may not ask in PromQL: it takes every namespace, and, where one Prometheus holds several
 * clusters, nothing keeps an expression to this one.
 */
export async function demandEverything(
  { credentials }: Viewer,
  doors: Pick<ClusterDoors, 'users' | 'cluster' | 'isShared'>,
): Promise<void> {
  if (credentials === undefined) return
  const review = metricsReview()
  if (!(await seesEverything(credentials, doors))) {
    throw new RefusalError({
      status: 403,
      code: 'prometheus_not_yours',
      message: `Prometheus itself answers only viewers of every namespace: it takes the permission to ${reviewWords(review)}`,
      hint: 'The named questions answer for your own namespaces',
      permission: review,
    })
  }
  const { label, prometheus } = doors.cluster
  if (doors.isShared || prometheus.matchers.length > 0) {
    throw new RefusalError({
      status: 403,
      code: 'prometheus_shared',
      message: `The Prometheus of ${label} holds other clusters too: it cannot be asked in PromQL here`,
      hint: 'The named questions answer for this cluster',
    })
  }
}

/** What may be read, and whether also by POST: https://prometheus.io/docs/prometheus/latest/querying/api/ */
const open: Readonly<Record<string, 'GET' | 'GET or POST'>> = {
  query: 'GET or POST',
  query_range: 'GET or POST',
  query_exemplars: 'GET or POST',
  format_query: 'GET or POST',
  series: 'GET or POST',
  labels: 'GET or POST',
  metadata: 'GET',
  rules: 'GET',
  alerts: 'GET',
  'status/buildinfo': 'GET',
  'status/runtimeinfo': 'GET',
}

/**
 * Prometheus's own answer through the raw door, for viewers of every namespace: an allow-list of its read API, the rest is 404.
 * Parameters are handed on, headers are not. Throws `RefusalError`, which this door speaks in Prometheus's error shape; so does
 * any JSON of the upstream that is not Prometheus's.
 */
export async function readPrometheus(
  prometheus: Upstream,
  { path, method, query, form, signal }: PrometheusRequest,
): Promise<UpstreamAnswer> {
  const endpoint = endpointOf(path)
  if (endpoint === undefined) {
    throw new RefusalError({
      status: 404,
      code: 'prometheus_not_open',
      message: 'This part of the Prometheus API is not open here',
    })
  }
  if (method !== 'GET' && !(method === 'POST' && endpoint.methods === 'GET or POST')) {
    throw new RefusalError({ status: 405, code: 'method_not_open', message: `${method} is not open here` })
  }
  const answer = await prometheus({
    path: `api/v1/${endpoint.path}`,
    query,
    ...(form === undefined ? {} : { form }),
    signal,
  })
  const speaks = isObject(answer.json) && (answer.json['status'] === 'success' || answer.json['status'] === 'error')
  if (speaks) return answer
  throw new RefusalError({
    status: 502,
    code: 'upstream_not_prometheus',
    message: `The configured Prometheus answered with JSON that is not of the Prometheus API (HTTP status ${answer.status})`,
    hint: 'Check that the configured URL is the root of the API, the part before /api/v1',
  })
}

function endpointOf(path: string): { readonly path: string; readonly methods: 'GET' | 'GET or POST' } | undefined {
  const name = /^api\/v1\/(.+)$/.exec(path)?.[1]
  if (name === undefined) return undefined
  const methods = Object.hasOwn(open, name) ? open[name] : undefined
  if (methods !== undefined) return { path: name, methods }
  // Label names beyond the classic alphabet travel as `U__...`, which is within it.
  return /^label\/[a-zA-Z_][a-zA-Z0-9_]{0,200}\/values$/.test(name) ? { path: name, methods: 'GET' } : undefined
}
