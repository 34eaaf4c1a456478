import type { Span, Trace } from '../../../mesh/traces/trace.ts'

/** A span as a line of the waterfall. */
export interface WaterfallRow {
  readonly span: Span
  /** Callers above it. */
  readonly depth: number
  /** Spans below it, however deep. */
  readonly below: number
  readonly isFolded: boolean
  /** Share of the trace before it began, and of its own length. */
  readonly left: number
  readonly width: number
}

/** The lines that are to be seen; what is below a folded span is left out. One walk over the spans, however many. */
export function waterfallOf({ spans, start, duration }: Trace, folded: ReadonlySet<string>): readonly WaterfallRow[] {
  const depths = new Map<string, number>()
  const below = new Map<string, number>()
  const parents = new Map(spans.map(({ id, parent }) => [id, parent]))
  for (const { id, parent } of spans) {
    const above = parent === undefined ? undefined : depths.get(parent)
    depths.set(id, above === undefined ? 0 : above + 1)
  }
  // Children stand after their parents: from the end each hands on what is below it.
  for (const { id } of spans.toReversed()) {
    const parent = parents.get(id)
    if (parent !== undefined && depths.has(parent) && (depths.get(id) ?? 0) > 0)
      below.set(parent, (below.get(parent) ?? 0) + (below.get(id) ?? 0) + 1)
  }
  const total = Math.max(duration, 1e-9)
  const rows: WaterfallRow[] = []
  let hiddenBelow = Infinity
  for (const span of spans) {
    const depth = depths.get(span.id) ?? 0
    if (depth > hiddenBelow) continue
    hiddenBelow = Infinity
    const isFolded = folded.has(span.id)
    if (isFolded) hiddenBelow = depth
    rows.push({
      span,
      depth,
      below: below.get(span.id) ?? 0,
      isFolded,
      left: (span.start - start) / total,
      width: span.duration / total,
    })
  }
  return rows
}

/** Seconds of a span in which none of its children ran. */
export function ownTimeOf(span: Span, spans: readonly Span[]): number {
  const end = span.start + span.duration
  const parts = spans
    .filter(({ parent }) => parent === span.id)
    .map((child) => [Math.max(span.start, child.start), Math.min(end, child.start + child.duration)] as const)
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0])
  let covered = 0
  let until = span.start
  for (const [from, to] of parts) {
    covered += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return Math.max(0, span.duration - covered)
}

/** The spans that no failed span is below: where failures begin. */
export function firstFailures(spans: readonly Span[]): readonly Span[] {
  const failedParents = new Set(spans.filter(({ isError }) => isError).map(({ parent }) => parent))
  return spans.filter(({ id, isError }) => isError && !failedParents.has(id))
}
