import type { Zone } from './zone.ts'

/** Numbers and instants as a person reads them. What was not measured (`undefined`, or no finite number) is a dash. */
export const dash = '–'

/** A number and its unit apart, because the unit is drawn smaller. The unit of a dash is empty. */
export interface Quantity {
  readonly value: string
  readonly unit: string
}

const locale = typeof navigator === 'undefined' ? 'en-GB' : navigator.language
const none: Quantity = { value: dash, unit: '' }

const significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const hundredth = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 })

/** Three significant digits; from 1,000 whole; from 100,000 compact (123K). */
function number(value: number): string {
  const size = Math.abs(value)
  if (size >= 100_000) return compact.format(value)
  if (size >= 1000) return whole.format(value)
  if (size >= 10 && size < 99.95) return tenth.format(value)
  return significant.format(value)
}

const isMeasured = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value)

/** Joins number and unit as prose does: `41.2/s`, `12.4 %`, `182 KiB/s` (with a no-break space). */
export function inWords({ value, unit }: Quantity): string {
  return unit === '' ? value : unit.startsWith('/') ? `${value}${unit}` : `${value}\u00a0${unit}`
}

/** Requests (messages, connections) per second: `41.2` `/s`. A rate too small for two digits is `<0.01`, never 0. */
export function rate(perSecond: number | undefined): Quantity {
  if (!isMeasured(perSecond)) return none
  if (perSecond > 0 && perSecond < 0.01) return { value: `<${significant.format(0.01)}`, unit: '/s' }
  return { value: perSecond < 1 ? hundredth.format(perSecond) : number(perSecond), unit: '/s' }
}

/** A number whose unit nobody knows: `41.2`, `1,009`, `1.2e-9` of what is too small for digits. */
export function plainNumber(value: number | undefined): string {
  if (!isMeasured(value)) return dash
  const size = Math.abs(value)
  return size > 0 && size < 0.001 ? String(Number(value.toPrecision(3))) : number(value)
}

/** A whole number of things: `10,783`. */
export function count(value: number | undefined): Quantity {
  return isMeasured(value) ? { value: whole.format(value), unit: '' } : none
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes in the binary units that Prometheus's and Kubernetes's users read: `310` `KiB`. */
export function bytes(value: number | undefined): Quantity {
  if (!isMeasured(value)) return none
  const size = Math.abs(value)
  const power = size < 1 ? 0 : Math.min(Math.floor(Math.log2(size) / 10), byteUnits.length - 1)
  const scaled = value / 1024 ** power
  return { value: scaled >= 100 ? whole.format(scaled) : significant.format(scaled), unit: byteUnits[power] ?? 'B' }
}

/** Bytes per second: `182` `KiB/s`. */
export function byteRate(perSecond: number | undefined): Quantity {
  const { value, unit } = bytes(perSecond)
  return unit === '' ? none : { value, unit: `${unit}/s` }
}

/** A duration given in seconds, in the unit that keeps it short: `9` `ms`, `1.66` `s`, `2.5` `min`. */
export function duration(seconds: number | undefined): Quantity {
  if (!isMeasured(seconds)) return none
  const size = Math.abs(seconds)
  if (size === 0) return { value: whole.format(0), unit: 'ms' }
  if (size < 0.001) return { value: significant.format(seconds * 1e6), unit: 'µs' }
  if (size < 0.9995)
    return {
      value: size < 0.1 ? significant.format(Number((seconds * 1000).toPrecision(2))) : whole.format(seconds * 1000),
      unit: 'ms',
    }
  if (size < 120) return { value: significant.format(seconds), unit: 's' }
  if (size < 7200) return { value: significant.format(seconds / 60), unit: 'min' }
  return { value: significant.format(seconds / 3600), unit: 'h' }
}

/**
 * A ratio 0 to 1 in percent: `12.4` `%`. Only exactly 0 is 0 and only exactly 1 is 100: 0.99996 is `>99.9`, 0.00001 is `<0.01`.
 */
export function percent(ratio: number | undefined): Quantity {
  if (!isMeasured(ratio)) return none
  const hundred = ratio * 100
  if (ratio === 0 || ratio === 1) return { value: whole.format(hundred), unit: '%' }
  if (hundred > 0 && hundred < 0.01) return { value: `<${hundredth.format(0.01)}`, unit: '%' }
  if (hundred < 100 && hundred > 99.94) return { value: `>${tenth.format(99.9)}`, unit: '%' }
  return { value: hundred < 1 ? hundredth.format(hundred) : tenth.format(hundred), unit: '%' }
}

const timeOfDay = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
const dateAndTime = { year: 'numeric', month: 'short', day: 'numeric', ...timeOfDay } as const
const inUtc = { timeZone: 'UTC' } as const
const clockTimes = {
  local: new Intl.DateTimeFormat(locale, timeOfDay),
  utc: new Intl.DateTimeFormat(locale, { ...timeOfDay, ...inUtc }),
}
const dateTimes = {
  local: new Intl.DateTimeFormat(locale, dateAndTime),
  utc: new Intl.DateTimeFormat(locale, { ...dateAndTime, ...inUtc }),
}

/** The zone's wall clock at unix seconds: `14:07:30`. */
export function clockTime(unixSeconds: number | undefined, zone: Zone = 'local'): string {
  return isMeasured(unixSeconds) ? clockTimes[zone].format(unixSeconds * 1000) : dash
}

/** Day and wall clock at unix seconds: `31 Jan 2026, 14:07:30`. */
export function dateTime(unixSeconds: number | undefined, zone: Zone = 'local'): string {
  return isMeasured(unixSeconds) ? dateTimes[zone].format(unixSeconds * 1000) : dash
}

/** Processor time in cores, so that a small share of one is still told apart from none: `0.004`, `0.12`, `3.5`. */
export function cores(value: number | undefined): Quantity {
  if (!isMeasured(value)) return none
  return { value: value.toFixed(value < 0.1 ? 3 : value < 1 ? 2 : 1), unit: 'cores' }
}

const wholeUnits = [
  { size: 86_400, unit: 'day', symbol: 'd' },
  { size: 3600, unit: 'hour', symbol: 'h' },
  { size: 60, unit: 'minute', symbol: 'min' },
  { size: 1, unit: 'second', symbol: 's' },
] as const

/** A round span in words, in the largest unit that divides it: `5 minutes`, `90 seconds`. */
export function span(seconds: number): string {
  const { size, unit } = wholeUnitOf(seconds)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}

/** The same with the unit's symbol: `5 min`, `90 s`. */
export function shortSpan(seconds: number): string {
  const { size, symbol } = wholeUnitOf(seconds)
  return inWords({ value: whole.format(seconds / size), unit: symbol })
}

function wholeUnitOf(seconds: number) {
  return wholeUnits.find(({ size }) => seconds % size === 0) ?? { size: 1, unit: 'second', symbol: 's' }
}
