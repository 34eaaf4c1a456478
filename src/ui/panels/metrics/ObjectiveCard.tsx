import { Button } from '@mantine/core'

import { objectiveAnnotation } from '../../../mesh/objective.ts'
import { Banner } from '../Banner.tsx'
import type { ObjectiveState } from './objective.ts'
import classes from './ObjectiveCard.module.css'
import { strings } from './strings.ts'

/** A service's objective: what is meant, what was attained, and what is left of the error budget; nothing where none is stated. */
export function ObjectiveCard({ state, service }: { readonly state: ObjectiveState; readonly service: string }) {
  const { objective: words } = strings
  if (state.kind === 'none') return null
  if (state.kind === 'malformed') {
    return (
      <div className={classes['malformed']}>
        <Banner>{words.malformed(objectiveAnnotation, service, state.text)}</Banner>
      </div>
    )
  }
  const { objective, seconds, attainment, error, retry } = state
  return (
    <section className={classes['card']} aria-label={words.title}>
      <p className={classes['meant']}>
        <b>{words.title}</b> {words.meant(objective.ratio, objective.seconds)}
      </p>
      {attainment !== undefined && seconds !== undefined ? (
        <>
          <p>{words.attained(attainment, seconds, objective)}</p>
          <div className={classes['budget']}>
            <span className={classes['track']} aria-hidden>
              <span
                data-health={attainment.left <= 0 ? 'failing' : attainment.left < 0.25 ? 'degraded' : 'healthy'}
                // Nothing left is a full bar of red, not an empty one.
                style={{ width: `${attainment.left <= 0 ? 100 : attainment.left * 100}%` }}
              />
            </span>
            <span>{words.budget(attainment)}</span>
          </div>
        </>
      ) : error === null ? (
        <p>{seconds === undefined ? words.loading : words.silent}</p>
      ) : (
        <p role="status">
          {words.failed(error.message)}{' '}
          <Button variant="subtle" size="compact-xs" onClick={retry}>
            {strings.panel.retry}
          </Button>
        </p>
      )}
    </section>
  )
}
