import { useMemo } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import chartClasses from '../../charts/Chart.module.css'
import { useUrlState } from '../../urlState.tsx'
import { MetricsView } from '../metrics/MetricsView.tsx'
import { useMetricsSubject } from '../metrics/subject.ts'
import { metricsWords } from '../metrics/words.ts'

/** The panels of Traffic Metrics about one workload or app, inbound or outbound as the URL says; without an end about the view's scope. */
export function MetricsOf({ end: of }: { readonly end: Pick<CallEnd, 'kind' | 'namespace' | 'name'> | undefined }) {
  const { state: choice, choose } = useUrlState(metricsWords)
  const { direction } = choice
  const end = useMemo((): CallEnd | undefined => (of === undefined ? undefined : { ...of, direction }), [of, direction])
  const metrics = useMetricsSubject(choice.reporter, end)
  return (
    <div className={chartClasses['inks']}>
      <MetricsView metrics={metrics} choice={choice} choose={choose} end={end} />
    </div>
  )
}
