import { expect, test } from 'vitest'

import { octopusOf, middleFor } from './octopus.ts'
import { aGraph, app, edge } from './testGraph.ts'
import { namespaceBoxId } from './view.ts'

const callers = Array.from({ length: 9 }, (_, index) => `caller-${index}`)
const callees = Array.from({ length: 7 }, (_, index) => `callee-${index}`)
const failing = { state: 'failing' as const, reasons: ['20% failed'] }
const graph = aGraph({
  nodes: ['hub', ...callers, ...callees, 'far'].map((name) =>
    app('shop', name, undefined, name === 'hub' ? { health: { state: 'degraded', reasons: [] } } : {}),
  ),
  edges: [
    ...callers.map((name, index) =>
      edge(`shop/${name}`, 'shop/hub', 2 ** index, name === 'caller-0' ? { errorRatio: 0.2, health: failing } : {}),
    ),
    ...callees.map((name, index) => edge('shop/hub', `shop/${name}`, 3 ** index)),
    edge('shop/callee-6', 'shop/far', 900),
    edge('shop/caller-8', 'shop/callee-6', 50),
  ],
})
const hub = 'app/c/shop/hub'
const names = (octopus: ReturnType<typeof octopusOf>) => octopus.graph.nodes.map(({ app: name }) => name)

test('the middle, its six worst callers and its six worst callees, worst first; only its own calls', () => {
  const octopus = octopusOf(graph, hub, false)
  expect(names(octopus)).toEqual([
    'hub',
    ...['caller-0', 'caller-8', 'caller-7', 'caller-6', 'caller-5', 'caller-4'],
    ...['callee-6', 'callee-5', 'callee-4', 'callee-3', 'callee-2', 'callee-1'],
  ])
  expect(octopus.graph.edges).toHaveLength(12)
  expect(octopus.more).toBe(4)
})

test('all of them where all are asked for; how many were too many is still said', () => {
  const octopus = octopusOf(graph, hub, true)
  expect(names(octopus)).toHaveLength(17)
  expect(octopus.more).toBe(4)
})

test('without a focus the worst stands in the middle, of a box its worst; something that is gone gives nothing', () => {
  expect(middleFor(graph, undefined)).toBe(hub)
  expect(middleFor(graph, namespaceBoxId('c', 'shop'))).toBe(hub)
  expect(middleFor(aGraph(), undefined)).toBe('app/c/bookinfo/reviews/v3')
  expect(octopusOf(graph, 'app/c/shop/gone', false)).toMatchObject({ graph: { nodes: [], edges: [] }, more: 0 })
})

test('who calls and is called stands once', () => {
  const both = aGraph({
    nodes: ['a', 'b'].map((name) => app('shop', name)),
    edges: [edge('shop/a', 'shop/b', 1), edge('shop/b', 'shop/a', 2), edge('shop/a', 'shop/a', 3)],
  })
  const { graph: drawn } = octopusOf(both, 'app/c/shop/a', false)
  expect(drawn.nodes.map(({ app: name }) => name)).toEqual(['a', 'b'])
  expect(drawn.edges).toHaveLength(3)
})
