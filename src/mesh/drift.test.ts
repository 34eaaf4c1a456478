import { describe, expect, it, test } from 'vitest'
import { driftOf, driftText, hasCalls, hasDrift, readBaseline } from './drift.ts'
import type { Baseline } from './drift.ts'

const node = (id: string): Baseline['nodes'][number] => ({
  id,
  kind: 'app',
  namespace: 'shop',
  cluster: 'east',
  app: id,
  version: 'v1',
})
function graph(...edges: readonly (readonly [source: string, target: string, mtls?: number | undefined])[]): Baseline {
  const names = new Set(edges.flatMap(([source, target]) => [source, target]))
  return {
    graphType: 'versionedApp',
    namespaces: [],
    options: {},
    nodes: [...names].map(node),
    edges: edges.map(([source, target, mtls]) => ({
      id: `${source}>${target}|http`,
      source,
      target,
      protocol: 'http',
      ...(mtls === undefined ? {} : { mtls }),
    })),
  }
}

const apart = 'encryption was not compared: the baseline tells no mTLS; make it with --mtls'

test('the same graph has no drift', () => {
  const drift = driftOf(graph(['a', 'b', 1]), graph(['a', 'b', 1]))
  expect(hasDrift(drift)).toBe(false)
  expect(driftText(drift)).toBe('No drift: the same calls, and none newly plaintext.\n')
})

test('new and gone calls are told by name', () => {
  const drift = driftOf(graph(['a', 'b'], ['b', 'c']), graph(['a', 'b'], ['a', 'd']))
  expect(drift.new).toEqual([{ id: 'a>d|http', source: 'a v1 (shop)', target: 'd v1 (shop)', protocol: 'http' }])
  expect(drift.gone).toEqual([{ id: 'b>c|http', source: 'b v1 (shop)', target: 'c v1 (shop)', protocol: 'http' }])
  expect(driftText(drift)).toBe(
    `+ new              a v1 (shop) → d v1 (shop) (http)\n- gone             b v1 (shop) → c v1 (shop) (http)\nnote: ${apart}\n`,
  )
})

describe('newly plaintext', () => {
  it.each([
    ['all was mTLS, some is not', 1, 0.9, true],
    ['all was, none is', 1, 0, true],
    ['some was, none is', 0.5, 0, true],
    ['some was, less is', 0.5, 0.4, false],
    ['none was', 0, 0, false],
    ['it became mTLS', 0, 1, false],
    ['rounding', 1, 0.99999999, false],
    ['before is not known', undefined, 0, false],
    ['now is not known', 1, undefined, false],
  ])('%s: %s → %s is %s', (_name, before, now, isDrift) => {
    const drift = driftOf(graph(['a', 'b', before]), graph(['a', 'b', now]))
    const isCompared = before !== undefined && now !== undefined
    expect(drift.newlyPlaintext?.length).toBe(isCompared ? Number(isDrift) : undefined)
    expect(hasDrift(drift)).toBe(isDrift)
    if (isDrift)
      expect(driftText(drift)).toMatch(
        /^! newly plaintext {2}a v1 \(shop\) → b v1 \(shop\) \(http\): mTLS \d+% before, \d+% now\n$/,
      )
  })
})

describe('encryption that was not compared', () => {
  it.each([
    ['the baseline tells none', undefined, 1, apart],
    ['neither tells any', undefined, undefined, apart],
    ['none is told now', 1, undefined, 'encryption was not compared: no call tells mTLS now; ask with --mtls'],
  ])('is said, and is not called the same: %s', (_name, before, now, note) => {
    const drift = driftOf(graph(['a', 'b', before]), graph(['a', 'b', now]))
    expect(drift).toEqual({ new: [], gone: [], notes: [note], skipped: [] })
    expect(driftText(drift)).toBe(`No drift: the same calls.\nnote: ${note}\n`)
  })
})

test('a baseline that does not record its options is compared, with a note', () => {
  const { options: _options, ...older } = graph(['a', 'b', 1])
  const drift = driftOf(older, graph(['a', 'b', 1]))
  expect(hasDrift(drift)).toBe(false)
  expect(drift.notes).toEqual([expect.stringMatching(/^the baseline does not say with which options it was made/)])
})

