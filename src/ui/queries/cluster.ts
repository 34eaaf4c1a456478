import { queryOptions } from '@tanstack/react-query'

import { HttpError } from '../../clients/errors.ts'
import { requestJson, urlUnder } from '../../clients/http.ts'
import { doorOf, listAll } from '../../clients/kubernetes/list.ts'
import type { Namespace } from '../../clients/kubernetes/wire.ts'

/** A namespace as the filter offers it. */
export interface NamespaceEntry {
  readonly name: string
  /** Rancher's project, `cluster:project`; absent: in none. */
  readonly project?: string
}

/** The namespaces of a cluster that the viewer may list, sorted by name, with their Rancher projects. */
export function namespacesQuery(cluster: string) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'namespaces'] as const,
    queryFn: async ({ signal }) => {
      const { items } = await listAll(doorOf('', cluster), 'namespaces', {}, signal)
      return items.map(entryOf).sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    staleTime: 60_000,
  })
}

/** A project's short name: Rancher's ids are `cluster:project`. */
export function projectName(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}

/** Rancher writes a namespace's project into this annotation (`c-m-abc:p-xyz`): https://ranchermanager.docs.rancher.com/ */
const projectAnnotation = 'field.cattle.io/projectId'

function entryOf({ metadata }: Namespace): NamespaceEntry {
  const project = metadata.annotations?.[projectAnnotation]
  return { name: metadata.name, ...(project === undefined || project === '' ? {} : { project }) }
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
