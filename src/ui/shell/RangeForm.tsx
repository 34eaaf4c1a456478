import { Button, SegmentedControl } from '@mantine/core'
import { useId, useState, type SubmitEvent } from 'react'

import { strings } from '../strings.ts'
import { fieldOf, instantOf, zoneText, type Zone } from '../zone.ts'
import classes from './RangeForm.module.css'

/** A span between two instants (unix seconds), and whose wall clock it was typed on. */
export interface Range {
  readonly from: number
  readonly to: number
  readonly zone: Zone
}

interface Props {
  readonly initial: Range
  readonly onApply: (range: Range) => void
}

/** Two fields for day and time, in the viewer's zone or in UTC; switching the zone keeps the instants. */
export function RangeForm({ initial, onApply }: Props) {
  const [zone, setZone] = useState(initial.zone)
  const [fields, setFields] = useState({ from: fieldOf(initial.from, zone), to: fieldOf(initial.to, zone) })
  const [problem, setProblem] = useState<string>()
  const problemId = useId()
  const switchZone = (next: Zone) => {
    const moved = (field: string) => {
      const at = instantOf(field, zone)
      return at === undefined ? field : fieldOf(at, next)
    }
    setZone(next)
    setFields({ from: moved(fields.from), to: moved(fields.to) })
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const [from, to] = [instantOf(fields.from, zone), instantOf(fields.to, zone)]
    const found = problemOf(from, to, Date.now() / 1000)
    setProblem(found)
    if (found === undefined && from !== undefined && to !== undefined) onApply({ from, to, zone })
  }
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {(['from', 'to'] as const).map((end) => (
        <label key={end} className={classes['label']}>
          {strings.window[end]}
          <input
            className={classes['field']}
            type="datetime-local"
            step={1}
            value={fields[end]}
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : problemId}
            onChange={(event) => setFields({ ...fields, [end]: event.target.value })}
          />
        </label>
      ))}
      <SegmentedControl
        size="sm"
        fullWidth
        aria-label={strings.window.zone}
        transitionDuration={0}
        value={zone}
        onChange={(value) => switchZone(value === 'utc' ? 'utc' : 'local')}
        data={[
          { value: 'local', label: strings.window.local(zoneText(initial.to, 'local')) },
          { value: 'utc', label: strings.window.utc },
        ]}
      />
      {problem !== undefined && (
        <p id={problemId} className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
      <Button type="submit">{strings.window.apply}</Button>
    </form>
  )
}

/** What is wrong with a span (unix seconds), for the one who typed it; `undefined` where nothing is. */
export function problemOf(from: number | undefined, to: number | undefined, now: number): string | undefined {
  if (from === undefined || to === undefined) return strings.window.noInstant
  if (from >= to) return strings.window.wrongWay
  return from >= now ? strings.window.future : undefined
}
