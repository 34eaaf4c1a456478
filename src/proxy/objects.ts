import { isObject } from '../clients/json.ts'
import type { MissingObjects, ObjectsAnswer } from '../clients/kubernetes/objects.ts'
import { resourceOf } from '../clients/kubernetes/resources.ts'
import { objectKinds, type ObjectKind } from '../mesh/config/decode.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { atMost } from './memory.ts'
import { RefusalError } from './errors.ts'
import { readInjectors } from './injectors.ts'
import { leanObject } from './leanObject.ts'
import { ownNamespaces, seesEverything } from './scope.ts'
import type { Upstream } from './upstream.ts'
import type { Viewer } from './viewer.ts'

/** Few enough that one viewer's page does not hold up everybody's reviews. */
const atOnce = 6
const pageSize = 500

/**
 * What `GET /api/clusters/:cluster/objects` answers: every object that the mesh's pages are made of, asked of the cluster as the viewer
 * (`kubernetes`), so that one request of the page stands for all lists. Whoever sees every namespace is asked cluster-wide lists for; a
 * member the lists of the first `most` own namespaces, and those namespaces by name. What could not be read is named in `missing`, with
 * the status and how many came before, and is not an empty list. Throws `RefusalError` where the cluster does not answer at all.
 */
export async function visibleObjects(
  viewer: Viewer,
  doors: ClusterDoors,
  { kubernetes, most, signal }: { readonly kubernetes: Upstream; readonly most: number; readonly signal: AbortSignal },
): Promise<ObjectsAnswer> {
  const { credentials } = viewer
  const isMember = credentials !== undefined && !(await seesEverything(credentials, doors))
  const namespaces = isMember ? await ownNamespaces(viewer, credentials, doors, most) : undefined
  const limited = atMost(atOnce)
  const versions = await servedVersions(kubernetes, signal)
  const missing: MissingObjects[] = []
  const lists: Partial<Record<ObjectKind, readonly unknown[]>> = {}

  const readKind = async (kind: ObjectKind): Promise<void> => {
    const root = rootOf(kind, versions)
    if (root === undefined) return
    const { plural } = resourceOf(kind)
    const places: readonly Place[] =
      namespaces === undefined
        ? [{ path: `${root}/${plural}` }]
        : namespaces.map((namespace) =>
            kind === 'namespaces'
              ? { path: `${root}/namespaces/${encodeURIComponent(namespace)}`, namespace, isOne: true }
              : { path: `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`, namespace },
          )
    const read = await Promise.all(places.map((place) => limited(() => itemsAt(kubernetes, place, signal))))
    const items: unknown[] = []
    for (const [index, answer] of read.entries()) {
      const namespace = places[index]?.namespace
      const kept = answer.status === undefined || !onlyWhole.has(kind) ? answer.items : []
      for (const item of kept) items.push(leanObject(item, kind))
      if (answer.status !== undefined && answer.status !== 404) {
        missing.push({
          kind,
          ...(namespace === undefined ? {} : { namespace }),
          status: answer.status,
          ...(kept.length === 0 ? {} : { came: kept.length }),
        })
      }
    }
    if (items.length > 0 || read.some(({ status }) => status === undefined)) lists[kind] = items
  }
  const [injectors] = await Promise.all([readInjectors(kubernetes, signal), ...objectKinds.map(readKind)])
  return {
    lists,
    ...(injectors === undefined ? {} : { injectors }),
    namespaces: namespaces ?? null,
    missing: missing.sort((a, b) => (`${a.kind} ${a.namespace ?? ''}` < `${b.kind} ${b.namespace ?? ''}` ? -1 : 1)),
  }
}

interface Place {
  readonly path: string
  readonly namespace?: string
  /** An object and no list. */
  readonly isOne?: boolean
}

/** What came, and the status that ended it too early. */
interface Read {
  readonly items: readonly unknown[]
  readonly status?: number
}

