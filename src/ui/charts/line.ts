/** One thing a chart draws. */
export interface Line {
  readonly id: string
  readonly label: string
  readonly shape: 'line' | 'area' | 'bars'
  readonly ink: Ink
  /** One value for each step; a gap is `undefined`. */
  readonly values: readonly (number | undefined)[]
  /** Over the whole span; what the legend says while nothing is pointed at. */
  readonly overall: number | undefined
  /** A word at the line's end, for lines that lie apart. */
  readonly isNamedAtEnd?: boolean
  /** The same a while before, step for step. */
  readonly earlier?: Earlier
}

/** What a line was a while before. */
export interface Earlier {
  /** `1 day before`. */
  readonly label: string
  readonly values: readonly (number | undefined)[]
  readonly overall: number | undefined
}

/** Lines with what they were as lines of their own, for tables and files. */
export function withEarlier(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap(({ earlier, ...line }) =>
    earlier === undefined
      ? [line]
      : [
          line,
          {
            ...line,
            id: `${line.id} earlier`,
            label: `${line.label}, ${earlier.label}`,
            values: earlier.values,
            overall: earlier.overall,
          },
        ],
  )
}

/** Bars stand on each other, so that what they were is told of all together: a line over their tops; none where none has any. */
export function earlierTops(bars: readonly Line[]): readonly (number | undefined)[] {
  const known = bars.flatMap(({ earlier }) => (earlier === undefined ? [] : [earlier.values]))
  const steps = Math.max(0, ...known.map(({ length }) => length))
  return Array.from({ length: steps }, (_, at) =>
    known.every((values) => values[at] === undefined)
      ? undefined
      : known.reduce((sum, values) => sum + (values[at] ?? 0), 0),
  )
}

/**
 * What a line is drawn with: words for health and for ranks, never for looks. Lines without a meaning of their own are numbered;
 * number and dash pattern together tell them apart.
 */
export type Ink =
  | 'traffic'
  | 'back'
  | 'neutral'
  | 'client'
  | 'failing'
  | 'failingHatched'
  | 'failingSoft'
  | 'injected'
  | 'q50'
  | 'q90'
  | 'q95'
  | 'q99'
  | 'others'
  | Rank

export type Rank = 'rank1' | 'rank2' | 'rank3' | 'rank4' | 'rank5' | 'rank6' | 'rank7' | 'rank8' | 'rank9' | 'rank10'

const ranks: readonly Rank[] = [
  'rank1',
  'rank2',
  'rank3',
  'rank4',
  'rank5',
  'rank6',
  'rank7',
  'rank8',
  'rank9',
  'rank10',
]

/** The ink of the service at a place, from 0. */
export function rankInk(place: number): Rank {
  return ranks[place % ranks.length] ?? 'rank1'
}

const dashes: Readonly<Partial<Record<Ink, string>>> = {
  back: '5 3',
  client: '5 3',
  injected: '5 3',
  q90: '2 3',
  others: '2 3',
  rank6: '6 3',
  rank7: '6 3',
  rank8: '6 3',
  rank9: '6 3',
  rank10: '6 3',
}

/** The stroke's pattern in SVG's notation; undefined for a full line. */
export function dashOf(ink: Ink): string | undefined {
  return dashes[ink]
}

/** The colour, as a CSS value that follows the theme (Chart.module.css). */
export function colourOf(ink: Ink): string {
  return `var(--ink-${ink === 'failingHatched' ? 'failing' : ink})`
}

/** The index of the step nearest to an instant; undefined for no steps. */
export function nearestStep(times: readonly number[], at: number): number | undefined {
  const [first] = times
  const last = times.at(-1)
  if (first === undefined || last === undefined) return undefined
  if (times.length === 1) return 0
  const step = (last - first) / (times.length - 1)
  return Math.min(times.length - 1, Math.max(0, Math.round((at - first) / step)))
}
