import type { Capability, CapabilityName } from '../clients/session/wire.ts'
import {
  type Review,
  closedDoor,
  doorOf,
  grantFor,
  graphReview,
  metricsReview,
  openDoor,
  settingsReview,
} from '../mesh/access.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { ClusterConfig } from './clusterConfig.ts'
import { allowedIn, ownNamespaces } from './scope.ts'
import { toolDoors } from './tools.ts'
import type { Credentials, Viewer } from './viewer.ts'

export type Capabilities = Readonly<Record<CapabilityName, Capability>>

/** What a viewer may do in a cluster, and where. */
export interface Access {
  readonly capabilities: Capabilities
  /** The namespaces the viewer may see; null is all. */
  readonly namespaces: readonly string[] | null
}

const mostGrants = 20

/**
 * What a viewer may do in a cluster, each with its reason: one access review each, everywhere first and, for a member, in the first
 * `most` namespaces that can be named. Without login the proxy's own credentials decide, so everything that is configured is allowed.
 */
export async function accessOf(viewer: Viewer, doors: ClusterDoors, most: number): Promise<Access> {
  const { credentials } = viewer
  const { users, cluster } = doors
  const { tools: places } = await doors.settings.inForce()
  if (credentials === undefined || users === undefined) {
    const tools = await toolDoors(viewer, doors, places)
    return { capabilities: { ...openTo(viewer, cluster), ...tools }, namespaces: null }
  }
  const [tools, seesAll, seesGraph, settings] = await Promise.all([
    toolDoors(viewer, doors, places),
    ...[metricsReview(), graphReview(), settingsReview].map((review) => users.may(credentials, review)),
  ])
  const user = viewer.name
  const isMember = seesAll?.allowed !== true
  const namespaces = isMember ? await ownNamespaces(viewer, credentials, doors, most) : null
  const door = (review: Review, answer: typeof seesAll, what: string): Capability =>
    doorOf(review, answer ?? { allowed: false }, {
      user,
      opens: `${what} is open.`,
      closed: `${what} is closed to you.`,
    })
  return {
    namespaces,
    capabilities: {
      metrics: namespaces === null ? everywhere : metricsOf(user, namespaces),
      graph:
        namespaces === null || seesGraph?.allowed === true
          ? door(graphReview(), seesGraph, 'Traffic Graph')
          : await graphOf(user, credentials, doors, namespaces),
      kubernetes: openDoor('The Kubernetes API is asked with your own token and decides itself what you see.'),
      ...tools,
      settings: door(settingsReview, settings, 'Settings'),
    },
  }
}

const everywhere = openDoor('You see the traffic of every namespace. You may list pods everywhere.')

function metricsOf(user: string, namespaces: readonly string[]): Capability {
  const [first] = namespaces
  if (first === undefined) {
    return closedDoor('You may see the traffic of no namespace here.', metricsReview(), user)
  }
  return openDoor(`You see the traffic of the namespaces whose pods you may list: ${shortList(namespaces)}.`)
}

async function graphOf(
  user: string,
  credentials: Credentials,
  doors: ClusterDoors,
  namespaces: readonly string[],
): Promise<Capability> {
  const allowed = await allowedIn(credentials, doors, namespaces, graphReview)
  if (allowed.length > 0) return openDoor(`Traffic Graph is open to you in ${shortList(allowed)}.`)
  const closed = closedDoor('Traffic Graph is closed to you.', graphReview(namespaces[0]), user)
  // A role and a binding for each of the member's own namespaces; without any, for the whole cluster.
  const grants = namespaces.slice(0, mostGrants).map((namespace) => grantFor(graphReview(namespace), user))
  return grants.length === 0 ? closed : { ...closed, grant: grants.join('---\n') }
}

function openTo(
  { mode }: Viewer,
  { label, kubernetes }: ClusterConfig,
): Pick<Capabilities, 'metrics' | 'graph' | 'kubernetes' | 'settings'> {
  const open = openDoor(`This Meshboard runs without login (${mode} mode): whoever reaches it sees what it sees itself`)
  return {
    metrics: open,
    graph: open,
    kubernetes:
      kubernetes === undefined ? { allowed: false, reason: `No Kubernetes API is configured for ${label}` } : open,
    settings: { allowed: false, reason: 'Settings belong to a person, and nobody is logged in' },
  }
}

function shortList(names: readonly string[]): string {
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '')
}
