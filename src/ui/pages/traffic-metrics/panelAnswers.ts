import { useCallback, useMemo } from 'react'

import { bucketsOf } from '../../../mesh/panels.ts'
import { highestServices, serviceOf, topServices, type Measure } from '../../../mesh/ranking.ts'
import type { ServiceName } from '../../../mesh/countedOnce.ts'
import type { SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import type { Sample } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import { shortSpan } from '../../format.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { joined, sorted, useSeries, useTopTen, type PanelAnswer } from './answers.ts'
import {
  directedDetail,
  directedSummary,
  durationDetail,
  durationSummary,
  requestDetail,
  requestSummary,
  type DirectedPanel,
  type RequestPanel,
} from './content.ts'
import { requestsByOutcome } from './subject.ts'
import type { MetricsChoice } from './words.ts'

const measures: Readonly<Record<RequestPanel, Measure>> = {
  success: 'success',
  volume: 'volume',
  '4xx': 'clientErrors',
  '5xx': 'serverErrors',
}

/** Success Rate, Request Volume, 4xx and 5xx Response Count. */
export function useRequestPanel(panel: RequestPanel, subject: SeriesSubject, choice: MetricsChoice): PanelAnswer {
  const { reporter, unit } = choice
  const isDetail = choice.level === 'detail'
  const all = useSeries(requestsByOutcome(reporter), subject)
  const { ranking, names, ten } = useTopTen(
    isDetail ? { ask: 'series-requests', by: ['service', 'outcome'], reporter } : undefined,
    useCallback((samples: readonly Sample[]) => topServices(samples, measures[panel]), [panel]),
    // Volume needs no outcomes, which are most of an answer's size.
    (services) => ({
      ask: 'series-requests',
      by: panel === 'volume' ? ['service'] : ['service', 'outcome'],
      reporter,
      services,
    }),
    subject,
  )

  const content = useMemo(() => {
    if (all.data === undefined) return undefined
    const { step } = all.data.steps
    const telling = { unit, step, stepText: shortSpan(step) }
    if (!isDetail) return requestSummary(panel, all.data.series, telling)
    if (names === undefined) return undefined
    if (names.length === 0) return requestDetail(panel, [], [], all.data.series, telling)
    // The ten and the total must be of the same steps, or the rest would be nonsense.
    if (ten.data === undefined || !isSameSteps(ten.data.steps, all.data.steps)) return undefined
    return requestDetail(panel, names, ten.data.series, all.data.series, telling)
  }, [all.data, ten.data, names, isDetail, panel, unit])
  return joined(content, isDetail ? [all, ten, ranking] : [all])
}

/** Request Duration. */
export function useDurationPanel(subject: SeriesSubject, choice: MetricsChoice): PanelAnswer {
  const { reporter, quantile } = choice
  const isDetail = choice.level === 'detail'
  const question = (more: Pick<SeriesQuestion, 'by' | 'services'>): SeriesQuestion => ({
    ask: 'series-duration',
    statistic: quantile,
    reporter,
    ...more,
  })
  const buckets = useSeries(
    isDetail ? undefined : { ask: 'series-duration', statistic: 'buckets', by: [], reporter },
    subject,
  )
  const { ranking, names, ten } = useTopTen(
    isDetail ? question({ by: ['service'] }) : undefined,
    highestServices,
    (services) => question({ by: ['service'], services }),
    subject,
  )
  const isRanked = isDetail && names !== undefined
  const rest = useSeries(
    isRanked ? question({ by: [], services: { names: sorted(names), isRest: true } }) : undefined,
    subject,
  )

  const samples = ranking.data?.samples
  const content = useMemo(() => {
    if (!isDetail) return buckets.data === undefined ? undefined : durationSummary(bucketsOf(buckets.data.series))
    if (names === undefined || rest.data === undefined) return undefined
    const tenSeries = names.length === 0 ? [] : ten.data?.series
    if (tenSeries === undefined) return undefined
    return durationDetail(quantile, names, tenSeries, rest.data.series, (name) => overallIn(samples ?? [], name))
  }, [isDetail, buckets.data, names, ten.data, rest.data, samples, quantile])
  return joined(content, isDetail ? [rest, ten, ranking] : [buckets])
}

/** TCP Traffic, TCP Connections, gRPC Messages. */
export function useDirectedPanel(panel: DirectedPanel, subject: SeriesSubject, choice: MetricsChoice): PanelAnswer {
  const ask = panel === 'messages' ? 'series-grpc-messages' : 'series-tcp'
  const { reporter } = choice
  const isDetail = choice.level === 'detail'
  const all = useSeries({ ask, by: [], reporter }, subject)
  const isPresent = (all.data?.series.length ?? 0) > 0
  const { ranking, names, ten } = useTopTen(
    isDetail && isPresent ? { ask, by: ['service'], reporter } : undefined,
    useCallback((samples: readonly Sample[]) => highestServices(summed(samples, panel)), [panel]),
    (services) => ({ ask, by: ['service'], reporter, services }),
    subject,
  )

  const content = useMemo(() => {
    if (all.data === undefined) return undefined
    if (!isDetail || !isPresent) return directedSummary(panel, all.data.series)
    if (names === undefined) return undefined
    if (names.length === 0) return directedDetail(panel, [], [], all.data.series)
    if (ten.data === undefined || !isSameSteps(ten.data.steps, all.data.steps)) return undefined
    return directedDetail(panel, names, ten.data.series, all.data.series)
  }, [all.data, ten.data, names, isDetail, isPresent, panel])
  return joined(content, isDetail && isPresent ? [all, ten, ranking] : [all])
}

/** One sample for each service: its directions together (connections: those opened). */
function summed(samples: readonly Sample[], panel: DirectedPanel): readonly Sample[] {
  const wanted = panel === 'connections' ? ['opened'] : ['sent', 'received']
  const byService = new Map<string, { readonly labels: Sample['labels']; value: number }>()
  for (const { labels, value } of samples) {
    const service = serviceOf(labels)
    if (service === undefined || !wanted.includes(labels[label.direction] ?? '')) continue
    const key = `${service.namespace}/${service.name}`
    const known = byService.get(key)
    if (known === undefined) byService.set(key, { labels, value })
    else known.value += value
  }
  return [...byService.values()]
}

function overallIn(samples: readonly Sample[], { namespace, name }: ServiceName): number | undefined {
  return samples.find(({ labels }) => {
    const service = serviceOf(labels)
    return service?.name === name && service.namespace === namespace
  })?.value
}

function isSameSteps(a: { readonly start: number; readonly end: number }, b: typeof a): boolean {
  return a.start === b.start && a.end === b.end
}
