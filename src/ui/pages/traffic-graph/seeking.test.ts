import { expect, test } from 'vitest'

import { defaultPolicy } from '../../../mesh/health.ts'
import { missingIn, patchFor } from './findNeeded.ts'
import { foldingOf } from './folding.ts'
import { nextMatch, onDrawing, seek, viewOfMatch, withoutHidden } from './seeking.ts'
import { aGraph } from './testGraph.ts'

const graph = aGraph()
const v1 = 'app/c/bookinfo/reviews/v1'
const v3 = 'app/c/bookinfo/reviews/v3'
const toV3 = 'app/c/bookinfo/productpage/v1>app/c/bookinfo/reviews/v3|http'

test('matches are nodes first and edges after them, in the graph’s order', () => {
  expect(seek(graph, 'app = reviews or error > 1%', undefined).matches).toEqual([v1, v3, toV3])
})

test('what is hidden is not found', () => {
  const { matches, hidden } = seek(graph, 'app = reviews or error > 1%', 'version = v3')
  expect(matches).toEqual([v1])
  expect(hidden.nodes).toEqual(new Set([v3]))
  expect(hidden.edges).toContain(toV3)
})

test('absent and broken texts find and hide nothing', () => {
  for (const text of [undefined, '', 'app =', 'nonsense']) {
    const { matches, hidden } = seek(graph, text, text)
    expect([matches, hidden.nodes.size, hidden.edges.size]).toEqual([[], 0, 0])
  }
})

test.each([
  [undefined, 1, 'a'],
  [undefined, -1, 'c'],
  ['a', 1, 'b'],
  ['c', 1, 'a'],
  ['a', -1, 'c'],
  ['elsewhere', 1, 'a'],
] as const)('from %s the step %i goes to %s', (selected, step, expected) => {
  expect(nextMatch(['a', 'b', 'c'], selected, step)).toBe(expected)
})

test('without matches no step goes anywhere', () => {
  expect(nextMatch([], undefined, 1)).toBeUndefined()
  expect(nextMatch([], 'a', -1)).toBeUndefined()
})

const choices = { grouping: 'off', expanded: [], collapsed: [], noise: true, quiet: true } as const
const whole = foldingOf(graph, choices, defaultPolicy)

test('on a drawing without groups, what is hidden and found is itself', () => {
  const sought = onDrawing(seek(graph, 'app = reviews', 'protocol = tcp'), { graph, ...whole })
  expect(sought.found).toEqual(new Set([v1, v3]))
  expect(sought.hidden).toContain('app/c/bookinfo/reviews/v3>app/c/bookinfo/mongodb/v1|tcp')
})

const folded = foldingOf(graph, { ...choices, grouping: 'on' }, defaultPolicy)
const group = folded.fold.groups[0]?.id ?? 'no group'

test('a folded group is found with one of its nodes and hidden only with all of them', () => {
  const members = folded.fold.groups[0]?.members ?? []
  expect(members.length).toBeGreaterThan(1)
  const names = members.map((id) => graph.nodes.find((node) => node.id === id)?.app)
  const [one, ...others] = names.map((name) => `(namespace = bookinfo and app = ${name ?? ''} and healthy)`)
  const some = onDrawing(seek(graph, one, one), { graph, ...folded })
  expect(some.hidden.has(group)).toBe(false)
  expect(onDrawing(seek(graph, one, undefined), { graph, ...folded }).found.has(group)).toBe(true)
  const all = onDrawing(seek(graph, undefined, [one, ...others].join(' or ')), { graph, ...folded })
  expect(all.hidden.has(group)).toBe(true)
})

test('a match is brought into view as itself, as its group, or by both ends of an edge', () => {
  expect(viewOfMatch(v3, graph, whole.fold)).toEqual([v3])
  expect(viewOfMatch(toV3, graph, whole.fold)).toEqual(['app/c/bookinfo/productpage/v1', v3])
  const [member = ''] = folded.fold.groups[0]?.members ?? []
  expect(viewOfMatch(member, graph, folded.fold)).toEqual([group])
})

test('the table is the same graph object where nothing is hidden, and lacks what is', () => {
  expect(withoutHidden(graph, seek(graph, undefined, undefined).hidden)).toBe(graph)
  const left = withoutHidden(graph, seek(graph, undefined, 'app = reviews').hidden)
  expect(left.nodes.map(({ id }) => id)).not.toContain(v3)
  expect(left.edges).toHaveLength(1)
})

test('what an expression needs and the graph was not asked for is missing, and the patch adds just that', () => {
  const chosen = {
    graphType: 'app',
    protocols: ['http'],
    labels: ['rate', 'throughput'],
    statistic: 'p95',
    serviceNodes: false,
    operations: false,
    idle: ['nodes', 'edges'],
    grpc: 'requests',
    tcp: 'sent',
    throughput: 'response',
    waypoints: false,
    reporter: 'auto',
  } as const
  const missing = missingIn(['idle', 'operations', 'responseTime', 'throughput', 'waypoints'], chosen)
  expect(missing).toEqual(['operations', 'responseTime', 'waypoints'])
  expect(patchFor(missing, chosen)).toEqual({
    labels: ['rate', 'throughput', 'responseTime'],
    operations: true,
    waypoints: true,
  })
  expect(patchFor(['idle'], chosen)).toEqual({ idle: ['nodes', 'edges'] })
  expect(missingIn(['idle'], { ...chosen, idle: ['nodes'] })).toEqual(['idle'])
})
