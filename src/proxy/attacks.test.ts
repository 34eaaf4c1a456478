import { Agent, request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, type Engine, startPrometheus } from '../demo/testing/engines.ts'
import { groupings } from '../mesh/rangeQueries.ts'
import { seriesAsks } from './seriesQuestions.ts'
import type { ProxyConfig } from './config.ts'
import { type RunningProxy, startProxy } from './serve.ts'
import { json, standingServer } from './testServer.ts'
import { blueAnswer, counters, marker, namespaceMarker, tokens } from '../demo/testing/tenants.ts'

/** The whole proxy before a real Prometheus that holds two clusters, and everything it ever logged. */
let engine: Engine
let proxy: RunningProxy
/** The same with the peers' level `full`. */
let openProxy: RunningProxy
let closeCluster: () => Promise<void>
let asked = 0
const logged: string[] = []

beforeAll(async () => {
  engine = await startPrometheus(counters)
  const cluster = await standingServer((received, response) => {
    const [status, body] = blueAnswer(received)
    json(body, status)(received, response)
  })
  const watched = await standingServer((received, response) => {
    asked += 1
    const isPost = received.method === 'POST'
    void fetch(engine.url + received.url, {
      method: received.method,
      ...(isPost ? { body: received.body, headers: { 'content-type': 'application/x-www-form-urlencoded' } } : {}),
    }).then(async (answer) => json(await answer.json(), answer.status)(received, response))
  })
  closeCluster = async () => {
    await cluster.close()
    await watched.close()
  }
  const config: ProxyConfig = {
    port: 0,
    auth: { mode: 'bearer' },
    logLevel: 'debug',
    limits: { answerSeconds: 60, questionsAtOnce: 1000, upstreamSeconds: 300 },
    health: [
      { protocol: 'http', match: { namespace: `${namespaceMarker}-pay` }, codes: '5..', degraded: 0.5, failing: 0.9 },
    ],
    clusters: [
      {
        name: 'blue',
        istioCluster: 'blue',
        prometheus: { url: watched.url, matchers: [{ label: 'cluster', op: '=', value: 'blue' }] },
        kubernetes: { url: cluster.url, token: tokens.owner },
      },
    ],
  }
  const around = { logTo: { write: (line: string) => void logged.push(line) } }
  proxy = await startProxy(config, around)
  openProxy = await startProxy({ ...config, peers: 'full' }, around)
}, 240_000)
afterAll(async () => {
  await proxy.close()
  await openProxy.close()
  await closeCluster()
  await engine.stop()
})

const agent = new Agent({ keepAlive: true, maxSockets: 24 })

interface Reply {
  readonly status: number
  /** Every byte of the answer, its headers included. */
  readonly everything: string
  readonly body: string
}

/** A request as a program sends it: the path goes as it is. */
function send(
  path: string,
  token: string | undefined,
  more: { method?: string; body?: string; headers?: Record<string, string>; to?: RunningProxy } = {},
) {
  return new Promise<Reply>((resolve, reject) => {
    const { hostname, port } = new URL((more.to ?? proxy).url)
    const headers = { ...more.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
    const sent = request({ agent, hostname, port, path, method: more.method ?? 'GET', headers }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (part: string) => (body += part))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body, everything: `${answer.rawHeaders.join('\n')}\n${body}` }),
      )
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(more.body)
  })
}

const door = '/api/clusters/blue/telemetry'
const own = ['mine', 'reborn']

/** Who is a peer is known only of one end. */
const endFor = (by: string): string => (by === 'peer' ? '&of=workload/mine/shop&direction=inbound' : '')

/** One's own ends, another team's, and names that stand on both sides. */
const ends = [
  'service/mine/shop',
  'workload/mine/shop',
  'namespace/mine/mine',
  `namespace/${namespaceMarker}-pay/${namespaceMarker}-pay`,
  'app/mine/shop',
  `workload/${namespaceMarker}-pay/${marker}-pay`,
]

