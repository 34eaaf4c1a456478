import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { decodeVector } from '../clients/prometheus/decode.ts'
import { at, type Counter, type Engine, startPrometheus } from '../demo/testing/engines.ts'
import type { CallEnd } from './callEnd.ts'
import { queriesFor } from './queries.ts'
import { groupings, seriesQueriesFor, type SeriesQuestion } from './rangeQueries.ts'
import { readGraph } from './read.ts'
import type { Labels, Sample } from './samples.ts'
import type { Scope } from './scope.ts'
import { plain, requests, type Call } from './testing/samples.ts'

/** Meshes nobody thought of, the same at every run: what holds in all of them holds. */
const meshes = 16
const seed = 5

const namespaces = ['a', 'b', 'c'] as const
const workloads = namespaces.flatMap((namespace) => ['x', 'y'].map((name) => `${namespace}/${name}`))
const services = [...workloads, 'a/z', 'b/z']

interface Told extends Call {
  readonly rate: number
}

const workload = fc.constantFrom(...workloads)
const service = fc.constantFrom(...services)
/** Distinct, so that a report that is lost or told twice shows in the sum. */
const rate = fc.integer({ min: 1, max: 4000 }).map((quarters) => quarters / 4)
const protocol = fc.constantFrom('http' as const, 'grpc' as const)
const outcome = fc.constantFrom(
  { code: '200', flags: '-' },
  { code: '404', flags: '-' },
  { code: '503', flags: 'UF' },
  { code: '0', flags: 'DC' },
)
const caller = fc.option(workload, { nil: undefined })

/** The reports of calls between two workloads, as far as either side sees and is scraped. */
const pair: fc.Arbitrary<readonly Told[]> = fc
  .record({
    from: caller,
    to: workload,
    service,
    other: service,
    protocol,
    said: outcome,
    heard: outcome,
    rate,
    less: rate,
  })
  .chain(({ from, to, service: named, other, protocol: spoken, said, heard, rate: told, less }) => {
    const call = { ...(from === undefined ? {} : { from }), to, protocol: spoken }
    const source: Told = { ...call, ...said, service: named, rate: told }
    const destination: Told = { ...call, ...heard, service: named, rate: less, reporter: 'destination' }
    const waypoint: Told = { ...destination, rate: told, reporter: 'waypoint' }
    const unseen: readonly Told[] = [destination]
    return from === undefined
      ? fc.constantFrom(unseen, [waypoint, destination])
      : fc.constantFrom<readonly Told[]>(
          [source, destination],
          [source],
          unseen,
          [source, { ...destination, service: other }],
          [source, { ...source, ...heard, rate: less }, destination],
          [waypoint, { ...destination, service: other }],
          [source, waypoint, destination],
          // A dead pod's series stands still.
          [{ ...source, rate: 0 }, destination],
          [source, { ...destination, labels: { source_cluster: 'east' } }],
        )
  })

/** Calls that never reached a workload. */
const undelivered: fc.Arbitrary<readonly Told[]> = fc
  .record({
    from: workload,
    service: fc.constantFrom(...services, 'unknown/unknown', 'unknown/x.b.svc.cluster.local'),
    protocol,
    rate,
  })
  .map((call) => [{ ...call, code: '503', flags: 'UF' }])

const mesh: fc.Arbitrary<readonly Told[]> = fc
  .array(fc.oneof({ weight: 4, arbitrary: pair }, { weight: 1, arbitrary: undelivered }), {
    minLength: 2,
    maxLength: 12,
  })
  .map((calls) => calls.flat())

const drawn = fc.sample(mesh, { seed, numRuns: meshes })

/** Other teams' things, that is all but namespace `a` and what is in it, under other names. */
function renamed(call: Told, names: { readonly namespaces: boolean }): Told {
  const other = (name: string) => {
    const [namespace = '', own = ''] = name.split('/')
    if (namespace === 'a' || namespace === 'unknown') return name
    return `${names.namespaces ? `${namespace}-other` : namespace}/${own}-other`
  }
  const { from, to, service: named } = call
  return {
    ...call,
    ...(typeof from === 'string' ? { from: other(from) } : {}),
    ...(typeof to === 'string' ? { to: other(to) } : {}),
    ...(named === undefined ? {} : { service: other(named) }),
  }
}

