import { queryOptions } from '@tanstack/react-query'

import { HttpError } from '../../clients/errors.ts'
import { requestJson, urlUnder } from '../../clients/http.ts'
import { doorOf } from '../../clients/kubernetes/list.ts'
import { fetchNamespaces } from '../../clients/session/session.ts'

/** A namespace as the filter offers it. */
export interface NamespaceEntry {
  readonly name: string
  /** Rancher's project, `cluster:project`; absent: in none. */
  readonly project?: string
}

/** The namespaces of a cluster that the viewer may see, sorted by name, with their Rancher projects. */
export function namespacesQuery(cluster: string) {
  return queryOptions({
    queryKey: ['namespaces', cluster] as const,
    queryFn: async ({ signal }): Promise<readonly NamespaceEntry[]> =>
      (await fetchNamespaces('', cluster, signal)).namespaces,
    staleTime: 60_000,
  })
}

/** A project's short name: Rancher's ids are `cluster:project`. */
export function projectName(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}

/** Whether the cluster serves Istio's networking API: true where some `networking.istio.io` version exists, false on 404. */
export function istioApiQuery(cluster: string) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'istio-api'] as const,
    queryFn: async ({ signal }) => {
      try {
        await requestJson(urlUnder(doorOf('', cluster).root, 'apis/networking.istio.io'), { signal })
        return true
      } catch (error) {
        if (error instanceof HttpError && error.status === 404) return false
        throw error
      }
    },
    staleTime: 60_000,
  })
}