/** Every question about an instant with every one of its own parameters. */
const instants: readonly string[] = [
  'requests',
  'requests?idle=true',
  ...['sent', 'received', 'total'].flatMap((way) => [
    `tcp?direction=${way}`,
    `tcp?idle=true&direction=${way}`,
    `grpc-messages?direction=${way}`,
  ]),
  ...['avg', 'p50', 'p95', 'p99'].map((statistic) => `response-time?statistic=${statistic}`),
  'response-time?level=app',
  'response-time?level=versionedApp',
  'throughput?direction=request',
  'throughput?direction=response',
  'mtls',
  'operations',
  'plaintext',
  'facts',
  'facts?depth=doctor',
  'alerts',
  'resources',
  'certificates',
]
/** The same of the questions over time; each is dear, so it is asked about everything at once. */
const series: readonly string[] = [
  ...seriesAsks.flatMap((ask) => [
    ...groupings.map((by) => `${ask}?by=${by}${endFor(by)}`),
    ...['source', 'destination'].flatMap((reporter) =>
      ['service', 'source', 'peer'].map((by) => `${ask}?by=${by}&reporter=${reporter}${endFor(by)}`),
    ),
    `${ask}?by=${groupings.join(',')}${endFor('peer')}`,
    ...ends.flatMap((of) =>
      ['inbound', 'outbound'].flatMap((direction) => [
        `${ask}?of=${of}&direction=${direction}&by=peer`,
        `${ask}?of=${of}&direction=${direction}&by=source,workload`,
      ]),
    ),
    ...ends
      .slice(4)
      .flatMap((of) => [
        `${ask}?of=${of}&direction=outbound&peers=namespace/${namespaceMarker}-pay,workload/${namespaceMarker}-pay/${marker}-pay,unknown`,
        `${ask}?of=${of}&direction=outbound&by=peer&rest=true&peers=service/${namespaceMarker}-pay/${marker}-theirs`,
      ]),
    `${ask}?by=service&step=15&rate=60`,
    `${ask}?services=mine/shop`,
    `${ask}?by=service&services=mine/${marker},${namespaceMarker}-pay/${marker}-pay`,
    `${ask}?by=service,source&services=mine/shop&rest=true`,
  ]),
  'series-duration?statistic=buckets&by=service',
]
const everything = `namespaces=mine,reborn,${namespaceMarker}-pay`
const scopes = ['', 'namespaces=mine', everything, 'project=p-team', 'project=c-1:p-others']
const windows = ['window=60s', 'window=15m']

function paths(): readonly string[] {
  const asked = [
    ...instants.flatMap((question) => scopes.flatMap((scope) => windows.map((window) => [question, scope, window]))),
    ...series.map((question) => [question, everything, 'window=15m']),
    ...series.filter((question) => /by=service/.test(question)).map((question) => [question, '', 'window=60s']),
  ]
  return asked.map(([question = '', scope = '', window = '']) => {
    const [name = '', parameters = ''] = question.split('?')
    return `${door}/${name}?${[parameters, scope, window, `time=${at}`].filter((part) => part !== '').join('&')}`
  })
}

async function inTurns<Item>(items: readonly Item[], each: (item: Item) => Promise<void>, atOnce = 24): Promise<void> {
  const left = items[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = left.next(); next.done !== true; next = left.next()) await each(next.value)
    }),
  )
}

/** The namespaces and the PromQL are the viewer's own words: what was asked comes back there, and is no leak. */
function told(reply: Reply, path: string): string {
  const decoded = decodeURIComponent(path.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  const echoes = [...new Set(decoded.match(new RegExp(`[\\w.-]*(${marker}|${namespaceMarker})[\\w.-]*`, 'g')) ?? [])]
  return echoes.sort((a, b) => b.length - a.length).reduce((text, echo) => withoutWords(text, echo), reply.everything)
}

function withoutWords(text: string, echo: string): string {
  return text
    .replace(/"(promql|message)":"(?:[^"\\]|\\.)*"/g, (sentence) => sentence.replaceAll(echo, ''))
    .replace(/"notes":\[[^\]]*\]/g, (notes) => notes.replaceAll(echo, ''))
}

