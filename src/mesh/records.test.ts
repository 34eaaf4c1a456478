import { describe, expect, it } from 'vitest'
import { type Record, RecordReader } from './records.ts'
import type { Sample, Skipped } from './samples.ts'
import { SkippedList } from './skipped.ts'
import { requests, tcp } from './testing/samples.ts'

function read(
  samples: readonly Sample[],
  family: 'requests' | 'tcp' | 'either' = 'requests',
): {
  records: readonly Record[]
  skipped: readonly Skipped[]
} {
  const list = new SkippedList()
  const records = new RecordReader(list).read(samples, family)
  return { records, skipped: list.list() }
}

const ab = { from: 'a', to: 'b' } as const

describe('the code of a response', () => {
  it.each([
    ['http', '200', undefined, '200'],
    ['http', '0', undefined, '-'],
    ['grpc', '200', '0', '0'],
    ['grpc', '200', '14', '14'],
    ['grpc', '200', undefined, '200'],
    ['grpc', '503', '14', '503'],
    ['grpc', '401', '0', '401'],
    ['grpc', '0', '14', '-'],
    ['http', undefined, undefined, 'unknown'],
  ] as const)('%s with HTTP %s and gRPC status %s is %s', (protocol, code, status, told) => {
    const labels = { response_code: code, grpc_response_status: status }
    expect(read([requests(1, { ...ab, protocol, labels })]).records[0]?.code).toBe(told)
  })
})

describe('what cannot be read is counted, with its reason and an example', () => {
  it.each([
    ['no reporter label', requests(1, { ...ab, labels: { reporter: undefined } })],
    [
      'the reporter is none of source, destination, waypoint',
      requests(1, { ...ab, labels: { reporter: 'he said "x"\n' } }),
    ],
    ['the protocol is none of http, grpc, tcp', requests(1, { ...ab, labels: { request_protocol: 'mongo' } })],
    ['the protocol is none of http, grpc, tcp', requests(1, { ...ab, labels: { request_protocol: 'tcp' } })],
    ['the value is not a rate', requests(Number.NaN, ab)],
    ['the value is not a rate', requests(Number.POSITIVE_INFINITY, ab)],
    ['the value is not a rate', requests(-1, ab)],
    ['names neither a workload nor a service', requests(1, {})],
  ])('%s', (reason, sample) => {
    const { records, skipped } = read([sample])
    expect(records).toEqual([])
    expect(skipped).toMatchObject([{ reason, count: 1 }])
    expect(skipped[0]?.example).toMatch(/^\{.+/)
  })

  it('keeps examples short and the same for any order', () => {
    const long = requests(1, { ...ab, labels: { request_protocol: 'x'.repeat(10_000) } })
    const other = requests(1, { ...ab, labels: { request_protocol: 'a' } })
    expect(read([long, other]).skipped).toEqual(read([other, long]).skipped)
    expect(read([long]).skipped[0]?.example.length).toBeLessThan(400)
  })
})

describe('the ends of a call', () => {
  it('are one object for one identity, and share a key over clusters and versions', () => {
    const { records } = read([
      requests(1, ab),
      requests(2, { ...ab, code: '500' }),
      requests(3, { from: { name: 'a', cluster: 'west', version: 'v9' }, to: 'b' }),
      requests(4, { from: 'pay/a', to: 'b' }),
    ])
    const [one, two, three, four] = records
    expect(two?.source).toBe(one?.source)
    expect(two?.pair).toBe(one?.pair)
    expect(three?.source).not.toBe(one?.source)
    expect(three?.pair).toBe(one?.pair)
    expect(four?.pair).not.toBe(one?.pair)
  })

  it('stay apart where very many share a name', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      requests(1, { from: { name: 'a', version: `v${index}` }, to: 'b' }),
    )
    const { records } = read([...many, ...many])
    expect(new Set(records.map(({ source }) => source)).size).toBe(100)
    expect(new Set(records.map(({ pair }) => pair)).size).toBe(1)
  })

  it('told by namespace alone are peers, told not at all nobody', () => {
    const hidden = { source_workload: undefined, source_canonical_service: undefined, source_cluster: undefined }
    const [peer] = read([requests(1, { ...ab, labels: { ...hidden, source_workload_namespace: 'web' } })]).records
    const [none] = read([requests(1, { ...ab, labels: { ...hidden, source_workload_namespace: undefined } })]).records
    expect(peer?.source).toMatchObject({ kind: 'peer', namespace: 'web' })
    expect(none?.source).toMatchObject({ kind: 'nobody' })
  })
})

it('TCP needs no protocol label, and says whose word the direction is', () => {
  const { records } = read([tcp(5, { ...ab, direction: 'received', isZtunnel: true })], 'tcp')
  expect(records[0]).toMatchObject({ protocol: 'tcp', code: '-', direction: 'received', isZtunnel: true, value: 5 })
})
