import { zoneOffset, type Zone } from '../zone.ts'

const tickSteps = [
  15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
] as const

/** Instants (unix seconds) to name on an axis of this width: round on the zone's wall clock, at most one in 64 pixels. */
export function timeTicks(from: number, to: number, width: number, zone: Zone): readonly number[] {
  const most = Math.max(2, Math.floor(width / 64))
  const step = tickSteps.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / 864_000) * 864_000
  const ticks: number[] = []
  // A day of the wall clock may have 23 or 25 hours, so that every tick is placed by the offset at that instant.
  let at = from
  for (let guard = 0; guard < 200; guard++) {
    const shift = zoneOffset(at, zone)
    const next = Math.ceil((at + shift) / step - 1e-9) * step - shift
    const settled = Math.ceil((next + zoneOffset(next, zone)) / step - 1e-9) * step - zoneOffset(next, zone)
    if (settled > to) break
    if (settled >= from && settled !== ticks.at(-1)) ticks.push(settled)
    at = Math.max(settled, at) + 1
  }
  return ticks
}

/** What an axis calls an instant: the time of day, with the day where the span is longer than one, without the time beyond some days. */
export function tickText(at: number, spanSeconds: number, zone: Zone): string {
  const kind =
    spanSeconds > 4 * 86_400 ? 'day' : spanSeconds > 86_400 ? 'dayAndTime' : spanSeconds < 300 ? 'seconds' : 'time'
  return formatter(kind, zone).format(at * 1000)
}

/** An instant in full: `13:52:30`, with the day where the span is longer than one. */
export function instantText(at: number, spanSeconds: number, zone: Zone): string {
  return formatter(spanSeconds > 86_400 ? 'dayAndTime' : 'seconds', zone).format(at * 1000)
}

/** Day and time with the zone's name, for tables and files read without the axis beside them. */
export function fullText(at: number, zone: Zone): string {
  return formatter('full', zone).format(at * 1000)
}

const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const kinds = {
  time,
  seconds: { ...time, second: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  dayAndTime: { day: 'numeric', month: 'short', ...time },
  full: { year: 'numeric', month: 'short', day: 'numeric', ...time, second: '2-digit', timeZoneName: 'short' },
} as const

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(kind: keyof typeof kinds, zone: Zone): Intl.DateTimeFormat {
  const key = `${kind} ${zone}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const fresh = new Intl.DateTimeFormat(typeof navigator === 'undefined' ? 'en-GB' : navigator.language, {
    ...kinds[kind],
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  })
  formatters.set(key, fresh)
  return fresh
}