/** Where a word stands in a text, with what is around it; undefined where it does not. */
function found(text: string, word: string): string | undefined {
  const index = text.indexOf(word)
  return index < 0 ? undefined : text.slice(Math.max(0, index - 200), index + 100)
}

describe('no name of another team leaves Prometheus', () => {
  test('at level hide: not one marker in any byte of any answer to any question', async () => {
    let rates = 0
    await inTurns(paths(), async (path) => {
      const reply = await send(path, tokens.member)
      expect(reply.status, `${path}\n${reply.body.slice(0, 500)}`).toBe(200)
      expect(found(told(reply, path), marker), path).toBeUndefined()
      expect(found(told(reply, path), namespaceMarker), path).toBeUndefined()
      if (reply.body.includes('"shop"')) rates += 1
    })
    expect(rates, 'the own names do come').toBeGreaterThan(100)
  }, 900_000)

  test('at level namespace: namespaces of peers, and nothing else of theirs', async () => {
    let namespaces = 0
    await inTurns(paths(), async (path) => {
      const reply = await send(path, tokens.grapher)
      expect(reply.status, `${path}\n${reply.body.slice(0, 500)}`).toBe(200)
      expect(found(told(reply, path), marker), path).toBeUndefined()
      if (told(reply, path).includes(namespaceMarker)) namespaces += 1
    })
    expect(namespaces).toBeGreaterThan(100)
  }, 900_000)

  test('at level full: the other side of one’s own calls, and nothing of what others do among themselves', async () => {
    const alien = [
      'bank',
      'dead',
      'entry',
      'host',
      'unknown',
      'Mixed',
      'IsDown',
      'Other',
      'Everywhere',
      'Green',
      'Reborn',
    ]
    const never = [...alien.map((what) => `${marker}-${what}`), `${marker}-0`, `${marker}-green-0`, `${marker}.mine`]
    const some = paths().filter(
      (path) =>
        path.includes('window=15m') && /[&?](by=(peer|service|source)|namespaces=mine&)|alerts|resources/.test(path),
    )
    let peers = 0
    await inTurns(some, async (path) => {
      const reply = await send(path, tokens.grapher, { to: openProxy })
      expect(reply.status, `${path}\n${reply.body.slice(0, 500)}`).toBe(200)
      for (const name of never) expect(found(told(reply, path), name), path).toBeUndefined()
      if (told(reply, path).includes(`${marker}-pay`)) peers += 1
    })
    expect(peers, 'peers are named').toBeGreaterThan(10)
    const closed = await send(`${door}/requests?time=${at}`, tokens.member, { to: openProxy })
    expect(found(closed.everything, marker), 'without the graph the level is hide').toBeUndefined()
  }, 900_000)

  test('of alerts, containers and certificates only what is in the own namespaces', async () => {
    const names = async (question: string, token: string): Promise<string> =>
      (await send(`${door}/${question}?time=${at}&window=60s`, token)).body
    for (const token of [tokens.member, tokens.grapher]) {
      const alerts = await names('alerts', token)
      expect(alerts).toContain('ShopIsDown')
      expect(alerts).toContain('ShopIsSlow')
      expect(alerts).not.toContain('summary')
      expect(await names('resources', token)).toContain('shop-0')
      expect(await names('certificates', token)).toContain('"result":[]')
    }
    expect(await names('alerts', tokens.owner)).toContain(`${marker}-IsDown`)
    expect(await names('resources', tokens.owner)).toContain(`${marker}-0`)
    expect(await names('certificates', tokens.owner)).toContain('"meshboard_asked":"root"')
  })

  test('a namespace that nobody had before shortens nobody’s window', async () => {
    const { body } = await send(`${door}/requests?namespaces=fresh,mine&time=${at}&window=15m`, tokens.fresher)
    expect(body).toContain('newborn')
    expect(JSON.parse(body)).toMatchObject({ meshboard: { window: 900, namespaces: ['fresh', 'mine'] } })
    expect(body).not.toContain('Nothing from before')
  })

  test('no other door tells one: not sessions, lists, objects, tools, settings, health rules, metrics or errors', async () => {
    const doors = [
      '/api/session',
      '/api/session/login',
      '/healthz',
      '/readyz',
      '/metrics',
      '/api/nothing',
      ...['namespaces', 'objects', 'tools', 'settings/access', 'settings/mesh'].map(
        (path) => `/api/clusters/blue/${path}`,
      ),
      ...['namespaces', 'pods', 'services', 'namespaces/mine/services'].map(
        (path) => `/api/clusters/blue/kubernetes/api/v1/${path}`,
      ),
      '/api/clusters/blue/kubernetes/apis/networking.istio.io/v1/virtualservices',
      '/api/clusters/blue/prometheus/api/v1/labels',
    ]
    let seenByOwner = ''
    for (const path of doors) {
      for (const token of [tokens.member, tokens.grapher, tokens.stranger, undefined]) {
        const { everything: text } = await send(path, token)
        expect(found(text, marker), `${path} as ${token ?? 'nobody'}`).toBeUndefined()
        expect(found(text, namespaceMarker), `${path} as ${token ?? 'nobody'}`).toBeUndefined()
      }
      seenByOwner += (await send(path, tokens.owner)).body
    }
    const mine = JSON.parse((await send('/api/clusters/blue/objects', tokens.member)).body) as unknown
    expect(mine).toMatchObject({ namespaces: own, lists: { services: [{ metadata: { name: 'shop' } }] } })
    for (const name of ['pay', 'kiali', 'binding', 'user', 'saved']) expect(seenByOwner).toContain(`${marker}-${name}`)
    expect(seenByOwner, 'health rules').toContain(`"namespace":"${namespaceMarker}-pay"`)
  })

  test('injection is asked of and changed by the cluster’s own rights alone', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ choice: { kind: 'off' }, version: '1' })
    const at = (name: string): string => `/api/clusters/blue/namespaces/${name}/injection`
    for (const token of [tokens.member, tokens.grapher, tokens.stranger]) {
      for (const name of [`${namespaceMarker}-pay`, 'kube-system']) {
        expect((await send(at(name), token)).status).toBe(403)
        expect((await send(at(name), token, { method: 'PUT', body, headers })).status).toBe(403)
      }
      expect((await send(at('mine'), token, { method: 'PUT', body, headers })).status, 'not even of their own').toBe(
        403,
      )
      for (const name of ['..%2fsecrets', '%2e%2e', 'mine%2fpods', 'mine%00', 'Mine', 'a'.repeat(64), 'mine%3fx']) {
        expect([400, 404], name).toContain((await send(at(name), token)).status)
      }
      expect((await send(at('mine'), token, { method: 'PUT', body: 'choice=off' })).status).toBe(400)
    }
    expect((await send(at('mine'), undefined)).status).toBe(401)
  })

  test('nobody but an owner saves settings for others', async () => {
    const headers = { 'content-type': 'application/json' }
    const mesh = JSON.stringify({ tools: {}, peers: 'full', defaults: {}, health: '', version: '1' })
    const audience = JSON.stringify({ audience: { everybody: true, subjects: [], holders: [] }, version: '' })
    for (const token of [tokens.member, tokens.grapher, tokens.stranger]) {
      for (const [path, body] of [
        ['mesh', mesh],
        ['access/graph', audience],
        ['access/kiali', audience],
      ] as const) {
        const reply = await send(`/api/clusters/blue/settings/${path}`, token, { method: 'PUT', body, headers })
        expect(reply.status, `${path} ${reply.body}`).toBe(403)
      }
    }
  })

  test('the owner sees them: the markers are there to be found', async () => {
    const { body } = await send(`${door}/requests?time=${at}&window=5m`, tokens.owner)
    for (const name of [`${marker}-pay`, `${marker}-entry`, `${marker}-front`, `${marker}-green`])
      expect(body).toContain(name)
  })

  test('what was before a namespace was made anew is not told, the new team’s own calls are', async () => {
    const owner = await send(`${door}/requests?namespaces=reborn&time=${at}&window=15m`, tokens.owner)
    expect(owner.body).toContain(`${marker}-dead`)
    const member = await send(`${door}/requests?namespaces=reborn&time=${at}&window=15m`, tokens.member)
    expect(member.body).not.toContain(marker)
    expect(member.body).toContain('alive')
    expect(member.body).toContain('Nothing from before')
    const before = asked
    const past = await send(`${door}/requests?namespaces=reborn&time=${at - 600}`, tokens.member)
    expect(JSON.parse(past.body)).toMatchObject({ data: { result: [] }, meshboard: { namespaces: [] } })
    expect(asked).toBe(before)
  })

  test('no log line holds a marker or a token', () => {
    expect(logged.length).toBeGreaterThan(100)
    // A path is logged as it was typed: who names another's namespace there has told it, not learnt it.
    const told = logged.join('').replaceAll(`/namespaces/${namespaceMarker}-pay/injection`, '')
    for (const secret of [marker, namespaceMarker, ...Object.values(tokens)]) expect(told).not.toContain(secret)
  })
})

