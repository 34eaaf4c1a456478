import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import {
  attainmentOf,
  objectiveAnnotation,
  readObjective,
  type Attainment,
  type Objective,
} from '../../../mesh/objective.ts'
import { rhythmOf } from '../../../mesh/panels.ts'
import { objectsQuery } from '../../queries/objects.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { useView } from '../../view.tsx'
import { useTotals } from './answers.ts'
import { useRecorded } from './recorded.ts'
import { requestsByOutcome } from './subject.ts'

/** What is known of a service's objective. */
export type ObjectiveState =
  | { readonly kind: 'none' }
  /** The annotation says something that is no objective. */
  | { readonly kind: 'malformed'; readonly text: string }
  | {
      readonly kind: 'stated'
      readonly objective: Objective
      /** The history the attainment speaks of, in seconds; undefined until that is known. */
      readonly seconds: number | undefined
      /** Undefined until it is known, and where nothing was asked of the service. */
      readonly attainment: Attainment | undefined
      readonly error: Error | null
      readonly retry: () => void
    }

/** Attainment moves slowly over days, and its question is dear: it is asked every five minutes. */
const rhythm = 300
/** The longest span that is asked, in seconds. */
const longest = 30 * 86_400
const nothing: CallEnd = { kind: 'service', namespace: '', name: '', direction: 'inbound' }

/** The objective that a Service's annotation states of the calls to it, and what became of it over the history there is. */
export function useObjective(end: CallEnd | undefined, subject: SeriesSubject | undefined): ObjectiveState {
  const { cluster } = useView()
  const isMeant = end?.kind === 'service' && end.direction === 'inbound'
  const { data } = useQuery({
    ...objectsQuery(cluster.name),
    enabled: isMeant && cluster.capabilities.kubernetes.allowed,
  })
  const service = isMeant
    ? data?.objects.services?.find(({ namespace, name }) => namespace === end.namespace && name === end.name)
    : undefined
  const text = service?.annotations?.[objectiveAnnotation]
  const objective = useMemo(() => (text === undefined ? undefined : readObjective(text)), [text])

  const at = Math.floor((subject?.window.at ?? 0) / rhythm) * rhythm
  const isAsked = objective !== undefined && subject !== undefined
  const about = useCallback(
    (seconds: number): SeriesSubject => ({
      cluster,
      // The objective is the service's, whatever else is in scope.
      namespaces: end === undefined ? [] : [end.namespace],
      project: undefined,
      chosen: 'objective',
      window: { seconds, at },
      grain: rhythmOf(seconds, undefined),
    }),
    [cluster, end, at],
  )
  const question = requestsByOutcome('auto', end ?? nothing)
  const wanted = Math.min(longest, objective?.seconds ?? rhythm)
  const recorded = useRecorded(question, about, wanted, isAsked)
  const known = isAsked && recorded.isSettled
  const totals = useTotals(known ? question : undefined, known ? about(recorded.seconds) : undefined)

  const samples = totals.data?.samples
  // A member's window may begin later than was asked.
  const seconds = totals.data?.window ?? recorded.seconds
  const attainment = useMemo(
    () => (objective === undefined || samples === undefined ? undefined : attainmentOf(objective, samples, seconds)),
    [objective, samples, seconds],
  )
  if (text === undefined) return { kind: 'none' }
  if (objective === undefined) return { kind: 'malformed', text }
  return {
    kind: 'stated',
    objective,
    seconds: samples === undefined ? undefined : seconds,
    attainment,
    error: totals.error,
    retry: totals.retry,
  }
}
