import type { Line } from './line.ts'

/** The hidden lines with that one put out of the chart, or back into it. */
export function toggled(hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(hidden)
  if (!next.delete(id)) next.add(id)
  return next
}

/** Only that line; all of them, where it already stood alone. */
export function isolated(lines: readonly Line[], hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const others = lines.filter((line) => line.id !== id).map((line) => line.id)
  const isAlone = !hidden.has(id) && others.every((other) => hidden.has(other))
  return new Set(isAlone ? [] : others)
}
