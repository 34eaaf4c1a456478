import classes from './Chart.module.css'
import type { Mark } from './mark.ts'
import { LineKey } from './LineKey.tsx'
import type { Line } from './line.ts'

interface Props {
  readonly text: string
  readonly lines: readonly Line[]
  readonly index: number
  /** The line the pointer is nearest to. */
  readonly nearest: string | undefined
  readonly format: (value: number | undefined) => string
  readonly was: (value: string) => string
  readonly isShared: boolean
  /** What happened about then. */
  readonly marks: readonly Mark[]
  /** Whether the pointer is in the right half: then the tip stands at its left. */
  readonly isRight: boolean
  readonly x: number
}

/** What the lines are at the crosshair: names, values and, where they add up, shares; largest first. */
export function ChartTip({ text, lines, index, nearest, format, was, isShared, marks, isRight, x }: Props) {
  const rows = lines
    .map((line) => ({ line, value: line.values[index] }))
    .sort((a, b) => (b.value ?? -1) - (a.value ?? -1))
  const total = rows.reduce((sum, { value }) => sum + (value ?? 0), 0)
  return (
    <div
      className={classes['tip']}
      style={isRight ? { right: `calc(100% - ${x - 10}px)` } : { left: x + 10 }}
      role="presentation"
    >
      <table>
        <caption>{text}</caption>
        <tbody>
          {rows.map(({ line, value }) => (
            <tr key={line.id} data-nearest={line.id === nearest}>
              <th scope="row">
                <LineKey ink={line.ink} isBlock={line.shape === 'bars'} />
                {line.label}
              </th>
              <td>{format(value)}</td>
              {line.earlier !== undefined && <td>{was(format(line.earlier.values[index]))}</td>}
              {isShared && rows.length > 1 && (
                <td>{value === undefined || total <= 0 ? '' : `${Math.round((value / total) * 100)} %`}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {marks.map(({ id, text: said }) => (
        <p key={id} className={classes['said']}>
          {said}
        </p>
      ))}
    </div>
  )
}
