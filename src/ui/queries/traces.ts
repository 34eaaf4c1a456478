import { queryOptions } from '@tanstack/react-query'

import { fetchTrace, fetchTraces } from '../../clients/traces/traces.ts'
import type { View } from '../view.tsx'

export interface TracesSubject {
  readonly namespace: string
  /** Canonical names; empty: all of the namespace. */
  readonly apps: readonly string[]
}

/** The traces that touch something in the view's window, asked at its instant, at most twice a minute. */
export function tracesQuery({ namespace, apps }: TracesSubject, { cluster, window }: Pick<View, 'cluster' | 'window'>) {
  const at = Math.floor(window.at / 30) * 30
  const asked = { cluster: cluster.name, namespaces: [namespace], apps, window: window.seconds, at }
  const queryKey = ['traces', { ...asked, at: undefined }, at] as const
  return queryOptions({
    queryKey,
    queryFn: ({ signal }) => fetchTraces('', asked, signal),
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: (previous, query) =>
      query !== undefined && JSON.stringify(query.queryKey[1]) === JSON.stringify(queryKey[1]) ? previous : undefined,
  })
}

/** One trace. It may still grow for some seconds; after that it stays what it is. */
export function traceQuery(cluster: string, id: string) {
  return queryOptions({
    queryKey: ['trace', cluster, id] as const,
    queryFn: ({ signal }) => fetchTrace('', { cluster, id }, signal),
    staleTime: 30_000,
  })
}
