import { describe, expect, it, test } from 'vitest'
import type { MeshObjects } from './config/objects.ts'
import type { EdgeResponse, GraphEdge, GraphNode, MeshGraph, Protocol } from './graph.ts'
import { defaultPolicy, groupHealth, withHealth } from './health.ts'
import type { Health, HealthPolicy, HealthState } from './health.ts'

function app(name: string, more: Partial<GraphNode> = {}): GraphNode {
  return { id: name, kind: 'app', cluster: 'east', namespace: 'shop', app: name, version: 'v1', traffic: {}, ...more }
}

function edge(source: string, target: string, protocol: Protocol, responses: readonly EdgeResponse[]): GraphEdge {
  const rate = responses.reduce((sum, response) => sum + response.rate, 0)
  return { id: `${source}>${target} ${protocol}`, source, target, protocol, rate, responses, marks: [] }
}

function mesh(nodes: readonly GraphNode[], edges: readonly GraphEdge[], window = 300): MeshGraph {
  return { time: 1_700_000_000, window, graphType: 'versionedApp', namespaces: [], nodes, edges, skipped: [] }
}

const answer = (code: string, flags: string, rate: number): EdgeResponse => ({ code, flags, rate })

/** The verdict on cart, called by web with these answers. */
function called(protocol: Protocol, responses: readonly EdgeResponse[], policy: HealthPolicy = defaultPolicy): Health {
  const graph = withHealth(mesh([app('web'), app('cart')], [edge('web', 'cart', protocol, responses)]), policy)
  return healthOf(graph, 'cart')
}

function healthOf(graph: MeshGraph, id: string): Health {
  const found = [...graph.nodes, ...graph.edges].find((element) => element.id === id)?.health
  if (found === undefined) throw new Error(`no health on ${id}`)
  return found
}

type Row = readonly [state: HealthState, protocol: Protocol, responses: readonly EdgeResponse[], reason: RegExp]