describe('a scope is intersected, never widened', () => {
  test.each([
    ['', own],
    ['namespaces=mine', ['mine']],
    [`namespaces=mine,${namespaceMarker}-pay,kube-system`, ['mine']],
    ['project=p-team', own],
    [`project=c-1:p-others`, []],
    ['project=other-cluster:p-team', []],
    [`namespaces=${namespaceMarker}-pay`, []],
    ['namespaces=does-not-exist', []],
  ])('%s: %j', async (scope, namespaces) => {
    const { body } = await send(`${door}/requests?time=${at}&${scope}`, tokens.member)
    expect(JSON.parse(body)).toMatchObject({ status: 'success', meshboard: { namespaces } })
  })

  test('an empty intersection answers empty without asking Prometheus', async () => {
    const before = asked
    for (const question of [
      'requests',
      'tcp',
      'mtls',
      'operations',
      'plaintext',
      'series-requests?by=service',
      'facts',
      'facts?depth=doctor',
    ]) {
      const joint = question.includes('?') ? '&' : '?'
      const reply = await send(`${door}/${question}${joint}time=${at}&namespaces=${namespaceMarker}-pay`, tokens.member)
      expect(reply.status).toBe(200)
      const nothing = await send(`${door}/${question}${joint}time=${at}`, tokens.stranger)
      expect(nothing.status).toBe(200)
      expect(nothing.body).toContain('"namespaces":[]')
    }
    expect(asked).toBe(before)
  })

  test('somebody else’s namespace and one that does not exist are told in the same words', async () => {
    const words = async (namespace: string): Promise<string> =>
      (await send(`${door}/requests?time=${at}&namespaces=${namespace}`, tokens.member)).body.replaceAll(namespace, 'X')
    expect(await words(`${namespaceMarker}-pay`)).toBe(await words('does-not-exist'))
  })

  test('every expression that runs for a member names this cluster and the member’s namespaces', async () => {
    for (const question of [
      'requests',
      'tcp?direction=total',
      'mtls',
      'series-requests?by=source',
      'series-tcp?by=workload',
    ]) {
      const joint = question.includes('?') ? '&' : '?'
      const { body } = await send(`${door}/${question}${joint}time=${at}&namespaces=mine`, tokens.member)
      const { meshboard } = JSON.parse(body) as { meshboard: { queries: { promql: string }[] } }
      expect(meshboard.queries.length).toBeGreaterThan(0)
      for (const { promql } of meshboard.queries) {
        for (const selector of promql.match(/\w+\{[^}]*\}/g) ?? []) {
          expect(selector).toContain('cluster="blue"')
          expect(selector).toMatch(/_(workload|service)_namespace=~"mine"/)
        }
      }
    }
  })

  test('the list of namespaces holds the member’s own', async () => {
    const { body } = await send('/api/clusters/blue/namespaces', tokens.member)
    expect(JSON.parse(body)).toEqual({
      namespaces: own.map((name) => ({ name, project: 'c-1:p-team' })),
      notes: [],
    })
    expect(JSON.parse((await send('/api/clusters/blue/namespaces', tokens.stranger)).body)).toEqual({
      namespaces: [],
      notes: [],
    })
  })
})

