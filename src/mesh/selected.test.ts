import { expect, test } from 'vitest'

import type { GraphEdge, GraphNode } from './graph.ts'
import { queriesOfEdge, queriesOfNode } from './selected.ts'

const place = { cluster: 'c', namespace: 'shop', traffic: {} }
const app: GraphNode = { ...place, id: 'a', kind: 'app', app: 'cart', version: 'v2', workload: 'cart-2' }
const workload: GraphNode = { ...place, id: 'w', kind: 'workload', workload: 'front' }
const service: GraphNode = { ...place, id: 's', kind: 'service', service: 'pay', namespace: 'bank' }
const nobody: GraphNode = { id: 'unknown', kind: 'unknown', cluster: 'unknown', namespace: 'unknown', traffic: {} }
const edge = (patch: Partial<GraphEdge> = {}): GraphEdge => ({
  id: 'e',
  source: 'w',
  target: 'a',
  protocol: 'http',
  rate: 1,
  responses: [],
  marks: [],
  ...patch,
})

test('a versioned app is read on its own side by canonical name and revision', () => {
  const [requests, p95, tcp, out] = queriesOfNode(app, 90)
  expect(requests?.promql).toBe(
    'sum by (request_protocol, response_code, grpc_response_status, response_flags) (rate(istio_requests_total{reporter=~"destination|waypoint",destination_workload_namespace="shop",destination_canonical_service="cart",destination_canonical_revision="v2"}[90s]))',
  )
  expect(p95?.promql).toMatch(/^histogram_quantile\(0\.95, sum by \(le\) .* \/ 1000$/)
  expect(tcp?.promql).toContain('istio_tcp_received_bytes_total')
  expect(out?.promql).toContain('source_canonical_service="cart"')
})

test('a service is read on its callers’ side, and calls nobody; somebody unknown is called by nobody', () => {
  expect(queriesOfNode(service, 300).map(({ name }) => name)).toEqual(['requests in', 'p95 in', 'TCP bytes in'])
  expect(queriesOfNode(service, 300)[0]?.promql).toContain(
    '{reporter="source",destination_service_namespace="bank",destination_service_name="pay"}',
  )
  expect(queriesOfNode(nobody, 300).map(({ name }) => name)).toEqual(['requests out'])
})

test.each<[string, Partial<GraphEdge>, GraphNode, string]>([
  ['the caller’s side', {}, workload, 'reporter="source",source_workload_namespace="shop",source_workload="front"'],
  [
    'the callee’s, the caller not being scraped',
    { marks: ['callerNotScraped'] },
    workload,
    'reporter=~"destination|waypoint",',
  ],
  ['the callee’s, the caller being unknown', {}, nobody, 'reporter=~"destination|waypoint",source_workload="unknown"'],
])('an edge is read on %s', (_, patch, source, expected) => {
  expect(queriesOfEdge(edge(patch), { source, target: app }, 300)[0]?.promql).toContain(expected)
})

test('an operation is read on the callee’s side, which alone knows it, and by requests, which alone are classified', () => {
  const operation: GraphNode = { ...place, id: 'o', kind: 'operation', app: 'cart', operation: 'Get "all"' }
  const own =
    'destination_workload_namespace="shop",destination_canonical_service="cart",request_operation="Get \\"all\\""'
  expect(queriesOfNode(operation, 300).map(({ name }) => name)).toEqual(['requests in'])
  expect(queriesOfNode(operation, 300)[0]?.promql).toContain(`{reporter=~"destination|waypoint",${own}}`)
  const [into, ...rest] = queriesOfEdge(edge(), { source: workload, target: operation }, 300)
  expect(rest).toEqual([])
  expect(into?.promql).toContain(
    `{reporter=~"destination|waypoint",source_workload_namespace="shop",source_workload="front",${own},request_protocol="http"}`,
  )
  const [on] = queriesOfEdge(edge(), { source: operation, target: app }, 300)
  expect(on?.promql).toContain(`{reporter=~"destination|waypoint",${own},destination_workload_namespace="shop",`)
})

test('a TCP edge asks for bytes', () => {
  expect(
    queriesOfEdge(edge({ protocol: 'tcp' }), { source: workload, target: app }, 300).map(({ name }) => name),
  ).toEqual(['bytes sent'])
})

test('a hostile name stays one string of the expression', () => {
  const hostile = { ...workload, workload: 'a"} or vector(1) # \\ \n🙂' }
  expect(queriesOfNode(hostile, 300)[0]?.promql).toContain('="a\\"} or vector(1) # \\\\ \\n🙂"}')
})
