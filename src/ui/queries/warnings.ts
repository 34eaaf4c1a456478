import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useSyncExternalStore } from 'react'

import { isObject, stringsOf } from '../../clients/json.ts'

/**
 * Why the numbers that are on the screen now may not be all there are: the warnings of the newest answer to each named question that some
 * panel shows, the doctor's among them. While the next instant is asked, the last answer's stand.
 */
export function useWarnings(cluster: string): readonly string[] {
  const client = useQueryClient()
  const subscribe = useCallback((listener: () => void) => client.getQueryCache().subscribe(listener), [client])
  // A snapshot has to be equal while nothing changed.
  const text = useSyncExternalStore(subscribe, () => JSON.stringify(warningsIn(client, cluster)))
  return useMemo(() => stringsOf(JSON.parse(text)), [text])
}

/** The first part of the keys of what the proxy asks Prometheus. */
const kinds: readonly unknown[] = ['telemetry', 'facts', 'doctor']

interface Newest {
  readonly at: number
  readonly warnings: readonly string[]
}

function warningsIn(client: QueryClient, cluster: string): readonly string[] {
  const newest = new Map<string, Newest>()
  const shown = new Set<string>()
  for (const query of client.getQueryCache().getAll()) {
    const [kind, about, window, grain] = query.queryKey
    if (!kinds.includes(kind)) continue
    // Explore shows its expression's own.
    if (!isObject(about) || about['cluster'] !== cluster || 'promql' in about) continue
    const key = JSON.stringify([kind, about, grain, typeof window === 'number' ? window : undefined])
    if (query.isActive()) shown.add(key)
    const data: unknown = query.state.data
    const at = isObject(window) && typeof window['at'] === 'number' ? window['at'] : 0
    if (!isObject(data) || at < (newest.get(key)?.at ?? 0)) continue
    // The facts carry what was asked beside them.
    const asked = isObject(data['asked']) ? data['asked'] : data
    newest.set(key, { at, warnings: stringsOf(asked['warnings']) })
  }
  return [...new Set([...newest].flatMap(([key, { warnings }]) => (shown.has(key) ? warnings : [])))].sort()
}
