import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortFew } from './sortFew.ts'

test('sorts as the native sort does, few or many, and keeps equal ones in order', () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), id: fc.nat() }), { maxLength: 40 })
  fc.assert(
    fc.property(items, (list) => {
      const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key
      const sorted = [...list]
      sortFew(sorted, byKey)
      expect(sorted).toEqual(list.toSorted(byKey))
    }),
  )
})
