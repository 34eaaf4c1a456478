import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphNode, MeshGraph } from './graph.ts'
import { boxesOf, collapse } from './grouping.ts'
import { defaultPolicy } from './policy.ts'
import { type GraphOptions, readGraph, readMesh, type Telemetry } from './read.ts'
import type { Labels, Sample } from './samples.ts'
import type { Matcher, Scope } from './scope.ts'
import { slicesFor } from './slices.ts'
import { type Call, plain, requests, tcp } from './testing/samples.ts'

/** One way two workloads call each other, and who of the two tells. */
interface Talk {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly service: string
  readonly protocol: 'http' | 'grpc' | 'tcp'
  readonly code: string
  readonly source: 'told' | 'half' | 'restarted' | 'silent'
  readonly destination: 'told' | 'half' | 'silent' | 'waypoint'
  readonly rate: number
  readonly isClusterUnknown: boolean
}

const namespaces = ['shop', 'pay', 'web', 'ops'] as const
const workload = fc
  .tuple(fc.constantFrom(...namespaces), fc.constantFrom('a-v1', 'a-v2', 'b-v1', 'c-v1'))
  .map(([namespace, name]) => `${namespace}/${name}`)

const talk: fc.Arbitrary<Talk> = fc.record({
  from: fc.option(workload, { nil: undefined, freq: 6 }),
  to: fc.option(workload, { nil: undefined, freq: 6 }),
  service: fc.constantFrom('shop/a', 'pay/a', 'web/b', 'ops/c', 'unknown/PassthroughCluster', 'unknown/10.0.0.1:80'),
  protocol: fc.constantFrom('http', 'grpc', 'tcp'),
  code: fc.constantFrom('200', '404', '503', '0'),
  source: fc.constantFrom('told', 'told', 'half', 'restarted', 'silent'),
  destination: fc.constantFrom('told', 'told', 'half', 'silent', 'waypoint'),
  rate: fc.integer({ min: 1, max: 500 }).map((rate) => (rate * 2) / 7),
  isClusterUnknown: fc.boolean(),
})

interface Raw {
  readonly requests: readonly Sample[]
  readonly tcp: readonly Sample[]
}

/** The series both sides' proxies leave in Prometheus; `pod` tells two series of one workload apart. */
function seriesOf(talks: readonly Talk[]): Raw {
  const http: Sample[] = []
  const bytes: Sample[] = []
  for (const { from, to, service, protocol, code, source, destination, rate, isClusterUnknown } of talks) {
    const call: Call = {
      service,
      code,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(protocol === 'tcp' ? {} : { protocol }),
    }
    const add = (value: number, reporter: 'source' | 'destination' | 'waypoint', pod: string): void => {
      const far = reporter === 'source' ? 'destination_cluster' : 'source_cluster'
      const labels = { pod, ...(isClusterUnknown ? { [far]: 'unknown' } : {}) }
      if (protocol === 'tcp') bytes.push(tcp(value, { ...call, reporter, labels }))
      else http.push(requests(value, { ...call, reporter, labels }))
    }
    if (from !== undefined && source !== 'silent') {
      if (source === 'restarted') add(0, 'source', 'dead')
      add(source === 'half' ? rate / 2 : rate, 'source', 'live')
    }
    if (to !== undefined && destination !== 'silent') {
      add(destination === 'half' ? rate / 2 : rate, destination === 'waypoint' ? 'waypoint' : 'destination', 'callee')
    }
  }
  return { requests: http, tcp: bytes }
}

/** What Prometheus answers: each slice's series, summed without `pod`, above zero; the parts joined with `or`. */
function answered({ requests: http, tcp: bytes }: Raw, scope: Scope): Telemetry {
  const ask = (series: readonly Sample[]): readonly Sample[] =>
    (['source', 'destination'] as const).flatMap((side) => {
      const found = new Map<string, Sample>()
      for (const slice of slicesFor(scope, side)) {
        const sums = new Map<string, { labels: Labels; value: number }>()
        for (const { labels, value } of series) {
          if (!slice.selectors.some((matchers) => matchers.every((matcher) => matches(labels, matcher)))) continue
          const { pod: _, ...kept } = labels
          const key = JSON.stringify(Object.entries(kept).sort())
          const known = sums.get(key)
          if (known === undefined) sums.set(key, { labels: kept, value })
          else known.value += value
        }
        for (const [key, sample] of sums) if (sample.value > 0 && !found.has(key)) found.set(key, sample)
      }
      return [...found.values()]
    })
  return { requests: ask(http), tcp: ask(bytes) }
}

