import type { ConfigState } from '../../../mesh/checks/listed.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import classes from './IstioConfig.module.css'
import { markOf, strings } from './strings.ts'

/** A state as a mark and its word, with how many findings where there are several. */
export function ConfigMark({ state, count = 0 }: { readonly state: ConfigState; readonly count?: number }) {
  return (
    <span className={classes['state']} title={state === 'unchecked' ? strings.uncheckedWhy : undefined}>
      <HealthMark state={markOf[state]} isDecorative />
      {strings.states[state]}
      {count > 1 && <small title={strings.findings(count)}>{count}</small>}
    </span>
  )
}
