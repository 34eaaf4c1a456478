import type { Matcher } from './scope.ts'

/**
 * A PromQL string literal that means exactly `value`, whatever it holds: quotes, backslashes, newlines, emoji.
 * Control characters and U+FFFD are written as escapes, since Prometheus's lexer refuses a literal replacement character;
 * half a surrogate pair has no UTF-8 form and becomes that replacement character.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 */
export function quote(value: string): string {
  return `"${value.replace(/["\\\u0000-\u001f\u007f-\u009f\ufffd]|\p{Surrogate}/gu, escapeOne)}"`
}

function escapeOne(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character === '\n') return '\\n'
  const code = character.charCodeAt(0)
  const isHalfAPair = code >= 0xd800 && code <= 0xdfff
  return `\\u${(isHalfAPair ? 0xfffd : code).toString(16).padStart(4, '0')}`
}

/** A regular expression that matches exactly `value`: RE2's own QuoteMeta (https://pkg.go.dev/regexp#QuoteMeta). */
export function regexQuote(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}

/** A regular expression that matches any one of `values` and nothing else; none gives one that only matches the empty value. */
export function anyOf(values: readonly string[]): string {
  return values.map(regexQuote).join('|')
}

/**
 * A series selector, `metric{label="value",...}`. A label name outside Prometheus's classic alphabet is written quoted
 * (understood since Prometheus 3, refused by older ones): it can fail, but never end the selector early.
 */
export function select(metric: string, matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return metric
  return `${metric}{${matchers.map(({ label, op, value }) => `${labelName(label)}${op}${quote(value)}`).join(',')}}`
}

function labelName(label: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : quote(label)
}

/** A duration of at least a second: `300s`; fractions are kept as milliseconds. */
export function duration(seconds: number): string {
  const milliseconds = Math.max(1000, Math.round(Number.isFinite(seconds) ? seconds * 1000 : 1000))
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`
}

/** `sum by (labels) (expression)`. */
export function sumBy(labels: readonly string[], expression: string): string {
  return `sum by (${labels.map(labelName).join(', ')}) (${expression})`
}

/** The expression's series with one more label of a fixed value. */
export function withLabel(expression: string, label: string, value: string): string {
  return `label_replace(${expression}, ${quote(label)}, ${quote(value.replaceAll('$', '$$$$'))}, "", "")`
}

/** The expression's series with a label that takes the value of another. */
export function replaceLabel(expression: string, label: string, from: string): string {
  return `label_replace(${expression}, ${quote(label)}, "$1", ${quote(from)}, "(?s:(.*))")`
}
