import { type QueryClient, queryOptions } from '@tanstack/react-query'

import { askTelemetryText } from '../../../../clients/prometheus/telemetry.ts'
import type { InstantQuestion } from '../../../../mesh/queries.ts'
import { scopeOf, type Subject } from '../../../queries/telemetry.ts'
import { timed } from '../../../queries/timed.ts'
import { createReader, type Reader } from './reader.ts'
import type { OpenedAnswer } from './reading.ts'

/** Whether a query of the cache is one of `openedQuery`. */
export const isOpened = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
  queryKey[0] === 'telemetry' && queryKey[3] === 'opened'

const readers = new WeakMap<QueryClient, Reader>()

/**
 * The page's one reader. What it keeps lives as long as the cache knows it: an answer that is forgotten there, or has a newer one in its
 * place, is forgotten by the reader too.
 */
export function readerFor(client: QueryClient): Reader {
  const known = readers.get(client)
  if (known !== undefined) return known
  const reader = createReader()
  readers.set(client, reader)
  const held = new Map<string, number>()
  client.getQueryCache().subscribe(({ type, query }) => {
    if (!isOpened(query)) return
    const before = held.get(query.queryHash)
    const now = type === 'removed' ? undefined : (query.state.data as OpenedAnswer | undefined)?.number
    if (before === now) return
    if (before !== undefined) reader.forget(before)
    if (now === undefined) held.delete(query.queryHash)
    else held.set(query.queryHash, now)
  })
  return reader
}

/**
 * A named question at the view's instant, as `telemetryQuery` asks it, with its samples left in the reader. An answer about an instant
 * does not age; earlier instants are forgotten after half a minute, since each may be megabytes.
 */
export function openedQuery(
  reader: Reader,
  question: InstantQuestion,
  { cluster, namespaces, project, window }: Subject,
) {
  return queryOptions({
    queryKey: ['telemetry', { cluster: cluster.name, question, namespaces, project }, window, 'opened'] as const,
    queryFn: ({ signal }): Promise<OpenedAnswer & { readonly tookMs: number }> =>
      timed(async () => {
        const place = { base: '', cluster: cluster.name }
        const text = await askTelemetryText(place, question, scopeOf({ namespaces, project, window }), signal)
        const opened = await reader.open(text)
        // Nobody waits any more, and the cache will never know of it.
        if (signal.aborted) reader.forget(opened.number)
        return opened
      }),
    staleTime: Infinity,
    gcTime: 30_000,
    // Compared by fingerprint; a number must stay with the answer it was given to.
    structuralSharing: false,
  })
}
