import { expect, test } from 'vitest'

import { aGraph, app, edge, withOperations } from './testGraph.ts'
import { codeText, fullName, namesOf, padlockOf, viewOf, widthOf, worst } from './view.ts'
import type { BadgeKind } from './words.ts'

const view = (patch: Parameters<typeof aGraph>[0] = {}, labels: Parameters<typeof viewOf>[1]['labels'] = ['rate']) =>
  viewOf(aGraph(patch), { labels, statistic: 'p95' })

test('namespaces are boxes with the worst state inside; what has no place stands free', () => {
  const { boxes, nodes } = view()
  expect(
    boxes.filter(({ kind }) => kind === 'namespace').map(({ name, detail, health }) => [name, detail, health]),
  ).toEqual([
    ['istio-ingress', '', 'healthy'],
    ['bookinfo', '4 nodes', 'failing'],
  ])
  expect(nodes.filter(({ box }) => box === undefined).map(({ id }) => id)).toEqual([
    'unknown',
    'service/c/unknown/PassthroughCluster',
  ])
})

test('an app of several versions is a box, its versions inside; an app of one is not', () => {
  const { boxes, nodes } = view()
  expect(boxes.filter(({ kind }) => kind === 'app').map(({ name, health, parent }) => [name, health, parent])).toEqual([
    ['reviews', 'failing', 'namespace/c/bookinfo'],
  ])
  const v3 = nodes.find(({ inside }) => inside === 'v3')
  expect(v3?.box).toBe('versions/c/bookinfo/reviews')
  expect(v3?.name).toBeUndefined()
  expect(nodes.find(({ name }) => name === 'mongodb')?.version).toBe('v1')
})

test('a version too long for the outline is written under it', () => {
  const nodes = [app('n', 'a', '2024-01-31-hotfix'), app('n', 'a', 'v2')]
  const [long, short] = view({ nodes, edges: [] }).nodes
  expect([long?.inside, long?.version]).toEqual([undefined, '2024-01-31-hotfix'])
  expect([short?.inside, short?.version]).toEqual(['v2', undefined])
})

test('only a versioned-app graph has app boxes, and several clusters are told apart', () => {
  expect(view({ graphType: 'workload' }).boxes.map(({ kind }) => kind)).not.toContain('app')
  const nodes = [app('shop', 'a'), { ...app('shop', 'b'), id: 'other', cluster: 'west' }]
  expect(view({ nodes, edges: [] }).boxes.map(({ name }) => name)).toEqual(['shop · c', 'shop · west'])
})

test('a node in trouble says the commonest error under its name', () => {
  expect(view().nodes.find(({ inside }) => inside === 'v3')?.reason).toBe('503 UF')
  expect(view().nodes.find(({ name }) => name === 'productpage')?.reason).toBeUndefined()
})

test('pills say what was chosen, and of an edge in trouble always its errors', () => {
  const pills = (labels: Parameters<typeof view>[1]) =>
    view({}, labels).edges.map(({ label }) => label?.replaceAll('\u00a0', ' '))
  expect(pills(['rate'])).toEqual(['41.3/s', '30.0/s', '10.0/s · 30.0 % 503 UF', '182 KiB/s TCP'])
  expect(pills([])).toEqual([undefined, undefined, '30.0 % 503 UF', undefined])
  expect(pills(['responseTime', 'share'])).toEqual(['100 %', '75.0 % · 31 ms', '25.0 % · 30.0 % 503 UF', '100 %'])
})

test('operations stand left of the box of their app, with a shape of their own, and say whose they are', () => {
  const graph = withOperations()
  const drawn = (options: Partial<Parameters<typeof viewOf>[1]> = {}) =>
    viewOf(graph, { labels: [], statistic: 'p95', ...options }).nodes.find(({ name }) => name === 'List')
  expect(drawn()).toMatchObject({ shape: 'operation', box: 'namespace/c/shop', version: 'cart' })
  expect(drawn({ boxes: [] })?.version).toBe('cart')
  expect(fullName(graph.nodes[3] ?? app('n', 'a'))).toBe('List of cart')
})

test('an idle edge has no pill', () => {
  const edges = [edge('istio-ingress/gateway', 'bookinfo/productpage/v1', 0, { isIdle: true })]
  expect(view({ edges }).edges[0]?.label).toBeUndefined()
})

