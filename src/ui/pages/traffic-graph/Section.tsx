import type { ReactNode } from 'react'

import type { Query } from '../../../mesh/queries.ts'
import { PromqlButton } from './Promql.tsx'
import classes from './SidePanel.module.css'

interface Props {
  readonly title: string
  readonly aside?: ReactNode
  /** The expressions behind its numbers. */
  readonly promql?: readonly Query[]
  readonly children: ReactNode
}

/** A titled part of the side panel. */
export function Section({ title, aside, promql = [], children }: Props) {
  return (
    <section className={classes['section']}>
      <h3 className={classes['title']}>
        {title}
        <PromqlButton of={title} queries={promql} />
        {aside !== undefined && <span>{aside}</span>}
      </h3>
      {children}
    </section>
  )
}
