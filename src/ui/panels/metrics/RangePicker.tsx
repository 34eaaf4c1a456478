import { Button, Popover } from '@mantine/core'
import { IconCalendar } from '@tabler/icons-react'
import { useState, type SubmitEvent } from 'react'

import type { Zone } from '../../charts/time.ts'
import { span as spanText } from '../../format.ts'
import { PickerButton } from '../../kit/PickerButton.tsx'
import { useChooseView, useView } from '../../view.tsx'
import { fieldOf, instantOf } from './dateFields.ts'
import { strings } from './strings.ts'
import classes from './Toolbar.module.css'

/** A range between two instants, in the zone of the axes; and the way back from one to a window that ends now. */
export function RangePicker({ zone }: { readonly zone: Zone }) {
  const { span, window } = useView()
  const choose = useChooseView()
  const [isOpen, setIsOpen] = useState(false)
  const { toolbar } = strings
  return (
    <>
      {span.kind === 'between' && (
        <Button variant="default" onClick={() => choose({ span: { kind: 'last', seconds: 3600 } })}>
          {toolbar.live(spanText(3600))}
        </Button>
      )}
      <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" offset={4} withinPortal={false} trapFocus>
        <Popover.Target>
          <PickerButton icon={IconCalendar} onClick={() => setIsOpen(!isOpen)}>
            {toolbar.range}
          </PickerButton>
        </Popover.Target>
        <Popover.Dropdown>
          {isOpen && (
            <RangeForm
              zone={zone}
              from={window.at - window.seconds}
              to={window.at}
              onApply={(from, to) => {
                setIsOpen(false)
                choose({ span: { kind: 'between', from, to } })
              }}
            />
          )}
        </Popover.Dropdown>
      </Popover>
    </>
  )
}

interface FormProps {
  readonly zone: Zone
  readonly from: number
  readonly to: number
  readonly onApply: (from: number, to: number) => void
}

function RangeForm({ zone, from, to, onApply }: FormProps) {
  const { toolbar } = strings
  const [fields, setFields] = useState({ from: fieldOf(from, zone), to: fieldOf(to, zone) })
  const [isInvalid, setIsInvalid] = useState(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const start = instantOf(fields.from, zone)
    const end = instantOf(fields.to, zone)
    const isValid = start !== undefined && end !== undefined && start < end && start < Date.now() / 1000
    setIsInvalid(!isValid)
    if (isValid) onApply(start, end)
  }
  return (
    <form className={classes['range']} onSubmit={submit}>
      {(['from', 'to'] as const).map((end) => (
        <label key={end}>
          {toolbar[end]}
          <input
            type="datetime-local"
            step={1}
            required
            value={fields[end]}
            onChange={(event) => setFields({ ...fields, [end]: event.target.value })}
          />
        </label>
      ))}
      {isInvalid && <p role="alert">{toolbar.rangeInvalid}</p>}
      <Button type="submit">{toolbar.apply}</Button>
    </form>
  )
}
