import { flagFacts } from './flags.ts'
import { grpcStatusName } from './golden.ts'

/** A ratio as a person says it: `12%`, `3.4%`, `0.25%`, `<0.01%`; locale-free, for reasons and text output. */
export function percent(ratio: number): string {
  const value = ratio * 100
  if (value > 0 && value < 0.01) return '<0.01%'
  return `${rounded(value, value >= 10 ? 0 : value >= 1 ? 1 : 2)}%`
}

/** A number with about three significant digits and no trailing zeros: `1240`, `35.2`, `4.25`, `0.016`. */
export function amount(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)))
  return rounded(value, Math.min(Math.max(digits, 0), 6))
}

/** Seconds in the largest unit that is whole: `10 minutes`, `90 seconds`, `1 hour`. */
export function duration(seconds: number): string {
  const [size, unit] =
    seconds >= 3600 && seconds % 3600 === 0
      ? ([3600, 'hour'] as const)
      : seconds >= 60 && seconds % 60 === 0
        ? ([60, 'minute'] as const)
        : ([1, 'second'] as const)
  const count = seconds / size
  return `${amount(count)} ${unit}${count === 1 ? '' : 's'}`
}

/** A code and its flags: `503 UF`, `no response UC`, `gRPC 14 UNAVAILABLE`, `503 UO (circuit open)`. Hostile text is shortened. */
export function answerWords(protocol: 'http' | 'grpc' | 'tcp', code: string, flags: string | undefined): string {
  const name = protocol === 'grpc' ? grpcStatusName(code) : undefined
  const status = name === undefined ? (code === '-' ? 'no response' : short(code, 20)) : `gRPC ${code} ${name}`
  const spoken = flagFacts(flags)
    .filter(({ kind }) => kind === 'refused' || kind === 'injected')
    .map(({ words }) => words)
  const said = flags === undefined || flags === '-' || flags === '' ? '' : short(flags, 40)
  const parts = protocol === 'tcp' ? [said] : [status, said]
  const words = parts.filter((part) => part !== '').join(' ')
  return spoken.length === 0 ? words : `${words} (${spoken.join(', ')})`
}

/** The first characters of a text that may be of any length and content: control characters become spaces, the rest an ellipsis. */
export function short(text: string, most = 60): string {
  const start = text.slice(0, most * 2).replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
  const letters = Array.from(start)
  return letters.length <= most && text.length <= most * 2 ? start : `${letters.slice(0, most - 1).join('')}…`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`
}

function rounded(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
