import { queryOptions } from '@tanstack/react-query'

import { fetchObjects, type MissingObjects } from '../../clients/kubernetes/objects.ts'
import { injectorOf } from '../../mesh/config/injector.ts'
import { decodeObjects, type DecodedObjects, type ObjectLists } from '../../mesh/config/decode.ts'

/** Kubernetes and Istio objects change seldom: they are read once a minute. */
const minute = 60_000

export interface KnownObjects extends DecodedObjects {
  /** As the API server gave them: what only one page reads is decoded there. */
  readonly lists: ObjectLists
  /** The namespaces that were read; null is every one. */
  readonly namespaces: readonly string[] | null
  /** What the viewer may not read, or the cluster did not answer. */
  readonly missing: readonly MissingObjects[]
}

/**
 * The objects that lists, badges, replicas, gateways and idle nodes come from: all kinds at once, in every namespace the viewer may see,
 * in one request. Kinds that the viewer may not list or the cluster does not serve are left out. Fails where the API does not answer.
 */
export function objectsQuery(cluster: string) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'mesh-objects'] as const,
    queryFn: async ({ signal }): Promise<KnownObjects> => {
      const { lists, injectors, namespaces, missing } = await fetchObjects('', cluster, signal)
      const { objects, skipped } = decodeObjects(lists)
      const injector = injectors === undefined ? {} : { injector: injectorOf(injectors) }
      return { objects: { ...objects, ...injector }, skipped, lists, namespaces, missing }
    },
    staleTime: minute,
    refetchInterval: minute,
  })
}
