import { Link, useLocation } from 'react-router'

import { duration, inWords, percent } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import type { ListedRow } from '../../panels/inventory/listRows.ts'
import { detailsPlace } from '../../panels/links.ts'
import { leadersOf } from './overviewRows.ts'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

const most = 3

/** The services that fail most and those that take longest. */
export function Leaders({ services }: { readonly services: readonly ListedRow[] }) {
  const { errors, slowest } = leadersOf(services, most)
  return (
    <div className={`${classes['card'] ?? ''} ${classes['leaders'] ?? ''}`}>
      <Best
        title={strings.mostErrors}
        rows={errors}
        none={strings.noErrors}
        value={(row) => inWords(percent(row.errorRatio))}
      />
      <Best
        title={strings.slowest}
        rows={slowest}
        none={strings.noneMeasured}
        value={(row) => inWords(duration(row.p95))}
      />
    </div>
  )
}

interface BestProps {
  readonly title: string
  readonly rows: readonly ListedRow[]
  readonly none: string
  readonly value: (row: ListedRow) => string
}

function Best({ title, rows, none, value }: BestProps) {
  const { search } = useLocation()
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {rows.length === 0 && <span className={classes['muted']}>{none}</span>}
      {rows.map((row) => (
        <span key={row.id} className={classes['leader']}>
          <HealthMark state={row.health.state} />
          <Link to={detailsPlace('service', row, search)} title={`${row.name}.${row.namespace}`}>
            {row.name}
          </Link>
          {value(row)}
        </span>
      ))}
    </section>
  )
}
