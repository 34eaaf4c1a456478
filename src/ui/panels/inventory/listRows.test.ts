import { expect, test } from 'vitest'

import { columnNames, filtered, rowsAsCsv, sortedRows, type ListedRow, type ListFilter } from './listRows.ts'

const row = (name: string, more: Partial<ListedRow> = {}): ListedRow => ({
  id: name,
  cluster: 'east',
  namespace: 'shop',
  name,
  health: { state: 'healthy', reasons: [] },
  versions: [],
  labels: {},
  config: [],
  ...more,
})
const none: ListFilter = { name: '', label: '', health: [], injection: [], kinds: [], config: 'any' }
const names = (rows: readonly ListedRow[]) => rows.map(({ name }) => name)

const rows = [
  row('cart', { rate: 9, labels: { app: 'cart', tier: 'web' }, kind: 'Deployment' }),
  row('db-10', {
    rate: 100,
    kind: 'StatefulSet',
    namespace: 'data',
    health: { state: 'failing', reasons: ['broken'] },
    errorRatio: 0.5,
    injection: { state: 'none', reason: '', inMesh: 0, of: 1 },
  }),
  row('db-9', { config: ['Sidecar/shop/all'], health: { state: 'failing', reasons: [] }, errorRatio: 0.7 }),
]

test.each<[string, Partial<ListFilter>, readonly string[]]>([
  ['nothing asked', {}, ['cart', 'db-10', 'db-9']],
  ['a name', { name: ' DB ' }, ['db-10', 'db-9']],
  ['a namespace', { name: 'data' }, ['db-10']],
  ['a label', { label: 'tier' }, ['cart']],
  ['a label’s value', { label: 'app=cart' }, ['cart']],
  ['a label’s other value', { label: 'app=car' }, []],
  ['a name every object has', { label: 'constructor' }, []],
  ['health', { health: ['failing'] }, ['db-10', 'db-9']],
  ['injection', { injection: ['none'] }, ['db-10']],
  ['kind', { kinds: ['Deployment', 'Job'] }, ['cart']],
  ['with configuration', { config: 'with' }, ['db-9']],
  ['without', { config: 'without' }, ['cart', 'db-10']],
  ['two at once', { name: 'db', config: 'without' }, ['db-10']],
])('filters by %s', (_, filter, expected) => {
  expect(names(filtered(rows, { ...none, ...filter }))).toEqual(expected)
})

test.each([
  ['rate', false, ['cart', 'db-10', 'db-9']],
  ['rate', true, ['db-10', 'cart', 'db-9']],
  ['name', false, ['cart', 'db-9', 'db-10']],
  ['health', false, ['db-9', 'db-10', 'cart']],
] as const)('sorts by %s, descending %s: numbers as numbers, the unmeasured last', (by, isDescending, expected) => {
  expect(names(sortedRows(rows, { by, isDescending }))).toEqual(expected)
})

test('every column can be sorted by', () => {
  for (const by of columnNames) expect(sortedRows(rows, { by, isDescending: true })).toHaveLength(rows.length)
})

test('a spreadsheet gets text and no formula, whatever things are called', () => {
  const csv = rowsAsCsv([row('=HYPERLINK("http://evil")', { rate: 1.5, labels: { '+x': 'a,b' }, namespace: '@SUM' })])
  const [head = '', line = ''] = csv.split('\r\n')
  expect(head.split(',')).toHaveLength(21)
  expect(line).toMatch(/^"'=HYPERLINK\(""http:\/\/evil""\)",'@SUM,east,/)
  expect(line).toContain(',1.5,')
  expect(line).toContain(`"'+x=a,b"`)
})
