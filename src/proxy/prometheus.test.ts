import { describe, expect, test } from 'vitest'
import { json, misbehaviour, testProxy, testServer, vector } from './testServer.ts'

const door = '/api/clusters/blue/prometheus'
const success = json({ status: 'success', data: [] })

describe('the raw Prometheus door', () => {
  test.each([
    'query?query=up&time=1700000000&timeout=5s',
    'query_range?query=up&start=1&end=2&step=1',
    'series?match[]=up&match[]=down',
    'labels',
    'label/source_workload/values?match[]=up',
    'metadata?metric=up',
    'status/buildinfo',
    'status/runtimeinfo',
  ])('GET %s is handed on with its parameters', async (path) => {
    const prometheus = await testServer(success)
    const proxy = await testProxy({ prometheus: { url: `${prometheus.url}/under` } })
    const response = await fetch(`${proxy.url}${door}/api/v1/${path}`)
    expect(response.status).toBe(200)
    expect(decodeURIComponent(prometheus.received[0]?.url ?? '')).toBe(`/under/api/v1/${path}`)
  })

  test('a POSTed form is handed on; the browser’s own headers are not, nor the answer’s', async () => {
    const prometheus = await testServer((request, response) => {
      response.setHeader('set-cookie', 'upstream=1')
      response.setHeader('access-control-allow-origin', '*')
      vector()(request, response)
    })
    const proxy = await testProxy({
      prometheus: { url: prometheus.url, headers: { authorization: 'Bearer configured' } },
    })
    const response = await fetch(`${proxy.url}${door}/api/v1/query`, {
      method: 'POST',
      headers: {
        cookie: 'session=abc',
        authorization: 'Bearer mine',
        'x-forwarded-for': '1.2.3.4',
        origin: proxy.url,
      },
      body: new URLSearchParams({ query: 'a or b' }),
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [received] = prometheus.received
    expect(received).toMatchObject({ method: 'POST', body: 'query=a+or+b' })
    expect(received?.headers).toMatchObject({ authorization: 'Bearer configured', host: new URL(prometheus.url).host })
    for (const name of ['cookie', 'x-forwarded-for', 'origin']) expect(received?.headers[name]).toBeUndefined()
  })

  test.each([
    ['admin/tsdb/delete_series?match[]=up', 'GET', 404],
    ['write', 'POST', 404],
    ['targets', 'GET', 404],
    ['status/config', 'GET', 404],
    ['status/flags', 'GET', 404],
    ['label/a%2Fb/values', 'GET', 404],
    ['label/../values', 'GET', 404],
    ['query/../status/config', 'GET', 404],
    ['query%2f..%2fstatus/config', 'GET', 404],
    ['constructor', 'GET', 404],
    ['status/buildinfo', 'POST', 405],
    ['query', 'DELETE', 405],
  ])('%s by %s is refused in the shape of Prometheus, unasked', async (path, method, status) => {
    const prometheus = await testServer(success)
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const body = method === 'POST' ? new URLSearchParams({ a: 'b' }) : null
    const response = await fetch(`${proxy.url}${door}/api/v1/${path}`, { method, body })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      status: 'error',
      errorType: expect.any(String) as string,
      error: expect.any(String) as string,
    })
    expect(prometheus.received).toEqual([])
  })

  test("Prometheus's own errors come through as they are", async () => {
    const failure = { status: 'error', errorType: 'bad_data', error: '1:4: parse error: unexpected end of input' }
    const prometheus = await testServer(json(failure, 400))
    const proxy = await testProxy({ prometheus: { url: prometheus.url } })
    const response = await fetch(`${proxy.url}${door}/api/v1/query?query=up%7B`)
    expect([response.status, await response.json()]).toEqual([400, failure])
  })

  test.each([
    ['hang', 504, 'timeout'],
    ['reset', 502, 'unavailable'],
    ['html', 502, 'unavailable'],
    ['truncated', 502, 'unavailable'],
    ['huge', 502, 'unavailable'],
  ] as const)('an upstream that answers %s is %i %s in the shape of Prometheus', async (way, status, errorType) => {
    const prometheus = await testServer(misbehaviour[way])
    const proxy = await testProxy(
      { prometheus: { url: prometheus.url } },
      { limits: { upstreamSeconds: way === 'hang' ? 0.2 : 60, answerBytes: 100_000 } },
    )
    const response = await fetch(`${proxy.url}${door}/api/v1/query?query=up`)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      status: 'error',
      errorType,
      error: expect.stringMatching(/Prometheus of blue .*\. /) as string,
    })
  })

  test.each([
    ['not a form', { body: '{}', headers: { 'content-type': 'application/json' } }, 400],
    ['too large', { body: new URLSearchParams({ query: 'x'.repeat(2000) }) }, 413],
  ])('a body that is %s is refused', async (_, init, status) => {
    const prometheus = await testServer(success)
    const proxy = await testProxy({ prometheus: { url: prometheus.url } }, { limits: { requestBytes: 1000 } })
    const response = await fetch(`${proxy.url}${door}/api/v1/query`, { method: 'POST', ...init })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ status: 'error', errorType: 'bad_data' })
    expect(prometheus.received).toEqual([])
  })
})
