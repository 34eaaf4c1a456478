import type { ObjectLists } from '../../mesh/config/decode.ts'
import { NotJsonError } from '../errors.ts'
import { requestJson, urlUnder } from '../http.ts'
import { isObject } from '../json.ts'

/** `GET /api/clusters/:cluster/objects`: the objects that the mesh's pages are made of, as far as the viewer may read them. */
export interface ObjectsAnswer {
  /** Kind → the API server's own items; a kind that is not served or could not be read anywhere is absent. */
  readonly lists: ObjectLists
  /** Istio's injection webhooks; absent where the viewer may not list them, which keeps no page from anything else. */
  readonly injectors?: readonly unknown[]
  /** The namespaces that were read; null is all. */
  readonly namespaces: readonly string[] | null
  /** What could not be read: that is not an empty list. */
  readonly missing: readonly MissingObjects[]
}

export interface MissingObjects {
  readonly kind: string
  /** Absent: everywhere. */
  readonly namespace?: string
  /** The API server's HTTP status: 403 where the viewer may not list them. */
  readonly status: number
  /** How many came before it failed half-way; those are in the list. Absent: none are. */
  readonly came?: number
}

/** Everything at once; `base` is where the proxy is, `''` for the page's own. Throws an error of `errors.ts`. */
export async function fetchObjects(base: string, cluster: string, signal?: AbortSignal): Promise<ObjectsAnswer> {
  const url = urlUnder(base, `api/clusters/${encodeURIComponent(cluster)}/objects`)
  const answer = await requestJson(url, { signal, timeoutSeconds: 60 })
  if (!isObjectsAnswer(answer)) throw new NotJsonError(url, 200, JSON.stringify(answer), new Error('no objects'))
  return answer
}

function isObjectsAnswer(value: unknown): value is ObjectsAnswer {
  return isObject(value) && isObject(value['lists']) && Array.isArray(value['missing'])
}
