import type { Context } from 'hono'
import { inRanges } from './network.ts'

/** How the browser came here, as far as it can be believed. */
export interface Arrival {
  /** The other end's address; the browser's own where a trusted proxy tells it. Absent outside a real server. */
  readonly address?: string
  /** The host name and port that the browser asked for. */
  readonly host: string
  /** Whether the browser speaks TLS to whatever it reached first. */
  readonly isSecure: boolean
}

/**
 * Reads X-Forwarded-For, -Proto and -Host of requests that come from one of `trusted` addresses, and of no other: anybody can write them.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns
 */
export function createArrival(trusted: readonly string[]): (context: Context) => Arrival {
  const isTrusted = inRanges(trusted)
  return (context) => {
    const { address: peer, isTls } = socketOf(context.env)
    const own = { host: context.req.header('host') ?? '', isSecure: isTls }
    if (peer === undefined) return own
    if (!isTrusted(peer)) return { ...own, address: peer }
    const list = (name: string): readonly string[] =>
      (context.req.header(name) ?? '').split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))
    // Read from our end: what stands before the first proxy that is not ours was written by whoever came.
    const address = list('x-forwarded-for').findLast((each) => !isTrusted(each)) ?? peer
    const proto = list('x-forwarded-proto').at(-1)
    return {
      address,
      host: list('x-forwarded-host').at(-1) ?? own.host,
      isSecure: proto === undefined ? own.isSecure : proto.toLowerCase() === 'https',
    }
  }
}

function socketOf(environment: unknown): { readonly address?: string; readonly isTls: boolean } {
  const incoming: unknown = isObject(environment) ? environment['incoming'] : undefined
  const socket: unknown = isObject(incoming) ? incoming['socket'] : undefined
  if (!isObject(socket)) return { isTls: false }
  const { remoteAddress, encrypted } = socket
  return {
    ...(typeof remoteAddress === 'string' ? { address: remoteAddress } : {}),
    isTls: encrypted === true,
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
