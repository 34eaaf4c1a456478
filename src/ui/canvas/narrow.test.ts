import fc from 'fast-check'
import { expect, test } from 'vitest'

import { layersOf } from './layers.ts'
import { narrowed } from './narrow.ts'
import { seeded } from './testMesh.ts'

const fan = (count: number) => {
  const leaves = Array.from({ length: count }, (_, index) => `leaf-${index}`)
  return { ids: ['root', ...leaves], calls: new Map([['root', new Set(leaves)]]) }
}

test('of a column that is too high, the rest stands in the next columns', () => {
  const { ids, calls } = fan(10)
  const columns = narrowed(layersOf(ids, calls), () => ({ group: 'ns', rows: 1 }), 4)
  const heights = new Map<number, number>()
  for (const column of columns.values()) heights.set(column, (heights.get(column) ?? 0) + 1)
  expect([...heights].sort()).toEqual([
    [0, 1],
    [1, 4],
    [2, 4],
    [3, 2],
  ])
})

test('what still calls others stays, what calls nobody goes on', () => {
  const calls = new Map([
    ['root', new Set(['a', 'b', 'c'])],
    ['b', new Set(['store'])],
  ])
  const columns = narrowed(layersOf(['root', 'a', 'b', 'c', 'store'], calls), () => ({ group: 'ns', rows: 1 }), 2)
  expect(columns.get('b')).toBe(1)
  expect([columns.get('a'), columns.get('c')].sort()).toEqual([1, 2])
})

test('what is in no group, and what stands alone, keeps its column', () => {
  const { ids, calls } = fan(10)
  const layers = layersOf([...ids, 'alone'], calls)
  expect(narrowed(layers, () => ({ group: undefined, rows: 1 }), 2)).toEqual(layers.layers)
  expect(narrowed(layers, () => ({ group: 'ns', rows: 1 }), 2).get('alone')).toBe(0)
})

test('callers still stand left of those they call, and no column of a group is too high', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 6 }), (seed, most) => {
      const random = seeded(seed)
      const ids = Array.from({ length: 40 }, (_, index) => `n-${String(index).padStart(2, '0')}`)
      const calls = new Map<string, Set<string>>()
      ids.forEach((id, index) => {
        const targets = ids.slice(index + 1).filter(() => random() < 0.08)
        if (targets.length > 0) calls.set(id, new Set(targets))
      })
      const layers = layersOf(ids, calls)
      const groupOf = (id: string) => `ns-${Number(id.slice(2)) % 3}`
      const columns = narrowed(layers, (id) => ({ group: groupOf(id), rows: 1 }), most)
      for (const [from, targets] of calls)
        for (const to of targets) expect(columns.get(from)).toBeLessThan(columns.get(to) ?? Number.NaN)
      const heights = new Map<string, number>()
      for (const [id, column] of columns) {
        if (layers.isolated.has(id)) continue
        const key = `${groupOf(id)} ${column}`
        heights.set(key, (heights.get(key) ?? 0) + 1)
      }
      for (const height of heights.values()) expect(height).toBeLessThanOrEqual(most)
    }),
    { numRuns: 100 },
  )
})