describe('health by default (contracts page, "What is an error")', () => {
  const table: Readonly<Record<string, readonly Row[]>> = {
    '"HTTP 5xx, no response (code 0) with a server-side flag": "degraded from 1%, failing from 10%"': [
      [
        'failing',
        'http',
        [answer('200', '-', 88), answer('503', 'UF', 12)],
        /^12% of requests failed with 503 UF; tolerance 10%\.$/,
      ],
      [
        'failing',
        'http',
        [answer('200', '-', 9), answer('500', '-', 1)],
        /^10% of requests failed with 500; tolerance 10%/,
      ],
      [
        'degraded',
        'http',
        [answer('200', '-', 91), answer('503', 'UH', 9)],
        /^9% of requests failed with 503 UH; tolerance 1%/,
      ],
      [
        'degraded',
        'http',
        [answer('200', '-', 99), answer('502', '-', 1)],
        /^1% of requests failed with 502; tolerance 1%/,
      ],
      [
        'healthy',
        'http',
        [answer('200', '-', 199), answer('503', 'UC', 1)],
        /^0\.5% of requests failed with 503 UC; tolerance 1%/,
      ],
      [
        'failing',
        'http',
        [answer('200', '-', 80), answer('-', 'UT', 20)],
        /^20% of requests failed with no response UT; tolerance 10%/,
      ],
      // The two kinds are one error.
      [
        'degraded',
        'http',
        [answer('200', '-', 98.8), answer('503', '-', 0.6), answer('-', 'UF', 0.6)],
        /^1\.2% of requests failed, 0\.6% with 503 and 0\.6% with no response UF; tolerance 1%/,
      ],
    ],
    '"code 0 with DC (the client left)": not an error, no health': [
      [
        'healthy',
        'http',
        [answer('200', '-', 50), answer('-', 'DC', 50)],
        /50% of clients left before the answer \(DC\), which is no error/,
      ],
    ],
    '"HTTP 4xx": "401, 403, 429: degraded from 10%; others never"': [
      ['healthy', 'http', [answer('200', '-', 1), answer('404', '-', 99)], /^None of 100 requests\/s failed/],
      [
        'healthy',
        'http',
        [answer('200', '-', 91), answer('403', '-', 9)],
        /^9% of requests were refused with 403; tolerance 10%/,
      ],
      [
        'degraded',
        'http',
        [answer('200', '-', 88), answer('429', 'RL', 12)],
        /^12% of requests were refused with 429 RL \(rate limited\); tolerance 10%/,
      ],
      ['degraded', 'http', [answer('401', '-', 100)], /^100% of requests were refused with 401; tolerance 10%/],
      [
        'degraded',
        'http',
        [answer('200', '-', 85), answer('401', '-', 4), answer('403', '-', 5), answer('429', '-', 6)],
        /^15% of requests were refused, 6% with 429, 5% with 403 and 4% with 401/,
      ],
    ],
    '"gRPC status 2, 4, 8, 13, 14, 15 (server\'s fault), or HTTP 5xx on gRPC": "as 5xx"': [
      [
        'failing',
        'grpc',
        [answer('0', '-', 80), answer('14', '-', 20)],
        /^20% of gRPC requests failed with gRPC 14 UNAVAILABLE; tolerance 10%/,
      ],
      [
        'degraded',
        'grpc',
        [answer('0', '-', 97), answer('2', '-', 3)],
        /^3% of gRPC requests failed with gRPC 2 UNKNOWN; tolerance 1%/,
      ],
      ['failing', 'grpc', [answer('0', '-', 70), answer('503', 'UH', 30)], /^30% of gRPC requests failed with 503 UH/],
    ],
    '"gRPC 1, 3, 5, 6, 7, 9, 10, 11, 12, 16": "7, 16: degraded from 10%"': [
      ['healthy', 'grpc', [answer('0', '-', 5), answer('5', '-', 95)], /^None of 100 gRPC requests\/s failed/],
      [
        'degraded',
        'grpc',
        [answer('0', '-', 90), answer('7', '-', 10)],
        /^10% of gRPC requests were refused with gRPC 7 PERMISSION_DENIED; tolerance 10%/,
      ],
      ['degraded', 'grpc', [answer('0', '-', 80), answer('16', '-', 20)], /gRPC 16 UNAUTHENTICATED/],
    ],
    '"FI, DI (injected)": "never failing by themselves"': [
      [
        'healthy',
        'http',
        [answer('200', '-', 50), answer('503', 'FI', 50)],
        /50% of requests met an injected fault, 503 FI \(injected fault\): on purpose/,
      ],
      ['healthy', 'http', [answer('200', 'DI', 100)], /100% of requests met an injected fault, 200 DI/],
      ['healthy', 'grpc', [answer('14', 'FI', 100)], /injected/],
      [
        'failing',
        'http',
        [answer('200', '-', 50), answer('503', 'FI', 30), answer('500', '-', 20)],
        /^20% of requests failed with 500/,
      ],
    ],
    '"TCP": "connections failed with UF/UH degrade"': [
      ['healthy', 'tcp', [answer('-', '-', 2000)], /^2000 B\/s of TCP flow \(TCP has no success rate\)/],
      [
        'degraded',
        'tcp',
        [answer('-', '-', 900), answer('-', 'UF', 100)],
        /^10% of TCP bytes went over connections that failed with UF; tolerance none/,
      ],
      ['degraded', 'tcp', [answer('-', 'UF,URX', 100)], /UF,URX/],
      ['degraded', 'tcp', [answer('-', 'UH', 5), answer('-', '-', 5000)], /^0\.1% of TCP bytes/],
      ['healthy', 'tcp', [answer('-', 'DC', 100)], /TCP flow/],
    ],
    'flags speak: "UO is circuit open, RL rate limited, RBAC denials refused"': [
      ['failing', 'http', [answer('200', '-', 80), answer('503', 'UO', 20)], /503 UO \(circuit open\); tolerance 10%/],
      [
        'degraded',
        'http',
        [answer('200', '-', 80), answer('403', 'UAEX', 20)],
        /were refused with 403 UAEX \(refused\)/,
      ],
    ],
    'what does not tell how it ended is not measurable': [
      ['unknown', 'grpc', [answer('-', '-', 40)], /^None of 40 gRPC requests\/s tells how it ended/],
    ],
  }
  for (const [name, rows] of Object.entries(table)) {
    describe(name, () => {
      test.each(rows)('%s: %s %j', (state, protocol, responses, reason) => {
        const verdict = called(protocol, responses)
        expect(verdict.state).toBe(state)
        expect(verdict.reasons.join('\n')).toMatch(new RegExp(reason, 'm'))
      })
    })
  }

  it('"at least 5 requests in the window": fewer say nothing', () => {
    const five = called('http', [answer('500', '-', 5 / 300)])
    expect(five.state).toBe('failing')
    const four = called('http', [answer('500', '-', 4 / 300)])
    expect(four.state).toBe('unknown')
    expect(four.reasons[0]).toBe(
      '100% of requests failed with 500, but there were only 4 in 5 minutes, and fewer than 5 say nothing.',
    )
    expect(called('http', [answer('200', '-', 4 / 300)]).state).toBe('healthy')
  })

  it('every verdict on every element has a sentence', () => {
    const graph = withHealth(
      mesh(
        [
          app('web'),
          app('cart'),
          app('idle'),
          { id: 'u', kind: 'unknown', cluster: 'unknown', namespace: 'unknown', traffic: {} },
        ],
        [
          edge('web', 'cart', 'http', [answer('200', '-', 3)]),
          edge('u', 'web', 'http', [answer('200', '-', 3)]),
          edge('web', 'idle', 'http', []),
        ],
      ),
      defaultPolicy,
    )
    for (const { health } of [...graph.nodes, ...graph.edges]) {
      expect(health?.reasons.length).toBeGreaterThan(0)
      for (const reason of health?.reasons ?? []) expect(reason).toMatch(/^[A-Z0-9<].*\.$/)
    }
    expect(healthOf(graph, 'idle').state).toBe('idle')
    expect(healthOf(graph, 'web>idle http').state).toBe('idle')
    expect(healthOf(graph, 'u').state).toBe('unknown')
  })

  it('hostile codes and flags are judged without a crash and shortened in the sentence', () => {
    const flags = `"\\\n😀${'x'.repeat(10_000)}`
    const verdict = called('http', [answer('500', flags, 10), answer(flags, flags, 10)])
    expect(verdict.state).toBe('failing')
    for (const reason of verdict.reasons) {
      expect(reason.length).toBeLessThan(400)
      expect(reason).not.toMatch(/\n/)
    }
  })
})

