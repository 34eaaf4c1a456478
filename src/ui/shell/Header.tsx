import { ActionIcon } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'

import { ToolIcons } from '../panels/tools/ToolIcons.tsx'
import { strings } from '../strings.ts'
import { ClusterBadge } from './ClusterBadge.tsx'
import classes from './Header.module.css'
import { Logo } from './Logo.tsx'
import { NamespaceFilter } from './NamespaceFilter.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'
import { RefreshPicker, WindowPicker } from './TimePickers.tsx'
import { UserMenu } from './UserMenu.tsx'

/** The bar across the top: which cluster, which namespaces, which time; the same on every page. */
export function Header({ onOpenNavigation }: { readonly onOpenNavigation: () => void }) {
  return (
    <header className={classes['header']}>
      <div className={classes['brand']}>
        <ActionIcon
          className={classes['menu']}
          variant="subtle"
          color="gray"
          size={36}
          aria-label={strings.frame.openNavigation}
          onClick={onOpenNavigation}
        >
          <IconMenu2 size={20} stroke={1.6} color="var(--text)" aria-hidden />
        </ActionIcon>
        <Logo />
        <span className={classes['product']}>{strings.product}</span>
      </div>
      <ClusterBadge />
      <div className={classes['pickers']}>
        <NamespaceFilter />
        <WindowPicker />
        <RefreshPicker />
      </div>
      <div className={classes['personal']}>
        <ToolIcons />
        <ThemeSwitch />
        <UserMenu />
      </div>
    </header>
  )
}
