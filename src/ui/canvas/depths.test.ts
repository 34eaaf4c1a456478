import { expect, test } from 'vitest'

import { depthsOf } from './depths.ts'
import type { Drawing, DrawnEdge, DrawnNode } from './drawing.ts'

const node = (id: string): DrawnNode => ({ id, shape: 'app', name: id, health: 'healthy', badges: [], rank: 1 })
const edge = (id: string, patch: Partial<DrawnEdge> = {}): DrawnEdge => ({
  ...{ id, source: 'a', target: 'b', health: 'healthy', width: 2, rank: 1 },
  ...patch,
})
const drawing = (edges: readonly DrawnEdge[], nodes = 2): Pick<Drawing, 'nodes' | 'edges'> => ({
  nodes: Array.from({ length: nodes }, (_, index) => node(`n${index}`)),
  edges,
})
const alphaOf = (drawn: ReturnType<typeof drawing>, id: string, lit?: ReadonlySet<string>) =>
  depthsOf(drawn, lit).find(({ edges }) => edges.some((each) => each.id === id))?.alpha

test('lines are drawn in full, those of folded groups fainter, and what is in trouble above both', () => {
  const drawn = drawing([
    edge('bad', { health: 'failing', isOfGroup: true }),
    edge('group', { isOfGroup: true }),
    edge('plain'),
  ])
  expect(['bad', 'group', 'plain'].map((id) => alphaOf(drawn, id))).toEqual([1, 0.5, 1])
  expect(
    depthsOf(drawn, undefined)
      .at(-2)
      ?.edges.map(({ id }) => id),
  ).toEqual(['bad'])
})

test('in a thicket the busiest stand out, and trouble most', () => {
  const many = Array.from({ length: 200 }, (_, index) => edge(`e${index}`, { rank: index }))
  const drawn = drawing([...many, edge('bad', { health: 'degraded', rank: 0 })], 20)
  const [quiet, middle, busy] = ['e0', 'e170', 'e199'].map((id) => alphaOf(drawn, id) ?? NaN)
  expect(quiet).toBeLessThan(middle ?? 0)
  expect(middle).toBeLessThan(busy ?? 0)
  expect(alphaOf(drawn, 'bad')).toBe(1)
})

test('all stand back for what the selection is about; trouble stays to be seen', () => {
  const drawn = drawing([edge('own'), edge('other'), edge('bad', { health: 'failing' })])
  const lit = new Set(['own'])
  expect(alphaOf(drawn, 'own', lit)).toBe(1)
  expect(alphaOf(drawn, 'other', lit)).toBeLessThan(0.5)
  expect(alphaOf(drawn, 'bad', lit)).toBeGreaterThan(0.5)
})
