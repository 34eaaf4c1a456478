import type { VisibleNamespaces } from '../clients/session/wire.ts'
import { metricsReview } from '../mesh/access.ts'
import type { Candidate } from './candidates.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { allowedIn, candidatesFor, seesEverything } from './scope.ts'
import type { Viewer } from './viewer.ts'

/** What `GET /api/clusters/:cluster/namespaces` answers: a member's are shown only after their review, of the first `most`. */
export async function visibleNamespaces(
  viewer: Viewer,
  doors: ClusterDoors,
  most: number,
  signal: AbortSignal | undefined,
): Promise<VisibleNamespaces> {
  const { credentials } = viewer
  const candidates = [...(await candidatesFor(viewer, doors, signal))].sort((a, b) => (a.name < b.name ? -1 : 1))
  if (credentials === undefined || (await seesEverything(credentials, doors))) {
    return { namespaces: candidates.map(entryOf), notes: [] }
  }
  const looked = candidates.slice(0, most)
  const names = looked.map(({ name }) => name)
  const allowed = new Set(await allowedIn(credentials, doors, names, metricsReview))
  return {
    namespaces: looked.filter(({ name }) => allowed.has(name)).map(entryOf),
    notes: candidates.length > most ? [`Only the first ${most} of ${candidates.length} namespaces were looked at`] : [],
  }
}

function entryOf({ name, project }: Candidate): VisibleNamespaces['namespaces'][number] {
  return { name, ...(project === undefined ? {} : { project }) }
}
