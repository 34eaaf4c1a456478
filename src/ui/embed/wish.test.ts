import { expect, test } from 'vitest'

import { choiceOf } from './choice.ts'
import { readWish, withWish, withoutWish } from './wish.ts'

test('without embed nothing is hidden; a theme counts all the same', () => {
  expect(readWish('?namespaces=a&embed-hide=scope&embed-token=1&theme=dark')).toEqual({
    isEmbedded: false,
    hidden: new Set(),
    waitsForToken: false,
    theme: 'dark',
  })
})

test('each part of the bar can be hidden, what is no part is left alone', () => {
  const { isEmbedded, hidden, waitsForToken, theme } = readWish(
    '?embed=1&embed-hide=scope,refresh,everything&embed-token=1&theme=purple',
  )
  expect(isEmbedded).toBe(true)
  expect([...hidden]).toEqual(['scope', 'refresh'])
  expect(waitsForToken).toBe(true)
  expect(theme).toBeUndefined()
})

test('the link to the whole page loses the frame and keeps the view', () => {
  expect(withoutWish('?embed=1&namespaces=a,b&theme=dark&embed-token=1&embed-hide=find&graphType=app')).toBe(
    'namespaces=a,b&graphType=app',
  )
})

test('a page further on is embedded as the first one was, also after a reload', () => {
  const first = '?embed=1&namespaces=a&theme=dark&embed-token=1&embed-hide=find,scope'
  const kept = withWish('?namespaces=b&graphType=app', readWish(first))
  expect(readWish(kept)).toEqual(readWish(first))
  expect(withoutWish(kept)).toBe('namespaces=b&graphType=app')
  expect(withWish(kept, readWish(first))).toBe(kept)
  expect(withWish('?embed=1&theme=dark', { ...readWish(first), theme: undefined })).not.toContain('theme')
})

test('a scope from the console is read as the URL is', () => {
  expect(choiceOf({ type: 'scope', namespaces: ['b', 'a'] }, '')).toEqual({
    namespaces: ['a', 'b'],
    project: undefined,
  })
  expect(choiceOf({ type: 'scope', project: 'c:p' }, '?namespaces=a')).toEqual({ namespaces: [], project: 'c:p' })
  expect(choiceOf({ type: 'scope', cluster: 'two' }, '?cluster=one&namespaces=a')).toEqual({
    cluster: 'two',
    namespaces: [],
    project: undefined,
  })
  expect(choiceOf({ type: 'scope', cluster: 'one', namespaces: ['a'] }, '?cluster=one')).toEqual({
    namespaces: ['a'],
    project: undefined,
  })
  expect(choiceOf({ type: 'scope', namespaces: ['"}'] }, '')).toEqual({})
})

test('a window from the console ends now or lies between two instants', () => {
  expect(choiceOf({ type: 'window', window: '15m' }, '')).toEqual({ window: 900, from: undefined, to: undefined })
  expect(choiceOf({ type: 'window', from: '1700000000', to: '1700003600' }, '')).toEqual({
    from: 1_700_000_000,
    to: 1_700_003_600,
  })
  expect(choiceOf({ type: 'window', window: 'banana' }, '')).toEqual({})
  expect(choiceOf({ type: 'window', from: '1700000000' }, '')).toEqual({})
})
