import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { Link } from 'react-router'

import type { OtherCluster, SessionCluster } from '../../clients/session/wire.ts'
import { strings } from '../strings.ts'
import { useChooseView, useView } from '../view.tsx'
import classes from './ClusterBadge.module.css'

/** The cluster shown: its badge with a bar in its colour, its name and Istio's version; where there are several, a choice of them. */
export function ClusterBadge() {
  const { cluster, session } = useView()
  const choose = useChooseView()
  const { clusters, otherClusters = [] } = session
  if (clusters.length + otherClusters.length < 2) {
    return (
      <span className={classes['cluster']}>
        <Face cluster={cluster} />
      </span>
    )
  }
  return (
    <Menu
      position="bottom-start"
      offset={8}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <UnstyledButton className={classes['cluster']} aria-label={strings.frame.cluster(cluster.label)}>
          <Face cluster={cluster} />
          <IconChevronDown size={15} stroke={1.6} color="var(--muted)" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={cluster.name} onChange={(name) => choose({ cluster: name })}>
          {clusters.map(({ name, label, color }) => (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick rightSection={<Swatch color={color} />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {otherClusters.length > 0 && <Menu.Divider />}
        {otherClusters.map((other) => (
          <Other key={other.name} other={other} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** A cluster that is not open: why, or the way in. */
function Other({ other: { name, label, problem } }: { readonly other: OtherCluster }) {
  if (problem === undefined) {
    return (
      <Menu.Item
        component={Link}
        to={{ pathname: '/login', search: new URLSearchParams({ cluster: name }).toString() }}
      >
        {strings.frame.logInTo(label)}
      </Menu.Item>
    )
  }
  return (
    <Menu.Item disabled className={classes['other'] ?? ''}>
      {label}
      <span className={classes['problem']}>{problem}</span>
    </Menu.Item>
  )
}

function Swatch({ color }: { readonly color: string | undefined }) {
  return <span className={classes['swatch']} aria-hidden style={{ background: safeColor(color) ?? 'var(--primary)' }} />
}

function Face({ cluster: { label, color, istioVersion } }: { readonly cluster: SessionCluster }) {
  return (
    <>
      <span
        className={classes['badge']}
        aria-hidden
        style={{ boxShadow: `inset 0 -4px 0 ${safeColor(color) ?? 'var(--primary)'}` }}
      >
        {initials(label)}
      </span>
      <span className={classes['name']}>{label}</span>
      {istioVersion !== undefined && (
        <span className={classes['pill']}>{strings.frame.istioVersion(istioVersion)}</span>
      )}
    </>
  )
}

/** Up to three capitals, as Rancher's badges: of each word the first (`Shop Prod` is SP), of a single word the first three. */
export function initials(label: string): string {
  const words = label.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const letters = words.length > 1 ? words.map((word) => Array.from(word)[0] ?? '') : Array.from(words[0] ?? label)
  return letters.slice(0, 3).join('').toUpperCase()
}

function safeColor(color: string | undefined): string | undefined {
  return color !== undefined && /^#[0-9a-f]{3,8}$/i.test(color) ? color : undefined
}
