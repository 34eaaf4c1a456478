import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flows } from '../mesh/flows.ts'
import { podsOf } from '../mesh/pods.ts'
import { Exposition, labelText } from './exposition.ts'
import { bucketLabels } from './histogram.ts'
import { reportsOf } from './reports.ts'
import { families, seriesByPod, valueOf } from './series.ts'
import { truthOf } from './truth.ts'
import { Waves } from './waves.ts'

const epoch = 1_700_000_000
const waves = new Waves(1, epoch)
const series = seriesByPod(reportsOf(flows, podsOf(1)))

interface Parsed {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The text format, read as strictly as Prometheus reads it. */
function parse(text: string): readonly Parsed[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([a-z_]+)\{(.*)\} (\d+(?:\.\d+)?)$/.exec(line) ?? []
      if (name === '') throw new Error(`not a sample: ${line}`)
      const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/g)]
      expect(pairs.map(([whole]) => whole).join('')).toBe(labels)
      return {
        name,
        value: Number(value),
        labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
      }
    })
}

const allAt = (at: number) =>
  [...series].flatMap(([pod, ofPod]) => parse(new Exposition(ofPod).at(waves, at)).map((one) => ({ pod, ...one })))

const common = [
  'reporter',
  ...['source', 'destination'].flatMap((side) =>
    [
      'workload',
      'workload_namespace',
      'canonical_service',
      'canonical_revision',
      'principal',
      'app',
      'version',
      'cluster',
    ].map((label) => `${side}_${label}`),
  ),
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
]
const request = [...common, 'request_protocol', 'response_code', 'response_flags', 'connection_security_policy']
const connection = [...common, 'request_protocol', 'response_flags', 'connection_security_policy']

