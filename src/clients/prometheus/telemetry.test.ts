import { expect, test } from 'vitest'
import { json, testServer } from '../../proxy/testServer.ts'
import { HttpError } from '../errors.ts'
import { askTelemetry, questionParameters, scopeParameters } from './telemetry.ts'

const answer = {
  status: 'success',
  warnings: ['a warning of Prometheus'],
  data: { resultType: 'vector', result: [{ metric: { reporter: 'source' }, value: [1, '3'] }] },
  meshboard: {
    queries: [{ name: 'requests-source', promql: 'up' }, { name: 7 }],
    window: 300,
    time: 1_700_000_000,
    namespaces: ['shop', 5],
    notes: ['a namespace was left out'],
  },
}

test('asks the proxy’s door in its own words and tells what was asked', async () => {
  const server = await testServer(json(answer))
  const told = await askTelemetry(
    { base: `${server.url}/prefix/`, cluster: 'c/1 2' },
    { ask: 'response-time', statistic: 'p95', level: 'app' },
    { namespaces: ['shop', 'pay'], window: 300, at: 1_700_000_000 },
  )
  const url = new URL(server.received[0]?.url ?? '', 'http://x')
  expect(url.pathname).toBe('/prefix/api/clusters/c%2F1%202/telemetry/response-time')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    ...{ namespaces: 'shop,pay', window: '300s', time: '1700000000' },
    ...{ statistic: 'p95', level: 'app' },
  })
  expect(told).toEqual({
    samples: [{ labels: { reporter: 'source' }, value: 3 }],
    skipped: [],
    queries: [{ name: 'requests-source', promql: 'up' }],
    window: 300,
    time: 1_700_000_000,
    namespaces: ['shop'],
    notes: ['a namespace was left out'],
    warnings: ['a warning of Prometheus'],
  })
})

test('an answer that does not say what was asked is still an answer', async () => {
  const server = await testServer(json({ status: 'success', data: { resultType: 'vector', result: [] } }))
  const told = await askTelemetry({ base: server.url, cluster: 'c' }, { ask: 'requests' }, { window: 60 })
  expect(told).toMatchObject({ queries: [], window: undefined, time: undefined, namespaces: null, notes: [] })
})

test('the proxy’s refusal keeps its sentence', async () => {
  const server = await testServer(json({ error: { code: 'forbidden', message: 'you may not see shop' } }, 403))
  const error: unknown = await askTelemetry({ base: server.url, cluster: 'c' }, { ask: 'mtls' }, { window: 60 }).catch(
    (e: unknown) => e,
  )
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ status: 403, message: 'you may not see shop' })
})

test.each([
  [{ ask: 'requests' }, {}],
  [{ ask: 'requests', withIdle: true }, { idle: 'true' }],
  [{ ask: 'tcp', direction: 'received' }, { direction: 'received' }],
  [
    { ask: 'tcp', direction: 'total', withIdle: true },
    { direction: 'total', idle: 'true' },
  ],
  [{ ask: 'grpc-messages', direction: 'sent' }, { direction: 'sent' }],
  [{ ask: 'throughput', direction: 'response' }, { direction: 'response' }],
  [{ ask: 'response-time', statistic: 'avg' }, { statistic: 'avg' }],
  [{ ask: 'mtls' }, {}],
] as const)('%j is asked with %j', (question, parameters) => {
  expect(questionParameters(question)).toEqual(parameters)
})

test.each([
  [{ window: 300 }, { window: '300s' }],
  [
    { window: 300, namespaces: [] },
    { window: '300s', namespaces: '' },
  ],
  [
    { window: 60, project: 'p-1', at: 5 },
    { window: '60s', project: 'p-1', time: '5' },
  ],
] as const)('the scope %j is %j: no namespaces is nothing, not everything', (scope, parameters) => {
  expect(scopeParameters(scope)).toEqual(parameters)
})
