import { request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent, request as requestHttps } from 'node:https'
import { decodeObjects, type ObjectKind, objectKinds } from '../mesh/config/decode.ts'
import type { MeshObjects } from '../mesh/config/objects.ts'
import type { Skipped } from '../mesh/samples.ts'
import type { Access } from '../proxy/kubeconfig.ts'

/**
 * The objects the graph asks for, all kinds at once. Kinds that are not served (no Istio, no Gateway API) or not allowed are left
 * out, the latter told in `skipped`. Throws an Error with a sentence when the API server does not answer or knows nobody by these
 * credentials.
 */
export async function readObjects(
  access: Access,
  signal: AbortSignal,
): Promise<{ readonly objects: MeshObjects; readonly skipped: readonly Skipped[] }> {
  const read = await readLists(objectKinds, access, signal)
  const refused = objectKinds
    .filter((kind) => read.get(kind) === 'forbidden')
    .map((kind) => ({ reason: `Kubernetes does not let you list ${kind}: left out`, count: 1, example: kind }))
  const lists = objectKinds.flatMap((kind): readonly [ObjectKind, readonly unknown[]][] => {
    const items = read.get(kind)
    return items === undefined || typeof items === 'string' ? [] : [[kind, items]]
  })
  const { objects, skipped } = decodeObjects(Object.fromEntries(lists))
  return { objects, skipped: [...refused, ...skipped] }
}

/** A list as far as it could be read. */
export type ReadList = readonly unknown[] | 'forbidden' | 'notServed'

/**
 * Kinds (`pods`, `podmonitors.monitoring.coreos.com`) with their objects, all at once. Private authorities and client certificates are
 * why this speaks node:https, which fetch cannot be given. Throws as `readObjects` does.
 */
export async function readLists(
  kinds: readonly string[],
  access: Access,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadList>> {
  if (access.proxyUrl !== undefined) throw new Error('the kubeconfig asks for a proxy-url, which is not supported here')
  const agent = access.server.startsWith('https:')
    ? new Agent({ ...access.tls, keepAlive: true, maxSockets: 8 })
    : undefined
  try {
    return new Map(
      await Promise.all(
        kinds.map(async (kind): Promise<[string, ReadList]> => [kind, await listOf(kind, { access, agent, signal })]),
      ),
    )
  } finally {
    agent?.destroy()
  }
}

interface Asking {
  readonly access: Access
  readonly agent: Agent | undefined
  readonly signal: AbortSignal
}

/** Every page of a list; Istio's older servers know the kinds as `v1beta1`. */
async function listOf(kind: string, asking: Asking): Promise<unknown[] | 'forbidden' | 'notServed'> {
  const [plural = '', ...group] = kind.split('.')
  const versions =
    group.length === 0 ? ['api/v1'] : ['v1', 'v1beta1'].map((version) => `apis/${group.join('.')}/${version}`)
  for (const version of versions) {
    const items = await pagesOf(`${version}/${plural}`, asking)
    if (items !== 'notServed') return items
  }
  return 'notServed'
}

async function pagesOf(path: string, asking: Asking): Promise<unknown[] | 'forbidden' | 'notServed'> {
  const items: unknown[] = []
  let next = ''
  do {
    const parameters = new URLSearchParams({ limit: '500', ...(next === '' ? {} : { continue: next }) })
    const { status, body } = await get(`${asking.access.server}/${path}?${parameters.toString()}`, asking)
    if (status === 404) return 'notServed'
    if (status === 403) return 'forbidden'
    if (status === 401)
      throw new Error(
        `${asking.access.server} does not know these credentials (401); is the token or certificate expired?`,
      )
    const page: unknown = status === 200 ? parsed(body, asking.access.server) : undefined
    if (!isObject(page) || !Array.isArray(page['items'])) {
      throw new Error(`${asking.access.server} answered ${status} to ${path}: ${body.slice(0, 200)}`)
    }
    const more: readonly unknown[] = page['items']
    items.push(...more)
    const token = isObject(page['metadata']) ? page['metadata']['continue'] : undefined
    next = typeof token === 'string' ? token : ''
  } while (next !== '')
  return items
}

function get(
  url: string,
  { access, agent, signal }: Asking,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(
        new Error(
          `no answer from ${access.server}: ${error.message}; is the address right, and the server reachable?`,
          { cause: error },
        ),
      )
    const answered = (response: IncomingMessage): void => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', fail)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
      )
    }
    const headers = { accept: 'application/json', ...access.headers }
    const sent =
      agent === undefined
        ? requestHttp(url, { headers, signal, timeout: 60_000 }, answered)
        : requestHttps(url, { headers, signal, timeout: 60_000, agent }, answered)
    sent.on('error', fail)
    sent.on('timeout', () => sent.destroy(new Error('nothing within 60 s')))
    sent.end()
  })
}

function parsed(body: string, server: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new Error(`${server} answered with something other than JSON; is it a Kubernetes API server?`, {
      cause: error,
    })
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
