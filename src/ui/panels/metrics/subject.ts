import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { rhythmOf } from '../../../mesh/panels.ts'
import type { SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import type { ReporterChoice, Window } from '../../../mesh/scope.ts'
import { useLatest } from '../../queries/latest.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { factsQuery } from '../../queries/telemetry.ts'
import { useView, type View } from '../../view.tsx'
import { useRecorded } from './recorded.ts'

/** The longest span that is drawn, in seconds. */
const longest = 30 * 86_400
/** Spans up to this many seconds are drawn as they are, without waiting to know where numbers begin. */
const neverEmpty = 3600

/** What all panels of the page ask about, and what became of the span that was chosen. */
export interface MetricsSubject {
  /** Undefined while it is not yet known how finely to ask, and where there is nothing to ask. */
  readonly subject: SeriesSubject | undefined
  /** The first instant with numbers, where the span was shortened to it. */
  readonly begins: number | undefined
  readonly isTooLong: boolean
  /** The span reaches into the future, and is drawn up to now. */
  readonly endsNow: boolean
  /** The span has not begun yet. */
  readonly isFuture: boolean
  readonly facts: ReturnType<typeof useFacts>
}

/** Requests by outcome: what the request panels' summaries and totals are drawn from, and what tells where numbers begin. */
export function requestsByOutcome(reporter: ReporterChoice, end: CallEnd | undefined): SeriesQuestion {
  return { ask: 'series-requests', by: ['outcome'], reporter, ...(end === undefined ? {} : { end }) }
}

/** The page's one subject, from header, URL and what Prometheus is known to hold. */
export function useMetricsSubject(reporter: ReporterChoice, end: CallEnd | undefined): MetricsSubject {
  const view = useView()
  const facts = useFacts(view)
  const [openedAt] = useState(() => Math.floor(Date.now() / 1000))
  const { window, isTooLong, endsNow, isFuture } = asked(view, openedAt)
  const isReady = !isFuture && (facts.data !== undefined || facts.error !== null)
  const scrapeInterval = facts.data?.scrapeIntervalSeconds

  const { cluster, namespaces, project, span } = view
  const chosen = JSON.stringify(span)
  const { seconds, at } = window
  const about = useMemo(
    (): ((seconds: number) => SeriesSubject) => (length) => ({
      cluster,
      namespaces,
      project,
      chosen,
      window: { seconds: length, at },
      grain: rhythmOf(length, scrapeInterval),
    }),
    [cluster, namespaces, project, chosen, at, scrapeInterval],
  )

  const canShorten = isReady && facts.error === null && span.kind === 'last' && seconds > neverEmpty
  const { isSettled, seconds: drawn } = useRecorded(requestsByOutcome(reporter, end), about, seconds, canShorten)
  const subject = useMemo(() => (isReady && isSettled ? about(drawn) : undefined), [isReady, isSettled, about, drawn])
  return { subject, begins: drawn < seconds ? at - drawn : undefined, isTooLong, endsNow, isFuture, facts }
}

function useFacts(view: View) {
  const { cluster, namespaces, project } = view
  return useLatest(useQuery(factsQuery(view)), JSON.stringify([cluster.name, namespaces, project]))
}

interface AskedWindow {
  readonly window: Window
  readonly isTooLong: boolean
  readonly endsNow: boolean
  readonly isFuture: boolean
}

/** The view's window without the future and no longer than can be drawn. */
function asked({ span, window }: View, now: number): AskedWindow {
  if (span.kind === 'last') return { window, isTooLong: false, endsNow: false, isFuture: false }
  const to = Math.min(span.to, now)
  const from = Math.max(span.from, to - longest)
  return {
    window: { seconds: Math.max(1, to - from), at: to },
    isTooLong: from > span.from && span.from < to,
    endsNow: span.to > now && span.from < now,
    isFuture: span.from >= now,
  }
}
