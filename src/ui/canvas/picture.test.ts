import { expect, test } from 'vitest'

import type { DrawnNode } from './drawing.ts'
import type { Palette } from './palette.ts'
import { escaped, pictureOf } from './picture.ts'
import { scaleFor } from './rasterize.ts'

const palette = new Proxy({}, { get: () => '#123456' }) as Palette
const node = (id: string, patch: Partial<DrawnNode> = {}): DrawnNode => ({
  id,
  shape: 'app',
  name: id,
  health: 'healthy',
  badges: [],
  rank: 1,
  ...patch,
})
const question = (nodes: readonly DrawnNode[]) => ({
  drawing: {
    boxes: [{ id: 'box', kind: 'namespace' as const, name: 'shop', detail: '2 nodes', health: 'failing' as const }],
    nodes,
    edges: [
      { id: 'e', source: 'a', target: 'b', health: 'failing' as const, width: 2, label: '3.5/s · 12 % 503', rank: 1 },
    ],
  },
  places: new Map([
    ['a', { x: -50, y: -80 }],
    ['b', { x: 400, y: 60 }],
  ]),
  palette,
  measure: (text: string, size: number) => text.length * size * 0.5,
  caption: {
    title: 'Traffic graph of demo',
    lines: ['All namespaces', 'Last 5 minutes'],
    states: [{ state: 'failing' as const, text: 'Failing' }],
    shapes: [{ shape: 'app' as const, text: 'App' }],
    badges: [{ badge: 'split' as const, text: 'Traffic shifting' }],
  },
})

const parsed = (svg: string) => new DOMParser().parseFromString(svg, 'image/svg+xml')

test('a picture has boxes, nodes, edges, names, pills, the caption and the legend, and is well formed', () => {
  const { svg, width, height } = pictureOf(
    question([node('a', { box: 'box', badges: ['split'] }), node('b', { box: 'box', reason: '503 UF' })]),
  )
  const document = parsed(svg)
  expect(document.querySelector('parsererror')).toBeNull()
  expect(document.querySelectorAll('image')).toHaveLength(2)
  expect(document.querySelectorAll('circle'), 'the badge of one node').toHaveLength(1)
  const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent)
  for (const text of [
    'Traffic graph of demo',
    'All namespaces',
    'Last 5 minutes',
    'shop',
    'a',
    'b',
    '503 UF',
    'Failing',
    'App',
    'Traffic shifting',
  ])
    expect(texts).toContain(text)
  expect(texts).toContain('3.5/s · 12 % 503')
  expect(width).toBeGreaterThanOrEqual(450)
  expect(height).toBeGreaterThan(140)
})

test('a hostile name is text: no element, no attribute, and nothing that XML forbids', () => {
  const name = '"/><script>alert(1)</script><b a=\'&amp;\u0000\u001b\ud800🙂'
  const document = parsed(
    pictureOf(question([node('a', { name: name.slice(0, 40) }), node('b', { name, inside: '<i>' })])).svg,
  )
  expect(document.querySelector('parsererror')).toBeNull()
  expect(document.querySelectorAll('script, b, i')).toHaveLength(0)
  expect(document.documentElement.textContent).toContain('<i>')
})

test('a drawing without places is a caption and a legend', () => {
  const document = parsed(pictureOf({ ...question([node('a')]), places: new Map() }).svg)
  expect(document.querySelector('parsererror')).toBeNull()
  expect(document.querySelectorAll('image')).toHaveLength(0)
})

test.each([
  ['<&>"\'', '&#60;&#38;&#62;&#34;&#39;'],
  ['a\u0007b', 'a\ufffdb'],
  ['🙂\n', '🙂\n'],
])('%j is written %j', (text, expected) => {
  expect(escaped(text)).toBe(expected)
})

test.each([
  [1000, 800, 2],
  [20_000, 100, 0.8192],
  [12_000, 10_000, 1],
])('a picture of %i by %i is drawn at %f times its size', (width, height, scale) => {
  expect(scaleFor({ width, height })).toBeCloseTo(scale)
})
