import type { Quantity } from '../format.ts'
import classes from './Measure.module.css'

/** A number with its unit smaller and grey: `41.2/s`, `12.4 %`; a dash where nothing was measured. */
export function Measure({ quantity: { value, unit } }: { readonly quantity: Quantity }) {
  return (
    <span className={classes['measure']}>
      {value}
      {unit !== '' && <small className={classes['unit']}>{unit.startsWith('/') ? unit : `\u00a0${unit}`}</small>}
    </span>
  )
}
