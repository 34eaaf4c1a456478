import type { LoginPage, Session, SessionCluster } from '../clients/session/wire.ts'
import { isRancherRoot } from '../mesh/tools.ts'
import { rulesWithin } from '../mesh/policy.ts'
import { accessOf } from './capabilities.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { Config } from './config.ts'
import type { KubernetesConfig } from './clusterConfig.ts'
import { RefusalError } from './errors.ts'
import type { Header, Identity } from './identity.ts'
import { rancherClusters } from './rancherOffer.ts'
import type { Viewer } from './viewer.ts'

/** What `GET /api/session` answers. Throws `RefusalError` where the viewer is known in no cluster: the first cluster's reason. */
export async function sessionOf(
  config: Config,
  clusters: readonly ClusterDoors[],
  identity: Identity,
  header: Header,
): Promise<Session> {
  // One cluster that is silent does not keep the others waiting; a single one may take its time.
  const patience = clusters.length > 1 ? config.limits.readySeconds : undefined
  const found = await Promise.all(
    clusters.map((doors) => within(patience, doors, enter(doors, config, identity, header))),
  )
  const entered = found.flatMap((each) => ('session' in each ? [each] : []))
  const [first] = entered
  if (first === undefined) {
    const refused = found.flatMap((each) => ('refused' in each ? [each.refused] : []))
    // A cluster that does not answer says more than one that nobody is logged in to.
    throw refused.find(({ refusal }) => refusal.status !== 401) ?? refused[0] ?? new Error('no cluster is configured')
  }
  const others = clusters.flatMap(({ name, cluster: { label } }, index) => {
    const each = found[index]
    if (each === undefined || !('refused' in each)) return []
    const { status, message } = each.refused.refusal
    return [{ name, label, ...(status === 401 ? {} : { problem: message }) }]
  })
  return {
    mode: first.viewer.mode,
    user: { name: first.viewer.name, groups: first.viewer.groups },
    clusters: entered.map(({ session }) => session),
    ...(others.length === 0 ? {} : { otherClusters: others }),
    ...(config.auth.mode === 'demo' && config.auth.personas.length > 0 ? { personas: personasOf(config) } : {}),
  }
}

/** What `GET /api/session/login` tells whoever is not logged in: no token, and of the clusters no more than their names. */
export function loginPageOf(config: Config): LoginPage {
  const rancher = rancherClusters(config)
  return {
    mode: config.auth.mode,
    clusters: config.clusters.map(({ name, label, kubernetes }) => ({ name, label, takes: tokensOf(kubernetes) })),
    ...(rancher.length === 0 ? {} : { rancher }),
    personas: config.auth.mode === 'demo' ? personasOf(config) : [],
    frameAncestors: config.frameAncestors,
  }
}

type Entered = { readonly session: SessionCluster; readonly viewer: Viewer } | { readonly refused: RefusalError }

async function within(
  seconds: number | undefined,
  { cluster: { label } }: ClusterDoors,
  entering: Promise<Entered>,
): Promise<Entered> {
  if (seconds === undefined) return entering
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Entered>((resolve) => {
    const message = `${label} did not answer within ${seconds} s`
    const refused = new RefusalError({ status: 504, code: 'cluster_silent', message })
    timer = setTimeout(() => resolve({ refused }), seconds * 1000)
  })
  return Promise.race([entering, late]).finally(() => clearTimeout(timer))
}

async function enter(doors: ClusterDoors, config: Config, identity: Identity, header: Header): Promise<Entered> {
  try {
    const viewer = await identity.viewerIn(doors, header)
    return { session: await clusterSession(viewer, doors, config.limits.mostCandidates), viewer }
  } catch (error) {
    if (error instanceof RefusalError) return { refused: error }
    throw error
  }
}

/** What a session says of one cluster; of the namespaces that a member may see it looks at the first `most`. */
export async function clusterSession(viewer: Viewer, doors: ClusterDoors, most: number): Promise<SessionCluster> {
  const { cluster } = doors
  const access = await accessOf(viewer, doors, most)
  const { health, settings, problem } = await doors.settings.inForce()
  const shown = access.namespaces === null ? health : rulesWithin(health, access.namespaces)
  const isOwner = access.capabilities.settings.allowed
  return {
    name: cluster.name,
    label: cluster.label,
    ...(cluster.color === undefined ? {} : { color: cluster.color }),
    ...(cluster.istioVersion === undefined ? {} : { istioVersion: cluster.istioVersion }),
    ...(viewer.credentials === undefined
      ? {}
      : { user: { name: viewer.name, groups: viewer.groups }, namespaces: access.namespaces }),
    capabilities: access.capabilities,
    ...(shown.length === 0 ? {} : { health: shown }),
    ...(Object.keys(settings.defaults).length === 0 ? {} : { defaults: settings.defaults }),
    ...(problem === undefined || !isOwner ? {} : { settingsProblem: problem.complaints[0] ?? '' }),
  }
}

/** Rancher's keys are taken where Rancher is asked. */
function tokensOf(kubernetes: KubernetesConfig | undefined): LoginPage['clusters'][number]['takes'] {
  const asked = kubernetes?.viewersUrl ?? kubernetes?.url
  return asked !== undefined && isRancherRoot(asked) ? 'rancher' : 'kubernetes'
}

function personasOf({ auth: { personas } }: Config): LoginPage['personas'] {
  return personas.map(({ id, label }) => ({ id, label }))
}
