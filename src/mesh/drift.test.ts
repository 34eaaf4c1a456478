import { describe, expect, it, test } from 'vitest'
import { driftOf, driftText, hasDrift, readBaseline } from './drift.ts'
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
    '+ new              a v1 (shop) → d v1 (shop) (http)\n- gone             b v1 (shop) → c v1 (shop) (http)\n',
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
    expect(drift.newlyPlaintext).toHaveLength(isDrift ? 1 : 0)
    expect(hasDrift(drift)).toBe(isDrift)
    if (isDrift)
      expect(driftText(drift)).toMatch(
        /^! newly plaintext {2}a v1 \(shop\) → b v1 \(shop\) \(http\): mTLS \d+% before, \d+% now\n$/,
      )
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
