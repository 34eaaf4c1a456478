import { useQuery } from '@tanstack/react-query'

import { clockTime } from '../../format.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'
import { alertsOf } from './overviewRows.ts'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

const most = 6

/** The firing alerts that name something in the scope. */
export function Alerts() {
  const view = useView()
  const { data, error } = useQuery(telemetryQuery({ ask: 'alerts' }, view))
  const { alerts: words } = strings
  const alerts = data === undefined ? undefined : alertsOf(data.samples)
  return (
    <section className={classes['card']} aria-label={words.title}>
      <div className={classes['cardHead']}>
        <h2>{words.title}</h2>
        {alerts !== undefined && <span>{words.firing(alerts.length)}</span>}
      </div>
      {error !== null && <p className={classes['said2']}>{words.failed(error.message)}</p>}
      {alerts?.length === 0 && <p className={classes['said2']}>{words.none}</p>}
      <ul className={classes['alerts']}>
        {(alerts ?? []).slice(0, most).map(({ key, name, severity, about, since }) => (
          <li key={key}>
            <span>{name}</span>
            <small>
              {[about, severity, since === undefined ? undefined : words.since(clockTime(since))]
                .filter((each) => each !== undefined)
                .join(' · ')}
            </small>
          </li>
        ))}
        {alerts !== undefined && alerts.length > most && <li>{words.more(alerts.length - most)}</li>}
      </ul>
      {!view.isOwner && <p className={classes['said2']}>{words.leftOut}</p>}
    </section>
  )
}
