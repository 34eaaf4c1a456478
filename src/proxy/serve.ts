import { type Server, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { readFile } from 'node:fs/promises'
import type { DestinationStream } from 'pino'
import { type Config, type ProxyConfig, readConfig } from './config.ts'
import { ConfigError } from './configErrors.ts'
import { createInForce } from './inForce.ts'
import { createLog } from './log.ts'
import type { Readiness } from './readiness.ts'
import { loadStatic } from './static.ts'
import type { Environment } from './transport.ts'

export interface RunningProxy {
  /** Where it answers, with the port it really has: `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
  /** The address that lets one browser in where `auth.mode` is `kubeconfig`, else the same as `url`. */
  readonly address: () => string
  /** What `/readyz` says; waits for each upstream. */
  readonly ready: () => Promise<Readiness>
  /**
   * Takes requests for `limits.leaveSeconds` more, then no more, lets running ones end within `limits.drainSeconds`, and cuts the rest.
   * Called again it leaves at once.
   */
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

export interface Around {
  /** Where the log goes; standard output unless told. */
  readonly logTo?: DestinationStream
  /** For HTTPS_PROXY and its like, and KUBECONFIG; the process's own unless told. */
  readonly environment?: Environment
  /** The configuration as it is written now; rejects with `ConfigError`. Without it the configuration never changes. */
  readonly reread?: () => Promise<unknown>
  /** Called once a browser was let in, and `address` is another. */
  readonly onBrowser?: () => void
  /** How often it is read again; 5 s unless told. */
  readonly rereadSeconds?: number
}

/**
 * Starts the proxy; it answers once the promise resolves. A configuration that changes for the better is in force a few seconds later,
 * one that cannot be used changes nothing but `/readyz` and the log.
 * Rejects with `ConfigError`, `NoPageError` (the page's folder) or `ListenError` (the address).
 */
export async function startProxy(input: ProxyConfig, around: Around = {}): Promise<RunningProxy> {
  const { environment = process.env, logTo, reread, rereadSeconds = 5 } = around
  const config = readConfig(input)
  const log = createLog(config, logTo)
  const page = config.staticDir === undefined ? undefined : await loadStatic(config.staticDir)
  const inForce = await createInForce(config, { log, page, environment, onBrowser: around.onBrowser })
  // Whoever sends slower than this holds a connection for nothing.
  const requestTimeout = config.limits.requestSeconds * 1000
  const patience = {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: 1000,
    // Longer than balancers keep an idle connection (a minute): whoever closes first must not be the one that is being asked.
    keepAliveTimeout: 75_000,
  }
  // A few hundred namespaces in one URL are longer than Node's 16 kB.
  const options = { maxHeaderSize: 64 * 1024, ...patience }
  const { tls } = config
  const server =
    tls === undefined
      ? createServer(options, inForce.answer)
      : createTlsServer({ ...options, ...(await certificateOf(tls)) }, inForce.answer)
  const leaving = leaveOf(server, () => inForce.limits().leaveSeconds)
  const drain = drainOf(server, () => inForce.limits().drainSeconds)
  const port = await listen(server, config)
  const url = `${tls === undefined ? 'http' : 'https'}://${hostInUrl(config.host)}:${port}`
  log.info({ url, clusters: config.clusters.map(({ name }) => name) }, 'listening')

  const again = async (): Promise<void> => {
    if (reread !== undefined) await inForce.reread(reread)
    server.requestTimeout = server.headersTimeout = inForce.limits().requestSeconds * 1000
    if (tls !== undefined && 'setSecureContext' in server) {
      try {
        server.setSecureContext(await certificateOf(tls))
      } catch (error) {
        log.error(
          { reason: error instanceof Error ? error.message : String(error) },
          'the TLS certificate in force stays',
        )
      }
    }
  }
  const timer = reread === undefined && tls === undefined ? undefined : everySeconds(rereadSeconds, again)

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    timer?.stop()
    if (inForce.limits().leaveSeconds > 0) await leaving.leave()
    await drain()
    await inForce.close()
  }
  const address = (): string => (config.auth.mode === 'kubeconfig' ? `${url}/${inForce.browserDoor.address()}` : url)
  const end = (): Promise<void> => {
    if (closing !== undefined) leaving.hurry()
    return (closing ??= close())
  }
  return { url, port, address, ready: inForce.ready, close: end }
}

/** Runs something again and again, never twice at once. */
function everySeconds(seconds: number, run: () => Promise<void>): { readonly stop: () => void } {
  let isStopped = false
  let timer: NodeJS.Timeout
  const next = (): void => {
    timer = setTimeout(() => void run().finally(() => (isStopped ? undefined : next())), seconds * 1000)
    timer.unref()
  }
  next()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

async function certificateOf({
  certFile,
  keyFile,
}: NonNullable<Config['tls']>): Promise<{ readonly cert: string; readonly key: string }> {
  const pem = (key: string, file: string): Promise<string> =>
    readFile(file, 'utf8').catch((cause: unknown) => {
      throw new ConfigError(`tls.${key}: cannot be read; got "${file}"`, { cause })
    })
  // One after the other: of two complaints the first is told, always.
  const cert = await pem('certFile', certFile)
  return { cert, key: await pem('keyFile', keyFile) }
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
 * The time between the word to end and the end itself, in which every answer closes its connection, so that whoever keeps one open looks
 * for another replica.
 */
function leaveOf(
  server: Server,
  seconds: () => number,
): { readonly leave: () => Promise<void>; readonly hurry: () => void } {
  let isLeaving = false
  let hurry = (): void => undefined
  // Before the request is answered, which may be at once.
  server.prependListener('request', (_, outgoing) => {
    if (isLeaving) outgoing.setHeader('connection', 'close')
  })
  return {
    leave: () =>
      new Promise((resolve) => {
        isLeaving = true
        const timer = setTimeout(resolve, seconds() * 1000)
        hurry = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    hurry: () => hurry(),
  }
}

/**
 * How to end a server: no new connections, running requests end, and once none runs everything else is cut. Node alone would wait
 * for connections that never sent a request, which browsers open ahead of need.
 */
function drainOf(server: Server, seconds: () => number): () => Promise<void> {
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
      const late = setTimeout(() => server.closeAllConnections(), seconds() * 1000)
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
