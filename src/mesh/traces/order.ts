import type { Span } from './trace.ts'

/**
 * The spans with every parent before its children and siblings by their start. A parent that is not there leaves its child at the top; so
 * does a ring of parents, where it is entered first. Takes no recursion: a trace may be thousands of calls deep.
 */
export function inOrder(spans: readonly Span[]): readonly Span[] {
  const byId = new Map(spans.map((span) => [span.id, span]))
  const children = new Map<string, Span[]>()
  const tops: Span[] = []
  for (const span of spans) {
    if (span.parent === undefined || span.parent === span.id || !byId.has(span.parent)) tops.push(span)
    else {
      const siblings = children.get(span.parent)
      if (siblings === undefined) children.set(span.parent, [span])
      else siblings.push(span)
    }
  }
  const byStart = (a: Span, b: Span) => b.start - a.start || (a.id < b.id ? 1 : -1)
  const ordered: Span[] = []
  const seen = new Set<Span>()
  const walk = (from: readonly Span[]): void => {
    const stack = [...from].sort(byStart)
    for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
      if (seen.has(span)) continue
      seen.add(span)
      ordered.push(span)
      for (const child of (children.get(span.id) ?? []).sort(byStart)) stack.push(child)
    }
  }
  walk(tops)
  for (const span of [...spans].sort((a, b) => -byStart(a, b))) if (!seen.has(span)) walk([span])
  return ordered
}
