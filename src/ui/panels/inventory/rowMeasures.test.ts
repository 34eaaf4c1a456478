import { expect, test } from 'vitest'

import type { ListKind } from '../../../mesh/inventory.ts'
import type { Labels, Series } from '../../../mesh/samples.ts'
import { bytesOf, withMeasures } from './rowMeasures.ts'

const over = (labels: Labels, values: readonly (number | undefined)[]): Series => ({
  labels,
  points: values.map((value, index) => ({ at: 60 * index, value })),
})
const row = (namespace: string, name: string) => ({
  id: `${namespace}/${name}`,
  cluster: 'east',
  namespace,
  name,
  health: { state: 'healthy', reasons: [] } as const,
  versions: [],
  labels: {},
  config: [],
})
const cart = { destination_workload_namespace: 'shop', destination_workload: 'cart' }

test('a row’s bytes over time are requests, responses and TCP together; connections are none, gaps stay gaps', () => {
  const bytes = [
    over({ ...cart, direction: 'sent' }, [1, undefined, 3]),
    over({ ...cart, direction: 'received' }, [10, undefined, undefined]),
    over({ ...cart, direction: 'sent' }, [100, undefined, undefined]),
    over({ ...cart, direction: 'opened' }, [5000, 5000, 5000]),
    over({ ...cart, destination_workload: 'web', direction: 'sent' }, [7]),
  ]
  const [shown, other] = withMeasures([row('shop', 'cart'), row('data', 'cart')], 'workloads', {
    p95: [{ labels: cart, value: 0.25 }],
    requests: [over(cart, [2, 4])],
    bytes,
  })
  expect(shown).toMatchObject({ p95: 0.25, spark: [2, 4], byteSpark: [111, undefined, 3] })
  expect(other).toEqual(row('data', 'cart'))
  expect(bytesOf(bytes)).toEqual([118, undefined, 3])
})

test('what is not answered yet is no line', () => {
  const measures = { p95: undefined, requests: undefined, bytes: undefined }
  expect(withMeasures([row('shop', 'cart')], 'workloads', measures)).toEqual([row('shop', 'cart')])
})

test.each<[ListKind, Labels]>([
  ['namespaces', { destination_workload_namespace: 'cart' }],
  ['apps', { destination_workload_namespace: 'shop', destination_canonical_service: 'cart' }],
  ['workloads', cart],
  ['services', { destination_service_namespace: 'shop', destination_service_name: 'cart' }],
])('series of %s find their row', (kind, labels) => {
  const bytes = [over({ ...labels, direction: 'received' }, [8])]
  const [shown] = withMeasures([row('shop', 'cart')], kind, { p95: [], requests: [], bytes })
  expect(shown?.byteSpark).toEqual([8])
})