describe('who is not known', () => {
  test.each([
    '/api/session',
    `${door}/requests`,
    '/api/clusters/blue/namespaces',
    '/api/clusters/blue/kubernetes/api/v1/pods',
    '/api/clusters/blue/prometheus/api/v1/query?query=up',
  ])('%s: 401 without a token and with a wrong one', async (path) => {
    for (const token of [undefined, 'wrong', `${tokens.member}x`]) expect((await send(path, token)).status).toBe(401)
  })

  test('cannot tell whether a cluster exists', async () => {
    expect((await send('/api/clusters/green/telemetry/requests', tokens.member)).status).toBe(404)
    expect((await send('/api/clusters/green/telemetry/requests', undefined)).body).not.toContain('blue')
  })

  test('two tokens that differ are refused; X-Meshboard-Token alone serves', async () => {
    const other = { 'x-meshboard-token': tokens.owner }
    expect((await send('/api/session', tokens.member, { headers: other })).status).toBe(400)
    expect((await send('/api/session', undefined, { headers: { 'x-meshboard-token': tokens.member } })).body).toContain(
      'mara',
    )
  })
})

describe('the raw Prometheus door', () => {
  const raw = '/api/clusters/blue/prometheus/api/v1'

  test.each([
    'query?query=up',
    'query_range?query=up&start=1&end=2&step=1',
    'series?match[]=up',
    'labels',
    'label/destination_workload/values',
    'label/%64estination_workload/values',
    'label/U__destination__workload/values',
    'metadata',
    'rules',
    'alerts',
    'status/buildinfo',
    'query_exemplars?query=up',
  ])('%s is closed to members, with the permission it takes, and nothing is asked', async (path) => {
    const before = asked
    for (const token of [tokens.member, tokens.grapher, tokens.stranger]) {
      const reply = await send(`${raw}/${path}`, token)
      expect(reply.status).toBe(403)
      expect(reply.body).toContain('list pods everywhere')
    }
    expect(asked).toBe(before)
  })

  test('is closed even to the owner of one of several clusters in it', async () => {
    const reply = await send(`${raw}/query?query=up`, tokens.owner)
    expect(reply.status).toBe(403)
    expect(reply.body).toContain('other clusters')
  })
})

