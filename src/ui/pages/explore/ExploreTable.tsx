import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'

import type { InstantAnswer } from '../../../clients/prometheus/explore.ts'
import { csvText, download, fileName } from '../../panels/metrics/exports.ts'
import { columnsOf, mostRows } from './explored.ts'
import classes from './ExplorePage.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly answer: InstantAnswer & { readonly tookMs: number }
  readonly promql: string
  /** Unix seconds. */
  readonly at: number
}

/** What an expression gives at an instant: a row for each result in Prometheus's order, a column for each label, and its value as written. */
export function ExploreTable({ answer: { rows, skipped, tookMs }, promql, at }: Props) {
  const columns = useMemo(() => columnsOf(rows), [rows])
  const save = () => {
    const text = csvText([
      [...columns, strings.value],
      ...rows.map(({ labels, values }) => [
        ...columns.map((name) => labels[name] ?? ''),
        values.map((value) => value.text).join(' '),
      ]),
    ])
    download(new Blob([text], { type: 'text/csv' }), fileName(strings.title, at, 'csv'))
  }
  if (rows.length === 0 && skipped === 0) return <p role="status">{strings.noRows}</p>
  return (
    <>
      <p className={classes['bar']}>
        {rows.length > mostRows ? strings.cutRows(rows.length) : strings.lines(rows.length, tookMs)}
        {skipped > 0 && ` ${strings.skipped(skipped)}`}
        <span className={classes['space']} />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} stroke={1.6} aria-hidden />}
          onClick={save}
        >
          {strings.csv}
        </Button>
      </p>
      <div className={classes['table']} tabIndex={0} role="region" aria-label={strings.table}>
        <table aria-label={promql}>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col" data-number>
                {strings.value}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map(({ labels, values }, index) => (
              <tr key={index}>
                {columns.map((name) => (
                  <td key={name}>{labels[name] ?? ''}</td>
                ))}
                <td data-number>
                  {values.map(({ at: when, text }) => (values.length > 1 ? `${text} @${when}` : text)).join('\n')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
