import { Link, useLocation } from 'react-router'

import type { MeshObjects } from '../../../mesh/config/objects.ts'
import { restartLine, type InjectionChoice } from '../../../mesh/injectionChoice.ts'
import { restartsFor } from '../../../mesh/restarts.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import { detailsPlace } from '../links.ts'
import classes from './InjectionCard.module.css'
import { injectionStrings as strings } from './strings.ts'

interface Props {
  readonly namespace: string
  readonly choice: InjectionChoice
  /** Whether the choice is not saved yet. */
  readonly isDraft: boolean
  readonly objects: MeshObjects | undefined
}

/** Which workloads take a restart to follow what their namespace says, or would say, and the lines that restart them. */
export function RestartList({ namespace, choice, isDraft, objects }: Props) {
  const { search } = useLocation()
  const restarts = objects === undefined ? undefined : restartsFor(objects, namespace, choice)
  if (restarts === undefined) return <p className={classes['muted']}>{strings.unread}</p>
  if (restarts.length === 0) {
    return <p className={classes['muted']}>{isDraft ? strings.noneAfter : strings.noneNow}</p>
  }
  const lines = restarts.flatMap(({ workload }) => restartLine(workload) ?? [])
  const title = isDraft ? strings.after(restarts.length) : strings.now(restarts.length)
  return (
    <>
      <div className={classes['head']}>
        <p>{title}</p>
        {lines.length > 1 && <CopyButton text={lines.join('\n')} label={strings.copyAll} />}
      </div>
      <ul className={classes['restarts']} aria-label={title}>
        {restarts.map(({ workload, injection }) => {
          const line = restartLine(workload)
          return (
            <li key={`${workload.kind}/${workload.name}`}>
              <Link to={detailsPlace('workload', { namespace, name: workload.name }, search)}>{workload.name}</Link>
              <span className={classes['muted']}>{injection.reason}</span>
              {line === undefined ? (
                <span className={classes['muted']}>{strings.byHand}</span>
              ) : (
                <span className={classes['line']}>
                  <code>{line}</code>
                  <CopyButton text={line} />
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
