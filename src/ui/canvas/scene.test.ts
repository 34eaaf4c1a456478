import { expect, test } from 'vitest'

import type { Drawing, DrawnEdge, DrawnNode } from './drawing.ts'
import { hitAt } from './hit.ts'
import { highlightsOf, neighbourhood } from './marks.ts'
import { levelAt, nodeScale, overviewOf, rectOf, sceneOf } from './scene.ts'

const node = (id: string, patch: Partial<DrawnNode> = {}): DrawnNode => ({
  ...{ id, shape: 'app', name: id, health: 'healthy', badges: [], rank: 1 },
  ...patch,
})
const edge = (id: string, source: string, target: string, patch: Partial<DrawnEdge> = {}): DrawnEdge => ({
  ...{ id, source, target, health: 'healthy', width: 2, rank: 1 },
  ...patch,
})
const box = (name: string) => ({ id: `box ${name}`, kind: 'namespace', name, detail: '', health: 'healthy' }) as const

const whole: Drawing = {
  boxes: [box('shop'), box('pay')],
  nodes: [
    node('a', { box: 'box shop' }),
    node('b', { box: 'box shop' }),
    node('bad', { box: 'box pay', health: 'failing' }),
    node('c', { box: 'box pay' }),
    node('d', { box: 'box pay' }),
  ],
  edges: [edge('a>b', 'a', 'b'), edge('a>bad', 'a', 'bad', { health: 'failing' }), edge('b>c', 'b', 'c')],
}
const places = new Map([
  ['a', { x: 0, y: 0 }],
  ['b', { x: 130, y: 0 }],
  ['bad', { x: 400, y: 0 }],
  ['c', { x: 400, y: 100 }],
  ['d', { x: 400, y: 200 }],
])
/** Namespaces folded, what fails and who calls it outside. */
const folded: Drawing = {
  boxes: [box('shop'), { ...box('pay'), health: 'failing' }],
  nodes: [
    node('a', { box: 'box shop' }),
    node('bad', { box: 'box pay', health: 'failing' }),
    node('rest of shop', {
      shape: 'folded',
      box: 'box shop',
      represents: 'box shop',
      members: ['b'],
      detail: '2 nodes',
    }),
    node('rest of pay', { shape: 'folded', box: 'box pay', represents: 'box pay', members: ['c', 'd'] }),
  ],
  edges: [edge('a>bad', 'a', 'bad', { health: 'failing' }), edge('shop>pay', 'rest of shop', 'rest of pay')],
}

test('from afar a namespace is one plate as large as its box, with its name and its worst state', () => {
  const scene = overviewOf(folded, sceneOf(whole, places))
  const plates = [...scene.plates.values()]
  expect(plates.map(({ name, health, stands }) => [name, health, stands])).toEqual([
    ['shop', 'healthy', 'box shop'],
    ['pay', 'failing', 'box pay'],
  ])
  expect(plates[1]?.rect).toEqual(sceneOf(whole, places).frames.get('box pay'))
  expect(scene.boxes).toEqual([])
})

test('what fails stays where it is, above its plate, with its own line', () => {
  const near = sceneOf(whole, places)
  const scene = overviewOf(folded, near)
  expect(scene.nodes.map(({ id }) => id)).toEqual(['a', 'bad'])
  expect(scene.routes.get('a>bad')).toBe(near.routes.get('a>bad'))
  expect(hitAt(scene, { x: 400, y: 0 }, 0.2)).toEqual({ kind: 'node', id: 'bad' })
})

test('calls between namespaces are one line from plate to plate', () => {
  const scene = overviewOf(folded, sceneOf(whole, places))
  const [shop, pay] = [rectOf(scene, 'box shop'), rectOf(scene, 'rest of pay')]
  const route = scene.routes.get('shop>pay')
  expect(route?.start.x).toBeCloseTo((shop?.right ?? 0) + 1, 0)
  expect(route?.end.x).toBeCloseTo((pay?.left ?? 0) - 3, 0)
})

