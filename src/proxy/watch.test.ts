import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { tokens } from '../demo/testing/tenants.ts'
import { type Answer, json, testProxy, testServer } from './testServer.ts'

const path = '/api/clusters/blue/kubernetes/api/v1/namespaces/mine/pods?watch=true&resourceVersion=7'
const event = (name: string): string => `${JSON.stringify({ type: 'ADDED', object: { metadata: { name } } })}\n`
const as = (token: string) => ({ headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' } })

/** An API server whose watches say one thing and go on; what they say next is up to the test. */
async function watchedCluster(more: Answer = () => undefined) {
  const running: ServerResponse[] = []
  const cluster = await testServer((request, response) => {
    if (request.url.endsWith('/selfsubjectreviews')) {
      json({ status: { userInfo: { username: 'mara', groups: [] } } }, 201)(request, response)
      return
    }
    if (!request.url.includes('watch=')) {
      json({ kind: 'PodList', items: [], metadata: {} })(request, response)
      return
    }
    running.push(response)
    response.writeHead(200, { 'content-type': 'application/json', 'x-secret': 'upstream' })
    response.write(event('first'))
    more(request, response)
  })
  const watches = () => cluster.received.filter(({ url }) => url.includes('watch='))
  return { url: cluster.url, running, watches }
}

async function proxyBefore(url: string, limits = {}) {
  return testProxy({ kubernetes: { url, token: tokens.owner } }, { auth: { mode: 'bearer' }, limits })
}

async function heard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> {
  const { value } = await reader.read()
  return value === undefined ? undefined : new TextDecoder().decode(value)
}

describe('a watch', () => {
  test('hands each event on as it comes, asked with the viewer’s own token, and ends by itself', async () => {
    const cluster = await watchedCluster()
    const proxy = await proxyBefore(cluster.url)
    const answer = await fetch(proxy.url + path, as(tokens.member))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(answer.headers.get('x-secret')).toBeNull()
    const reader = answer.body?.getReader()
    if (reader === undefined) throw new Error('no body')
    expect(await heard(reader)).toBe(event('first'))
    cluster.running[0]?.write(event('second'))
    expect(await heard(reader)).toBe(event('second'))
    cluster.running[0]?.end()
    expect(await heard(reader)).toBeUndefined()
    const [asked] = cluster.watches()
    const { pathname, searchParams } = new URL(asked?.url ?? '', 'http://x')
    expect([pathname, Object.fromEntries(searchParams)]).toEqual([
      '/api/v1/namespaces/mine/pods',
      { watch: 'true', resourceVersion: '7', timeoutSeconds: '30' },
    ])
    expect(asked?.headers.authorization).toBe(`Bearer ${tokens.member}`)
  })

  test.each([
    ['5', '5'],
    ['30', '30'],
    ['31', '30'],
    ['999999999', '30'],
  ])('asked for %s s lasts %s s: a right that is taken away closes it in time', async (asked, lasts) => {
    const cluster = await watchedCluster((_, response) => void response.end())
    const proxy = await proxyBefore(cluster.url)
    await (await fetch(`${proxy.url}${path}&timeoutSeconds=${asked}`, as(tokens.member))).text()
    expect(new URL(cluster.watches()[0]?.url ?? '', 'http://x').searchParams.get('timeoutSeconds')).toBe(lasts)
  })

  test('ends upstream when whoever watches leaves, and no longer counts', async () => {
    const cluster = await watchedCluster()
    const proxy = await proxyBefore(cluster.url, { questionsAtOnce: 1 })
    for (let time = 0; time < 3; time++) {
      const leave = new AbortController()
      const answer = await fetch(proxy.url + path, { ...as(tokens.member), signal: leave.signal })
      const more = await fetch(proxy.url + path, as(tokens.member))
      expect([answer.status, more.status]).toEqual([200, 429])
      const closed = new Promise((resolve) => cluster.running[time]?.once('close', resolve))
      leave.abort()
      await closed
      await untilCounted(proxy.url)
    }
  })

  test('breaks off where it says more than an answer may', async () => {
    const cluster = await watchedCluster((_, response) => void response.write(event('x'.repeat(50_000))))
    const proxy = await proxyBefore(cluster.url, { answerBytes: 10_000 })
    const text = await (await fetch(proxy.url + path, as(tokens.member))).text()
    expect(text.length).toBeLessThanOrEqual(10_000)
    const [upstream] = cluster.running
    if (upstream?.closed !== true) await new Promise((resolve) => upstream?.once('close', resolve))
  })

  test.each([
    [403, 403],
    [401, 401],
    [410, 410],
  ])('that the API server answers with %i is its own refusal', async (status, told) => {
    const refusal = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'pods is forbidden', code: status }
    const cluster = await testServer((request, response) =>
      request.url.includes('watch=')
        ? json(refusal, status)(request, response)
        : json({ status: { userInfo: { username: 'mara' } } }, 201)(request, response),
    )
    const proxy = await proxyBefore(cluster.url)
    const answer = await fetch(proxy.url + path, as(tokens.member))
    expect(answer.status).toBe(told)
    expect(await answer.json()).toMatchObject({ kind: 'Status', code: told })
  })

  test('of an API server that cannot be reached, or redirects, is a Status', async () => {
    const proxy = await testProxy({ kubernetes: { url: 'http://127.0.0.1:1' } })
    expect((await fetch(proxy.url + path)).status).toBe(502)
    const cluster = await testServer((_, response) => {
      response.writeHead(302, { location: 'https://login.example.org/?state=s3cret' })
      response.end()
    })
    const answer = await fetch((await testProxy({ kubernetes: { url: cluster.url } })).url + path)
    expect(answer.status).toBe(502)
    expect(await answer.text()).not.toContain('s3cret')
  })
})

/** The proxy learns of a closed connection a moment after the browser closed it. */
async function untilCounted(url: string): Promise<void> {
  for (;;) {
    const { status } = await fetch(`${url}/api/clusters/blue/kubernetes/api/v1/pods`, as(tokens.member))
    if (status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
