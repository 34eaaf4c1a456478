import { Switch } from '@mantine/core'
import { Link, useLocation } from 'react-router'

import { idOf, type Change } from '../../../mesh/changes.ts'
import { instantText } from '../../charts/time.ts'
import type { Zone } from '../../zone.ts'
import { configPlace, detailsPlace, type Place } from '../links.ts'
import classes from './ChangeList.module.css'
import { strings } from './strings.ts'

interface Props {
  /** Oldest first. */
  readonly changes: readonly Change[]
  /** Kinds whose changes could not be read. */
  readonly unread: readonly string[]
  /** What the panels span, in seconds. */
  readonly seconds: number
  readonly zone: Zone
  readonly areMarked: boolean
  readonly onMarked: (areMarked: boolean) => void
}

/** A list longer than this is cut, newest kept. */
const most = 50

/** What was rolled out and configured within the span, newest first, behind one line; and whether the charts mark it. */
export function ChangeList({ changes, unread, seconds, zone, areMarked, onMarked }: Props) {
  const { search } = useLocation()
  const missing = unread.length === 0 ? null : <span>{strings.changes.unread(unread)}</span>
  if (changes.length === 0) return missing && <div className={classes['changes']}>{missing}</div>
  const shown = changes.slice(-most).toReversed()
  return (
    <div className={classes['changes']}>
      <details>
        <summary>{strings.changes.count(changes.length)}</summary>
        <ul>
          {shown.map((change) => (
            <li key={idOf(change)}>
              <time dateTime={new Date(change.at * 1000).toISOString()}>{instantText(change.at, seconds, zone)}</time>
              <span aria-hidden>{change.kind === 'rollout' ? '▼' : '◇'}</span>
              <Link to={placeOf(change, search)}>
                {change.object} {change.namespace}/{change.name}
              </Link>
              <span>{strings.changes.how(change)}</span>
            </li>
          ))}
          {changes.length > most && <li>{strings.changes.more(changes.length - most)}</li>}
        </ul>
      </details>
      <Switch
        size="xs"
        label={strings.changes.mark}
        checked={areMarked}
        onChange={(event) => onMarked(event.currentTarget.checked)}
      />
      {missing}
    </div>
  )
}

function placeOf(change: Change, search: string): Place {
  return change.kind === 'rollout'
    ? detailsPlace('workload', change, search)
    : configPlace({ ...change, kind: change.object }, search)
}
