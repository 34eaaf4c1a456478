import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, type Icon } from '@tabler/icons-react'
import type { ComponentProps, ReactNode } from 'react'

import classes from './PickerButton.module.css'

interface Props extends Omit<ComponentProps<'button'>, 'type'> {
  /** Small grey word before the value. */
  readonly caption?: string
  readonly icon?: Icon
  /** Whether its list is open, where whatever opens it does not say so itself. */
  readonly isOpen?: boolean
  readonly children: ReactNode
}

/** A control that shows its value and opens a list of others: the header's and the toolbars' pickers. */
export function PickerButton({ caption, icon: Icon, isOpen, children, className, ...button }: Props) {
  return (
    <UnstyledButton
      component="button"
      type="button"
      className={`${classes['control'] ?? ''} ${className ?? ''}`}
      {...button}
      {...(isOpen === undefined ? {} : { 'aria-expanded': isOpen })}
    >
      {Icon !== undefined && <Icon className={classes['icon']} size={18} stroke={1.4} aria-hidden />}
      {caption !== undefined && <small className={classes['caption']}>{caption}</small>}
      <span className={classes['value']}>{children}</span>
      <IconChevronDown className={classes['icon']} size={15} stroke={1.6} aria-hidden />
    </UnstyledButton>
  )
}
