import { describe, expect, test } from 'vitest'

import { keepViews, mostViews, savedViews, withView } from './savedViews.ts'

function storage(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start))
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
}

describe('named views', () => {
  test('what was kept is read back, in the order of names', () => {
    const store = storage()
    const one = withView([], ' Shop, errors ', '?project=p-shop&find=error') ?? []
    const two = withView(one, 'Bookinfo', 'namespaces=bookinfo') ?? []
    expect(keepViews(store, two)).toBe(true)
    expect(savedViews(store)).toEqual([
      { name: 'Bookinfo', search: 'namespaces=bookinfo' },
      { name: 'Shop, errors', search: 'project=p-shop&find=error' },
    ])
  })

  test('the same name takes the place of the old view', () => {
    const views = withView(withView([], 'A', 'x=1') ?? [], 'A', 'x=2')
    expect(views).toEqual([{ name: 'A', search: 'x=2' }])
  })

  test('no name, and a full list, are refused', () => {
    expect(withView([], '  ', 'x=1')).toBeUndefined()
    const full = Array.from({ length: mostViews }, (_, index) => ({ name: `v${index}`, search: '' }))
    expect(withView(full, 'one more', '')).toBeUndefined()
    expect(withView(full, 'v7', 'changed')).toHaveLength(mostViews)
  })

  test.each(['', 'no json', '{}', '[1, null, {"name": 3}]', '[{"name":"","search":""}]'])(
    '“%s” in the storage is no view',
    (text) => {
      expect(savedViews(storage({ 'meshboard.graph-views': text }))).toEqual([])
    },
  )

  test('a browser that keeps nothing is told apart', () => {
    const full = {
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(keepViews(full, [])).toBe(false)
  })
})
