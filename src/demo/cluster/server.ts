import { type ServerResponse, createServer } from 'node:http'
import { listen, type Listening } from '../launch/listen.ts'
import { answerOf } from './answers.ts'
import { answerLog, logPlaceIn } from './logs.ts'
import { proxyRequestIn, throughProxy } from './serviceProxy.ts'
import { NoPageError, StatusError } from './status.ts'
import { storeOf } from './store.ts'
import { type Watch, follow } from './watch.ts'
import { whoAsks } from './whoAsks.ts'

/** Serves the demo cluster's API in Kubernetes' own formats and errors, at a port of the system's choice. */
export async function startCluster({ seed }: { readonly seed: number }): Promise<Listening> {
  const store = storeOf(seed, Date.now())
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
      response.end(JSON.stringify(body))
    }
    const answer = (body: string) => {
      try {
        const { method = 'GET', headers } = request
        const url = new URL(request.url ?? '/', 'http://cluster')
        if (/^\/(healthz|livez|readyz)$/.test(url.pathname)) {
          response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
          response.end('ok')
          return
        }
        const asking = {
          authorization: headers.authorization,
          impersonateUser: request.headersDistinct['impersonate-user']?.[0],
          impersonateGroups: request.headersDistinct['impersonate-group'] ?? [],
        }
        const logged = logPlaceIn(url.pathname)
        if (logged !== undefined && method === 'GET') {
          const asked = { query: url.searchParams, person: whoAsks(store, asking), now: Date.now() / 1000 }
          const text = answerLog(store, logged, asked)
          response.writeHead(200, { 'content-type': 'text/plain' })
          response.end(text)
          return
        }
        const proxied = proxyRequestIn(url.pathname)
        if (proxied !== undefined) {
          const said = throughProxy(proxied, { method, query: url.search, person: whoAsks(store, asking), store })
          response.writeHead(said.status, { 'content-type': said.type })
          response.end(said.body)
          return
        }
        const answered = answerOf(store, {
          method,
          url,
          asking,
          body,
          contentType: headers['content-type'],
        })
        if ('watch' in answered) stream(response, answered.watch)
        else send(answered.status, answered.body)
      } catch (error) {
        if (error instanceof NoPageError) {
          response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
          response.end(error.message)
          return
        }
        const failure = statusErrorOf(error)
        send(failure.status.code ?? 500, failure.status)
      }
    }
    // One JSON document a line, until the time is over or the other side goes.
    const stream = (to: ServerResponse, watch: Watch) => {
      to.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
      to.flushHeaders()
      const stop = follow(store, watch, (event) => to.write(`${JSON.stringify(event)}\n`))
      const over = watch.seconds === undefined ? undefined : setTimeout(() => to.end(), watch.seconds * 1000)
      to.on('close', () => {
        stop()
        clearTimeout(over)
      })
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(Buffer.concat(chunks).toString()))
  })
  return listen(server)
}

function statusErrorOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`)
}
