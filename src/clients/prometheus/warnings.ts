import { isObject, stringsOf } from '../json.ts'

/** What an answer of VictoriaMetrics' cluster is that says `isPartial`, in words. */
export const partialAnswer = 'the answer is partial: a part of the storage did not answer'

/**
 * What a successful answer says against itself: `warnings` (Prometheus with remote reads; Thanos and Mimir where a store or an ingester is
 * missing), and `isPartial`, which is VictoriaMetrics' only word for it. Nothing where it says nothing.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
 * https://thanos.io/tip/components/query.md/#partial-response
 * https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#cluster-availability
 */
export function warningsOf(answer: unknown): readonly string[] {
  if (!isObject(answer)) return []
  return [...stringsOf(answer['warnings']), ...(answer['isPartial'] === true ? [partialAnswer] : [])]
}