describe('the Kubernetes door', () => {
  const kube = '/api/clusters/blue/kubernetes'

  test.each([
    'api/v1/secrets',
    'api/v1/namespaces/mine/secrets',
    'api/v1/namespaces/mine/pods/web/exec',
    'api/v1/namespaces/mine/pods/web/log',
    'api/v1/namespaces/mine/services/web/proxy/',
    'api/v1/namespaces/mine/services/web/proxy/../../../secrets',
    'api/v1/namespaces/mine/pods/%2e%2e/secrets',
    'api/v1/namespaces/mine/pods/..%2fsecrets',
    'api/v1/namespaces/mine%2fsecrets',
    'api//v1/pods',
    'apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    'apis/rbac.authorization.k8s.io/v1/rolebindings',
    'metrics',
    'logs/',
    'api/v1/nodes/x/proxy/',
  ])('%s is not there', async (path) => {
    expect((await send(`${kube}/${path}`, tokens.owner)).status).toBe(404)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not open', async (method) => {
    const reply = await send(`${kube}/api/v1/namespaces/mine/pods`, tokens.owner, { method })
    expect(reply.status).toBe(405)
  })

  test('asks with the viewer’s own token: what the cluster refuses stays refused', async () => {
    expect((await send(`${kube}/api/v1/namespaces`, tokens.member)).status).toBe(403)
    expect((await send(`${kube}/api/v1/namespaces`, tokens.owner)).status).toBe(200)
  })
})

