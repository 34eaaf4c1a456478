import { Link, useLocation } from 'react-router'

import { writeWords } from '../../url.ts'
import classes from './Details.module.css'
import { partNames, partWords, type PartName } from './partWords.ts'
import { strings } from './strings.ts'

/** The parts of a details page, as links: each has its own address. */
export function Parts({ shown, of = partNames }: { readonly shown: PartName; readonly of?: readonly PartName[] }) {
  const { search } = useLocation()
  return (
    <nav className={classes['parts']} aria-label={strings.partsTitle}>
      {of.map((part) => (
        <Link
          key={part}
          to={{ search: writeWords(partWords, search, { part }) }}
          aria-current={part === shown ? 'page' : undefined}
        >
          {strings.parts[part]}
        </Link>
      ))}
    </nav>
  )
}
