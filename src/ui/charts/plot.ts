import { heightOn, type Scale } from './scale.ts'

/** Pixels around the plot: room for the axes' words, and at the right for the names at lines' ends; the same for all, so that instants align. */
export const edges = { top: 8, right: 30, bottom: 24, left: 54 } as const

/** Where the plot's area is inside a chart, in pixels, and what its corners mean. */
export interface Plot {
  readonly width: number
  readonly height: number
  readonly from: number
  readonly to: number
  readonly scale: Scale
}

/** The plot of a chart of that many pixels, never less than one. */
export function plotOf(
  size: { readonly width: number; readonly height: number },
  span: { readonly from: number; readonly to: number },
  scale: Scale,
): Plot {
  return {
    width: Math.max(1, size.width - edges.left - edges.right),
    height: Math.max(1, size.height - edges.top - edges.bottom),
    ...span,
    scale,
  }
}

/** Pixels from the plot's left edge. */
export function xOf({ width, from, to }: Plot, at: number): number {
  return to > from ? ((at - from) / (to - from)) * width : 0
}

/** The instant at so many pixels from the plot's left edge, within the span. */
export function instantAt({ width, from, to }: Plot, x: number): number {
  return from + (Math.min(width, Math.max(0, x)) / width) * (to - from)
}

/** Pixels from the plot's upper edge. */
export function yOf({ height, scale }: Plot, value: number): number {
  return height * (1 - heightOn(scale, value))
}

/** One path of bars standing on `below` (the bars drawn before), a pixel apart where there is room; gaps and zeros draw nothing. */
export function barsPath(
  plot: Plot,
  times: readonly number[],
  values: readonly (number | undefined)[],
  below: readonly number[],
): string {
  const [first] = times
  const last = times.at(-1)
  if (first === undefined || last === undefined) return ''
  const pitch = times.length > 1 ? xOf(plot, first + (last - first) / (times.length - 1)) - xOf(plot, first) : 8
  const width = Math.max(1, Math.min(24, pitch > 3 ? pitch - 1 : pitch * 0.75))
  let path = ''
  for (const [index, at] of times.entries()) {
    const value = values[index]
    if (value === undefined || value <= 0) continue
    const base = below[index] ?? 0
    const foot = yOf(plot, base)
    // What there was is seen, however small it is beside the rest.
    const top = Math.min(yOf(plot, base + value), foot - 1)
    const left = Math.min(Math.max(xOf(plot, at) - width / 2, 0), plot.width - width)
    path += `M${tenths(left)} ${tenths(foot)}V${tenths(top)}h${tenths(width)}V${tenths(foot)}z`
  }
  return path
}

/** One path through the values, broken at gaps; clipped to the plot. A value between two gaps is in `dotsPath`. */
export function linePath(plot: Plot, times: readonly number[], values: readonly (number | undefined)[]): string {
  return runsOf(values)
    .map(({ first, last }) => {
      let path = ''
      for (let index = first; index <= last; index++) {
        path += `${index === first ? 'M' : 'L'}${placeOf(plot, times[index] ?? 0, values[index] ?? 0)}`
      }
      return path
    })
    .join('')
}

/** The areas between the values and the plot's foot. */
export function areaPath(plot: Plot, times: readonly number[], values: readonly (number | undefined)[]): string {
  const foot = tenths(plot.height)
  return runsOf(values)
    .map(({ first, last }) => {
      let path = `M${tenths(xOf(plot, times[first] ?? 0))} ${foot}`
      for (let index = first; index <= last; index++) {
        path += `L${placeOf(plot, times[index] ?? 0, values[index] ?? 0)}`
      }
      return `${path}V${foot}z`
    })
    .join('')
}

/** A stroke without length for each value between two gaps: round caps make it a dot. */
export function dotsPath(plot: Plot, times: readonly number[], values: readonly (number | undefined)[]): string {
  return values
    .map((value, index) =>
      value !== undefined && isAlone(values, index) ? `M${placeOf(plot, times[index] ?? 0, value)}h0` : '',
    )
    .join('')
}

/** The stretches without gaps that have a length. */
function runsOf(values: readonly (number | undefined)[]): readonly { readonly first: number; readonly last: number }[] {
  const runs: { first: number; last: number }[] = []
  let first: number | undefined
  for (let index = 0; index <= values.length; index++) {
    const isThere = values[index] !== undefined
    if (isThere && first === undefined) first = index
    if (isThere || first === undefined) continue
    if (index - 1 > first) runs.push({ first, last: index - 1 })
    first = undefined
  }
  return runs
}

function placeOf(plot: Plot, at: number, value: number): string {
  return `${tenths(xOf(plot, at))} ${tenths(yOf(plot, value))}`
}

function tenths(pixels: number): string {
  return String(Math.round(pixels * 10) / 10)
}

/** Whether some value stands alone between gaps, where a line without dots would draw nothing. */
export function isAlone(values: readonly (number | undefined)[], index: number): boolean {
  return values[index] !== undefined && values[index - 1] === undefined && values[index + 1] === undefined
}
