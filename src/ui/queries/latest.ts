import { useQueryClient, type QueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useState, useSyncExternalStore } from 'react'

/** A query whose last good answer outlives a failure. */
export interface Latest<T> {
  /** The newest good answer about this subject; `undefined` until there is one. */
  readonly data: T | undefined
  /** Why the newest question has no answer; together with `data` the numbers on the screen are stale. */
  readonly error: Error | null
  readonly isLoading: boolean
  readonly retry: () => void
}

/**
 * Keeps the last good answer of a query while a later one fails. `subject` names what the numbers are about (anything but the
 * instant): when it changes, an older answer is no longer shown as this subject's.
 */
export function useLatest<T>(query: UseQueryResult<T>, subject: string): Latest<T> {
  const [last, setLast] = useState<{ readonly subject: string; readonly data: T }>()
  const isNew = query.data !== undefined && (last?.data !== query.data || last.subject !== subject)
  if (isNew && query.data !== undefined) setLast({ subject, data: query.data })
  const { refetch } = query
  return {
    data: query.data ?? (last?.subject === subject ? last.data : undefined),
    error: query.error,
    isLoading: query.isPending && query.fetchStatus !== 'idle',
    retry: useCallback(() => void refetch(), [refetch]),
  }
}

/** What the foot of the navigation says of the newest numbers. */
export interface LastAnswer {
  /** The slowest answer of that instant, in milliseconds. */
  readonly tookMs: number
  /** Unix seconds. */
  readonly at: number
}

/**
 * The newest instant any panel of a cluster has an answer for, and how long the slowest of its answers took; `waiting` where a panel asked
 * and has none yet, undefined where nobody on this page asks for numbers.
 */
export function useLastAnswer(cluster: string): LastAnswer | 'waiting' | undefined {
  const client = useQueryClient()
  const subscribe = useCallback(
    (listener: () => void) =>
      client.getQueryCache().subscribe(({ query }) => {
        const [kind] = query.queryKey as readonly unknown[]
        if (kind === 'telemetry') listener()
      }),
    [client],
  )
  // A snapshot has to be equal while nothing changed, hence a text and not a new object.
  const said = useSyncExternalStore(subscribe, () => lastAnswer(client, cluster))
  if (said === undefined || said === 'waiting') return said
  const [at, tookMs] = said.split(' ').map(Number)
  return { at: at ?? 0, tookMs: tookMs ?? 0 }
}

/** `at tookMs` of the newest answer. */
function lastAnswer(client: QueryClient, cluster: string): string | undefined {
  let last: LastAnswer | undefined
  let isAsked = false
  for (const query of client.getQueryCache().findAll({ queryKey: ['telemetry'] })) {
    const { queryKey, state } = query
    if (fieldOf(queryKey[1], 'cluster', 'string') !== cluster) continue
    isAsked ||= query.isActive()
    const at = fieldOf(queryKey[2], 'at', 'number')
    const tookMs = fieldOf(state.data, 'tookMs', 'number')
    if (typeof at !== 'number' || typeof tookMs !== 'number') continue
    if (last === undefined || at > last.at) last = { at, tookMs }
    else if (at === last.at) last = { at, tookMs: Math.max(tookMs, last.tookMs) }
  }
  if (last !== undefined) return `${last.at} ${last.tookMs}`
  return isAsked ? 'waiting' : undefined
}

function fieldOf(container: unknown, field: string, type: 'number' | 'string'): unknown {
  if (typeof container !== 'object' || container === null) return undefined
  const value: unknown = field in container ? (container as Readonly<Record<string, unknown>>)[field] : undefined
  return typeof value === type ? value : undefined
}
