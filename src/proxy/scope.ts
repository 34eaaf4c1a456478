import { type Review, graphReview, metricsReview, reviewWords } from '../mesh/access.ts'
import type { Scope } from '../mesh/scope.ts'
import type { Ages } from './ages.ts'
import { type Candidate, isProject } from './candidates.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { RefusalError } from './errors.ts'
import type { AskedScope } from './parameters.ts'
import type { Credentials, Viewer } from './viewer.ts'

export interface ResolvedScope {
  readonly scope: Scope
  /** Sentences for a person: what was left out, and why. */
  readonly notes: readonly string[]
  /** Of a member's namespaces: what is older is of namespaces of the same names that were somebody else's. */
  readonly ages?: Ages
  /** Of a member's notes the one about the other side of calls. */
  readonly peersNote?: string
}

/** What of the configuration decides scopes. */
export interface ScopeRules {
  readonly peers: Scope['peers']
  readonly mostCandidates: number
}

/**
 * What a viewer's question is about, never wider than what the viewer may see. For whoever may see every namespace (and without login) a
 * scope is taken at its word; for a member it is intersected with the namespaces whose pods the member may list, asked of the cluster at
 * this moment. An unknown project is an empty scope with a note. Throws `RefusalError` where that cannot be found out.
 */
export async function resolveScope(
  asked: AskedScope,
  viewer: Viewer,
  doors: ClusterDoors,
  rules: ScopeRules,
  signal: AbortSignal | undefined,
): Promise<ResolvedScope> {
  const { credentials } = viewer
  if (credentials !== undefined && !(await seesEverything(credentials, doors))) {
    return memberScope(asked, credentials, doors, rules)
  }
  const { label, prometheus } = doors.cluster
  const everything = { peers: 'full', seesAll: true, matchers: prometheus.matchers } as const
  switch (asked.kind) {
    case 'all':
      return { scope: { ...everything, namespaces: 'all' }, notes: [] }
    case 'namespaces':
      return { scope: { ...everything, namespaces: asked.namespaces }, notes: [] }
    case 'project': {
      const candidates = await candidatesFor(viewer, doors, signal)
      const namespaces = inProject(candidates, asked.project)
      const notes = namespaces.length === 0 ? [`No namespace of ${label} belongs to project ${asked.project}`] : []
      return { scope: { ...everything, namespaces }, notes }
    }
  }
}

/** Whether a person may see the numbers of every namespace of a cluster. */
export async function seesEverything(user: Credentials, { users }: Pick<ClusterDoors, 'users'>): Promise<boolean> {
  return users !== undefined && (await users.may(user, metricsReview())).allowed
}

/** The namespaces that can be named to a viewer; a member's are not reviewed yet. Throws `RefusalError` where nobody can name them. */
export async function candidatesFor(
  { credentials }: Viewer,
  { candidates, cluster }: ClusterDoors,
  signal: AbortSignal | undefined,
): Promise<readonly Candidate[]> {
  if (candidates === undefined) {
    throw new RefusalError({
      status: 400,
      code: 'projects_unknown',
      message: `Projects of ${cluster.label} are not known, because no Kubernetes API is configured for it`,
      hint: 'Name the namespaces instead',
    })
  }
  return credentials === undefined ? candidates.own(signal) : candidates.of(credentials)
}

/** Those of some namespaces in which a person may do something, in the same order. */
export async function allowedIn(
  user: Credentials,
  { users }: Pick<ClusterDoors, 'users'>,
  namespaces: readonly string[],
  review: (namespace: string) => Review,
): Promise<readonly string[]> {
  if (users === undefined) return []
  const answers = await Promise.all(namespaces.map((namespace) => users.may(user, review(namespace))))
  return namespaces.filter((_, index) => answers[index]?.allowed === true)
}

/** The namespaces whose pods a member may list, among those that can be named to the member. */
export async function ownNamespaces(
  viewer: Viewer,
  credentials: Credentials,
  doors: ClusterDoors,
  most: number,
): Promise<readonly string[]> {
  const candidates = await candidatesFor(viewer, doors, undefined)
  const names = candidates.map(({ name }) => name).sort()
  return allowedIn(credentials, doors, names.slice(0, most), metricsReview)
}

