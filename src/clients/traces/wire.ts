import type { Trace, TraceSummary } from '../../mesh/traces/trace.ts'

/** `GET /api/clusters/:cluster/traces`. */
export interface TracesAnswer {
  readonly traces: readonly TraceSummary[]
  /** What the trace store calls the services that were asked about. */
  readonly services: readonly string[]
  /** There are more than were read. */
  readonly isCut: boolean
  /** Sentences for a person: what was left out, and why. */
  readonly notes: readonly string[]
}

/** `GET /api/clusters/:cluster/traces/:id`. */
export interface TraceAnswer {
  readonly trace: Trace
  readonly notes: readonly string[]
}
