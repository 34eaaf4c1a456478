import { useCallback, useMemo } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { groupIn } from '../../../mesh/groups.ts'
import { bucketsOf, meanOf, toleranceOf, type Tolerance } from '../../../mesh/panels.ts'
import { peerIn } from '../../../mesh/peers.ts'
import type { Grouping, SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import { highestGroups, serviceGroup, topGroups, type Group, type Measure } from '../../../mesh/ranking.ts'
import type { Labels, Sample, Series } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import { shortSpan } from '../../format.ts'
import { useHealthPolicy } from '../../healthPolicy.ts'
import {
  aboutOf,
  sorted,
  usePanelAnswer,
  useSeries,
  useTopTen,
  useTotals,
  type Drawn,
  type PanelAnswer,
  type PanelSubjects,
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
  /** Of which there may be many: ten are chosen by their totals over the span, and asked for by name. */
  readonly ranked: Ranked | undefined
  /** Of which there are few: all are asked for. */
  readonly grouped: { readonly by: Grouping; readonly groupOf: GroupOf } | undefined
  readonly common: Pick<SeriesQuestion, 'reporter' | 'end'>
}

/** A group with what asks for its calls. */
type Named = Group & { readonly filter: Filter }
type Filter = Pick<SeriesQuestion, 'services' | 'peers'>

interface Ranked {
  readonly by: Grouping
  readonly groupOf: (labels: Labels) => Named | undefined
  /** What asks for the calls of the groups, or of all others. */
  readonly filterOf: (groups: readonly Named[], isRest: boolean) => Filter
}

const services: Ranked = {
  by: 'service',
  groupOf: (labels) => {
    const group = serviceGroup(labels)
    if (group === undefined) return undefined
    const { namespace, name } = group
    return { ...group, filter: { services: { names: [{ namespace, name }], isRest: false } } }
  },
  filterOf: (groups, isRest) => ({
    services: { names: groups.flatMap(({ filter }) => filter.services?.names ?? []), isRest },
  }),
}

function peersIn(direction: MetricsChoice['direction']): Ranked {
  const peerOf = peerIn(direction)
  return {
    by: 'peer',
    groupOf: (labels) => {
      const group = peerOf(labels)
      return group && { ...group, filter: { peers: { peers: [group.peer], isRest: false } } }
    },
    filterOf: (groups, isRest) => ({
      peers: { peers: groups.flatMap(({ filter }) => filter.peers?.peers ?? []), isRest },
    }),
  }
}

function useSplit({ reporter, level, by, direction }: MetricsChoice, end: CallEnd | undefined): Split {
  return useMemo((): Split => {
    const isGrouped = end !== undefined && by !== 'none' && by !== 'peer'
    return {
      ranked:
        end === undefined
          ? level === 'detail'
            ? services
            : undefined
          : by === 'peer'
            ? peersIn(direction)
            : undefined,
      grouped: isGrouped ? { by, groupOf: groupIn(by, direction) } : undefined,
      common: { reporter, ...(end === undefined ? {} : { end }) },
    }
  }, [reporter, level, by, direction, end])
}

/** Success Rate, Request Volume, 4xx and 5xx Response Count. */
export function useRequestPanel(
  panel: RequestPanel,
  subjects: PanelSubjects,
  choice: MetricsChoice,
  end: CallEnd | undefined,
): PanelAnswer {
  const { reporter, unit } = choice
  const { subject } = subjects
  const tolerance = useTolerance(end)
  const { ranked, grouped, common } = useSplit(choice, end)
  const all = useSeries(
    grouped === undefined
      ? requestsByOutcome(reporter, end)
      : { ask: 'series-requests', by: [grouped.by, 'outcome'], ...common },
    subject,
  )
  const { by, groupOf: rankedOf, filterOf } = ranked ?? services
  const { ranking, groups, ten } = useTopTen(
    ranked === undefined ? undefined : { ask: 'series-requests', by: [by, 'outcome'], ...common },
    useCallback((samples: readonly Sample[]) => topGroups(samples, measures[panel], rankedOf), [panel, rankedOf]),
    // Volume needs no outcomes, which are most of an answer's size.
    (wanted) => ({
      ask: 'series-requests',
      by: panel === 'volume' ? [by] : [by, 'outcome'],
      ...common,
      ...filterOf(wanted, false),
    }),
    subjects,
  )

  const drawn = useMemo((): Drawn | undefined => {
    if (all.data === undefined) return undefined
    const { steps, series } = all.data
    const telling = { unit, step: steps.step, stepText: shortSpan(steps.step), tolerance }
    if (grouped !== undefined) {
      const { groupOf } = grouped
      const top = topGroups(meansOf(series), measures[panel], groupOf)
      return { steps, content: requestDetail(panel, top, series, series, telling, groupOf) }
    }
    if (ranked === undefined) return { steps, content: requestSummary(panel, series, telling) }
    if (groups === undefined) return undefined
    if (groups.length === 0) return { steps, content: requestDetail(panel, [], [], series, telling, ranked.groupOf) }
    // The ten and the total must be of the same steps, or the rest would be nonsense.
    if (ten.data === undefined || !isSameSteps(ten.data.steps, steps)) return undefined
    return { steps, content: requestDetail(panel, groups, ten.data.series, series, telling, ranked.groupOf) }
  }, [all.data, ten.data, groups, ranked, grouped, panel, unit, tolerance])
  return usePanelAnswer(
    drawn,
    ranked === undefined ? [all] : [all, ten, ranking],
    aboutOf(subject, panel, common, ranked?.by ?? grouped?.by),
  )
}

/** What the policy tolerates of the one who answers all these calls, where there is one; else of anybody. */
function useTolerance(end: CallEnd | undefined): Tolerance {
  const policy = useHealthPolicy()
  return useMemo(() => toleranceOf(policy, end?.direction === 'inbound' ? end : undefined), [policy, end])
}

/** One sample for each series: its mean over the span. */
function meansOf(series: readonly Series[]): readonly Sample[] {
  return series.flatMap(({ labels, points }) => {
    const value = meanOf(points.map((point) => point.value))
    return value === undefined ? [] : [{ labels, value }]
  })
}

/** Request Duration. */
export function useDurationPanel(
  subjects: PanelSubjects,
  choice: MetricsChoice,
  end: CallEnd | undefined,
): PanelAnswer {
  const { quantile } = choice
  const { subject } = subjects
  const { ranked, grouped, common } = useSplit(choice, end)
  const question = (more: Pick<SeriesQuestion, 'by' | 'services' | 'peers'>): SeriesQuestion => ({
    ask: 'series-duration',
    statistic: quantile,
    ...common,
    ...more,
  })
  const buckets = useSeries(
    ranked !== undefined || grouped !== undefined
      ? undefined
      : { ask: 'series-duration', statistic: 'buckets', by: [], ...common },
    subject,
  )
  const groupedQuestion = grouped === undefined ? undefined : question({ by: [grouped.by] })
  const groupedSeries = useSeries(groupedQuestion, subject)
  // Ranked and told by the quantile over the whole span: never by a mean of quantiles.
  const groupedTotals = useTotals(groupedQuestion, subject)
  const { by, groupOf: rankedOf, filterOf } = ranked ?? services
  const {
    ranking,
    groups,
    ten: tenAnswer,
  } = useTopTen(
    ranked === undefined ? undefined : question({ by: [by] }),
    useCallback((samples: readonly Sample[]) => highestGroups(samples.filter(isNumber), rankedOf), [rankedOf]),
    (wanted) => question({ by: [by], ...filterOf(wanted, false) }),
    subjects,
  )
  const rest = useSeries(
    ranked === undefined || groups === undefined ? undefined : question({ by: [], ...filterOf(sorted(groups), true) }),
    subject,
  )

  const ten = tenAnswer.data
  const samples = ranking.data?.samples
  const totals = groupedTotals.data?.samples
  const drawn = useMemo((): Drawn | undefined => {
    if (grouped !== undefined) {
      if (groupedSeries.data === undefined || totals === undefined) return undefined
      const { steps, series } = groupedSeries.data
      const { groupOf } = grouped
      const overallOf = ({ id }: Group) => totals.find(({ labels }) => groupOf(labels)?.id === id)?.value
      const top = highestGroups(totals.filter(isNumber), groupOf)
      return { steps, content: durationDetail(quantile, top, series, [], overallOf, groupOf) }
    }
    if (ranked === undefined) {
      if (buckets.data === undefined) return undefined
      return { steps: buckets.data.steps, content: durationSummary(bucketsOf(buckets.data.series)) }
    }
    if (groups === undefined || rest.data === undefined) return undefined
    const { steps, series } = rest.data
    if (groups.length > 0 && (ten === undefined || !isSameSteps(ten.steps, steps))) return undefined
    const tenSeries = groups.length === 0 ? [] : (ten?.series ?? [])
    const overall = ({ id }: Group) => samples?.find(({ labels }) => ranked.groupOf(labels)?.id === id)?.value
    return { steps, content: durationDetail(quantile, groups, tenSeries, series, overall, ranked.groupOf) }
  }, [ranked, grouped, groupedSeries.data, totals, buckets.data, groups, ten, rest.data, samples, quantile])
  return usePanelAnswer(
    drawn,
    grouped !== undefined
      ? [groupedSeries, groupedTotals]
      : ranked === undefined
        ? [buckets]
        : [rest, tenAnswer, ranking],
    aboutOf(subject, 'duration', common, quantile, ranked?.by ?? grouped?.by),
  )
}

/** TCP Traffic, TCP Connections, gRPC Messages. */
export function useDirectedPanel(
  panel: DirectedPanel,
  subjects: PanelSubjects,
  choice: MetricsChoice,
  end: CallEnd | undefined,
): PanelAnswer {
  const { subject } = subjects
  const ask = panel === 'messages' ? 'series-grpc-messages' : 'series-tcp'
  const { ranked, grouped, common } = useSplit(choice, end)
  const all = useSeries({ ask, by: grouped === undefined ? [] : [grouped.by], ...common }, subject)
  const isPresent = (all.data?.series.length ?? 0) > 0
  const { by, groupOf: rankedOf, filterOf } = ranked ?? services
  const { ranking, groups, ten } = useTopTen(
    ranked !== undefined && isPresent ? { ask, by: [by], ...common } : undefined,
    useCallback((samples: readonly Sample[]) => highestGroups(counted(samples, panel), rankedOf), [panel, rankedOf]),
    (wanted) => ({ ask, by: [by], ...common, ...filterOf(wanted, false) }),
    subjects,
  )

  const drawn = useMemo((): Drawn | undefined => {
    if (all.data === undefined) return undefined
    const { steps, series } = all.data
    if (grouped !== undefined && isPresent) {
      const top = highestGroups(counted(meansOf(series), panel), grouped.groupOf)
      return { steps, content: directedDetail(panel, top, series, series, grouped.groupOf) }
    }
    if (ranked === undefined || !isPresent) return { steps, content: directedSummary(panel, series) }
    if (groups === undefined) return undefined
    if (groups.length === 0) return { steps, content: directedDetail(panel, [], [], series, ranked.groupOf) }
    if (ten.data === undefined || !isSameSteps(ten.data.steps, steps)) return undefined
    return { steps, content: directedDetail(panel, groups, ten.data.series, series, ranked.groupOf) }
  }, [all.data, ten.data, groups, ranked, grouped, isPresent, panel])
  return usePanelAnswer(
    drawn,
    ranked !== undefined && isPresent ? [all, ten, ranking] : [all],
    aboutOf(subject, panel, common, ranked?.by ?? grouped?.by),
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
