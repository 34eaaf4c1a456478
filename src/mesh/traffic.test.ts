import { describe, expect, it } from 'vitest'
import { readGraph, type GraphOptions, type Telemetry } from './read.ts'
import { plain, requests, tcp } from './testing/samples.ts'
import { wordsOf } from './testing/words.ts'

function told(telemetry: Telemetry, options: Partial<GraphOptions> = {}): readonly string[] {
  return wordsOf(readGraph(telemetry, undefined, { ...plain, ...options }))
}

const a = 'workload/east/shop/a'
const b = 'workload/east/shop/b'
const ab = { from: 'a', to: 'b' } as const
const lost = { from: 'a', service: 'shop/b' } as const
const destination = { reporter: 'destination' } as const

describe('contracts page, "Count once": source says | destination or waypoint says | the edge', () => {
  const table: readonly [row: string, telemetry: Telemetry, edges: readonly string[]][] = [
    [
      '100/s: 90 x 200, 10 x 503 UF with destination workload unknown | 90/s of 200 | pair to the workload: 90 x 200 (source); to the service alone: 10 x 503 UF. Total 100',
      {
        requests: [
          requests(90, ab),
          requests(10, { ...lost, code: '503', flags: 'UF' }),
          requests(90, { ...ab, ...destination }),
        ],
      },
      [
        `${a} -> service/east/shop/b | http 10/s | 10 x 503 UF`,
        `${a} -> ${b} | http 90/s | 90 x 200 - | reported 90/90`,
      ],
    ],
    [
      '100/s: 95 x 200, 5 x 504 UT | 100/s: 95 x 200, 5 x 0 DC | 100/s: 95 x 200, 5 x 504 UT',
      {
        requests: [
          requests(95, ab),
          requests(5, { ...ab, code: '504', flags: 'UT' }),
          requests(95, { ...ab, ...destination }),
          requests(5, { ...ab, ...destination, code: '0', flags: 'DC' }),
        ],
      },
      [`${a} -> ${b} | http 100/s | 95 x 200 -, 5 x 504 UT | reported 100/100`],
    ],
    [
      '100/s | 130/s (retries) | 100/s, `reported: {source: 100, destination: 130}`, marked (they differ by more than a fifth of the larger)',
      { requests: [requests(100, ab), requests(130, { ...ab, ...destination })] },
      [`${a} -> ${b} | http 100/s | 100 x 200 - | reported 100/130 | reportsDiffer`],
    ],
    [
      '(a fifth of the larger is no more than a fifth) 100/s | 125/s | not marked',
      { requests: [requests(100, ab), requests(125, { ...ab, ...destination })] },
      [`${a} -> ${b} | http 100/s | 100 x 200 - | reported 100/125`],
    ],
    [
      '40/s (half of the callers scraped) | 100/s | 40/s, both totals kept, marked: the doctor explains',
      { requests: [requests(40, ab), requests(100, { ...ab, ...destination })] },
      [`${a} -> ${b} | http 40/s | 40 x 200 - | reported 40/100 | reportsDiffer`],
    ],
    [
      'nothing (caller unmeshed: `source_workload="unknown"`) | 50/s | 50/s (destination)',
      { requests: [requests(50, { to: 'b', ...destination })] },
      [`unknown -> ${b} | http 50/s | 50 x 200 -`],
    ],
    [
      'nothing (caller meshed, not scraped) | 50/s | 50/s (destination), marked "caller not scraped"',
      { requests: [requests(50, { ...ab, ...destination })] },
      [`${a} -> ${b} | http 50/s | 50 x 200 - | callerNotScraped`],
    ],
    [
      'or 0/s (stale series of a dead pod) | 50/s | 50/s (destination), marked "caller not scraped"',
      { requests: [requests(0, ab), requests(50, { ...ab, ...destination })] },
      [`${a} -> ${b} | http 50/s | 50 x 200 - | callerNotScraped`],
    ],
    [
      'HTTP via waypoint: nothing | waypoint 80/s of 200 | one http edge 80/s (waypoint)',
      { requests: [requests(80, { ...ab, reporter: 'waypoint' })] },
      [`${a} -> ${b} | http 80/s | 80 x 200 -`],
    ],
    [
      "or ztunnel TCP legs | waypoint 80/s of 200 | one http edge 80/s (waypoint); its L4 bytes from the client's leg for that caller and service, shared by L7 rate, marked estimated",
      {
        requests: [
          requests(60, { from: 'a', to: 'b-v1', service: 'shop/b', reporter: 'waypoint' }),
          requests(20, { from: 'a', to: 'b-v2', service: 'shop/b', reporter: 'waypoint' }),
          requests(5, { from: 'a', to: 'c', reporter: 'waypoint' }),
        ],
        tcp: [
          tcp(8000, { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true }),
          tcp(400, { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true, direction: 'received' }),
          tcp(7000, { from: 'waypoint', to: 'b-v1', service: 'shop/b', isZtunnel: true }),
          tcp(7000, { from: 'waypoint', to: 'b-v1', service: 'shop/b', isZtunnel: true, ...destination }),
        ],
      },
      [
        `${a} -> workload/east/shop/b-v1 | http 60/s | 60 x 200 - | l4 6000/300 estimated`,
        `${a} -> workload/east/shop/b-v2 | http 20/s | 20 x 200 - | l4 2000/100 estimated`,
        `${a} -> workload/east/shop/c | http 5/s | 5 x 200 -`,
      ],
    ],
    [
      'HTTP 80/s | only TCP for the same pair | 80/s http; the TCP is its transport, not an edge',
      { requests: [requests(80, ab)], tcp: [tcp(4000, { ...ab, ...destination })] },
      [`${a} -> ${b} | http 80/s | 80 x 200 - | l4 4000/-`],
    ],
    [
      'Passthrough 20/s | 20/s from the same caller to a workload | cannot be matched: both edges, both marked',
      {
        requests: [
          requests(20, { from: 'a', service: 'unknown/PassthroughCluster', host: 'b.shop' }),
          requests(20, { ...ab, ...destination }),
          requests(7, { from: 'c', to: 'b', ...destination }),
        ],
      },
      [
        `${a} -> service/east/unknown/PassthroughCluster | http 20/s | 20 x 200 - | cannotBeMatched`,
        `${a} -> ${b} | http 20/s | 20 x 200 - | cannotBeMatched`,
        `workload/east/shop/c -> ${b} | http 7/s | 7 x 200 - | callerNotScraped`,
      ],
    ],
    [
      'gRPC: 20/s, HTTP 200, grpc_response_status 14 | same | 20/s, code 14, an error',
      {
        requests: [
          requests(20, { ...ab, protocol: 'grpc', grpcStatus: '14' }),
          requests(20, { ...ab, ...destination, protocol: 'grpc', grpcStatus: '14' }),
        ],
      },
      [`${a} -> ${b} | grpc 20/s | 20 x 14 - | reported 20/20`],
    ],
  ]
  it.each(table)('%s', (_row, telemetry, edges) => {
    expect(told(telemetry)).toEqual(edges)
  })

  it('calls the gRPC status 14 an error', () => {
    const graph = readGraph(
      { requests: [requests(20, { ...ab, protocol: 'grpc', grpcStatus: '14' })] },
      undefined,
      plain,
    )
    expect(graph.edges[0]?.errorRatio).toBe(1)
  })

  it("waypoint's report goes before a destination's of the same pair; they are never added", () => {
    const telemetry = {
      requests: [requests(70, { ...ab, reporter: 'waypoint' }), requests(90, { ...ab, reporter: 'destination' })],
    }
    expect(told(telemetry)).toEqual([`${a} -> ${b} | http 70/s | 70 x 200 -`])
  })

  it('where the source reports the pair, its services stand; a service only the destination names is the same calls', () => {
    const telemetry = {
      requests: [
        requests(30, { ...ab, service: 'shop/b-canary' }),
        requests(30, { ...ab, ...destination, service: 'shop/b' }),
      ],
    }
    expect(told(telemetry, { serviceNodes: true }).map((line) => line.split(' |')[0])).toEqual([
      'service/east/shop/b-canary -> workload/east/shop/b',
      'workload/east/shop/a -> service/east/shop/b-canary',
    ])
  })

  it('an unknown cluster matches the one the other side knows', () => {
    const telemetry = {
      requests: [
        requests(30, { ...ab, labels: { destination_cluster: 'unknown' } }),
        requests(30, {
          from: 'a',
          to: { name: 'b', cluster: 'west' },
          ...destination,
          labels: { source_cluster: undefined },
        }),
      ],
    }
    expect(told(telemetry)).toEqual([`${a} -> workload/west/shop/b | http 30/s | 30 x 200 - | reported 30/30`])
  })

  it('a report that fits several clusters is shared by what they report, and marked estimated', () => {
    const telemetry = {
      requests: [
        requests(100, { ...ab, labels: { destination_cluster: 'unknown' } }),
        requests(75, { ...ab, ...destination }),
        requests(25, { from: 'a', to: { name: 'b', cluster: 'west' }, ...destination }),
      ],
    }
    expect(told(telemetry)).toEqual([
      `${a} -> ${b} | http 75/s | 75 x 200 - | reported 75/75 | estimated`,
      `${a} -> workload/west/shop/b | http 25/s | 25 x 200 - | reported 25/25 | estimated`,
    ])
  })

  it("only after matching does an unknown destination cluster become the caller's, if the service's namespace is known", () => {
    const unplaced = { destination_cluster: 'unknown' }
    expect(told({ requests: [requests(30, { ...ab, labels: unplaced })] })).toEqual([
      `${a} -> ${b} | http 30/s | 30 x 200 -`,
    ])
    expect(
      told({
        requests: [
          requests(30, { ...ab, host: 'b', labels: { ...unplaced, destination_service_namespace: 'unknown' } }),
        ],
      }),
    ).toEqual([`${a} -> workload/unknown/shop/b | http 30/s | 30 x 200 -`])
  })

  it('idle edges (asked for) are pairs at 0, without marks', () => {
    const telemetry = { requests: [requests(0, { ...ab, ...destination }), requests(0, ab)] }
    expect(told(telemetry)).toEqual([])
    expect(told(telemetry, { idleEdges: true })).toEqual([`${a} -> ${b} | http 0/s`])
  })

  it('protocols other than http, grpc, tcp go to skipped', () => {
    const odd = requests(3, { ...ab, labels: { request_protocol: 'mongo' } })
    expect(readGraph({ requests: [odd, odd] }, undefined, plain).skipped).toMatchObject([
      {
        reason: 'the protocol is none of http, grpc, tcp',
        count: 2,
        example: expect.stringContaining('request_protocol="mongo"') as unknown,
      },
    ])
  })

  it.each([
    ['source', 40],
    ['destination', 100],
  ] as const)('reporter=%s can be forced', (reporter, rate) => {
    const telemetry = { requests: [requests(40, ab), requests(100, { ...ab, ...destination })] }
    expect(told(telemetry, { reporter })).toEqual([`${a} -> ${b} | http ${rate}/s | ${rate} x 200 -`])
  })

  it('a forced reporter still learns clusters, apps and versions from the other: the same edges, by one side’s numbers', () => {
    const telemetry = {
      requests: [
        requests(40, { ...ab, labels: { destination_cluster: 'unknown', destination_canonical_revision: 'unknown' } }),
        requests(100, { from: 'a', to: { name: 'b', cluster: 'west', version: 'v2' }, ...destination }),
      ],
    }
    const ends = 'app/east/shop/a/latest -> app/west/shop/b/v2'
    expect(told(telemetry, { graphType: 'versionedApp', reporter: 'source' })).toEqual([
      `${ends} | http 40/s | 40 x 200 -`,
    ])
    expect(told(telemetry, { graphType: 'versionedApp', reporter: 'destination' })).toEqual([
      `${ends} | http 100/s | 100 x 200 -`,
    ])
  })

  it('series that differ only in labels not asked for are summed, never dropped', () => {
    expect(told({ requests: [requests(4, ab), requests(5, ab)] })).toEqual([`${a} -> ${b} | http 9/s | 9 x 200 -`])
  })
})

