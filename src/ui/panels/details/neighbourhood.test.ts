import { expect, test } from 'vitest'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { neighbourhoodOf } from './neighbourhood.ts'

const node = (name: string) => ({
  id: name,
  kind: 'workload' as const,
  cluster: 'east',
  namespace: 'shop',
  workload: name,
  traffic: {},
})
const edge = (source: string, target: string, errorRatio: number) => ({
  id: `${source}>${target}`,
  source,
  target,
  protocol: 'http' as const,
  rate: 100,
  errorRatio,
  responses: [],
  marks: [],
})
const graph: MeshGraph = {
  time: 1,
  window: 60,
  graphType: 'workload',
  namespaces: [],
  skipped: [],
  nodes: ['a', 'b', 'c', 'd'].map(node),
  edges: [edge('a', 'b', 0.5), edge('b', 'c', 0), edge('c', 'd', 0)],
}

test('one call away, with rates and errors on the lines', () => {
  const { nodes, edges } = neighbourhoodOf(graph, new Set(['b']))
  expect(nodes.map(({ id, isMatch }) => [id, isMatch])).toEqual([
    ['a', undefined],
    ['b', true],
    ['c', undefined],
  ])
  expect(edges.map(({ id, label }) => [id, label])).toEqual([
    ['a>b', '100/s · 50.0\u00a0%'],
    ['b>c', '100/s'],
  ])
  expect(edges[0]?.width).toBeCloseTo(4.4)
})

test('nothing in the middle is nothing around it', () => {
  expect(neighbourhoodOf(graph, new Set(['z'])).nodes).toEqual([])
})
