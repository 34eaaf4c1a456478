import type { GraphEdge, GraphNode, MeshGraph } from '../graph.ts'
import type { Span, Trace } from './trace.ts'

/** All calls of a trace from one app to another, on the graph's own edge where it has one. */
export interface TracedCalls {
  /** Ids of the graph's nodes. */
  readonly source: string
  readonly target: string
  /** Absent: the graph knows both ends, and no call between them. */
  readonly edge?: GraphEdge
  /** The callees' spans in order; the caller's where the callee's proxy told nothing, or only the caller saw the call fail. */
  readonly spans: readonly Span[]
  readonly failed: number
  /** Seconds of the one that took longest. */
  readonly longest: number
}

/** A trace laid over a graph of apps. */
export interface Overlay {
  /** Ids of the nodes it went through. */
  readonly nodes: ReadonlySet<string>
  readonly calls: readonly TracedCalls[]
  /** Spans of apps that are not in the graph. */
  readonly elsewhere: number
}

/**
 * Where a trace ran in a graph of apps: a span whose caller's span is another app's is a call from there; a caller's span that nobody
 * answered with one of their own is a call to the app that its proxy names. Somebody else's blank spans are nowhere.
 */
export function overlayOf({ spans }: Trace, graph: MeshGraph): Overlay {
  const nodeOf = appsIn(graph)
  const edges = new Map(graph.edges.map((edge) => [pairKey(edge.source, edge.target), edge]))
  const byId = new Map(spans.map((span) => [span.id, span]))
  const answered = new Set(spans.flatMap(({ parent }) => parent ?? []))
  const nodes = new Set<string>()
  const calls = new Map<string, { source: string; target: string; spans: Span[] }>()
  let elsewhere = 0
  const add = (source: string | undefined, target: string | undefined, span: Span): void => {
    if (source === undefined || target === undefined || source === target) return
    nodes.add(target)
    const key = pairKey(source, target)
    const known = calls.get(key)
    if (known === undefined) calls.set(key, { source, target, spans: [span] })
    else known.spans.push(span)
  }
  for (const span of spans) {
    if (span.isBlank === true) continue
    const own = nodeOf(appOf(span))
    if (own === undefined) elsewhere += 1
    else nodes.add(own)
    const parent = span.parent === undefined ? undefined : byId.get(span.parent)
    if (parent !== undefined && parent.isBlank !== true) {
      const onlyCallerFailed = parent.kind === 'client' && parent.isError && !span.isError
      add(nodeOf(appOf(parent)), own, onlyCallerFailed ? parent : span)
    }
    if (span.kind === 'client' && !answered.has(span.id)) add(own, nodeOf(calledBy(span)), span)
  }
  return {
    nodes,
    elsewhere,
    calls: [...calls.values()].map(({ source, target, spans: own }) => {
      const edge = edges.get(pairKey(source, target))
      return {
        source,
        target,
        ...(edge === undefined ? {} : { edge }),
        spans: own,
        failed: own.filter(({ isError }) => isError).length,
        longest: Math.max(...own.map(({ duration }) => duration)),
      }
    }),
  }
}

/** An app by its namespace and name. */
interface App {
  readonly namespace: string
  readonly name: string
}

function appsIn({ nodes }: MeshGraph): (app: App | undefined) => string | undefined {
  // Requests that reached nobody stand at a service of the app's own name: the app goes before it.
  const services = nodes.filter(({ kind }) => kind === 'service')
  const apps = nodes.filter(({ kind }) => kind !== 'service')
  const ids = new Map(
    [...services, ...apps].flatMap((node) => nameOf(node).map((name) => [`${node.namespace}/${name}`, node.id])),
  )
  return (app) => (app === undefined ? undefined : ids.get(`${app.namespace}/${app.name}`))
}

/** An app may be called by the service before it, where nobody answers for it. */
function nameOf({ kind, app, workload, service }: GraphNode): readonly string[] {
  if (kind === 'service') return service === undefined ? [] : [service]
  return [app ?? workload ?? []].flat()
}

/** Istio calls a proxy's spans by app and namespace, or by the canonical name alone. */
function appOf({ service, namespace }: Span): App | undefined {
  if (namespace === undefined || service === '') return undefined
  const suffix = `.${namespace}`
  return { namespace, name: service.endsWith(suffix) ? service.slice(0, -suffix.length) : service }
}

/** `outbound|9080|v1|reviews.bookinfo.svc.cluster.local`: https://istio.io/latest/docs/ops/diagnostic-tools/proxy-cmd/ */
function calledBy({ tags }: Span): App | undefined {
  const [, name, namespace] = /\|([^|.]+)\.([^|.]+)\.svc\.[^|]*$/.exec(tags['upstream_cluster'] ?? '') ?? []
  return name === undefined || namespace === undefined ? undefined : { namespace, name }
}

function pairKey(source: string, target: string): string {
  return `${source}>${target}`
}
