import { TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useMemo, useRef, useState, type ReactNode } from 'react'

import type { Found } from '../../../mesh/find.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import { byteRate, inWords, percent, rate } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { strings as shared } from '../../strings.ts'
import { Padlock } from './parts.tsx'
import { edgeRows, nodeRows, sorted, type EdgeRow, type NodeRow, type Order } from './rows.ts'
import { graphStrings } from './strings.ts'
import classes from './TwinTable.module.css'

interface Props {
  readonly graph: MeshGraph
  readonly selected: string | undefined
  /** What Find found: marked. */
  readonly found: Found
  readonly onSelect: (id: string) => void
}

/** The same graph as two tables, with the same selection: nodes and edges, worst first, sortable, filtered by name. */
export const TwinTable = memo(function TwinTable({ graph, selected, found, onSelect }: Props) {
  const [filter, setFilter] = useState('')
  const strings = graphStrings.table
  const wanted = filter.trim().toLowerCase()
  const nodes = useMemo(() => nodeRows(graph), [graph])
  const edges = useMemo(() => edgeRows(graph), [graph])
  const isShown = (...texts: readonly string[]) => texts.some((text) => text.toLowerCase().includes(wanted))
  return (
    <div className={classes['tables']}>
      <TextInput
        className={classes['filter']}
        size="xs"
        leftSection={<IconSearch size={15} stroke={1.5} aria-hidden />}
        aria-label={strings.filter}
        placeholder={strings.filter}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <SortableTable
        caption={strings.nodes(nodes.length)}
        rows={nodes.filter(({ name, namespace, state }) => isShown(name, namespace, shared.health[state]))}
        columns={nodeColumns}
        selected={selected}
        found={found.nodes}
        onSelect={onSelect}
      />
      <SortableTable
        caption={strings.edges(edges.length)}
        rows={edges.filter(({ from, to, protocol, code, state }) =>
          isShown(from, to, graphStrings.protocols[protocol], code, shared.health[state]),
        )}
        columns={edgeColumns}
        selected={selected}
        found={found.edges}
        onSelect={onSelect}
      />
    </div>
  )
})

/** Longer tables draw only the rows in view; shorter ones are all there, for the browser's own search too. */
const longestWhole = 150
/** Pixels, as the style sheet has it. */
const rowHeight = 31

/** The rows to draw of a long list, with the room that those above and below take. */
function useWindowed<Row>(rows: readonly Row[], body: React.RefObject<HTMLElement | null>) {
  const isWhole = rows.length <= longestWhole
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called here and handed to nobody
  const virtualizer = useVirtualizer({
    count: isWhole ? 0 : rows.length,
    estimateSize: () => rowHeight,
    overscan: 20,
    getScrollElement: () => body.current?.closest(`.${classes['tables'] ?? ''}`) ?? null,
    scrollMargin: body.current?.offsetTop ?? 0,
    initialRect: { width: 1000, height: 900 },
  })
  if (isWhole) return { first: 0, shown: rows, before: 0, after: 0 }
  const items = virtualizer.getVirtualItems()
  const [first, last] = [items[0], items.at(-1)]
  if (first === undefined || last === undefined) return { first: 0, shown: rows.slice(0, 60), before: 0, after: 0 }
  const { scrollMargin } = virtualizer.options
  return {
    first: first.index,
    shown: rows.slice(first.index, last.index + 1),
    before: first.start - scrollMargin,
    after: virtualizer.getTotalSize() - (last.end - scrollMargin),
  }
}

interface Column<Row> {
  readonly key: keyof Row & string
  readonly label: string
  readonly isNumber?: boolean
  readonly cell: (row: Row) => ReactNode
  /** The cell that opens the row. */
  readonly isName?: boolean
}

const { table: words } = graphStrings

