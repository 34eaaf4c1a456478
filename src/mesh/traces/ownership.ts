import { namespaceTags, suffixOf, traceOf } from './jaeger.ts'
import type { Span, Trace } from './trace.ts'

/** Whose spans a viewer may read. */
export interface SpanRights {
  /** Namespace → since when it is the viewer's, unix seconds. */
  readonly namespaces: ReadonlyMap<string, number>
  /** What telemetry calls the viewer's cluster; a span that names another is somebody else's. */
  readonly cluster?: string
  /** Several clusters' spans are in one store: one that names no cluster is nobody's. */
  readonly mustNameCluster: boolean
  /** Whether the namespace of somebody else's span may be told. */
  readonly tellsNamespaces: boolean
  /** Whether one's own call may say whom it called where that is somebody else. */
  readonly tellsPeers: boolean
}

/** What a caller's span may keep of a call whose other side is not told: nothing here names whom it went to. */
const ownTags = [
  'component',
  'grpc.status_code',
  'http.method',
  'http.protocol',
  'http.status_code',
  'istio.canonical_revision',
  'istio.canonical_service',
  'istio.cluster_id',
  'istio.namespace',
  'request_size',
  'response_flags',
  'response_size',
  'span.kind',
]

/**
 * A trace as a viewer may read it: somebody else's spans keep their place, their time and nothing else. `undefined` where no span is the
 * viewer's own. A span is the viewer's where everything in it that names a namespace names one of the viewer's: whoever writes spans writes
 * what he likes, so a span that contradicts itself, or names nothing, is nobody's. A call of the viewer's own that did not arrive at a span
 * of the viewer's own keeps how it went, and not whom it called: URL, host and operation of a caller's span are the callee's names.
 */
export function seenBy(trace: Trace, rights: SpanRights): Trace | undefined {
  const isOwn = trace.spans.map((span) => isOwnSpan(span, rights))
  if (!isOwn.includes(true)) return undefined
  const arrived = new Set(trace.spans.flatMap(({ parent }, index) => (isOwn[index] === true && parent ? [parent] : [])))
  return traceOf(
    trace.id,
    trace.spans.map((span, index) => {
      if (isOwn[index] !== true) return blank(span, rights)
      return span.kind !== 'client' || rights.tellsPeers || arrived.has(span.id) ? span : withoutPeer(span)
    }),
  )
}

function withoutPeer(span: Span): Span {
  const tags = Object.fromEntries(Object.entries(span.tags).filter(([name]) => ownTags.includes(name)))
  return { ...span, operation: tags['http.method'] ?? '', tags, events: [] }
}

function isOwnSpan({ service, tags, start }: Span, { namespaces, cluster, mustNameCluster }: SpanRights): boolean {
  const told = namespaceTags.flatMap((name) => {
    const value = tags[name]
    return value === undefined || value === '' ? [] : [value]
  })
  const suffix = suffixOf(service)
  const named = told.length > 0 ? told : suffix === undefined ? [] : [suffix]
  const isMine = (namespace: string): boolean => {
    const since = namespaces.get(namespace)
    return since !== undefined && start >= since
  }
  if (named.length === 0 || !named.every(isMine)) return false
  const home = tags['istio.cluster_id'] ?? tags['k8s.cluster.name']
  if (home === undefined) return !mustNameCluster
  return cluster === undefined || home === cluster
}

function blank({ id, parent, namespace, start, duration }: Span, { tellsNamespaces }: SpanRights): Span {
  return {
    id,
    ...(parent === undefined ? {} : { parent }),
    service: '',
    ...(tellsNamespaces && namespace !== undefined ? { namespace } : {}),
    operation: '',
    start,
    duration,
    isError: false,
    tags: {},
    events: [],
    isBlank: true,
  }
}