/** The contracts page's "Count once", worked out from the calls themselves. */
function exactly(
  calls: readonly Told[],
  { namespaces: scope = 'all', peers = 'full', seesAll = true }: Partial<Scope>,
): number {
  const isOwn = (name: string) => scope === 'all' || scope.includes(name)
  const inScope = (name: Call['from']) => typeof name === 'string' && isOwn(name.split('/')[0] ?? '')
  const pairs = new Map<string, { readonly call: Told; readonly rates: Record<string, number> }>()
  let sum = 0
  for (const call of calls) {
    const { from, to, protocol: spoken, reporter = 'source', rate: perSecond, service: meant = '' } = call
    if (to === undefined) {
      const [namespace = '', host = ''] = meant.split('/')
      const isMeant =
        namespace === 'unknown' ? seesAll && host.includes('.') && isOwn(host.split('.')[1] ?? '') : isOwn(namespace)
      if (scope === 'all' || inScope(from) || isMeant) sum += perSecond
      continue
    }
    const key = JSON.stringify([from, to, spoken])
    const known = pairs.get(key) ?? { call, rates: {} }
    known.rates[reporter] = (known.rates[reporter] ?? 0) + perSecond
    pairs.set(key, known)
  }
  for (const { call, rates } of pairs.values()) {
    const { source = 0, waypoint = 0, destination = 0 } = rates
    const heard = waypoint > 0 ? waypoint : destination
    const [isFrom, isTo] = [inScope(call.from), inScope(call.to)]
    const once = source > 0 ? source : heard
    if (scope === 'all' || (isFrom && isTo) || (peers === 'full' && (isFrom || isTo))) sum += once
    // Who must not know the other end has the report of the own side.
    else if (isTo) sum += heard
    else if (isFrom) sum += source
  }
  return sum
}

/** One series for each set of labels, as a proxy would have it. */
function countersOf(situation: string, calls: readonly Told[]): readonly Counter[] {
  const counters = new Map<string, Counter>()
  for (const { rate: perSecond, ...call } of calls) {
    const labels = { ...requests(perSecond, call).labels, situation }
    const key = JSON.stringify(Object.entries(labels).sort())
    const known = counters.get(key)?.rate ?? 0
    counters.set(key, { metric: 'istio_requests_total', labels, rate: known + perSecond })
  }
  return [...counters.values()]
}

let engine: Engine
beforeAll(async () => {
  engine = await startPrometheus(
    drawn.flatMap((calls, index) => [
      ...countersOf(`${index}`, calls),
      ...countersOf(
        `${index} names`,
        calls.map((call) => renamed(call, { namespaces: false })),
      ),
      ...countersOf(
        `${index} all`,
        calls.map((call) => renamed(call, { namespaces: true })),
      ),
    ]),
  )
}, 180_000)
afterAll(() => engine.stop())

function scopeOf(situation: string, scope: Partial<Scope>): Scope {
  const matchers = [{ label: 'situation', op: '=', value: situation }] as const
  return { namespaces: 'all', peers: 'full', seesAll: true, ...scope, matchers }
}

async function samplesOf(promql: readonly { readonly promql: string }[]): Promise<readonly Sample[]> {
  const answers = await Promise.all(promql.map(async (each) => decodeVector(await engine.query(each.promql)).samples))
  return answers.flat()
}

const panel = (situation: string, scope: Partial<Scope>, question: Partial<SeriesQuestion>) =>
  samplesOf(
    seriesQueriesFor(
      { ask: 'series-requests', by: [], reporter: 'auto', ...question } as SeriesQuestion,
      scopeOf(situation, scope),
      300,
    ),
  )

const total = (samples: readonly Sample[]) => samples.reduce((sum, { value }) => sum + value, 0)

const scopes: readonly Partial<Scope>[] = [
  {},
  { namespaces: ['a'] },
  { namespaces: ['b', 'c'] },
  { namespaces: ['a'], seesAll: false },
  { namespaces: ['a'], peers: 'namespace', seesAll: false },
  { namespaces: ['a', 'c'], peers: 'hide', seesAll: false },
]

