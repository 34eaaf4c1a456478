/** Whose wall clock instants are shown on and typed in. */
export type Zone = 'local' | 'utc'

/** `UTC+1`, `UTC+5:30`, `UTC`: how far the zone's clock is ahead at that instant (unix seconds). */
export function zoneText(at: number, zone: Zone): string {
  const minutes = Math.round(zoneOffset(at, zone) / 60)
  if (minutes === 0) return 'UTC'
  const size = Math.abs(minutes)
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`
}

/** Seconds the zone's wall clock is ahead of UTC at unix seconds. */
export function zoneOffset(at: number, zone: Zone): number {
  return zone === 'utc' ? 0 : -new Date(at * 1000).getTimezoneOffset() * 60
}

/** What a `datetime-local` field shows for unix seconds in that zone: `2026-01-31T14:07:30`. */
export function fieldOf(at: number, zone: Zone): string {
  const date = new Date(Math.floor(at) * 1000)
  if (zone === 'utc') return date.toISOString().slice(0, 19)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** Unix seconds of what such a field holds; `undefined` where it holds no instant. */
export function instantOf(field: string, zone: Zone): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(field)) return undefined
  // ECMAScript reads a date and time without a zone as the viewer's own.
  const atMs = Date.parse(zone === 'utc' ? `${field}Z` : field)
  return Number.isNaN(atMs) || atMs < 0 ? undefined : Math.floor(atMs / 1000)
}
