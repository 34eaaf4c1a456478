import type { ReactNode } from 'react'

import type { HealthState } from '../../mesh/health.ts'
import { HealthMark } from '../kit/HealthMark.tsx'
import classes from './StatePanel.module.css'

interface Props {
  readonly mark: HealthState
  readonly title: string
  readonly text: string
  /** What was said by whoever refused or failed, word for word. */
  readonly cause?: string | undefined
  readonly hint?: string | undefined
  readonly actions?: ReactNode
  /** 1 where it is all there is on the page; 2 below a page's own heading. */
  readonly headingLevel?: 1 | 2 | 3
  readonly children?: ReactNode
}

/** What stands in the place of numbers: a mark, what is the matter, why, and what can be done. */
export function StatePanel({ mark, title, text, cause, hint, actions, headingLevel = 2, children }: Props) {
  const Heading = `h${headingLevel}` as const
  return (
    <section className={classes['panel']} data-health={mark}>
      <HealthMark state={mark} size={40} isDecorative />
      <Heading className={classes['title']}>{title}</Heading>
      <p className={classes['text']}>{text}</p>
      {hint !== undefined && <p className={classes['text']}>{hint}</p>}
      {cause !== undefined && cause !== text && <p className={classes['cause']}>{cause}</p>}
      {children}
      {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
    </section>
  )
}
