import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useRef, type ReactNode, type RefObject } from 'react'
import { useLocation } from 'react-router'

import type { HealthState } from '../../../mesh/verdict.ts'
import classes from './Inventory.module.css'
import { strings } from './strings.ts'

/** Longer lists draw only the rows in view; shorter ones are all there, for the browser's own search too. */
const longestWhole = 150
/** Pixels, as the style sheet has it. */
const rowHeight = 40

export interface TableColumn<Row, Name extends string> {
  readonly name: Name
  readonly title: string
  readonly isNumber?: boolean
  readonly cell: (row: Row, search: string) => ReactNode
}

interface Order<Name extends string> {
  readonly by: Name
  readonly isDescending: boolean
}

interface Props<Row, Name extends string> {
  readonly title: string
  readonly rows: readonly Row[]
  /** Keep their identity between renders: with new ones every row in view is made anew. */
  readonly columns: readonly TableColumn<Row, Name>[]
  readonly idOf: (row: Row) => string
  readonly healthOf: (row: Row) => HealthState
  readonly order: Order<Name>
  readonly onOrder: (order: Order<Name>) => void
}

/** A list as a table whose heads sort; of thousands of rows only those in view are drawn. */
export function ListTable<Row, Name extends string>(props: Props<Row, Name>) {
  const { title, rows, columns, idOf, healthOf, order, onOrder } = props
  const { search } = useLocation()
  const scroller = useRef<HTMLDivElement>(null)
  const { first, shown, before, after } = useWindowed(rows, scroller)
  return (
    // A scrolling region is reached by the keyboard: https://dequeuniversity.com/rules/axe/4.10/scrollable-region-focusable
    <div className={classes['scroller']} ref={scroller} tabIndex={0} role="region" aria-label={title}>
      <table className={classes['table']} aria-rowcount={rows.length + 1} aria-label={strings.table(title)}>
        <thead>
          <tr>
            {columns.map(({ name, title: head, isNumber }) => {
              const isSorted = order.by === name
              const Arrow = order.isDescending ? IconArrowDown : IconArrowUp
              return (
                <th
                  key={name}
                  scope="col"
                  data-column={name}
                  data-number={isNumber === true || undefined}
                  aria-sort={isSorted ? (order.isDescending ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    title={strings.sortBy(head)}
                    onClick={() =>
                      onOrder({ by: name, isDescending: isSorted ? !order.isDescending : isNumber === true })
                    }
                  >
                    {head}
                    {isSorted && <Arrow size={13} stroke={1.6} aria-hidden />}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {shown.map((row, index) => (
            <ListRow
              key={idOf(row)}
              row={row}
              id={idOf(row)}
              health={healthOf(row)}
              place={first + index + 2}
              columns={columns}
              search={search}
            />
          ))}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps<Row, Name extends string> extends Pick<Props<Row, Name>, 'columns'> {
  readonly row: Row
  readonly id: string
  readonly health: HealthState
  /** Of all rows, the head being the first. */
  readonly place: number
  readonly search: string
}

function PlainRow<Row, Name extends string>({ row, id, health, place, columns, search }: RowProps<Row, Name>) {
  return (
    <tr aria-rowindex={place} data-id={id} data-health={health}>
      {columns.map(({ name, isNumber, cell }) => (
        <td key={name} data-column={name} data-number={isNumber === true || undefined}>
          {cell(row, search)}
        </td>
      ))}
    </tr>
  )
}

/** While a list is scrolled only the rows that come into view are made. `memo` forgets that a component is generic. */
const ListRow = memo(PlainRow) as typeof PlainRow

/** The rows to draw of a long list, with the room that those above and below take. */
function useWindowed<Row>(rows: readonly Row[], scroller: RefObject<HTMLElement | null>) {
  const isWhole = rows.length <= longestWhole
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called here and handed to nobody
  const virtualizer = useVirtualizer({
    count: isWhole ? 0 : rows.length,
    estimateSize: () => rowHeight,
    // More than a notch of the wheel; each row beside those in view is made, laid out and painted for nothing.
    overscan: 5,
    getScrollElement: () => scroller.current,
    initialRect: { width: 1000, height: 800 },
  })
  if (isWhole) return { first: 0, shown: rows, before: 0, after: 0 }
  const items = virtualizer.getVirtualItems()
  const [start, end] = [items[0], items.at(-1)]
  if (start === undefined || end === undefined) return { first: 0, shown: rows.slice(0, 40), before: 0, after: 0 }
  return {
    first: start.index,
    shown: rows.slice(start.index, end.index + 1),
    before: start.start,
    after: virtualizer.getTotalSize() - end.end,
  }
}
