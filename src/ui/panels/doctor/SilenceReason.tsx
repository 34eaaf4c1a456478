import { Link, useLocation } from 'react-router'

import { silenceOf } from '../../../mesh/doctor/diagnose.ts'
import { useView } from '../../view.tsx'
import { sharedSearch } from '../links.ts'
import classes from './Doctor.module.css'
import { Paste } from './FindingCard.tsx'
import { strings } from './strings.ts'
import { useDoctor } from './useDoctor.ts'

interface Props {
  /** Of that namespace alone. */
  readonly only?: string | undefined
  /** What is said where nothing explains it. */
  readonly otherwise?: string
}

/** Inside a panel without numbers: why, as the doctor finds it, with what to paste; for a member, whom to ask. */
export function SilenceReason({ only, otherwise }: Props) {
  const { isOwner } = useView()
  const { search } = useLocation()
  const { findings, isLoading } = useDoctor(true, only)
  if (isLoading) return <p role="status">{strings.examining}</p>
  const reason = silenceOf(findings ?? [])
  return (
    <div className={classes['reason']} role="group" aria-label={strings.whySilent}>
      {reason === undefined && otherwise !== undefined && <p>{otherwise}</p>}
      {reason !== undefined && (
        <>
          <h3>{reason.title}</h3>
          <p>{reason.message}.</p>
          {reason.evidence.slice(0, 3).map((each) => (
            <p key={each} className={classes['muted']}>
              {each}
            </p>
          ))}
          {isOwner ? (
            <>
              <p>{reason.fix.say}</p>
              {reason.fix.paste !== undefined && <Paste text={reason.fix.paste} label={strings.copyFix} />}
            </>
          ) : (
            reason.severity !== 'note' && <p>{strings.askOwner}</p>
          )}
          <p className={classes['muted']}>
            {reason.code} · {strings.confidence[reason.confidence]}
          </p>
        </>
      )}
      <Link to={{ pathname: '/doctor', search: sharedSearch(search) }}>{strings.toDoctor}</Link>
    </div>
  )
}
