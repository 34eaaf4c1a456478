import { expect, test } from 'vitest'

import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { neighboursOf, peerName } from './neighbours.ts'

const node = (id: string, more: Partial<GraphNode>): GraphNode => ({
  id,
  kind: 'workload',
  cluster: 'east',
  namespace: 'shop',
  traffic: {},
  ...more,
})
const edge = (source: string, target: string, rate: number, state: 'failing' | 'healthy'): GraphEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  protocol: 'http',
  rate,
  responses: [],
  marks: [],
  health: { state, reasons: [] },
})

const graph: MeshGraph = {
  time: 1,
  window: 60,
  graphType: 'workload',
  namespaces: [],
  skipped: [],
  nodes: [
    node('web', { workload: 'web' }),
    node('job', { workload: 'job' }),
    node('bot', { workload: 'bot' }),
    node('cart', { kind: 'service', service: 'cart' }),
    node('other', { kind: 'service', service: 'cart', namespace: 'elsewhere' }),
    node('cart-v1', { workload: 'cart-v1' }),
    node('db', { kind: 'service', service: 'db' }),
  ],
  edges: [
    edge('web', 'cart', 5, 'healthy'),
    edge('job', 'cart', 9, 'healthy'),
    edge('bot', 'cart', 1, 'failing'),
    edge('web', 'other', 7, 'failing'),
    edge('cart', 'cart-v1', 15, 'healthy'),
    edge('cart-v1', 'db', 3, 'healthy'),
    edge('web', 'db', 2, 'failing'),
  ],
}

test('callers stand worst first, then busiest; what its workloads call are the callees', () => {
  const { callers, callees } = neighboursOf(graph, { kind: 'service', namespace: 'shop', name: 'cart' })
  expect(callers.map(({ peer }) => peer.id)).toEqual(['bot', 'job', 'web'])
  expect(callees.map(({ edge: { id } }) => id)).toEqual(['cart-v1>db'])
})

test('a service that is not in the graph has neither', () => {
  expect(neighboursOf(graph, { kind: 'service', namespace: 'shop', name: 'nowhere' })).toEqual({
    callers: [],
    callees: [],
  })
})

test.each([
  [{ workload: 'cart-v1' }, 'cart-v1.shop'],
  [{ kind: 'service', service: 'api.example.com', namespace: 'unknown' }, 'api.example.com'],
  [{ kind: 'unknown', namespace: '' }, undefined],
] as const)('%j is called %s', (more, name) => {
  expect(peerName(node('x', more))).toBe(name)
})

test('a workload’s callers and callees are its own', () => {
  const { callers, callees } = neighboursOf(graph, { kind: 'workload', namespace: 'shop', name: 'cart-v1' })
  expect(callers.map(({ peer }) => peer.id)).toEqual(['cart'])
  expect(callees.map(({ peer }) => peer.id)).toEqual(['db'])
})

test('of an app with several workloads each line says which one is called', () => {
  const versions: MeshGraph = {
    ...graph,
    nodes: [
      node('web', { workload: 'web' }),
      node('v1', { workload: 'cart-v1', app: 'cart' }),
      node('v2', { workload: 'cart-v2', app: 'cart' }),
    ],
    edges: [edge('web', 'v1', 5, 'healthy'), edge('web', 'v2', 1, 'healthy')],
  }
  const { callers } = neighboursOf(versions, { kind: 'app', namespace: 'shop', name: 'cart' })
  expect(callers.map(({ peer, by }) => [peer.id, by])).toEqual([
    ['web', 'cart-v1'],
    ['web', 'cart-v2'],
  ])
})

test('of a namespace only what comes from outside it or leaves it', () => {
  const wide: MeshGraph = {
    ...graph,
    nodes: [...graph.nodes, node('edge', { workload: 'edge', namespace: 'elsewhere' })],
    edges: [
      edge('edge', 'web', 4, 'healthy'),
      edge('edge', 'bot', 2, 'failing'),
      edge('web', 'job', 9, 'failing'),
      edge('job', 'edge', 1, 'healthy'),
      edge('edge', 'edge', 7, 'healthy'),
    ],
  }
  const { callers, callees } = neighboursOf(wide, { kind: 'namespace', namespace: 'shop', name: 'shop' })
  expect(callers.map(({ edge: { id }, by }) => [id, by])).toEqual([
    ['edge>bot', 'bot'],
    ['edge>web', 'web'],
  ])
  expect(callees.map(({ edge: { id }, by }) => [id, by])).toEqual([['job>edge', 'job']])
})
