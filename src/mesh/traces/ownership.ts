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
}

/**
 * A trace as a viewer may read it: somebody else's spans keep their place, their time and nothing else. `undefined` where no span is the
 * viewer's own. A span is the viewer's where everything in it that names a namespace names one of the viewer's: whoever writes spans writes
 * what he likes, so a span that contradicts itself, or names nothing, is nobody's.
 */
export function seenBy(trace: Trace, rights: SpanRights): Trace | undefined {
  const isOwn = trace.spans.map((span) => isOwnSpan(span, rights))
  if (!isOwn.includes(true)) return undefined
  return traceOf(
    trace.id,
    trace.spans.map((span, index) => (isOwn[index] === true ? span : blank(span, rights))),
  )
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
