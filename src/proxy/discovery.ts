import { isObject } from '../clients/json.ts'
import { canI, proxyReview, reviewWords } from '../mesh/access.ts'
import type { ServiceConfig } from './connectionConfig.ts'
import { RefusalError } from './errors.ts'
import { serviceName } from './serviceAddress.ts'
import type { Upstream } from './upstream.ts'

/** A Service that may be the Prometheus of a mesh, and what is usually called so. */
export interface Suspect {
  readonly service: ServiceConfig
  readonly what: string
}

export interface Found {
  readonly service: ServiceConfig
  /** A sentence: which one, and why not the others. */
  readonly note: string
}

const at = (namespace: string, name: string, port: number, what: string, path = '/'): Suspect => ({
  service: { namespace, name, port, scheme: 'http', path },
  what,
})

/** Where installations put it under its usual name. */
export const usualSuspects: readonly Suspect[] = [
  // https://github.com/istio/istio/blob/master/samples/addons/prometheus.yaml
  at('istio-system', 'prometheus', 9090, 'Istio’s add-on'),
  at('cattle-monitoring-system', 'rancher-monitoring-prometheus', 9090, 'Rancher Monitoring'),
  // https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack
  at('monitoring', 'kube-prometheus-stack-prometheus', 9090, 'kube-prometheus-stack'),
  at('monitoring', 'prometheus-kube-prometheus-prometheus', 9090, 'kube-prometheus-stack'),
  at('monitoring', 'prometheus-k8s', 9090, 'kube-prometheus'),
  at('monitoring', 'prometheus-operated', 9090, 'the Prometheus operator'),
  at('prometheus', 'prometheus-operated', 9090, 'the Prometheus operator'),
  at('monitoring', 'prometheus-server', 80, 'the Prometheus chart'),
  at('prometheus', 'prometheus-server', 80, 'the Prometheus chart'),
  at('monitoring', 'thanos-query', 9090, 'Thanos Query'),
  at('thanos', 'thanos-query', 9090, 'Thanos Query'),
  at('monitoring', 'vmsingle-vmsingle', 8428, 'VictoriaMetrics'),
]

const mostSuspects = 24
const patienceSeconds = 8
const count = 'count({__name__=~"istio_requests_total|istio_tcp_sent_bytes_total"})'

/**
 * The Prometheus that holds the mesh's telemetry: the usual Services, and what a list of all Services (where it may be had) shows to be
 * one, each asked for its Istio series; the most of them win. `reach` asks a suspect. Throws `RefusalError` that names every permission
 * that was missing, or says where was looked.
 */
export async function findPrometheus(
  kubernetes: Upstream | undefined,
  reach: (suspect: Suspect) => Upstream,
): Promise<Found> {
  const listed = kubernetes === undefined ? undefined : await listedSuspects(kubernetes)
  // What the list does not hold is not there: no need to ask.
  const suspects = listed ?? usualSuspects
  const tried = await Promise.all(suspects.slice(0, mostSuspects).map((suspect) => tryOne(suspect, reach(suspect))))
  const answering = tried.filter((each) => each.kind === 'answers').sort((a, b) => b.series - a.series)
  const [best] = answering
  if (best !== undefined) return { service: best.suspect.service, note: noteOf(answering) }
  const refused = tried.filter((each) => each.kind === 'forbidden')
  throw refused.length > 0
    ? notAllowed(refused.map(({ suspect }) => suspect.service))
    : notFound(
        suspects,
        tried.flatMap((each) => (each.kind === 'silent' ? [`${words(each.suspect)}: ${each.why}`] : [])),
      )
}

type Tried =
  | { readonly kind: 'answers'; readonly suspect: Suspect; readonly series: number }
  | { readonly kind: 'forbidden'; readonly suspect: Suspect }
  | { readonly kind: 'silent'; readonly suspect: Suspect; readonly why: string }
  | { readonly kind: 'absent' }

async function tryOne(suspect: Suspect, ask: Upstream): Promise<Tried> {
  try {
    const form = new URLSearchParams({ query: count })
    const { status, json } = await ask({ path: 'api/v1/query', form, timeoutSeconds: patienceSeconds })
    const data = isObject(json) && json['status'] === 'success' && isObject(json['data']) ? json['data'] : undefined
    if (status !== 200 || data === undefined) return { kind: 'silent', suspect, why: `HTTP status ${status}` }
    return { kind: 'answers', suspect, series: seriesOf(data['result']) }
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    const { code, message } = error.refusal
    if (code === 'service_permission') return { kind: 'forbidden', suspect }
    if (code === 'service_not_found' || /host name is not known/.test(message)) return { kind: 'absent' }
    return { kind: 'silent', suspect, why: message }
  }
}

function seriesOf(result: unknown): number {
  const first: unknown = Array.isArray(result) ? result[0] : undefined
  const value: unknown = isObject(first) && Array.isArray(first['value']) ? first['value'][1] : undefined
  return typeof value === 'string' ? Number(value) : 0
}

