import { useMemo } from 'react'

import type { ListKind } from '../../../mesh/inventory.ts'
import { columnsFor } from './columns.tsx'
import type { ColumnName, ListedRow, ListOrder } from './listRows.ts'
import { ListTable } from './ListTable.tsx'
import { strings } from './strings.ts'

interface Props {
  readonly kind: ListKind
  readonly rows: readonly ListedRow[]
  readonly columns: readonly ColumnName[]
  readonly order: ListOrder
  readonly onOrder: (order: ListOrder) => void
}

/** A list of namespaces, apps, workloads or services as a table. */
export function InventoryTable({ kind, rows, columns, order, onOrder }: Props) {
  const shown = useMemo(() => {
    const all = columnsFor(kind)
    return columns.map((name) => ({ ...all[name], title: strings.columns[name] }))
  }, [kind, columns])
  return (
    <ListTable
      title={strings.titles[kind]}
      rows={rows}
      columns={shown}
      idOf={({ id }) => id}
      healthOf={({ health }) => health.state}
      order={order}
      onOrder={onOrder}
    />
  )
}
