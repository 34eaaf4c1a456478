import { IconLock } from '@tabler/icons-react'
import { useId } from 'react'
import { NavLink, useLocation } from 'react-router'

import { clockTime } from '../format.ts'
import { sharedSearch } from '../panels/links.ts'
import { useLastAnswer } from '../queries/latest.ts'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'
import classes from './Navigation.module.css'
import { pages } from './pages.ts'

/** The side navigation: the group Istio with its pages, and how fresh the numbers are. */
export function Navigation({ onFollow }: { readonly onFollow?: () => void }) {
  const { search } = useLocation()
  const { cluster } = useView()
  const groupId = useId()
  return (
    <nav className={classes['navigation']} aria-label={strings.frame.navigation}>
      <p className={classes['group']} id={groupId}>
        {strings.navigation.istio}
      </p>
      <ul className={classes['list']} aria-labelledby={groupId}>
        {pages.map(({ path, title, capability }) => {
          const { allowed, reason } = cluster.capabilities[capability]
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
      <Freshness cluster={cluster.name} />
    </nav>
  )
}

function Freshness({ cluster }: { readonly cluster: string }) {
  const last = useLastAnswer(cluster)
  const { zone } = useView()
  return (
    <p className={classes['foot']}>
      {last === undefined ? strings.navigation.notAnswered : strings.navigation.answered(last.tookMs)}
      <br />
      {strings.navigation.asOf(clockTime(last?.at, zone))}
    </p>
  )
}