describe('an exposition', () => {
  const samples = allAt(epoch + 5000)

  it('knows all of Istio’s standard metrics and no others', () => {
    const names = new Set(samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')))
    expect([...names].sort()).toEqual(families.map(({ name }) => name).sort())
  })

  it('has exactly Istio’s labels on every series', () => {
    for (const { name, labels } of samples) {
      const status = labels['grpc_response_status']
      const names = Object.keys(labels).filter(
        (label) => label !== 'le' && label !== 'grpc_response_status' && label !== 'request_operation',
      )
      const expected = name.includes('_messages_') ? common : name.includes('_tcp_') ? connection : request
      expect(names.sort(), name).toEqual([...expected].sort())
      expect(status !== undefined, name).toBe(labels['request_protocol'] === 'grpc')
      expect(Object.values(labels), name).not.toContain('')
    }
  })

  it('names no series twice', () => {
    const keys = samples.map(
      ({ pod, name, labels }) => `${pod.workload.namespace}/${pod.name} ${name} ${JSON.stringify(labels)}`,
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('gives every histogram Envoy’s twenty buckets, which grow up to the count', () => {
    const histograms = new Map<string, Map<string, number>>()
    for (const { pod, name, labels, value } of samples) {
      const [, family, part] = /^(.*)_(bucket|count)$/.exec(name) ?? []
      if (family === undefined) continue
      const { le = part ?? '', ...rest } = labels
      const key = `${pod.name} ${family} ${JSON.stringify(rest)}`
      histograms.set(key, (histograms.get(key) ?? new Map<string, number>()).set(le, value))
    }
    expect(histograms.size).toBeGreaterThan(300)
    for (const [key, values] of histograms) {
      const buckets = bucketLabels.map((le) => values.get(le) ?? NaN)
      expect(
        buckets.every((value, index) => value >= (buckets[index - 1] ?? 0)),
        key,
      ).toBe(true)
      expect(values.get('+Inf'), key).toBe(values.get('count'))
      expect(values.size, key).toBe(21)
    }
  })

  it('announces each family once, before its samples', () => {
    for (const [, ofPod] of series) {
      const lines = new Exposition(ofPod)
        .at(waves, epoch + 60)
        .trim()
        .split('\n')
      const announced = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2])
      expect(new Set(announced).size).toBe(announced.length)
      expect(lines[0]?.startsWith('# TYPE ')).toBe(true)
    }
  })

  it('never lets a counter fall', () => {
    const [first] = [...series.values()]
    const exposition = new Exposition(first ?? [])
    const values = (at: number) => parse(exposition.at(waves, at)).map(({ value }) => value)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 9000 }), (one, other) => {
        const before = values(epoch + Math.min(one, other))
        const after = values(epoch + Math.max(one, other))
        expect(after.every((value, index) => value >= (before[index] ?? 0))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('is written within milliseconds, whatever the number of proxies', () => {
    const expositions = [...series.values()].map((ofPod) => new Exposition(ofPod))
    const begin = performance.now()
    for (const exposition of expositions) exposition.at(waves, epoch + 100)
    expect(performance.now() - begin).toBeLessThan(1000)
  })

  it('escapes what a label value may hold', () => {
    expect(labelText({ a: 'back\\slash "quoted"\nnext 🚀' })).toBe('a="back\\\\slash \\"quoted\\"\\nnext 🚀"')
  })
})

describe('the truth', () => {
  const word = (name: string | undefined) => name ?? 'unknown'

  it('is what the counting reporter’s counters gained in the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4000, max: 9000 }), fc.constantFrom(60, 300, 1800), (after, window) => {
        const at = epoch + after
        const gained = new Map<string, number>()
        for (const one of [...series.values()].flat()) {
          if (one.family !== 'istio_requests_total') continue
          const { labels } = one
          const key = [
            labels['reporter'],
            labels['source_workload'],
            labels['destination_workload'],
            labels['destination_service'],
            labels['request_protocol'],
            labels['response_code'],
            labels['response_flags'],
            labels['grpc_response_status'] ?? '',
          ].join('|')
          gained.set(key, (gained.get(key) ?? 0) + valueOf(one, waves, at) - valueOf(one, waves, at - window))
        }
        for (const { source, destination, service, protocol, reporters, responses } of truthOf(flows, waves, at, window)
          .pairs) {
          const reporter = (['source', 'waypoint', 'destination'] as const).find((name) => reporters.includes(name))
          for (const { code, flags, grpcStatus, rate } of responses) {
            const key = [
              reporter,
              word(source?.workload),
              word(destination?.workload),
              service.host,
              protocol,
              code,
              flags,
              grpcStatus ?? '',
            ].join('|')
            expect((gained.get(key) ?? NaN) / window, key).toBeCloseTo(rate, 3)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('tells bytes in the caller’s words: sent is what the server’s proxy calls received', () => {
    const pair = truthOf(flows, waves, epoch + 4000, 300).pairs.find(
      ({ source, destination }) => source?.workload === 'cart' && destination?.workload === 'cart-redis',
    )
    const gain = (name: string) => {
      const sum = (at: number) =>
        allAt(at)
          .filter(
            (one) =>
              one.name === name &&
              one.labels['reporter'] === 'source' &&
              one.labels['destination_workload'] === 'cart-redis',
          )
          .reduce((total, { value }) => total + value, 0)
      return (sum(epoch + 4000) - sum(epoch + 3700)) / 300
    }
    expect(pair?.tcp?.sent).toBeCloseTo(gain('istio_tcp_received_bytes_total'), 1)
    expect(pair?.tcp?.received).toBeCloseTo(gain('istio_tcp_sent_bytes_total'), 1)
    expect(pair?.tcp?.sent).not.toBeCloseTo(pair?.tcp?.received ?? 0, 0)
  })

  it('puts what was never delivered on a pair of its own, without a destination', () => {
    // 200 s into a period the canary fails.
    const at = Math.ceil(epoch / 1200) * 1200 + 200
    const pairs = truthOf(flows, new Waves(1, epoch - 1200), at, 60).pairs.filter(
      ({ source, service }) => source?.workload === 'productpage-v1' && service.name === 'reviews',
    )
    const lost = pairs.filter(({ destination }) => destination === null)
    expect(lost).toHaveLength(1)
    expect(lost[0]?.responses.map(({ code, flags }) => `${code} ${flags}`)).toEqual(['503 UF', '503 UH'])
    expect(lost[0]?.faults).toEqual(['reviews-canary'])
    expect(pairs).toHaveLength(4)
  })

  it('names the waypoint and ztunnel as reporters of ambient calls', () => {
    const pairs = truthOf(flows, waves, epoch + 4000, 300).pairs
    const of = (from: string, to: string) =>
      pairs.find(({ source, destination }) => source?.workload === from && destination?.workload === to)?.reporters
    expect(of('travel-portal', 'flights')).toEqual(['waypoint', 'ztunnel'])
    expect(of('flights', 'travel-db')).toEqual(['ztunnel'])
    expect(of('istio-ingressgateway', 'travel-portal')).toEqual(['source', 'ztunnel'])
  })
})
