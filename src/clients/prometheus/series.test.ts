import { expect, test } from 'vitest'
import { json, testServer } from '../../proxy/testServer.ts'
import { askSeries, askTotals, endText, seriesParameters } from './series.ts'

const requests = { ask: 'series-requests', by: ['service', 'outcome'], reporter: 'auto' } as const

test('a span is asked with its grain, and steps that nobody answered are gaps', async () => {
  const result = [{ metric: { code: '200' }, values: [[970, '2'], [1000, 'NaN']] }] // prettier-ignore
  const server = await testServer(json({ status: 'success', data: { resultType: 'matrix', result } }))
  const told = await askSeries({ base: server.url, cluster: 'c' }, requests, { window: 90, at: 1000 }, { step: 30, rateWindow: 60 }) // prettier-ignore
  const url = new URL(server.received[0]?.url ?? '', 'http://x')
  expect(url.pathname).toBe('/api/clusters/c/telemetry/series-requests')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    ...{ window: '90s', time: '1000', by: 'service,outcome', step: '30', rate: '60' },
  })
  expect(told.steps).toEqual({ start: 910, end: 1000, step: 30 })
  expect(told.series[0]?.points).toEqual([
    { at: 910, value: undefined },
    { at: 940, value: undefined },
    { at: 970, value: 2 },
    { at: 1000, value: undefined },
  ])
})

test('totals are one number for each group, over the whole window', async () => {
  const result = [{ metric: { code: '200' }, value: [1000, '4'] }]
  const server = await testServer(json({ status: 'success', data: { resultType: 'vector', result } }))
  const { samples } = await askTotals({ base: server.url, cluster: 'c' }, requests, { window: 90 })
  expect(samples).toEqual([{ labels: { code: '200' }, value: 4 }])
  expect(new URL(server.received[0]?.url ?? '', 'http://x').searchParams.has('step')).toBe(false)
})

test.each([
  [{ ask: 'series-requests', by: [], reporter: 'auto' }, {}],
  [
    { ask: 'series-tcp', by: ['peer'], reporter: 'destination' },
    { by: 'peer', reporter: 'destination' },
  ],
  [{ ask: 'series-duration', statistic: 'p99', by: [], reporter: 'auto' }, { statistic: 'p99' }],
  [
    {
      ask: 'series-requests',
      by: [],
      reporter: 'auto',
      services: {
        names: [
          { namespace: 'a,b', name: 'c/d' },
          { namespace: 'e', name: 'f' },
        ],
        isRest: true,
      },
    },
    { services: 'a%2Cb/c%2Fd,e/f', rest: 'true' },
  ],
  [
    {
      ask: 'series-requests',
      by: [],
      reporter: 'auto',
      end: { kind: 'workload', namespace: 'shop', name: 'cart', direction: 'outbound' },
    },
    { of: 'workload/shop/cart', direction: 'outbound' },
  ],
] as const)('%j is asked with %j', (question, parameters) => {
  expect(seriesParameters(question)).toEqual(parameters)
})

test.each([
  ['cart/v1,x', 'workload/shop/cart%2Fv1%2Cx'],
  ['🦊 ?&', 'workload/shop/%F0%9F%A6%8A%20%3F%26'],
  ['half \ud800 pair', 'workload/shop/half%20%EF%BF%BD%20pair'],
])('an end of any name is one address: %j', (name, text) => {
  expect(endText({ kind: 'workload', namespace: 'shop', name })).toBe(text)
})
