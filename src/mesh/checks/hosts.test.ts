import { expect, test } from 'vitest'

import { carries } from './hosts.ts'

const gate = (labels: Record<string, string>, ...pods: readonly Record<string, string>[]) => ({
  kind: 'Deployment',
  namespace: 'edge',
  name: 'gate',
  labels,
  pods: pods.map((each, at) => ({ name: `gate-${at}`, labels: each })),
})

test.each([
  ['labels its pods are made with', gate({ istio: 'gate', tier: 'edge' }), true],
  ['labels that were put on a pod since', gate({ app: 'gate' }, { istio: 'gate', tier: 'edge' }), true],
  ['one label on one pod and one on another', gate({ app: 'gate' }, { istio: 'gate' }, { tier: 'edge' }), false],
  ['another value', gate({ istio: 'other', tier: 'edge' }), false],
])('whether a workload carries istio=gate and tier=edge: %s', (_, workload, expected) => {
  expect(carries(workload, { istio: 'gate', tier: 'edge' })).toBe(expected)
})
