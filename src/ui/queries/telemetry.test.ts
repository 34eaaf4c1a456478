import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'

import { factsQuery, telemetryQuery, type Subject } from './telemetry.ts'

afterEach(() => void vi.unstubAllGlobals())

const view: Subject = {
  cluster: { name: 'demo' },
  namespaces: ['shop-web', 'bookinfo'],
  project: undefined,
  window: { seconds: 300, at: 1_767_225_645 },
}
function record(data: unknown) {
  const asked: URL[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(new URL(url, 'http://page/'))
    return Promise.resolve(new Response(JSON.stringify({ status: 'success', data, meshboard: { notes: ['a note'] } })))
  })
  return asked
}

test('a question goes out with scope, window and instant, and comes back as samples with the time it took', async () => {
  const asked = record({ resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1, '2.5'] }] })
  const answer = await new QueryClient().query(telemetryQuery({ ask: 'response-time', statistic: 'p95' }, view))
  expect(answer.samples).toEqual([{ labels: { a: 'b' }, value: 2.5 }])
  expect(answer.notes).toEqual(['a note'])
  expect(answer.tookMs).toBeGreaterThanOrEqual(0)
  expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/clusters/demo/telemetry/response-time'])
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
    namespaces: 'shop-web,bookinfo',
    window: '300s',
    time: '1767225645',
    statistic: 'p95',
  })
})

test('a project is asked for as such, and everything by naming nothing', async () => {
  const asked = record({ resultType: 'vector', result: [] })
  const client = new QueryClient()
  await client.query(telemetryQuery({ ask: 'mtls' }, { ...view, project: 'c1:p-shop' }))
  await client.query(telemetryQuery({ ask: 'mtls' }, { ...view, namespaces: [] }))
  expect(asked.map(({ searchParams }) => [searchParams.get('project'), searchParams.get('namespaces')])).toEqual([
    ['c1:p-shop', null],
    [null, null],
  ])
})

test.each<[string, Partial<Subject>]>([
  ['cluster', { cluster: { name: 'other' } }],
  ['namespaces', { namespaces: ['bookinfo'] }],
  ['project', { project: 'p' }],
  ['window', { window: { seconds: 60, at: 1_767_225_645 } }],
  ['instant', { window: { seconds: 300, at: 1_767_225_660 } }],
])('another %s is another question', (_, change) => {
  expect(telemetryQuery({ ask: 'mtls' }, { ...view, ...change }).queryKey).not.toEqual(
    telemetryQuery({ ask: 'mtls' }, view).queryKey,
  )
})

test('the facts are asked once a minute at most', () => {
  const at = (instant: number) => factsQuery({ ...view, window: { seconds: 300, at: instant } }).queryKey
  expect(at(1_767_225_615)).toEqual(at(1_767_225_645))
  expect(at(1_767_225_645)).not.toEqual(at(1_767_225_660))
})
