import type { ReactNode } from 'react'

import classes from './Banner.module.css'

interface Props {
  readonly tone?: 'note' | 'degraded' | 'failing'
  /** Buttons at the right. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A line across the page with something to know: a tint and a bar at the left, read out politely. */
export function Banner({ tone = 'note', actions, children }: Props) {
  return (
    <div className={classes['banner']} data-tone={tone} role="status">
      <p className={classes['text']}>{children}</p>
      {actions}
    </div>
  )
}
