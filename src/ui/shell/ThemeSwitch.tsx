import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

import { strings } from '../strings.ts'
import classes from './TimePickers.module.css'

const choices = [
  { scheme: 'light', label: strings.theme.light, icon: IconSun },
  { scheme: 'dark', label: strings.theme.dark, icon: IconMoon },
  { scheme: 'auto', label: strings.theme.system, icon: IconDeviceDesktop },
] as const

/** Light, dark, or as the system has it; the browser remembers the choice. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { label, icon: Icon } = choices.find(({ scheme }) => scheme === colorScheme) ?? choices[2]
  return (
    <Menu
      position="bottom-end"
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={strings.theme.label(label)}
          title={strings.theme.label(label)}
        >
          <Icon size={20} stroke={1.5} color="var(--muted)" aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(schemeOf(scheme))}>
          {choices.map(({ scheme, label: text }) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick>
              {text}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

function schemeOf(text: string): MantineColorScheme {
  return choices.find(({ scheme }) => scheme === text)?.scheme ?? 'auto'
}
