import { withEarlier } from '../../charts/line.ts'
import { fullText } from '../../charts/time.ts'
import type { Zone } from '../../zone.ts'
import type { Content } from './content.ts'
import { formatOf } from './numbers.ts'
import classes from './Panel.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly title: string
  readonly content: Content
  readonly times: readonly number[]
  readonly zone: Zone
}

/** The panel's numbers as a table: a row for each step, newest first. */
export function PanelTable({ title, content: { lines: drawn, quantity, unit }, times, zone }: Props) {
  const lines = withEarlier(drawn)
  const format = formatOf(quantity)
  const rows = times.map((at, index) => ({ at, index })).reverse()
  return (
    <div className={classes['table']} tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{strings.panel.tableCaption(title, unit)}</caption>
        <thead>
          <tr>
            <th scope="col">{strings.panel.instant}</th>
            {lines.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, index }) => (
            <tr key={at}>
              <th scope="row">{fullText(at, zone)}</th>
              {lines.map(({ id, values }) => (
                <td key={id}>{format(values[index])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
