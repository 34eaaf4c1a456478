import { type Server, createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { DestinationStream } from 'pino'
import { createApp } from './app.ts'
import { type ProxyConfig, readConfig } from './config.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { loadStatic } from './static.ts'

export interface RunningProxy {
  /** Where it answers, with the port it really has: `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
  /** Takes no more requests, lets running ones end within `limits.drainSeconds`, then cuts the rest. May be called again. */
  close(): Promise<void>
}

/** The address cannot be listened on; the message says why and what to do, in one line. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  /** Node's: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, `ENOTFOUND`. */
  readonly code: string
  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Starts the proxy; it answers once the promise resolves. Logs to `logTo`, standard output unless told.
 * Rejects with `ConfigError`, `NoPageError` (the page's folder) or `ListenError` (the address).
 */
export async function startProxy(input: ProxyConfig, logTo?: DestinationStream): Promise<RunningProxy> {
  const config = readConfig(input)
  const log = createLog(config, logTo)
  const metrics = createMetrics()
  const page = config.staticDir === undefined ? undefined : await loadStatic(config.staticDir)
  const app = createApp({ config, log, metrics, page, now: () => Date.now() / 1000 })
  // A few hundred namespaces in one URL are longer than Node's 16 kB.
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  // Whoever sends slower than this holds a connection for nothing.
  const requestTimeout = config.limits.requestSeconds * 1000
  const patience = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: 1000 }
  const server = createServer(
    { maxHeaderSize: 64 * 1024, ...patience },
    (incoming, outgoing) => void answer(incoming, outgoing),
  )
  const drain = drainOf(server, config.limits.drainSeconds)
  const port = await listen(server, config)
  const url = `http://${hostInUrl(config.host)}:${port}`
  log.info({ url, clusters: config.clusters.map(({ name }) => name) }, 'listening')

  let closing: Promise<void> | undefined
  return { url, port, close: () => (closing ??= drain()) }
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  const code = error.code ?? 'unknown'
  const messages: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another process: stop it, or choose another port`,
    EACCES: `Port ${port} on ${host} needs rights that this user has not: choose one above 1023`,
    EADDRNOTAVAIL: `This machine has no address ${host}: choose one it has, such as 127.0.0.1 or 0.0.0.0`,
    ENOTFOUND: `This machine does not know the host name ${host}`,
  }
  return new ListenError(messages[code] ?? `Cannot listen on ${host}:${port}: ${error.message}`, code, error)
}

/**
 * How to end a server: no new connections, running requests end, and once none runs everything else is cut. Node alone would wait
 * for connections that never sent a request, which browsers open ahead of need.
 */
function drainOf(server: Server, seconds: number): () => Promise<void> {
  let running = 0
  let isClosing = false
  server.on('request', (_, outgoing) => {
    running += 1
    outgoing.once('close', () => {
      running -= 1
      if (isClosing && running === 0) server.closeAllConnections()
    })
  })
  return () =>
    new Promise((resolve) => {
      isClosing = true
      const late = setTimeout(() => server.closeAllConnections(), seconds * 1000)
      server.close(() => {
        clearTimeout(late)
        resolve()
      })
      if (running === 0) server.closeAllConnections()
      else server.closeIdleConnections()
    })
}

/** `0.0.0.0` is no address to visit, and an IPv6 one wears brackets. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
