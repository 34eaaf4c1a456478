import { csvField } from '../../../mesh/export.ts'
import type { InjectionState } from '../../../mesh/injection.ts'
import type { InventoryRow } from '../../../mesh/inventory.ts'
import { severity, type HealthState } from '../../../mesh/verdict.ts'
import type { Order } from '../../url.ts'

/** A row of a list with what is measured by row. */
export interface ListedRow extends InventoryRow {
  /** Seconds. */
  readonly p95?: number
  /** Requests per second over the window. */
  readonly spark?: readonly (number | undefined)[]
  /** Bytes per second over the window, of requests, responses and TCP. */
  readonly byteSpark?: readonly (number | undefined)[]
}

export const columnNames = [
  'health',
  'name',
  'namespace',
  'kind',
  'why',
  'rate',
  'errors',
  'p95',
  'throughput',
  'mtls',
  'injection',
  'replicas',
  'versions',
  'calls',
  'config',
  'labels',
  'project',
] as const
export type ColumnName = (typeof columnNames)[number]

export interface ListFilter {
  /** In the name or the namespace. */
  readonly name: string
  /** `app=reviews`, or a label's name alone. */
  readonly label: string
  readonly health: readonly HealthState[]
  readonly injection: readonly InjectionState[]
  readonly kinds: readonly string[]
  /** Whether Istio objects concern it. */
  readonly config: 'any' | 'with' | 'without'
}

/** The rows that pass every filter; an empty filter passes all. */
export function filtered(rows: readonly ListedRow[], filter: ListFilter): readonly ListedRow[] {
  const text = filter.name.trim().toLowerCase()
  const [label = '', value] = filter.label.trim().split('=', 2)
  return rows.filter((row) => {
    if (text !== '' && !row.name.toLowerCase().includes(text) && !row.namespace.toLowerCase().includes(text))
      return false
    if (label !== '' && !hasLabel(row, label, value)) return false
    if (filter.health.length > 0 && !filter.health.includes(row.health.state)) return false
    if (filter.injection.length > 0 && !filter.injection.some((state) => state === row.injection?.state)) return false
    if (filter.kinds.length > 0 && !filter.kinds.includes(row.kind ?? '')) return false
    return filter.config === 'any' || row.config.length > 0 === (filter.config === 'with')
  })
}

function hasLabel({ labels }: ListedRow, label: string, value: string | undefined): boolean {
  const own = Object.hasOwn(labels, label) ? labels[label] : undefined
  return own !== undefined && (value === undefined || own === value)
}

export type ListOrder = Order<ColumnName>

/** Sorted by a column's values, numbers as numbers; what was not measured comes last either way, equals stand by name. */
export function sortedRows(rows: readonly ListedRow[], { by, isDescending }: ListOrder): readonly ListedRow[] {
  const value = sortValues[by]
  const sign = isDescending ? -1 : 1
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined) || byName(a.row, b.row)
      }
      return sign * compared(a.value, b.value) || byTrouble(by, a.row, b.row) || byName(a.row, b.row)
    })
    .map(({ row }) => row)
}

function compared(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a), String(b))
}

const collator = new Intl.Collator('en', { numeric: true })

/** Of two that are equally ill the one with more errors, then with more traffic. */
function byTrouble(by: ColumnName, a: ListedRow, b: ListedRow): number {
  if (by !== 'health') return 0
  return (b.errorRatio ?? -1) - (a.errorRatio ?? -1) || (b.rate ?? -1) - (a.rate ?? -1)
}

function byName(a: ListedRow, b: ListedRow): number {
  return collator.compare(a.name, b.name) || collator.compare(a.namespace, b.namespace) || (a.id < b.id ? -1 : 1)
}

const sortValues: Readonly<Record<ColumnName, (row: ListedRow) => number | string | undefined>> = {
  health: ({ health }) => severity(health.state),
  name: ({ name }) => name,
  namespace: ({ namespace }) => namespace,
  kind: ({ kind }) => kind,
  why: ({ health }) => health.reasons[0],
  rate: ({ rate }) => rate,
  errors: ({ errorRatio }) => errorRatio,
  p95: ({ p95 }) => p95,
  throughput: ({ throughput }) => throughput,
  mtls: ({ mtls }) => mtls,
  injection: ({ injection }) => injection?.state,
  replicas: ({ replicas }) => replicas?.available,
  versions: ({ versions }) => (versions.length === 0 ? undefined : versions.join(' ')),
  calls: ({ calls }) => calls,
  config: ({ config }) => config.length,
  labels: ({ labels }) => Object.keys(labels).length,
  project: ({ project }) => project,
}

/** The rows as comma-separated values (RFC 4180) in base units; a text that a spreadsheet would run as a formula gets an apostrophe. */
export function rowsAsCsv(rows: readonly ListedRow[]): string {
  const head = [
    'name',
    'namespace',
    'cluster',
    'kind',
    'health',
    'reason',
    'requests_per_second',
    'error_ratio',
    'p95_seconds',
    'throughput_bytes_per_second',
    'mtls_ratio',
    'injection',
    'in_mesh',
    'of',
    'replicas_desired',
    'replicas_available',
    'versions',
    'calls_per_second',
    'config',
    'labels',
    'project',
  ]
  const lines = rows.map((row) => [
    row.name,
    row.namespace,
    row.cluster,
    row.kind,
    row.health.state,
    row.health.reasons.join(' '),
    row.rate,
    row.errorRatio,
    row.p95,
    row.throughput,
    row.mtls,
    row.injection?.state,
    row.injection?.inMesh,
    row.injection?.of,
    row.replicas?.desired,
    row.replicas?.available,
    row.versions.join(' '),
    row.calls,
    row.config.join(' '),
    Object.entries(row.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    row.project,
  ])
  return [head, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('')
}