async function memberScope(
  asked: AskedScope,
  user: Credentials,
  doors: ClusterDoors,
  { peers, mostCandidates }: ScopeRules,
): Promise<ResolvedScope> {
  const { cluster, candidates, standing, users } = doors
  if (candidates === undefined || standing === undefined || users === undefined) throw noReviews(cluster.label)
  const { matchers } = cluster.prometheus
  if (doors.isShared && (matchers.length === 0 || cluster.istioCluster === undefined)) throw noMatcher(cluster.label)

  const named = asked.kind === 'namespaces' ? asked.namespaces : namesOf(asked, await candidates.of(user))
  const reviewed = named.slice(0, asked.kind === 'namespaces' ? named.length : mostCandidates)
  const visible = await allowedIn(user, doors, reviewed, metricsReview)
  const created = await Promise.all(visible.map((namespace) => candidates.createdAt(user, namespace)))
  const ages = new Map(visible.flatMap((name, index) => (created[index] === undefined ? [] : [[name, created[index]]])))
  const namespaces = [...ages.keys()]
  const level = peers === 'hide' || !(await seesGraph(user, doors, namespaces)) ? 'hide' : peers

  const aboutPeers = namespaces.length === 0 ? undefined : peersNote(level, namespaces)
  const notes = [
    ...(asked.kind === 'namespaces' ? leftOut(asked.namespaces.filter((name) => !visible.includes(name))) : []),
    ...(asked.kind === 'project' && namespaces.length === 0
      ? [`You may see no namespace of project ${asked.project}`]
      : []),
    ...(asked.kind === 'all' && namespaces.length === 0 ? ['You may see no namespace of this cluster'] : []),
    ...(reviewed.length < named.length
      ? [
          `Only the first ${mostCandidates} of ${named.length} namespaces were looked at: choose namespaces or a project`,
        ]
      : []),
    ...visible
      .filter((name) => !ages.has(name))
      .map((name) => `${name} is left out: you may not read when it was created (it takes the permission to get it)`),
    ...(aboutPeers === undefined ? [] : [aboutPeers]),
  ]
  const scope: Scope = {
    namespaces: [...namespaces].sort(),
    peers: level,
    seesAll: false,
    matchers,
    ...(cluster.istioCluster === undefined ? {} : { cluster: cluster.istioCluster }),
    hosts: await standing(user, namespaces),
  }
  return { scope, notes, ages, ...(aboutPeers === undefined ? {} : { peersNote: aboutPeers }) }
}

function namesOf(
  asked: Exclude<AskedScope, { kind: 'namespaces' }>,
  candidates: readonly Candidate[],
): readonly string[] {
  return asked.kind === 'all' ? candidates.map(({ name }) => name).sort() : inProject(candidates, asked.project)
}

function inProject(candidates: readonly Candidate[], project: string): readonly string[] {
  return candidates
    .filter((each) => isProject(project, each.project))
    .map(({ name }) => name)
    .sort()
}

/** Everywhere, or in each namespace of the scope: the level is one for the whole answer. */
async function seesGraph(user: Credentials, doors: ClusterDoors, namespaces: readonly string[]): Promise<boolean> {
  if ((await doors.users?.may(user, graphReview()))?.allowed === true) return true
  return (await allowedIn(user, doors, namespaces, graphReview)).length === namespaces.length
}

/** The same sentence for a namespace that is somebody else's and for one that does not exist. */
function leftOut(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '')
  return [`Left out, because you may not see their pods: ${shown}`]
}

function peersNote(level: Scope['peers'], namespaces: readonly string[]): string {
  const whose = namespaces.length === 1 ? 'this namespace' : 'these namespaces'
  switch (level) {
    case 'full':
      return `Calls from and to ${whose} are shown with both sides`
    case 'namespace':
      return `Of the other side of calls that leave or enter ${whose} only its namespace is shown`
    case 'hide':
      return `The other side of calls that leave or enter ${whose} is not shown: it takes the permission to ${reviewWords(graphReview())}, or in each of them`
  }
}

function noReviews(label: string): RefusalError {
  return new RefusalError({
    status: 502,
    code: 'reviews_unanswered',
    message: `No Kubernetes API is configured for ${label}, so nobody can say what you may see`,
  })
}

function noMatcher(label: string): RefusalError {
  return new RefusalError({
    status: 403,
    code: 'cluster_matcher_missing',
    message: `The Prometheus of ${label} holds other clusters too, and nothing tells them apart: only viewers of every namespace may ask it`,
    hint: 'Ask whoever runs Meshboard to configure prometheus.matchers and istioCluster of this cluster',
  })
}
