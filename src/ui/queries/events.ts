import { queryOptions } from '@tanstack/react-query'

import { doorOf, listAll } from '../../clients/kubernetes/list.ts'
import { eventsOf } from '../../mesh/events.ts'

/** What Kubernetes noted of a namespace's objects in the last hour or so, the newest first; read as the viewer. */
export function eventsQuery(cluster: string, namespace: string) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'events', namespace] as const,
    queryFn: async ({ signal }) =>
      eventsOf((await listAll(doorOf('', cluster), 'events', { namespace }, signal)).items),
    staleTime: 30_000,
    refetchInterval: 60_000,
  })
}
