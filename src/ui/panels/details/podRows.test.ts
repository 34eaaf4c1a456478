import { expect, test } from 'vitest'

import { askedAs } from '../../../mesh/clusterQueries.ts'
import { nodeRows, podRows } from './podRows.ts'

const status = (name: string, ready: boolean, restartCount: number, state: unknown = { running: {} }) => ({
  name,
  ready,
  restartCount,
  state,
})
const pod = (name: string, more: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}) => ({
  metadata: { name, namespace: 'shop' },
  spec: {
    nodeName: 'n1',
    containers: [{ name: 'cart', image: 'registry:5000/cart:v7@sha256:ab' }],
    initContainers: [
      { name: 'istio-init', image: 'istio/proxyv2:1.0' },
      { name: 'istio-proxy', image: 'istio/proxyv2:1.27.1', restartPolicy: 'Always' },
    ],
    ...spec,
  },
  status: more,
})

const well = pod('a', {
  phase: 'Running',
  containerStatuses: [status('cart', true, 1)],
  initContainerStatuses: [status('istio-init', true, 9), status('istio-proxy', true, 2)],
})
const crashing = pod('b', {
  phase: 'Running',
  containerStatuses: [status('cart', false, 12, { waiting: { reason: 'CrashLoopBackOff' } })],
  initContainerStatuses: [status('istio-proxy', true, 0)],
})
const pending = pod('c', {
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
})

test('pods say what ails them, with restarts, versions of app and proxy, CPU and memory', () => {
  const used = (asked: string, value: number, container: string) => ({
    labels: { [askedAs]: asked, namespace: 'shop', pod: 'a', container },
    value,
  })
  const resources = [used('cpu', 0.1, 'cart'), used('cpu', 0.2, 'istio-proxy'), used('memory', 100, 'cart')]
  const rows = podRows([well, crashing, pending], new Set(['shop/a', 'shop/b', 'shop/c']), {
    resources,
    traffic: new Map(),
  })
  expect(
    rows.map(({ name, status: word, ready, of, restarts, isWell }) => [name, word, ready, of, restarts, isWell]),
  ).toEqual([
    ['b', 'CrashLoopBackOff', 1, 2, 12, false],
    ['c', 'Pending: Unschedulable', 0, 2, 0, false],
    ['a', 'Running', 2, 2, 3, true],
  ])
  expect(rows[2]).toMatchObject({ image: 'v7', proxy: '1.27.1', node: 'n1' })
  expect(rows[2]?.app).toEqual({ cpu: { used: 0.1 }, memory: { used: 100 } })
  expect(rows[2]?.sidecar).toEqual({ cpu: { used: 0.2 }, memory: {} })
  expect(rows[0]?.app.cpu).not.toHaveProperty('used')
})

test('only the pods that are wanted, whatever the list holds', () => {
  expect(podRows([well, null, 'x', {}], new Set(['elsewhere/a']), { resources: [], traffic: new Map() })).toEqual([])
})

test('what a pod uses stands against what it asked for and may take, app and proxy apart', () => {
  const bound = (cpu: string, memory: string) => ({ cpu, memory })
  const limited = {
    metadata: { name: 'a', namespace: 'shop' },
    spec: {
      containers: [
        { name: 'cart', resources: { requests: bound('100m', '128Mi'), limits: bound('1', '1Gi') } },
        { name: 'cache', resources: { requests: bound('0.2', '64M') } },
      ],
      initContainers: [
        { name: 'istio-init', resources: { requests: bound('9', '9Gi') } },
        { name: 'istio-proxy', restartPolicy: 'Always', resources: { limits: bound('2', 'broken') } },
      ],
    },
  }
  const [row] = podRows([limited], new Set(['shop/a']), { resources: [], traffic: new Map() })
  expect(row?.app.cpu.request).toBeCloseTo(0.3)
  expect(row?.app.memory).toEqual({ request: 128 * 2 ** 20 + 64e6 })
  expect(row?.app.cpu).not.toHaveProperty('limit')
  expect(row?.sidecar).toEqual({ cpu: { limit: 2 }, memory: {} })
})

test('the worst pod stands first, and its node', () => {
  const running = (name: string, node: string) => ({
    metadata: { name, namespace: 'shop' },
    spec: { nodeName: node, containers: [] },
    status: { phase: 'Running' },
  })
  const traffic = new Map([
    ['shop/a', { rate: 10, errorRatio: 0, p95: 0.1 }],
    ['shop/b', { rate: 30, errorRatio: 0.2, p95: 0.3 }],
    ['shop/c', { rate: 10, errorRatio: 0.1, p95: 2 }],
  ])
  const pods = [running('a', 'n1'), running('b', 'n2'), running('c', 'n2'), running('d', 'n3')]
  const rows = podRows(pods, new Set(['shop/a', 'shop/b', 'shop/c', 'shop/d']), { resources: [], traffic })
  expect(rows.map(({ name }) => name)).toEqual(['b', 'c', 'a', 'd'])
  expect(nodeRows(rows)).toEqual([
    { node: 'n2', pods: 2, rate: 40, errorRatio: 7 / 40, p95: 2 },
    { node: 'n1', pods: 1, rate: 10, errorRatio: 0, p95: 0.1 },
    { node: 'n3', pods: 1 },
  ])
})