function matches(labels: Labels, { label, op, value }: Matcher): boolean {
  const own = labels[label] ?? ''
  if (op === '=') return own === value
  if (op === '!=') return own !== value
  return new RegExp(`^(?:${value})$`, 's').test(own) === (op === '=~')
}

const everything: Scope = { namespaces: 'all', peers: 'full', seesAll: true, matchers: [] }

function graphOf(telemetry: Telemetry, options: Partial<GraphOptions> = {}): MeshGraph {
  return readGraph(telemetry, undefined, { ...plain, ...options })
}

function totalOf({ edges }: MeshGraph, protocol: string): number {
  return edges.filter((edge) => edge.protocol === protocol).reduce((sum, { rate }) => sum + rate, 0)
}

const meshes = fc.array(talk, { minLength: 1, maxLength: 25 })
const graphTypes = ['workload', 'app', 'versionedApp', 'service'] as const

describe('laws of the engine', () => {
  it('rates are conserved between levels', () => {
    fc.assert(
      fc.property(meshes, (talks) => {
        const telemetry = answered(seriesOf(talks), everything)
        const [workloads, ...others] = graphTypes.map((graphType) => graphOf(telemetry, { graphType }))
        if (workloads === undefined) throw new Error('no graph')
        for (const protocol of ['http', 'grpc', 'tcp']) {
          for (const other of others) expect(totalOf(other, protocol)).toBeCloseTo(totalOf(workloads, protocol), 6)
        }
      }),
    )
  })

  it('rates are conserved by grouping', () => {
    fc.assert(
      fc.property(meshes, fc.subarray(['app', 'namespace', 'cluster'] as const), (talks, by) => {
        const graph = graphOf(answered(seriesOf(talks), everything))
        const folded = collapse(graph, boxesOf(graph, by, []))
        for (const protocol of ['http', 'grpc', 'tcp']) {
          expect(totalOf(folded, protocol)).toBeCloseTo(totalOf(graph, protocol), 6)
        }
        expectSound(folded)
      }),
    )
  })

  it('no dangling edge, no id twice, everything sorted, an edge is the sum of its responses', () => {
    fc.assert(
      fc.property(meshes, fc.constantFrom(...graphTypes), fc.boolean(), (talks, graphType, serviceNodes) => {
        expectSound(graphOf(answered(seriesOf(talks), everything), { graphType, serviceNodes }))
      }),
    )
  })

  it('sample order does not matter', () => {
    const mixed = meshes.chain((talks) => {
      const { requests: http = [], tcp: bytes = [] } = answered(seriesOf(talks), everything)
      return fc.record({
        sorted: fc.constant({ requests: http, tcp: bytes }),
        shuffled: fc.record({
          requests: fc.shuffledSubarray([...http], { minLength: http.length }),
          tcp: fc.shuffledSubarray([...bytes], { minLength: bytes.length }),
        }),
      })
    })
    fc.assert(
      fc.property(
        mixed,
        fc.constantFrom(...graphTypes),
        fc.boolean(),
        ({ sorted, shuffled }, graphType, serviceNodes) => {
          const options = { ...plain, graphType, serviceNodes }
          expect(readMesh(shuffled, undefined, options)).toEqual(readMesh(sorted, undefined, options))
        },
      ),
    )
  })

  it("adding a namespace to the scope never changes another pair's rate, and no call that touches the scope is missing", () => {
    fc.assert(
      fc.property(meshes, fc.subarray([...namespaces], { minLength: 1 }), (talks, scoped) => {
        const raw = seriesOf(talks)
        const all = ratesOf(graphOf(answered(raw, everything)))
        const part = graphOf(answered(raw, { ...everything, namespaces: scoped }), { namespaces: scoped })
        for (const [id, rates] of ratesOf(part)) expect([id, rates]).toEqual([id, all.get(id)])
        const inside = new Set<string>(scoped)
        const whole = graphOf(answered(raw, everything))
        const touches = (node: GraphNode | undefined, others: GraphNode | undefined): boolean =>
          node !== undefined && inside.has(node.namespace) && (node.kind !== 'service' || others !== undefined)
        const nodes = new Map(whole.nodes.map((node) => [node.id, node]))
        const expected = whole.edges
          .filter(
            ({ source, target }) =>
              touches(nodes.get(source), nodes.get(target)) || touches(nodes.get(target), nodes.get(source)),
          )
          .map(({ id }) => id)
        expect(part.edges.map(({ id }) => id)).toEqual(expected)
      }),
    )
  })

  it('rewriting a label value to a hostile string changes nothing else', () => {
    const hostile = fc.constantFrom(
      '"',
      "'; drop",
      'a\\',
      'line\nbreak\r\u0000',
      '🦀🏴‍☠️',
      '\ud800',
      'x'.repeat(10_000),
      'a/b>c|d%2f',
      '%2f',
      '__proto__',
      'constructor',
      '/',
      ' ',
    )
    fc.assert(
      fc.property(meshes, hostile, fc.constantFrom(...graphTypes), (talks, value, graphType) => {
        const raw = seriesOf(talks)
        const swap = ({ labels, value: rate }: Sample): Sample => ({
          value: rate,
          labels: Object.fromEntries(Object.entries(labels).map(([name, own]) => [name, own === 'c-v1' ? value : own])),
        })
        const plainly = graphOf(answered(raw, everything), { graphType })
        const swapped = { requests: raw.requests.map(swap), tcp: raw.tcp.map(swap) }
        const strangely = graphOf(answered(swapped, everything), { graphType })
        expect(shapeOf(strangely, value)).toEqual(shapeOf(plainly, 'c-v1'))
      }),
    )
  })

  it('reads anything at all without throwing', () => {
    const anything = fc.record({
      labels: fc.dictionary(
        fc.constantFrom(
          'reporter',
          'source_workload',
          'destination_workload',
          'request_protocol',
          'response_code',
          'app',
        ),
        fc.oneof(
          fc.string(),
          fc.constantFrom('source', 'destination', 'waypoint', 'unknown', 'http', 'grpc', 'ztunnel'),
        ),
      ),
      value: fc.double(),
    })
    fc.assert(
      fc.property(fc.array(anything), (samples) => {
        const telemetry = { requests: samples, tcp: samples, grpcMessages: samples, mtls: samples, throughput: samples }
        for (const graphType of graphTypes) {
          const options = {
            ...plain,
            graphType,
            grpc: 'messages',
            idleEdges: true,
            serviceNodes: true,
            waypoints: true,
          } as const
          expectSound(readMesh(telemetry, undefined, options))
        }
      }),
    )
  })
})

