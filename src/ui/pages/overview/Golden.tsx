import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import type { Affected } from '../../../mesh/doctor/finding.ts'
import { meanOf, overallSuccess, requestsOf, totalOf, type Values } from '../../../mesh/panels.ts'
import type { HealthState } from '../../../mesh/verdict.ts'
import { byteRate, clockTime, duration, inWords, percent, rate, type Quantity } from '../../format.ts'
import { Measure } from '../../kit/Measure.tsx'
import { Sparkline } from '../../kit/Sparkline.tsx'
import { TrustMark } from '../../panels/doctor/TrustMark.tsx'
import type { ListedRow } from '../../panels/inventory/listRows.ts'
import { bytesOf } from '../../panels/inventory/rowMeasures.ts'
import { subjectOf } from '../../panels/inventory/useInventory.ts'
import { requestsByOutcome } from '../../panels/metrics/subject.ts'
import { seriesQuery, totalsQuery } from '../../queries/series.ts'
import { useView } from '../../view.tsx'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

/** The scope's four golden signals, each a number and how it came to be. */
export function Golden({ namespaces }: { readonly namespaces: readonly ListedRow[] }) {
  const view = useView()
  const subject = subjectOf(view)
  const asked = { ask: 'series-duration', statistic: 'p95', by: [], reporter: 'auto' } as const
  const requests = useQuery(seriesQuery(requestsByOutcome('auto', undefined), subject))
  const durations = useQuery(seriesQuery(asked, subject))
  const p95 = useQuery(totalsQuery(asked, subject))
  const carried = useQuery(seriesQuery({ ask: 'series-throughput', by: [], reporter: 'auto' }, subject))
  const tcp = useQuery(seriesQuery({ ask: 'series-tcp', by: [], reporter: 'auto' }, subject))

  const counted = requests.data === undefined ? undefined : requestsOf(requests.data.series)
  const errors = counted?.total.map((all, at) =>
    all === undefined || all <= 0 ? undefined : (counted.errors[at] ?? 0) / all,
  )
  const success = counted === undefined ? undefined : overallSuccess(counted.total, counted.errors)
  const errorRatio = success === undefined ? undefined : 1 - success
  const slow = durations.data === undefined ? undefined : totalOf(durations.data.series)
  const bytes = namespaces.flatMap(({ throughput }) => throughput ?? [])
  const stepsOf = (answer: typeof requests.data) => answer?.steps
  return (
    <section className={classes['cards']} aria-label={strings.golden}>
      <Signal
        title={strings.requests}
        of="requests"
        quantity={rate(counted === undefined ? undefined : meanOf(counted.total))}
        values={counted?.total}
        said={strings.steady}
      />
      <Signal
        title={strings.errors}
        of="errors"
        quantity={percent(errorRatio)}
        health={errorRatio === undefined || errorRatio < 0.01 ? undefined : errorRatio < 0.1 ? 'degraded' : 'failing'}
        values={errors}
        said={highest(errors, stepsOf(requests.data), percent)}
      />
      <Signal
        title={strings.p95}
        of="latency"
        quantity={duration(p95.data?.samples[0]?.value)}
        values={slow}
        said={highest(slow, stepsOf(durations.data), duration)}
      />
      <Signal
        title={strings.throughput}
        of="requests"
        quantity={byteRate(bytes.length === 0 ? undefined : bytes.reduce((sum, each) => sum + each, 0))}
        values={
          carried.data === undefined || tcp.data === undefined
            ? undefined
            : bytesOf([...carried.data.series, ...tcp.data.series])
        }
        said={strings.bothWays}
      />
    </section>
  )
}

interface Steps {
  readonly start: number
  readonly step: number
}

/** When it was worst: the number on the card is of the whole window. */
function highest(values: Values | undefined, steps: Steps | undefined, spoken: (value: number) => Quantity): string {
  let at = -1
  for (const [index, value] of (values ?? []).entries()) {
    if (value !== undefined && value > (values?.[at] ?? 0)) at = index
  }
  const value = values?.[at]
  if (value === undefined || steps === undefined) return strings.steady
  return strings.worst(inWords(spoken(value)), clockTime(steps.start + at * steps.step))
}

interface SignalProps {
  readonly of: Affected
  readonly title: string
  readonly quantity: Quantity
  readonly values: Values | undefined
  readonly said: ReactNode
  readonly health?: Extract<HealthState, 'failing' | 'degraded'> | undefined
}

function Signal({ title, of, quantity, values, said, health }: SignalProps) {
  return (
    <div className={`${classes['card'] ?? ''} ${classes['signal'] ?? ''}`}>
      <h2>
        {title} <TrustMark of={of} />
      </h2>
      <p className={classes['value']} data-health={health}>
        <Measure quantity={quantity} />
      </p>
      <div className={classes['signalSpark']}>
        {values !== undefined && (
          <Sparkline values={values} label={strings.sparkline(title)} tone={health ?? 'traffic'} />
        )}
      </div>
      <p className={classes['said']}>{said}</p>
    </div>
  )
}
