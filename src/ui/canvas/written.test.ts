import { expect, test } from 'vitest'

import type { DrawnBox, DrawnNode } from './drawing.ts'
import type { Labels, Name, Title } from './labels.ts'
import { writtenIn } from './written.ts'

const node = (name: string): DrawnNode => ({ id: name, name, shape: 'app', health: 'healthy', badges: [], rank: 1 })
const box = (name: string): DrawnBox => ({ id: name, kind: 'namespace', name, detail: '', health: 'healthy' })
const named = (name: string, x: number, y: number, size: number, text = name): Name => ({
  ...{ node: node(name), x, y, size, text, rest: '', version: '', isVersionBelow: false, reason: '' },
})
const titled = (name: string, x: number, y: number, size: number): Title => ({
  ...{ box: box(name), x, y, size, text: name, detail: '' },
})
const view = { pan: { x: 100, y: 40 }, width: 800, height: 600 }
const labels = (names: readonly Name[], titles: readonly Title[] = []): Labels => ({
  names,
  titles,
  pills: [],
  plates: [],
})

test('names and titles inside the view are said with their sizes', () => {
  expect(writtenIn(labels([named('cart', 10, 20, 12)], [titled('shop', 30, 50, 13)]), view)).toEqual({
    cart: 12,
    shop: 13,
  })
})

test.each([
  ['left', -101, 20],
  ['right', 701, 20],
  ['above', 10, -41],
  ['below', 10, 561],
])('what is written outside the view, to the %s, cannot be read', (_, x, y) => {
  expect(writtenIn(labels([named('cart', x, y, 12)]), view)).toEqual({})
})

test('a shortened name is not the name', () => {
  expect(writtenIn(labels([named('checkout-frontend', 10, 20, 12, 'checko…tend')]), view)).toEqual({})
})

test('a name that is written twice has its larger size', () => {
  expect(writtenIn(labels([named('cart', 10, 20, 14), named('cart', 90, 20, 11)]), view)).toEqual({ cart: 14 })
})

test('a node without a name of its own says nothing', () => {
  expect(writtenIn(labels([named('', 10, 20, 12)]), view)).toEqual({})
})
