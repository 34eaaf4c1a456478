import type { Line } from '../../charts/line.ts'

/** A panel as a file tells it. */
export interface Exported {
  readonly title: string
  readonly unit: string
  readonly lines: readonly Line[]
  /** Unix seconds. */
  readonly times: readonly number[]
  readonly queries: readonly { readonly name: string; readonly promql: string }[]
}

/** Comma-separated values (RFC 4180): a row for each step with its instant in UTC, a column for each line; a gap is an empty field. */
export function csvOf({ lines, times, unit }: Exported): string {
  const head = ['time', ...lines.map(({ label }) => `${label} (${unit})`)]
  const rows = times.map((at, index) => [
    new Date(at * 1000).toISOString(),
    ...lines.map(({ values }) => String(values[index] ?? '')),
  ])
  return [head, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}

/** The panel as JSON: its question and its numbers in base units; a gap is null. */
export function jsonOf({ title, unit, lines, times, queries }: Exported): string {
  const series = lines.map(({ label, values }) => ({ label, values: times.map((_, index) => values[index] ?? null) }))
  return `${JSON.stringify({ title, unit, queries, times, series }, null, 2)}\n`
}

/** A file's name without anything a file system minds: `4xx-response-count-2026-01-31T14-07-30Z.csv`. */
export function fileName(title: string, at: number, extension: string): string {
  const words = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${words}-${new Date(at * 1000).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}.${extension}`
}

/** Quoted where it must be; a leading sign that spreadsheets take for a formula is defused (https://owasp.org/www-community/attacks/CSV_Injection). */
function field(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text)
  const safe = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Hands a file to the browser's downloads. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