test('a group that is folded anyway stays a node from afar, and one whose members have no places is not there', () => {
  const near = sceneOf(
    { ...whole, nodes: [...whole.nodes, node('g', { members: ['x'] })] },
    new Map([...places, ['g', { x: 9, y: 900 }]]),
  )
  const scene = overviewOf(
    { boxes: [], edges: [], nodes: [node('g', { members: ['x'] }), node('lost', { members: ['y'] })] },
    near,
  )
  expect(scene.plates.size).toBe(0)
  expect(scene.nodes.map(({ id }) => id)).toEqual(['g', 'lost'])
})

test('a refresh with the same calls takes the routes over, another call or place does not', () => {
  const before = sceneOf(whole, places)
  const busier = { ...whole, edges: whole.edges.map((each) => ({ ...each, width: 5 })) }
  expect(sceneOf(busier, places, before).routes).toBe(before.routes)
  expect(sceneOf({ ...whole, edges: whole.edges.slice(1) }, places, before).routes.size).toBe(2)
  expect(sceneOf(whole, new Map(places), before).routes).not.toBe(before.routes)
})

test('the farther, the larger what is looked at', () => {
  expect([0.1, 0.41, 0.5, 0.56, 2].map(levelAt)).toEqual(['namespaces', 'namespaces', 'apps', 'all', 'all'])
})

test('among plates nodes are at least 18 px wide, else as large as they are', () => {
  const scene = overviewOf(folded, sceneOf(whole, places))
  expect(34 * 0.2 * nodeScale(scene, 0.2)).toBeCloseTo(18)
  expect(nodeScale(sceneOf(whole, places), 0.2)).toBe(1)
})

test('the pointer means the topmost: a node, a pill, a line, a box', () => {
  const scene = sceneOf(whole, places)
  expect(hitAt(scene, { x: 3, y: 8 }, 1)).toEqual({ kind: 'node', id: 'a' })
  expect(hitAt(scene, { x: 3, y: 8 }, 1, 'a>b')).toEqual({ kind: 'node', id: 'a' })
  expect(hitAt(scene, { x: 65, y: 2 }, 1)).toEqual({ kind: 'edge', id: 'a>b' })
  expect(hitAt(scene, { x: 65, y: 30 }, 1, 'b>c')).toEqual({ kind: 'edge', id: 'b>c' })
  expect(hitAt(scene, { x: 65, y: 30 }, 1)).toEqual({ kind: 'namespace', id: 'box shop' })
  expect(hitAt(scene, { x: 65, y: 400 }, 1)).toBeUndefined()
})

test('a line is as easy to hit far out as near', () => {
  const scene = sceneOf(whole, places)
  expect(hitAt(scene, { x: 65, y: 12 }, 1)?.kind).toBe('namespace')
  expect(hitAt(scene, { x: 65, y: 12 }, 0.4)?.kind).toBe('edge')
})

test('with a plate its calls light up, and their other ends', () => {
  const scene = overviewOf(folded, sceneOf(whole, places))
  expect(neighbourhood(scene, 'box pay')).toEqual({ nodes: ['rest of pay', 'rest of shop'], edges: ['shop>pay'] })
  expect(neighbourhood(scene, 'a>bad')).toEqual({ nodes: ['a', 'bad'], edges: ['a>bad'] })
})

test('a selection is about its own edges: of a box those of what is inside; without any, all edges stay as they are', () => {
  const scene = sceneOf(
    { ...whole, nodes: [...whole.nodes, node('idle')] },
    new Map([...places, ['idle', { x: 0, y: 900 }]]),
  )
  const litBy = (selected: string | undefined) =>
    highlightsOf(scene, { selected, hovered: 'c', focused: undefined }).lit
  expect([...(litBy('b') ?? [])]).toEqual(['a>b', 'b>c'])
  expect([...(litBy('a>b') ?? [])]).toEqual(['a>b'])
  expect([...(litBy('box pay') ?? [])]).toEqual(['a>bad', 'b>c'])
  expect(litBy('idle')).toBeUndefined()
  expect(litBy(undefined)).toBeUndefined()
})
