import { expect, test } from 'vitest'

import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { traceOf } from '../../../mesh/traces/jaeger.ts'
import { overlayOf } from '../../../mesh/traces/overlay.ts'
import type { Span } from '../../../mesh/traces/trace.ts'
import { drawnOver, windowAround } from './drawnOver.ts'

const node = (app: string): GraphNode => ({
  id: app,
  kind: 'app',
  cluster: 'east',
  namespace: 'shop',
  app,
  traffic: {},
})
const edge = (source: string, target: string): GraphEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  protocol: 'http',
  rate: 40,
  responses: [],
  marks: [],
  health: { state: 'degraded', reasons: [] },
})
const graph: MeshGraph = {
  time: 1,
  window: 60,
  graphType: 'app',
  namespaces: [],
  skipped: [],
  nodes: ['web', 'cart', 'db', 'far'].map(node),
  edges: [edge('web', 'cart'), edge('cart', 'db'), edge('db', 'far')],
}
const span = (id: string, app: string, parent?: string, more: Partial<Span> = {}): Span => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  service: `${app}.shop`,
  namespace: 'shop',
  operation: 'GET /',
  start: Number(id),
  duration: 0.02,
  isError: false,
  tags: {},
  events: [],
  ...more,
})

test('the trace’s calls stand out with what they took, its neighbours are thin and silent, what is further away is not drawn', () => {
  const trace = traceOf('a', [
    span('1', 'web'),
    span('2', 'cart', '1', { duration: 0.25, isError: true }),
    span('3', 'cart', '1'),
    span('4', 'web', '2'),
  ])
  const { drawing, highlighted, spansOf, linesOf } = drawnOver(overlayOf(trace, graph), graph)
  expect(drawing.nodes.map(({ id }) => id).sort()).toEqual(['cart', 'db', 'web'])
  expect(drawing.edges).toMatchObject([
    { id: 'web>cart', health: 'failing', label: '2 calls · longest 250\u00a0ms · 1 failed' },
    { id: 'trace cart>web', health: 'healthy', label: '20\u00a0ms' },
    { id: 'cart>db', health: 'unknown' },
  ])
  expect(drawing.edges[2]).not.toHaveProperty('label')
  expect([...highlighted].sort()).toEqual(['cart', 'trace cart>web', 'web', 'web>cart'])
  expect(spansOf('web>cart').map(({ id }) => id)).toEqual(['2', '3'])
  expect(spansOf('cart>db')).toEqual([])
  expect(linesOf('web>cart')?.title).toBe('web → cart')
})

test('the window is the quarter of an hour around the trace and does not reach beyond now', () => {
  const trace = traceOf('a', [span('6000', 'web')])
  expect(windowAround(trace, 1e9)).toEqual({ seconds: 900, at: 6540 })
  expect(windowAround(trace, 6100)).toEqual({ seconds: 900, at: 6100 })
})
