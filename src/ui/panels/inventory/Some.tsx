import { Menu } from '@mantine/core'
import type { IconColumns3 } from '@tabler/icons-react'

import { PickerButton } from '../../kit/PickerButton.tsx'
import classes from './Inventory.module.css'
import { strings } from './strings.ts'

interface SomeProps<T extends string> {
  readonly caption: string
  readonly icon?: typeof IconColumns3
  readonly options: readonly T[]
  readonly chosen: readonly T[]
  readonly name: (option: T) => string
  readonly onChoose: (chosen: readonly T[]) => void
  /** The button says only how many, never "any". */
  readonly isAlwaysSome?: boolean
}

/** Any number of a few options; nothing chosen leaves nothing out. */
export function Some<T extends string>({ caption, icon, options, chosen, name, onChoose, isAlwaysSome }: SomeProps<T>) {
  const value =
    isAlwaysSome === true ? String(chosen.length) : chosen.length === 0 ? strings.any : strings.some(chosen.map(name))
  return (
    <Menu
      position="bottom-start"
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      closeOnItemClick={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <PickerButton caption={caption} aria-label={`${caption}: ${value}`} {...(icon === undefined ? {} : { icon })}>
          {value}
        </PickerButton>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>
        {options.map((option) => (
          <Menu.CheckboxItem
            key={option}
            checked={chosen.includes(option)}
            onChange={(isOn: boolean) =>
              onChoose(options.filter((each) => (each === option ? isOn : chosen.includes(each))))
            }
          >
            {name(option)}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
