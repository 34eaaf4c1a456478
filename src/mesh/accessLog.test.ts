import { expect, test } from 'vitest'
import { accessLogOf, levelOf } from './accessLog.ts'

/** From Istio's own documentation. */
const documented =
  '[2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 3 "-" "curl/7.73.0-DEV" "84961386-6d84-929d-98bd-c5aee93b5c88" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.httpbin.foo.svc.cluster.local default'
const refused =
  '[2026-01-05T10:00:00.000Z] "POST /a HTTP/2" 503 UF upstream_reset - "delayed_connect_error:_111" 10 0 12 - "-" "x" "id-1" "b:1" "10.0.0.1:1" outbound|1||b 1:1 2:2 3:3 - default'

test('Istio’s default format, as its documentation shows it', () => {
  expect(accessLogOf(documented)).toEqual({
    at: '2020-11-25T21:26:18.409Z',
    method: 'GET',
    path: '/status/418',
    protocol: 'HTTP/1.1',
    code: 418,
    details: 'via_upstream',
    received: 0,
    sent: 135,
    duration: 0.004,
    requestId: '84961386-6d84-929d-98bd-c5aee93b5c88',
    authority: 'httpbin:8000',
    upstreamHost: '127.0.0.1:80',
    upstreamCluster: 'inbound|8000||',
    downstream: '10.44.1.23:37652',
  })
})

test('flags, failure and the same in JSON', () => {
  expect(accessLogOf(refused)).toMatchObject({ code: 503, flags: 'UF', upstreamFailure: 'delayed_connect_error:_111' })
  const json = JSON.stringify({
    start_time: '2026-01-05T10:00:00Z',
    response_code: 503,
    response_flags: 'UF',
    duration: 12,
  })
  expect(accessLogOf(json)).toEqual({ at: '2026-01-05T10:00:00Z', code: 503, flags: 'UF', duration: 0.012 })
})

test.each(['', '{', '{"msg":"x"}', 'plain text', '[2026] no', '[]', '{"start_time":3}x'])(
  '%j is no line of an access log',
  (line) => {
    expect(accessLogOf(line)).toBeUndefined()
  },
)

test.each([
  [documented, 'warning'],
  [refused, 'error'],
  [documented.replace(' 418 -', ' 200 -'), undefined],
  [documented.replace(' 418 -', ' 0 DC'), 'warning'],
  ['2026-01-05 INFO fine', undefined],
  ['2026-01-05 WARN careful', 'warning'],
  ['{"level":"error","msg":"x"}', 'error'],
] as const)('what a line tells at a glance', (line, level) => {
  expect(levelOf(line)).toBe(level)
})
