import type { LoginPage, Session, SessionCluster } from '../clients/session/wire.ts'
import { accessOf } from './capabilities.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { Config } from './config.ts'
import { RefusalError } from './errors.ts'
import type { Header, Identity } from './identity.ts'
import type { Viewer } from './viewer.ts'

/** What `GET /api/session` answers. Throws `RefusalError` where the viewer is known in no cluster: the first cluster's reason. */
export async function sessionOf(
  config: Config,
  clusters: readonly ClusterDoors[],
  identity: Identity,
  header: Header,
): Promise<Session> {
  const found = await Promise.all(clusters.map((doors) => enter(doors, config, identity, header)))
  const entered = found.flatMap((each) => ('session' in each ? [each] : []))
  const [first] = entered
  if (first === undefined) {
    const refused = found.flatMap((each) => ('refused' in each ? [each.refused] : []))
    // A cluster that does not answer says more than one that nobody is logged in to.
    throw refused.find(({ refusal }) => refusal.status !== 401) ?? refused[0] ?? new Error('no cluster is configured')
  }
  const others = clusters.filter((_, index) => found[index] !== undefined && 'refused' in found[index])
  return {
    mode: first.viewer.mode,
    user: { name: first.viewer.name, groups: first.viewer.groups },
    clusters: entered.map(({ session }) => session),
    ...(others.length === 0 ? {} : { otherClusters: others.map(({ name, cluster: { label } }) => ({ name, label })) }),
    ...(config.auth.mode === 'demo' && config.auth.personas.length > 0 ? { personas: personasOf(config) } : {}),
  }
}

/** What `GET /api/session/login` tells whoever is not logged in: no token, and of the clusters no more than their names. */
export function loginPageOf(config: Config): LoginPage {
  return {
    mode: config.auth.mode,
    clusters: config.clusters.map(({ name, label }) => ({ name, label })),
    personas: config.auth.mode === 'demo' ? personasOf(config) : [],
    frameAncestors: config.frameAncestors,
  }
}

async function enter(
  doors: ClusterDoors,
  { limits }: Config,
  identity: Identity,
  header: Header,
): Promise<{ readonly session: SessionCluster; readonly viewer: Viewer } | { readonly refused: RefusalError }> {
  const { cluster } = doors
  try {
    const viewer = await identity.viewerIn(doors, header)
    const access = await accessOf(viewer, doors, limits.mostCandidates)
    const session: SessionCluster = {
      name: cluster.name,
      label: cluster.label,
      ...(cluster.color === undefined ? {} : { color: cluster.color }),
      ...(cluster.istioVersion === undefined ? {} : { istioVersion: cluster.istioVersion }),
      ...(viewer.credentials === undefined
        ? {}
        : { user: { name: viewer.name, groups: viewer.groups }, namespaces: access.namespaces }),
      capabilities: access.capabilities,
    }
    return { session, viewer }
  } catch (error) {
    if (error instanceof RefusalError) return { refused: error }
    throw error
  }
}

function personasOf({ auth: { personas } }: Config): LoginPage['personas'] {
  return personas.map(({ id, label }) => ({ id, label }))
}