describe('transport', () => {
  it('keeps TCP of its own between a pair that also speaks HTTP', () => {
    const telemetry = { requests: [requests(8, ab)], tcp: [tcp(500, ab)] }
    expect(told(telemetry)).toEqual([`${a} -> ${b} | http 8/s | 8 x 200 -`, `${a} -> ${b} | tcp 500/s`])
  })

  it("lays ztunnel's TCP under the requests of the same pair", () => {
    const telemetry = { requests: [requests(8, ab)], tcp: [tcp(500, { ...ab, isZtunnel: true })] }
    expect(told(telemetry)).toEqual([`${a} -> ${b} | http 8/s | 8 x 200 - | l4 500/-`])
  })

  it("where no waypoint reports, ztunnel's L4 edge stands alone and is counted once", () => {
    const telemetry = {
      tcp: [tcp(500, { ...ab, isZtunnel: true }), tcp(480, { ...ab, isZtunnel: true, ...destination })],
    }
    expect(told(telemetry)).toEqual([`${a} -> ${b} | tcp 500/s | reported 500/480`])
  })

  it('does not call a caller silent whose ztunnel reports the bytes of the same calls', () => {
    const telemetry = {
      requests: [requests(8, { ...ab, ...destination })],
      tcp: [tcp(500, { ...ab, isZtunnel: true })],
    }
    expect(told(telemetry)).toEqual([`${a} -> ${b} | http 8/s | 8 x 200 - | l4 500/-`])
  })

  it('a leg without any L7 report stays an edge', () => {
    const telemetry = { tcp: [tcp(500, { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true })] }
    expect(told(telemetry)).toEqual([`${a} -> workload/east/shop/waypoint | tcp 500/s`])
  })

  it('a waypoint whose caller reports too (a gateway) is transport all the same', () => {
    const telemetry = {
      requests: [requests(9, ab), requests(8, { ...ab, reporter: 'waypoint' })],
      tcp: [tcp(510, { from: 'waypoint', to: 'b', isZtunnel: true })],
    }
    expect(told(telemetry)).toEqual([`${a} -> ${b} | http 9/s | 9 x 200 - | reported 9/8`])
  })

  it('shows waypoints and their legs on demand', () => {
    const telemetry = {
      requests: [requests(8, { ...ab, reporter: 'waypoint' })],
      tcp: [
        tcp(500, { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true }),
        tcp(510, { from: 'waypoint', to: 'b', isZtunnel: true }),
      ],
    }
    expect(told(telemetry, { waypoints: true })).toEqual([
      `${a} -> ${b} | http 8/s | 8 x 200 - | l4 500/- estimated`,
      `${a} -> workload/east/shop/waypoint | tcp 500/s`,
      `workload/east/shop/waypoint -> ${b} | tcp 510/s`,
    ])
  })
})

