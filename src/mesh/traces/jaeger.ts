import { at, listAt, numberAt, textAt } from '../config/reading.ts'
import type { Skipped } from '../samples.ts'
import { inOrder } from './order.ts'
import type { Span, SpanEvent, Trace } from './trace.ts'

export interface DecodedTraces {
  readonly traces: readonly Trace[]
  readonly skipped: readonly Skipped[]
}

/**
 * The traces in an answer of Jaeger's query API (`/api/traces`, `/api/traces/{id}`; Tempo's Jaeger-compatible API answers the same). What
 * cannot be read is counted in `skipped`; parents that are not there leave their children at the top.
 * https://www.jaegertracing.io/docs/1.76/apis/#query-json-over-http
 */
export function decodeJaeger(answer: unknown): DecodedTraces {
  let count = 0
  let example = ''
  const skip = (what: unknown): void => {
    count += 1
    example ||= JSON.stringify(what).slice(0, 200)
  }
  const traces = listAt(answer, 'data').flatMap((each): readonly Trace[] => {
    const id = textAt(each, 'traceID')
    if (id === undefined || !isId(id)) {
      skip(each)
      return []
    }
    const spans = listAt(each, 'spans').flatMap((span) => {
      const read = spanOf(span, at(each, 'processes'))
      if (read === undefined) skip(span)
      return read ?? []
    })
    return spans.length === 0 ? [] : [traceOf(id, spans)]
  })
  return {
    traces,
    skipped: count === 0 ? [] : [{ reason: 'a span or trace could not be read', count, example }],
  }
}

/** What Jaeger takes for a trace's id: up to 32 hexadecimal digits. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{1,32}$/.test(text)
}

/** A trace of these spans, in order. */
export function traceOf(id: string, spans: readonly Span[]): Trace {
  let start = Infinity
  let end = -Infinity
  for (const span of spans) {
    start = Math.min(start, span.start)
    end = Math.max(end, span.start + span.duration)
  }
  return { id, spans: inOrder(spans), start, duration: Math.max(0, end - start) }
}

function spanOf(span: unknown, processes: unknown): Span | undefined {
  const id = textAt(span, 'spanID')
  const [startUs, durationUs] = [numberAt(span, 'startTime'), numberAt(span, 'duration')]
  if (id === undefined || startUs === undefined || durationUs === undefined) return undefined
  const process = at(processes, textAt(span, 'processID') ?? '') ?? at(span, 'process')
  const tags = { ...tagsOf(listAt(process, 'tags')), ...tagsOf(listAt(span, 'tags')) }
  const service = textAt(process, 'serviceName') ?? ''
  const parent = parentOf(span)
  const namespace = namespaceOf(service, tags)
  const grpc = tags['grpc.status_code'] ?? tags['rpc.grpc.status_code']
  const http = tags['http.status_code'] ?? tags['http.response.status_code']
  const status = grpc !== undefined && grpc !== '0' ? grpc : http
  const flags = tags['response_flags']
  const kind = tags['span.kind']
  return {
    id,
    ...(parent === undefined ? {} : { parent }),
    service,
    ...(namespace === undefined ? {} : { namespace }),
    operation: textAt(span, 'operationName') ?? '',
    start: startUs / 1e6,
    duration: durationUs / 1e6,
    ...(kind === undefined ? {} : { kind: kind === 'client' || kind === 'server' ? kind : ('other' as const) }),
    isError: tags['error'] === 'true' || tags['otel.status_code'] === 'ERROR',
    ...(status === undefined ? {} : { status }),
    ...(flags === undefined || flags === '-' || flags === '' ? {} : { flags }),
    tags,
    events: listAt(span, 'logs').flatMap((log): readonly SpanEvent[] => {
      const when = numberAt(log, 'timestamp')
      if (when === undefined) return []
      const fields = Object.entries(tagsOf(listAt(log, 'fields')))
      return [{ at: when / 1e6, text: fields.map(([name, value]) => `${name}=${value}`).join(' ') }]
    }),
  }
}

function parentOf(span: unknown): string | undefined {
  const references = listAt(span, 'references')
  const parent = references.find((one) => textAt(one, 'refType') === 'CHILD_OF') ?? references[0]
  const own = textAt(span, 'traceID')
  // A link to another trace is no parent.
  if (parent !== undefined && textAt(parent, 'traceID') === own) return textAt(parent, 'spanID')
  return textAt(span, 'parentSpanID')
}

function tagsOf(tags: readonly unknown[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.flatMap((tag): readonly [string, string][] => {
      const key = textAt(tag, 'key')
      const value = at(tag, 'value')
      if (key === undefined || value === undefined || value === null) return []
      return [[key, typeof value === 'string' ? value : JSON.stringify(value)]]
    }),
  )
}

/** Envoy tells it since Istio 1.9; collectors that know Kubernetes add theirs; without either the service's name ends in it. */
export const namespaceTags = ['istio.namespace', 'k8s.namespace.name'] as const

function namespaceOf(service: string, tags: Readonly<Record<string, string>>): string | undefined {
  for (const name of namespaceTags) {
    const value = tags[name]
    if (value !== undefined && value !== '') return value
  }
  return suffixOf(service)
}

/** The namespace in `reviews.bookinfo`, as Istio names a proxy's traces (`tracingServiceName: APP_LABEL_AND_NAMESPACE`). */
export function suffixOf(service: string): string | undefined {
  return /^[^.]+\.([^.]+)$/.exec(service)?.[1]
}
