import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Drawing, DrawnEdge, DrawnNode } from './drawing.ts'
import { framesOf } from './frames.ts'
import { overlaps, sizes, type Places, type Rect } from './geometry.ts'
import { labelsFor, shorten, smallestText, textSize } from './labels.ts'
import { layoutOf } from './layout.ts'
import { routesOf } from './routes.ts'
import { meshLike, seeded } from './testMesh.ts'

const measure = (text: string, size: number) => text.length * size * 0.52

function drawingLike(seed: number, nodes: number): Drawing {
  const topology = meshLike({ seed, nodes, namespaces: 5, versions: 0.2 })
  const random = seeded(seed)
  const pick = (): DrawnNode['health'] => (random() < 0.1 ? 'failing' : random() < 0.1 ? 'degraded' : 'healthy')
  return {
    boxes: topology.boxes.map((box) => ({ ...box, name: box.id, detail: '3 nodes', health: pick() })),
    nodes: topology.nodes.map((node) => ({
      ...node,
      shape: 'app',
      name: `service-${node.id}`,
      version: 'v1',
      health: pick(),
      reason: '503 UF',
      badges: [],
      rank: random() * 100,
    })),
    edges: topology.edges.map(({ source, target }): DrawnEdge => ({
      id: `${source}>${target}`,
      source,
      target,
      health: pick(),
      width: 2,
      padlock: 'closed',
      label: '41.2/s · 9 ms',
      rank: random() * 100,
    })),
  }
}

function labelled(drawing: Drawing, zoom: number) {
  const places = layoutOf(drawing)
  const labels = labelsFor({
    drawing,
    places,
    frames: framesOf(drawing, places),
    routes: routesOf(drawing.edges, places),
    zoom,
    measure,
  })
  return { places, labels }
}

test('pills cover neither a node, nor a name, nor another pill, at any zoom', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0.2, max: 2, noNaN: true }), (seed, zoom) => {
      const drawing = drawingLike(seed, 40)
      const { places, labels } = labelled(drawing, zoom)
      const solid: Rect[] = [...places.values()].map(({ x, y }) => {
        const half = (sizes.node / 2) * zoom
        return { left: x * zoom - half, right: x * zoom + half, top: y * zoom - half, bottom: y * zoom + half }
      })
      for (const { x, y, size, text } of labels.names) {
        const half = measure(text, size) / 2
        solid.push({ left: x - half, right: x + half, top: y - size / 2, bottom: y + size / 2 })
      }
      labels.pills.forEach(({ rect }, index) => {
        for (const other of [...solid, ...labels.pills.slice(index + 1).map((pill) => pill.rect)]) {
          expect(overlaps(rect, other)).toBe(false)
        }
      })
    }),
    { numRuns: 25 },
  )
})

test('the name of everything in trouble is written at every zoom, and nothing is smaller than 11 px', () => {
  for (const zoom of [0.1, 0.3, 0.6, 1, 2]) {
    const drawing = drawingLike(5, 120)
    const { labels } = labelled(drawing, zoom)
    const named = new Set(labels.names.map(({ node }) => node.id))
    for (const { id, health, inside } of drawing.nodes) {
      if ((health === 'failing' || health === 'degraded') && inside === undefined) expect(named.has(id)).toBe(true)
    }
    for (const { size } of [...labels.names, ...labels.titles, ...labels.pills]) {
      expect(size).toBeGreaterThanOrEqual(smallestText)
    }
  }
})

test('zoomed out, pills give way before names do', () => {
  const { labels } = labelled(drawingLike(9, 60), 0.35)
  expect(labels.names.length).toBeGreaterThan(labels.pills.length)
})

test('an edge in trouble says the short thing where there is no room for the long one', () => {
  const drawing: Drawing = {
    boxes: [],
    nodes: ['a', 'b'].map((id) => ({ id, shape: 'app', name: id, health: 'healthy', badges: [], rank: 1 })),
    edges: [
      {
        id: 'e',
        source: 'a',
        target: 'b',
        health: 'failing',
        width: 2,
        label: '41.2/s · 12.4 % 503 UF and more',
        shortLabel: '12.4 %',
        rank: 1,
      },
    ],
  }
  expect(labelled(drawing, 0.6).labels.pills.map(({ text }) => text)).toEqual(['12.4 %'])
  expect(labelled(drawing, 2.5).labels.pills.map(({ text }) => text)).toEqual(['41.2/s · 12.4 % 503 UF and more'])
})

