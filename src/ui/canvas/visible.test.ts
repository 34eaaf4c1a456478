import { expect, test } from 'vitest'

import type { Drawing, DrawnEdge, DrawnNode } from './drawing.ts'
import { visiblePart } from './visible.ts'

const node = (id: string): DrawnNode => ({ id, shape: 'app', health: 'healthy', badges: [], rank: 1 })
const edge = (source: string, target: string): DrawnEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  health: 'healthy',
  width: 1,
  rank: 1,
})
const drawing: Drawing = {
  boxes: [],
  nodes: [node('a'), node('b'), node('c')],
  edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'a')],
}
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)

test('a hidden node takes its edges along, a hidden edge only itself', () => {
  expect(ids(visiblePart(drawing, new Set(['b'])).nodes)).toEqual(['a', 'c'])
  expect(ids(visiblePart(drawing, new Set(['b'])).edges)).toEqual(['c>a'])
  expect(ids(visiblePart(drawing, new Set(['a>b'])).nodes)).toEqual(['a', 'b', 'c'])
  expect(ids(visiblePart(drawing, new Set(['a>b'])).edges)).toEqual(['b>c', 'c>a'])
})

test('where nothing is hidden it is the same drawing, so that nothing is drawn anew', () => {
  expect(visiblePart(drawing, new Set())).toBe(drawing)
  expect(visiblePart(drawing, undefined)).toBe(drawing)
})
