import { queryOptions } from '@tanstack/react-query'

import { HttpError } from '../../../clients/errors.ts'
import { requestJson, urlUnder } from '../../../clients/http.ts'
import { isObject } from '../../../clients/json.ts'
import { doorOf, listAll } from '../../../clients/kubernetes/list.ts'
import { decodeObjects, objectKinds, type DecodedObjects, type ObjectKind } from '../../../mesh/config/decode.ts'

/** Kubernetes and Istio objects change seldom: they are read once a minute. */
const minute = 60_000

/**
 * The objects that badges, replicas, gateways and idle nodes come from, all kinds at once, in every namespace. Kinds that the viewer
 * may not list or the cluster does not serve are left out: the graph is drawn without them. Fails where the API does not answer.
 */
export function objectsQuery(cluster: string) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'mesh-objects'] as const,
    queryFn: async ({ signal }): Promise<DecodedObjects> => {
      const groups = await groupsOf(cluster, signal)
      const served = objectKinds.filter(
        (kind) => groups === undefined || !kind.includes('.') || groups.has(groupOf(kind)),
      )
      const lists = await Promise.all(served.map((kind) => listOf(cluster, kind, signal)))
      return decodeObjects(Object.fromEntries(lists.filter((list) => list !== undefined)))
    },
    staleTime: minute,
    refetchInterval: minute,
  })
}

const groupOf = (kind: ObjectKind) => kind.slice(kind.indexOf('.') + 1)

/** The API groups a cluster serves; `undefined` where the viewer may not ask. Kinds of other groups need not be tried. */
async function groupsOf(cluster: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
  try {
    const answer = await requestJson(urlUnder(doorOf('', cluster).root, 'apis'), { signal })
    const groups: unknown = isObject(answer) ? answer['groups'] : undefined
    if (!Array.isArray(groups)) return undefined
    return new Set(groups.flatMap((group: unknown) => (isObject(group) ? [String(group['name'])] : [])))
  } catch (error) {
    if (error instanceof HttpError && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}

async function listOf(
  cluster: string,
  kind: ObjectKind,
  signal: AbortSignal,
): Promise<readonly [ObjectKind, readonly unknown[]] | undefined> {
  try {
    const { items, isServed } = await listAll(doorOf('', cluster), kind, {}, signal)
    return isServed ? [kind, items] : undefined
  } catch (error) {
    if (error instanceof HttpError && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}
