import type { HealthState } from '../../mesh/health.ts'
import { healthShapes } from '../kit/HealthMark.tsx'
import type { DrawnNode, NodeBadge, NodeShape } from './drawing.ts'
import type { Palette } from './palette.ts'

/** Every kind of node has an outline of its own, about 34 wide around the origin. */
export const nodeOutlines: Readonly<Record<NodeShape, string>> = {
  app: 'M-10-17h20a7 7 0 0 1 7 7v20a7 7 0 0 1-7 7h-20a7 7 0 0 1-7-7v-20a7 7 0 0 1 7-7z',
  workload: 'M0-17a17 17 0 1 1 0 34a17 17 0 1 1 0-34z',
  service: 'M-3-18a4 4 0 0 1 6 0l15 15a4 4 0 0 1 0 6l-15 15a4 4 0 0 1-6 0l-15-15a4 4 0 0 1 0-6z',
  operation: 'M-8-9h16a9 9 0 0 1 0 18h-16a9 9 0 0 1 0-18z',
  outside: 'M-8-16h24a3 3 0 0 1 3 4l-8 25a4 4 0 0 1-4 3h-24a3 3 0 0 1-3-4l8-25a4 4 0 0 1 4-3z',
  serviceEntry:
    'M-2.5-17.5a4 4 0 0 1 5 0l13 10a4 4 0 0 1 1.5 3v17a4 4 0 0 1-4 4h-26a4 4 0 0 1-4-4v-17a4 4 0 0 1 1.5-3z',
  gateway: 'M-14-17h16a4 4 0 0 1 3 1l13 14a3 3 0 0 1 0 4l-13 14a4 4 0 0 1-3 1h-16a3 3 0 0 1-3-3v-28a3 3 0 0 1 3-3z',
  waypoint:
    'M-8-17h16a3 3 0 0 1 3 2l7 13a4 4 0 0 1 0 4l-7 13a3 3 0 0 1-3 2h-16a3 3 0 0 1-3-2l-7-13a4 4 0 0 1 0-4l7-13a3 3 0 0 1 3-2z',
  unknown: 'M0-17a17 17 0 1 1 0 34a17 17 0 1 1 0-34z',
  folded: 'M-9-14h15a6 6 0 0 1 6 6v15a6 6 0 0 1-6 6h-15a6 6 0 0 1-6-6v-15a6 6 0 0 1 6-6z',
}

const glyphs: Readonly<Record<NodeShape, string>> = {
  app: 'M-6-3L0-6L6-3V4L0 7L-6 4zM-6-3L0 .4L6-3M0 .4V7',
  workload: 'M-6-5.5h12v11h-12zM-6-1.5h12M-2-1.5v7',
  service: 'M-6 3.5a6 6 0 0 1 12 0M-7.5 3.5h15M0-2.5v-3M-1.8-5.5h3.6',
  operation: 'M-7-3.5L-10.5 0L-7 3.5M7-3.5L10.5 0L7 3.5M2-4L-2 4',
  outside: 'M-1-5h6v6M5-5L-3 3M-1-1.5h-4v7h7v-4',
  serviceEntry: 'M-1-4h6v6M5-4L-3 4M-1-.5h-4v7h7v-4',
  gateway: 'M-8-6h9M-8 0h13M-8 6h9',
  waypoint: 'M-6 0h12M3-3l3 3l-3 3M-6-4v8',
  unknown: 'M-2.6-3a2.8 2.8 0 1 1 3.8 2.8q-1.2.6-1.2 2M0 5v.2',
  folded: '',
}

/** Drawn in a 16 x 16 box. */
export const badgeGlyphs: Readonly<Record<NodeBadge, string>> = {
  split: 'M3 8h3.5M6.5 8c2 0 2-3.8 4.2-3.8H13M6.5 8c2 0 2 3.8 4.2 3.8H13',
  breaker: 'M9 2L4.5 9H8l-1 5 4.5-7H8z',
  route: 'M2.5 8h10.5M9.5 4.5L13 8l-3.5 3.5',
  fault: 'M2.5 13.5l4-4M5.5 6l4.5 4.5M7 9l4.5-4.5M10 3l3 3',
  timeout: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.4',
  mirror: 'M8 2.5v11M5.5 5.5L3 8l2.5 2.5M10.5 5.5L13 8l-2.5 2.5',
  plain: 'M4 7.5h8v5.5H4zM5.8 7.5V5a2.2 2.2 0 0 1 4.2-1',
}

