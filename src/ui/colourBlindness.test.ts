import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { healthOrder } from './canvas/drawing.ts'
import { nodeImage } from './canvas/nodeImage.ts'
import type { Palette } from './canvas/palette.ts'
import { healthShapes } from './kit/HealthMark.tsx'

const css = readFileSync('src/ui/theme.css', 'utf8')

type Triple = readonly [number, number, number]

/**
 * Linear RGB as seen without one kind of cone, at full severity.
 * Machado, Oliveira, Fernandes 2009: https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html
 */
const sights: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function tokens(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const [light = '', dark = ''] = css.split(/:root\[data-mantine-color-scheme=['"]dark['"]\]/)
  const read = (text: string) =>
    [...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6});/gi)].map(([, name = '', value = '']) => [name, value] as const)
  return new Map(theme === 'light' ? read(light) : [...read(light), ...read(dark)])
}

function linear(hex: string): Triple {
  const digits = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex
  const channel = (at: number) => {
    const value = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

const times = (matrix: readonly [Triple, Triple, Triple], [r, g, b]: Triple): Triple => {
  const row = ([x, y, z]: Triple) => Math.min(Math.max(x * r + y * g + z * b, 0), 1)
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])]
}

/** CIE L*a*b* (D65) of linear sRGB. */
function lab(colour: Triple): Triple {
  const [x, y, z] = times(
    [
      [0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883],
    ],
    colour,
  ).map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116))
  return [116 * (y ?? 0) - 16, 500 * ((x ?? 0) - (y ?? 0)), 200 * ((y ?? 0) - (z ?? 0))]
}

function distance(a: string, b: string, sight: readonly [Triple, Triple, Triple]): number {
  const [p, q] = [lab(times(sight, linear(a))), lab(times(sight, linear(b)))]
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
}

/** About 2.3 can just be seen side by side; ten is told apart at a glance. https://en.wikipedia.org/wiki/Color_difference */
const clear = 10
const pairs = [
  ['failing', 'healthy'],
  ['failing', 'degraded-line'],
  ['degraded-line', 'healthy'],
  ['failing', 'edge'],
  ['degraded-line', 'edge'],
  ['accent', 'failing'],
] as const

test('the colours of health, edges and the accent are told apart without any one kind of cone, in both themes', () => {
  const near = (['light', 'dark'] as const).flatMap((theme) =>
    Object.entries(sights).flatMap(([sight, seen]) =>
      pairs.flatMap(([a, b]) => {
        const [one, other] = [tokens(theme).get(a), tokens(theme).get(b)]
        if (one === undefined || other === undefined) throw new Error(`no token ${a} or ${b}`)
        return distance(one, other, seen) > clear ? [] : [`${theme} ${sight} ${a} ${b}`]
      }),
    ),
  )
  expect(near).toEqual([])
})

test('the simulator takes away what it says: red and green of equal lightness fall together without the red or green cone', () => {
  const same: readonly [Triple, Triple, Triple] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  const { deuteranopia } = sights
  if (deuteranopia === undefined) throw new Error('given above')
  expect(distance('#b3594f', '#72803c', same)).toBeGreaterThan(40)
  expect(distance('#b3594f', '#72803c', deuteranopia)).toBeLessThan(14)
})

test('without any colour every state of a node still looks different, and so does every mark', () => {
  const grey = new Proxy({}, { get: () => '#777777' }) as Palette
  const looks = healthOrder.map((health) => nodeImage({ shape: 'app', health }, grey))
  expect(new Set(looks).size).toBe(healthOrder.length)
  const marks = healthOrder.map((health) => JSON.stringify(healthShapes[health]))
  // Idle is dotted and unknown has a question mark; all others differ by outline or glyph.
  expect(new Set(marks).size).toBe(healthOrder.length)
})
