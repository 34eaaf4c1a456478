import { expect, test } from 'vitest'

import { crumbOf, focusAfter, partOf, trailOf, type PartChoice } from './focusPart.ts'
import { aGraph } from './testGraph.ts'

const choice = (patch: Partial<PartChoice>): PartChoice => ({
  focus: undefined,
  hops: '1',
  direction: 'both',
  unhealthy: false,
  pathFrom: undefined,
  pathTo: undefined,
  ...patch,
})
const names = (patch: Partial<PartChoice>) =>
  partOf(aGraph(), choice(patch)).nodes.map(({ app = '', version = '' }) => `${app} ${version}`.trim())

test.each<[string, Partial<PartChoice>, readonly string[]]>([
  ['a node and its neighbours', { focus: 'app/c/bookinfo/reviews/v3' }, ['productpage v1', 'reviews v3', 'mongodb v1']],
  ['upstream only', { focus: 'app/c/bookinfo/reviews/v3', direction: 'up' }, ['productpage v1', 'reviews v3']],
  [
    'two hops upstream',
    { focus: 'app/c/bookinfo/reviews/v3', direction: 'up', hops: '2' },
    ['gateway', 'productpage v1', 'reviews v3'],
  ],
  [
    'an app with all its versions',
    { focus: 'versions/c/bookinfo/reviews', direction: 'up' },
    ['productpage v1', 'reviews v1', 'reviews v3'],
  ],
  [
    'the ways from one to another',
    { pathFrom: 'app/c/istio-ingress/gateway', pathTo: 'app/c/bookinfo/reviews/v3' },
    ['gateway', 'productpage v1', 'reviews v3'],
  ],
  [
    'the ways to an app with all its versions',
    { pathFrom: 'app/c/bookinfo/productpage/v1', pathTo: 'versions/c/bookinfo/reviews' },
    ['productpage v1', 'reviews v1', 'reviews v3'],
  ],
  ['no way against the calls', { pathFrom: 'app/c/bookinfo/reviews/v3', pathTo: 'app/c/istio-ingress/gateway' }, []],
  [
    'everything while only one end is chosen',
    { pathFrom: 'app/c/istio-ingress/gateway', focus: 'app/c/istio-ingress/gateway' },
    ['gateway', 'productpage v1'],
  ],
  ['what is unhealthy and what leads to it', { unhealthy: true }, ['gateway', 'productpage v1', 'reviews v3']],
  ['both at once', { focus: 'app/c/istio-ingress/gateway', unhealthy: true }, []],
  ['a focus that is gone', { focus: 'app/c/gone' }, []],
])('%s', (_, patch, expected) => {
  expect(names(patch)).toEqual(expected)
})

test('without a choice the graph itself comes back', () => {
  const graph = aGraph()
  expect(partOf(graph, choice({}))).toBe(graph)
})

test.each([
  [undefined, 'a', 'a'],
  ['a', 'b', 'a,b'],
  ['a,b,c', 'b', 'a,b'],
  ['a,b', undefined, undefined],
  ['1,2,3,4,5,6', '7', '2,3,4,5,6,7'],
])('from %s to %s the way is %s', (before, id, after) => {
  expect(focusAfter(before, id)).toBe(after)
})

test('crumbs are names, also of what is gone', () => {
  expect(crumbOf(aGraph(), 'app/c/bookinfo/reviews/v3')).toBe('reviews v3')
  expect(crumbOf(aGraph(), 'namespace/c/bookinfo')).toBe('bookinfo')
  expect(crumbOf(aGraph(), 'app/c/shop/car%20t/v9')).toBe('car t v9')
  expect(trailOf('')).toEqual([])
})
