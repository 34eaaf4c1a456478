import type { TraceSummary } from '../../../mesh/traces/trace.ts'

/** A trace's place on a drawing of unit width and height, (0, 0) at the bottom left. */
export interface TracePoint {
  readonly trace: TraceSummary
  readonly x: number
  readonly y: number
}

export interface Scatter {
  readonly points: readonly TracePoint[]
  /** Round durations (seconds) with their heights. */
  readonly lines: readonly { readonly seconds: number; readonly y: number }[]
}

/** Durations over time on a logarithmic scale from one power of ten to another: a slow trace hides no fast ones. */
export function scatterOf(
  traces: readonly TraceSummary[],
  { from, to }: { readonly from: number; readonly to: number },
): Scatter {
  const log = (seconds: number) => Math.log10(Math.max(1e-6, seconds))
  const logs = traces.map(({ duration }) => log(duration))
  if (logs.length === 0) return { points: [], lines: [] }
  const low = Math.floor(logs.reduce((least, each) => Math.min(least, each)))
  const high = Math.max(low + 1, Math.ceil(logs.reduce((most, each) => Math.max(most, each))))
  const span = Math.max(1, to - from)
  return {
    points: traces.map((trace) => ({
      trace,
      x: Math.min(1, Math.max(0, (trace.start - from) / span)),
      y: (log(trace.duration) - low) / (high - low),
    })),
    lines: Array.from({ length: high - low + 1 }, (_, index) => ({
      seconds: 10 ** (low + index),
      y: index / (high - low),
    })),
  }
}
