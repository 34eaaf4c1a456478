/** A vertical scale: where its ends are and which values are named. */
export interface Scale {
  readonly kind: 'linear' | 'log'
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
}

/** Smaller than this is nothing, to an axis. */
const least = 1e-12

/** A scale from 0 that holds all values, its end a round number; 0 to 1 where there are none. */
export function scaleFromZero(values: Iterable<number | undefined>, isWhole = false): Scale {
  const [, most] = extent(values)
  return upTo(most !== undefined && most > least ? most : 1, isWhole)
}

/** A scale from 0 for bytes: its ticks are round numbers of KiB, MiB and so on. */
export function scaleOfBytes(values: Iterable<number | undefined>): Scale {
  const [, most = 1] = extent(values)
  const unit = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, most)) / 10))
  const { kind, max, ticks } = upTo((most > least ? most : 1) / unit, unit === 1)
  return { kind, min: 0, max: max * unit, ticks: ticks.map((tick) => tick * unit) }
}

/** A linear scale around all values and 0, whichever side of it they are on. */
export function scaleOfAny(values: Iterable<number | undefined>): Scale {
  const [lowest = 0, most = 0] = extent(values)
  if (lowest >= 0) return scaleFromZero([most])
  const above = Math.max(0, most)
  const { ticks } = upTo(above - lowest, false)
  const step = ticks[1] ?? 1
  const [first, last] = [Math.floor(lowest / step + 1e-9), Math.ceil(above / step - 1e-9)]
  const all = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step))
  return { kind: 'linear', min: all[0] ?? lowest, max: Math.max(all.at(-1) ?? 0, tidy((first + 1) * step)), ticks: all }
}

/** A limit is drawn, with room below it, unless the values would then fill less than this share of the height. */
const leastOfLimit = 1 / 6

/**
 * A scale for ratios that ends at 1 and begins as low as the values ask for, and as a limit beside them does: never with less than 1%
 * of height.
 */
export function scaleToOne(values: Iterable<number | undefined>, limit?: number): Scale {
  const [worst] = extent(values)
  const wanted = Math.max(0.01, 1 - Math.max(0, worst ?? 1))
  const withLimit = limit === undefined ? 0 : Math.min(1, (1 - limit) * 1.25)
  const height = withLimit * leastOfLimit > wanted ? wanted : Math.max(wanted, withLimit)
  const step = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((each) => each * 5 >= height - 1e-12) ?? 0.25
  const count = Math.min(Math.round(1 / step), Math.ceil(height / step - 1e-9))
  const ticks = Array.from({ length: count + 1 }, (_, index) => tidy(1 - (count - index) * step))
  return { kind: 'linear', min: ticks[0] ?? 0, max: 1, ticks }
}

/** The lower of two limits, as far as there are any. */
export function lowest(...limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** A logarithmic scale in powers of ten around all values above zero; linear from 0 where there are none. */
export function logScale(values: Iterable<number | undefined>): Scale {
  let lowest = Infinity
  let most = 0
  for (const value of values) {
    if (value === undefined || !(value > least)) continue
    lowest = Math.min(lowest, value)
    most = Math.max(most, value)
  }
  if (most === 0) return scaleFromZero([])
  const low = Math.floor(Math.log10(lowest) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9))
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => tidy(10 ** (low + index)))
  return { kind: 'log', min: ticks[0] ?? 0, max: ticks.at(-1) ?? 1, ticks }
}

/** How far up the scale a value lies, 0 to 1, clipped to its ends. */
export function heightOn({ kind, min, max }: Scale, value: number): number {
  if (max <= min) return 0
  const share =
    kind === 'log'
      ? (Math.log10(Math.max(value, min)) - Math.log10(min)) / (Math.log10(max) - Math.log10(min))
      : (value - min) / (max - min)
  return Math.min(1, Math.max(0, share))
}

function upTo(most: number, isWhole: boolean): Scale {
  const raw = most / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const rounded = ([1, 2, 2.5, 5, 10].find((each) => each * power >= raw * (1 - 1e-9)) ?? 10) * power
  const step = isWhole ? Math.max(1, Math.ceil(rounded - 1e-9)) : rounded
  const count = Math.max(1, Math.ceil(most / step - 1e-9))
  const ticks = Array.from({ length: count + 1 }, (_, index) => tidy(index * step))
  return { kind: 'linear', min: 0, max: ticks.at(-1) ?? 1, ticks }
}

/** 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}

function extent(values: Iterable<number | undefined>): readonly [number | undefined, number | undefined] {
  let lowest: number | undefined
  let most: number | undefined
  for (const value of values) {
    if (value === undefined || !Number.isFinite(value)) continue
    if (lowest === undefined || value < lowest) lowest = value
    if (most === undefined || value > most) most = value
  }
  return [lowest, most]
}
