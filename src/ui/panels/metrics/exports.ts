import type { Steps } from '../../../mesh/rangeQueries.ts'
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
  return csvText([head, ...rows])
}

/** All panels in one: a row for each value of each line, a gap being none. */
export function csvOfAll(panels: readonly Exported[]): string {
  const rows = panels.flatMap(({ title, unit, lines, times }) =>
    times.flatMap((at, index) =>
      lines.flatMap(({ label, values }) => {
        const value = values[index]
        return value === undefined ? [] : [[new Date(at * 1000).toISOString(), title, unit, label, String(value)]]
      }),
    ),
  )
  return csvText([['time', 'panel', 'unit', 'line', 'value'], ...rows])
}

/** Rows as comma-separated values (RFC 4180). */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}

/** The panels as a JSON list of what each alone is exported as. */
export function jsonOfAll(panels: readonly Exported[]): string {
  return `${JSON.stringify(panels.map(told), null, 2)}\n`
}

/** The instants of steps, unix seconds. */
export function timesOf({ start, end, step }: Steps): readonly number[] {
  return Array.from({ length: Math.floor((end - start) / step + 1e-6) + 1 }, (_, index) => start + index * step)
}

/** The panel as JSON: its question and its numbers in base units; a gap is null. */
export function jsonOf(exported: Exported): string {
  return `${JSON.stringify(told(exported), null, 2)}\n`
}

function told({ title, unit, lines, times, queries }: Exported): object {
  const series = lines.map(({ label, values }) => ({ label, values: times.map((_, index) => values[index] ?? null) }))
  return { title, unit, queries, times, series }
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
