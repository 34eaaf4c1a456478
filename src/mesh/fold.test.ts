import { expect, test } from 'vitest'

import { folded, mostUngrouped, namespaceGroupId, thinned } from './fold.ts'
import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import { defaultPolicy } from './health.ts'
import type { HealthState } from './verdict.ts'

const node = (namespace: string, name: string, state: HealthState = 'healthy', version = 'v1'): GraphNode => ({
  id: `${namespace}/${name}/${version}`,
  ...{
    kind: 'app',
    cluster: 'c',
    namespace,
    app: name,
    version,
    traffic: {},
    health: { state, reasons: [`is ${state}`] },
  },
})
const call = (source: GraphNode, target: GraphNode, rate: number, state: HealthState = 'healthy'): GraphEdge => ({
  ...{ id: `${source.id}>${target.id}`, source: source.id, target: target.id, protocol: 'http', rate, marks: [] },
  ...{ responses: [{ code: '200', rate }], health: { state, reasons: [] } },
})
const graph = (nodes: readonly GraphNode[], edges: readonly GraphEdge[] = []): MeshGraph => ({
  ...{ time: 0, window: 60, graphType: 'versionedApp', namespaces: [], skipped: [], nodes, edges },
})
const many = (namespace: string, count: number) => Array.from({ length: count }, (_, at) => node(namespace, `a${at}`))
const choices = { grouping: 'auto', expanded: [], collapsed: [] } as const
const idsOf = ({ nodes }: MeshGraph) => nodes.map(({ id }) => id).sort()
const groupId = (namespace: string) => namespaceGroupId({ cluster: 'c', namespace })

test.each([
  [mostUngrouped, false],
  [mostUngrouped + 1, true],
])('of %i nodes namespaces are folded: %s', (count, isGrouped) => {
  const nodes = [...many('east', 80), ...many('west', count - 80)]
  expect(folded(graph(nodes), choices, defaultPolicy).isGrouped).toBe(isGrouped)
  expect(folded(graph(nodes), { ...choices, grouping: 'off' }, defaultPolicy).graph.nodes).toHaveLength(count)
})

test('a folded namespace counts its members, and its calls are laid together', () => {
  const [east, west] = [many('east', 3), many('west', 2)]
  const [a, b, c] = east
  const [x, y] = west
  if (!a || !b || !c || !x || !y) throw new Error('made above')
  const calls = [call(a, x, 4), call(b, y, 7), call(a, c, 100)]
  const { graph: drawn, groups } = folded(
    graph([...east, ...west], calls),
    { ...choices, grouping: 'on' },
    defaultPolicy,
  )
  expect(groups.map(({ name, members }) => [name, members.length])).toEqual([
    ['east', 3],
    ['west', 2],
  ])
  expect(drawn.edges.map(({ source, target, rate }) => [source, target, rate])).toEqual([
    [groupId('east'), groupId('west'), 11],
  ])
})

test('what is failing or degraded and who calls it stays outside its group, and the rest is folded', () => {
  const culprit = node('west', 'culprit', 'failing')
  const slow = node('west', 'slow', 'degraded')
  const caller = node('east', 'caller')
  const busy = node('east', 'busy')
  const rare = node('east', 'rare')
  const nodes = [culprit, slow, caller, busy, rare, ...many('east', 4), ...many('west', 4)]
  const calls = [call(caller, culprit, 5, 'failing'), call(busy, slow, 9), call(rare, slow, 2)]
  const { graph: drawn, groups } = folded(graph(nodes, calls), { ...choices, grouping: 'on' }, defaultPolicy)
  expect(idsOf(drawn)).toEqual([groupId('east'), groupId('west'), busy.id, caller.id, culprit.id, slow.id].sort())
  expect(groups.map(({ members }) => members.length)).toEqual([5, 4])
})

