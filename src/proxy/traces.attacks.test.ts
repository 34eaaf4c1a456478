import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../demo/testing/engines.ts'
import { blueAnswer, marker, namespaceMarker, rebornAgo, rights, tokens } from '../demo/testing/tenants.ts'
import type { TraceAnswer, TracesAnswer } from '../clients/traces/wire.ts'
import { type RunningProxy, startProxy } from './serve.ts'
import { json, standingServer, type TestServer } from './testServer.ts'

/** Unix seconds: the instant at which the tenants live. */
const now = at

/** The team may see traces, the stranger as well: the stranger has no namespace. */
const withTraces = {
  roles: {
    ...rights.roles,
    traces: [{ apiGroups: ['meshboard.io'], resources: ['tools'], resourceNames: ['jaeger'], verbs: ['get'] }],
  },
  bindings: [
    ...rights.bindings,
    { role: 'traces', subjects: [{ kind: 'Group', name: 'team' }] },
    { role: 'traces', subjects: [{ kind: 'User', name: 'sven' }] },
  ],
} as typeof rights

const span = (
  id: string,
  service: string,
  namespace: string,
  more: { parent?: string; ago?: number; cluster?: string; calls?: string } = {},
) => ({
  traceID: 'x',
  spanID: id,
  operationName: service.includes(marker) ? `${marker}-operation` : (more.calls ?? 'GET /'),
  references: more.parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: 'x', spanID: more.parent }],
  startTime: (now - (more.ago ?? 20)) * 1e6,
  duration: 1000,
  tags: [
    { key: 'istio.namespace', type: 'string', value: namespace },
    { key: 'istio.cluster_id', type: 'string', value: more.cluster ?? 'blue' },
    ...(more.calls === undefined
      ? []
      : [
          { key: 'span.kind', type: 'string', value: 'client' },
          { key: 'http.url', type: 'string', value: `http://${more.calls}/` },
          { key: 'upstream_cluster', type: 'string', value: `outbound|80||${more.calls}` },
        ]),
    ...(service.includes(marker) ? [{ key: 'http.url', type: 'string', value: `http://${marker}/` }] : []),
  ],
  logs: service.includes(marker) ? [{ timestamp: 1, fields: [{ key: 'event', value: marker }] }] : [],
  processID: service,
})

const theirs = `${namespaceMarker}-pay`
/** id → its spans. Every foreign name is a canary. */
const stored: Readonly<Record<string, readonly ReturnType<typeof span>[]>> = {
  // Touches ours in the middle.
  a1: [
    span('1', `${marker}-pay.${theirs}`, theirs),
    span('2', 'shop.mine', 'mine', { parent: '1' }),
    // A call of ours names whom it called.
    span('4', 'shop.mine', 'mine', { parent: '2', calls: `${marker}-db.${theirs}.svc.cluster.local` }),
    span('3', `${marker}-db.${theirs}`, theirs, { parent: '4' }),
  ],
  // Not at all ours.
  b2: [span('1', `${marker}-pay.${theirs}`, theirs)],
  // Calls itself ours, and says elsewhere whose it is.
  c3: [span('1', `shop.mine`, theirs), span('2', `${marker}.mine`, theirs)],
  // Of the namespace of the same name in another cluster.
  d4: [span('1', `${marker}-green.mine`, 'mine', { cluster: 'green' })],
  // Of the namespace's earlier life.
  e5: [span('1', `${marker}-dead.reborn`, 'reborn', { ago: rebornAgo + 60 })],
  // Of a namespace that telemetry's word for "not known" names.
  f6: [span('1', `${marker}.unknown`, 'unknown')],
}

const wire = (id: string) => ({
  traceID: id,
  spans: (stored[id] ?? []).map((each) => ({
    ...each,
    traceID: id,
    references: each.references.map((one) => ({ ...one, traceID: id })),
  })),
  processes: Object.fromEntries(
    (stored[id] ?? []).map(({ processID }) => [processID, { serviceName: processID, tags: [] }]),
  ),
  warnings: [`${marker}-warning`],
})

let jaeger: TestServer & { readonly close: () => Promise<void> }
let cluster: typeof jaeger
let plain: typeof jaeger
let proxy: RunningProxy
let status = 200

function storeAnswer(path: string): readonly [status: number, body: unknown] {
  const failed = (code: number, msg: string) => [code, { data: null, errors: [{ code, msg }] }] as const
  if (status !== 200) return failed(status, `${marker} failed`)
  if (path === '/api/services') {
    const names = [
      `${marker}-pay.${theirs}`,
      'shop.mine',
      `${marker}.mine`,
      `${marker}-dead.reborn`,
      `${marker}.unknown`,
    ]
    return [200, { data: names }]
  }
  const id = /^\/api\/traces\/(\w+)$/.exec(path)?.[1]
  if (id === undefined) return [200, { data: Object.keys(stored).map(wire), errors: null }]
  return stored[id] === undefined ? failed(404, 'trace not found') : [200, { data: [wire(id)], errors: null }]
}

beforeAll(async () => {
  jaeger = await standingServer((received, response) => {
    const [answered, body] = storeAnswer(new URL(received.url, 'http://jaeger').pathname)
    json(body, answered)(received, response)
  })
  cluster = await standingServer((received, response) => {
    const [answered, body] = blueAnswer(received, withTraces)
    json(body, answered)(received, response)
  })
  plain = await standingServer((received, response) => {
    const [answered, body] = blueAnswer(received)
    json(body, answered)(received, response)
  })
  proxy = await startProxy({
    port: 0,
    auth: { mode: 'bearer' },
    logLevel: 'silent',
    clusters: [
      {
        name: 'blue',
        istioCluster: 'blue',
        prometheus: { url: 'http://127.0.0.1:1', matchers: [{ label: 'cluster', op: '=', value: 'blue' }] },
        kubernetes: { url: cluster.url, token: tokens.owner },
        traces: { url: jaeger.url },
      },
    ],
  })
})
afterAll(async () => {
  await proxy.close()
  await jaeger.close()
  await cluster.close()
  await plain.close()
})

