import { expect, test } from 'vitest'

import type { DrawnEdge, DrawnNode } from './drawing.ts'
import { walk } from './walk.ts'

const node = (id: string): DrawnNode => ({ id, shape: 'app', name: id, health: 'healthy', badges: [], rank: 0 })
const edge = (source: string, target: string, rank: number): DrawnEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  health: 'healthy',
  width: 1,
  rank,
})
const drawing = {
  nodes: ['gateway', 'page', 'details', 'reviews', 'ratings'].map(node),
  edges: [
    edge('gateway', 'page', 9),
    edge('page', 'details', 3),
    edge('page', 'reviews', 7),
    edge('reviews', 'ratings', 2),
    edge('page', 'page', 99),
  ],
}
const places = new Map([
  ['gateway', { x: 0, y: 50 }],
  ['page', { x: 130, y: 50 }],
  ['details', { x: 260, y: 0 }],
  ['reviews', { x: 260, y: 100 }],
  ['ratings', { x: 390, y: 100 }],
])

test.each([
  [undefined, 'right', 'gateway'],
  ['gateway', 'right', 'page'],
  ['page', 'right', 'reviews'],
  ['reviews', 'left', 'page'],
  ['reviews', 'up', 'details'],
  ['details', 'down', 'reviews'],
  ['ratings', 'right', 'ratings'],
  ['gateway', 'left', 'gateway'],
  ['gone', 'left', 'gateway'],
] as const)('from %s one step %s is %s', (from, step, to) => {
  expect(walk(drawing, places, from, step)).toBe(to)
})
