import type { Labels, Skipped } from './samples.ts'
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

/** Labels as Prometheus would print them, the telling ones first, the rest sorted, all shortened. */
export function exampleOf(labels: Labels): string {
  const rest = Object.keys(labels).filter((name) => !telling.includes(name))
  const parts = [...telling.filter((name) => labels[name] !== undefined), ...rest.sort()].map(
    (name) => `${name}=${JSON.stringify(shortened(labels[name] ?? ''))}`,
  )
  return shortened(`{${parts.join(', ')}}`, longestExample)
}
