import { expect, test } from 'vitest'
import { json, testServer } from '../../proxy/testServer.ts'
import { HttpError, NotJsonError } from '../errors.ts'
import { openAnswer, queryInstant } from './query.ts'

const vector = (value: string, more: object = {}): unknown => ({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { reporter: 'source' }, value: [1_700_000_000, value] }] },
  ...more,
})

test('asks by form, so that no expression is too long for an address, at the instant, under a path prefix', async () => {
  const server = await testServer(json(vector('7.5', { warnings: ['partial answer'] })))
  const promql = `up{job="${'a+b&c'.repeat(5000)}"}`
  const place = { url: `${server.url}/select/0/prometheus`, headers: { 'x-scope-orgid': 'north' }, timeoutSeconds: 9 }
  expect(await queryInstant(place, { promql, at: 1_700_000_000.5 })).toEqual({
    samples: [{ labels: { reporter: 'source' }, value: 7.5 }],
    skipped: [],
    warnings: ['partial answer'],
  })
  const [received] = server.received
  expect([received?.method, received?.url]).toEqual(['POST', '/select/0/prometheus/api/v1/query'])
  expect(received?.headers['x-scope-orgid']).toBe('north')
  expect(Object.fromEntries(new URLSearchParams(received?.body))).toEqual({
    query: promql,
    time: '1700000000.5',
    timeout: '9s',
  })
})

test('what is no number is counted, not lost', async () => {
  const server = await testServer(json(vector('NaN')))
  const { samples, skipped } = await queryInstant({ url: server.url }, { promql: 'x', at: 0 })
  expect([samples, skipped.map(({ count }) => count)]).toEqual([[], [1]])
})

test('keeps Prometheus’s own sentence of a refusal', async () => {
  const refusal = { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end of input' }
  const server = await testServer(json(refusal, 400))
  const error: unknown = await queryInstant({ url: server.url }, { promql: 'sum(', at: 0 }).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ message: 'parse error: unexpected end of input', status: 400 })
})

test('a caller’s abort comes back as the caller’s own reason', async () => {
  const stopped = new AbortController()
  stopped.abort(new Error('the page was left'))
  const server = await testServer(json(vector('1')))
  await expect(queryInstant({ url: server.url }, { promql: 'x', at: 0 }, stopped.signal)).rejects.toThrow(
    'the page was left',
  )
  expect(server.received).toEqual([])
})

test.each([
  [{ status: 'error', error: 'query timed out' }],
  [{ status: 'error', errorType: 'timeout', error: 'query timed out' }],
])('a refusal under status 200 keeps the server’s sentence: %j', (answer) => {
  expect(() => openAnswer('http://x', answer)).toThrow(HttpError)
  expect(() => openAnswer('http://x', answer)).toThrow('query timed out')
})

test.each([[null], [[]], [{ status: 'error' }], [{ hello: 'world' }], ['success']])(
  'JSON that is no answer of the Prometheus API is said to be none: %j',
  (answer) => {
    expect(() => openAnswer('http://x', answer)).toThrow(NotJsonError)
  },
)
