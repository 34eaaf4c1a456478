import { expect, test } from 'vitest'
import { askedAs, clusterQueriesFor } from './clusterQueries.ts'
import { byTrouble, podTrafficOf } from './podTraffic.ts'

const sample = (pod: string, value: number, more: Readonly<Record<string, string>> = {}) => ({
  labels: {
    [askedAs]: 'requests',
    destination_workload_namespace: 'shop',
    pod,
    request_protocol: 'http',
    response_code: '200',
    response_flags: '-',
    ...more,
  },
  value,
})

test('each pod’s requests, its errors by what the server is to blame for, and its p95', () => {
  const traffic = podTrafficOf([
    sample('a', 8),
    sample('a', 2, { response_code: '503', response_flags: 'UF' }),
    sample('a', 1, { response_code: '404' }),
    sample('b', 4, { request_protocol: 'grpc', grpc_response_status: '0' }),
    sample('b', 1, { request_protocol: 'grpc', grpc_response_status: '14' }),
    { labels: { [askedAs]: 'p95', destination_workload_namespace: 'shop', pod: 'a' }, value: 0.25 },
    sample('', 9),
  ])
  expect([...traffic.keys()]).toEqual(['shop/a', 'shop/b'])
  expect(traffic.get('shop/a')).toEqual({ rate: 11, errorRatio: 2 / 11, p95: 0.25 })
  expect(traffic.get('shop/b')).toEqual({ rate: 5, errorRatio: 0.2 })
})

test('the worst stands first, what was not measured last', () => {
  const pods = [{ rate: 9, errorRatio: 0 }, {}, { rate: 1, errorRatio: 0.5 }, { rate: 2, errorRatio: 0, p95: 3 }]
  expect(pods.toSorted(byTrouble).map(({ rate }) => rate)).toEqual([1, 2, 9, undefined])
})

test('a member’s question is about reports of pods in own namespaces alone', () => {
  const scope = {
    namespaces: ['shop'],
    peers: 'hide' as const,
    seesAll: false,
    matchers: [{ label: 'cluster', op: '=' as const, value: 'blue' }],
  }
  const queries = clusterQueriesFor({ ask: 'pods' }, scope, { seconds: 300, at: 1 })
  expect(queries).toHaveLength(2)
  for (const { promql } of queries) {
    const selectors = promql.match(/istio_\w+\{[^}]*\}/g) ?? []
    expect(selectors.length).toBeGreaterThan(0)
    for (const selector of selectors) {
      expect(selector).toContain('cluster="blue"')
      expect(selector).toContain('reporter="destination"')
      expect(selector).toContain('destination_workload_namespace=~"shop"')
    }
    expect(promql).not.toMatch(/source_|service/)
  }
})
