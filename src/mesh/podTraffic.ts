import { askedAs } from './clusterQueries.ts'
import { answerOf } from './panels.ts'
import type { Sample } from './samples.ts'
import { label } from './telemetry.ts'

/** What a pod's own proxy reports of the calls to it; what was not measured is absent. */
export interface PodTraffic {
  /** Requests per second. */
  readonly rate: number
  /** Share of requests that failed, 0 to 1; absent where there were none. */
  readonly errorRatio?: number
  /** Seconds. */
  readonly p95?: number
}

/** `namespace/pod` → its traffic, from the answer to the question `pods`. */
export function podTrafficOf(samples: readonly Sample[]): ReadonlyMap<string, PodTraffic> {
  const sums = new Map<string, { rate: number; errors: number }>()
  const p95s = new Map<string, number>()
  for (const { labels, value } of samples) {
    const pod = labels['pod']
    if (pod === undefined || pod === '') continue
    const key = `${labels[label.destinationNamespace] ?? ''}/${pod}`
    if (labels[askedAs] === 'p95') p95s.set(key, value)
    if (labels[askedAs] !== 'requests') continue
    const sum = sums.get(key) ?? { rate: 0, errors: 0 }
    sums.set(key, {
      rate: sum.rate + value,
      errors: sum.errors + (answerOf(labels).isError ? value : 0),
    })
  }
  return new Map(
    [...sums].map(([key, { rate, errors }]) => {
      const p95 = p95s.get(key)
      return [key, { rate, ...(rate > 0 ? { errorRatio: errors / rate } : {}), ...(p95 === undefined ? {} : { p95 }) }]
    }),
  )
}

/** Whichever is worse stands first: more errors, then slower, then busier; what was not measured comes last. */
export function byTrouble(a: Partial<PodTraffic>, b: Partial<PodTraffic>): number {
  return (b.errorRatio ?? -1) - (a.errorRatio ?? -1) || (b.p95 ?? -1) - (a.p95 ?? -1) || (b.rate ?? -1) - (a.rate ?? -1)
}
