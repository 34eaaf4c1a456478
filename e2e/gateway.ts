import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where the API server serves a Service to browsers that come through Rancher. */
export const serviceProxyPath = '/k8s/clusters/c-abc/api/v1/namespaces/mesh/services/http:meshboard:80/proxy'

export interface Gateway {
  /** The root a browser opens, with a slash at its end. */
  readonly root: string
  readonly close: () => void
}

/**
 * What stands before Meshboard in a cluster, on a port of its own. An Ingress (`ingress`) hands on a path as it is; the API server's
 * service proxy (`serviceProxy`) takes its own part of the path away, and `Authorization` with it. Anything else is 404.
 */
export async function startGateway(kind: 'ingress' | 'serviceProxy', prefix: string, to: string): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    if (!path.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end('outside the prefix')
      return
    }
    const { host, authorization, ...headers } = incoming.headers
    const upstream = request(
      new URL(kind === 'ingress' ? path : path.slice(prefix.length), to),
      {
        method: incoming.method,
        headers:
          kind === 'ingress'
            ? {
                ...headers,
                ...(host === undefined ? {} : { host }),
                ...(authorization === undefined ? {} : { authorization }),
              }
            : headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    upstream.on('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { root: `${originOf(server)}${prefix}/`, close: () => closeNow(server) }
}

/** Where a server on loopback is reached. */
export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Ends a server and whatever still hangs on it. */
export function closeNow(server: Server): void {
  server.closeAllConnections()
  server.close()
}