test('nothing red is ever inside a group, however much is red', () => {
  const nodes = [...many('east', 150), ...Array.from({ length: 300 }, (_, at) => node('west', `bad${at}`, 'failing'))]
  const { graph: drawn } = folded(graph(nodes), choices, defaultPolicy)
  expect(drawn.nodes.filter(({ health }) => health?.state === 'failing')).toHaveLength(300)
  expect(drawn.nodes).toHaveLength(301)
})

test('callers are kept up to a number, those with the most errors first', () => {
  const culprit = node('west', 'culprit', 'failing')
  const callers = many('east', 90)
  const calls = callers.map((caller, at) => ({ ...call(caller, culprit, at + 1, 'failing'), errorRatio: 0.5 }))
  const { graph: drawn } = folded(
    graph([culprit, ...callers, ...many('west', 3)], calls),
    { ...choices, grouping: 'on' },
    defaultPolicy,
  )
  expect(drawn.nodes.filter(({ folded: inside, namespace }) => !inside && namespace === 'east')).toHaveLength(40)
  expect(idsOf(drawn)).toContain(callers[89]?.id)
  expect(idsOf(drawn)).not.toContain(callers[0]?.id)
})

test('an opened namespace shows its apps, those of several versions folded until they are opened too', () => {
  const east = [node('east', 'cart', 'healthy', 'v1'), node('east', 'cart', 'healthy', 'v2'), node('east', 'page')]
  const given = graph([...east, ...many('west', 5)])
  const open = (expanded: readonly string[]) =>
    idsOf(folded(given, { grouping: 'on', expanded, collapsed: [] }, defaultPolicy).graph)
  expect(open([groupId('east')])).toEqual(['box/app/c/east/cart', groupId('west'), 'east/page/v1'].sort())
  expect(open([groupId('east'), 'box/app/c/east/cart'])).toEqual([...east.map(({ id }) => id), groupId('west')].sort())
})

test('a group folded by hand is folded in a small graph too; one that is not there changes nothing', () => {
  const nodes = [...many('east', 3), ...many('west', 3)]
  const shut = (collapsed: readonly string[]) =>
    folded(graph(nodes), { ...choices, collapsed }, defaultPolicy).graph.nodes
  expect(shut([groupId('east')])).toHaveLength(4)
  expect(shut(['box/namespace/c/nowhere'])).toHaveLength(6)
})

test('a single namespace is not folded into one node', () => {
  expect(folded(graph(many('east', 300)), choices, defaultPolicy).graph.nodes).toHaveLength(300)
})

test('where all groups call each other, each keeps its busiest calls, and nothing in trouble goes', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const namespaces = names.map((name) => many(name, 2))
  const firsts = namespaces.flatMap(([first]) => (first === undefined ? [] : [first]))
  const calls = firsts.flatMap((source, from) =>
    firsts.flatMap((target, to) => (source === target ? [] : [call(source, target, from * 10 + to + 1)])),
  )
  const { graph: drawn } = folded(graph(namespaces.flat(), calls), { ...choices, grouping: 'on' }, defaultPolicy)
  const { graph: calm, hidden } = thinned(drawn)
  expect(drawn.edges).toHaveLength(56)
  expect(hidden).toBe(56 - calm.edges.length)
  expect(calm.edges.length).toBeLessThan(36)
  for (const namespace of names) {
    expect(calm.edges.some(({ source, target }) => [source, target].includes(groupId(namespace)))).toBe(true)
  }
  const red = drawn.edges.map((edge) => ({ ...edge, health: { state: 'failing' as const, reasons: [] } }))
  expect(thinned({ ...drawn, edges: red }).hidden).toBe(0)
})

test('a graph without groups keeps all its calls', () => {
  const nodes = many('east', 3)
  expect(
    thinned(
      graph(
        nodes,
        nodes.flatMap((a) => nodes.map((b) => call(a, b, 1))),
      ),
    ),
  ).toMatchObject({ hidden: 0 })
})
