import { isObject } from '../clients/json.ts'
import { type Review, canI, reviewWords, toolReview } from '../mesh/access.ts'
import { pathsOf, proxyPath, type ToolService } from '../mesh/tools.ts'
import { kubernetesOf } from './asViewer.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { RefusalError } from './errors.ts'
import { doorsOf } from './tools.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'
import type { Viewer } from './viewer.ts'

/** Asks Jaeger's query API; the path is below its root: `api/traces`. */
export type TraceStore = (
  path: string,
  query: URLSearchParams | undefined,
  signal: AbortSignal | undefined,
) => Promise<UpstreamAnswer>

/**
 * Where a viewer's traces come from, for whoever may open Jaeger: the configured store with the proxy's own credentials, else the Jaeger
 * that is found in the cluster, through its API server and as the viewer. Throws `RefusalError` for whoever may not, and where there is none.
 */
export async function traceStoreFor(viewer: Viewer, doors: ClusterDoors): Promise<TraceStore> {
  const found = await doorsOf('jaeger', viewer, doors)
  const open = found.find(({ allowed }) => allowed)
  const configured = doors.traces
  const closed = found.find(({ allowed }) => !allowed)?.review
  if (configured !== undefined) {
    if (open === undefined && !(await mayByName(viewer, doors))) throw closedTo(closed ?? toolReview('jaeger'))
    return (path, query, signal) => configured({ path, ...(query === undefined ? {} : { query }), signal })
  }
  const kubernetes = kubernetesOf(viewer, doors)
  const service = found.find(({ allowed, service: behind }) => allowed && behind !== undefined)?.service
  if (service !== undefined && kubernetes !== undefined) return throughService(service, kubernetes)
  if (closed !== undefined && open === undefined) throw closedTo(closed)
  throw notConnected(doors.cluster.label)
}

/** The narrowest key there is: Meshboard's own word for Jaeger, which opens no page of Jaeger itself. */
async function mayByName({ credentials }: Viewer, { users }: ClusterDoors): Promise<boolean> {
  if (credentials === undefined || users === undefined) return true
  return (await users.may(credentials, toolReview('jaeger'))).allowed
}

/** Jaeger's pages answer whatever they do not know with a page: only JSON tells where its API begins. */
function throughService(service: ToolService, kubernetes: Upstream): TraceStore {
  const roots = service.path === undefined ? pathsOf('jaeger') : [service.path]
  return async (path, query, signal) => {
    let failure: unknown
    for (const root of roots) {
      try {
        const answer = await kubernetes({
          path: `${proxyPath(service)}${root}${path}`,
          ...(query === undefined ? {} : { query }),
          signal,
        })
        if (isObject(answer.json) && answer.json['kind'] === 'Status') throw serviceFails(service, answer.json)
        return answer
      } catch (error) {
        if (!(error instanceof RefusalError) || error.refusal.code !== 'upstream_not_json') throw error
        failure ??= error
      }
    }
    throw failure
  }
}

function serviceFails({ name, namespace }: ToolService, status: Readonly<Record<string, unknown>>): RefusalError {
  const said = typeof status['message'] === 'string' ? status['message'].slice(0, 300) : 'it says no reason'
  return new RefusalError({
    status: 502,
    code: 'traces_unreachable',
    message: `Jaeger, ${name} in ${namespace}, does not answer: ${said}`,
    hint: 'Check that its Pods are ready',
  })
}

function closedTo(review: Review): RefusalError {
  return new RefusalError({
    status: 403,
    code: 'traces_closed',
    message: `Traces are closed to you. They take the permission to ${reviewWords(review)}; a cluster owner can grant it`,
    hint: `Check it with: ${canI(review)}`,
    permission: review,
  })
}

function notConnected(label: string): RefusalError {
  return new RefusalError({
    status: 404,
    code: 'traces_not_configured',
    message: `No trace store is connected to ${label}`,
    hint: 'Name the address of Jaeger’s query API, or of Tempo’s Jaeger-compatible one, in Meshboard’s configuration: clusters[].traces.url',
  })
}
