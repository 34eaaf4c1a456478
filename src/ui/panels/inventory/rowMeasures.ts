import type { InventoryRow, ListKind } from '../../../mesh/inventory.ts'
import { totalOf, type Values } from '../../../mesh/panels.ts'
import type { Grouping } from '../../../mesh/rangeQueries.ts'
import type { Labels, Sample, Series } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import type { ListedRow } from './listRows.ts'

/** What series of each list are grouped by, and the labels that name the group. */
export const groups: Readonly<Record<ListKind, { readonly by: Grouping; readonly labels: readonly string[] }>> = {
  namespaces: { by: 'namespace', labels: [label.destinationNamespace] },
  apps: { by: 'app', labels: [label.destinationNamespace, label.destinationCanonicalService] },
  workloads: { by: 'workload', labels: [label.destinationNamespace, label.destinationWorkload] },
  services: { by: 'service', labels: [label.serviceNamespace, label.serviceName] },
}

/** What is measured by row, grouped as `groups` says; absent: not answered (yet). */
export interface Measures {
  /** Seconds. */
  readonly p95: readonly Sample[] | undefined
  /** Per second, over time. */
  readonly requests: readonly Series[] | undefined
  /** Bytes per second of requests, responses and TCP, each direction a series of its own; connections among them do not count. */
  readonly bytes: readonly Series[] | undefined
}

/** The rows with what is measured by row; a row nobody measured stays as it is. */
export function withMeasures(
  rows: readonly InventoryRow[],
  kind: ListKind,
  { p95, requests, bytes }: Measures,
): readonly ListedRow[] {
  const keyOf = (labels: Labels) => JSON.stringify(groups[kind].labels.map((name) => labels[name] ?? ''))
  const quantiles = new Map((p95 ?? []).map(({ labels, value }) => [keyOf(labels), value]))
  const sparks = totals(requests ?? [], keyOf)
  const byteSparks = totals((bytes ?? []).filter(areBytes), keyOf)
  return rows.map((row) => {
    const key = JSON.stringify(kind === 'namespaces' ? [row.name] : [row.namespace, row.name])
    const quantile = quantiles.get(key)
    const spark = sparks.get(key)
    const byteSpark = byteSparks.get(key)
    return {
      ...row,
      ...(quantile === undefined ? {} : { p95: quantile }),
      ...(spark === undefined ? {} : { spark }),
      ...(byteSpark === undefined ? {} : { byteSpark }),
    }
  })
}

/** All bytes together, step by step: the sums of such series. */
export function bytesOf(series: readonly Series[]): Values {
  return totalOf(series.filter(areBytes))
}

function areBytes({ labels }: Series): boolean {
  return labels[label.direction] === 'sent' || labels[label.direction] === 'received'
}

/** Group → the sum of its series, step by step. */
function totals(series: readonly Series[], keyOf: (labels: Labels) => string): ReadonlyMap<string, Values> {
  const byKey = new Map<string, Series[]>()
  for (const each of series) {
    const key = keyOf(each.labels)
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [each])
    else known.push(each)
  }
  return new Map([...byKey].map(([key, own]) => [key, totalOf(own)]))
}
