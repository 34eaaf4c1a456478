import { expect, test } from 'vitest'

import { selectionOf } from './details.ts'
import { bytesCourse, quantileCourse, requestCourse, signalsOf } from './signals.ts'
import { aGraph, app, edge, withOperations } from './testGraph.ts'

const graph = aGraph({
  nodes: [
    app('web', 'front', 'v1', { workload: 'front-1' }),
    app('shop', 'cart', 'v1', { workload: 'cart-1' }),
    app('shop', 'cart', 'v2', { workload: 'cart-2' }),
    app('shop', 'pay'),
  ],
  edges: [
    edge('web/front/v1', 'shop/cart/v1', 3),
    edge('web/front/v1', 'shop/pay', 2, {
      responses: [{ code: '200', rate: 2, host: 'payments.shop.svc.cluster.local' }],
    }),
  ],
})
const signals = (id: string | undefined) => signalsOf(graph, selectionOf(graph, id))
const labels = (source: string, destination: string) => ({
  source_workload_namespace: 'web',
  source_workload: source,
  destination_workload_namespace: 'shop',
  destination_workload: destination,
})

test('a node with one workload is told by what its workload is asked', () => {
  const question = signals('app/c/shop/cart/v1')
  expect(question).toMatchObject({ namespaces: ['shop'], by: ['workload'], hasQuantiles: true })
  expect(question?.isOwn(labels('front-1', 'cart-1'))).toBe(true)
  expect(question?.isOwn(labels('front-1', 'cart-2'))).toBe(false)
})

test('no series tells of an operation; its app is told by who answers', () => {
  const split = withOperations()
  const of = (id: string) => signalsOf(split, selectionOf(split, id))
  expect(of('operation/c/shop/cart/List')).toBeUndefined()
  expect(of('app/c/web/front/v1>operation/c/shop/cart/List|http')).toBeUndefined()
  const whole = of('versions/c/shop/cart')
  expect(whole).toMatchObject({ by: ['workload'], hasQuantiles: false })
  expect(whole?.isOwn(labels('x', 'cart-2'))).toBe(true)
})

test('an app of several versions adds their requests, and has no quantile of its own', () => {
  const question = signals('versions/c/shop/cart')
  expect(question?.hasQuantiles).toBe(false)
  expect(question?.isOwn(labels('x', 'cart-2'))).toBe(true)
})

test('what nobody calls is told by its own calls', () => {
  const question = signals('app/c/web/front/v1')
  expect(question).toMatchObject({ namespaces: ['web'], by: ['source'] })
  expect(question?.isOwn(labels('front-1', 'anything'))).toBe(true)
})

test('an app whose workloads are not known is told by the services it is called through', () => {
  expect(signals('app/c/shop/pay')).toMatchObject({ by: [], services: [{ namespace: 'shop', name: 'payments' }] })
})

test('an edge is told by both its ends', () => {
  const question = signals('app/c/web/front/v1>app/c/shop/cart/v1|http')
  expect(question).toMatchObject({ namespaces: ['shop'], by: ['source', 'workload'] })
  expect(question?.isOwn(labels('front-1', 'cart-1'))).toBe(true)
  expect(question?.isOwn(labels('other', 'cart-1'))).toBe(false)
})

test('the whole graph is everything, and what is gone is nothing', () => {
  expect(signals(undefined)).toMatchObject({ namespaces: [], by: [] })
  expect(signals('app/c/gone')).toBeUndefined()
})

test('the course counts the own series only: requests, their share of errors, one quantile, bytes sent', () => {
  const question = signals('app/c/shop/cart/v1')
  if (question === undefined) throw new Error('no question')
  const series = (workload: string, code: string, values: readonly (number | undefined)[]) => ({
    labels: { ...labels('front-1', workload), request_protocol: 'http', response_code: code, direction: 'sent' },
    points: values.map((value, at) => ({ at, value })),
  })
  const all = [
    series('cart-1', '200', [6, 3, undefined]),
    series('cart-1', '503', [2, 1, undefined]),
    series('cart-2', '200', [50, 50, 50]),
  ]
  expect(requestCourse(all, question)).toEqual({
    total: [8, 4, undefined],
    ratio: [0.25, 0.25, undefined],
    times: [0, 1, 2],
  })
  expect(quantileCourse(all, question)).toEqual([])
  expect(quantileCourse(all.slice(1), question)).toEqual([2, 1, undefined])
  expect(bytesCourse(all, question)).toEqual([8, 4, undefined])
})
