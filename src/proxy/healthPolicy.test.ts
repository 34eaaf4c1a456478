import { describe, expect, onTestFinished, test } from 'vitest'
import { startCluster } from '../demo/cluster/server.ts'
import { meshboardToken } from '../demo/cluster/personas.ts'
import { parsePolicy } from './healthPolicy.ts'
import { testProxy } from './testServer.ts'

const complaintsOf = (document: unknown): readonly string[] => {
  try {
    parsePolicy(document)
    return []
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')
  }
}

describe('a policy document', () => {
  test('is a list of rules, or an object with the list under health', () => {
    const rules = [
      {
        match: { namespace: 'shop-.*', name: 'cart', kind: 'workload|app' },
        protocol: 'http',
        codes: '404',
        flags: '-',
        direction: 'outbound',
        degraded: 0.05,
        failing: 0.2,
        minRequests: 50,
      },
    ]
    expect(parsePolicy(rules)).toEqual(rules)
    expect(parsePolicy({ health: rules })).toEqual(rules)
    expect([parsePolicy([]), parsePolicy(null)]).toEqual([[], []])
  })

  test('may leave out what has a usual value', () => {
    expect(parsePolicy([{ protocol: 'grpc', codes: 14, failing: 0.5 }])).toEqual([
      { protocol: 'grpc', codes: '14', direction: 'inbound', failing: 0.5, minRequests: 5 },
    ])
    expect(parsePolicy([{ match: {}, protocol: 'tcp', flags: '.*URX.*', direction: 'both', degraded: 0 }])).toEqual([
      { protocol: 'tcp', codes: '-', flags: '.*URX.*', degraded: 0, minRequests: 5 },
    ])
  })

  test.each<[string, unknown, string]>([
    [
      'an unknown key',
      [{ protocol: 'http', code: '5XX' }],
      'health.0.code: is not known here; it takes codes, degraded, direction, failing, flags, match, minRequests, protocol',
    ],
    [
      'an unknown key of a match',
      [{ match: { pod: 'a' }, protocol: 'tcp' }],
      'health.0.match.pod: is not known here; it takes kind, name, namespace',
    ],
    ['no protocol', [{ codes: '5XX' }], 'health.0.protocol: takes "http", "grpc", "tcp"'],
    [
      'another protocol',
      [{ protocol: 'udp', codes: '5XX' }],
      'health.0.protocol: takes "http", "grpc", "tcp"; got "udp"',
    ],
    [
      'no codes',
      [{ protocol: 'tcp' }, { protocol: 'http' }],
      'health.1.codes: is missing; it takes an expression over response codes, such as 5XX or 401|403',
    ],
    [
      'a broken expression',
      [{ protocol: 'http', codes: '5(' }],
      'health.0.codes: is not a regular expression; got "5("',
    ],
    ['codes that are a list', [{ protocol: 'http', codes: ['500'] }], 'health.0.codes: takes a text; got a list of 1'],
    [
      'a percentage',
      [{ protocol: 'http', codes: '5XX', degraded: 10 }],
      'health.0.degraded: takes a ratio from 0 to 1, such as 0.05 for 5%; got 10',
    ],
    [
      'a ratio in words',
      [{ protocol: 'http', codes: '5XX', failing: '10%' }],
      'health.0.failing: takes a number; got "10%"',
    ],
    [
      'failing before degraded',
      [{ protocol: 'http', codes: '5XX', degraded: 0.2, failing: 0.1 }],
      'health.0.failing: takes at least what degraded takes (0.2); got 0.1',
    ],
    [
      'a kind that is none',
      [{ match: { kind: 'Deployment' }, protocol: 'http', codes: '5XX' }],
      'health.0.match.kind: means none of workload, app, service; got "Deployment"',
    ],
    [
      'another direction',
      [{ protocol: 'http', codes: '5XX', direction: 'in' }],
      'health.0.direction: takes "inbound", "outbound", "both"; got "in"',
    ],
    [
      'fewer than no requests',
      [{ protocol: 'http', codes: '5XX', minRequests: -1 }],
      'health.0.minRequests: takes 0 or more; got -1',
    ],
    ['a single rule', { protocol: 'http', codes: '5XX' }, 'health: is missing; it takes a list'],
    ['a text', 'http: 5XX', 'configuration: takes an object; got "http: 5XX"'],
  ])('with %s is refused by key', (_what, document, complaint) => {
    expect(complaintsOf(document)).toContain(complaint)
  })

  test('is refused with all its mistakes at once', () => {
    expect(
      complaintsOf([
        { protocol: 'http', codes: '(', failing: 2 },
        { protocol: 'udp', codes: '1' },
      ]),
    ).toHaveLength(3)
  })
})

test('each viewer is told the rules, cluster first, and of other teams’ namespaces nothing', async () => {
  const cluster = await startCluster({ seed: 1 })
  onTestFinished(() => cluster.close())
  const lax = { protocol: 'http', codes: '503', degraded: 0.3 } as const
  const proxy = await testProxy(
    {
      kubernetes: { url: cluster.url, token: meshboardToken },
      health: [{ ...lax, match: { namespace: 'shop-web|bookinfo' } }],
    },
    { auth: { mode: 'bearer' }, health: [{ ...lax, match: { namespace: 'payments.*' } }, lax] },
  )
  const rulesOf = async (token: string): Promise<unknown> => {
    const answer = await fetch(`${proxy.url}/api/session`, { headers: { authorization: `Bearer ${token}` } })
    const { clusters } = (await answer.json()) as { clusters: { health?: { match?: { namespace: string } }[] }[] }
    return clusters[0]?.health?.map(({ match }) => match?.namespace)
  }
  expect(await rulesOf('demo')).toEqual(['shop-web|bookinfo', 'payments.*', undefined])
  expect(await rulesOf('demo-bookinfo-viewer-c3e8')).toEqual(['bookinfo', undefined])
})

test('without rules nobody is told any', async () => {
  const proxy = await testProxy({})
  const { clusters } = (await (await fetch(`${proxy.url}/api/session`)).json()) as { clusters: object[] }
  expect(clusters[0]).not.toHaveProperty('health')
})
