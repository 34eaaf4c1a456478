import type { ReactNode } from 'react'

import classes from './SidePanel.module.css'

interface Props {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A titled part of the side panel. */
export function Section({ title, aside, children }: Props) {
  return (
    <section className={classes['section']}>
      <h3 className={classes['title']}>
        {title}
        {aside !== undefined && <span>{aside}</span>}
      </h3>
      {children}
    </section>
  )
}