test('text grows with the zoom between its bounds', () => {
  expect([0.1, 1, 5].map((zoom) => textSize(13, zoom))).toEqual([11, 13, 16])
})

test.each([
  ['reviews', 100, 'reviews'],
  ['istio-ingressgateway', 70, 'istio-…eway'],
  ['istio-ingressgateway', 10, ''],
  ['a\nb\tc', 100, 'a b c'],
  ['', 100, ''],
])('%j in %i px is %j', (text, room, shown) => {
  expect(shorten(text, room, (part) => Array.from(part).length * 6)).toBe(shown)
})

test('a name of ten thousand letters is cut without measuring them all', () => {
  let letters = 0
  const shown = shorten('x'.repeat(10_000), 60, (part) => {
    letters += part.length
    return part.length * 6
  })
  expect(shown.length).toBeLessThanOrEqual(10)
  expect(letters).toBeLessThan(5000)
})

const node = (id: string): DrawnNode => ({ id, shape: 'app', name: id, health: 'healthy', badges: [], rank: 1 })

test('where lines cover each other only the busiest say their numbers, until one comes near; trouble always does', () => {
  const nodes = Array.from({ length: 40 }, (_, at): DrawnNode => node(`n${at}`))
  const places = new Map(nodes.map(({ id }, at) => [id, { x: (at % 8) * 400, y: Math.floor(at / 8) * 400 }]))
  const edges = nodes.flatMap((from, a) =>
    [1, 9, 17, 25, 33].map((step) => {
      const to = nodes[(a + step) % nodes.length]?.id ?? ''
      const health = a === 7 && step === 9 ? ('failing' as const) : ('healthy' as const)
      return { id: `${from.id}>${to}`, source: from.id, target: to, health, width: 1, label: '1/s', rank: 100 - a }
    }),
  )
  const drawing = { boxes: [], nodes, edges }
  const pills = (zoom: number) =>
    labelsFor({ drawing, places, frames: new Map(), routes: routesOf(edges, places), zoom, measure }).pills
  expect(pills(0.6).length).toBeLessThanOrEqual(41)
  expect(pills(0.6).some(({ edge }) => edge.health === 'failing')).toBe(true)
  expect(pills(1).length).toBeGreaterThan(80)
})

test('a plate says its name in the middle, as large as it fits, and beside what stands there', () => {
  const plate = {
    stands: 'box',
    kind: 'namespace',
    name: 'shop',
    detail: '9 nodes',
    health: 'healthy',
    rank: 1,
  } as const
  const rect = { left: 0, right: 500, top: 0, bottom: 400 }
  const at = (nodes: readonly DrawnNode[], places: Places) =>
    labelsFor({
      ...{ drawing: { boxes: [], nodes, edges: [] }, places, frames: new Map(), routes: new Map(), zoom: 0.3, measure },
      plates: new Map([['g', { ...plate, rect }]]),
    }).plates[0]
  expect(at([], new Map())).toMatchObject({ text: 'shop', detail: '9 nodes', size: 20, x: 75 })
  const beside = at([node('bad')], new Map([['bad', { x: 250, y: 200 }]]))
  expect(beside?.text).toBe('shop')
  expect(Math.abs((beside?.y ?? 60) - 60)).toBeGreaterThan(15)
})

test('what the selection is about is written first, also among a thousand lines', () => {
  const drawing = drawingLike(7, 60)
  const places = layoutOf(drawing)
  const routes = routesOf(drawing.edges, places)
  const crowd = { ...drawing, edges: Array.from({ length: 8 }, () => drawing.edges).flat() }
  const quietest = [...drawing.edges].sort((a, b) => a.rank - b.rank).find(({ health }) => health === 'healthy')
  const pills = (lit?: ReadonlySet<string>) =>
    labelsFor({ drawing: crowd, places, frames: framesOf(drawing, places), routes, zoom: 0.7, measure, lit }).pills
  const isQuietest = ({ edge }: { readonly edge: DrawnEdge }) => edge.id === quietest?.id
  expect(pills().some(isQuietest)).toBe(false)
  expect(pills(new Set([quietest?.id ?? ''])).some(isQuietest)).toBe(true)
})