describe('the policy is data', () => {
  it('a rule before the defaults replaces them for what it claims, by name and namespace', () => {
    const policy: HealthPolicy = [
      { match: { namespace: 'shop', name: 'cart' }, protocol: 'http', codes: '503', degraded: 0.5, minRequests: 5 },
      ...defaultPolicy,
    ]
    expect(called('http', [answer('200', '-', 60), answer('503', '-', 40)], policy).state).toBe('healthy')
    expect(called('http', [answer('200', '-', 40), answer('503', '-', 60)], policy).state).toBe('degraded')
    expect(called('http', [answer('200', '-', 40), answer('500', '-', 60)], policy).state).toBe('failing')
  })

  it('404s can be made to count', () => {
    const policy: HealthPolicy = [{ protocol: 'http', codes: '404', failing: 0.2, minRequests: 5 }, ...defaultPolicy]
    const verdict = called('http', [answer('200', '-', 75), answer('404', '-', 25)], policy)
    expect(verdict.state).toBe('failing')
    expect(verdict.reasons[0]).toBe('25% of requests were answered with 404; tolerance 20%.')
  })

  it('outbound rules judge the caller, inbound ones the callee, and the edge by both', () => {
    const graph = mesh(
      [app('web'), app('cart'), app('client')],
      [
        edge('client', 'web', 'http', [answer('200', '-', 10)]),
        edge('web', 'cart', 'http', [answer('200', '-', 50), answer('500', '-', 50)]),
      ],
    )
    const outbound = withHealth(graph, [
      { protocol: 'http', codes: '5XX', direction: 'outbound', failing: 0.3, minRequests: 5 },
    ])
    expect([healthOf(outbound, 'web').state, healthOf(outbound, 'cart').state]).toEqual(['failing', 'healthy'])
    expect(healthOf(outbound, 'web>cart http').state).toBe('failing')
    const inbound = withHealth(graph, [
      { protocol: 'http', codes: '5XX', direction: 'inbound', failing: 0.3, minRequests: 5 },
    ])
    expect([healthOf(inbound, 'web').state, healthOf(inbound, 'cart').state]).toEqual(['healthy', 'failing'])
    expect(healthOf(inbound, 'web>cart http').state).toBe('failing')
  })

  it("is replaced by Kiali's annotation on the workload or the service", () => {
    const objects: MeshObjects = {
      workloads: [
        {
          kind: 'Deployment',
          namespace: 'shop',
          name: 'cart',
          labels: { app: 'cart', version: 'v1' },
          annotations: { 'health.kiali.io/rate': '404,1,5,http,inbound' },
        },
      ],
      services: [{ namespace: 'shop', name: 'cart', annotations: { 'health.kiali.io/rate': '404,1,50,http,inbound' } }],
    }
    const responses = [answer('200', '-', 80), answer('404', '-', 20)]
    const service = app('svc', { kind: 'service', service: 'cart' })
    const graph = withHealth(
      mesh(
        [app('web'), app('cart'), service],
        [edge('web', 'cart', 'http', responses), edge('web', 'svc', 'http', responses)],
      ),
      defaultPolicy,
      objects,
    )
    expect(healthOf(graph, 'cart').state).toBe('failing')
    expect(healthOf(graph, 'svc').state).toBe('degraded')
  })
})

