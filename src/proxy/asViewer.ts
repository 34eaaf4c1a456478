import type { ClusterDoors } from './clusterDoors.ts'
import type { Upstream } from './upstream.ts'
import type { Viewer } from './viewer.ts'

/** The API server as a viewer, or as the proxy itself where nobody logs in; undefined where none is configured. */
export function kubernetesOf(
  { credentials }: Viewer,
  { own, users }: Pick<ClusterDoors, 'own' | 'users'>,
): Upstream | undefined {
  if (own === undefined || users === undefined) return undefined
  return credentials === undefined ? own : (request) => users.ask(credentials, request)
}