async function ask(token: string | undefined, path: string) {
  const answer = await fetch(`${proxy.url}/api/clusters/blue/traces${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
  return { status: answer.status, text: await answer.text() }
}

describe.each([
  ['a member', tokens.member],
  ['a member who may see the graph', tokens.grapher],
])('%s', (_, token) => {
  test.each([
    '?window=1h',
    '?namespaces=mine&window=1h',
    '?namespaces=mine&apps=shop&window=1h',
    `?namespaces=mine,${theirs}&window=1h`,
    '?project=p-team&window=1h',
  ])('reads of a search only traces that touch own spans: %s', async (query) => {
    const { status: answered, text } = await ask(token, query)
    expect(answered).toBe(200)
    const found = JSON.parse(text) as TracesAnswer
    expect(found.traces.map(({ id, blank, spans, services }) => [id, blank, spans, services])).toEqual([
      ['a1', 2, 4, ['shop.mine']],
    ])
    const told = text.replaceAll(`may not see their pods: ${theirs}`, '')
    expect(told).not.toContain(marker)
    expect(told).not.toContain(namespaceMarker)
  })

  test('reads of a trace only own spans', async () => {
    const { status: answered, text } = await ask(token, '/a1')
    expect(answered).toBe(200)
    const { trace } = JSON.parse(text) as TraceAnswer
    expect(trace.spans.map(({ id, service, isBlank }) => [id, service, isBlank])).toEqual([
      ['1', '', true],
      ['2', 'shop.mine', undefined],
      ['4', 'shop.mine', undefined],
      ['3', '', true],
    ])
    expect(text).not.toContain(marker)
  })

  test.each(['b2', 'c3', 'd4', 'e5', 'f6', '0'.repeat(32)])(
    'learns nothing of %s, not even whether it is',
    async (id) => {
      const { status: answered, text } = await ask(token, `/${id}`)
      expect(answered).toBe(404)
      expect(text.replaceAll(id, 'ID')).toBe((await ask(token, '/abcdef')).text.replaceAll('abcdef', 'ID'))
    },
  )

  test('another team’s namespace is not asked about at all', async () => {
    const before = jaeger.received.length
    const { text } = await ask(token, `?namespaces=${theirs}&window=1h`)
    expect((JSON.parse(text) as TracesAnswer).traces).toEqual([])
    expect(jaeger.received.length).toBe(before)
  })

  test('no word of the store’s own errors passes', async () => {
    status = 500
    try {
      for (const path of ['?namespaces=mine', '/a1']) {
        const answer = await ask(token, path)
        expect(answer.status).toBe(502)
        expect(answer.text).not.toContain(marker)
      }
    } finally {
      status = 200
    }
  })
})

test('without the Jaeger capability the door is closed, and says which permission opens it', async () => {
  const closed = await startProxy({
    port: 0,
    auth: { mode: 'bearer' },
    logLevel: 'silent',
    clusters: [
      {
        name: 'blue',
        prometheus: { url: 'http://127.0.0.1:1' },
        kubernetes: { url: plain.url, token: tokens.owner },
        tools: { jaeger: { url: 'https://jaeger.example.org' } },
        traces: { url: jaeger.url },
      },
    ],
  })
  try {
    const before = jaeger.received.length
    for (const path of ['?namespaces=mine', '/a1']) {
      const answer = await fetch(`${closed.url}/api/clusters/blue/traces${path}`, {
        headers: { authorization: `Bearer ${tokens.member}` },
      })
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({
        error: {
          code: 'traces_closed',
          permission: { verb: 'get', group: 'meshboard.io', resource: 'tools', name: 'jaeger' },
        },
      })
    }
    expect(jaeger.received.length).toBe(before)
  } finally {
    await closed.close()
  }
})

test('who sees every namespace reads everything; nobody else gets in', async () => {
  const { text } = await ask(tokens.owner, '?window=1h')
  expect((JSON.parse(text) as TracesAnswer).traces.map(({ id }) => id).sort()).toEqual(Object.keys(stored).sort())
  expect((await ask(tokens.owner, '/b2')).text).toContain(`${marker}-operation`)
  expect((await ask(undefined, '/a1')).status).toBe(401)
  const stranger = await ask(tokens.stranger, '?window=1h')
  expect((JSON.parse(stranger.text) as TracesAnswer).traces).toEqual([])
  expect((await ask(tokens.stranger, '/a1')).status).toBe(404)
})

test.each(['/..%2f..%2fapi%2fservices', '/a1%2f..%2fb2', '/A1', '/a1%0d%0aX', `/${'a'.repeat(33)}`, '/services'])(
  'a path that is no trace’s id reaches nothing: %s',
  async (path) => {
    const before = jaeger.received.map(({ url }) => url).length
    const answer = await ask(tokens.member, path)
    expect([400, 404]).toContain(answer.status)
    expect(jaeger.received.length).toBe(before)
  },
)

test.each([
  '?apps=shop',
  '?namespaces=mine,reborn&apps=shop',
  '?namespaces=mine&apps=a"b',
  '?namespaces=mine&service=x',
  '?namespaces=MINE',
  '?namespaces=mine&window=9y',
  '?namespaces=mine&namespaces=x',
])('a question that is not understood is refused: %s', async (query) => {
  const before = jaeger.received.length
  expect((await ask(tokens.member, query)).status).toBe(400)
  expect(jaeger.received.length).toBe(before)
})
