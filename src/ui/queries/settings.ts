import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { fetchAccess, saveAccess } from '../../clients/settings/access.ts'
import { fetchMeshSettings, saveMeshSettings } from '../../clients/settings/mesh.ts'
import type { MeshSettingsChange } from '../../clients/settings/meshWire.ts'
import type { AccessChange } from '../../clients/settings/wire.ts'
import type { Opened } from '../../mesh/opening.ts'

/** Who may see the graph and open the tools, as the cluster says at this moment. */
export function accessQuery(cluster: string) {
  return queryOptions({
    queryKey: ['settings', 'access', cluster] as const,
    queryFn: ({ signal }) => fetchAccess('', cluster, signal),
    staleTime: 15_000,
  })
}

/** Saves who may have one of them. Saved or refused, what the cluster says then is read anew. */
export function useSaveAccess(cluster: string, opened: Opened) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: AccessChange) => saveAccess('', cluster, opened, change),
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: accessQuery(cluster).queryKey })
      await queryClient.invalidateQueries({ queryKey: ['session'] })
      await queryClient.invalidateQueries({ queryKey: ['tools', cluster] })
    },
  })
}

/** What owners decided for everybody. */
export function meshSettingsQuery(cluster: string) {
  return queryOptions({
    queryKey: ['settings', 'mesh', cluster] as const,
    queryFn: ({ signal }) => fetchMeshSettings('', cluster, signal),
    staleTime: 15_000,
  })
}

/** Saves what owners decided. Saved or refused, what the cluster says then is read anew, and so is what follows from it. */
export function useSaveMeshSettings(cluster: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: MeshSettingsChange) => saveMeshSettings('', cluster, change),
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: meshSettingsQuery(cluster).queryKey })
      await queryClient.invalidateQueries({ queryKey: ['session'] })
      await queryClient.invalidateQueries({ queryKey: ['tools', cluster] })
    },
  })
}
