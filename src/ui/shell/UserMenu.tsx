import { Button, Popover, UnstyledButton } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'

import type { Capability, CapabilityName } from '../../clients/session/wire.ts'
import { useLogIn, useLogOut } from '../queries/session.ts'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'
import { initials } from './ClusterBadge.tsx'
import { DoorHelp } from '../panels/DoorHelp.tsx'
import classes from './UserMenu.module.css'

const shown: readonly CapabilityName[] = [
  'metrics',
  'graph',
  'kubernetes',
  'kiali',
  'jaeger',
  'grafana',
  'prometheus',
  'settings',
]

/** Who one is, what one may do here, and why not the rest; in the demo also whom one could be. */
export function UserMenu() {
  const { session, cluster } = useView()
  const { name, groups } = cluster.user ?? session.user
  const { otherClusters = [], mode } = session
  const logOut = useLogOut()
  return (
    <Popover
      position="bottom-end"
      offset={8}
      width={420}
      withinPortal={false}
      transitionProps={{ duration: 0 }}
      trapFocus
    >
      <Popover.Target>
        <UnstyledButton className={classes['avatar']} aria-label={strings.frame.userBadge(name)}>
          {initials(name).slice(0, 2)}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes['menu']} aria-label={strings.access.userMenu}>
        <p className={classes['name']}>{name}</p>
        {groups.length > 0 && <p className={classes['muted']}>{strings.access.groups(groups)}</p>}
        {mode === 'rancher' && <p className={classes['muted']}>{strings.access.byRancher}</p>}
        <Personas />
        <ul className={classes['doors']} aria-label={strings.access.userMenu}>
          {shown.map((each) => (
            <Door key={each} title={strings.access.titles[each]} door={cluster.capabilities[each]} />
          ))}
        </ul>
        {otherClusters.length > 0 && (
          <p className={classes['muted']}>
            {strings.access.otherClusters(
              otherClusters.map(({ label, problem }) => (problem === undefined ? label : `${label} (${problem})`)),
            )}
          </p>
        )}
        {mode === 'token' && (
          <Button variant="default" size="xs" loading={logOut.isPending} onClick={() => logOut.mutate()}>
            {strings.access.logOut}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function Door({ title, door }: { readonly title: string; readonly door: Capability }) {
  const { allowed, reason, check } = door
  const Icon = allowed ? IconLockOpen : IconLock
  return (
    <li className={classes['door']} data-open={allowed}>
      <Icon size={16} stroke={1.5} aria-hidden />
      <div>
        <p>
          <strong>{title}</strong>: {allowed ? strings.access.open : strings.access.closed}
        </p>
        <p className={classes['muted']}>{reason}</p>
        {check !== undefined && (
          <details>
            <summary>{strings.states.whatToDo}</summary>
            <DoorHelp door={door} />
          </details>
        )}
      </div>
    </li>
  )
}

function Personas() {
  const { session } = useView()
  const logIn = useLogIn()
  if (session.personas === undefined) return null
  return (
    <div className={classes['personas']} role="group" aria-label={strings.access.personas}>
      <p className={classes['muted']}>{strings.access.personas}</p>
      {session.personas.map(({ id, label }) => (
        <Button
          key={id}
          variant="default"
          size="xs"
          loading={logIn.isPending && logIn.variables.persona === id}
          onClick={() => logIn.mutate({ persona: id })}
        >
          {label}
        </Button>
      ))}
      {logIn.error !== null && <p role="alert">{logIn.error.message}</p>}
    </div>
  )
}
