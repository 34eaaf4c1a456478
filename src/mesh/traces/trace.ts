import type { Labels } from '../samples.ts'

/** One request's way through the mesh, as spans that contain each other. */
export interface Trace {
  readonly id: string
  /** Parents before their children, siblings by their start. */
  readonly spans: readonly Span[]
  /** Unix seconds. */
  readonly start: number
  /** Seconds, from the first start to the last end. */
  readonly duration: number
}

/** Times in seconds; what the tracer did not tell is absent. */
export interface Span {
  readonly id: string
  /** Absent: nobody called, or the caller's span is not in the trace. */
  readonly parent?: string
  /** As the tracer calls it: `reviews.bookinfo`. Empty where the span belongs to somebody else. */
  readonly service: string
  readonly namespace?: string
  readonly operation: string
  /** Unix seconds. */
  readonly start: number
  readonly duration: number
  readonly kind?: 'client' | 'server' | 'other'
  readonly isError: boolean
  /** HTTP's code, or gRPC's status where it says more. */
  readonly status?: string
  /** Envoy's response flags, absent for none. */
  readonly flags?: string
  readonly tags: Labels
  readonly events: readonly SpanEvent[]
  /** Somebody else's: only when it was, and where in the trace, is told. */
  readonly isBlank?: true
}

export interface SpanEvent {
  /** Unix seconds. */
  readonly at: number
  readonly text: string
}

/** What a list of traces says of one. */
export interface TraceSummary {
  readonly id: string
  /** Unix seconds. */
  readonly start: number
  /** Seconds. */
  readonly duration: number
  /** The first span's service and operation; absent where they are somebody else's. */
  readonly service?: string
  readonly operation?: string
  readonly spans: number
  /** Spans that failed, of those that may be seen. */
  readonly errors: number
  /** Spans that are somebody else's. */
  readonly blank: number
  /** Services that may be named, the busiest first. */
  readonly services: readonly string[]
}

/** The summary of a trace. */
export function summaryOf({ id, spans, start, duration }: Trace): TraceSummary {
  const first = spans[0]
  const counts = new Map<string, number>()
  for (const { service, isBlank } of spans) {
    if (isBlank !== true) counts.set(service, (counts.get(service) ?? 0) + 1)
  }
  return {
    id,
    start,
    duration,
    ...(first === undefined || first.isBlank === true ? {} : { service: first.service, operation: first.operation }),
    spans: spans.length,
    errors: spans.filter(({ isError }) => isError).length,
    blank: spans.filter(({ isBlank }) => isBlank === true).length,
    services: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([service]) => service),
  }
}

/** Those that failed first, then the slowest; equals by their start, the newest first. */
export function errorsFirst(traces: readonly TraceSummary[]): readonly TraceSummary[] {
  return traces.toSorted(
    (a, b) =>
      Number(b.errors > 0) - Number(a.errors > 0) ||
      b.duration - a.duration ||
      b.start - a.start ||
      (a.id < b.id ? -1 : 1),
  )
}
