import type { Labels, Sample, Skipped } from './samples.ts'
import { label } from './telemetry.ts'

/** Counts what could not be read, by reason, with the alphabetically first instance as example: order of arrival does not show. */
export class SkippedList {
  readonly #byReason = new Map<string, { count: number; example: string }>()

  add(reason: string, example: string, count = 1): void {
    const known = this.#byReason.get(reason)
    if (known === undefined) {
      this.#byReason.set(reason, { count, example })
      return
    }
    known.count += count
    if (example < known.example) known.example = example
  }

  /** Sorted by reason. */
  list(): readonly Skipped[] {
    return [...this.#byReason]
      .map(([reason, { count, example }]) => ({ reason, count, example }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1))
  }
}

const longestExample = 300

/** A label value fit for a sentence: at most 60 characters. */
export function shortened(value: string, longest = 60): string {
  return value.length <= longest ? value : `${value.slice(0, longest)}…`
}

/** What a person looks for first. */
const telling: readonly string[] = [label.reporter, label.protocol, label.sourceWorkload, label.destinationWorkload]

/** The example to show of several: the same one, whatever order they came in. */
export function exampleAmong(samples: readonly Sample[]): string {
  let least: readonly string[] | undefined
  let examples: string[] = []
  for (const { labels } of samples) {
    const names = telling.map((name) => labels[name] ?? '')
    const order = least === undefined ? -1 : compared(names, least)
    if (order > 0) continue
    if (order < 0) examples = []
    least = names
    examples.push(exampleOf(labels))
  }
  return examples.sort()[0] ?? ''
}

function compared(some: readonly string[], others: readonly string[]): number {
  for (const [index, one] of some.entries()) {
    const other = others[index] ?? ''
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** Labels as Prometheus would print them, the telling ones first, the rest sorted, all shortened. */
export function exampleOf(labels: Labels): string {
  const rest = Object.keys(labels).filter((name) => !telling.includes(name))
  const parts = [...telling.filter((name) => labels[name] !== undefined), ...rest.sort()].map(
    (name) => `${name}=${JSON.stringify(shortened(labels[name] ?? ''))}`,
  )
  return shortened(`{${parts.join(', ')}}`, longestExample)
}
