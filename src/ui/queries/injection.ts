import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { fetchInjection, saveInjection } from '../../clients/injection/injection.ts'
import type { InjectionChange } from '../../clients/injection/wire.ts'
import { objectsQuery } from './objects.ts'

/** What a namespace says about sidecars, and whether the viewer may change it. */
export function injectionQuery(cluster: string, namespace: string) {
  return queryOptions({
    queryKey: ['injection', cluster, namespace] as const,
    queryFn: ({ signal }) => fetchInjection('', { cluster, namespace }, signal),
    staleTime: 15_000,
  })
}

/** Sets or clears it. Saved or refused, what the cluster says then is read anew, and so is what follows from it. */
export function useSaveInjection(cluster: string, namespace: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: InjectionChange) => saveInjection('', { cluster, namespace }, change),
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: injectionQuery(cluster, namespace).queryKey })
      await queryClient.invalidateQueries({ queryKey: objectsQuery(cluster).queryKey })
    },
  })
}
