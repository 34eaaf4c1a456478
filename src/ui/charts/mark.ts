import { xOf, type Plot } from './plot.ts'

/** Something that happened, drawn over time in every chart. */
export interface Mark {
  readonly id: string
  /** Unix seconds. */
  readonly at: number
  readonly kind: 'rollout' | 'config'
  /** In one line, with its instant. */
  readonly text: string
}

/** Marks that stand too near each other to be told apart, as one. */
export interface PlacedMarks {
  /** Pixels from the plot's left edge. */
  readonly x: number
  readonly marks: readonly Mark[]
}

/** Pixels. */
const apart = 8

/** The marks of a plot from left to right; what lies outside is not there. */
export function placedMarks(plot: Plot, marks: readonly Mark[]): readonly PlacedMarks[] {
  const placed: { readonly x: number; readonly marks: Mark[] }[] = []
  const inside = marks.filter(({ at }) => at >= plot.from && at <= plot.to).toSorted((a, b) => a.at - b.at)
  for (const mark of inside) {
    const x = xOf(plot, mark.at)
    const last = placed.at(-1)
    if (last !== undefined && x - last.x < apart) last.marks.push(mark)
    else placed.push({ x, marks: [mark] })
  }
  return placed
}

/** The marks a pointer at `x` is near enough to mean. */
export function marksNear(placed: readonly PlacedMarks[], x: number): readonly Mark[] {
  return placed.filter((each) => Math.abs(each.x - x) <= apart).flatMap(({ marks }) => marks)
}
