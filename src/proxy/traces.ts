import { isObject, stringsOf } from '../clients/json.ts'
import type { TraceAnswer, TracesAnswer } from '../clients/traces/wire.ts'
import type { Window } from '../mesh/scope.ts'
import { decodeJaeger, isId, suffixOf } from '../mesh/traces/jaeger.ts'
import { type SpanRights, seenBy } from '../mesh/traces/ownership.ts'
import { errorsFirst, summaryOf, type Trace } from '../mesh/traces/trace.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { RefusalError } from './errors.ts'
import { OwnParameters, invalid, shown } from './ownParameters.ts'
import { readScope } from './parameters.ts'
import { type ScopeRules, resolveScope, seesEverything } from './scope.ts'
import { type TraceStore, traceStoreFor } from './traceStore.ts'
import type { UpstreamAnswer } from './upstream.ts'
import type { Viewer } from './viewer.ts'

export interface TracesRequest {
  readonly viewer: Viewer
  readonly rules: ScopeRules
  /** Unix seconds. */
  readonly now: number
  readonly signal?: AbortSignal | undefined
}

/** The store answers for one service at a time. */
const mostServices = 12
/** Traces of one answer, shared by the services, and as many that failed. */
const mostTraces = 240

/**
 * What `GET /api/clusters/:cluster/traces` answers: summaries of the traces that touch some apps of a namespace, or all of some namespaces,
 * in a window, errors first. Only what touches a namespace of the viewer's is told, and of the other spans no more than how many there are.
 * Throws `RefusalError`.
 */
export async function searchTraces(
  doors: ClusterDoors,
  parameters: URLSearchParams,
  request: TracesRequest,
): Promise<TracesAnswer> {
  const { viewer, rules, now, signal } = request
  const own = new OwnParameters(parameters)
  const { scope: asked, window } = readScope(own, now)
  const apps = appsOf(own.take('apps'))
  own.refuseTheRest('traces')
  if (apps.length > 0 && (asked.kind !== 'namespaces' || asked.namespaces.length !== 1))
    throw invalid('apps', 'takes one namespace beside it')

  const store = await traceStoreFor(viewer, doors)
  const { scope, notes, peersNote } = await resolveScope(asked, viewer, doors, rules, signal)
  if (scope.namespaces !== 'all' && scope.namespaces.length === 0)
    return { traces: [], services: [], isCut: false, notes }
  const [rights, known] = await Promise.all([rightsOf(doors, request), servicesIn(store, signal)])
  const wanted = known.filter((service) => isAskedFor(service, scope.namespaces, apps)).sort()
  const services = wanted.slice(0, mostServices)
  const limit = Math.ceil(mostTraces / Math.max(1, services.length))
  const answers = await Promise.all(
    services.flatMap((service) =>
      [{}, { tags: '{"error":"true"}' }].map((only) => tracesOf(store, { service, window, limit, only }, signal)),
    ),
  )
  const found = new Map<string, Trace>()
  for (const { traces } of answers) for (const trace of traces) found.set(trace.id, trace)
  const seen = [...found.values()].flatMap((trace) => (rights === undefined ? trace : (seenBy(trace, rights) ?? [])))
  const traces = errorsFirst(seen.map(summaryOf))
  const told = new Set(traces.flatMap((each) => each.services))
  return {
    traces,
    // A name in the store may be anybody's, whatever it ends in: to a member it is told once a span proves it.
    services: rights === undefined ? services : services.filter((service) => told.has(service)),
    isCut: answers.some(({ traces }) => traces.length >= limit),
    notes: [
      ...notes.filter((note) => note !== peersNote),
      ...(wanted.length > services.length
        ? [
            `Of ${wanted.length} services the first ${services.length} were asked for; a service’s or workload’s own page asks for all of its traces`,
          ]
        : []),
      ...skippedNote(answers.reduce((sum, { skipped }) => sum + skipped, 0)),
      ...(rights === undefined ? [] : [blankNote]),
    ],
  }
}

/**
 * What `GET /api/clusters/:cluster/traces/:id` answers: one trace, other teams' spans blank. A trace that touches nothing of the viewer's
 * is not there, in the very words of one that does not exist.
 */
export async function oneTrace(doors: ClusterDoors, id: string, request: TracesRequest): Promise<TraceAnswer> {
  if (!isId(id)) throw invalid('trace', `"${shown(id)}" is not a trace's id: up to 32 hexadecimal digits`)
  const { viewer, signal } = request
  const store = await traceStoreFor(viewer, doors)
  const rights = await rightsOf(doors, request)
  const answer = await store(`api/traces/${id}`, undefined, signal)
  if (answer.status === 404) throw noTrace(id)
  const { traces, skipped } = decoded(answer)
  const trace = traces.find((each) => each.id.replace(/^0+/, '') === id.replace(/^0+/, ''))
  const seen = trace === undefined || rights === undefined ? trace : seenBy(trace, rights)
  if (seen === undefined) throw noTrace(id)
  const isBlanked = seen.spans.some(({ isBlank }) => isBlank === true)
  return { trace: seen, notes: [...skippedNote(skipped), ...(isBlanked ? [blankNote] : [])] }
}

const blankNote = 'Other teams’ spans are blank: of them only when they were is shown'

