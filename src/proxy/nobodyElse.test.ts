import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { json, testProxy, testServer, vector } from './testServer.ts'

interface Reached {
  readonly names: readonly string[]
  readonly ports: ReadonlySet<number>
}

/** Every connection that this process opens from now on, whichever library does it: the names it looks up, and the ports it reaches. */
function connections(): () => Reached {
  const names: string[] = []
  const ports = new Set<number>()
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket }
    socket.on('lookup', (_error, _address, _family, host) => void names.push(host))
    socket.on('connect', () => void ports.add(socket.remotePort ?? -1))
  }
  subscribe('net.client.socket', onSocket)
  onTestFinished(() => void unsubscribe('net.client.socket', onSocket))
  return () => ({ names, ports })
}

test('whatever is asked of it, the proxy asks nobody but its upstreams: no request leaves the cluster', async () => {
  const reached = connections()
  const kubernetes = await testServer((received, response) => {
    const isReview = received.url.includes('accessreviews')
    const body = isReview
      ? { status: { allowed: true } }
      : { kind: 'List', items: [], metadata: {}, groups: [], status: { userInfo: { username: 'ann' } } }
    json(body, isReview ? 201 : 200)(received, response)
  })
  const prometheus = await testServer(vector())
  const proxy = await testProxy(
    { kubernetes: { url: kubernetes.url }, prometheus: { url: prometheus.url } },
    { auth: { mode: 'bearer' }, limits: { reviewSeconds: 0 } },
  )
  const root = '/api/clusters/blue'
  const paths = ['/', '/healthz', '/readyz', '/metrics', '/api/session', '/api/session/login']
  const doors = ['objects', 'tools', 'namespaces', 'settings/access', 'settings/mesh', 'kubernetes/api/v1/pods']
  const questions = ['requests', 'tcp', 'response-time', 'mtls', 'facts', 'alerts', 'resources']
  for (const path of [
    ...paths,
    ...doors.map((door) => `${root}/${door}`),
    ...questions.map((question) => `${root}/telemetry/${question}`),
    `${root}/prometheus/api/v1/query?query=up`,
  ]) {
    await (await fetch(proxy.url + path, { headers: { 'x-meshboard-token': 't' } })).text()
  }
  expect(kubernetes.received.length).toBeGreaterThan(5)
  expect(prometheus.received.length).toBeGreaterThan(5)
  const allowed = [proxy.url, kubernetes.url, prometheus.url].map((url) => Number(new URL(url).port))
  const { names, ports } = reached()
  expect([...ports].sort()).toEqual(allowed.sort())
  expect(names.filter((name) => !['127.0.0.1', 'localhost'].includes(name))).toEqual([])
})
