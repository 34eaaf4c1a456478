import { IconStethoscope } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'

import type { Affected } from '../../../mesh/doctor/finding.ts'
import { sharedSearch } from '../links.ts'
import classes from './Doctor.module.css'
import { strings } from './strings.ts'
import { useTrust } from './useTrust.ts'

/** Beside numbers that a finding of the doctor makes doubtful: a mark that says why and leads there; nothing beside sound ones. */
export function TrustMark({ of }: { readonly of: Affected }) {
  const { search } = useLocation()
  const doubts = useTrust(of)
  if (doubts.length === 0) return null
  const label = `${strings.trust(doubts.length)}: ${doubts.map(({ message }) => message).join('; ')}`
  return (
    <Link
      className={classes['trust']}
      to={{ pathname: '/doctor', search: sharedSearch(search) }}
      aria-label={label}
      title={label}
      data-trust={of}
    >
      <IconStethoscope size={16} stroke={1.6} aria-hidden />
    </Link>
  )
}