function noteOf(answering: readonly Extract<Tried, { kind: 'answers' }>[]): string {
  const [best, ...others] = answering
  if (best === undefined) return ''
  const has = best.series > 0 ? `holds ${best.series} Istio series` : 'holds no Istio series yet'
  if (others.length === 0) return `${words(best.suspect)}: ${has}`
  const rest = others.map(({ suspect, series }) => `${words(suspect)} (${series})`).join(', ')
  const why = best.series > 0 ? `${has}, the most of those found` : `${has}; nor do the others`
  return `${words(best.suspect)}: ${why}; also there: ${rest}`
}

function words({ service, what }: Suspect): string {
  return `${what}, ${serviceName(service)} in ${service.namespace}`
}

/** Undefined where the Services of all namespaces may not be listed. */
async function listedSuspects(kubernetes: Upstream): Promise<readonly Suspect[] | undefined> {
  const { status, json } = await kubernetes({
    path: 'api/v1/services',
    query: new URLSearchParams({ limit: '5000' }),
    timeoutSeconds: 20,
  })
  const items: unknown = isObject(json) ? json['items'] : undefined
  if (status !== 200 || !Array.isArray(items)) return undefined
  return items.flatMap((item: unknown) => suspectOf(item) ?? []).sort((a, b) => rank(a) - rank(b))
}

function rank({ service }: Suspect): number {
  const index = usualSuspects.findIndex(
    (usual) => usual.service.name === service.name && usual.service.namespace === service.namespace,
  )
  return index === -1 ? usualSuspects.length : index
}

/** By name and by the label of Kubernetes' own recommendation, with the port that serves queries. */
function suspectOf(item: unknown): Suspect | undefined {
  const metadata = isObject(item) && isObject(item['metadata']) ? item['metadata'] : {}
  const spec = isObject(item) && isObject(item['spec']) ? item['spec'] : {}
  const { name, namespace, labels } = metadata
  if (typeof name !== 'string' || typeof namespace !== 'string') return undefined
  const usual = usualSuspects.find(({ service }) => service.name === name && service.namespace === namespace)
  const label = isObject(labels) ? (labels['app.kubernetes.io/name'] ?? labels['app']) : undefined
  const kind = kinds.find(({ names, labelled }) => names.test(name) || labelled.includes(String(label)))
  if (kind === undefined) return usual
  const ports: readonly unknown[] = Array.isArray(spec['ports']) ? spec['ports'] : []
  const numbers = ports.flatMap((port) => (isObject(port) && typeof port['port'] === 'number' ? [port['port']] : []))
  const port = kind.ports.find((each) => numbers.includes(each))
  if (port === undefined) return undefined
  return at(namespace, name, port, usual?.what ?? kind.what, kind.path)
}

interface Kind {
  readonly names: RegExp
  readonly labelled: readonly string[]
  /** Those that serve queries, the likeliest first. */
  readonly ports: readonly number[]
  readonly what: string
  readonly path: string
}

const kinds: readonly Kind[] = [
  {
    names: /^vmselect/,
    labelled: ['vmselect'],
    ports: [8481],
    what: 'VictoriaMetrics',
    // https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#url-format
    path: '/select/0/prometheus',
  },
  {
    names: /^vmsingle|^victoria-metrics/,
    labelled: ['vmsingle', 'victoria-metrics-single'],
    ports: [8428, 8429],
    what: 'VictoriaMetrics',
    path: '/',
  },
  {
    names: /^thanos-query|-thanos-query/,
    labelled: ['thanos-query', 'thanos-query-frontend'],
    ports: [9090, 10902, 80],
    what: 'Thanos Query',
    path: '/',
  },
  {
    names: /^prometheus$|^prometheus-(server|operated|k8s)$|-prometheus(-server)?$/,
    labelled: ['prometheus'],
    ports: [9090, 80],
    what: 'Prometheus',
    path: '/',
  },
]

function notAllowed(services: readonly ServiceConfig[]): RefusalError {
  const reviews = services.slice(0, 5).map((service) => proxyReview(service.namespace, serviceName(service), 'get'))
  const [first] = reviews
  return new RefusalError({
    status: 502,
    code: 'prometheus_permission',
    message: `Prometheus is asked through the API server, which refuses: it takes the permission to ${reviews.map(reviewWords).join(', or to ')}`,
    hint: `Check it with: ${reviews.map(canI).join(' ; ')}. Or give the address of a Prometheus you may reach`,
    ...(first === undefined ? {} : { permission: first }),
  })
}

function notFound(suspects: readonly Suspect[], silent: readonly string[]): RefusalError {
  const looked = suspects.slice(0, 12).map(words).join('; ')
  return new RefusalError({
    status: 502,
    code: 'prometheus_not_found',
    message:
      silent.length > 0
        ? `No Prometheus answers. ${silent.join('. ')}`
        : `No Prometheus was found. Looked for: ${looked === '' ? 'Services called or labelled prometheus, thanos-query, vmsingle or vmselect' : looked}`,
    hint: 'Give its address: --prometheus-url, or prometheus.url or prometheus.service in the configuration',
  })
}
