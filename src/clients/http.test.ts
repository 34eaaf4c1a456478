import { afterEach, describe, expect, test, vi } from 'vitest'
import { misbehaviour, testServer, json } from '../proxy/testServer.ts'
import { HttpError, NetworkError, NotJsonError, TimeoutError, TooLargeError } from './errors.ts'
import { request, requestJson, sendAlong, urlUnder } from './http.ts'

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )

describe('requestJson', () => {
  test('gives the parsed JSON, unicode split over chunks included', async () => {
    const server = await testServer((_, response) => {
      const bytes = Buffer.from('{"name":"🦊é"}')
      response.write(bytes.subarray(0, 11))
      setTimeout(() => response.end(bytes.subarray(11)), 20)
    })
    expect(await requestJson(server.url)).toEqual({ name: '🦊é' })
  })

  test.each([
    ['prometheus', { status: 'error', errorType: 'bad_data', error: 'parse error at char 3' }, 'parse error at char 3'],
    [
      'kubernetes',
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'pods is forbidden' },
      'pods is forbidden',
    ],
    ['meshboard', { error: { code: 'window_invalid', message: 'not a window' } }, 'not a window'],
  ])('keeps the %s shape of a failed answer and its sentence', async (kind, body, sentence) => {
    const server = await testServer(json(body, 422))
    const error = await failureOf(requestJson(server.url))
    expect(error).toBeInstanceOf(HttpError)
    expect(error).toMatchObject({ status: 422, message: sentence, failure: { kind, body } })
  })

  test('a failed answer that is a page keeps its status and beginning', async () => {
    const server = await testServer(misbehaviour.html500)
    const error = await failureOf(requestJson(server.url))
    expect(error).toBeInstanceOf(HttpError)
    expect(error).toMatchObject({
      status: 500,
      failure: { kind: 'other', excerpt: expect.stringContaining('<html>') as string },
    })
  })

  test.each([
    ['html', /an HTML page/],
    ['truncated', /other than JSON/],
    ['empty', /other than JSON/],
  ] as const)('an answer that is %s is not JSON, with the parser as cause', async (way, sentence) => {
    const server = await testServer(misbehaviour[way])
    const error = await failureOf(requestJson(server.url))
    expect(error).toBeInstanceOf(NotJsonError)
    expect(error).toMatchObject({
      message: expect.stringMatching(sentence) as string,
      cause: expect.any(SyntaxError) as Error,
    })
  })

  test.each(['reset', 'cutOff'] as const)('a connection that is %s is a network error', async (way) => {
    const server = await testServer(misbehaviour[way])
    expect(await failureOf(requestJson(server.url))).toBeInstanceOf(NetworkError)
  })

  test('a refused connection is a network error that names the reason, not "fetch failed"', async () => {
    const error = await failureOf(requestJson('http://127.0.0.1:1/x'))
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ message: expect.not.stringContaining('fetch failed') as string })
  })

  test('an answer beyond the limit is too large, whether or not it says its length', async () => {
    const quiet = await testServer(misbehaviour.huge)
    expect(await failureOf(requestJson(quiet.url, { maxBytes: 1000 }))).toBeInstanceOf(TooLargeError)
    const honest = await testServer((_, response) => {
      response.writeHead(200, { 'content-length': '5000' })
      response.end('x'.repeat(5000))
    })
    expect(await failureOf(requestJson(honest.url, { maxBytes: 1000 }))).toBeInstanceOf(TooLargeError)
  })
})

describe('request', () => {
  test('gives up after its own time with a TimeoutError', async () => {
    const server = await testServer(misbehaviour.hang)
    const error = await failureOf(request(server.url, { timeoutSeconds: 0.05 }))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ seconds: 0.05 })
  })

  test('gives up also when the body stalls', async () => {
    const server = await testServer((_, response) => void response.write('{'))
    expect(await failureOf(request(server.url, { timeoutSeconds: 0.1 }))).toBeInstanceOf(TimeoutError)
  })

  test("a caller's abort comes back as the caller's own reason, and ends the connection", async () => {
    let isClosed = false
    const server = await testServer((_, response) => void response.on('close', () => (isClosed = true)))
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('changed my mind')), 50)
    expect(await failureOf(request(server.url, { signal: controller.signal }))).toMatchObject({
      message: 'changed my mind',
    })
    await expect.poll(() => isClosed).toBe(true)
  })

  test('an aborted signal asks nothing', async () => {
    const server = await testServer(json({}))
    await failureOf(request(server.url, { signal: AbortSignal.abort() }))
    expect(server.received).toEqual([])
  })

  test('credentials in a URL become a header and show in no message', async () => {
    const server = await testServer(misbehaviour.html)
    const error = await failureOf(requestJson(server.url.replace('//', '//ann:s%40cret@')))
    expect(server.received[0]?.headers.authorization).toBe(`Basic ${btoa('ann:s@cret')}`)
    expect(String(error)).not.toMatch(/ann|cret/)
  })

  test('a form is a POST body', async () => {
    const server = await testServer(json({}))
    await request(server.url, { method: 'POST', body: new URLSearchParams({ query: 'a{b="ü"} + 1' }) })
    expect(server.received[0]).toMatchObject({ method: 'POST', body: 'query=a%7Bb%3D%22%C3%BC%22%7D+%2B+1' })
  })
})

test.each([
  ['', 'api/session', 'api/session'],
  ['http://host/prefix', 'api/v1/query', 'http://host/prefix/api/v1/query'],
  ['http://host/prefix/', 'api/v1/query', 'http://host/prefix/api/v1/query'],
])('urlUnder(%j, %j) is %j', (base, path, url) => {
  expect(urlUnder(base, path)).toBe(url)
  expect(urlUnder(base, path, new URLSearchParams({ a: 'b c' }))).toBe(`${url}?a=b+c`)
})

describe('what is sent along', () => {
  const headersOf = async (url: string) => {
    const asked = vi.fn<typeof fetch>(() => Promise.resolve(new Response('{}')))
    vi.stubGlobal('fetch', asked)
    await requestJson(url)
    return new Headers(asked.mock.calls[0]?.[1]?.headers)
  }
  afterEach(() => {
    sendAlong({})
    vi.unstubAllGlobals()
  })

  test.each(['api/session', '../api/session', '/api/session', 'api/x?from=https://a.test'])(
    'goes with a request to our own server: %s',
    async (url) => {
      sendAlong({ 'x-meshboard-token': 'secret' })
      expect((await headersOf(url)).get('x-meshboard-token')).toBe('secret')
    },
  )

  test.each(['https://a.test/api/session', '//a.test/api', ' //a.test/api', '/\\a.test/api', '\\\\a.test/api'])(
    'goes nowhere else: %s',
    async (url) => {
      sendAlong({ 'x-meshboard-token': 'secret' })
      expect((await headersOf(url)).has('x-meshboard-token')).toBe(false)
    },
  )

  test('is gone when it is taken back', async () => {
    sendAlong({ 'x-meshboard-token': 'secret' })
    sendAlong({})
    expect((await headersOf('api/session')).has('x-meshboard-token')).toBe(false)
  })
})
