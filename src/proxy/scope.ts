import type { Scope } from '../mesh/scope.ts'
import type { ClusterConfig } from './config.ts'
import { RefusalError } from './errors.ts'
import type { AskedScope } from './parameters.ts'
import type { Projects } from './projects.ts'
import type { Viewer } from './viewer.ts'

export interface ResolvedScope {
  readonly scope: Scope
  /** Sentences for a person: what was left out, and why. */
  readonly notes: readonly string[]
}

/**
 * What a viewer's question is about, never wider than what the viewer may see. Without login that is everything; a project is
 * the namespaces that the cluster says are in it, and an unknown one is an empty scope with a note.
 * Throws `RefusalError` where projects cannot be looked up.
 */
export async function resolveScope(
  asked: AskedScope,
  _viewer: Viewer,
  { label, prometheus }: ClusterConfig,
  projects: Projects | undefined,
  signal: AbortSignal | undefined,
): Promise<ResolvedScope> {
  const everything = { peers: 'full', seesAll: true, matchers: prometheus.matchers } as const
  switch (asked.kind) {
    case 'all':
      return { scope: { ...everything, namespaces: 'all' }, notes: [] }
    case 'namespaces':
      return { scope: { ...everything, namespaces: asked.namespaces }, notes: [] }
    case 'project': {
      if (projects === undefined) {
        throw new RefusalError({
          status: 400,
          code: 'projects_unknown',
          message: `Projects of ${label} are not known, because no Kubernetes API is configured for it`,
          hint: 'Name the namespaces instead',
        })
      }
      const namespaces = namespacesOf(await projects(signal), asked.project)
      const notes = namespaces.length === 0 ? [`No namespace of ${label} belongs to project ${asked.project}`] : []
      return { scope: { ...everything, namespaces }, notes }
    }
  }
}

/** An id with its cluster names one project; without, whichever projects end in it (one, in one cluster). */
function namespacesOf(projects: ReadonlyMap<string, readonly string[]>, id: string): readonly string[] {
  const isIt = id.includes(':')
    ? (each: string) => each === id
    : (each: string) => each === id || each.endsWith(`:${id}`)
  return [...projects]
    .filter(([each]) => isIt(each))
    .flatMap(([, namespaces]) => namespaces)
    .sort()
}
