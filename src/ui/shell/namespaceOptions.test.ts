import { describe, expect, test } from 'vitest'

import { groupsOf, matching, namespacesOf, toggleGroup, toggleNamespace, type ScopeChoice } from './namespaceOptions.ts'

const groups = groupsOf([
  { name: 'shop-web', project: 'c1:p-shop' },
  { name: 'default' },
  { name: 'bookinfo', project: 'c1:p-books' },
  { name: 'shop-core', project: 'c1:p-shop' },
  { name: 'istio-system' },
])
const [books, shop, rest] = groups
if (books === undefined || shop === undefined || rest === undefined) throw new Error('three groups were expected')
const all: ScopeChoice = { namespaces: [], project: undefined }
const named = (...namespaces: string[]): ScopeChoice => ({ namespaces, project: undefined })
const project = (id: string): ScopeChoice => ({ namespaces: [], project: id })

test('namespaces stand under their projects by name, those in none come last', () => {
  expect(groups).toEqual([
    { project: 'c1:p-books', namespaces: ['bookinfo'] },
    { project: 'c1:p-shop', namespaces: ['shop-core', 'shop-web'] },
    { project: undefined, namespaces: ['default', 'istio-system'] },
  ])
})

describe('typing', () => {
  test.each([
    ['', groups],
    ['  ', groups],
    ['WEB', [{ project: 'c1:p-shop', namespaces: ['shop-web'] }]],
    ['p-shop', [shop]],
    ['o', [books, shop, { project: undefined, namespaces: ['istio-system'] }]],
    ['c1', []],
    ['(', []],
  ])('“%s” leaves what matches', (text, left) => {
    expect(matching(groups, text)).toEqual(left)
  })
})

describe('a click on a namespace', () => {
  test.each([
    ['adds it to all', all, 'bookinfo', named('bookinfo')],
    ['adds it, sorted', named('shop-web'), 'default', named('default', 'shop-web')],
    ['takes it out', named('default', 'shop-web'), 'shop-web', named('default')],
    ['takes the last one out: all again', named('default'), 'default', all],
    ['takes it out of a project: the others stay by name', project('c1:p-shop'), 'shop-core', named('shop-web')],
    ['adds to a project', project('c1:p-shop'), 'bookinfo', named('bookinfo', 'shop-core', 'shop-web')],
  ])('%s', (_, before, name, after) => {
    expect(toggleNamespace(before, name, groups)).toEqual(after)
  })
})

describe('a click on a project', () => {
  test.each([
    ['from all: that project', all, shop, project('c1:p-shop')],
    ['from one of its namespaces: the whole project', named('shop-web'), shop, project('c1:p-shop')],
    ['once more: all', project('c1:p-shop'), shop, all],
    ['beside another project: both, by name', project('c1:p-books'), shop, named('bookinfo', 'shop-core', 'shop-web')],
    ['where all of it is chosen already: it goes', named('bookinfo', 'shop-core', 'shop-web'), shop, named('bookinfo')],
    ['those in no project have no id: by name', all, rest, named('default', 'istio-system')],
  ])('%s', (_, before, group, after) => {
    expect(toggleGroup(before, group, groups)).toEqual(after)
  })
})

test('a project that the viewer cannot list has no namespaces to tick', () => {
  expect(namespacesOf(project('c1:p-gone'), groups)).toEqual([])
})
