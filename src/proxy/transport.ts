import { rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent, fetch as exchange } from 'undici'
import type { Fetch } from '../clients/http.ts'
import type { ReadFile } from './files.ts'
import { inRanges, isLoopback, isRange } from './network.ts'

/** How TLS is spoken to one server, everything PEM. */
export interface Tls {
  /** Instead of every authority that is trusted otherwise. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized?: false
}

/** Gives the fetch that reaches a server: through a proxy where the environment (or `proxyUrl`) says so, with its authorities. */
export interface Transport {
  readonly to: (url: string, tls: Tls, proxyUrl?: string) => Promise<Fetch>
  /** Ends every connection once its running requests have ended. */
  readonly close: () => Promise<void>
  /** Ends every connection now, and with them what runs on it. */
  readonly destroy: () => Promise<void>
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * One pool of connections for each server and each way to speak to it; a renewed certificate makes a new one. `caFile` and
 * NODE_EXTRA_CA_CERTS are trusted besides Node's own authorities. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured, in either case.
 * Node's own fetch can be given none of this, hence undici, of which Node's is a copy.
 */
export function createTransport({
  caFile,
  environment,
  read,
}: {
  readonly caFile: string | undefined
  readonly environment: Environment
  readonly read: ReadFile
}): Transport {
  const pools = new Map<string, { readonly key: string; readonly dispatcher: Dispatcher }>()
  const proxyFor = proxyOf(environment)

  const trusted = async (ca: string | undefined): Promise<string | readonly string[] | undefined> => {
    if (ca !== undefined) return ca
    const files = [caFile, environment['NODE_EXTRA_CA_CERTS']].filter((file) => file !== undefined && file !== '')
    if (caFile === undefined) return undefined
    return [...rootCertificates, ...(await Promise.all(files.map((file) => read(file ?? ''))))]
  }

  return {
    to: async (url, tls, proxyUrl) => {
      const { origin } = new URL(url)
      const proxy = proxyUrl ?? proxyFor(new URL(url))
      const ca = await trusted(tls.ca)
      const connect = { ...tls, ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }) }
      const place = JSON.stringify([origin, proxy ?? null, tls.cert ?? null, tls.servername ?? null])
      const key = JSON.stringify(connect)
      const known = pools.get(place)
      if (known?.key === key) return fetchBy(known.dispatcher)
      const dispatcher = poolOf(connect, proxy, url)
      pools.set(place, { key, dispatcher })
      void known?.dispatcher.close()
      return fetchBy(dispatcher)
    },
    close: async () => {
      await Promise.all([...pools.values()].map(({ dispatcher }) => dispatcher.close()))
    },
    destroy: async () => {
      await Promise.all([...pools.values()].map(({ dispatcher }) => dispatcher.destroy()))
    },
  }
}

type Connect = Omit<Tls, 'ca'> & { readonly ca?: string | string[] }

function poolOf(connect: Connect, proxy: string | undefined, url: string): Dispatcher {
  if (proxy === undefined) return new Agent({ connect })
  const { username, password } = new URL(proxy)
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return new ProxyAgent({
    uri: proxy,
    requestTls: connect,
    // A tunnel to port 80 is what many proxies refuse; plain HTTP is theirs to forward.
    proxyTunnel: url.startsWith('https:'),
    ...(username === '' ? {} : { token: `Basic ${Buffer.from(login).toString('base64')}` }),
  })
}

function fetchBy(dispatcher: Dispatcher): Fetch {
  // The same WHATWG classes twice: undici's own types and the copy that Node's types hold differ in name alone.
  const send = exchange as unknown as (
    url: string,
    init: Omit<RequestInit, 'dispatcher'> & { dispatcher: Dispatcher },
  ) => Promise<Response>
  return (url, init) => send(url, { ...init, dispatcher })
}

/**
 * Which proxy a URL goes through, by the variables that curl and Go read (https://pkg.go.dev/golang.org/x/net/http/httpproxy):
 * NO_PROXY lists host names (and what is below them), `*`, addresses, ranges, each with a port where only that is meant. This machine
 * itself is never asked through a proxy.
 */
export function proxyOf(environment: Environment): (url: URL) => string | undefined {
  const variable = (name: string): string | undefined => {
    const value = environment[name] ?? environment[name.toUpperCase()]
    return value === undefined || value.trim() === '' ? undefined : value.trim()
  }
  const withScheme = (proxy: string | undefined): string | undefined =>
    proxy === undefined || /^https?:\/\//i.test(proxy) ? proxy : `http://${proxy}`
  const proxies = { 'https:': withScheme(variable('https_proxy')), 'http:': withScheme(variable('http_proxy')) }
  const exceptions = (variable('no_proxy') ?? '')
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .map(exceptionOf)

  return (url) => {
    const proxy = url.protocol === 'https:' ? proxies['https:'] : proxies['http:']
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
    if (proxy === undefined || isLoopback(host)) return undefined
    return exceptions.some((isMeant) => isMeant(host, port)) ? undefined : proxy
  }
}

function exceptionOf(text: string): (host: string, port: string) => boolean {
  if (text === '*') return () => true
  if (isRange(text)) {
    const isInside = inRanges([text])
    return (host) => isInside(host)
  }
  const [, name = text, only] = /^(.*?):(\d+)$/.exec(text) ?? []
  const suffix = name.toLowerCase().replace(/^\*?\./, '')
  const isExact = !/^\*?\./.test(name)
  return (host, port) =>
    (only === undefined || only === port) && (host.endsWith(`.${suffix}`) || (isExact && host === suffix))
}