/** Half of the pods would make workloads look as if they had none; half of the policies, a namespace as if nothing spoke against STRICT. */
const onlyWhole: ReadonlySet<ObjectKind> = new Set([
  'pods',
  'replicasets.apps',
  'peerauthentications.security.istio.io',
  'destinationrules.networking.istio.io',
  'authorizationpolicies.security.istio.io',
])

/**
 * All pages, each asked for once more where the cluster stumbles; or those before the one that failed. Throws `RefusalError` where
 * the first page gets no answer at all.
 */
async function itemsAt(kubernetes: Upstream, { path, isOne = false }: Place, signal: AbortSignal): Promise<Read> {
  if (isOne) {
    const { status, json } = await kubernetes({ path, signal })
    return status < 400 && isObject(json) ? { items: [json] } : { items: [], status }
  }
  const items: unknown[] = []
  let next = ''
  let isWhole = false
  let hasStumbled = false
  for (;;) {
    const query = new URLSearchParams(
      isWhole ? {} : { limit: `${pageSize}`, ...(next === '' ? {} : { continue: next }) },
    )
    const isFirst = next === '' && !isWhole
    const { status, json } = isFirst
      ? await kubernetes({ path, query, signal })
      : await answerOrStatus(kubernetes, { path, query, signal })
    if (status === 410 && !isWhole) {
      // The token expired half-way: once more from the start, in one piece.
      items.length = 0
      next = ''
      isWhole = true
      continue
    }
    if (status >= 400 || !isObject(json) || !Array.isArray(json['items'])) {
      // Who waited in vain for one answer does not wait as long for another: the page would give up first.
      if (status >= 500 && status !== 504 && next !== '' && !hasStumbled) {
        hasStumbled = true
        continue
      }
      return { items, status: status < 400 ? 502 : status }
    }
    hasStumbled = false
    const page: readonly unknown[] = json['items']
    for (const item of page) items.push(item)
    const token = isObject(json['metadata']) ? json['metadata']['continue'] : undefined
    next = typeof token === 'string' ? token : ''
    if (next === '' || isWhole) return { items }
  }
}

/** An answer; of what is none (a timeout, a connection that broke off, a gateway's page) the status that stands for it. */
async function answerOrStatus(
  kubernetes: Upstream,
  request: { readonly path: string; readonly query: URLSearchParams; readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly json?: unknown }> {
  try {
    return await kubernetes(request)
  } catch (error) {
    if (request.signal.aborted || !(error instanceof RefusalError)) throw error
    return { status: error.refusal.status }
  }
}

/** API group → the version to ask for; `undefined` where the viewer may not ask which there are. */
async function servedVersions(
  kubernetes: Upstream,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { status, json } = await kubernetes({ path: 'apis', signal })
  const groups: unknown = isObject(json) ? json['groups'] : undefined
  if (status >= 400 || !Array.isArray(groups)) return undefined
  const served = new Map<string, string>()
  for (const group of groups as readonly unknown[]) {
    if (!isObject(group) || typeof group['name'] !== 'string') continue
    const versions = Array.isArray(group['versions']) ? (group['versions'] as readonly unknown[]) : []
    const names = versions.flatMap((each) =>
      isObject(each) && typeof each['version'] === 'string' && /^v[0-9a-z]+$/.test(each['version'])
        ? [each['version']]
        : [],
    )
    const [preferred] = names
    if (preferred !== undefined) served.set(group['name'], names.includes('v1') ? 'v1' : preferred)
  }
  return served
}

function rootOf(kind: ObjectKind, versions: ReadonlyMap<string, string> | undefined): string | undefined {
  const { group, version: first } = resourceOf(kind)
  if (group === '') return 'api/v1'
  if (versions === undefined) return `apis/${group}/${first}`
  const version = versions.get(group)
  return version === undefined ? undefined : `apis/${group}/${first === 'v1' ? version : first}`
}
