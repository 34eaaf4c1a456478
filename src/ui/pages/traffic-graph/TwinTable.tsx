import { TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react'
import { useMemo, useState, type ReactNode } from 'react'

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
  readonly onSelect: (id: string) => void
}

/** The same graph as two tables, with the same selection: nodes and edges, worst first, sortable, filtered by name. */
export function TwinTable({ graph, selected, onSelect }: Props) {
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
        rows={nodes.filter(({ name, namespace }) => isShown(name, namespace))}
        columns={nodeColumns}
        selected={selected}
        onSelect={onSelect}
      />
      <SortableTable
        caption={strings.edges(edges.length)}
        rows={edges.filter(({ from, to }) => isShown(from, to))}
        columns={edgeColumns}
        selected={selected}
        onSelect={onSelect}
      />
    </div>
  )
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
  readonly onSelect: (id: string) => void
}

function SortableTable<Row extends { readonly id: string; readonly state: HealthState }>({
  caption,
  rows,
  columns,
  selected,
  onSelect,
}: SortableProps<Row>) {
  const [order, setOrder] = useState<Order<Row>>({ by: 'state', isDescending: false })
  const shown = sorted(rows, order)
  return (
    <table className={classes['table']}>
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
      <tbody>
        {shown.length === 0 && (
          <tr>
            <td colSpan={columns.length} className={classes['nothing']}>
              {words.nothing}
            </td>
          </tr>
        )}
        {shown.map((row) => (
          <tr
            key={row.id}
            data-id={row.id}
            data-health={row.state}
            data-selected={row.id === selected || undefined}
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
      </tbody>
    </table>
  )
}
