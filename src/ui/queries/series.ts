import { queryOptions } from '@tanstack/react-query'

import { askSeries, askTotals, type AskedSeries, type SeriesGrain } from '../../clients/prometheus/series.ts'
import type { Asked, TelemetryScope } from '../../clients/prometheus/telemetry.ts'
import type { SeriesQuestion } from '../../mesh/rangeQueries.ts'
import type { Sample } from '../../mesh/samples.ts'
import type { Window } from '../../mesh/scope.ts'
import { atMost } from './limit.ts'
import { timed } from './timed.ts'

/** What a series question is asked about. */
export interface SeriesSubject {
  readonly cluster: { readonly name: string }
  readonly namespaces: readonly string[]
  readonly project: string | undefined
  /** What is asked for: the chosen span, less what is known to be empty. */
  readonly window: Window
  readonly grain: SeriesGrain
  /** The span as it was chosen: a new choice is a new subject, a span that merely moves on is not. */
  readonly chosen: string
}

export interface SeriesAnswer extends AskedSeries {
  /** Milliseconds between asking and the last byte, as this page saw it. */
  readonly tookMs: number
}

export interface TotalsAnswer extends Asked {
  readonly samples: readonly Sample[]
  readonly tookMs: number
}

/** A page asks no more than this at once, so that one viewer does not take all of Prometheus. */
const inTurn = atMost(4)

/**
 * A named question over the subject's window. The key holds all of it, so that panels with the same question ask once; an answer about
 * an instant does not age. While a later instant of the same subject is asked, the last answer stands in (`isPlaceholderData`).
 */
export function seriesQuery(
  question: SeriesQuestion,
  { cluster, namespaces, project, window, grain, chosen }: SeriesSubject,
) {
  const queryKey = [
    'telemetry',
    { cluster: cluster.name, question, namespaces, project, chosen },
    window,
    grain,
  ] as const
  return queryOptions({
    queryKey,
    queryFn: ({ signal }): Promise<SeriesAnswer> =>
      inTurn(signal, () =>
        timed(() =>
          askSeries({ base: '', cluster: cluster.name }, question, scopeOf(namespaces, project, window), grain, signal),
        ),
      ),
    staleTime: Infinity,
    gcTime: 30_000,
    placeholderData: (previous, query) =>
      query !== undefined && isSame(query.queryKey[1], queryKey[1]) ? previous : undefined,
  })
}

/** The same question as one number for each group, over the whole window: what services are ranked by. */
export function totalsQuery(question: SeriesQuestion, { cluster, namespaces, project, window, chosen }: SeriesSubject) {
  const queryKey = [
    'telemetry',
    { cluster: cluster.name, question, namespaces, project, chosen },
    window,
    'total',
  ] as const
  return queryOptions({
    queryKey,
    queryFn: ({ signal }): Promise<TotalsAnswer> =>
      inTurn(signal, () =>
        timed(() =>
          askTotals({ base: '', cluster: cluster.name }, question, scopeOf(namespaces, project, window), signal),
        ),
      ),
    staleTime: Infinity,
    gcTime: 30_000,
    placeholderData: (previous, query) =>
      query !== undefined && isSame(query.queryKey[1], queryKey[1]) ? previous : undefined,
  })
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function scopeOf(
  namespaces: readonly string[],
  project: string | undefined,
  { seconds, at }: Window,
): TelemetryScope & { readonly at: number } {
  return {
    ...(project !== undefined ? { project } : namespaces.length > 0 ? { namespaces } : {}),
    window: seconds,
    at,
  }
}