describe('replicas', () => {
  const ok = [answer('200', '-', 50)]
  const table: readonly (readonly [string, number, number, number, boolean, HealthState, RegExp])[] = [
    ['0 wanted = Idle', 0, 0, 0, false, 'idle', /^No replicas are wanted/],
    ['0 wanted, still answering', 0, 0, 0, true, 'healthy', /^All of 50/],
    ['none available = Failing', 3, 3, 0, true, 'failing', /^None of 3 wanted replicas is available/],
    ['none available, silent', 1, 1, 0, false, 'failing', /^None of 1 wanted replica is available/],
    ['fewer = Degraded', 3, 3, 2, true, 'degraded', /^2 of 3 wanted replicas are available/],
    ['all there, more coming = Not ready', 2, 3, 2, true, 'notReady', /^1 of 3 running replicas is not ready/],
    ['all there', 2, 2, 2, true, 'healthy', /^All of 50 requests\/s succeeded/],
    ['all there and silent = Idle', 2, 2, 2, false, 'idle', /^All 2 wanted replicas are available/],
  ]
  test.each(table)('%s', (_name, desired, current, available, hasTraffic, state, reason) => {
    const cart = app('cart', { replicas: { desired, current, available } })
    const graph = withHealth(
      mesh([app('web'), cart], hasTraffic ? [edge('web', 'cart', 'http', ok)] : []),
      defaultPolicy,
    )
    expect(healthOf(graph, 'cart').state).toBe(state)
    expect(healthOf(graph, 'cart').reasons.join('\n')).toMatch(reason)
  })

  it('come from the objects where the node does not carry them, each workload for itself', () => {
    const workload = (name: string, available: number): NonNullable<MeshObjects['workloads']>[number] => ({
      kind: 'Deployment',
      namespace: 'shop',
      name,
      labels: { app: 'cart', version: 'v1' },
      replicas: { desired: 2, current: 2, available },
    })
    const graph = withHealth(mesh([app('cart')], []), defaultPolicy, {
      workloads: [workload('cart-a', 2), workload('cart-b', 0)],
    })
    expect(healthOf(graph, 'cart').state).toBe('failing')
    expect(healthOf(graph, 'cart').reasons[0]).toBe('None of 2 wanted replicas of cart-b is available.')
  })
})

