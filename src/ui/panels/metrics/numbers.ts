import { byteRate, bytes, count, duration, inWords, percent, rate } from '../../format.ts'
import type { Quantity } from './content.ts'

/** How a panel's values read in legend, tip and table: with their unit, a dash where nothing was measured. */
export function formatOf(quantity: Quantity): (value: number | undefined) => string {
  return formats[quantity]
}

const formats: Readonly<Record<Quantity, (value: number | undefined) => string>> = {
  ratio: (value) => inWords(percent(value)),
  rate: (value) => inWords(rate(value)),
  count: (value) => inWords(count(value)),
  duration: (value) => inWords(duration(value)),
  bytes: (value) => inWords(byteRate(value)),
}

const compact = new Intl.NumberFormat(typeof navigator === 'undefined' ? 'en-GB' : navigator.language, {
  notation: 'compact',
  maximumSignificantDigits: 3,
})

/** How the ticks of a vertical axis read: short, and without the unit that stands in the title. */
export function tickFormatOf(quantity: Quantity): (value: number) => string {
  return ticks[quantity]
}

const ticks: Readonly<Record<Quantity, (value: number) => string>> = {
  ratio: (value) => `${Number((value * 100).toFixed(2))}\u00a0%`,
  rate: (value) => compact.format(value),
  count: (value) => compact.format(value),
  duration: (value) => inWords(duration(value)),
  bytes: (value) => inWords(bytes(value)),
}
