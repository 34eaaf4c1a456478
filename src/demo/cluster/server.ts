import { createServer } from 'node:http'
import { listen, type Listening } from '../launch/listen.ts'
import { answerOf } from './answers.ts'
import { StatusError } from './status.ts'
import { storeOf } from './store.ts'

/** Serves the demo cluster's API in Kubernetes' own formats and errors, at a port of the system's choice. */
export async function startCluster({ seed }: { readonly seed: number }): Promise<Listening> {
  const store = storeOf(seed)
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
      response.end(JSON.stringify(body))
    }
    try {
      const url = new URL(request.url ?? '/', 'http://cluster')
      if (/^\/(healthz|livez|readyz)$/.test(url.pathname)) {
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
        response.end('ok')
        return
      }
      send(200, answerOf(store, { method: request.method ?? 'GET', url, authorization: request.headers.authorization }))
    } catch (error) {
      const failure =
        error instanceof StatusError
          ? error
          : new StatusError(
              500,
              'InternalError',
              `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
            )
      send(failure.status.code ?? 500, failure.status)
    }
  })
  return listen(server)
}
