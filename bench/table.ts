/** Rows of named values as a table for a terminal: the columns in the order of the first row, numbers to the right, dashes for what is not there. */
export function table(rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const cells = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row))
    return columns.map((column) => cell(values.get(column)))
  })
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]) => row.map((text, index) => text.padStart(widths[index] ?? 0)).join('  ')
  return [line(columns), ...cells.map(line)].join('\n')
}

function cell(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'number' || !Number.isFinite(value)) return '-'
  return Number.isInteger(value)
    ? String(value)
    : value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)
}