function skippedNote(skipped: number): readonly string[] {
  return skipped === 0 ? [] : [`${skipped} spans could not be read`]
}

/** Whose spans the viewer may read; undefined: everybody's. */
async function rightsOf(
  doors: ClusterDoors,
  { viewer, rules, signal }: TracesRequest,
): Promise<SpanRights | undefined> {
  const { credentials } = viewer
  if (credentials === undefined || (await seesEverything(credentials, doors))) return undefined
  const { scope } = await resolveScope({ kind: 'all' }, viewer, doors, rules, signal)
  const { candidates, cluster, isTraceStoreShared } = doors
  if (isTraceStoreShared && cluster.istioCluster === undefined) throw noClusterName(cluster.label)
  if (scope.namespaces === 'all' || candidates === undefined) throw new Error('a member sees every namespace')
  // Telemetry says `unknown` where it does not know: it is nobody's.
  const names = scope.namespaces.filter((name) => name !== 'unknown' && name !== '')
  const ages = await Promise.all(names.map((name) => candidates.createdAt(credentials, name)))
  return {
    namespaces: new Map(
      names.flatMap((name, index): readonly [string, number][] => {
        const since = ages[index]
        return since === undefined ? [] : [[name, since]]
      }),
    ),
    ...(cluster.istioCluster === undefined ? {} : { cluster: cluster.istioCluster }),
    mustNameCluster: isTraceStoreShared,
    tellsNamespaces: scope.peers !== 'hide',
    tellsPeers: scope.peers === 'full',
  }
}

function appsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const apps = [...new Set(text.split(','))]
  if (apps.length > mostServices) throw invalid('apps', `more than ${mostServices}`)
  for (const app of apps) {
    if (!/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9])?$/.test(app))
      throw invalid('apps', `"${shown(app)}" is not the name of an app`)
  }
  return apps
}

/** Istio's proxies call themselves `app.namespace`; what instruments itself may leave out the namespace. */
function isAskedFor(service: string, namespaces: readonly string[] | 'all', apps: readonly string[]): boolean {
  if (namespaces === 'all') return true
  const suffix = suffixOf(service)
  if (apps.length === 0) return suffix !== undefined && namespaces.includes(suffix)
  return apps.some((app) => service === app || namespaces.some((namespace) => service === `${app}.${namespace}`))
}

async function servicesIn(store: TraceStore, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const answer = await store('api/services', undefined, signal)
  if (answer.status >= 400) throw refusedBy(answer)
  const data = isObject(answer.json) ? answer.json['data'] : undefined
  // Jaeger that holds nothing yet says null.
  if (data === null) return []
  if (!Array.isArray(data)) throw notJaeger()
  return stringsOf(data)
}

interface Search {
  readonly service: string
  readonly window: Window
  readonly limit: number
  readonly only: { readonly tags?: string }
}

async function tracesOf(
  store: TraceStore,
  { service, window, limit, only }: Search,
  signal: AbortSignal | undefined,
): Promise<{ readonly traces: readonly Trace[]; readonly skipped: number }> {
  const query = new URLSearchParams({
    service,
    start: `${Math.round((window.at - window.seconds) * 1e6)}`,
    end: `${Math.round(window.at * 1e6)}`,
    limit: `${limit}`,
    ...only,
  })
  return decoded(await store('api/traces', query, signal))
}

function decoded(answer: UpstreamAnswer): { readonly traces: readonly Trace[]; readonly skipped: number } {
  if (answer.status >= 400) throw refusedBy(answer)
  const data = isObject(answer.json) ? answer.json['data'] : undefined
  if (data === null) return { traces: [], skipped: 0 }
  if (!Array.isArray(data)) throw notJaeger()
  const { traces, skipped } = decodeJaeger(answer.json)
  return { traces, skipped: skipped.reduce((sum, { count }) => sum + count, 0) }
}

/** The store's own words may hold anybody's names: its status alone is told. */
function refusedBy({ status }: UpstreamAnswer): RefusalError {
  const isOurs = status === 401 || status === 403
  return new RefusalError({
    status: 502,
    code: isOurs ? 'traces_credentials' : 'traces_failed',
    message: isOurs
      ? `The trace store refused the configured credentials (HTTP status ${status})`
      : `The trace store failed on the question (HTTP status ${status})`,
    hint: isOurs ? 'Check the headers configured for it' : 'Ask for a shorter window, or look at its own log',
  })
}

function noClusterName(label: string): RefusalError {
  return new RefusalError({
    status: 403,
    code: 'cluster_matcher_missing',
    message: `The trace store of ${label} holds other clusters too, and nothing tells them apart: only viewers of every namespace may ask it`,
    hint: 'Ask whoever runs Meshboard to configure istioCluster of this cluster',
  })
}

function notJaeger(): RefusalError {
  return new RefusalError({
    status: 502,
    code: 'upstream_not_jaeger',
    message: 'The trace store answered with JSON that is not Jaeger’s query API',
    hint: 'clusters[].traces.url is the root of Jaeger’s query service (with its base path), or of Tempo’s Jaeger-compatible one',
  })
}

function noTrace(id: string): RefusalError {
  return new RefusalError({
    status: 404,
    code: 'trace_not_found',
    message: `There is no trace ${id} that you may see`,
    hint: 'The store keeps traces for some time only; one that touches none of your namespaces is not shown',
  })
}
