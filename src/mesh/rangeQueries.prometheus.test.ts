import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { decodeVector } from '../clients/prometheus/decode.ts'
import { type Counter, type Engine, startPrometheus } from '../demo/testing/engines.ts'
import type { CallEnd } from './callEnd.ts'
import { durationStatistics, groupings, seriesQueriesFor, type SeriesQuestion } from './rangeQueries.ts'
import type { Labels, Sample } from './samples.ts'
import type { Scope } from './scope.ts'
import { requests, tcp, type Call } from './testing/samples.ts'

const http = (rate: number, call: Call): Counter => counter('istio_requests_total', requests(rate, call))
const bytes = (rate: number, call: Parameters<typeof tcp>[1]): Counter =>
  counter('istio_tcp_received_bytes_total', tcp(rate, call))
const callee = { reporter: 'destination' } as const
const waypoint = { reporter: 'waypoint' } as const

function counter(metric: string, { labels, value }: Sample): Counter {
  const kept = Object.entries(labels).filter(([name]) => name !== 'direction')
  return { metric, labels: Object.fromEntries(kept), rate: value }
}

/** Two services stand before one workload; the callee's proxy knows only the first. */
const twoServices = [
  http(30, { from: 'web', to: 'cart-v1', service: 'shop/canary' }),
  http(29, { from: 'web', to: 'cart-v1', service: 'shop/cart', ...callee }),
  http(10, { from: 'job', to: 'cart-v1', service: 'shop/cart' }),
  http(10, { from: 'job', to: 'cart-v1', service: 'shop/cart', ...callee }),
  http(4, { from: 'bot', to: 'cart-v1', service: 'shop/canary', ...waypoint }),
  http(4, { from: 'bot', to: 'cart-v1', service: 'shop/cart', ...callee }),
]

const manyPeers = [
  http(7, { from: 'web', to: 'cart' }),
  http(5, { from: 'other/web', to: 'cart' }),
  http(3, { to: 'cart', ...callee }),
  http(2, { from: 'cart', to: 'pay/bank' }),
  http(1.5, { from: 'cart', service: 'pay/bank', code: '503', flags: 'UF' }),
  http(1.25, { from: 'cart', service: 'unknown/unknown' }),
  http(1.125, { from: 'cart', to: 'db' }),
]

/** Under each name only what its title says, in the namespace of that name. */
const tcpOf: Readonly<Record<string, readonly Counter[]>> = {
  'ztunnel alone is traffic': [
    bytes(500, { from: 'a', to: 'b', isZtunnel: true }),
    bytes(490, { from: 'a', to: 'b', isZtunnel: true, ...callee }),
  ],
  'legs through a waypoint are its transport': [
    http(60, { from: 'a', to: 'b', ...waypoint }),
    bytes(8000, { from: 'a', to: 'waypoint', isZtunnel: true }),
    bytes(7000, { from: 'waypoint', to: 'b', isZtunnel: true, ...callee }),
  ],
  'what a side without protocol sees of the other’s requests is transport': [
    http(20, { from: 'a', to: 'b' }),
    bytes(900, { from: 'a', to: 'b', ...callee }),
  ],
  'the same seen by the callee alone': [
    http(20, { from: 'a', to: 'b', ...callee }),
    bytes(800, { from: 'a', to: 'b' }),
  ],
  'another port of a pair that has requests is traffic': [
    http(20, { from: 'a', to: 'b' }),
    http(20, { from: 'a', to: 'b', ...callee }),
    bytes(70, { from: 'a', to: 'b' }),
    bytes(70, { from: 'a', to: 'b', ...callee }),
  ],
  'ztunnel under requests between sidecars is transport': [
    http(20, { from: 'a', to: 'b' }),
    bytes(600, { from: 'a', to: 'b', isZtunnel: true }),
  ],
}
const tcpExpected: Readonly<Record<string, number>> = {
  'ztunnel alone is traffic': 500,
  'legs through a waypoint are its transport': 0,
  'what a side without protocol sees of the other’s requests is transport': 0,
  'the same seen by the callee alone': 0,
  'another port of a pair that has requests is traffic': 70,
  'ztunnel under requests between sidecars is transport': 0,
}

