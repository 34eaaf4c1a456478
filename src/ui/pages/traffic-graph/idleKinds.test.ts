import { expect, test } from 'vitest'

import { withIdleKinds } from './idleKinds.ts'
import { aGraph, app, edge } from './testGraph.ts'

const graph = aGraph({
  nodes: [
    app('shop', 'busy'),
    app('shop', 'other'),
    app('shop', 'quiet', undefined, { isIdle: true }),
    app('shop', 'alone', undefined, { isIdle: true }),
  ],
  edges: [edge('shop/busy', 'shop/other', 5), edge('shop/busy', 'shop/quiet', 0, { isIdle: true })],
})
const names = ({ nodes }: typeof graph) => nodes.map(({ app: name }) => name)

test('idle nodes without idle edges, idle edges with their ends, both, or neither', () => {
  const nodes = withIdleKinds(graph, ['nodes'])
  expect([names(nodes), nodes.edges.length]).toEqual([['busy', 'other', 'quiet', 'alone'], 1])
  const edges = withIdleKinds(graph, ['edges'])
  expect([names(edges), edges.edges.length]).toEqual([['busy', 'other', 'quiet'], 2])
  const neither = withIdleKinds(graph, [])
  expect([names(neither), neither.edges.length]).toEqual([['busy', 'other'], 1])
  expect(withIdleKinds(graph, ['nodes', 'edges'])).toBe(graph)
})
