import { isObject } from '../clients/json.ts'
import { RefusalError } from './errors.ts'
import { OwnParameters, invalid } from './ownParameters.ts'
import type { Upstream } from './upstream.ts'

/** A container's log as the API server gave it, or the `Status` with which it refused. */
export interface LogAnswer {
  readonly status: number
  readonly text: string
  readonly type: 'text/plain; charset=utf-8' | 'application/json'
}

/** Whose log a path of the Kubernetes door asks for. */
export interface LogPlace {
  readonly namespace: string
  readonly pod: string
}

const mostLines = 100_000
const mostBytes = 48 * 1024 * 1024

/** What `api/v1/namespaces/NAMESPACE/pods/POD/log` speaks of, still percent-encoded; undefined for any other path. */
export function logPlaceIn(rawPath: string): LogPlace | undefined {
  const [, namespace, pod] =
    /^api\/v1\/namespaces\/([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/pods\/([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)\/log$/.exec(
      rawPath,
    ) ?? []
  return namespace === undefined || pod === undefined ? undefined : { namespace, pod }
}

/**
 * The last lines of a container's log, asked of the API server as the viewer, who needs `get pods/log`. Never followed: it ends by itself,
 * by lines and by bytes. Takes `container`, `tailLines` (1,000 unless told), `sinceSeconds`, `previous`, `timestamps`.
 * Throws `RefusalError` for any other parameter.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
 */
export async function readLog(
  kubernetes: Upstream,
  { namespace, pod }: LogPlace,
  parameters: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<LogAnswer> {
  const own = new OwnParameters(parameters)
  const container = own.take('container')
  if (container !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(container))
    throw invalid('container', 'is not the name of a container')
  const lines = numberIn(own, 'tailLines', mostLines) ?? 1000
  const since = numberIn(own, 'sinceSeconds', 31 * 86_400)
  const query = new URLSearchParams({
    tailLines: `${lines}`,
    limitBytes: `${mostBytes}`,
    timestamps: own.oneOf('timestamps', ['true', 'false'], 'false'),
    previous: own.oneOf('previous', ['true', 'false'], 'false'),
    ...(container === undefined ? {} : { container }),
    ...(since === undefined ? {} : { sinceSeconds: `${since}` }),
  })
  own.refuseTheRest('log')
  const { status, text, json } = await kubernetes({
    path: `api/v1/namespaces/${namespace}/pods/${pod}/log`,
    query,
    signal,
    firstBytes: mostBytes,
    headers: { accept: 'application/json, */*' },
  })
  if (status < 300) return { status, text, type: 'text/plain; charset=utf-8' }
  if (isObject(json) && json['kind'] === 'Status') return { status, text, type: 'application/json' }
  throw new RefusalError({
    status: 502,
    code: 'log_unreadable',
    message: `The log could not be read (HTTP status ${status})`,
    hint: 'The API server asks the kubelet of the pod’s node: check that the node is there',
  })
}

function numberIn(own: OwnParameters, name: string, most: number): number | undefined {
  const text = own.take(name)
  if (text === undefined) return undefined
  const value = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined
  if (value === undefined || value > most) throw invalid(name, `takes a whole number from 1 to ${most}`)
  return value
}
