import { useMemo } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import chartClasses from '../../charts/Chart.module.css'
import { useUrlState } from '../../urlState.tsx'
import { MetricsView } from '../metrics/MetricsView.tsx'
import { useMetricsSubject } from '../metrics/subject.ts'
import { metricsWords } from '../metrics/words.ts'

/** The panels of Traffic Metrics about one workload, app or namespace, inbound or outbound as the URL says. */
export function MetricsOf({ end: { kind, namespace, name } }: { readonly end: Omit<CallEnd, 'direction'> }) {
  const { state: choice, choose } = useUrlState(metricsWords)
  const { direction } = choice
  const end = useMemo((): CallEnd => ({ kind, namespace, name, direction }), [kind, namespace, name, direction])
  const metrics = useMetricsSubject(choice.reporter, end)
  return (
    <div className={chartClasses['inks']}>
      <MetricsView metrics={metrics} choice={choice} choose={choose} end={end} />
    </div>
  )
}
