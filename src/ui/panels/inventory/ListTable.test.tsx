import { fireEvent, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { ListTable, type TableColumn } from './ListTable.tsx'

/** Pixels. */
const height = 600
const rowHeight = 40
const inView = height / rowHeight

/** Row → how often a cell of it was made. */
const made = new Map<number, number>()

beforeEach(() => {
  made.clear()
  // jsdom lays nothing out.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(height)
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000)
})
afterEach(() => void vi.restoreAllMocks())

const columns: readonly TableColumn<number, 'name'>[] = [
  {
    name: 'name',
    title: 'Name',
    cell: (row) => {
      made.set(row, (made.get(row) ?? 0) + 1)
      return `row ${row}`
    },
  },
]

function Table({ count }: { readonly count: number }) {
  const [rows] = useState(() => Array.from({ length: count }, (_, index) => index))
  return (
    <ListTable
      title="Numbers"
      rows={rows}
      columns={columns}
      idOf={String}
      healthOf={() => 'healthy'}
      order={{ by: 'name', isDescending: false }}
      onOrder={() => undefined}
    />
  )
}

function scrollTo(top: number): void {
  const scroller = screen.getByRole('region', { name: 'Numbers' })
  scroller.scrollTop = top
  fireEvent.scroll(scroller)
}

const shown = () =>
  within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => Number(row.dataset['id']))

test('of 5,000 rows those in view and a few beside them are there, wherever one scrolls', () => {
  renderInApp(<Table count={5000} />)
  for (const top of [0, 4000, 123_456, 5000 * rowHeight - height]) {
    scrollTo(top)
    const rows = shown()
    expect(rows).toContain(Math.floor(top / rowHeight))
    expect(rows.length).toBeGreaterThanOrEqual(inView)
    expect(rows.length).toBeLessThan(inView + 30)
  }
})

test('while one scrolls, only the rows that come into view are made, each once', () => {
  renderInApp(<Table count={5000} />)
  scrollTo(20_000)
  const before = new Set(shown())
  made.clear()
  for (let step = 1; step <= 20; step++) scrollTo(20_000 + 2 * step * rowHeight)
  expect([...made.keys()].filter((row) => before.has(row))).toEqual([])
  expect(Math.max(...made.values())).toBe(1)
  expect(made.size).toBe(40)
})
