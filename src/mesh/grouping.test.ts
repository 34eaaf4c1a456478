import { describe, expect, it } from 'vitest'
import type { MeshGraph } from './graph.ts'
import { boxesOf, collapse } from './grouping.ts'
import { defaultPolicy } from './health.ts'
import { readMesh } from './read.ts'
import { measured, plain, requests } from './testing/samples.ts'
import { wordsOf } from './testing/words.ts'

const west = { name: 'pay/b-v1', cluster: 'west' }
const calls = [
  requests(30, { from: 'shop/a', to: 'shop/b-v1', service: 'shop/b' }),
  requests(10, { from: 'shop/a', to: 'shop/b-v2', service: 'shop/b', code: '500' }),
  requests(5, { from: 'shop/b-v1', to: 'shop/b-v2', service: 'shop/b' }),
  requests(7, { from: 'shop/b-v2', to: west }),
  requests(8, { from: 'pay/x', to: west }),
  requests(9, { to: 'shop/a', reporter: 'destination' }),
]
const graph: MeshGraph = readMesh({ requests: calls }, undefined, { ...plain, policy: defaultPolicy })
const boxes = boxesOf(graph, ['app', 'namespace', 'cluster'], defaultPolicy)

describe('boxes', () => {
  it('stand around apps, namespaces and clusters, outermost first, each in the next', () => {
    expect(boxes.map(({ id, members, parent }) => [id, members.length, parent])).toEqual([
      ['box/cluster/east', 4, undefined],
      ['box/namespace/east/shop', 3, 'box/cluster/east'],
      ['box/app/east/shop/b', 2, 'box/namespace/east/shop'],
    ])
  })

  it('wear the worst state inside and name the member', () => {
    const app = boxes.find(({ by }) => by === 'app')
    expect(app?.health.state).toBe('failing')
    expect(app?.health.reasons.join(' ')).toContain('b-v2')
  })

  it('leave the unknown outside, and are not drawn around a lone namespace', () => {
    expect(boxes.flatMap(({ members }) => members)).not.toContain('unknown')
    const lone = readMesh({ requests: calls.slice(0, 3) }, undefined, plain)
    expect(boxesOf(lone, ['namespace', 'cluster'], defaultPolicy)).toEqual([])
  })
})

describe('collapse', () => {
  const folded = collapse(
    graph,
    boxes.filter(({ by }) => by === 'app'),
  )

  it('makes one node of a group and lays its edges together', () => {
    expect(wordsOf(folded)).toEqual([
      'box/app/east/shop/b -> box/app/east/shop/b | http 5/s | 5 x 200 -',
      'box/app/east/shop/b -> workload/west/pay/b-v1 | http 7/s | 7 x 200 -',
      'unknown -> workload/east/shop/a | http 9/s | 9 x 200 -',
      'workload/east/pay/x -> workload/west/pay/b-v1 | http 8/s | 8 x 200 -',
      'workload/east/shop/a -> box/app/east/shop/b | http 40/s | 30 x 200 -, 10 x 500 -',
    ])
    const edge = folded.edges.find(({ source }) => source === 'workload/east/shop/a')
    expect(edge).toMatchObject({ errorRatio: 0.25, health: { state: 'failing' } })
  })

  it('keeps what the group is, who is inside, and its traffic', () => {
    expect(folded.nodes.find(({ folded: group }) => group !== undefined)).toMatchObject({
      id: 'box/app/east/shop/b',
      kind: 'app',
      app: 'b',
      namespace: 'shop',
      folded: { by: 'app', members: ['workload/east/shop/b-v1', 'workload/east/shop/b-v2'] },
      traffic: { http: { in: 45, out: 12, in5xx: 10 } },
      health: { state: 'failing' },
    })
  })

  it('takes the outermost of nested boxes, and changes nothing without boxes', () => {
    expect(collapse(graph, boxes).nodes.map(({ id }) => id)).toEqual([
      'box/cluster/east',
      'unknown',
      'workload/west/pay/b-v1',
    ])
    expect(collapse(graph, [])).toBe(graph)
  })

  it.each([
    ['avg', { avg: 0.25 }],
    ['p95', undefined],
  ] as const)('weighs averages by requests and has no %s of several quantiles', (statistic, latency) => {
    const samples = [
      measured(0.2, { from: 'shop/a', to: 'shop/b-v1', service: 'shop/b' }),
      measured(0.4, { from: 'shop/a', to: 'shop/b-v2', service: 'shop/b' }),
    ]
    const told = readMesh({ requests: calls, responseTime: { statistic, samples } }, undefined, plain)
    const one = collapse(told, boxesOf(told, ['app'], defaultPolicy))
    expect(one.edges.find(({ source }) => source === 'workload/east/shop/a')?.latency).toEqual(latency)
  })
})
