import { expect, test } from 'vitest'

import { selectionOf } from './details.ts'
import { aGraph, app, withOperations } from './testGraph.ts'
import { waysOf } from './ways.ts'

const graph = aGraph({ nodes: [...aGraph().nodes, app('shop', 'cart', 'v1', { workload: 'cart-1' })] })
const ways = (id: string, of = graph) => {
  const selection = selectionOf(of, id)
  return selection === undefined ? [] : waysOf(selection)
}

test.each([
  ['a workload', 'app/c/shop/cart/v1', { kind: 'workload', namespace: 'shop', name: 'cart-1' }],
  [
    'an app of which no workload is told',
    'app/c/bookinfo/reviews/v3',
    { kind: 'app', namespace: 'bookinfo', name: 'reviews' },
  ],
  [
    'a call: its callee',
    'app/c/bookinfo/productpage/v1>app/c/bookinfo/reviews/v3|http',
    { kind: 'app', name: 'reviews' },
  ],
  ['an app box', 'versions/c/bookinfo/reviews', { kind: 'app', namespace: 'bookinfo', name: 'reviews' }],
])('%s has a page, with its traces and logs', (_, id, about) => {
  expect(ways(id)).toMatchObject([about, { ...about, part: 'traces' }, { ...about, part: 'logs' }])
})

test('a namespace has its page and traces; an operation is about its app', () => {
  expect(ways('namespace/c/bookinfo').map(({ kind, part }) => [kind, part])).toEqual([
    ['namespace', undefined],
    ['namespace', 'traces'],
  ])
  expect(ways('operation/c/shop/cart/List', withOperations())[0]).toEqual({
    kind: 'app',
    namespace: 'shop',
    name: 'cart',
  })
})

test.each(['unknown', 'service/c/unknown/PassthroughCluster', 'gone', 'cluster/c'])('%s has no page', (id) => {
  expect(ways(id)).toEqual([])
})