test('the width is 1.2 + 0.32 x sqrt(requests per second), and has an end', () => {
  expect(widthOf({ protocol: 'http', rate: 0 })).toBe(1.2)
  expect(widthOf({ protocol: 'http', rate: 100 })).toBeCloseTo(4.4)
  expect(widthOf({ protocol: 'tcp', rate: 4096 * 100 })).toBeCloseTo(4.4)
  expect(widthOf({ protocol: 'http', rate: 1e9 })).toBe(9)
})

test.each([
  [undefined, undefined],
  [0, undefined],
  [0.4, 'open'],
  [0.9995, 'closed'],
  [1, 'closed'],
])('mTLS of %s is the padlock %s', (share, padlock) => {
  expect(padlockOf(share)).toBe(padlock)
})

test.each([
  [{ protocol: 'http', code: '503', flags: 'UF' }, '503 UF'],
  [{ protocol: 'http', code: '-', flags: 'UH' }, 'UH'],
  [{ protocol: 'grpc', code: '14' }, 'gRPC 14'],
  [{ protocol: 'grpc', code: '503', flags: '-' }, '503'],
] as const)('%j is written %s', (response, text) => {
  expect(codeText(response)).toBe(text)
})

test('the worst of no states is unknown', () => {
  expect(worst([])).toBe('unknown')
  expect(worst(['healthy', 'degraded', 'idle'])).toBe('degraded')
})

test('hostile names are text like any other', () => {
  const name = 'a"b\\c\n🙂'
  const { boxes, nodes } = view({ nodes: [app(name, name, 'v1')], edges: [] })
  expect(boxes[0]?.name).toBe(name)
  expect(nodes[0]?.name).toBe(name)
  expect(namesOf(app('n', '', undefined)).name).toBe('')
})

test('badges and padlocks are drawn as far as they are chosen', () => {
  const graph = aGraph({
    nodes: [
      app('bookinfo', 'productpage', 'v1', {
        isOutOfMesh: true,
        badges: [
          { kind: 'trafficShifting', text: 'shifts', objects: [] },
          { kind: 'circuitBreaker', text: 'breaks', objects: [] },
        ],
      }),
      app('bookinfo', 'reviews', 'v1'),
    ],
    edges: [edge('bookinfo/productpage/v1', 'bookinfo/reviews/v1', 5, { mtls: 1 })],
  })
  const drawn = (badges?: readonly BadgeKind[]) => {
    const { nodes, edges } = viewOf(graph, { labels: ['rate'], statistic: 'p95', ...(badges && { badges }) })
    return [nodes[0]?.badges, edges[0]?.padlock]
  }
  expect(drawn()).toEqual([['plain', 'split', 'breaker'], 'closed'])
  expect(drawn(['routing'])).toEqual([['split'], undefined])
  expect(drawn(['mesh', 'mtls'])).toEqual([['plain'], 'closed'])
  expect(drawn([])).toEqual([[], undefined])
})

test('rings and arms have no boxes: the namespace is said beside the version', () => {
  for (const layout of ['concentric', 'octopus'] as const) {
    const { boxes, nodes, isBowed } = viewOf(aGraph(), { labels: [], statistic: 'p95', layout })
    expect(boxes).toEqual([])
    expect(nodes.map(({ version }) => version)).toContain('v3 · bookinfo')
    expect(nodes.find(({ id }) => id === 'unknown')?.version).toBeUndefined()
    expect(isBowed).toBe(layout === 'concentric' ? true : undefined)
  }
})

test('calls of a folded group stand back: in one bow, thin, and only the busiest say how much', () => {
  const group = {
    ...app('shop', 'all'),
    id: 'box/namespace/c/shop',
    folded: { by: 'namespace', members: ['x', 'y'] },
  } as const
  const into = { ...edge('web/front', 'shop/all', 400), id: 'in', target: group.id }
  const nodes = [app('web', 'front'), app('web', 'other'), group]
  const { edges } = view({ nodes, edges: [into, edge('web/front', 'web/other', 400)] })
  expect(edges.map(({ isOfGroup, width }) => [isOfGroup, Number(width.toFixed(3))])).toEqual([
    [true, 1.8],
    [undefined, 7.6],
  ])
})
