import { useCallback, useMemo } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { groupIn } from '../../../mesh/groups.ts'
import { bucketsOf, meanOf } from '../../../mesh/panels.ts'
import {
  highestGroups,
  highestServices,
  serviceGroup,
  topGroups,
  serviceTitle,
  topServices,
  type Group,
  type Measure,
} from '../../../mesh/ranking.ts'
import type { ServiceName } from '../../../mesh/countedOnce.ts'
import type { SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import type { Sample, Series } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import { shortSpan } from '../../format.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import {
  aboutOf,
  sorted,
  usePanelAnswer,
  useSeries,
  useTopTen,
  useTotals,
  type Drawn,
  type PanelAnswer,
} from './answers.ts'
import {
  directedDetail,
  directedSummary,
  durationDetail,
  durationSummary,
  requestDetail,
  requestSummary,
  type DirectedPanel,
  type GroupOf,
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

/** How a panel's calls are split, and what its questions have in common. */
interface Split {
  /** The ten services of the scope, asked for by name. */
  readonly isDetail: boolean
  /** The groups of one end's calls; undefined where they are not split. */
  readonly grouped:
    { readonly by: readonly [Exclude<MetricsChoice['by'], 'none'>]; readonly groupOf: GroupOf } | undefined
  readonly common: Pick<SeriesQuestion, 'reporter' | 'end'>
}

function useSplit({ reporter, level, by, direction }: MetricsChoice, end: CallEnd | undefined): Split {
  return useMemo(
    () => ({
      isDetail: end === undefined && level === 'detail',
      grouped: end === undefined || by === 'none' ? undefined : { by: [by], groupOf: groupIn(by, direction) },
      common: { reporter, ...(end === undefined ? {} : { end }) },
    }),
    [reporter, level, by, direction, end],
  )
}

/** Success Rate, Request Volume, 4xx and 5xx Response Count. */
export function useRequestPanel(
  panel: RequestPanel,
  subject: SeriesSubject,
  choice: MetricsChoice,
  end: CallEnd | undefined,
): PanelAnswer {
  const { reporter, unit } = choice
  const { isDetail, grouped, common } = useSplit(choice, end)
  const all = useSeries(
    grouped === undefined
      ? requestsByOutcome(reporter, end)
      : { ask: 'series-requests', by: [...grouped.by, 'outcome'], ...common },
    subject,
  )
  const { ranking, names, ten } = useTopTen(
    isDetail ? { ask: 'series-requests', by: ['service', 'outcome'], ...common } : undefined,
    useCallback((samples: readonly Sample[]) => topServices(samples, measures[panel]), [panel]),
    // Volume needs no outcomes, which are most of an answer's size.
    (services) => ({
      ask: 'series-requests',
      by: panel === 'volume' ? ['service'] : ['service', 'outcome'],
      ...common,
      services,
    }),
    subject,
  )

  const drawn = useMemo((): Drawn | undefined => {
    if (all.data === undefined) return undefined
    const { steps, series } = all.data
    const telling = { unit, step: steps.step, stepText: shortSpan(steps.step) }
    if (grouped !== undefined) {
      const { groupOf } = grouped
      const groups = topGroups(meansOf(series), measures[panel], groupOf)
      return { steps, content: requestDetail(panel, groups, series, series, telling, groupOf) }
    }
    if (!isDetail) return { steps, content: requestSummary(panel, series, telling) }
    if (names === undefined) return undefined
    if (names.length === 0) return { steps, content: requestDetail(panel, [], [], series, telling, serviceGroup) }
    // The ten and the total must be of the same steps, or the rest would be nonsense.
    if (ten.data === undefined || !isSameSteps(ten.data.steps, steps)) return undefined
    const groups = groupsOf(names)
    return { steps, content: requestDetail(panel, groups, ten.data.series, series, telling, serviceGroup) }
  }, [all.data, ten.data, names, isDetail, grouped, panel, unit])
  return usePanelAnswer(
    drawn,
    isDetail ? [all, ten, ranking] : [all],
    aboutOf(subject, panel, choice.level, common, grouped?.by),
  )
}

/** One sample for each series: its mean over the span. */
function meansOf(series: readonly Series[]): readonly Sample[] {
  return series.flatMap(({ labels, points }) => {
    const value = meanOf(points.map((point) => point.value))
    return value === undefined ? [] : [{ labels, value }]
  })
}

function groupsOf(names: readonly ServiceName[]): readonly Group[] {
  return names.map((name) => ({ id: `${name.namespace}/${name.name}`, title: serviceTitle(name) }))
}

/** Request Duration. */
export function useDurationPanel(subject: SeriesSubject, choice: MetricsChoice, end: CallEnd | undefined): PanelAnswer {
  const { quantile } = choice
  const { isDetail, grouped, common } = useSplit(choice, end)
  const question = (more: Pick<SeriesQuestion, 'by' | 'services'>): SeriesQuestion => ({
    ask: 'series-duration',
    statistic: quantile,
    ...common,
    ...more,
  })
  const buckets = useSeries(
    isDetail || grouped !== undefined ? undefined : { ask: 'series-duration', statistic: 'buckets', by: [], ...common },
    subject,
  )
  const groupedQuestion = grouped === undefined ? undefined : question({ by: grouped.by })
  const groupedSeries = useSeries(groupedQuestion, subject)
  // Ranked and told by the quantile over the whole span: never by a mean of quantiles.
  const groupedTotals = useTotals(groupedQuestion, subject)
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
  const totals = groupedTotals.data?.samples
  const drawn = useMemo((): Drawn | undefined => {
    if (grouped !== undefined) {
      if (groupedSeries.data === undefined || totals === undefined) return undefined
      const { steps, series } = groupedSeries.data
      const { groupOf } = grouped
      const overallOf = ({ id }: Group) => totals.find(({ labels }) => groupOf(labels)?.id === id)?.value
      const groups = highestGroups(totals.filter(isNumber), groupOf)
      return { steps, content: durationDetail(quantile, groups, series, [], overallOf, groupOf) }
    }
    if (!isDetail) {
      if (buckets.data === undefined) return undefined
      return { steps: buckets.data.steps, content: durationSummary(bucketsOf(buckets.data.series)) }
    }
    if (names === undefined || rest.data === undefined) return undefined
    const { steps, series } = rest.data
    if (names.length > 0 && (ten.data === undefined || !isSameSteps(ten.data.steps, steps))) return undefined
    const tenSeries = names.length === 0 ? [] : (ten.data?.series ?? [])
    const overall = ({ id }: Group) => samples?.find(({ labels }) => serviceGroup(labels)?.id === id)?.value
    return { steps, content: durationDetail(quantile, groupsOf(names), tenSeries, series, overall, serviceGroup) }
  }, [isDetail, grouped, groupedSeries.data, totals, buckets.data, names, ten.data, rest.data, samples, quantile])
  return usePanelAnswer(
    drawn,
    grouped !== undefined ? [groupedSeries, groupedTotals] : isDetail ? [rest, ten, ranking] : [buckets],
    aboutOf(subject, 'duration', choice.level, common, quantile, grouped?.by),
  )
}

/** TCP Traffic, TCP Connections, gRPC Messages. */
export function useDirectedPanel(
  panel: DirectedPanel,
  subject: SeriesSubject,
  choice: MetricsChoice,
  end: CallEnd | undefined,
): PanelAnswer {
  const ask = panel === 'messages' ? 'series-grpc-messages' : 'series-tcp'
  const { isDetail, grouped, common } = useSplit(choice, end)
  const all = useSeries({ ask, by: grouped?.by ?? [], ...common }, subject)
  const isPresent = (all.data?.series.length ?? 0) > 0
  const { ranking, names, ten } = useTopTen(
    isDetail && isPresent ? { ask, by: ['service'], ...common } : undefined,
    useCallback((samples: readonly Sample[]) => highestServices(counted(samples, panel)), [panel]),
    (services) => ({ ask, by: ['service'], ...common, services }),
    subject,
  )

  const drawn = useMemo((): Drawn | undefined => {
    if (all.data === undefined) return undefined
    const { steps, series } = all.data
    if (grouped !== undefined && isPresent) {
      const groups = highestGroups(counted(meansOf(series), panel), grouped.groupOf)
      return { steps, content: directedDetail(panel, groups, series, series, grouped.groupOf) }
    }
    if (!isDetail || !isPresent) return { steps, content: directedSummary(panel, series) }
    if (names === undefined) return undefined
    if (names.length === 0) return { steps, content: directedDetail(panel, [], [], series, serviceGroup) }
    if (ten.data === undefined || !isSameSteps(ten.data.steps, steps)) return undefined
    return { steps, content: directedDetail(panel, groupsOf(names), ten.data.series, series, serviceGroup) }
  }, [all.data, ten.data, names, isDetail, grouped, isPresent, panel])
  return usePanelAnswer(
    drawn,
    isDetail && isPresent ? [all, ten, ranking] : [all],
    aboutOf(subject, panel, choice.level, common, grouped?.by),
  )
}

/** The directions a group is ranked by, added up: both, but of connections those opened. */
function counted(samples: readonly Sample[], panel: DirectedPanel): readonly Sample[] {
  const wanted = panel === 'connections' ? ['opened'] : ['sent', 'received']
  return samples.filter(({ labels }) => wanted.includes(labels[label.direction] ?? ''))
}

function isNumber({ value }: Sample): boolean {
  return !Number.isNaN(value)
}

function isSameSteps(a: { readonly start: number; readonly end: number }, b: typeof a): boolean {
  return a.start === b.start && a.end === b.end
}
