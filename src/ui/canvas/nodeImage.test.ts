import { expect, test } from 'vitest'

import { healthOrder, type NodeShape } from './drawing.ts'
import { nodeImage, nodeOutlines, ringOf } from './nodeImage.ts'
import type { Palette } from './palette.ts'

/** Everything in one grey, as somebody sees it who sees no colours at all, at the worst. */
const grey = new Proxy({}, { get: () => '#808080' }) as Palette
const shapes = Object.keys(nodeOutlines) as readonly NodeShape[]
const pairs = <T>(list: readonly T[]) => list.flatMap((a, index) => list.slice(index + 1).map((b) => [a, b] as const))

/** A node's picture without any colour that is written into it. */
const seen = (shape: NodeShape, health: (typeof healthOrder)[number]) =>
  decodeURIComponent(nodeImage({ shape, health }, grey)).replaceAll(/#[0-9a-f]{3,8}\b/g, '#808080')

test.each(pairs(healthOrder))('%s and %s are told apart without colour, whatever kind the node is', (a, b) => {
  for (const shape of shapes) expect(seen(shape, a)).not.toBe(seen(shape, b))
})

test.each(pairs(healthOrder))('the rings of %s and %s differ in thickness or in their dashes', (a, b) => {
  const look = (state: typeof a) => [ringOf(state, grey).width, ringOf(state, grey).dash]
  expect(look(a)).not.toEqual(look(b))
})

test.each(pairs(shapes))('%s and %s are told apart by outline, glyph or dashes', (a, b) => {
  for (const health of healthOrder) expect(seen(a, health)).not.toBe(seen(b, health))
})

test('only what is anonymous shares an outline with a workload: its ring is dashed', () => {
  const shared = pairs(shapes).filter(([a, b]) => nodeOutlines[a] === nodeOutlines[b])
  expect(shared).toEqual([['workload', 'unknown']])
  expect(seen('unknown', 'healthy')).toContain('stroke-dasharray')
  expect(seen('workload', 'healthy')).not.toContain('stroke-dasharray')
})
