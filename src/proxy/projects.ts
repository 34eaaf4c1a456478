import { isObject } from '../clients/json.ts'
import { RefusalError } from './errors.ts'
import type { Token } from './token.ts'
import type { Upstream } from './upstream.ts'

/** The namespaces of every project of a cluster, by full id (`c-m-abc:p-x7k2p`). */
export type Projects = (signal: AbortSignal | undefined) => Promise<ReadonlyMap<string, readonly string[]>>

/**
 * Rancher's projects, read off the namespaces' annotation, remembered for `seconds`.
 * https://ranchermanager.docs.rancher.com/how-to-guides/new-user-guides/manage-clusters/projects-and-namespaces
 */
export function rememberedProjects(
  kubernetes: Upstream,
  token: Token | undefined,
  seconds: number,
  now: () => number,
): Projects {
  let known: { readonly at: number; readonly projects: ReadonlyMap<string, readonly string[]> } | undefined
  return async (signal) => {
    if (known !== undefined && now() - known.at < seconds) return known.projects
    const projects = projectsIn(await namespacesOf(kubernetes, token, signal))
    known = { at: now(), projects }
    return projects
  }
}

function projectsIn(namespaces: readonly unknown[]): ReadonlyMap<string, readonly string[]> {
  const projects = new Map<string, string[]>()
  for (const namespace of namespaces) {
    const metadata = isObject(namespace) && isObject(namespace['metadata']) ? namespace['metadata'] : {}
    const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {}
    const { name } = metadata
    const id = annotations['field.cattle.io/projectId']
    if (typeof name !== 'string' || typeof id !== 'string' || id === '') continue
    const known = projects.get(id)
    if (known === undefined) projects.set(id, [name])
    else known.push(name)
  }
  return projects
}

async function namespacesOf(
  kubernetes: Upstream,
  token: Token | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const bearer = await token?.()
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
  const namespaces: unknown[] = []
  let next = ''
  do {
    const query = new URLSearchParams({ limit: '500', ...(next === '' ? {} : { continue: next }) })
    const { status, json } = await kubernetes({ path: 'api/v1/namespaces', query, headers, signal })
    const answer = isObject(json) ? json : {}
    const { message, items } = answer
    if (status !== 200 || !Array.isArray(items)) {
      throw new RefusalError({
        status: 502,
        code: 'projects_unreadable',
        message: `The Kubernetes API would not list namespaces: ${typeof message === 'string' ? message : `HTTP status ${status}`}`,
        hint: 'Name the namespaces instead, or let the configured credentials list namespaces',
      })
    }
    for (const item of items) namespaces.push(item)
    const token = isObject(answer['metadata']) ? answer['metadata']['continue'] : undefined
    next = typeof token === 'string' ? token : ''
  } while (next !== '')
  return namespaces
}
