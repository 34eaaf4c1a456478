import { isIP } from 'node:net'
import type { Context, MiddlewareHandler } from 'hono'
import { RefusalError } from './errors.ts'
import type { Arrival } from './forwarded.ts'
import { isLoopback } from './network.ts'

type ArrivalOf = (context: Context) => Arrival

/**
 * Refuses requests under a host name that is not ours, where the proxy listens on loopback: a page of somebody else's whose name was
 * made to point at 127.0.0.1 (DNS rebinding) says its own name. Elsewhere whoever runs the proxy decides by `allowedHosts`.
 */
export function onlyOurHosts(
  { host, allowedHosts }: { readonly host: string; readonly allowedHosts: readonly string[] },
  arrivalOf: ArrivalOf,
): MiddlewareHandler {
  const loopback = isLoopback(host) ? ['localhost', '127.0.0.1', '::1', host] : []
  const ours = new Set([...allowedHosts, ...loopback].map((name) => name.toLowerCase()))
  return async (context, next) => {
    if (ours.size > 0 && !ours.has(hostName(arrivalOf(context).host))) throw notOurHost
    await next()
  }
}

/**
 * Refuses what another site's page makes a browser send: everything but reading must come from our own page, or from no page at all.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function onlyOurPages(arrivalOf: ArrivalOf): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req
    const isReading = method === 'GET' || method === 'HEAD'
    if (!isReading && !isOurs((name) => context.req.header(name), arrivalOf(context).host)) throw notOurPage
    await next()
  }
}

function isOurs(header: (name: string) => string | undefined, host: string): boolean {
  const site = header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = header('origin')
  // No browser leaves both out: this is a program, unless it carries a browser's cookie.
  if (origin === undefined) return header('cookie') === undefined
  if (!URL.canParse(origin)) return false
  return new URL(origin).host === host.toLowerCase()
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(host)?.[1]
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : ''
  return host.replace(/:\d+$/, '').toLowerCase()
}

const notOurHost = new RefusalError({
  status: 421,
  code: 'host_not_allowed',
  message: 'This Meshboard does not answer under this host name',
  hint: 'Open it at the address it printed, or add the name to allowedHosts',
})
const notOurPage = new RefusalError({
  status: 403,
  code: 'cross_site',
  message: 'This request came from another site',
  hint: 'Open Meshboard itself and try again',
})
