import type { HealthState } from '../../mesh/health.ts'
import { strings } from '../strings.ts'
import classes from './HealthBadge.module.css'

/** The state's word in a pill: filled for trouble, quiet for the rest. */
export function HealthBadge({ state }: { readonly state: HealthState }) {
  return (
    <span className={classes['badge']} data-health={state}>
      {strings.health[state]}
    </span>
  )
}
