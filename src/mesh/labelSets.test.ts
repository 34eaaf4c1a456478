import { describe, expect, it } from 'vitest'
import { readGraph } from './read.ts'
import type { Labels, Sample } from './samples.ts'
import { plain } from './testing/samples.ts'
import { wordsOf } from './testing/words.ts'

const ends = {
  source_workload: 'web-v1',
  source_workload_namespace: 'shop',
  destination_workload: 'cart-v2',
  destination_workload_namespace: 'shop',
  destination_service: 'cart.shop.svc.cluster.local',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
}
const apps = { source_app: 'web', source_version: 'v1', destination_app: 'cart', destination_version: 'v2' }
const canonical = {
  source_canonical_service: 'web',
  source_canonical_revision: 'v1',
  destination_canonical_service: 'cart',
  destination_canonical_revision: 'v2',
}
const clusters = { source_cluster: 'Kubernetes', destination_cluster: 'Kubernetes' }
const answer = { request_protocol: 'http', response_code: '200', response_flags: '-' }
const source = { reporter: 'source' }

/** What `requests` answers, as each Istio leaves the labels; https://istio.io/latest/docs/reference/config/metrics/ */
const sets: readonly [istio: string, labels: Labels, edge: string, notes: readonly RegExp[]][] = [
  [
    '1.9 to 1.28, sidecars',
    { ...source, ...ends, ...apps, ...canonical, ...clusters, ...answer },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 -',
    [],
  ],
  [
    '1.9 to 1.28, gRPC',
    {
      ...source,
      ...ends,
      ...apps,
      ...canonical,
      ...clusters,
      ...answer,
      request_protocol: 'grpc',
      grpc_response_status: '0',
    },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | grpc 3/s | 3 x 0 -',
    [],
  ],
  [
    'ambient before waypoints had a word of their own: one reports as destination',
    { ...ends, ...canonical, ...clusters, ...answer, reporter: 'destination' },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 - | callerNotScraped',
    [],
  ],
  [
    'ambient since: a waypoint reports as waypoint',
    { ...ends, ...canonical, ...clusters, ...answer, reporter: 'waypoint' },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 -',
    [],
  ],
  [
    'canonical labels dropped by the Telemetry API: falls back to app and version labels',
    { ...source, ...ends, ...apps, ...clusters, ...answer },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 -',
    [/canonical service labels/],
  ],
  [
    'all of them dropped: falls back to the workload’s name',
    { ...source, ...ends, ...clusters, ...answer },
    'app/Kubernetes/shop/web-v1 -> app/Kubernetes/shop/cart-v2 | http 3/s | 3 x 200 -',
    [/canonical service labels/],
  ],
  [
    'canonical labels that say `unknown`',
    {
      ...source,
      ...ends,
      ...apps,
      ...clusters,
      ...answer,
      source_canonical_service: 'unknown',
      source_canonical_revision: 'unknown',
    },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 -',
    [],
  ],
  [
    'revisions dropped: falls back to version labels, and says so',
    {
      ...source,
      ...ends,
      ...clusters,
      ...answer,
      source_canonical_service: 'web',
      destination_canonical_service: 'cart',
      destination_version: 'v2',
    },
    'app/Kubernetes/shop/web -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 -',
    [/canonical revision labels/],
  ],
  [
    'every optional label dropped at once: the workloads’ names remain, and all that is unknown is said',
    { ...source, ...ends },
    'app/unknown/shop/web-v1 -> app/unknown/shop/cart-v2 | http 3/s | 3 x unknown ?',
    [/canonical service labels/, /cluster labels/, /response_flags/, /response_code/, /request_protocol/],
  ],
  [
    'clusters dropped, or older than 1.8',
    { ...source, ...ends, ...canonical, ...answer },
    'app/unknown/shop/web/v1 -> app/unknown/shop/cart/v2 | http 3/s | 3 x 200 -',
    [/cluster labels/],
  ],
  [
    'flags dropped',
    { ...source, ...ends, ...canonical, ...clusters, request_protocol: 'http', response_code: '200' },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x 200 ?',
    [/response_flags/],
  ],
  [
    'response code dropped',
    { ...source, ...ends, ...canonical, ...clusters, request_protocol: 'http', response_flags: '-' },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | http 3/s | 3 x unknown -',
    [/response_code/],
  ],
  [
    'protocol dropped: gRPC is told by its status',
    {
      ...source,
      ...ends,
      ...canonical,
      ...clusters,
      response_code: '200',
      response_flags: '-',
      grpc_response_status: '5',
    },
    'app/Kubernetes/shop/web/v1 -> app/Kubernetes/shop/cart/v2 | grpc 3/s | 3 x 5 -',
    [/request_protocol/],
  ],
  [
    'Mixer (before 1.5): neither canonical labels nor clusters, and it says so instead of drawing `unknown`',
    { ...source, ...ends, ...apps, ...answer },
    'app/unknown/shop/web/v1 -> app/unknown/shop/cart/v2 | http 3/s | 3 x 200 -',
    [/Mixer/, /cluster labels/],
  ],
]