describe('where the errors of a failing element start', () => {
  const good = (rate: number): EdgeResponse => answer('200', '-', rate)

  it('here, when its own calls do not explain them', () => {
    const graph = withHealth(
      mesh(
        [app('web'), app('cart'), app('db')],
        [
          edge('web', 'cart', 'http', [good(70), answer('500', '-', 30)]),
          edge('cart', 'db', 'http', [good(99), answer('500', '-', 1)]),
        ],
      ),
      defaultPolicy,
    )
    const sentence = 'The errors start here, at cart v1: 30 of 30/s, while 1 of its own 100 calls/s fail.'
    expect(healthOf(graph, 'cart').reasons).toContain(sentence)
    expect(healthOf(graph, 'web>cart http').reasons).toContain(sentence)
  })

  it('a dependency, followed to the last one that explains it', () => {
    const graph = withHealth(
      mesh(
        [app('web'), app('cart'), app('stock'), app('db', { namespace: 'data' })],
        [
          edge('web', 'cart', 'http', [good(70), answer('500', '-', 30)]),
          edge('cart', 'stock', 'http', [good(60), answer('503', '-', 28)]),
          edge('stock', 'db', 'grpc', [answer('0', '-', 60), answer('14', '-', 27)]),
        ],
      ),
      defaultPolicy,
    )
    expect(healthOf(graph, 'cart').reasons).toContain(
      'The errors come from a dependency, db v1 (data) (by way of stock v1): 28 of 28/s failed calls of cart v1 go that way, with gRPC 14 UNAVAILABLE.',
    )
    expect(healthOf(graph, 'db').reasons).toContain(
      'The errors start here, at db v1: 27 of 27/s, and it makes no calls that could explain them.',
    )
  })

  it.each<readonly [name: string, db: Partial<GraphNode>, calls: readonly GraphEdge[], sentence: string]>([
    ['no calls at all', {}, [], 'here, at db v1: 27 of 27/s, and it makes no calls that could explain them'],
    [
      'calls over TCP only',
      {},
      [edge('db', 'disk', 'tcp', [answer('-', '-', 900)])],
      'here or behind it, at db v1: 27 of 27/s; its TCP calls tell no success',
    ],
    [
      'idle TCP calls only',
      {},
      [edge('db', 'disk', 'tcp', [answer('-', '-', 0)])],
      'here, at db v1: 27 of 27/s, and it makes no calls that could explain them',
    ],
    ['no proxy', { isOutOfMesh: true }, [], 'here or behind it, at db v1: 27 of 27/s; no proxy reports its own calls'],
    [
      'an address outside the mesh',
      { kind: 'service', service: 'db.example', isServiceEntry: true },
      [],
      'here or behind it, at db.example: 27 of 27/s; no proxy reports its own calls',
    ],
    [
      'a service behind which no workload is known',
      { kind: 'service', service: 'db' },
      [],
      'here or behind it, at db: 27 of 27/s; no proxy reports its own calls',
    ],
  ])('here or behind it, as far as the graph can tell: %s', (_name, db, calls, sentence) => {
    const graph = withHealth(
      mesh(
        [app('web'), app('db', db), app('disk')],
        [edge('web', 'db', 'http', [good(73), answer('500', '-', 27)]), ...calls],
      ),
      defaultPolicy,
    )
    expect(healthOf(graph, 'web>db http').reasons).toContain(`The errors start ${sentence}.`)
  })

  it.each<readonly [calls: string, edges: readonly GraphEdge[]]>([
    ['none of them', []],
    ['some of them', [edge('cart', 'web', 'http', [good(9)])]],
  ])('not said of a node outside the scope, whose calls were not asked for: %s is drawn', (_calls, edges) => {
    const graph = withHealth(
      mesh(
        [app('web'), app('cart', { namespace: 'core', isOutside: true })],
        [edge('web', 'cart', 'http', [good(70), answer('500', '-', 30)]), ...edges],
      ),
      defaultPolicy,
    )
    expect(healthOf(graph, 'cart').reasons).toContain(
      'The errors reach the callers from cart v1: 30 of 30/s; its calls to namespaces that were not asked for are not in this graph.',
    )
  })

  it('never reached it', () => {
    const graph = withHealth(
      mesh(
        [app('web'), app('cart', { kind: 'service', service: 'cart' })],
        [edge('web', 'cart', 'http', [answer('503', 'UF', 8), answer('503', 'UH', 1), answer('500', '-', 1)])],
      ),
      defaultPolicy,
    )
    expect(healthOf(graph, 'cart').reasons).toContain(
      'The errors never reached cart: 9 of 10/s with 503 UF and 503 UH; 1/s were answered by cart itself (500).',
    )
  })

  it('a dependency that its calls never reached', () => {
    const graph = withHealth(
      mesh(
        [app('web'), app('cart'), app('db')],
        [
          edge('web', 'cart', 'http', [good(70), answer('500', '-', 30)]),
          edge('cart', 'db', 'http', [answer('503', 'NR', 30)]),
        ],
      ),
      defaultPolicy,
    )
    expect(healthOf(graph, 'cart').reasons).toContain(
      'The errors come from a dependency, db v1, which the calls never reached: 30 of 30/s failed calls of cart v1 go that way, with 503 NR.',
    )
  })

  it('refused', () => {
    const verdict = called('http', [good(80), answer('403', '-', 20)])
    expect(verdict.reasons).toContain('The requests were refused: 20 of 20/s with 403.')
    expect(called('http', [good(80), answer('503', 'UO', 20)]).reasons).toContain(
      'The requests were refused: 20 of 20/s with 503 UO (circuit open).',
    )
  })

  it('refused at the mesh’s border, for calls to the black hole', () => {
    const hole = app('hole', { kind: 'service', service: 'BlackHoleCluster', namespace: 'unknown' })
    const graph = withHealth(
      mesh([app('web'), hole], [edge('web', 'hole', 'http', [answer('502', '-', 4)])]),
      defaultPolicy,
    )
    expect(healthOf(graph, 'hole').reasons).toContain(
      'The requests were refused before they left: 4/s to addresses that the mesh does not know (BlackHoleCluster).',
    )
  })

  it('a circle ends where it closes', () => {
    const bad = [answer('500', '-', 10)]
    const graph = withHealth(
      mesh(
        [app('a'), app('b'), app('c')],
        [edge('a', 'b', 'http', bad), edge('b', 'c', 'http', bad), edge('c', 'a', 'http', bad)],
      ),
      defaultPolicy,
    )
    expect(healthOf(graph, 'a').state).toBe('failing')
    expect(healthOf(graph, 'a').reasons.at(-1)).toMatch(/^The errors come from a dependency, c v1 \(by way of b v1\)/)
  })

  it('whom nobody calls is judged by what its own calls get', () => {
    const graph = withHealth(
      mesh([app('gateway'), app('cart')], [edge('gateway', 'cart', 'http', [answer('500', '-', 10)])]),
      defaultPolicy,
    )
    const verdict = healthOf(graph, 'gateway')
    expect(verdict.state).toBe('failing')
    expect(verdict.reasons).toContain('Nobody in this graph calls it, so it is judged by what its own calls get.')
    expect(verdict.reasons.join()).toContain('The errors come from a dependency, cart v1: 10 of 10/s')
  })

  it('healthy elements do not speak of errors’ beginnings', () => {
    expect(called('http', [good(5)]).reasons).toEqual(['All of 5 requests/s succeeded.'])
  })
})

