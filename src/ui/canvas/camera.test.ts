import { expect, test } from 'vitest'

import { cameraOf, fitted, viewportOf } from './camera.ts'

const size = { width: 1000, height: 600 }
const margins = { left: 60, right: 20, top: 20, bottom: 20 }

test('what is fitted is inside the margins', () => {
  const content = { left: -300, right: 2100, top: 40, bottom: 900 }
  const { zoom, pan } = fitted([content], size, margins)
  expect(content.left * zoom + pan.x).toBeGreaterThanOrEqual(59.9)
  expect(content.right * zoom + pan.x).toBeLessThanOrEqual(980.1)
  expect(content.top * zoom + pan.y).toBeGreaterThanOrEqual(19.9)
  expect(content.bottom * zoom + pan.y).toBeLessThanOrEqual(580.1)
})

test('little is not blown up, nothing is a plain view', () => {
  expect(fitted([{ left: 0, right: 10, top: 0, bottom: 10 }], size, margins).zoom).toBe(1.15)
  expect(fitted([], size, margins)).toEqual({ zoom: 1, pan: { x: 0, y: 0 } })
})

test('a camera gives the same view again, also on a screen of another size its middle', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 500, y: 300 }],
  ])
  const viewport = { zoom: 0.8, pan: { x: 33, y: -12 } }
  const camera = cameraOf(viewport, size, places)
  expect(camera?.node).toBe('b')
  const again = camera && viewportOf(camera, size, places)
  expect(again?.zoom).toBe(0.8)
  expect(again?.pan.x).toBeCloseTo(33)
  expect(again?.pan.y).toBeCloseTo(-12)
  const wider = camera && viewportOf(camera, { width: 1400, height: 600 }, places)
  expect(wider?.pan.x).toBeCloseTo(233)
})

test('a camera at a node that is gone, or of no zoom, is none', () => {
  const places = new Map([['a', { x: 0, y: 0 }]])
  expect(viewportOf({ node: 'gone', dx: 0, dy: 0, zoom: 1 }, size, places)).toBeUndefined()
  expect(viewportOf({ node: 'a', dx: 0, dy: 0, zoom: 0 }, size, places)).toBeUndefined()
  expect(cameraOf({ zoom: 1, pan: { x: 0, y: 0 } }, size, new Map())).toBeUndefined()
})
