import { expect, test } from 'vitest'

import { namespaceGroupId } from '../../../mesh/fold.ts'
import { aCluster } from '../../testing/render.tsx'
import { commandsOfEdge, commandsOfNode, quoted } from './commandLines.ts'
import { foldingOf } from './folding.ts'
import { menuOf, type MenuItem } from './menu.ts'
import { aGraph, app, edge } from './testGraph.ts'

const { capabilities } = aCluster('demo', ['grafana'])
const items = (id: string, some = capabilities): readonly MenuItem[] => menuOf(aGraph(), id, some)?.groups.flat() ?? []
const item = (id: string, text: string, some = capabilities) => items(id, some).find((each) => each.text === text)

const node = 'app/c/bookinfo/reviews/v3'
const call = 'app/c/bookinfo/productpage/v1>app/c/bookinfo/reviews/v3|http'

test('a node offers details, isolation, its metrics and copies', () => {
  expect(item(node, 'Details')).toEqual({ kind: 'select', text: 'Details', id: node })
  expect(item(node, 'Isolate')).toMatchObject({ kind: 'focus', id: node })
  expect(item(node, 'Traffic metrics')).toMatchObject({ kind: 'page', namespaces: ['bookinfo'] })
  expect(item(node, 'Copy name')).toMatchObject({ content: 'reviews v3' })
  expect(item(node, 'Copy PromQL')).toMatchObject({ content: expect.stringContaining('"reviews"') as string })
  expect(item(node, 'Copy kubectl command')).toMatchObject({
    content:
      'kubectl get pods -n bookinfo -l service.istio.io/canonical-name=reviews,service.istio.io/canonical-revision=v3',
  })
})

test('an edge is about the callee’s metrics and both names', () => {
  expect(item(call, 'Copy name')).toMatchObject({ content: 'productpage v1 → reviews v3' })
  expect(item(call, 'Copy PromQL')).toMatchObject({ content: expect.stringContaining('source_canonical') as string })
})

test('a tool is a link only where the session carries an address that may be opened, else locked with its reason', () => {
  expect(item(node, 'Open in Grafana')).toMatchObject({ kind: 'locked', reason: 'You may not use grafana.' })
  expect(item(node, 'Open in Kiali')).toMatchObject({ kind: 'locked', reason: 'A test says so.' })
  const at = (address: string, allowed = true) => ({ ...capabilities, kiali: { allowed, reason: 'no', address } })
  expect(item(node, 'Open in Kiali', at('https://kiali.example/'))).toMatchObject({
    kind: 'link',
    href: 'https://kiali.example/',
  })
  expect(item(node, 'Open in Kiali', at('https://kiali.example/', false))?.kind).toBe('locked')
  expect(item(node, 'Open in Kiali', at('javascript:alert(1)'))?.kind).toBe('locked')
})

test('what is unknown has no metrics and no commands, and what is gone has no menu', () => {
  expect(items('unknown').map(({ text }) => text)).not.toContain('Traffic metrics')
  expect(items('unknown').map(({ text }) => text)).not.toContain('Copy kubectl command')
  expect(menuOf(aGraph(), 'app/c/gone', capabilities)).toBeUndefined()
})

test.each([
  ['reviews-v1', 'reviews-v1'],
  ["a'; rm -rf / #", `'a'\\''; rm -rf / #'`],
  ['$(reboot)', `'$(reboot)'`],
  ['a\nreboot', `'a?reboot'`],
])('%j is one word of a shell', (name, expected) => {
  expect(quoted(name)).toBe(expected)
})

test('commands name the workload, and of an edge what the caller knows of the host', () => {
  const cart = app('shop', 'cart', 'v1', { workload: 'cart-1', workloadKind: 'StatefulSet' })
  expect(commandsOfNode(cart)).toEqual({
    kubectl: 'kubectl describe -n shop statefulset/cart-1',
    istioctl: 'istioctl proxy-config all statefulset/cart-1 -n shop',
  })
  const called = edge('shop/cart/v1', 'shop/pay', 1, {
    responses: [{ code: '200', rate: 1, host: 'pay.shop.svc.cluster.local' }],
  })
  expect(commandsOfEdge(called, cart).istioctl).toBe(
    'istioctl proxy-config cluster statefulset/cart-1 -n shop --fqdn pay.shop.svc.cluster.local',
  )
})

test('a folded group can be expanded; it has no series and no command of its own, and nor do its calls', () => {
  const group = namespaceGroupId({ cluster: 'c', namespace: 'bookinfo' })
  const graph = foldingOf(aGraph(), {
    ...{ grouping: 'auto', expanded: [], collapsed: [group] },
    ...{ noise: false, quiet: false },
  }).drawn
  const call = graph.edges.find(({ source, target }) => [source, target].includes(group))
  const texts = (menu: ReturnType<typeof menuOf>) => menu?.groups.flat().map(({ text }) => text) ?? []
  const [ofGroup, ofCall] = [menuOf(aGraph(), group, capabilities, true), menuOf(graph, call?.id ?? '', capabilities)]
  expect(ofGroup?.name).toBe('bookinfo')
  expect(texts(ofGroup)).toContain('Expand the group')
  expect(texts(ofCall)).toContain('Copy name')
  for (const menu of [ofGroup, ofCall]) expect(texts(menu).filter((text) => /PromQL|command/.test(text))).toEqual([])
  expect(items('namespace/c/bookinfo').map(({ text }) => text)).not.toContain('Expand the group')
})
