import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeVector } from '../clients/prometheus/decode.ts'
import {
  at,
  type Engine,
  obtainVictoriaMetrics,
  startPrometheus,
  startVictoriaMetrics,
} from '../demo/testing/engines.ts'
import type { MeshGraph } from './graph.ts'
import { type InstantQuestion, queriesFor } from './queries.ts'
import { readGraph, type Telemetry } from './read.ts'
import type { Sample, Skipped } from './samples.ts'
import { seriesQueriesFor } from './rangeQueries.ts'
import type { Matcher, Scope, Window } from './scope.ts'
import { plain } from './testing/samples.ts'
import { measures, operations, type Situation, situations, twoVersions } from './testing/situations.ts'
import { wordsOf } from './testing/words.ts'

const window: Window = { seconds: 300, at }

/** All situations live in one database, told apart by a label that only the extra matcher of the scope names. */
const counters = [...situations, measures, twoVersions, operations].flatMap(({ name, series }) =>
  series.map(({ labels, ...rest }) => ({ ...rest, labels: { ...labels, situation: name } })),
)

function named(situation: string): Matcher {
  return { label: 'situation', op: '=', value: situation }
}

async function answers(engine: Engine, question: InstantQuestion, scope: Scope): Promise<readonly Sample[]> {
  const decoded = await Promise.all(
    queriesFor(question, scope, window).map(async ({ promql }) => decodeVector(await engine.query(promql))),
  )
  expect(decoded.flatMap(({ skipped }): readonly Skipped[] => skipped)).toEqual([])
  return decoded.flatMap(({ samples }) => samples)
}

async function graphOf(engine: Engine, situation: Omit<Situation, 'edges'>): Promise<MeshGraph> {
  const scope: Scope = {
    namespaces: 'all',
    peers: 'full',
    seesAll: true,
    ...situation.scope,
    matchers: [named(situation.name)],
  }
  const telemetry: { -readonly [Key in keyof Telemetry]: Telemetry[Key] } = {}
  for (const question of situation.questions ?? [{ ask: 'requests' } as const]) {
    const samples = await answers(engine, question, scope)
    if (question.ask === 'requests') telemetry.requests = samples
    if (question.ask === 'tcp') telemetry.tcp = samples
    if (question.ask === 'grpc-messages') telemetry.grpcMessages = samples
    if (question.ask === 'throughput') telemetry.throughput = samples
    if (question.ask === 'mtls') telemetry.mtls = samples
    if (question.ask === 'operations') telemetry.operations = samples
    if (question.ask === 'response-time') telemetry.responseTime = { statistic: question.statistic, samples }
  }
  const namespaces = scope.namespaces === 'all' ? [] : scope.namespaces
  return readGraph(telemetry, undefined, { ...plain, window, namespaces, ...situation.options })
}

const victoria = await obtainVictoriaMetrics()
if ('problem' in victoria) console.warn(`VictoriaMetrics is left out: ${victoria.problem}`)