/** Where a folded group's plus is, from its middle. */
export const plusAt = { x: 15, y: 16, radius: 7 } as const

/** The side of a node's picture: its outline with ring, mark and badge. */
export const imageSize = 56

/**
 * A node's picture as a data URI: outline by kind; ring, pattern and mark by health (never colour alone).
 * Nodes that look alike get the same string, so the canvas loads each look once.
 */
export function nodeImage(
  { shape, health, inside }: Pick<DrawnNode, 'shape' | 'health' | 'inside'>,
  palette: Palette,
): string {
  const ring = ringOf(health, palette)
  const outline = nodeOutlines[shape]
  const behind =
    shape === 'folded'
      ? `<path d="${outline}" transform="translate(4 -4)" fill="${palette.page}" stroke="${ring.colour}" stroke-width="1.6"/>`
      : ''
  const dash = shape === 'unknown' && ring.dash.length === 0 ? [4, 3] : ring.dash
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${imageSize * 2}" height="${imageSize * 2}" viewBox="-28 -28 56 56">`,
    patternOf(health, palette),
    behind,
    `<path d="${outline}" fill="${palette.page}"/>`,
    `<path d="${outline}" fill="${ring.fill}" stroke="${ring.colour}" stroke-width="${ring.width}"${dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`} stroke-linecap="butt"/>`,
    health === 'failing' || health === 'degraded' ? `<path d="${outline}" fill="url(#p)"/>` : '',
    inside === undefined
      ? `<path d="${glyphs[shape]}" fill="none" stroke="${palette.muted}" stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/>`
      : '',
    markOf(health, palette),
    shape === 'folded' ? plusOf(palette) : '',
    '</svg>',
  ].join('')
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`
}

function plusOf({ page, muted, input }: Palette): string {
  const { x, y, radius } = plusAt
  return `<g transform="translate(${x} ${y})"><circle r="${radius}" fill="${page}" stroke="${input}"/><path d="M-3 0h6M0-3v6" stroke="${muted}" stroke-width="1.4" stroke-linecap="round"/></g>`
}

interface Ring {
  readonly colour: string
  readonly width: number
  readonly dash: readonly number[]
  readonly fill: string
}

/** The outline of what is in a state: told apart by thickness and dashes, not by colour alone. */
export function ringOf(health: HealthState, palette: Palette): Ring {
  switch (health) {
    case 'failing':
      return { colour: palette.failing, width: 3.6, dash: [], fill: palette.failingSoft }
    case 'degraded':
      return { colour: palette.degraded, width: 3, dash: [9, 3], fill: palette.degradedSoft }
    case 'notReady':
      return { colour: palette.degraded, width: 2, dash: [2, 3], fill: palette.page }
    case 'healthy':
      return { colour: palette.healthy, width: 1.8, dash: [], fill: palette.page }
    case 'idle':
      return { colour: palette.muted, width: 1.6, dash: [1.5, 3], fill: palette.page }
    case 'unknown':
      return { colour: palette.muted, width: 1.4, dash: [5, 3], fill: palette.page }
  }
}

/** Hatching for what fails, dots for what is degraded: told apart without colour. */
function patternOf(health: HealthState, palette: Palette): string {
  if (health === 'failing') {
    return `<defs><pattern id="p" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.6" height="5" fill="${palette.failing}" opacity=".28"/></pattern></defs>`
  }
  if (health === 'degraded') {
    return `<defs><pattern id="p" width="5" height="5" patternUnits="userSpaceOnUse"><circle cx="2.5" cy="2.5" r="1" fill="${palette.degraded}" opacity=".55"/></pattern></defs>`
  }
  return ''
}

function markOf(health: HealthState, palette: Palette): string {
  if (health !== 'failing' && health !== 'degraded' && health !== 'notReady') return ''
  const { outline, glyph } = healthShapes[health]
  const isFailing = health === 'failing'
  return [
    '<g transform="translate(8 -26) scale(1.25)" stroke-linejoin="round" stroke-linecap="round">',
    `<path d="${outline}" fill="${isFailing ? palette.failingBadge : palette.degradedBadge}" stroke="${palette.page}" stroke-width="2.4" paint-order="stroke"/>`,
    isFailing ? '' : `<path d="${outline}" fill="none" stroke="${palette.degraded}" stroke-width="1"/>`,
    `<path d="${glyph ?? ''}" fill="none" stroke="${isFailing ? '#fff' : palette.degradedBadgeText}" stroke-width="1.6"/>`,
    '</g>',
  ].join('')
}
