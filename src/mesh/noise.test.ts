import { expect, test } from 'vitest'

import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import { withoutNoise } from './noise.ts'
import type { HealthState } from './verdict.ts'

const node = (name: string, patch: Partial<GraphNode> = {}): GraphNode => ({
  ...{ id: name, kind: 'workload', cluster: 'c', namespace: 'n', workload: name, app: name, traffic: {} },
  ...patch,
})
const call = (source: string, target: string, state: HealthState = 'healthy', host?: string): GraphEdge => ({
  ...{
    id: `${source}>${target}`,
    source,
    target,
    protocol: 'http',
    rate: 3,
    marks: [],
    health: { state, reasons: [] },
  },
  responses: [{ code: '200', rate: 3, ...(host === undefined ? {} : { host }) }],
})
const graph = (nodes: readonly GraphNode[], edges: readonly GraphEdge[]): MeshGraph => ({
  ...{ time: 0, window: 60, graphType: 'workload', namespaces: [], skipped: [], nodes, edges },
})

test.each([
  ['prometheus-server', 'cart', 'scrapes'],
  ['vmagent', 'cart', 'scrapes'],
  ['blackbox-exporter', 'cart', 'probes'],
  ['cart', 'coredns', 'dns'],
  ['cart', 'kube-dns', 'dns'],
] as const)('a call from %s to %s is noise: %s', (source, target, kind) => {
  const { noise } = withoutNoise(graph([node(source), node(target)], [call(source, target)]))
  expect(noise.map((each) => each.kind)).toEqual([kind])
})

test.each([
  ['prometheusly', 'cart'],
  ['cart', 'prometheus-server'],
  ['cart', 'dns-portal'],
])('a call from %s to %s is not', (source, target) => {
  const given = graph([node(source), node(target)], [call(source, target)])
  expect(withoutNoise(given)).toEqual({ graph: given, noise: [] })
})

test('a host of the cluster’s DNS is enough', () => {
  const edge = call('cart', 'resolver', 'healthy', 'kube-dns.kube-system.svc.cluster.local')
  expect(withoutNoise(graph([node('cart'), node('resolver')], [edge])).noise).toHaveLength(1)
})

test('nodes that had only noise leave with it, others stay', () => {
  const nodes = ['prometheus', 'cart', 'page', 'alone'].map((name) => node(name))
  const quiet = withoutNoise(graph(nodes, [call('prometheus', 'cart'), call('page', 'cart')]))
  expect(quiet.graph.nodes.map(({ id }) => id)).toEqual(['cart', 'page', 'alone'])
  expect(quiet.graph.edges.map(({ id }) => id)).toEqual(['page>cart'])
})

test.each(['failing', 'degraded'] as const)('what is %s is never folded as noise', (state) => {
  const nodes = [node('prometheus'), node('cart'), node('coredns', { health: { state, reasons: [] } }), node('page')]
  const quiet = withoutNoise(graph(nodes, [call('prometheus', 'cart', state), call('page', 'coredns')]))
  expect(quiet.graph.edges.map(({ id }) => id)).toEqual(['prometheus>cart'])
  expect(quiet.graph.nodes.map(({ id }) => id)).toEqual(['prometheus', 'cart', 'coredns'])
})