test('what was skipped is told with the drift', () => {
  const skipped = [{ reason: 'odd', count: 2, example: 'x' }]
  const drift = driftOf(graph(['a', 'b', 1]), { ...graph(['a', 'c', 1]), skipped })
  expect(drift.skipped).toEqual(skipped)
  expect(driftText(drift)).toMatch(/\nskipped 2: odd \(x\)\n$/)
})

test('idle edges are no calls, before or now', () => {
  const calls = graph(['a', 'b', 1])
  const more = graph(['a', 'b', 1], ['a', 'c'])
  const idle = { ...more, edges: more.edges.map((edge, index) => (index === 1 ? { ...edge, isIdle: true } : edge)) }
  expect(hasDrift(driftOf(calls, idle))).toBe(false)
  expect(hasDrift(driftOf(idle, calls))).toBe(false)
  expect(driftOf(idle, more).new).toHaveLength(1)
  expect(hasCalls({ edges: idle.edges.slice(1) })).toBe(false)
})

describe('requests that reached no workload', () => {
  const hosted = (base: Baseline, host = 'reviews.shop.svc.cluster.local'): Baseline => ({
    ...base,
    edges: base.edges.map((edge) => ({ ...edge, responses: [{ host }] })),
  })
  const page = hosted(graph(['page', 'reviews-v1']))
  const lost = (source: string, service = 'reviews', more: readonly Baseline['edges'][number][] = []): Baseline => ({
    ...page,
    nodes: [...page.nodes, node(source), { id: 'lost', kind: 'service', namespace: 'shop', cluster: 'east', service }],
    edges: [
      ...page.edges,
      { id: 'x', source, target: 'lost', protocol: 'http', responses: [{ host: `${service}.shop.svc.cluster.local` }] },
      ...more,
    ],
  })

  it('are no new dependency where the caller reaches that service, and none gone', () => {
    expect(driftOf(page, lost('page'))).toMatchObject({ new: [], gone: [] })
    expect(driftOf(lost('page'), page)).toMatchObject({ new: [], gone: [] })
  })

  it.each([
    ['another caller', page, lost('other')],
    ['another service', page, lost('page', 'ratings')],
    ['a name that only begins alike', page, lost('page', 'review')],
    [
      'another protocol before',
      { ...page, edges: page.edges.map((e) => ({ ...e, protocol: 'tcp' as const })) },
      lost('page'),
    ],
    [
      'delivered ones, through a service node',
      page,
      lost('page', 'reviews', [{ id: 'y', source: 'lost', target: 'reviews-v1', protocol: 'http' }]),
    ],
    ['a service graph', { ...page, graphType: 'service' as const }, { ...lost('page'), graphType: 'service' as const }],
  ])('are new otherwise: %s', (_name, before, now) => {
    expect(driftOf(before, now).new.map(({ id }) => id)).toContain('x')
  })
})

describe('a baseline', () => {
  it('is read back from JSON, with what it does not need left unread', () => {
    const read = readBaseline(JSON.parse(JSON.stringify({ ...graph(['a', 'b', 1]), time: 1, skipped: [] })))
    expect(read).toEqual(graph(['a', 'b', 1]))
  })

  it.each([
    [null, 'it holds no JSON object'],
    [[], 'it holds no JSON object'],
    [{ graphType: 'pod' }, 'it has no graphType'],
    [{ graphType: 'app', options: [], nodes: [], edges: [] }, 'its options are no JSON object'],
    [{ graphType: 'app', nodes: [{}], edges: [] }, 'its nodes are not a list of nodes'],
    [{ graphType: 'app', nodes: [], edges: [{ id: 'x' }] }, 'its edges are not a list of edges'],
    [
      { graphType: 'app', nodes: [], edges: [{ ...graph(['a', 'b']).edges[0], mtls: '1' }] },
      'its edges are not a list of edges',
    ],
  ])('%j is none', (value, problem) => {
    expect(readBaseline(value)).toBe(problem)
  })
})