describe('a group', () => {
  const graph = withHealth(
    mesh(
      [app('web'), app('cart'), app('stock')],
      [
        edge('web', 'cart', 'http', [answer('200', '-', 1000)]),
        edge('web', 'stock', 'http', [answer('200', '-', 8), answer('500', '-', 2)]),
      ],
    ),
    defaultPolicy,
  )

  it('"wears the worst state inside it and names the member; the verdict on its own totals is said beside it"', () => {
    const verdict = groupHealth(graph, new Set(['cart', 'stock']), defaultPolicy)
    expect(verdict.state).toBe('failing')
    expect(verdict.reasons[0]).toBe('Worst member: stock v1 (shop) is failing.')
    expect(verdict.reasons.at(-1)).toBe(
      'The group’s own totals are healthy: 0.2% of requests failed with 500; tolerance 1%.',
    )
  })

  it('of healthy members names none of them', () => {
    const calm = withHealth(
      mesh(
        [app('web'), app('cart'), app('stock')],
        [edge('web', 'cart', 'http', [answer('200', '-', 5)]), edge('web', 'stock', 'http', [answer('200', '-', 5)])],
      ),
      defaultPolicy,
    )
    expect(groupHealth(calm, new Set(['cart', 'stock']), defaultPolicy)).toEqual({
      state: 'healthy',
      reasons: [
        '2 of 2 members are healthy, and none is worse.',
        'The group’s own totals are healthy: All of 10 requests/s succeeded.',
      ],
    })
  })

  it('is judged on its totals by the rules of its namespace, where it is of one', () => {
    const patient: HealthPolicy = [
      { match: { namespace: 'shop' }, protocol: 'http', codes: '500', degraded: 0.001, minRequests: 0 },
      ...defaultPolicy,
    ]
    const verdict = groupHealth(withHealth(graph, patient), new Set(['cart', 'stock']), patient)
    expect(verdict.reasons.at(-1)).toBe(
      'The group’s own totals are degraded: 0.2% of requests failed with 500; tolerance 0.1%.',
    )
  })

  it('of nobody is unknown, and one that nobody enters says so', () => {
    expect(groupHealth(graph, new Set(), defaultPolicy).state).toBe('unknown')
    expect(groupHealth(graph, new Set(['web', 'cart', 'stock']), defaultPolicy).reasons.at(-1)).toMatch(
      /^Nobody outside/,
    )
  })
})

