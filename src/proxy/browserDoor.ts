import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { pairsIn } from './cookies.ts'
import { RefusalError } from './errors.ts'

/**
 * Lets in the browsers of whoever can read the terminal, and nobody else on the machine: a secret that is good once is exchanged for a
 * cookie. Both live as long as the process. https://jupyter-server.readthedocs.io/en/latest/operators/security.html
 */
export interface BrowserDoor {
  /** What follows the root in the address that lets a browser in; another one after each use. */
  readonly address: () => string
  /** The cookie of whoever brings the secret, as a `Set-Cookie` line; undefined for a wrong or used one. */
  readonly exchange: (secret: string) => string | undefined
  readonly isKnown: (cookieHeader: string | undefined) => boolean
}

const mostBrowsers = 50

/** Cookies do not tell ports apart, hence the port in the name; `onUse` is called once a browser has come in. */
export function createBrowserDoor(port: number, onUse: () => void = () => undefined): BrowserDoor {
  const name = `meshboard-browser-${port}`
  const known: Buffer[] = []
  let secret = randomBytes(32).toString('base64url')
  return {
    address: () => `?once=${secret}`,
    exchange: (given) => {
      if (!isSame(digest(given), digest(secret))) return undefined
      secret = randomBytes(32).toString('base64url')
      const value = randomBytes(32).toString('base64url')
      known.push(digest(value))
      if (known.length > mostBrowsers) known.shift()
      onUse()
      return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`
    },
    isKnown: (header) =>
      pairsIn(header).some(([each, value]) => each === name && known.some((one) => isSame(one, digest(value)))),
  }
}

/**
 * Refuses everything but the page itself to browsers that were not let in, and to pages of other origins even where the browser was:
 * another program of this machine may serve pages at another port, which is the same site.
 */
export function onlyKnownBrowsers(door: BrowserDoor): MiddlewareHandler {
  return async (context, next) => {
    const { path, method } = context.req
    const once = context.req.query('once')
    if (path === '/' && method === 'GET' && once !== undefined) {
      const cookie = door.exchange(once)
      if (cookie === undefined) throw usedUp
      // Gone from the address bar, the history and the Referer.
      return context.body(null, 303, { location: './', 'set-cookie': cookie, 'cache-control': 'no-store' })
    }
    const isOpen = path === '/healthz' || path === '/api/session/login' || !isGuarded(path)
    if (isOpen) return next()
    const site = context.req.header('sec-fetch-site')
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw notOurPage
    if (!door.isKnown(context.req.header('cookie'))) throw unknownBrowser
    return next()
  }
}

function isGuarded(path: string): boolean {
  return /^\/(api|metrics|readyz)(\/|$)/.test(path)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSame(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other)
}

const usedUp = new RefusalError({
  status: 403,
  code: 'once_used',
  message: 'This address was used before, or is of an earlier run',
  hint: 'The terminal in which meshboard serve runs shows a fresh one',
})
const unknownBrowser = new RefusalError({
  status: 401,
  code: 'browser_unknown',
  message: 'This browser has not been let in',
  hint: 'Open the address that meshboard serve printed in its terminal',
})
const notOurPage = new RefusalError({
  status: 403,
  code: 'cross_site',
  message: 'This request came from another site',
  hint: 'Open Meshboard itself and try again',
})
