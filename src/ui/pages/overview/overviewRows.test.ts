import { expect, test } from 'vitest'

import { askedAs } from '../../../mesh/clusterQueries.ts'
import { decodeObjects } from '../../../mesh/config/decode.ts'
import type { ListedRow } from '../../panels/inventory/listRows.ts'
import { alertsOf, byProject, certificateEnds, coverageOf, leadersOf, meshParts, mtlsOf } from './overviewRows.ts'

const row = (name: string, more: Partial<ListedRow> = {}): ListedRow => ({
  id: name,
  cluster: 'east',
  namespace: 'shop',
  name,
  health: { state: 'healthy', reasons: [] },
  versions: [],
  labels: {},
  config: [],
  ...more,
})
const names = (rows: readonly ListedRow[]) => rows.map(({ name }) => name)

test('mTLS is weighed by requests, and silence is no number', () => {
  const covered = mtlsOf([row('a', { rate: 90, mtls: 1 }), row('b', { rate: 10, mtls: 0 }), row('c', { rate: 50 })])
  expect(covered).toEqual({ ratio: 0.9, plainRate: 10 })
  expect(mtlsOf([row('a')])).toEqual({ plainRate: 0 })
})

test('coverage counts workloads by state and leaves proxies out', () => {
  const of = (state: 'injected' | 'ambient' | 'none' | 'restart' | 'proxy') => ({ state, reason: '', inMesh: 0, of: 1 })
  const {
    inMesh,
    of: all,
    states,
  } = coverageOf([
    row('a', { injection: of('injected') }),
    row('b', { injection: of('ambient') }),
    row('c', { injection: of('restart') }),
    row('gw', { injection: of('proxy') }),
    row('unread'),
  ])
  expect([inMesh, all]).toEqual([2, 3])
  expect([...states.keys()]).toEqual(['injected', 'ambient', 'restart'])
})

test('leaders have something to lead in', () => {
  const { errors, slowest } = leadersOf(
    [row('a', { errorRatio: 0, p95: 2 }), row('b', { errorRatio: 0.2 }), row('c', { errorRatio: 0.5, p95: 3 })],
    3,
  )
  expect(names(errors)).toEqual(['c', 'b'])
  expect(names(slowest)).toEqual(['c', 'a'])
})

test('projects come in the order of their worst row, and what is in none comes last', () => {
  const groups = byProject([
    row('a'),
    row('b', { project: 'p2' }),
    row('c', { project: 'p1' }),
    row('d', { project: 'p2' }),
  ])
  expect(groups.map(({ project, rows }) => [project, names(rows)])).toEqual([
    ['p2', ['b', 'd']],
    ['p1', ['c']],
    [undefined, ['a']],
  ])
})

test('an alert says what it names and since when, the newest first', () => {
  const labels = { alertname: 'Slow', severity: 'info', namespace: 'shop', pod: 'cart-1' }
  const other = { alertname: 'Fails', destination_service_namespace: 'shop', destination_service_name: 'web' }
  const alerts = alertsOf([
    { labels: { ...labels, alertstate: 'firing', __name__: 'ALERTS', [askedAs]: 'firing' }, value: 1 },
    { labels: { ...labels, __name__: 'ALERTS_FOR_STATE', [askedAs]: 'since' }, value: 100 },
    { labels: { ...other, [askedAs]: 'firing' }, value: 1 },
    { labels: { ...other, [askedAs]: 'since' }, value: 200 },
    { labels: { alertname: 'Pending', [askedAs]: 'since' }, value: 300 },
  ])
  expect(alerts.map(({ name, about, since, severity }) => [name, about, since, severity])).toEqual([
    ['Fails', 'web in shop', 200, undefined],
    ['Slow', 'cart-1 in shop', 100, 'info'],
  ])
})

test('Istio’s own parts have their image’s version and what their pods use', () => {
  const pod = {
    metadata: {
      name: 'istiod-1',
      namespace: 'istio-system',
      labels: { app: 'istiod' },
      ownerReferences: [{ kind: 'StatefulSet', name: 'istiod', controller: true }],
    },
    spec: { containers: [{ name: 'discovery', image: 'reg:5000/pilot:1.27.1@sha256:ab' }] },
    status: { phase: 'Running' },
  }
  const { objects } = decodeObjects({
    'statefulsets.apps': [
      {
        metadata: { name: 'istiod', namespace: 'istio-system' },
        spec: { replicas: 1, template: { metadata: { labels: { app: 'istiod' } } } },
        status: { replicas: 1, availableReplicas: 1 },
      },
    ],
    pods: [pod],
  })
  const used = (asked: string, value: number, namespace = 'istio-system') => ({
    labels: { [askedAs]: asked, namespace, pod: 'istiod-1', container: 'discovery' },
    value,
  })
  expect(meshParts(objects, [pod], [used('cpu', 0.2), used('memory', 512), used('cpu', 9, 'elsewhere')])).toEqual([
    {
      namespace: 'istio-system',
      name: 'istiod',
      replicas: { desired: 1, current: 1, available: 1 },
      version: '1.27.1',
      cpu: 0.2,
      memory: 512,
    },
  ])
})

test('certificates say when they end, and thirty days before it is soon', () => {
  const day = 86_400
  const samples = [
    { labels: { [askedAs]: 'root' }, value: 400 * day },
    { labels: { [askedAs]: 'chain' }, value: 100 * day },
  ]
  expect(certificateEnds(samples, 60 * day)).toEqual({ root: 400 * day, chain: 100 * day, isSoon: false })
  expect(certificateEnds(samples, 71 * day).isSoon).toBe(true)
  expect(certificateEnds(samples, 101 * day).isSoon).toBe(true)
  expect(certificateEnds([], 0)).toEqual({ isSoon: false })
})
