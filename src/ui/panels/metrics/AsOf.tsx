import { instantText } from '../../charts/time.ts'
import type { Zone } from '../../zone.ts'
import { shortSpan } from '../../format.ts'
import classes from './MetricsView.module.css'
import { strings } from './strings.ts'
import type { MetricsSubject } from './subject.ts'

/** The span that the panels show and how finely; nothing until that is known. */
export function AsOf({ metrics: { subject }, zone }: { readonly metrics: MetricsSubject; readonly zone: Zone }) {
  if (subject === undefined) return null
  const { at, seconds } = subject.window
  return (
    <span className={classes['asOf']} data-testid="range">
      {strings.asOf(
        instantText(at - seconds, seconds, zone),
        instantText(at, seconds, zone),
        shortSpan(subject.grain.step),
      )}
    </span>
  )
}
