import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { Query } from '../../../mesh/queries.ts'
import type { Group } from '../../../mesh/ranking.ts'
import type { SeriesQuestion, Steps } from '../../../mesh/rangeQueries.ts'
import type { Sample } from '../../../mesh/samples.ts'
import { useLatest, type Latest } from '../../queries/latest.ts'
import {
  seriesQuery,
  totalsQuery,
  type SeriesAnswer,
  type SeriesSubject,
  type TotalsAnswer,
} from '../../queries/series.ts'
import type { Content } from './content.ts'

/** What a panel has to show. */
export interface PanelAnswer {
  /** Undefined until there is one; of an earlier instant while `error` says why there is no newer one. */
  readonly content: Content | undefined
  readonly steps: Steps | undefined
  readonly error: Error | null
  /** The period before, where it was asked for: whether it is known, or why it is not. */
  readonly earlier?: { readonly isKnown: boolean; readonly error: Error | null }
  readonly retry: () => void
  /** Everything that was asked to draw it. */
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
}

/** Stands where there is nothing to ask, or nobody to ask it of. */
const noQuestion: SeriesQuestion = { ask: 'series-requests', by: [], reporter: 'auto' }
const nobody: SeriesSubject = {
  cluster: { name: '' },
  namespaces: [],
  project: undefined,
  window: { seconds: 1, at: 0 },
  grain: { step: 1, rateWindow: 1 },
  chosen: '',
}

/** The newest good answer to a question over time; asks nothing without a question or a subject. */
export function useSeries(
  question: SeriesQuestion | undefined,
  subject: SeriesSubject | undefined,
): Latest<SeriesAnswer> {
  const options = seriesQuery(question ?? noQuestion, subject ?? nobody)
  const enabled = question !== undefined && subject !== undefined
  return useLatest(useQuery({ ...options, enabled }), JSON.stringify(options.queryKey[1]))
}

/** The newest good answer to a question over the whole span; asks nothing without a question or a subject. */
export function useTotals(
  question: SeriesQuestion | undefined,
  subject: SeriesSubject | undefined,
): Latest<TotalsAnswer> {
  const options = totalsQuery(question ?? noQuestion, subject ?? nobody)
  const enabled = question !== undefined && subject !== undefined
  return useLatest(useQuery({ ...options, enabled }), JSON.stringify(options.queryKey[1]))
}

export interface TopTen<T extends Group> {
  readonly ranking: Latest<TotalsAnswer>
  /** Undefined until the ranking is known. */
  readonly groups: readonly T[] | undefined
  /** The series of the ten. */
  readonly ten: Latest<SeriesAnswer>
}

/** Whom a panel asks about. */
export interface PanelSubjects {
  readonly subject: SeriesSubject
  /** Whose totals choose the ten: a period before shows the ten of this one. */
  readonly ranked: SeriesSubject
}

/** The ten groups of a panel, chosen once for the whole span by Prometheus's totals, and their series; asks nothing without a ranking. */
export function useTopTen<T extends Group>(
  rank: SeriesQuestion | undefined,
  pick: (samples: readonly Sample[]) => readonly T[],
  ask: (ten: readonly T[]) => SeriesQuestion,
  { subject, ranked }: PanelSubjects,
): TopTen<T> {
  const ranking = useTotals(rank, ranked)
  const samples = ranking.data?.samples
  const groups = useMemo(() => (samples === undefined ? undefined : pick(samples)), [samples, pick])
  const isAsked = rank !== undefined && groups !== undefined && groups.length > 0
  const ten = useSeries(isAsked ? ask(sorted(groups)) : undefined, subject)
  return { ranking, groups, ten }
}

/** The same groups are the same question, in whichever order they rank. */
export function sorted<T extends Group>(groups: readonly T[]): readonly T[] {
  return [...groups].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What a panel draws, and on which steps. */
export interface Drawn {
  readonly content: Content
  readonly steps: Steps
}

/**
 * One panel's answer out of the several it is drawn from: the first error, everything that was asked. While the parts of a newer
 * instant are still arriving, what was drawn last about the same (`about`) stays.
 */
export function usePanelAnswer(
  drawn: Drawn | undefined,
  parts: readonly (Latest<SeriesAnswer> | Latest<TotalsAnswer>)[],
  about: string,
): PanelAnswer {
  const [held, setHeld] = useState<{ readonly about: string; readonly drawn: Drawn }>()
  if (drawn !== undefined && (held?.drawn !== drawn || held.about !== about)) setHeld({ about, drawn })
  const shown = drawn ?? (held?.about === about ? held.drawn : undefined)
  const failed = parts.find(({ error }) => error !== null)
  return {
    content: shown?.content,
    steps: shown?.steps,
    error: failed?.error ?? null,
    retry: () => {
      for (const part of parts) if (part.error !== null) part.retry()
    },
    queries: parts.flatMap(({ data }) => data?.queries ?? []),
    notes: [...new Set(parts.flatMap(({ data }) => data?.notes ?? []))],
  }
}

/** What a panel's numbers are about, but for the instant. */
export function aboutOf({ cluster, namespaces, project, chosen }: SeriesSubject, ...more: readonly unknown[]): string {
  return JSON.stringify([cluster.name, namespaces, project, chosen, ...more])
}
