import { expect, test } from 'vitest'

import { describe as said } from './describe.ts'
import { aGraph, app } from './testGraph.ts'

test('a box gives the reason of its worst member, by its name', () => {
  const [first, second] = [app('shop', 'a'), app('shop', 'b')]
  const graph = aGraph({
    nodes: [
      { ...first, health: { state: 'healthy', reasons: ['None of 5 requests failed.'] } },
      { ...second, health: { state: 'failing', reasons: ['12% of requests failed with 503 UF; tolerance 10%.'] } },
    ],
    edges: [],
  })
  expect(said(graph, 'namespace/c/shop')?.lines).toContain(
    `Failing: b: 12% of requests failed with 503 UF; tolerance 10%.`,
  )
})

test('a healthy box does not speak of one of its members', () => {
  const nodes = ['a', 'b'].map((name) => ({
    ...app('shop', name),
    health: { state: 'healthy' as const, reasons: ['None of 5 requests failed.'] },
  }))
  expect(said(aGraph({ nodes, edges: [] }), 'namespace/c/shop')?.lines).toContain('Healthy')
})
