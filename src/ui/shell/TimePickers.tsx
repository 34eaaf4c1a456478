import { ActionIcon, Menu } from '@mantine/core'
import { IconClock, IconRefresh } from '@tabler/icons-react'

import { clockTime, dateTime, shortSpan, span } from '../format.ts'
import { PickerButton } from '../kit/PickerButton.tsx'
import { strings } from '../strings.ts'
import type { Refresh, Span } from '../url.ts'
import { useChooseView, useView } from '../view.tsx'
import classes from './TimePickers.module.css'

/** Seconds. */
const windows = [60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000] as const
/** Seconds. */
const refreshes: readonly Refresh[] = ['off', 5, 10, 15, 30, 60, 300, 900]

/** The header's choice of the time window, written to the URL. */
export function WindowPicker() {
  const { span: shown } = useView()
  const choose = useChooseView()
  const options = [...new Set([...windows, ...(shown.kind === 'last' ? [shown.seconds] : [])])].sort((a, b) => a - b)
  return (
    <Menu
      position="bottom-end"
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <PickerButton icon={IconClock} aria-label={`${strings.window.label}: ${windowText(shown)}`}>
          {windowText(shown)}
        </PickerButton>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>
        <Menu.RadioGroup
          value={shown.kind === 'last' ? String(shown.seconds) : ''}
          onChange={(value) => choose({ span: { kind: 'last', seconds: Number(value) } })}
        >
          {options.map((seconds) => (
            <Menu.RadioItem key={seconds} value={String(seconds)} closeMenuOnClick>
              {strings.window.last(span(seconds))}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

/** The header's choice of how often the numbers are renewed, with the button that renews them now. */
export function RefreshPicker() {
  const { refresh, refreshNow, span: shown } = useView()
  const choose = useChooseView()
  const options = refreshes.includes(refresh) ? refreshes : [...refreshes, refresh]
  const isPast = shown.kind === 'between'
  return (
    <span className={classes['joined']}>
      <Menu
        position="bottom-end"
        offset={4}
        transitionProps={{ duration: 0 }}
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <PickerButton
            className={classes['first']}
            {...(refresh === 'off' ? {} : { caption: strings.refresh.every })}
            aria-label={`${strings.refresh.label}: ${refresh === 'off' ? strings.refresh.off : span(refresh)}`}
          >
            {refresh === 'off' ? strings.refresh.off : shortSpan(refresh)}
          </PickerButton>
        </Menu.Target>
        <Menu.Dropdown className={classes['dropdown']}>
          <Menu.RadioGroup
            value={String(refresh)}
            onChange={(value) => choose({ refresh: value === 'off' ? value : Number(value) })}
          >
            {options.map((option) => (
              <Menu.RadioItem key={option} value={String(option)} closeMenuOnClick>
                {option === 'off' ? strings.refresh.offLong : strings.refresh.everySpan(span(option))}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        className={classes['last']}
        variant="default"
        aria-label={strings.refresh.now}
        title={isPast ? strings.refresh.standsStill : strings.refresh.now}
        disabled={isPast}
        onClick={refreshNow}
      >
        <IconRefresh size={17} stroke={1.5} aria-hidden />
      </ActionIcon>
    </span>
  )
}

function windowText(shown: Span): string {
  if (shown.kind === 'last') return strings.window.last(span(shown.seconds))
  const isSameDay = new Date(shown.from * 1000).toDateString() === new Date(shown.to * 1000).toDateString()
  return strings.window.between(dateTime(shown.from), isSameDay ? clockTime(shown.to) : dateTime(shown.to))
}