test('judging changes neither numbers nor order', () => {
  const before = mesh([app('web'), app('cart')], [edge('web', 'cart', 'http', [answer('500', '-', 3)])])
  const after = withHealth(before, defaultPolicy)
  expect(after.edges).toMatchObject(before.edges)
  expect(after.nodes).toMatchObject(before.nodes)
  for (const [index, edge] of before.edges.entries()) {
    expect(Object.keys(after.edges[index] ?? {}).filter((key) => key !== 'health')).toEqual(Object.keys(edge))
  }
})

describe('TCP connections that came to nothing ("connections failed with UF/UH degrade")', () => {
  const toDb = (bytes: number, failed: readonly { flags: string; rate: number }[]): GraphEdge => ({
    ...edge('cart', 'db', 'tcp', bytes === 0 ? [] : [answer('-', '-', bytes)]),
    failedConnections: failed,
  })
  const judged = (one: GraphEdge, policy = defaultPolicy): MeshGraph =>
    withHealth(mesh([app('cart'), app('db')], [one]), policy)

  it.each([
    [0, 'UF,URX', 'degraded', '0.5 TCP connections/s failed with UF,URX; tolerance none.'],
    [0, 'UH', 'degraded', '0.5 TCP connections/s failed with UH; tolerance none.'],
    [0, 'CONNECT', 'degraded', '0.5 TCP connections/s failed with CONNECT; tolerance none.'],
    [4000, 'UF', 'degraded', '0.5 TCP connections/s failed with UF; tolerance none.'],
  ] as const)('%d B/s and 0.5 connections/s of %s: %s', (bytes, flags, state, reason) => {
    const graph = judged(toDb(bytes, [{ flags, rate: 0.5 }]))
    for (const id of ['db', 'cart>db tcp']) {
      const health = healthOf(graph, id)
      expect(health.state).toBe(state)
      expect(health.reasons[0]).toBe(reason)
      expect(health.reasons.join(' ')).not.toContain('no connection failed')
      expect(health.reasons.some((text) => text.startsWith('4000 B/s of TCP flow'))).toBe(bytes > 0)
      expect(health.reasons.at(-1)).toMatch(/never reached db v1: 0\.5 of 0\.5\/s with /)
    }
  })

  it('count against nobody where no rule tolerates none of them', () => {
    const lenient: HealthPolicy = [{ protocol: 'tcp', codes: '-', flags: 'UF', degraded: 0.1, minRequests: 0 }]
    for (const policy of [[], lenient]) {
      const { state, reasons } = healthOf(judged(toDb(0, [{ flags: 'UF', rate: 2 }]), policy), 'db')
      expect([state, reasons[0]]).toEqual([
        'healthy',
        '2 TCP connections/s failed with UF, which counts against nobody.',
      ])
    }
  })

  it('fail where a policy says so', () => {
    const strict: HealthPolicy = [{ protocol: 'tcp', codes: '-', flags: 'UF', failing: 0, minRequests: 0 }]
    expect(healthOf(judged(toDb(0, [{ flags: 'UF', rate: 2 }]), strict), 'db').state).toBe('failing')
  })
})
