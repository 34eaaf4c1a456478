import { ActionIcon, Menu, Popover } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendar, IconClock, IconRefresh } from '@tabler/icons-react'

import { clockTime, dateTime, shortSpan, span } from '../format.ts'
import { PickerButton } from '../kit/PickerButton.tsx'
import { strings } from '../strings.ts'
import type { Refresh, Span } from '../url.ts'
import { useChooseView, useView } from '../view.tsx'
import { zoneOffset, type Zone } from '../zone.ts'
import { RangeForm } from './RangeForm.tsx'
import classes from './TimePickers.module.css'

/** Seconds. */
const windows = [60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000] as const
/** Seconds. */
const refreshes: readonly Refresh[] = ['off', 5, 10, 15, 30, 60, 300, 900]

/** The header's choice of the time window, written to the URL: a span that ends now, or one between two instants. */
export function WindowPicker() {
  const { span: shown, window, zone } = useView()
  const choose = useChooseView()
  const [isRangeOpen, { open: openRange, close: closeRange }] = useDisclosure(false)
  const text = windowText(shown, zone)
  const options = [...new Set([...windows, ...(shown.kind === 'last' ? [shown.seconds] : [])])].sort((a, b) => a - b)
  return (
    <Popover
      opened={isRangeOpen}
      onClose={closeRange}
      position="bottom-end"
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withRoles={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <span className={classes['window']}>
          <Menu
            position="bottom-end"
            offset={4}
            transitionProps={{ duration: 0 }}
            withinPortal={false}
            withInitialFocusPlaceholder={false}
          >
            <Menu.Target>
              <PickerButton icon={IconClock} aria-label={`${strings.window.label}: ${text}`} title={text}>
                {text}
              </PickerButton>
            </Menu.Target>
            <Menu.Dropdown className={classes['dropdown']}>
              <Menu.Item leftSection={<IconCalendar size={16} stroke={1.5} aria-hidden />} onClick={openRange}>
                {strings.window.custom}
              </Menu.Item>
              <Menu.Divider />
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
        </span>
      </Popover.Target>
      <Popover.Dropdown className={classes['range']} role="dialog" aria-label={strings.window.customTitle}>
        {isRangeOpen && (
          <RangeForm
            initial={{ from: window.at - window.seconds, to: window.at, zone }}
            onApply={({ from, to, zone: chosen }) => {
              closeRange()
              choose({ span: { kind: 'between', from, to }, zone: chosen })
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
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

function windowText(shown: Span, zone: Zone): string {
  if (shown.kind === 'last') return strings.window.last(span(shown.seconds))
  const day = (at: number) => new Date((at + zoneOffset(at, zone)) * 1000).toISOString().slice(0, 10)
  const to = day(shown.from) === day(shown.to) ? clockTime(shown.to, zone) : dateTime(shown.to, zone)
  const text = strings.window.between(dateTime(shown.from, zone), to)
  return zone === 'utc' ? strings.window.inUtc(text) : text
}
