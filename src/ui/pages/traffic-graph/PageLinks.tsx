import { Link, useLocation } from 'react-router'

import { detailsPlace } from '../../panels/links.ts'
import { actionStrings } from './actionStrings.ts'
import classes from './SidePanel.module.css'
import type { Way } from './ways.ts'

/** The ways to the pages about a selection. */
export function PageLinks({ ways }: { readonly ways: readonly Way[] }) {
  const { search } = useLocation()
  return (
    <p className={classes['tools']}>
      {ways.map((way) => (
        <Link key={way.part ?? 'about'} to={detailsPlace(way.kind, way, search, way.part)}>
          {actionStrings.menu.ways[way.part ?? 'about']}
        </Link>
      ))}
    </p>
  )
}
