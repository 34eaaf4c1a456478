import { queryOptions } from '@tanstack/react-query'

import { exploreInstant, exploreRange } from '../../clients/prometheus/explore.ts'
import type { Steps } from '../../mesh/rangeQueries.ts'
import { atMost } from './limit.ts'
import { timed } from './timed.ts'

const inTurn = atMost(2)

/** What an expression gives at an instant; asked once for each. */
export function exploreInstantQuery(cluster: string, promql: string, at: number) {
  return queryOptions({
    queryKey: ['telemetry', { cluster, promql }, { at }] as const,
    queryFn: ({ signal }) =>
      inTurn(signal, () => timed(() => exploreInstant({ base: '', cluster }, { promql, at }, signal))),
    staleTime: Infinity,
    gcTime: 30_000,
  })
}

/** What an expression gives over a span's steps. */
export function exploreRangeQuery(cluster: string, promql: string, steps: Steps) {
  return queryOptions({
    queryKey: ['telemetry', { cluster, promql }, { at: steps.end, ...steps }] as const,
    queryFn: ({ signal }) =>
      inTurn(signal, () => timed(() => exploreRange({ base: '', cluster }, { promql, steps }, signal))),
    staleTime: Infinity,
    gcTime: 30_000,
  })
}
