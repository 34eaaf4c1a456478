import cytoscape from 'cytoscape'
import { expect, test } from 'vitest'

import { apply } from './apply.ts'
import type { SceneElement } from './scene.ts'

const node = (id: string, x = 0, extra = {}): SceneElement => ({
  group: 'nodes',
  classes: 'node',
  data: { id, width: 34, ...extra },
  position: { x, y: 0 },
})
const edge = (id: string, source: string, target: string, width = 1): SceneElement => ({
  group: 'edges',
  classes: 'edge',
  data: { id, source, target, width },
})

test('gone elements leave, known ones are patched in place, new ones arrive', () => {
  const cy = cytoscape({ headless: true })
  expect(apply(cy, [node('a'), node('b', 5), edge('e', 'a', 'b')])).toEqual({ arrived: 3, changed: 0, left: 0 })
  const a = cy.getElementById('a')
  expect(apply(cy, [node('a', 0, { width: 40 }), node('c'), edge('f', 'a', 'c')])).toEqual({
    arrived: 2,
    changed: 1,
    left: 2,
  })
  expect(cy.getElementById('a').same(a)).toBe(true)
  expect(cy.getElementById('a').data('width')).toBe(40)
  expect(
    cy
      .elements()
      .map((element) => element.id())
      .sort(),
  ).toEqual(['a', 'c', 'f'])
})

test('the same scene again changes nothing', () => {
  const cy = cytoscape({ headless: true })
  const scene = [node('a'), node('b', 7), edge('e', 'a', 'b', 2.5)]
  apply(cy, scene)
  expect(apply(cy, scene)).toEqual({ arrived: 0, changed: 0, left: 0 })
  expect(cy.getElementById('b').position()).toEqual({ x: 7, y: 0 })
})

test('ids of any content are ids, not selectors', () => {
  const cy = cytoscape({ headless: true })
  const id = 'app/x/"quoted" #[id="y"] \\ \n 🙂'
  apply(cy, [node(id), node('plain'), edge(`${id}>plain|http`, id, 'plain')])
  expect(apply(cy, [node(id, 3)])).toEqual({ arrived: 0, changed: 1, left: 2 })
  expect(cy.getElementById(id).position('x')).toBe(3)
})

test('an element whose kind changed is made anew', () => {
  const cy = cytoscape({ headless: true })
  apply(cy, [node('a')])
  expect(apply(cy, [{ ...node('a'), classes: 'namespace' }])).toEqual({ arrived: 1, changed: 0, left: 1 })
})
