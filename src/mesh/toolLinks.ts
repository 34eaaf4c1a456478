import type { ToolName } from './tools.ts'

/** What a link into a tool is about. */
export type ToolSubject =
  | { readonly kind: 'graph'; readonly namespaces: readonly string[] }
  | { readonly kind: 'workload' | 'app' | 'service'; readonly namespace: string; readonly name: string }

/** The span a link asks for, both in unix seconds; `isLive`: it ends now and moves on. */
export interface ToolSpan {
  readonly from: number
  readonly to: number
  readonly isLive: boolean
}

export interface ToolQuestion {
  readonly subject: ToolSubject
  readonly span: ToolSpan
  /** What Prometheus and Grafana are to draw. */
  readonly promql?: string
}

/**
 * Where in a tool the same thing at the same time is shown. `base` is the tool's own root, ending in a slash. Every value is encoded for
 * the place where it stands, whatever it holds.
 */
export function toolLink(tool: ToolName, base: string, question: ToolQuestion): string {
  const root = base.endsWith('/') ? base : `${base}/`
  switch (tool) {
    case 'kiali':
      return kialiLink(root, question)
    case 'grafana':
      return grafanaLink(root, question)
    case 'jaeger':
      return jaegerLink(root, question)
    case 'prometheus':
      return prometheusLink(root, question)
  }
}

/** Whether a link can carry the span: Kiali knows only spans that end now. */
export function carriesSpan(tool: ToolName, { isLive }: ToolSpan): boolean {
  return tool !== 'kiali' || isLive
}

/** The spans that Kiali's own picker offers, in seconds. */
const kialiSpans = [60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000]

/** Routes: https://github.com/kiali/kiali/blob/master/frontend/src/routes.tsx */
function kialiLink(root: string, { subject, span }: ToolQuestion): string {
  const seconds = span.to - span.from
  const duration = String(kialiSpans.find((each) => each >= seconds) ?? kialiSpans.at(-1) ?? 3600)
  if (subject.kind === 'graph') {
    const namespaces = subject.namespaces.length === 0 ? {} : { namespaces: subject.namespaces.join(',') }
    const query = queryOf({ ...namespaces, duration, graphType: 'versionedApp' })
    return `${root}console/graph/namespaces?${query}`
  }
  const plural = { workload: 'workloads', app: 'applications', service: 'services' }[subject.kind]
  const path = `console/namespaces/${encoded(subject.namespace)}/${plural}/${encoded(subject.name)}`
  return `${root}${path}?${queryOf({ duration, tab: 'info' })}`
}

/**
 * The dashboards that Istio publishes keep their ids over its versions (manifests/addons/dashboards); a question with an expression goes
 * to Explore, whose older form of address newer versions translate. https://grafana.com/docs/grafana/latest/explore/
 */
function grafanaLink(root: string, { subject, span, promql }: ToolQuestion): string {
  const [from, to] = span.isLive
    ? [`now-${span.to - span.from}s`, 'now']
    : [String(Math.round(span.from * 1000)), String(Math.round(span.to * 1000))]
  if (promql !== undefined) {
    const left = { datasource: 'Prometheus', queries: [{ refId: 'A', expr: promql }], range: { from, to } }
    return `${root}explore?${queryOf({ left: JSON.stringify(left) })}`
  }
  if (subject.kind === 'service') {
    const service = `${subject.name}.${subject.namespace}.svc.cluster.local`
    const query = queryOf({ 'var-service': service, from, to })
    return `${root}d/LJ_uJAvmk/istio-service-dashboard?${query}`
  }
  if (subject.kind === 'workload') {
    const query = queryOf({ 'var-namespace': subject.namespace, 'var-workload': subject.name, from, to })
    return `${root}d/UbsSZTDik/istio-workload-dashboard?${query}`
  }
  return `${root}d/G8wLrJIZk/istio-mesh-dashboard?${queryOf({ from, to })}`
}

/**
 * Istio names a proxy's traces `app.namespace` (`tracingServiceName: APP_LABEL_AND_NAMESPACE`, its default); times are microseconds.
 * https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
function jaegerLink(root: string, { subject, span }: ToolQuestion): string {
  const service = subject.kind === 'graph' ? {} : { service: `${subject.name}.${subject.namespace}` }
  const query = queryOf({
    ...service,
    start: String(Math.round(span.from * 1e6)),
    end: String(Math.round(span.to * 1e6)),
    lookback: 'custom',
    limit: '20',
  })
  return `${root}search?${query}`
}

/** Prometheus 3 sends `/graph` on to its new page with the same words. https://prometheus.io/docs/visualization/browser/ */
function prometheusLink(root: string, { span, promql }: ToolQuestion): string {
  const expression = promql ?? 'sum by (destination_service_name) (rate(istio_requests_total{reporter="source"}[1m]))'
  const end = span.isLive
    ? {}
    : { 'g0.end_input': new Date(span.to * 1000).toISOString().slice(0, 19).replace('T', ' ') }
  const query = queryOf({
    'g0.expr': expression,
    'g0.tab': '0',
    'g0.range_input': `${Math.max(1, Math.round(span.to - span.from))}s`,
    ...end,
  })
  return `${root}graph?${query}`
}

function queryOf(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&')
}

/** `encodeURIComponent` throws on half a character, which a label may hold. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
