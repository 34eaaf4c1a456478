import { expect, test } from 'vitest'

import { namespaceGroupId } from '../../../mesh/fold.ts'
import { defaultPolicy } from '../../../mesh/health.ts'
import { chipsOf, foldChipOf, foldingOf, standsFor, toggled, type FoldingChoices } from './folding.ts'
import { aGraph, app, edge } from './testGraph.ts'

const choices: FoldingChoices = { grouping: 'auto', expanded: [], collapsed: [], noise: false, quiet: false }
const textsOf = (graph: ReturnType<typeof aGraph>, patch: Partial<FoldingChoices> = {}) => {
  const chosen = { ...choices, ...patch }
  return chipsOf(foldingOf(graph, chosen, defaultPolicy), chosen).map(
    ({ text, action }) => `${text.replaceAll(/\s/g, ' ')} ${action}`,
  )
}
const group = (namespace: string) => namespaceGroupId({ cluster: 'c', namespace })
const large = aGraph({
  nodes: ['east', 'west'].flatMap((namespace) => Array.from({ length: 120 }, (_, at) => app(namespace, `a${at}`))),
  edges: [],
})

test('a graph that is drawn whole has nothing to say', () => {
  expect(textsOf(aGraph())).toEqual([])
})

test('noise is counted and can be shown, and folded again', () => {
  const nodes = [app('monitoring', 'prometheus'), app('shop', 'cart')]
  const graph = aGraph({ nodes, edges: [edge('monitoring/prometheus', 'shop/cart', 214)] })
  expect(textsOf(graph)).toEqual(['Noise folded: scrapes 214/s Show'])
  expect(foldingOf(graph, choices, defaultPolicy).drawn.edges).toEqual([])
  expect(textsOf(graph, { noise: true })).toEqual(['Noise is shown Fold'])
  expect(foldingOf(graph, { ...choices, noise: true }, defaultPolicy).drawn.edges).toHaveLength(1)
})

test('grouping is announced with its off switch, and offered where it was switched off', () => {
  expect(textsOf(large)).toEqual(['2 groups folded: 240 nodes inside Show all'])
  expect(textsOf(large, { grouping: 'off' })).toEqual(['240 nodes, not grouped Group'])
  expect(textsOf(large, { expanded: [group('east')] })).toEqual([
    '1 group folded: 120 nodes inside Show all',
    '1 group opened Fold again',
  ])
})

test('ids of groups that are gone are not counted as opened', () => {
  expect(textsOf(large, { expanded: [group('east'), group('gone'), 'app/c/east/a1'] })).toContain(
    '1 group opened Fold again',
  )
  expect(textsOf(large, { expanded: [group('gone')] })).toEqual(['2 groups folded: 240 nodes inside Show all'])
})

test('what was folded by hand is named', () => {
  expect(textsOf(aGraph(), { collapsed: [group('bookinfo')] })).toEqual(['bookinfo folded: 2 nodes Expand'])
})

test('opening and folding a group again lead back to where one was', () => {
  const opened = { ...choices, ...toggled(group('east'), foldingOf(large, choices, defaultPolicy).fold, choices) }
  expect(opened.expanded).toEqual([group('east')])
  expect({ ...opened, ...toggled(group('east'), foldingOf(large, opened, defaultPolicy).fold, opened) }).toEqual(
    choices,
  )
  const graph = aGraph()
  const shut = { ...choices, ...toggled(group('bookinfo'), foldingOf(graph, choices, defaultPolicy).fold, choices) }
  expect(shut.collapsed).toEqual([group('bookinfo')])
  expect({ ...shut, ...toggled(group('bookinfo'), foldingOf(graph, shut, defaultPolicy).fold, shut) }).toEqual(choices)
})

test('a selected node that is folded away is seen in its group', () => {
  const { fold } = foldingOf(large, choices, defaultPolicy)
  expect(standsFor('app/c/east/a7', fold)).toBe(group('east'))
  expect(standsFor('elsewhere', fold)).toBe('elsewhere')
  expect(standsFor(undefined, fold)).toBeUndefined()
})

test('a selected namespace can be folded, a selected node or an absent one cannot', () => {
  const graph = aGraph()
  const { fold } = foldingOf(graph, choices, defaultPolicy)
  const chips = (selected: string | undefined) => foldChipOf(graph, selected, fold, choices).map(({ patch }) => patch)
  expect(chips('namespace/c/bookinfo')).toEqual([{ collapsed: [group('bookinfo')] }])
  expect(chips('app/c/bookinfo/reviews/v1')).toEqual([])
  expect(chips('namespace/c/nowhere')).toEqual([])
  expect(chips(undefined)).toEqual([])
})
