import { expect, test } from 'vitest'

import { askedAs } from '../../../mesh/clusterQueries.ts'
import { podRows } from './podRows.ts'

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
  const rows = podRows([well, crashing, pending], new Set(['shop/a', 'shop/b', 'shop/c']), [
    used('cpu', 0.1, 'cart'),
    used('cpu', 0.2, 'istio-proxy'),
    used('memory', 100, 'cart'),
  ])
  expect(
    rows.map(({ name, status: word, ready, of, restarts, isWell }) => [name, word, ready, of, restarts, isWell]),
  ).toEqual([
    ['b', 'CrashLoopBackOff', 1, 2, 12, false],
    ['c', 'Pending: Unschedulable', 0, 2, 0, false],
    ['a', 'Running', 2, 2, 3, true],
  ])
  expect(rows[2]).toMatchObject({ image: 'v7', proxy: '1.27.1', node: 'n1', memory: 100 })
  expect(rows[2]?.cpu).toBeCloseTo(0.3)
  expect(rows[0]).not.toHaveProperty('cpu')
})

test('only the pods that are wanted, whatever the list holds', () => {
  expect(podRows([well, null, 'x', {}], new Set(['elsewhere/a']), [])).toEqual([])
})
