import { afterEach, expect, test, vi } from 'vitest'

import { listen, zoomOf, type Gestures } from './gestures.ts'

afterEach(() => vi.useRealTimers())

function surface(draggable?: string) {
  const target = document.createElement('div')
  const said: unknown[] = []
  const gestures: Gestures = {
    draggableAt: () => draggable,
    onTap: ({ x, y }) => said.push(['tap', x, y]),
    onDoubleTap: ({ x, y }) => said.push(['double', x, y]),
    onMenu: ({ x, y }) => said.push(['menu', x, y]),
    onHover: () => undefined,
    onPan: ({ x, y }) => said.push(['pan', x, y]),
    onZoom: (factor) => said.push(['zoom', Math.round(factor * 100) / 100]),
    onDrag: (id, { x, y }, isDone) => said.push(['drag', id, x, y, isDone]),
  }
  const stop = listen(target, gestures)
  const send = (type: string, x: number, y: number, init: PointerEventInit = {}) =>
    target.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, button: 0, ...init }))
  return { target, said, send, stop }
}

test('a press that hardly moves is a tap, two of them at one place a double tap', () => {
  const { said, send } = surface()
  send('pointerdown', 10, 10)
  send('pointermove', 12, 11)
  send('pointerup', 12, 11)
  send('pointerdown', 12, 12)
  send('pointerup', 12, 12)
  expect(said).toEqual([
    ['tap', 12, 11],
    ['double', 12, 12],
  ])
})

test('a press that moves pans the surface, or drags what can be dragged, and is no tap', () => {
  const open = surface()
  open.send('pointerdown', 0, 0)
  open.send('pointermove', 20, 5)
  open.send('pointerup', 20, 5)
  expect(open.said).toEqual([['pan', 20, 5]])
  const node = surface('a')
  node.send('pointerdown', 0, 0)
  node.send('pointermove', 20, 5)
  node.send('pointermove', 22, 5)
  node.send('pointerup', 22, 5)
  expect(node.said).toEqual([
    ['drag', 'a', 20, 5, false],
    ['drag', 'a', 2, 0, false],
    ['drag', 'a', 0, 0, true],
  ])
})

test('the right button and a long press of a finger ask for the menu', () => {
  vi.useFakeTimers()
  const { said, send } = surface()
  send('pointerdown', 5, 6, { button: 2 })
  send('pointerup', 5, 6, { button: 2 })
  send('pointerdown', 7, 8, { pointerType: 'touch' })
  vi.advanceTimersByTime(600)
  send('pointerup', 7, 8, { pointerType: 'touch' })
  expect(said).toEqual([
    ['menu', 5, 6],
    ['menu', 7, 8],
  ])
})

test('two fingers zoom by their distance and select nothing', () => {
  const { said, send } = surface()
  send('pointerdown', 0, 0, { pointerId: 1 })
  send('pointerdown', 100, 0, { pointerId: 2 })
  send('pointermove', 200, 0, { pointerId: 2 })
  send('pointerup', 200, 0, { pointerId: 2 })
  send('pointerup', 0, 0, { pointerId: 1 })
  expect(said).toEqual([
    ['pan', 50, 0],
    ['zoom', 2],
  ])
})

test('a wheel zooms at the pointer, a pinch on a trackpad faster, lines as pixels; after the end nothing is heard', () => {
  const { target, said, send, stop } = surface()
  target.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, cancelable: true }))
  expect(said).toEqual([['zoom', 1.22]])
  expect(zoomOf({ deltaY: -10, deltaMode: 0, ctrlKey: true })).toBeCloseTo(1.105, 3)
  expect(zoomOf({ deltaY: 5, deltaMode: 1, ctrlKey: false })).toBeCloseTo(
    zoomOf({ deltaY: 80, deltaMode: 0, ctrlKey: false }),
  )
  expect(zoomOf({ deltaY: 1e9, deltaMode: 0, ctrlKey: true })).toBeGreaterThan(0.04)
  stop()
  send('pointerdown', 0, 0)
  send('pointerup', 0, 0)
  expect(said).toHaveLength(1)
})
