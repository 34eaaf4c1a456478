import { expect, test } from 'vitest'

import { namespaceGroupId } from '../../../mesh/fold.ts'
import { defaultPolicy } from '../../../mesh/health.ts'
import { commandsOfEdge, commandsOfNode } from './commandLines.ts'
import { foldingOf } from './folding.ts'
import { menuOf, type MenuItem } from './menu.ts'
import { aGraph, app, edge } from './testGraph.ts'

type LinkTo = Parameters<typeof menuOf>[2]

/** Kiali is open, Jaeger locked, Prometheus not known yet, Grafana not there. */
const linkTo: LinkTo = (name, subject, promql) => {
  const tool = { name, reason: `Why ${name} is so.`, showsAllTeams: false }
  if (name === 'kiali') {
    return { tool: { ...tool, state: 'open' }, href: `https://kiali.example/${JSON.stringify([subject, promql])}` }
  }
  if (name === 'prometheus') return undefined
  return { tool: { ...tool, state: name === 'jaeger' ? 'locked' : 'missing' }, href: undefined }
}
const items = (id: string): readonly MenuItem[] => menuOf(aGraph(), id, linkTo)?.groups.flat() ?? []
const item = (id: string, text: string) => items(id).find((each) => each.text === text)

const node = 'app/c/bookinfo/reviews/v3'
const call = 'app/c/bookinfo/productpage/v1>app/c/bookinfo/reviews/v3|http'

test('a node offers details, isolation, its metrics and copies', () => {
  expect(item(node, 'Details')).toEqual({ kind: 'select', text: 'Details', id: node })
  expect(item(node, 'Isolate')).toMatchObject({ kind: 'focus', id: node })
  expect(item(node, 'Traffic metrics')).toMatchObject({ kind: 'page', namespaces: ['bookinfo'] })
  expect(item(node, 'Logs')).toMatchObject({
    way: { kind: 'app', namespace: 'bookinfo', name: 'reviews', part: 'logs' },
  })
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

test('a tool is a link where it is open, its name with the reason where not, and nothing where it is not there', () => {
  expect(item(node, 'Open in Kiali')).toMatchObject({
    kind: 'link',
    href: expect.stringContaining('{"kind":"app","namespace":"bookinfo","name":"reviews"}') as string,
  })
  expect(item(node, 'Open in Jaeger')).toEqual({
    kind: 'locked',
    text: 'Open in Jaeger',
    reason: 'Why jaeger is so.',
  })
  expect(item(node, 'Open in Grafana')).toBeUndefined()
  expect(item(node, 'Open in Prometheus')).toBeUndefined()
})

test.each([
  ['of a call the callee', call, '{"kind":"app","namespace":"bookinfo","name":"reviews"}'],
  ['of a namespace its graph', 'namespace/c/bookinfo', '{"kind":"graph","namespaces":["bookinfo"]}'],
  ['of an app the app', 'versions/c/bookinfo/reviews', '{"kind":"app","namespace":"bookinfo","name":"reviews"}'],
])('tools are asked about %s', (_, id, subject) => {
  expect(item(id, 'Open in Kiali')).toMatchObject({ href: expect.stringContaining(subject) as string })
})

test('nobody is sent to a tool for what is in no cluster', () => {
  expect(item('unknown', 'Open in Kiali')).toBeUndefined()
})

test('what is unknown has no metrics and no commands, and what is gone has no menu', () => {
  expect(items('unknown').map(({ text }) => text)).not.toContain('Traffic metrics')
  expect(items('unknown').map(({ text }) => text)).not.toContain('Copy kubectl command')
  expect(menuOf(aGraph(), 'app/c/gone', linkTo)).toBeUndefined()
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
  const graph = foldingOf(
    aGraph(),
    {
      ...{ grouping: 'auto', expanded: [], collapsed: [group] },
      ...{ noise: false, quiet: false },
    },
    defaultPolicy,
  ).drawn
  const call = graph.edges.find(({ source, target }) => [source, target].includes(group))
  const texts = (menu: ReturnType<typeof menuOf>) => menu?.groups.flat().map(({ text }) => text) ?? []
  const [ofGroup, ofCall] = [menuOf(aGraph(), group, linkTo, true), menuOf(graph, call?.id ?? '', linkTo)]
  expect(ofGroup?.name).toBe('bookinfo')
  expect(texts(ofGroup)).toContain('Expand the group')
  expect(texts(ofCall)).toContain('Copy name')
  for (const menu of [ofGroup, ofCall]) expect(texts(menu).filter((text) => /PromQL|command/.test(text))).toEqual([])
  expect(items('namespace/c/bookinfo').map(({ text }) => text)).not.toContain('Expand the group')
})
