import { isObject } from '../clients/json.ts'
import {
  type ListedService,
  type ToolName,
  type ToolService,
  projectStack,
  toolAmong,
  toolSelectors,
  usualPlaces,
} from '../mesh/tools.ts'
import { kubernetesOf } from './asViewer.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { ToolsConfig } from './clusterConfig.ts'
import { RefusalError } from './errors.ts'
import type { Memory } from './memory.ts'
import type { ListedServices } from './toolMemory.ts'
import { candidatesFor, ownNamespaces, seesEverything } from './scope.ts'
import type { Upstream } from './upstream.ts'
import type { Viewer } from './viewer.ts'

/** Where a tool may be. */
export type ToolPlace =
  | { readonly kind: 'address'; readonly address: string }
  | {
      readonly kind: 'service'
      readonly service: ToolService
      /** The project whose own stack it is. */
      readonly project?: string
      /** Nobody could look whether it is there. */
      readonly isGuess: boolean
    }

export interface ToolPlaces {
  /** The one to take first, first. */
  readonly places: readonly ToolPlace[]
  /** Services outside the trusted namespaces that carry the tool's label. */
  readonly elsewhere: readonly ToolService[]
  /** Nobody could look for it. */
  readonly isUnknown?: true
}

const mostProjects = 5

/**
 * Where a viewer's tools may be: the stacks of the member's own projects, then what is configured or else found by labels, with the
 * viewer's own token or else the account of the proxy; where neither may list Services, where the usual charts put them.
 */
export async function toolPlaces(
  viewer: Viewer,
  doors: ClusterDoors,
  config: ToolsConfig,
  listed: Memory<ListedServices>,
): Promise<Readonly<Record<ToolName, ToolPlaces>>> {
  const [projects, services] = await Promise.all([projectsOf(viewer, doors), servicesFor(viewer, doors, listed)])
  const placesOf = (tool: ToolName): ToolPlaces => {
    const own = projects.flatMap((project): readonly ToolPlace[] => {
      const service = projectStack(tool, project)
      return service === undefined ? [] : [{ kind: 'service', service, project, isGuess: false }]
    })
    const configured = config[tool]
    if (configured !== undefined) return { places: [...own, placeIn(configured)], elsewhere: [] }
    if (services === undefined) {
      // Where nobody logs in there is nobody to review, and a guess is all there is: no door.
      const usual = viewer.credentials === undefined ? [] : usualPlaces(tool)
      return { places: [...own, ...usual.map((service) => at(service, true))], elsewhere: [], isUnknown: true }
    }
    const { trusted, elsewhere } = toolAmong(tool, services, config.namespaces)
    return { places: [...own, ...trusted.map((service) => at(service, false))], elsewhere }
  }
  return {
    kiali: placesOf('kiali'),
    jaeger: placesOf('jaeger'),
    grafana: placesOf('grafana'),
    prometheus: placesOf('prometheus'),
  }
}

function at(service: ToolService, isGuess: boolean): ToolPlace {
  return { kind: 'service', service, isGuess }
}

function placeIn({ url, service }: NonNullable<ToolsConfig[ToolName]>): ToolPlace {
  if (url !== undefined || service === undefined) {
    const address = url ?? ''
    return { kind: 'address', address: address.endsWith('/') ? address : `${address}/` }
  }
  const { path, ...rest } = service
  // `/` says nothing of where the tool's pages begin; any other path does.
  const below = path.replace(/^\//, '').replace(/([^/])$/, '$1/')
  return at({ ...rest, ...(below === '' ? {} : { path: below }) }, false)
}

/** The projects of a member's namespaces; none for whoever sees every namespace. */
async function projectsOf(viewer: Viewer, doors: ClusterDoors): Promise<readonly string[]> {
  const { credentials } = viewer
  if (credentials === undefined || (await seesEverything(credentials, doors))) return []
  const own = new Set(await ownNamespaces(viewer, credentials, doors, doors.mostCandidates))
  const candidates = await candidatesFor(viewer, doors, undefined)
  const projects = new Set(
    candidates.flatMap(({ name, project }) => (project === undefined || !own.has(name) ? [] : [project])),
  )
  return [...projects].sort().slice(0, mostProjects)
}

async function servicesFor(
  viewer: Viewer,
  doors: ClusterDoors,
  listed: Memory<ListedServices>,
): Promise<ListedServices> {
  const theirs = kubernetesOf(viewer, doors)
  if (theirs === undefined) return undefined
  const found = await listed.get(viewer.credentials?.id ?? 'own', () => listTools(theirs).catch(whereUnanswered))
  if (found !== undefined || viewer.credentials === undefined) return found
  const { own } = doors
  return own === undefined ? undefined : listed.get('own', () => listTools(own).catch(whereUnanswered))
}

async function listTools(kubernetes: Upstream): Promise<ListedServices> {
  const lists = await Promise.all(
    toolSelectors.map((labelSelector) =>
      kubernetes({ path: 'api/v1/services', query: new URLSearchParams({ labelSelector, limit: '500' }) }),
    ),
  )
  if (lists.some(({ status }) => status !== 200)) return undefined
  return lists.flatMap(({ json }) => {
    const items = isObject(json) ? json['items'] : undefined
    return Array.isArray(items) ? items.flatMap((item: unknown) => serviceIn(item) ?? []) : []
  })
}

function serviceIn(item: unknown): ListedService | undefined {
  const metadata = isObject(item) && isObject(item['metadata']) ? item['metadata'] : {}
  const spec = isObject(item) && isObject(item['spec']) ? item['spec'] : {}
  const { namespace, name } = metadata
  if (typeof namespace !== 'string' || typeof name !== 'string') return undefined
  const ports: readonly unknown[] = Array.isArray(spec['ports']) ? spec['ports'] : []
  return {
    namespace,
    name,
    labels: stringsIn(metadata['labels']),
    ports: ports.flatMap((each) => {
      if (!isObject(each) || typeof each['port'] !== 'number') return []
      const { name: portName, port, targetPort } = each
      return [
        {
          port,
          ...(typeof portName === 'string' ? { name: portName } : {}),
          ...(typeof targetPort === 'string' || typeof targetPort === 'number' ? { targetPort } : {}),
        },
      ]
    }),
  }
}

function stringsIn(labels: unknown): Readonly<Record<string, string>> {
  if (!isObject(labels)) return {}
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** Where the API server or the proxy's account fails, nobody can look; a viewer whose token is no longer taken learns that. */
function whereUnanswered(error: unknown): undefined {
  if (error instanceof RefusalError && error.refusal.code !== 'token_refused') return undefined
  throw error
}
