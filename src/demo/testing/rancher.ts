import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'

/** Where the stand-in leads to. */
export interface BehindRancher {
  /** The downstream cluster's API server, which takes Bearer tokens. */
  readonly cluster: string
  /** `namespace/http:name:port` → the root of what answers behind the API server's service proxy. */
  readonly services: Readonly<Record<string, string>>
}

export interface Rancher {
  /** `http://127.0.0.1:40123`. */
  readonly url: string
  /** `http://127.0.0.1:40123/k8s/clusters/c-m-abc/`. */
  readonly root: string
  /** The headers of every request that was handed to a Service, and its path there. */
  readonly handed: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[]
  /** Where things lead to, to be filled in once they run. */
  behind: BehindRancher
  readonly close: () => Promise<void>
}

/** As Rancher names it: a session in the cookie, which is also an API key. */
export const sessionCookie = 'R_SESS'
const csrfCookie = 'CSRF'
export const csrfToken = 'c5rf'
const clusterId = 'c-m-abc'

/**
 * What Rancher and the API server behind it do to requests (rancher/rancher pkg/k8sproxy, kubernetes/apimachinery pkg/util/proxy): a
 * session or an API key becomes the person's rights downstream; a Service behind the service proxy gets the path without its prefix, and
 * neither `Authorization` nor any word on who asks, though it gets the browser's cookies. Stricter than Rancher in one thing: a session
 * changes nothing without the CSRF token.
 */
export async function startRancher(behind: BehindRancher): Promise<Rancher> {
  const handed: { path: string; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch(() => outgoing.destroy())
  })

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { url = '/', method = 'GET', headers } = incoming
    const prefix = `/k8s/clusters/${clusterId}/`
    if (!url.startsWith(prefix)) {
      say(outgoing, 404, { type: 'error', status: '404', message: 'not found' })
      return
    }
    const key = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
    const session = cookieIn(headers.cookie, sessionCookie)
    const token = key ?? session
    if (token === undefined) {
      say(outgoing, 401, { type: 'error', status: '401', message: 'must authenticate' })
      return
    }
    const path = url.slice(prefix.length)
    const [, namespace = '', name = '', below = ''] =
      /^api\/v1\/namespaces\/([^/]+)\/services\/([^/]+)\/proxy\/(.*)$/.exec(path) ?? []
    const service = rancher.behind.services[`${namespace}/${decodeURIComponent(name)}`]
    if (service === undefined) {
      const isRead = method === 'GET' || method === 'HEAD'
      if (!isRead && key === undefined && headers['x-api-csrf'] !== csrfToken) {
        say(outgoing, 422, { type: 'error', status: '422', message: 'Invalid CSRF token' })
        return
      }
      const { cookie, authorization, ...rest } = headers
      return hand(incoming, outgoing, new URL(path, `${rancher.behind.cluster}/`), {
        ...rest,
        authorization: `Bearer ${token}`,
      })
    }
    const verb = method === 'GET' ? 'get' : method === 'POST' ? 'create' : method === 'PUT' ? 'update' : 'delete'
    if (
      !(await may(rancher.behind.cluster, token, { verb, resource: 'services', subresource: 'proxy', namespace, name }))
    ) {
      const message = `services "${name}" is forbidden: cannot ${verb} resource "services/proxy"`
      say(outgoing, 403, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Forbidden',
        code: 403,
        message,
      })
      return
    }
    const { authorization, ...rest } = headers
    handed.push({ path: `/${below}`, headers: rest })
    return hand(incoming, outgoing, new URL(below, `${service}/`), rest)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const rancher: Rancher = {
    url,
    root: `${url}/k8s/clusters/${clusterId}/`,
    handed,
    behind,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return rancher
}

/** The cookies of somebody who is logged in to Rancher, as a `Cookie` header has them. */
export function cookiesOf(token: string): string {
  return `${sessionCookie}=${token}; ${csrfCookie}=${csrfToken}`
}

function cookieIn(header: string | undefined, name: string): string | undefined {
  return new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(header ?? '')?.[1]
}

function say(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function hand(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  to: URL,
  headers: IncomingMessage['headers'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(to, { method: incoming.method, headers: { ...headers, host: to.host } }, (answered) => {
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers)
      answered.pipe(outgoing)
      answered.on('end', resolve)
      answered.on('error', reject)
    })
    sent.on('error', reject)
    incoming.pipe(sent)
  })
}

async function may(cluster: string, token: string, attributes: object): Promise<boolean> {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group: '', ...attributes } },
  }
  const said = await new Promise<string>((resolve, reject) => {
    const sent = request(
      new URL('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', cluster),
      { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (answered) => {
        let text = ''
        answered.setEncoding('utf8').on('data', (part: string) => (text += part))
        answered.on('end', () => resolve(text))
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
  return /"allowed":\s*true/.test(said)
}
