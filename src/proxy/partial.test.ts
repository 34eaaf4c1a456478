import { expect, onTestFinished, test } from 'vitest'
import { askSeries } from '../clients/prometheus/series.ts'
import { askTelemetry } from '../clients/prometheus/telemetry.ts'
import { partialAnswer } from '../clients/prometheus/warnings.ts'
import { meshboardToken } from '../demo/cluster/personas.ts'
import { startCluster } from '../demo/cluster/server.ts'
import { type Answer, json, testProxy, testServer } from './testServer.ts'

/** Answers that hold a part of what there is, as engines that scale out give them: what of it reaches whom. */

const owner = 'demo'
const member = 'demo-shop-member-9a27'
const data = { resultType: 'vector', result: [{ metric: { reporter: 'source' }, value: [1_700_000_000, '3'] }] }
const matrix = { resultType: 'matrix', result: [] }

const thanos =
  'receive series from Addr: store-east-1:10901 LabelSets: {team="payments"}: rpc error: code = Unavailable'
const mimir = 'the query hit 1 of 2 replicas of tenant payments'

function engine(beside: object): Answer {
  const dataOf = (url: string, body: string): unknown => {
    if (url.includes('/label/')) return ['source']
    if (url.includes('/status/')) return { version: '3.1.0', storageRetention: '15d' }
    const isRaw = /^query=istio_\w+%7B[^()]*%5D&/.test(body)
    return isRaw || url.includes('query_range') ? matrix : data
  }
  return (request, response) =>
    json({ status: 'success', ...beside, data: dataOf(request.url, request.body) })(request, response)
}

/** Asks through the proxy as whoever holds the token: questions at an instant, and one over time. */
async function behind(beside: object) {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const prometheus = await testServer(engine(beside))
  const proxy = await testProxy(
    { prometheus: { url: prometheus.url }, kubernetes: { url: cluster.url, token: meshboardToken } },
    { auth: { mode: 'bearer' } },
  )
  return async (token: string) => {
    const headers = { 'x-meshboard-token': token }
    const url = (question: string, more = '') =>
      `${proxy.url}/api/clusters/blue/telemetry/${question}?namespaces=shop-core&window=300s${more}`
    const facts = [url('facts'), url('facts', '&depth=doctor')]
    return Promise.all(
      [url('requests'), url('mtls'), url('series-requests', '&step=30&rate=60'), ...facts].map(async (each) => {
        const response = await fetch(each, { headers })
        return { status: response.status, text: await response.text() }
      }),
    )
  }
}

test.each([
  ['Thanos', { warnings: [thanos] }, thanos],
  ['Mimir', { warnings: [mimir], infos: ['PromQL info: metric might not be a counter'] }, mimir],
  ['VictoriaMetrics', { isPartial: true }, partialAnswer],
])('what %s leaves out is said to an owner in its own words, to a member without', async (_, beside, words) => {
  const ask = await behind(beside)
  for (const { status, text } of await ask(owner)) {
    expect(status, text).toBe(200)
    const { warnings, meshboard } = JSON.parse(text) as { warnings: unknown; meshboard: { notes: unknown } }
    expect(warnings).toEqual([words])
    // Said once: a note is about what Meshboard itself left out.
    expect(meshboard.notes).toEqual([])
  }
  for (const { status, text } of await ask(member)) {
    expect(status, text).toBe(200)
    expect((JSON.parse(text) as { warnings: unknown }).warnings).toHaveLength(1)
    expect(text).not.toMatch(/payments|store-east/)
  }
})

test('an answer that is whole warns of nothing', async () => {
  const ask = await behind({ isPartial: false, infos: ['PromQL info: metric might not be a counter'] })
  for (const { text } of [...(await ask(owner)), ...(await ask(member))]) {
    expect(JSON.parse(text)).not.toHaveProperty('warnings')
  }
})

test('the page’s own clients hand the warning on beside the numbers', async () => {
  const prometheus = await testServer(engine({ warnings: [thanos] }))
  const place = { base: (await testProxy({ prometheus: { url: prometheus.url } })).url, cluster: 'blue' }
  const scope = { window: 300, at: Math.floor(Date.now() / 1000) }
  const vector = await askTelemetry(place, { ask: 'requests' }, scope)
  const series = await askSeries(place, { ask: 'series-requests', by: [], reporter: 'auto' }, scope, {
    step: 30,
    rateWindow: 60,
  })
  expect([vector.warnings, series.warnings]).toEqual([[thanos], [thanos]])
  expect(vector.samples).not.toEqual([])
})
