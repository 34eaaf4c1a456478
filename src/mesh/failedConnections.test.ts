import { describe, expect, it } from 'vitest'
import { boxesOf, collapse } from './grouping.ts'
import { type GraphOptions, readGraph } from './read.ts'
import type { Sample } from './samples.ts'
import { type Call, plain, tcp } from './testing/samples.ts'
import { wordsOf } from './testing/words.ts'

const failed = (rate: number, call: Call & { readonly isZtunnel?: boolean }): Sample => {
  const sample = tcp(rate, call)
  return { ...sample, labels: { ...sample.labels, direction: 'failed' } }
}
const told = (samples: readonly Sample[], options: Partial<GraphOptions> = {}): readonly string[] =>
  wordsOf(readGraph({ tcp: samples }, undefined, { ...plain, ...options }))

const a = 'workload/east/shop/a'
const db = { from: 'a', to: 'db' } as const

describe('connections that came to nothing', () => {
  it('stand on the edge of the pair, by flags, and add nothing to its bytes', () => {
    expect(
      told([
        tcp(4000, db),
        tcp(4000, { ...db, reporter: 'destination' }),
        failed(2, { ...db, flags: 'UH' }),
        failed(0.5, { ...db, flags: 'UF,URX' }),
        failed(0.25, { ...db, flags: 'UH' }),
      ]),
    ).toEqual([`${a} -> workload/east/shop/db | tcp 4000/s | reported 4000/4000 | 0.5 failed UF,URX | 2.25 failed UH`])
  })

  it('are an edge of their own where nothing got through, and neither it nor its ends are idle', () => {
    const graph = readGraph({ tcp: [failed(2, { from: 'a', service: 'data/db', flags: 'UH' })] }, undefined, plain)
    expect(wordsOf(graph)).toEqual([`${a} -> service/east/data/db | tcp 0/s | 2 failed UH`])
    expect([...graph.nodes, ...graph.edges].some(({ isIdle }) => isIdle)).toBe(false)
  })

  it('of another service or cluster of the same pair stand apart', () => {
    const west = { from: 'a', to: { name: 'db', cluster: 'west' }, flags: 'UF' } as const
    expect(told([tcp(10, db), failed(3, west), failed(4, { ...db, service: 'shop/db-ro', flags: 'UF' })])).toEqual([
      `${a} -> workload/east/shop/db | tcp 10/s | 4 failed UF`,
      `${a} -> workload/west/shop/db | tcp 0/s | 3 failed UF`,
    ])
    expect(
      told([tcp(10, db), failed(4, { ...db, service: 'shop/db-ro', flags: 'UF' })], { serviceNodes: true }),
    ).toContain(`${a} -> service/east/shop/db-ro | tcp 0/s | 4 failed UF`)
  })

  it('are found though a cluster is unknown', () => {
    const vague = { ...db, flags: 'UF', labels: { destination_cluster: 'unknown' } } as const
    expect(told([tcp(10, db), failed(3, vague)])).toEqual([`${a} -> workload/east/shop/db | tcp 10/s | 3 failed UF`])
    const west = tcp(10, { from: 'a', to: { name: 'db', cluster: 'west' } })
    expect(told([west, failed(3, vague)])).toEqual([`${a} -> workload/west/shop/db | tcp 10/s | 3 failed UF`])
  })

  it('do not count for a forced destination, whose proxies never saw them', () => {
    const samples = [tcp(9, { ...db, reporter: 'destination' }), failed(3, { ...db, flags: 'UF' })]
    expect(told(samples, { reporter: 'destination' })).toEqual([`${a} -> workload/east/shop/db | tcp 9/s`])
  })

  it('on the leg to a waypoint are shown though the leg itself is transport', () => {
    const leg = { from: 'a', to: 'waypoint', service: 'shop/b', isZtunnel: true, flags: 'CONNECT' } as const
    expect(told([failed(3, leg)])).toEqual([`${a} -> workload/east/shop/waypoint | tcp 0/s | 3 failed CONNECT`])
  })

  it('are shared by the services of a reduced workload, and added up in a folded group', () => {
    const served = [tcp(30, { from: 'x', to: 'a', service: 'shop/one' }), tcp(10, { from: 'x', to: 'a', service: 'shop/two' })] // prettier-ignore
    const lines = told([...served, failed(4, { ...db, flags: 'UF' })], { graphType: 'service' })
    expect(lines).toContain('service/east/shop/one -> service/east/shop/db | tcp 0/s | 3 failed UF | estimated')
    expect(lines).toContain('service/east/shop/two -> service/east/shop/db | tcp 0/s | 1 failed UF | estimated')
    const graph = readGraph(
      {
        tcp: [failed(1, { from: 'pay/x', to: 'db', flags: 'UF' }), failed(2, { from: 'pay/y', to: 'db', flags: 'UF' })],
      },
      undefined,
      plain,
    )
    const folded = collapse(graph, boxesOf(graph, ['namespace'], []))
    expect(folded.edges.flatMap(({ failedConnections }) => failedConnections ?? [])).toEqual([{ flags: 'UF', rate: 3 }])
  })
})
