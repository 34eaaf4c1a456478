import { queryOptions } from '@tanstack/react-query'

import { askFacts, askTelemetry, type Asked, type TelemetryScope } from '../../clients/prometheus/telemetry.ts'
import type { FactsData } from '../../clients/prometheus/wire.ts'
import type { ClusterQuestion } from '../../mesh/clusterQueries.ts'
import type { InstantQuestion } from '../../mesh/queries.ts'
import type { Sample, Skipped } from '../../mesh/samples.ts'
import type { Window } from '../../mesh/scope.ts'
import { timed } from './timed.ts'

/** What a question is asked about; a `View` is one. */
export interface Subject {
  readonly cluster: { readonly name: string }
  readonly namespaces: readonly string[]
  readonly project: string | undefined
  readonly window: Window
}

/** The answer to a named question. */
export interface Answer extends Asked {
  readonly samples: readonly Sample[]
  readonly skipped: readonly Skipped[]
  /** Milliseconds between asking and the last byte, as this page saw it. */
  readonly tookMs: number
}

/**
 * A named question at the view's instant. The key holds all of it: cluster, question, scope, window, instant. An answer about an
 * instant does not age, so it is never asked again by itself; earlier instants are forgotten after half a minute, since each
 * may be megabytes. While a new instant of the same subject is asked, the last answer stands in (`isPlaceholderData`).
 */
export function telemetryQuery(
  question: InstantQuestion | ClusterQuestion,
  { cluster, namespaces, project, window }: Subject,
) {
  const queryKey = ['telemetry', { cluster: cluster.name, question, namespaces, project }, window] as const
  return queryOptions({
    queryKey,
    queryFn: ({ signal }): Promise<Answer> =>
      timed(() =>
        askTelemetry({ base: '', cluster: cluster.name }, question, scopeOf({ namespaces, project, window }), signal),
      ),
    staleTime: Infinity,
    gcTime: 30_000,
    placeholderData: (previous, query) =>
      query !== undefined && JSON.stringify(query.queryKey[1]) === JSON.stringify(queryKey[1]) ? previous : undefined,
  })
}

/** What this Prometheus is and whether Istio's metrics are in it: needed to explain an empty page, and no more often than each minute. */
export function factsQuery({ cluster, namespaces, project, window }: Subject) {
  const { seconds } = window
  const at = Math.floor(window.at / 60) * 60
  return queryOptions({
    queryKey: ['facts', { cluster: cluster.name, namespaces, project }, { seconds, at }] as const,
    queryFn: ({ signal }): Promise<FactsData & { readonly asked: Asked }> =>
      askFacts({ base: '', cluster: cluster.name }, scopeOf({ namespaces, project, window: { seconds, at } }), signal),
    staleTime: Infinity,
    gcTime: 120_000,
  })
}

/** Scope and window of a subject as the door takes them. */
export function scopeOf({ namespaces, project, window }: Omit<Subject, 'cluster'>): TelemetryScope {
  return {
    ...(project !== undefined ? { project } : namespaces.length > 0 ? { namespaces } : {}),
    window: window.seconds,
    at: window.at,
  }
}
