import { queryOptions } from '@tanstack/react-query'

import { fetchTools } from '../../clients/tools/tools.ts'

/** The tools beside Meshboard in a cluster, as the viewer finds them; asked again every minute. */
export function toolsQuery(cluster: string) {
  return queryOptions({
    queryKey: ['tools', cluster] as const,
    queryFn: async ({ signal }) => (await fetchTools('', cluster, signal)).tools,
    staleTime: 30_000,
    refetchInterval: 60_000,
  })
}
