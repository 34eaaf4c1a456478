/** Label values exactly as Prometheus gives them; an absent label is an absent key. */
export type Labels = Readonly<Record<string, string>>

/** One value at one instant, in base units: per second, bytes per second, seconds. Finite, always. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** Values over time. A gap is `undefined`: not measured is not zero. */
export interface Series {
  readonly labels: Labels
  readonly points: readonly Point[]
}

export interface Point {
  /** Unix seconds. */
  readonly at: number
  readonly value: number | undefined
}

/** What could not be read, and how often: nothing is lost silently. */
export interface Skipped {
  readonly reason: string
  readonly count: number
  /** One instance, shortened, for a person to look up. */
  readonly example: string
}
