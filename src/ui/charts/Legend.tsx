import type { MouseEvent, ReactNode } from 'react'

import { usePointed } from './crosshair.tsx'
import classes from './Legend.module.css'
import { limitStrokes, type LimitKind } from './limit.ts'
import { nearestStep, type Line } from './line.ts'
import { LineKey } from './LineKey.tsx'

interface Props {
  readonly lines: readonly Line[]
  /** Ids of lines that are put out of the chart. */
  readonly hidden: ReadonlySet<string>
  readonly times: readonly number[]
  readonly format: (value: number | undefined) => string
  /** What the numbers are while nothing is pointed at: `mean`, `total`. */
  readonly overall: string
  /** How what a line was a while before is said. */
  readonly was: (value: string) => string
  /** What a click does, for the title of each entry. */
  readonly hint: string
  /** Limits drawn as dashed lines, with what they are called. */
  readonly limits?: readonly { readonly label: string; readonly value: string; readonly kind: LimitKind }[]
  /** What stands behind a line's number: a way to more about it. */
  readonly aside?: ((line: Line) => ReactNode) | undefined
  readonly onToggle: (id: string) => void
  readonly onIsolate: (id: string) => void
}

/** The names of a chart's lines with their values at the crosshair, else over the whole span; a click toggles one, with Shift it stays alone. */
export function Legend(props: Props) {
  const { lines, hidden, times, format, overall, was, hint, limits = [], aside, onToggle, onIsolate } = props
  const pointed = usePointed()
  const index = pointed === undefined ? undefined : nearestStep(times, pointed.at)
  const onClick = (id: string) => (event: MouseEvent) => (event.shiftKey ? onIsolate(id) : onToggle(id))
  return (
    <ul className={classes['legend']}>
      {lines.map((line) => (
        <li key={line.id} className={classes['item']}>
          <button
            type="button"
            className={classes['entry']}
            aria-pressed={!hidden.has(line.id)}
            title={`${line.label}. ${hint}`}
            onClick={onClick(line.id)}
            onDoubleClick={() => onIsolate(line.id)}
          >
            <LineKey ink={line.ink} isBlock={line.shape === 'bars'} />
            <span className={classes['name']}>{line.label}</span>
            <b data-testid={`legend-${line.id}`}>{format(index === undefined ? line.overall : line.values[index])}</b>
            {line.earlier !== undefined && (
              <span className={classes['was']}>
                {was(format(index === undefined ? line.earlier.overall : line.earlier.values[index]))}
              </span>
            )}
          </button>
          {aside?.(line)}
        </li>
      ))}
      {limits.map(({ label, value, kind }) => (
        <li key={kind} className={classes['limit']}>
          <svg width="16" height="10" aria-hidden>
            <path
              d="M0 5h16"
              stroke={limitStrokes[kind].stroke}
              strokeWidth="1.6"
              strokeDasharray={limitStrokes[kind].strokeDasharray}
            />
          </svg>
          {label} <b>{value}</b>
        </li>
      ))}
      {index === undefined && lines.length > 0 && <li className={classes['overall']}>{overall}</li>}
    </ul>
  )
}
