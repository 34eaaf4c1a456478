import { IconLock } from '@tabler/icons-react'
import { useId } from 'react'
import { NavLink, useLocation } from 'react-router'

import { clockTime } from '../format.ts'
import { sharedSearch } from '../panels/links.ts'
import { useLastAnswer } from '../queries/latest.ts'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'
import classes from './Navigation.module.css'
import { Palette } from './Palette.tsx'
import { doorOfPage, pageGroups, type PageGroup } from './pages.ts'

/** The side navigation: its groups with their pages, and how fresh the numbers are. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const { cluster } = useView()
  return (
    <nav className={classes['navigation']} aria-label={strings.frame.navigation}>
      <Palette />
      {pageGroups.map((group) => (
        <Group key={group.title} group={group} onFollow={onFollow} />
      ))}
      <Freshness cluster={cluster.name} />
    </nav>
  )
}

interface GroupProps {
  readonly group: PageGroup
  readonly onFollow: (() => void) | undefined
}

function Group({ group: { title: groupTitle, pages }, onFollow }: GroupProps) {
  const { search } = useLocation()
  const { cluster, session } = useView()
  const groupId = useId()
  return (
    <>
      <p className={classes['group']} id={groupId}>
        {groupTitle}
      </p>
      <ul className={classes['list']} aria-labelledby={groupId}>
        {pages.map((page) => {
          const { path, title } = page
          const { allowed, reason } = doorOfPage(page, cluster, (cluster.user ?? session.user).name)
          const locked = strings.navigation.locked(title, reason)
          return (
            <li key={path}>
              <NavLink
                className={classes['link'] ?? ''}
                to={{ pathname: path, search: sharedSearch(search) }}
                onClick={onFollow}
                {...(allowed ? {} : { title: locked, 'aria-description': locked })}
              >
                {title}
                {!allowed && <IconLock className={classes['lock']} size={14} stroke={1.5} aria-hidden />}
              </NavLink>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Freshness({ cluster }: { readonly cluster: string }) {
  const last = useLastAnswer(cluster)
  const { zone } = useView()
  if (last === undefined) return null
  const answer = last === 'waiting' ? undefined : last
  return (
    <p className={classes['foot']}>
      {answer === undefined ? strings.navigation.notAnswered : strings.navigation.answered(answer.tookMs)}
      <br />
      {strings.navigation.asOf(clockTime(answer?.at, zone))}
    </p>
  )
}
