import type { HealthState } from '../../mesh/health.ts'
import { strings } from '../strings.ts'
import classes from './HealthMark.module.css'

/** Outline and glyph of each state in a 14 x 14 box: the shape tells them apart without colour. */
export const healthShapes: Readonly<Record<HealthState, { readonly outline: string; readonly glyph?: string }>> = {
  failing: { outline: 'M4.3 1h5.4L13 4.3v5.4L9.7 13H4.3L1 9.7V4.3z', glyph: 'M4.8 4.8l4.4 4.4M9.2 4.8L4.8 9.2' },
  degraded: { outline: 'M7 1.2L13.4 12.6H.6z', glyph: 'M7 5.2v3.4M7 10.6v.1' },
  notReady: { outline: 'M7 .9L13.1 7L7 13.1L.9 7z', glyph: 'M7 4.4v3M7 9.5v.1' },
  healthy: { outline: 'M7 1a6 6 0 1 0 0 12A6 6 0 0 0 7 1z', glyph: 'M4.4 7.2l1.9 1.9 3.4-3.9' },
  idle: { outline: 'M7 1a6 6 0 1 0 0 12A6 6 0 0 0 7 1z' },
  unknown: {
    outline: 'M7 1a6 6 0 1 0 0 12A6 6 0 0 0 7 1z',
    glyph: 'M5.5 5.5a1.6 1.6 0 1 1 2.1 1.6q-.6.3-.6 1M7 10v.1',
  },
}

interface Props {
  readonly state: HealthState
  readonly size?: number
  /** Leave it to the words beside the mark; without it the mark names its state itself. */
  readonly isDecorative?: boolean
}

/** The mark of a health state: octagon with x, triangle with !, diamond with !, circle with tick, dotted circle, dashed circle with ?. */
export function HealthMark({ state, size = 14, isDecorative = false }: Props) {
  const { outline, glyph } = healthShapes[state]
  const naming = isDecorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': strings.health[state] }
  return (
    <svg className={classes['mark']} data-health={state} width={size} height={size} viewBox="0 0 14 14" {...naming}>
      <path className={classes['outline']} d={outline} />
      {glyph !== undefined && <path className={classes['glyph']} d={glyph} />}
    </svg>
  )
}
