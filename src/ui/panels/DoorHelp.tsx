import type { Capability } from '../../clients/session/wire.ts'
import { CopyButton } from '../kit/CopyButton.tsx'
import { strings } from '../strings.ts'
import classes from './DoorHelp.module.css'

/** Of a closed door: the command that checks it and the YAML that opens it, both to copy. */
export function DoorHelp({ door: { check, grant } }: { readonly door: Capability }) {
  return (
    <div className={classes['help']}>
      {check !== undefined && (
        <>
          <p>{strings.access.check}</p>
          <div className={classes['command']}>
            <code>{check}</code>
            <CopyButton text={check} />
          </div>
        </>
      )}
      {grant !== undefined && (
        <>
          <p>{strings.access.grant}</p>
          <div className={classes['command']}>
            <pre tabIndex={0}>{grant}</pre>
            <CopyButton text={grant} label={strings.access.copyGrant} />
          </div>
        </>
      )}
    </div>
  )
}
