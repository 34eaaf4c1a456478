import { isObject, stringsOf } from '../clients/json.ts'
import { isKnown } from '../mesh/telemetry.ts'
import type { KubernetesUsers } from './kubernetesUser.ts'
import { Memory } from './memory.ts'
import { RefusalError } from './errors.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'
import type { Credentials } from './viewer.ts'

/** A namespace that a viewer may turn out to have rights in. */
export interface Candidate {
  readonly name: string
  /** Rancher's project, `c-m-abc:p-x7k2p`; absent: in none. */
  readonly project?: string
  /** Unix seconds; absent where the list does not say. */
  readonly createdAt?: number
}

/** The namespaces of a cluster as far as one viewer, or the proxy itself, can name them. Not yet reviewed. */
export interface Candidates {
  readonly of: (user: Credentials) => Promise<readonly Candidate[]>
  /** What the proxy's own credentials list. Throws `RefusalError` where they cannot. */
  readonly own: (signal: AbortSignal | undefined) => Promise<readonly Candidate[]>
  /** When a namespace was created, in unix seconds; undefined where the viewer may not know. */
  readonly createdAt: (user: Credentials, namespace: string) => Promise<number | undefined>
}

/** One page of a list, by its `continue` token. */
type AskPage = (query: URLSearchParams) => Promise<UpstreamAnswer>

const mostRemembered = 5000

/**
 * Where the names come from, in this order: the viewer's own list; Rancher's, which filters by project; the list of the proxy's own
 * account; the configured names. Each is remembered for `seconds`.
 */
export function createCandidates(
  kubernetes: Upstream,
  users: KubernetesUsers,
  {
    hasOwn,
    names,
    seconds,
    now,
  }: {
    /** Whether `kubernetes`, which is asked as Meshboard itself, is asked with any credentials. */
    readonly hasOwn: boolean
    readonly names: readonly string[]
    readonly seconds: number
    readonly now: () => number
  },
): Candidates {
  const known = new Memory<readonly Candidate[]>({ seconds, most: mostRemembered, now })
  const ages = new Memory<number | undefined>({ seconds, most: mostRemembered, now })

  const listOwn: Candidates['own'] = async (signal) => {
    const listed = await listWhole((query) => kubernetes({ path: namespacesPath, query, signal }))
    if ('candidates' in listed) return listed.candidates
    throw new RefusalError({
      status: 502,
      code: 'projects_unreadable',
      message: `The Kubernetes API would not list namespaces: ${listed.problem}`,
      hint: 'Name the namespaces instead, or let the configured credentials list namespaces',
    })
  }

  const own: Candidates['own'] = (signal) => known.get('own', () => listOwn(signal))

  const find = async (user: Credentials): Promise<readonly Candidate[]> => {
    const listed = await listWhole((query) => users.ask(user, { path: namespacesPath, query }))
    if ('candidates' in listed) return listed.candidates
    const rancher = await rancherList(users, user)
    if (rancher !== undefined) return rancher
    const theirs = hasOwn ? await own(undefined).catch(whereRefused) : []
    const more = names.filter((name) => !theirs.some((each) => each.name === name)).map((name) => ({ name }))
    return [...theirs, ...more]
  }

  return {
    own,
    of: (user) => known.get(`of ${user.id}`, () => find(user)),
    createdAt: async (user, namespace) => {
      const listed = (await known.get(`of ${user.id}`, () => find(user))).find(({ name }) => name === namespace)
      if (listed?.createdAt !== undefined) return listed.createdAt
      return ages.get(JSON.stringify([user.id, namespace]), async () => {
        const { status, json } = await users.ask(user, { path: `${namespacesPath}/${namespace}` })
        return status === 200 ? candidateOf(json)?.createdAt : undefined
      })
    },
  }
}

const namespacesPath = 'api/v1/namespaces'

async function listWhole(
  ask: AskPage,
): Promise<{ readonly candidates: readonly Candidate[] } | { readonly problem: string }> {
  const candidates: Candidate[] = []
  let next = ''
  do {
    const { status, json } = await ask(
      new URLSearchParams({ limit: '500', ...(next === '' ? {} : { continue: next }) }),
    )
    const answer = isObject(json) ? json : {}
    const { message, items, metadata } = answer
    if (status !== 200 || !Array.isArray(items)) {
      return { problem: typeof message === 'string' ? message : `HTTP status ${status}` }
    }
    for (const item of items) candidates.push(...several(candidateOf(item)))
    const more = isObject(metadata) ? metadata['continue'] : undefined
    next = typeof more === 'string' ? more : ''
  } while (next !== '')
  return { candidates }
}

/** Rancher's own API under a cluster's root lists what the user's projects hold; undefined where there is no Rancher. */
async function rancherList(users: KubernetesUsers, user: Credentials): Promise<readonly Candidate[] | undefined> {
  try {
    const { status, json } = await users.ask(user, { path: 'v1/namespaces' })
    const data: unknown = isObject(json) ? json['data'] : undefined
    if (status !== 200 || !Array.isArray(data)) return undefined
    return data.flatMap((each: unknown) => several(candidateOf(each)))
  } catch (error) {
    // A plain API server has nothing there, and some gateways answer with a page.
    if (error instanceof RefusalError && error.refusal.code === 'upstream_not_json') return undefined
    throw error
  }
}

function candidateOf(namespace: unknown): Candidate | undefined {
  const metadata = isObject(namespace) && isObject(namespace['metadata']) ? namespace['metadata'] : {}
  const { name, creationTimestamp, annotations } = metadata
  // Telemetry says `unknown` where it does not know: nobody's, even where a namespace is called so.
  if (typeof name !== 'string' || !isKnown(name)) return undefined
  const project = isObject(annotations) ? annotations['field.cattle.io/projectId'] : undefined
  const created = typeof creationTimestamp === 'string' ? Date.parse(creationTimestamp) / 1000 : NaN
  return {
    name,
    ...(typeof project === 'string' && project !== '' ? { project } : {}),
    ...(Number.isFinite(created) ? { createdAt: created } : {}),
  }
}

function several(candidate: Candidate | undefined): readonly Candidate[] {
  return candidate === undefined ? [] : [candidate]
}

function whereRefused(error: unknown): readonly Candidate[] {
  if (error instanceof RefusalError) return []
  throw error
}

/** Whether a project's id, with or without its cluster, is the one asked for. */
export function isProject(asked: string, project: string | undefined): boolean {
  if (project === undefined) return false
  return project === asked || (!asked.includes(':') && project.endsWith(`:${asked}`))
}

/** The names of the objects of a list. */
export function namesIn(json: unknown): readonly string[] {
  const items = isObject(json) ? json['items'] : undefined
  if (!Array.isArray(items)) return []
  return stringsOf(
    items.map((item: unknown) => (isObject(item) && isObject(item['metadata']) ? item['metadata']['name'] : '')),
  )
}
