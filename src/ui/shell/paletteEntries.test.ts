import { expect, test } from 'vitest'

import { entriesOf, foundIn } from './paletteEntries.ts'

const entries = entriesOf(
  {
    workloads: [
      { kind: 'Deployment', namespace: 'shop', name: 'cart-v1', labels: { app: 'cart' } },
      { kind: 'Deployment', namespace: 'shop', name: 'cart-v2', labels: { app: 'cart' } },
    ],
    services: [
      { namespace: 'shop', name: 'cart' },
      { namespace: 'data', name: 'cart-redis' },
    ],
    sidecars: [{ namespace: 'shop', name: 'default', egressHosts: [] }],
  },
  ['shop', 'data'],
)

test('everything is there once', () => {
  expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'namespace shop',
    'namespace data',
    'service cart',
    'service cart-redis',
    'app cart',
    'workload cart-v1',
    'workload cart-v2',
    'config default',
  ])
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
})

test.each([
  ['cart', ['service cart', 'app cart', 'service cart-redis', 'workload cart-v1', 'workload cart-v2']],
  ['cart data', ['service cart-redis']],
  ['workload v2', ['workload cart-v2']],
  ['SIDECAR', ['config default']],
  ['nothing of this', []],
])('“%s” finds %j', (text, names) => {
  expect(foundIn(entries, text, 10).map(({ kind, name }) => `${kind} ${name}`)).toEqual(names)
})

test('no more than so many are found', () => {
  expect(foundIn(entries, '', 3)).toHaveLength(3)
  expect(foundIn(entries, 'cart', 1).map(({ id }) => id)).toEqual(['service//shop/cart'])
})
