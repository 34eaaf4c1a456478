import { entries, Journeys, reachOf, slotSeconds } from './journeys.ts'
import type { Attribute, DemoSpan, DemoTrace } from './span.ts'

export interface JaegerAnswer {
  readonly status: number
  readonly body: unknown
}

/** Seconds that the demo's tracer remembers. */
const kept = 6 * 3600

/**
 * The answers of Jaeger's query API about the demo's requests, in its own shapes and errors: services, a search by service, a trace.
 * A stand-in: `npm run test:jaeger` sends the same spans to a real Jaeger and compares.
 */
export function jaegerAnswers(seed: number): (path: string, query: URLSearchParams, now: number) => JaegerAnswer {
  const journeys = new Journeys(seed)
  const services = servicesOf()
  return (path, query, now) => {
    if (path === 'api/services') return page([...services].sort())
    const id = /^api\/traces\/([^/]+)$/.exec(path)?.[1]
    if (id !== undefined) {
      const trace = journeys.find(id.padStart(32, '0'))
      return trace === undefined ? failed(404, 'trace not found') : page([wireOf(trace)])
    }
    if (path !== 'api/traces') return failed(404, 'there is no such answer')
    const service = query.get('service')
    if (service === null || service === '') return failed(400, "parameter 'service' is required")
    const limit = Number(query.get('limit') ?? '100')
    const end = Math.min(now, Number(query.get('end') ?? now * 1e6) / 1e6)
    const start = Math.max(now - kept, Number(query.get('start') ?? 0) / 1e6)
    const isOnlyErrors = query.get('tags')?.includes('"error":"true"') === true
    return page(search(journeys, { service, start, end, limit, isOnlyErrors }).map(wireOf))
  }
}

interface Search {
  readonly service: string
  readonly start: number
  readonly end: number
  readonly limit: number
  readonly isOnlyErrors: boolean
}

/** The newest first. */
function search(journeys: Journeys, { service, start, end, limit, isOnlyErrors }: Search): readonly DemoTrace[] {
  const ways = entries.flatMap((entry, index) =>
    [...(reachOf.get(entry) ?? [])].some(({ app, namespace }) => `${app}.${namespace}` === service) ? [index] : [],
  )
  const found: DemoTrace[] = []
  for (let slot = Math.floor(end / slotSeconds); slot >= Math.floor(start / slotSeconds); slot--) {
    for (const way of ways) {
      const trace = journeys.traceAt(way, slot)
      const own = trace?.spans.filter((span) => span.service === service) ?? []
      if (trace === undefined || own.length === 0) continue
      if (!own.some(({ startUs }) => startUs >= start * 1e6 && startUs <= end * 1e6)) continue
      if (isOnlyErrors && !own.some(({ isError }) => isError)) continue
      found.push(trace)
      if (found.length >= limit) return found
    }
  }
  return found
}

function servicesOf(): ReadonlySet<string> {
  const all = [...reachOf.values()].flatMap((workloads) => [...workloads])
  return new Set(
    all
      .filter(({ proxy }) => proxy === 'sidecar' || proxy === 'gateway' || proxy === 'waypoint')
      .map(({ app, namespace }) => `${app}.${namespace}`),
  )
}

const page = (data: readonly unknown[]): JaegerAnswer => ({
  status: 200,
  body: { data, total: data.length, limit: 0, offset: 0, errors: null },
})

const failed = (code: number, msg: string): JaegerAnswer => ({
  status: code,
  body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] },
})

/** https://github.com/jaegertracing/jaeger-idl: model/v1 as JSON, with processes said once. */
function wireOf({ id, spans }: DemoTrace): unknown {
  const services = [...new Set(spans.map(({ service }) => service))]
  return {
    traceID: id,
    spans: spans.map((span) => spanOf(id, span, `p${services.indexOf(span.service) + 1}`)),
    processes: Object.fromEntries(services.map((serviceName, index) => [`p${index + 1}`, { serviceName, tags: [] }])),
    warnings: null,
  }
}

function spanOf(traceID: string, span: DemoSpan, processID: string): unknown {
  return {
    traceID,
    spanID: span.id,
    operationName: span.operation,
    references: span.parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: span.parent }],
    startTime: span.startUs,
    duration: span.durationUs,
    tags: [
      ...Object.entries(span.attributes).map(([key, value]) => tagOf(key, value)),
      tagOf('span.kind', span.kind),
      ...(span.isError ? [tagOf('otel.status_code', 'ERROR'), tagOf('error', true)] : []),
    ],
    logs: [],
    processID,
    warnings: null,
  }
}

function tagOf(key: string, value: Attribute): unknown {
  const type = typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : 'int64'
  return { key, type, value }
}