const nodeColumns: readonly Column<NodeRow>[] = [
  { key: 'state', label: words.health, cell: ({ state }) => <State state={state} /> },
  { key: 'name', label: words.name, isName: true, cell: ({ name }) => name },
  { key: 'kind', label: words.kind, cell: ({ kind }) => kind },
  { key: 'namespace', label: words.namespace, cell: ({ namespace }) => namespace },
  { key: 'in', label: words.in, isNumber: true, cell: (row) => inWords(rate(row.in)) },
  { key: 'out', label: words.out, isNumber: true, cell: ({ out }) => inWords(rate(out)) },
  { key: 'errors', label: words.errors, isNumber: true, cell: ({ errors }) => inWords(percent(errors)) },
]

const edgeColumns: readonly Column<EdgeRow>[] = [
  { key: 'state', label: words.health, cell: ({ state }) => <State state={state} /> },
  { key: 'from', label: words.from, isName: true, cell: ({ from }) => from },
  { key: 'to', label: words.to, cell: ({ to }) => to },
  { key: 'protocol', label: words.protocol, cell: ({ protocol }) => graphStrings.protocols[protocol] },
  {
    key: 'weight',
    label: words.rate,
    isNumber: true,
    cell: ({ protocol, rate: value }) => inWords(protocol === 'tcp' ? byteRate(value) : rate(value)),
  },
  { key: 'errors', label: words.errors, isNumber: true, cell: ({ errors }) => inWords(percent(errors)) },
  { key: 'mtls', label: words.mtls, cell: ({ mtls }) => <Padlock mtls={mtls} /> },
  { key: 'code', label: words.codes, cell: ({ code }) => code },
]

function State({ state }: { readonly state: HealthState }) {
  return (
    <span className={classes['state']}>
      <HealthMark state={state} size={13} isDecorative /> {shared.health[state]}
    </span>
  )
}

interface SortableProps<Row> {
  readonly caption: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly selected: string | undefined
  readonly found: ReadonlySet<string>
  readonly onSelect: (id: string) => void
}

function SortableTable<Row extends { readonly id: string; readonly state: HealthState }>({
  caption,
  rows,
  columns,
  selected,
  found,
  onSelect,
}: SortableProps<Row>) {
  const [order, setOrder] = useState<Order<Row>>({ by: 'state', isDescending: false })
  const all = useMemo(() => sorted(rows, order), [rows, order])
  const body = useRef<HTMLTableSectionElement>(null)
  const { first, shown, before, after } = useWindowed(all, body)
  return (
    <table className={classes['table']} aria-rowcount={all.length + 1}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ key, label, isNumber }) => {
            const isSorted = order.by === key
            const Arrow = order.isDescending ? IconArrowDown : IconArrowUp
            return (
              <th
                key={key}
                scope="col"
                className={isNumber === true ? classes['num'] : undefined}
                aria-sort={isSorted ? (order.isDescending ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  title={words.sorted(label)}
                  onClick={() =>
                    setOrder({ by: key, isDescending: isSorted ? !order.isDescending : isNumber === true })
                  }
                >
                  {label}
                  {isSorted && <Arrow size={13} stroke={1.6} aria-hidden />}
                </button>
              </th>
            )
          })}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && <tr aria-hidden style={{ height: before }} />}
        {shown.length === 0 && (
          <tr>
            <td colSpan={columns.length} className={classes['nothing']}>
              {words.nothing}
            </td>
          </tr>
        )}
        {shown.map((row, index) => (
          <tr
            key={row.id}
            aria-rowindex={first + index + 2}
            data-id={row.id}
            data-health={row.state}
            data-selected={row.id === selected || undefined}
            data-found={found.has(row.id) || undefined}
            onClick={() => onSelect(row.id)}
          >
            {columns.map(({ key, isNumber, isName, cell }) => (
              <td key={key} className={isNumber === true ? classes['num'] : undefined}>
                {isName === true ? (
                  <button type="button" className={classes['name']} aria-pressed={row.id === selected}>
                    {cell(row)}
                  </button>
                ) : (
                  cell(row)
                )}
              </td>
            ))}
          </tr>
        ))}
        {after > 0 && <tr aria-hidden style={{ height: after }} />}
      </tbody>
    </table>
  )
}