describe.each([
  { name: 'Prometheus', start: () => startPrometheus(counters) },
  ...('path' in victoria
    ? [{ name: 'VictoriaMetrics', start: () => startVictoriaMetrics(victoria.path, counters) }]
    : []),
])('the questions asked of a real $name', ({ start }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await start()
  }, 180_000)
  afterAll(() => engine.stop())

  it.each(situations)('$name', async (situation) => {
    const graph = await graphOf(engine, situation)
    expect(wordsOf(graph)).toEqual(situation.edges)
    expect(graph.skipped.filter(({ count }) => count > 0)).toEqual([])
  })

  it('adds up the namespaces of a scope exactly, and tells a pair the same in every scope', async () => {
    const around = situations.find(({ name }) => name.startsWith('every call that touches'))
    if (around === undefined) throw new Error('no such situation')
    const everything = wordsOf(await graphOf(engine, { ...around, scope: {} }))
    const listed = wordsOf(await graphOf(engine, { ...around, scope: { namespaces: ['shop', 'web', 'pay'] } }))
    expect(listed).toEqual(everything)
    for (const namespaces of [['shop'], ['web'], ['pay'], ['shop', 'pay']]) {
      const part = wordsOf(await graphOf(engine, { ...around, scope: { namespaces } }))
      expect(everything).toEqual(expect.arrayContaining([...part]))
      expect(part.length).toBeGreaterThan(0)
    }
  })

  // Contracts page, "Panels count once too, in PromQL": it gave the graph's totals exactly.
  const scopes: readonly Partial<Scope>[] = [
    {},
    { namespaces: ['shop'] },
    { namespaces: ['web', 'pay'] },
    { namespaces: ['shop'], peers: 'namespace', seesAll: false },
    { namespaces: ['shop'], peers: 'hide', seesAll: false },
  ]
  it.each(situations)('panels give the graph’s total, however they are split: $name', async (situation) => {
    const isOf = { ...situation, questions: [{ ask: 'requests' }], options: {} } as const
    for (const scope of [situation.scope ?? {}, ...scopes]) {
      const graph = await graphOf(engine, { ...isOf, scope })
      const total = graph.edges.reduce((sum, { rate }) => sum + rate, 0)
      for (const by of [[], ['service'], ['source'], ['workload', 'outcome'], ['flags', 'peer']] as const) {
        const asked: Scope = { namespaces: 'all', peers: 'full', seesAll: true, ...scope, matchers: [named(situation.name)] } // prettier-ignore
        const series = seriesQueriesFor({ ask: 'series-requests', by, reporter: 'auto' }, asked, 300)
        const sums = await Promise.all(
          series.map(async ({ promql }) => decodeVector(await engine.query(promql)).samples),
        )
        const panel = sums.flat().reduce((sum, { value }) => sum + value, 0)
        expect([scope, by, panel.toFixed(6)]).toEqual([scope, by, total.toFixed(6)])
        if (asked.peers === 'full') continue
        // Outside shop there are the workloads x and y; below full nobody hears of them, nor, at hide, of their namespaces.
        const told = sums.flat().flatMap(({ labels }) => Object.values(labels))
        expect(told).not.toContain('x')
        expect(told).not.toContain('y')
        if (asked.peers === 'hide') expect(told).not.toContain('web')
        if (asked.peers === 'hide') expect(told).not.toContain('pay')
      }
    }
  })

  it.each([
    ['avg', 0.15],
    ['p50', 0.1],
    ['p95', 0.235],
    ['p99', 0.247],
  ] as const)('tells the %s response time in seconds, from the side that counts', async (statistic, seconds) => {
    const questions = [{ ask: 'requests' }, { ask: 'response-time', statistic }] as const
    const graph = await graphOf(engine, { ...measures, questions })
    expect(graph.edges[0]?.latency?.[statistic]).toBeCloseTo(seconds, 6)
  })

  it.each([
    ['p95', 0.235],
    ['avg', 0.15],
  ] as const)('takes the %s of an app from the buckets of all its versions', async (statistic, seconds) => {
    const questions = [{ ask: 'requests' }, { ask: 'response-time', statistic, level: 'app' }] as const
    const graph = await graphOf(engine, { ...twoVersions, questions, options: { graphType: 'app' } })
    expect(graph.edges).toHaveLength(1)
    expect(graph.edges[0]?.latency?.[statistic]).toBeCloseTo(seconds, 6)
  })

  it.each([
    ['request', 2048],
    ['response', 4096],
  ] as const)('tells the %s throughput in bytes per second', async (direction, expected) => {
    const questions = [{ ask: 'requests' }, { ask: 'throughput', direction }] as const
    const graph = await graphOf(engine, { ...measures, questions })
    expect(graph.edges[0]?.throughput).toBeCloseTo(expected, 6)
  })

  it('tells operations apart, with what was not classified, and the total stays', async () => {
    const asked = [{ ask: 'requests' }, { ask: 'operations' }] as const
    expect(wordsOf(await graphOf(engine, { ...operations, questions: asked }))).toEqual([
      'operation/east/shop/b/Get -> workload/east/shop/b | http 6/s | 6 x 200 - | reported 6/6',
      'operation/east/shop/b/Put -> workload/east/shop/b | http 3/s | 1 x 200 -, 2 x 500 - | reported 3/3',
      'workload/east/shop/a -> operation/east/shop/b/Get | http 6/s | 6 x 200 - | reported 6/6',
      'workload/east/shop/a -> operation/east/shop/b/Put | http 3/s | 1 x 200 -, 2 x 500 - | reported 3/3',
      'workload/east/shop/a -> workload/east/shop/b | http 1/s | 1 x 200 - | reported 1/1',
    ])
  })

  it('tells the share under mutual TLS and the principals, from the side that takes the connections', async () => {
    const questions = [{ ask: 'requests' }, { ask: 'mtls' }] as const
    const graph = await graphOf(engine, { ...measures, questions })
    expect(graph.edges[0]?.mtls).toBeCloseTo(0.75, 6)
    expect(graph.edges[0]?.sourcePrincipal).toBe('spiffe://x/ns/shop/sa/a')
  })
})
