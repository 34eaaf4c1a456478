import { memo } from 'react'

import type { HealthState } from '../../../mesh/health.ts'
import { healthOrder, type NodeBadge, type NodeShape } from '../../canvas/drawing.ts'
import { badgeGlyphs, nodeOutlines } from '../../canvas/nodeImage.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { strings as shared } from '../../strings.ts'
import { graphStrings } from './strings.ts'
import classes from './TrafficGraphPage.module.css'

const always: readonly HealthState[] = ['failing', 'degraded', 'healthy']
const shapes = [
  'app',
  'workload',
  'service',
  'operation',
  'serviceEntry',
  'outside',
  'gateway',
  'waypoint',
  'unknown',
  'folded',
] as const satisfies readonly NodeShape[]
const badgeKinds: readonly NodeBadge[] = ['split', 'route', 'breaker', 'fault', 'timeout', 'mirror', 'plain']
const glyphs = {
  mtls: 'M4 7.5h8v5.5H4zM5.8 7.5V5.4a2.2 2.2 0 0 1 4.4 0v2.1',
  part: 'M4 7.5h8v5.5H4zM5.8 7.5V5a2.2 2.2 0 0 1 4.2-1',
} as const

interface Props {
  readonly shapes: ReadonlySet<NodeShape>
  readonly states: ReadonlySet<HealthState>
  readonly badges: ReadonlySet<NodeBadge>
}

/** What marks, outlines and lines mean; of outlines, badges and the rarer states only those that this graph has. */
export const Legend = memo(function Legend({ shapes: present, states, badges }: Props) {
  const words = graphStrings.legendWords
  return (
    <ul className={classes['legend']} aria-label={graphStrings.legend} tabIndex={0}>
      {healthOrder
        .filter((state) => always.includes(state) || states.has(state))
        .map((state) => (
          <li key={state}>
            <HealthMark state={state} size={13} isDecorative />
            {shared.health[state]}
          </li>
        ))}
      <li className={classes['rule']} aria-hidden />
      {shapes
        .filter((shape) => present.has(shape))
        .map((shape) => (
          <li key={shape}>
            <svg width="14" height="14" viewBox="-21 -21 42 42" aria-hidden>
              <path className={classes['outline']} d={nodeOutlines[shape]} />
            </svg>
            {words[shape]}
          </li>
        ))}
      <li className={classes['rule']} aria-hidden />
      <li>
        <svg width="28" height="12" aria-hidden>
          <path className={classes['wedge']} d="M0 5.4L28 2.5v7L0 6.6z" />
        </svg>
        {words.rate}
      </li>
      {(['mtls', 'part'] as const).map((key) => (
        <li key={key}>
          <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden>
            <path className={classes['glyph']} d={glyphs[key]} />
          </svg>
          {words[key]}
        </li>
      ))}
      {badges.size > 0 && <li className={classes['rule']} aria-hidden />}
      {badgeKinds
        .filter((badge) => badges.has(badge))
        .map((badge) => (
          <li key={badge}>
            <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden>
              <path className={classes['glyph']} d={badgeGlyphs[badge]} />
            </svg>
            {graphStrings.badges[badge]}
          </li>
        ))}
    </ul>
  )
})