/** A namespace of the viewer's among other teams'; `names` renames the others. */
function tenants(names: (name: string) => string): readonly Counter[] {
  const theirs = `${names('theirs')}/${names('vault')}`
  const others = `${names('others')}/${names('spy')}`
  const pairs: readonly Call[] = [
    { from: theirs, to: 'mine/web' },
    { from: theirs, to: 'mine/web', ...callee },
    { from: others, to: 'mine/web', ...callee },
    { from: 'mine/web', to: theirs },
    { from: 'mine/web', to: theirs, ...callee },
    { from: 'mine/web', to: 'mine/db' },
    { from: 'mine/web', to: 'mine/db', ...callee },
    { from: 'mine/web', service: theirs, code: '503', flags: 'UF' },
    { from: 'mine/web', to: 'mine/db', service: theirs, ...callee },
    { from: theirs, to: others },
    { from: theirs, to: 'mine/web', service: theirs, ...waypoint },
  ]
  return pairs.flatMap((call, index) => {
    const rate = 2 ** index
    const { labels } = requests(rate, call)
    return [
      http(rate, call),
      bytes(1000 * rate, call),
      ...['100', '+Inf'].map((le, place) => ({
        metric: 'istio_request_duration_milliseconds_bucket',
        labels: { ...labels, le },
        rate: place === 0 ? rate / 2 : rate,
      })),
      { metric: 'istio_request_duration_milliseconds_count', labels, rate },
      { metric: 'istio_request_duration_milliseconds_sum', labels, rate: 50 * rate },
    ]
  })
}

const situations: Readonly<Record<string, readonly Counter[]>> = {
  twoServices,
  manyPeers,
  ...tcpOf,
  known: tenants((name) => name),
  renamedNames: tenants((name) => (name === 'theirs' || name === 'others' ? name : `${name}-2`)),
  renamedAll: tenants((name) => `${name}-2`),
}

let engine: Engine
beforeAll(async () => {
  engine = await startPrometheus(
    Object.entries(situations).flatMap(([situation, counters]) =>
      counters.map((each) => ({ ...each, labels: { ...each.labels, situation } })),
    ),
  )
}, 180_000)
afterAll(() => engine.stop())

async function answer(situation: string, question: SeriesQuestion, scope: Partial<Scope> = {}) {
  const matchers = [{ label: 'situation', op: '=', value: situation }] as const
  const all: Scope = { namespaces: 'all', peers: 'full', seesAll: true, ...scope, matchers }
  const answers = await Promise.all(
    seriesQueriesFor(question, all, 300).map(async ({ promql }) => decodeVector(await engine.query(promql)).samples),
  )
  return answers.flat()
}

const rateOf = (samples: readonly Sample[]) => samples.reduce((sum, { value }) => sum + value, 0)
const ask = (more: Partial<SeriesQuestion> = {}): SeriesQuestion =>
  ({ ask: 'series-requests', by: [], reporter: 'auto', ...more }) as SeriesQuestion

describe('a call that the two sides tell of under different services', () => {
  const inbound = (name: string): CallEnd => ({ kind: 'service', namespace: 'shop', name, direction: 'inbound' })
  const only = (name: string, isRest = false) => ({ names: [{ namespace: 'shop', name }], isRest })

  it.each([
    ['in all', ask(), 44],
    ['on the page of the one', ask({ end: inbound('cart') }), 10],
    ['on the page of the other', ask({ end: inbound('canary') }), 34],
    ['among some services', ask({ services: only('cart') }), 10],
    ['among the rest', ask({ services: only('cart', true) }), 34],
    ['before the workload', ask({ end: { ...inbound('cart-v1'), kind: 'workload' } }), 44],
    ['before the app', ask({ end: { ...inbound('cart'), kind: 'app' } }), 44],
  ])('counts once %s', async (_, question, rate) => {
    expect(rateOf(await answer('twoServices', question))).toBeCloseTo(rate, 6)
  })
})

describe('the calls of a namespace', () => {
  const end = (namespace: string, direction: CallEnd['direction']): CallEnd => ({
    kind: 'namespace',
    namespace,
    name: namespace,
    direction,
  })

  it.each([
    ['inbound', 'shop', 16.125],
    ['outbound', 'shop', 12.875],
    // Those that reached no workload of its service count.
    ['inbound', 'pay', 3.5],
    ['outbound', 'pay', 0],
    ['outbound', 'other', 5],
  ] as const)('%s of %s count once', async (direction, namespace, rate) => {
    expect(rateOf(await answer('manyPeers', ask({ end: end(namespace, direction) })))).toBeCloseTo(rate, 6)
  })
})