describe('parameters', () => {
  test.each([
    ['POST in both places', 'requests?window=5m', 'window=1m', 400],
    ['a form that says what the URL could', 'requests', `namespaces=mine&time=${at}`, 200],
    ['a duplicate in the form', 'requests', 'namespaces=mine&namespaces=pay', 400],
    ['PromQL in the form', 'requests', 'query=up', 400],
  ])('%s', async (_, path, body, status) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await send(`${door}/${path}`, tokens.member, { method: 'POST', body, headers })).status).toBe(status)
  })

  test.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', ''])(
    'a body of type "%s" is refused',
    async (type) => {
      const headers = type === '' ? {} : { 'content-type': type }
      expect(
        (await send(`${door}/requests`, tokens.member, { method: 'POST', body: 'namespaces=mine', headers })).status,
      ).toBe(400)
    },
  )

  test.each<[string, string, { method?: string; body?: string; headers?: Record<string, string> }, number]>([
    [
      'a body with a GET',
      'requests?namespaces=mine',
      {
        method: 'GET',
        body: 'namespaces=pay',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '14' },
      },
      200,
    ],
    ['HEAD', 'requests?namespaces=mine', { method: 'HEAD' }, 200],
    ['PUT', 'requests?namespaces=mine', { method: 'PUT', body: 'x' }, 404],
    ['PATCH', 'requests', { method: 'PATCH', body: 'x' }, 404],
    ['DELETE', 'requests', { method: 'DELETE' }, 404],
    ['OPTIONS', 'requests', { method: 'OPTIONS' }, 404],
    ['another method in a header', 'requests', { method: 'GET', headers: { 'x-http-method-override': 'DELETE' } }, 200],
    ['a parameter twice, once encoded', 'requests?namespaces=mine&%6eamespaces=reborn', {}, 400],
    ['a semicolon, which separates nothing', 'requests?window=5m;namespaces=mine', {}, 400],
    ['a percent sign that encodes nothing', 'requests?namespaces=%zz', {}, 400],
    ['bytes that are no UTF-8', 'requests?namespaces=%ff%fe', {}, 400],
    ['a name of another case', 'requests?Namespaces=mine', {}, 400],
    ['a name with brackets', 'requests?namespaces[]=mine', {}, 400],
    ['an empty name', 'requests?=mine', {}, 400],
    ['a zero byte', 'requests?namespaces=mine%00', {}, 400],
    ['a trailing slash', 'requests/', {}, 404],
    ['a double slash', '/requests', {}, 404],
    ['a question of another case', 'Requests', {}, 404],
    ['an encoded letter of the question', '%72equests?namespaces=mine', {}, 200],
    ['an encoded slash', 'x%2f..%2frequests', {}, 404],
    ['a property of every object', 'constructor', {}, 404],
    ['another', '__proto__', {}, 404],
  ])('%s', async (_, path, more, status) => {
    const reply = await send(`${door}/${path}`, tokens.member, more)
    expect(reply.status, reply.body).toBe(status)
    if (status === 200 && more.method !== 'HEAD' && path.includes('namespaces=mine')) {
      expect(JSON.parse(reply.body)).toMatchObject({ meshboard: { namespaces: ['mine'] } })
    }
  })

  test('POST and GET of the same question are the same answer', async () => {
    const parameters = `namespaces=mine,reborn&time=${at}&by=service&step=15&rate=60`
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const get = await send(`${door}/series-requests?${parameters}`, tokens.member)
    const post = await send(`${door}/series-requests`, tokens.member, { method: 'POST', body: parameters, headers })
    expect([post.status, post.body]).toEqual([get.status, get.body])
    expect(get.body).toContain('shop')
  })

  test('20,000 hostile ones: nothing breaks, nothing leaks, nothing is asked in other words than ours', async () => {
    const statuses = new Map<number, number>()
    const seed = 20_261_121
    await inTurns(fc.sample(hostilePath, { numRuns: 20_000, seed }), async ({ path, token, form }) => {
      const more =
        form === undefined
          ? {}
          : { method: 'POST', body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
      const reply = await send(path, token, more)
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
      expect([200, 400, 403, 404], `${path} ${form ?? ''}\n${reply.body}`).toContain(reply.status)
      if (reply.status !== 200) return
      const text = told(reply, path + (form ?? ''))
      expect(found(text, marker), path).toBeUndefined()
      if (token === tokens.member) expect(found(text, namespaceMarker), path).toBeUndefined()
    })
    expect(statuses.get(200) ?? 0, 'some are plain questions').toBeGreaterThan(500)
    expect(statuses.get(400) ?? 0, 'most are refused').toBeGreaterThan(5000)
  }, 900_000)
})

