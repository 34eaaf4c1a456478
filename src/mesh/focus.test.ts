import fc from 'fast-check'
import { expect, test } from 'vitest'

import { focusedOn, pathsBetween, troubledPart, type FocusDirection } from './focus.ts'
import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import type { HealthState } from './verdict.ts'

const node = (id: string, state: HealthState = 'healthy'): GraphNode => ({
  id,
  kind: 'workload',
  cluster: 'c',
  namespace: 'n',
  workload: id,
  health: { state, reasons: [] },
  traffic: {},
})
const edge = (source: string, target: string, state: HealthState = 'healthy'): GraphEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  protocol: 'http',
  rate: 1,
  responses: [],
  health: { state, reasons: [] },
  marks: [],
})
const graph = (nodes: readonly GraphNode[], edges: readonly GraphEdge[]): MeshGraph => ({
  time: 1,
  window: 300,
  graphType: 'workload',
  namespaces: [],
  nodes,
  edges,
  skipped: [],
})
const letters = ['a', 'b', 'c', 'd', 'e', 'f']
const ids = ({ nodes }: MeshGraph) => nodes.map(({ id }) => id).join('')

/** a → b → c → d → e, x → c, c → y, and a ring d → b. */
const chain = graph(
  ['a', 'b', 'c', 'd', 'e', 'x', 'y', 'z'].map((id) => node(id)),
  [...['ab', 'bc', 'cd', 'de', 'xc', 'cy', 'db']].map(([from = '', to = '']) => edge(from, to)),
)

test.each<[number, FocusDirection, string]>([
  [0, 'both', 'c'],
  [1, 'up', 'bcx'],
  [1, 'down', 'cdy'],
  [1, 'both', 'bcdxy'],
  [2, 'up', 'abcdx'],
  [2, 'down', 'bcdey'],
  [9, 'both', 'abcdexy'],
])('%i hops %s of c are %s', (hops, direction, expected) => {
  expect(ids(focusedOn(chain, { middle: new Set(['c']), hops, direction }))).toBe(expected)
})

test('calls between those that are left stay, others go, numbers are untouched', () => {
  const focused = focusedOn(chain, { middle: new Set(['c']), hops: 1, direction: 'both' })
  expect(focused.edges.map(({ id }) => id)).toEqual(['b>c', 'c>d', 'x>c', 'c>y', 'd>b'])
  expect(focused.edges[0]).toBe(chain.edges[1])
  expect(focused.time).toBe(1)
})

test('a middle that is not there leaves nothing', () => {
  expect(ids(focusedOn(chain, { middle: new Set(['gone']), hops: 3, direction: 'both' }))).toBe('')
})

test('trouble keeps all that leads to it, and nothing beside', () => {
  const troubled = troubledPart(
    graph(
      [node('a'), node('b'), node('c', 'failing'), node('d'), node('e')],
      [edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('b', 'e')],
    ),
  )
  expect(ids(troubled)).toBe('abc')
  expect(troubled.edges.map(({ id }) => id)).toEqual(['a>b', 'b>c'])
})

test('a troubled edge between healthy ends keeps both ends and what leads to the caller, not what else leads to the callee', () => {
  const troubled = troubledPart(
    graph([node('a'), node('b'), node('c'), node('d')], [edge('a', 'b'), edge('b', 'c', 'degraded'), edge('d', 'c')]),
  )
  expect(ids(troubled)).toBe('abc')
  expect(troubled.edges.map(({ id }) => id)).toEqual(['a>b', 'b>c'])
})

test('where all is well there is nothing to show', () => {
  expect(ids(troubledPart(chain))).toBe('')
})

test('any graph: no edge without its ends, nothing red is lost, and more hops never show less', () => {
  const letter = fc.constantFrom(...letters)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(letter, letter), { maxLength: 14 }),
      fc.subarray(letters),
      letter,
      fc.nat({ max: 4 }),
      (pairs, failing, middle, hops) => {
        const nodes = letters.map((id) => node(id, failing.includes(id) ? 'failing' : 'healthy'))
        const whole = graph(
          nodes,
          pairs.map(([from, to]) => edge(from, to)),
        )
        const focus = (count: number) => focusedOn(whole, { middle: new Set([middle]), hops: count, direction: 'both' })
        const troubled = troubledPart(whole)
        for (const one of [focus(hops), troubled]) {
          const present = new Set(one.nodes.map(({ id }) => id))
          expect(one.edges.every(({ source, target }) => present.has(source) && present.has(target))).toBe(true)
        }
        const more = new Set(focus(hops + 1).nodes)
        expect(focus(hops).nodes.every((each) => more.has(each))).toBe(true)
        expect(failing.every((id) => troubled.nodes.some((each) => each.id === id))).toBe(true)
      },
    ),
  )
})

test.each<[string, string, string]>([
  ['a', 'd', 'abcd'],
  ['x', 'y', 'xcybd'],
  ['a', 'b', 'abcd'],
  ['y', 'a', ''],
  ['a', 'z', ''],
  ['nowhere', 'a', ''],
  ['c', 'c', 'bcd'],
])('every way from %s to %s', (from, to, expected) => {
  const { nodes } = pathsBetween(chain, new Set([from]), new Set([to]))
  expect(nodes.map(({ id }) => id).sort()).toEqual(expected.split('').sort())
})

test('what lies between two nodes is on a way between them, and its calls are all kept', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...letters)), { maxLength: 14 }),
      fc.constantFrom(...letters),
      fc.constantFrom(...letters),
      (pairs, from, to) => {
        const whole = graph(
          letters.map((id) => node(id)),
          [...new Set(pairs.map(([a, b]) => a + b))].map(([a = '', b = '']) => edge(a, b)),
        )
        const between = pathsBetween(whole, new Set([from]), new Set([to]))
        const reach = (id: string, direction: FocusDirection) =>
          new Set(focusedOn(whole, { middle: new Set([id]), hops: Infinity, direction }).nodes.map((each) => each.id))
        const down = reach(from, 'down')
        const up = reach(to, 'up')
        const inside = new Set(between.nodes.map(({ id }) => id))
        expect(inside).toEqual(new Set([...down].filter((id) => up.has(id))))
        expect(between.edges).toEqual(whole.edges.filter((each) => inside.has(each.source) && inside.has(each.target)))
      },
    ),
  )
})