describe('an end’s peers', () => {
  const cart = (direction: CallEnd['direction']): CallEnd => ({
    kind: 'workload',
    namespace: 'shop',
    name: 'cart',
    direction,
  })
  const workload = (namespace: string, name: string) => ({ kind: 'workload', namespace, name }) as const

  it.each([
    ['inbound', workload('shop', 'web'), 7, 15],
    ['inbound', workload('other', 'web'), 5, 15],
    ['inbound', { kind: 'unknown' }, 3, 15],
    ['inbound', workload('shop', 'nobody'), 0, 15],
    ['outbound', workload('pay', 'bank'), 2, 5.875],
    ['outbound', { kind: 'service', namespace: 'pay', name: 'bank' }, 1.5, 5.875],
    ['outbound', { kind: 'unknown' }, 1.25, 5.875],
    ['outbound', workload('shop', 'db'), 1.125, 5.875],
  ] as const)('%s: %j and the rest are the whole', async (direction, peer, rate, whole) => {
    const end = cart(direction)
    const named = { peers: [peer], isRest: false }
    expect(rateOf(await answer('manyPeers', ask({ end, peers: named })))).toBeCloseTo(rate, 6)
    const rest = { peers: [peer], isRest: true }
    expect(rateOf(await answer('manyPeers', ask({ end, peers: rest })))).toBeCloseTo(whole - rate, 6)
  })

  it('several together are the sum, and nobody left out is everybody', async () => {
    const peers = [workload('shop', 'web'), workload('other', 'web'), { kind: 'unknown' } as const]
    const end = cart('inbound')
    expect(rateOf(await answer('manyPeers', ask({ end, peers: { peers, isRest: false } })))).toBeCloseTo(15, 6)
    expect(rateOf(await answer('manyPeers', ask({ end, peers: { peers: [], isRest: true } })))).toBeCloseTo(15, 6)
  })
})

describe('bytes', () => {
  it.each(Object.entries(tcpExpected))('%s', async (situation, rate) => {
    const samples = await answer(situation, ask({ ask: 'series-tcp' }))
    expect(rateOf(samples.filter(({ labels }) => labels['direction'] === 'sent'))).toBeCloseTo(rate, 6)
  })
})

describe('a member’s answer does not depend on what other teams call their things', () => {
  const secrets = (direction: CallEnd['direction']) =>
    (['service', 'workload', 'app'] as const).map((kind): Partial<SeriesQuestion> => ({
      end: { kind, namespace: 'theirs', name: 'vault', direction },
    }))
  const mine = (direction: CallEnd['direction'], isRest: boolean): Partial<SeriesQuestion> => ({
    end: { kind: 'workload', namespace: 'mine', name: 'web', direction },
    peers: {
      peers: [
        { kind: 'workload', namespace: 'theirs', name: 'vault' },
        { kind: 'service', namespace: 'theirs', name: 'vault' },
      ],
      isRest,
    },
  })
  const narrowed: readonly Partial<SeriesQuestion>[] = [
    {},
    ...secrets('inbound'),
    ...secrets('outbound'),
    ...[true, false].flatMap((isRest) => [mine('inbound', isRest), mine('outbound', isRest)]),
    ...[true, false].map((isRest) => ({ services: { names: [{ namespace: 'theirs', name: 'vault' }], isRest } })),
  ]
  const questions = narrowed.flatMap((more) =>
    (['auto', 'source', 'destination'] as const).flatMap((reporter) => [
      ...[[], groupings].flatMap((by) => [
        ask({ ...more, reporter, by }),
        ask({ ...more, reporter, by, ask: 'series-tcp' }),
      ]),
      ...durationStatistics
        .slice(0, 3)
        .map((statistic) => ask({ ...more, reporter, ask: 'series-duration', statistic })),
    ]),
  )
  const told = (samples: readonly Sample[]) =>
    samples.map(({ labels, value }) => `${JSON.stringify(sortedLabels(labels))} ${value.toFixed(6)}`).sort()
  const sortedLabels = (labels: Labels) => Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))

  it.each([
    ['hide', 'renamedAll'],
    ['namespace', 'renamedNames'],
  ] as const)(
    'at the level %s',
    async (peers, renamed) => {
      const member = { namespaces: ['mine'], peers, seesAll: false } as const
      let answered = 0
      for (const question of questions) {
        const [one, other] = await Promise.all([answer('known', question, member), answer(renamed, question, member)])
        expect(told(other), JSON.stringify(question)).toEqual(told(one))
        answered += one.length
      }
      expect(answered).toBeGreaterThan(100)
    },
    300_000,
  )

  it('while a viewer of everything is told of them', async () => {
    const question = ask({ by: ['source'] })
    expect(told(await answer('renamedAll', question))).not.toEqual(told(await answer('known', question)))
  })
})