describe.each(drawn.map((calls, index) => ({ index, calls })))('in random mesh $index', ({ index, calls }) => {
  const situation = `${index}`

  it('each call counts once, whatever the panel is split by', async () => {
    for (const scope of scopes) {
      const exact = exactly(calls, scope)
      for (const by of [[], ['service', 'outcome'], ['source', 'workload', 'code']] as const) {
        const sum = total(await panel(situation, scope, { by }))
        expect([scope, by, sum.toFixed(6)], JSON.stringify(calls)).toEqual([scope, by, exact.toFixed(6)])
      }
    }
  }, 120_000)

  it('that is what the graph counts, for viewers who may know both ends', async () => {
    for (const scope of scopes.filter(({ peers = 'full' }) => peers === 'full')) {
      const asked = scopeOf(situation, scope)
      const window = { seconds: 300, at }
      const told = await samplesOf(queriesFor({ ask: 'requests' }, asked, window))
      const inScope = asked.namespaces === 'all' ? [] : asked.namespaces
      const graph = readGraph({ requests: told }, undefined, { ...plain, window, namespaces: inScope })
      const drawnRates = graph.edges.reduce((sum, { rate: each }) => sum + each, 0)
      expect([scope, drawnRates.toFixed(6)], JSON.stringify(calls)).toEqual([scope, exactly(calls, scope).toFixed(6)])
    }
  }, 120_000)

  it('some services and the rest are the whole, and so are an end’s peers', async () => {
    for (const scope of scopes) {
      const whole = total(await panel(situation, scope, {}))
      const names = [
        { namespace: 'a', name: 'x' },
        { namespace: 'b', name: 'z' },
      ]
      const some = total(await panel(situation, scope, { services: { names, isRest: false } }))
      const rest = total(await panel(situation, scope, { services: { names, isRest: true } }))
      expect((some + rest).toFixed(6), JSON.stringify([scope, calls])).toBe(whole.toFixed(6))
      for (const direction of ['inbound', 'outbound'] as const) {
        const end: CallEnd = { kind: 'workload', namespace: 'a', name: 'x', direction }
        const all = total(await panel(situation, scope, { end }))
        const peers = [{ kind: 'workload', namespace: 'b', name: 'y' }, { kind: 'unknown' }] as const
        const these = total(await panel(situation, scope, { end, peers: { peers, isRest: false } }))
        const others = total(await panel(situation, scope, { end, peers: { peers, isRest: true } }))
        expect((these + others).toFixed(6), JSON.stringify([scope, direction, calls])).toBe(all.toFixed(6))
      }
    }
  }, 120_000)

  it.each([
    ['hide', 'all'],
    ['namespace', 'names'],
  ] as const)(
    'a member of one namespace cannot tell other teams’ names at the level %s',
    async (peers, kind) => {
      const member = { namespaces: ['a'], peers, seesAll: false } as const
      const ends = (['service', 'workload', 'app'] as const).flatMap((of) =>
        (['inbound', 'outbound'] as const).map((direction): CallEnd => ({
          kind: of,
          namespace: 'b',
          name: 'y',
          direction,
        })),
      )
      const own: CallEnd = { kind: 'workload', namespace: 'a', name: 'x', direction: 'inbound' }
      const theirs = { peers: [{ kind: 'workload', namespace: 'b', name: 'y' }], isRest: false } as const
      const named = { names: [{ namespace: 'b', name: 'y' }], isRest: true }
      const questions: readonly Partial<SeriesQuestion>[] = [
        { by: groupings.filter((each) => each !== 'peer') },
        { by: ['outcome'], reporter: 'source' },
        { by: groupings.filter((each) => each !== 'peer'), reporter: 'destination' },
        { services: named },
        ...ends.map((end) => ({ end })),
        { end: own, by: ['peer'] },
        { end: { ...own, direction: 'outbound' }, by: ['peer'] },
        { end: own, peers: theirs },
        { end: { ...own, direction: 'outbound' }, peers: theirs },
      ]
      for (const question of questions) {
        const one = written(await panel(situation, member, question))
        const other = written(await panel(`${situation} ${kind}`, member, question))
        expect(other, JSON.stringify([question, calls])).toEqual(one)
      }
    },
    120_000,
  )
})

function written(samples: readonly Sample[]): readonly string[] {
  const labelsText = (labels: Labels) => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
  return samples.map(({ labels, value }) => `${labelsText(labels)} ${value.toFixed(6)}`).sort()
}
