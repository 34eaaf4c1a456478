import { randomBytes, randomUUID } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'

/** What a session's cookie holds, encrypted: nobody but this proxy reads it, the browser's own script included. */
export interface Sealed {
  readonly token: string
  /** The prefix that the browser sees before the app: the cookie's path. */
  readonly path: string
  /** Refused after log-out. */
  readonly id: string
  /** Unix seconds. */
  readonly expires: number
}

export interface Cookies {
  /** The `Set-Cookie` lines of a new session. */
  readonly seal: (cluster: string, session: Pick<Sealed, 'token' | 'path'>, isSecure: boolean) => Promise<string[]>
  /** The session that a `Cookie` header carries for a cluster; undefined for none, and for one that is forged, old or logged out. */
  readonly open: (cluster: string, header: string | undefined) => Promise<Sealed | undefined>
  /** Refuses a session for the rest of its life, and the lines that clear its cookies. */
  readonly close: (cluster: string, session: Sealed, header: string | undefined, isSecure: boolean) => string[]
}

/** Browsers keep at least 4096 bytes a cookie, name and attributes included (RFC 6265, 6.1). */
const chunkLength = 3500
const mostChunks = 8
const alg = 'dir'
const enc = 'A256GCM'

/** What outlives a change of the configuration: the key of a process that was given none, and the sessions it has ended. */
export interface CookieMemory {
  readonly ownKey: Uint8Array
  /** Session id → the unix second from which it would be refused anyway. */
  readonly closed: Map<string, number>
}

/** Made once per process. */
export function createCookieMemory(): CookieMemory {
  return { ownKey: randomBytes(32), closed: new Map() }
}

/**
 * Sessions in cookies, so that replicas share nothing but the key. `keys` are base64 of 32 bytes each: the first encrypts, all decrypt;
 * none takes the process's own. A session lives `lifeSeconds` and is never prolonged.
 */
export function createCookies({
  memory: { ownKey, closed },
  keys,
  lifeSeconds,
  now,
}: {
  readonly memory: CookieMemory
  readonly keys: readonly string[]
  readonly lifeSeconds: number
  readonly now: () => number
}): Cookies {
  // Node reads both alphabets of base64 as one.
  const secrets = keys.length === 0 ? [ownKey] : keys.map((key) => Buffer.from(key, 'base64'))
  const [first = ownKey] = secrets

  return {
    seal: async (cluster, { token, path }, isSecure) => {
      const at = Math.floor(now())
      const text = await new EncryptJWT({ token, path })
        .setProtectedHeader({ alg, enc })
        .setAudience(cluster)
        .setJti(randomUUID())
        .setIssuedAt(at)
        .setExpirationTime(at + lifeSeconds)
        .encrypt(first)
      const chunks = text.match(new RegExp(`.{1,${chunkLength}}`, 'g')) ?? []
      const rest = `${attributes(path, isSecure)}; Max-Age=${lifeSeconds}`
      return chunks.map((chunk, index) => `${cookieName(cluster, index)}=${chunk}; ${rest}`)
    },

    open: async (cluster, header) => {
      for (const text of sealedIn(cluster, header)) {
        for (const secret of secrets) {
          const session = await opened(text, secret, cluster, now())
          if (session !== undefined && !closed.has(session.id)) return session
        }
      }
      return undefined
    },

    close: (cluster, session, header, isSecure) => {
      const at = now()
      for (const [id, expires] of closed) if (expires < at) closed.delete(id)
      closed.set(session.id, session.expires)
      const count = Math.max(1, ...namesIn(cluster, header).map((index) => index + 1))
      const rest = `${attributes(session.path, isSecure)}; Max-Age=0`
      return Array.from({ length: count }, (_, index) => `${cookieName(cluster, index)}=; ${rest}`)
    },
  }
}

/** The prefix as an app may name it: a path of plain segments that begins and ends with a slash; undefined for anything else. */
export function cookiePath(prefix: string): string | undefined {
  const isPlain = prefix.length <= 500 && /^\/([\w.~:@!$&'()*+=%-]+\/)*$/.test(prefix)
  return isPlain && !/\/\.{1,2}\//.test(prefix) ? prefix : undefined
}

function attributes(path: string, isSecure: boolean): string {
  return `Path=${path}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
}

function cookieName(cluster: string, index: number): string {
  return index === 0 ? `meshboard-${cluster}` : `meshboard-${cluster}.${index}`
}

/** Every value that may be the cluster's: a browser sends cookies of several paths by the same name, the longest path first. */
function sealedIn(cluster: string, header: string | undefined): readonly string[] {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairsIn(header)) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  const firsts = (values.get(cookieName(cluster, 0)) ?? []).slice(0, 4)
  return firsts.map((first, which) => {
    const chunks = [first]
    for (let index = 1; index < mostChunks; index++) {
      const chunk = values.get(cookieName(cluster, index))?.[which]
      if (chunk === undefined) break
      chunks.push(chunk)
    }
    return chunks.join('')
  })
}

function namesIn(cluster: string, header: string | undefined): readonly number[] {
  const names = new Set(pairsIn(header).map(([name]) => name))
  return Array.from({ length: mostChunks }, (_, index) => index).filter((index) =>
    names.has(cookieName(cluster, index)),
  )
}

/** The name and value pairs of a `Cookie` header. */
export function pairsIn(header: string | undefined): readonly (readonly [name: string, value: string])[] {
  return (header ?? '').split(';').map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()]
  })
}

async function opened(text: string, secret: Uint8Array, cluster: string, now: number): Promise<Sealed | undefined> {
  try {
    const { payload } = await jwtDecrypt(text, secret, {
      audience: cluster,
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [enc],
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(now * 1000),
    })
    const { token, path, jti, exp } = payload
    if (typeof token !== 'string' || typeof path !== 'string' || jti === undefined || exp === undefined)
      return undefined
    return { token, path, id: jti, expires: exp }
  } catch {
    // Forged, cut, of another key, or old: all the same to us, nobody is logged in.
    return undefined
  }
}