describe('what could explain errors and is not in the graph', () => {
  const failing = [requests(9, { from: 'shop/web', to: 'shop/cart', code: '500' })]
  it.each<readonly [string, Telemetry, Partial<GraphOptions>, RegExp]>([
    ['nothing', { requests: failing, tcp: [] }, {}, /^The errors start here, .* makes no calls/],
    ['TCP', { requests: failing }, {}, /^The errors start here or behind it, .* other protocols are not in this graph/],
    ['gRPC', { requests: failing, tcp: [] }, { grpc: 'none' }, /^The errors start here or behind it, /],
  ])('%s', (_name, telemetry, options, sentence) => {
    const { edges } = readMesh(telemetry, undefined, { ...plain, policy: defaultPolicy, ...options })
    expect(edges[0]?.health?.reasons.at(-1)).toMatch(sentence)
  })
})

/** Each pair's rates by protocol and its responses. */
function ratesOf({ edges }: MeshGraph): ReadonlyMap<string, unknown> {
  return new Map(edges.map(({ id, rate, responses, reported }) => [id, { rate, responses, reported }]))
}

function expectSound({ nodes, edges }: MeshGraph): void {
  const ids = nodes.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)].sort())
  const edgeIds = edges.map(({ id }) => id)
  expect(edgeIds).toEqual([...new Set(edgeIds)].sort())
  const known = new Set(ids)
  for (const { source, target, rate, responses } of edges) {
    expect([known.has(source), known.has(target)]).toEqual([true, true])
    expect(responses.reduce((sum, response) => sum + response.rate, 0)).toBeCloseTo(rate, 6)
  }
}

/** The graph without ids, the value in question replaced by a word, in an order that does not depend on it. */
function shapeOf({ nodes, edges }: MeshGraph, value: string): readonly string[] {
  const word = (text: string | undefined): string => (text === value ? '<value>' : (text ?? '-'))
  const names = new Map(
    nodes.map(({ id, kind, cluster, namespace, workload: name, app, version, service, isRoot }) => [
      id,
      [kind, cluster, namespace, word(name), word(app), word(version), word(service), String(isRoot)].join(' '),
    ]),
  )
  return [
    ...names.values(),
    ...edges.map(({ source, target, protocol, rate, responses, marks, reported }) =>
      JSON.stringify([names.get(source), names.get(target), protocol, rate.toFixed(6), responses, marks, reported]),
    ),
  ].sort()
}