describe('the order of arrival', () => {
  it('does not show in the last digit of a sum', () => {
    const parts = [0.1, 0.2, 0.3].map((rate, index) => requests(rate, { ...ab, code: `20${index}` }))
    const calls = [
      ...parts,
      ...parts.map(({ labels, value }) => ({ labels: { ...labels, ...destination }, value: value * 3 })),
    ]
    const forward = readGraph({ requests: calls }, undefined, plain)
    expect(readGraph({ requests: calls.toReversed() }, undefined, plain)).toEqual(forward)
    const inside = readGraph({ requests: calls.toReversed() }, undefined, { ...plain, reporter: 'destination' })
    expect(readGraph({ requests: calls }, undefined, { ...plain, reporter: 'destination' })).toEqual(inside)
  })

  it('does not decide which version fills in for one that the counting report does not know', () => {
    const unversioned = { destination_canonical_revision: 'unknown' }
    const calls = [
      requests(3, { ...ab, labels: unversioned }),
      requests(2, { from: 'a', to: { name: 'b', version: 'v2' }, ...destination }),
      requests(1, { from: 'a', to: { name: 'b', version: 'v1' }, ...destination }),
    ]
    for (const samples of [calls, calls.toReversed()]) {
      expect(told({ requests: samples }, { graphType: 'versionedApp' })).toEqual([
        'app/east/shop/a/latest -> app/east/shop/b/v1 | http 3/s | 3 x 200 - | reported 3/3',
      ])
    }
  })
})