/** Values that mean something to a URL, a regular expression, PromQL, a header, JSON or a shell, and pieces of honest ones. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'mine',
      'reborn',
      'unknown',
      `${namespaceMarker}-pay`,
      `${marker}-pay`,
      'shop',
      '*',
      '.*',
      '.+',
      '|',
      'mine|.*',
      '(',
      ')',
      '[',
      '^',
      '$',
    ],
    ...[
      '"',
      '\\',
      "'",
      '`',
      '{',
      '}',
      '"} or vector(1) #',
      '"}[5m]) or up{a="',
      'mine"} or istio_requests_total{x="',
      '\r',
      '\n',
      '\r\n',
      '\0',
      '\u2028',
      '\ufeff',
    ],
    ...[
      '%',
      '%00',
      '%0d%0a',
      '%2e%2e%2f',
      '../',
      '//',
      ';',
      '&',
      '=',
      '+',
      '#',
      '?',
      ',',
      '5m',
      '300s',
      '999999999w',
      '-1',
      'NaN',
      'Infinity',
      '1e9',
      '0x10',
    ],
    ...[
      '__name__',
      '__proto__',
      'constructor',
      'toString',
      '💥',
      'ａ',
      'İ',
      '\ud800',
      'A',
      '{{',
      '${x}',
      '$(id)',
      '<img src=x onerror=alert(1)>',
      'up',
      `${at}`,
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 8 }).map((text) => text.repeat(200)),
)
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
const value = fc.oneof(
  { weight: 3, arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'mine',
      'reborn',
      '5m',
      '60s',
      `${at}`,
      'true',
      'p95',
      'sent',
      'service',
      'mine/shop',
      'workload/mine/shop',
      `workload/${namespaceMarker}-pay/${marker}-pay`,
      `namespace/${namespaceMarker}-pay`,
      'inbound',
      'outbound',
      'p-team',
      '15',
    ),
  },
)
const parameter = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'namespaces',
      'project',
      'window',
      'time',
      'direction',
      'statistic',
      'idle',
      'by',
      'reporter',
      'services',
      'rest',
      'step',
      'rate',
      'of',
      'peers',
      'level',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom('query', 'match[]', 'namespace', 'cluster', 'token', 'Namespaces', 'namespaces[]'),
      piece,
    ),
  },
)
const encoded = fc.tuple(parameter, value, fc.constantFrom('encoded', 'twice', 'raw')).map(([name, text, how]) => {
  const pair = new URLSearchParams([[name, wellFormed(text)]]).toString()
  if (how === 'twice')
    return `${name === '' ? 'x' : encodeURIComponent(wellFormed(name))}=${encodeURIComponent(encodeURIComponent(wellFormed(text)))}`
  return how === 'encoded' ? pair : `${name}=${text}`.replace(/[^\x21-\x7e]|#/g, '')
})
const question = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'requests',
      'tcp',
      'grpc-messages',
      'response-time',
      'throughput',
      'mtls',
      'facts',
      'alerts',
      'resources',
      'certificates',
      ...seriesAsks,
    ),
  },
  { weight: 1, arbitrary: piece.map((text) => encodeURIComponent(wellFormed(text)) || 'x') },
)
const hostilePath = fc
  .tuple(
    question,
    fc.array(encoded, { maxLength: 3 }),
    fc.constantFrom(tokens.member, tokens.grapher, tokens.stranger),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([name, pairs, token, way]) => {
    const all = pairs.some((pair) => pair.startsWith('time=')) ? pairs : [...pairs, `time=${at}`]
    const parameters = all.join('&').slice(0, 30_000)
    return way === 0
      ? { path: `${door}/${name}`, token, form: parameters }
      : { path: `${door}/${name}?${parameters}`, token, form: undefined }
  })
