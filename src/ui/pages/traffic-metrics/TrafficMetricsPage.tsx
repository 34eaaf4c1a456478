import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import chartClasses from '../../charts/Chart.module.css'
import { graphPlace, sharedSearch } from '../../panels/links.ts'
import { AsOf } from '../../panels/metrics/AsOf.tsx'
import { endWord } from '../../panels/metrics/endWord.ts'
import { MetricsView } from '../../panels/metrics/MetricsView.tsx'
import { strings } from '../../panels/metrics/strings.ts'
import { useMetricsSubject } from '../../panels/metrics/subject.ts'
import { metricsWords } from '../../panels/metrics/words.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { projectName } from '../../queries/cluster.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import classes from './TrafficMetricsPage.module.css'

const pageWords = { ...metricsWords, of: endWord }

/** Rancher's Traffic Metrics: five panels (and TCP and gRPC where there are any) for the header's scope or one end, one clock, one crosshair. */
export function TrafficMetricsPage() {
  const { state: choice, choose } = useUrlState(pageWords)
  const { project } = useView()
  const { search } = useLocation()
  const { of, direction } = choice
  const end = useMemo((): CallEnd | undefined => (of === undefined ? undefined : { ...of, direction }), [of, direction])
  const metrics = useMetricsSubject(choice.reporter, end)

  return (
    <div className={`${classes['page'] ?? ''} ${chartClasses['inks'] ?? ''}`}>
      <PageHead
        title={end === undefined ? strings.title : end.name}
        {...(end === undefined
          ? project === undefined
            ? {}
            : { summary: <span className={classes['chip']}>{strings.scopeOf(projectName(project))}</span> }
          : {
              summary: (
                <span className={classes['ways']}>
                  {strings.endOf(end.kind, end.namespace)}
                  <Link to={{ pathname: '/traffic-metrics', search: sharedSearch(search) }}>{strings.toScope}</Link>
                  <Link to={graphPlace(end, search)}>{strings.toGraph}</Link>
                </span>
              ),
            })}
        actions={<AsOf metrics={metrics} zone={choice.zone} />}
      />
      <MetricsView metrics={metrics} choice={choice} choose={choose} end={end} />
    </div>
  )
}