describe('the labels of each Istio', () => {
  it.each(sets)('%s', (_istio, labels, edge, notes) => {
    const graph = readGraph({ requests: [{ labels, value: 3 }] }, undefined, { ...plain, graphType: 'versionedApp' })
    expect(wordsOf(graph)).toEqual([edge])
    expect(graph.skipped).toHaveLength(notes.length)
    for (const note of notes) expect(graph.skipped.map(({ reason }) => reason).join('\n')).toMatch(note)
    expect(graph.skipped.every(({ count }) => count === 0)).toBe(true)
  })
})

describe('the TCP labels of each Istio', () => {
  const told = { ...ends, ...canonical, ...clusters, request_protocol: 'tcp', response_flags: '-', direction: 'sent' }
  it.each<readonly [string, readonly Labels[], string]>([
    [
      'sidecars of both ends, 1.9 to 1.28',
      [
        { ...told, ...apps, reporter: 'source' },
        { ...told, ...apps, reporter: 'destination' },
      ],
      'tcp 50/s | reported 50/50',
    ],
    [
      'ztunnel of both nodes: no app and version labels, its own pod’s label beside them',
      [
        { ...told, reporter: 'source', app: 'ztunnel' },
        { ...told, reporter: 'destination', app: 'ztunnel' },
      ],
      'tcp 50/s | reported 50/50',
    ],
    ['ztunnel where no caller is known', [{ ...told, reporter: 'destination', app: 'ztunnel', source_workload: 'unknown' }], 'tcp 50/s'], // prettier-ignore
  ])('%s', (_istio, reports, words) => {
    const tcp = reports.map((labels) => ({ labels, value: 50 }))
    const graph = readGraph({ tcp }, undefined, { ...plain, graphType: 'versionedApp' })
    expect(wordsOf(graph).map((line) => line.split(' | ').slice(1).join(' | '))).toEqual([words])
    expect(graph.skipped).toEqual([])
  })
})

describe('principals', () => {
  const mutual = { ...ends, ...canonical, ...clusters, reporter: 'destination', request_protocol: 'http', connection_security_policy: 'mutual_tls' } // prettier-ignore
  const notes = (labels: Labels): readonly (readonly [string, number])[] =>
    readGraph(
      { requests: [{ labels: { ...mutual, ...answer }, value: 3 }], mtls: [{ labels, value: 3 }] },
      undefined,
      plain,
    ).skipped.map(({ reason, count }) => [reason, count])

  it('dropped: who the ends are cannot be told, and that is said', () => {
    expect(notes(mutual)).toEqual([['no principal labels: who the two ends proved to be cannot be told', 0]])
    expect(notes({ ...mutual, source_principal: 'spiffe://x' })).toEqual([])
    expect(notes({ ...mutual, connection_security_policy: 'none' })).toEqual([])
  })
})

describe('Mixer-era names', () => {
  const noted = (labels: Labels, samples: readonly Sample[]): boolean =>
    readGraph(
      { requests: [{ labels, value: 3 }], responseTime: { statistic: 'p95', samples } },
      undefined,
      plain,
    ).skipped.some(({ reason, count }) => reason.includes('istio_request_duration_seconds') && count === 0)
  const mixer = { ...source, ...ends, ...apps, ...answer }

  it('of response times (`_seconds`) are said where none came and no canonical labels are there', () => {
    expect(noted(mixer, [])).toBe(true)
    expect(noted(mixer, [{ labels: mixer, value: 0.1 }])).toBe(false)
    expect(noted({ ...mixer, ...canonical }, [])).toBe(false)
  })
})
