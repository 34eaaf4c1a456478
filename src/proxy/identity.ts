import type { SessionMode } from '../clients/session/wire.ts'
import type { Config } from './config.ts'
import type { Cookies } from './cookies.ts'
import { RefusalError } from './errors.ts'
import type { KubernetesUsers } from './kubernetesUser.ts'
import { type TokenCredentials, type Viewer, credentialsOf } from './viewer.ts'

/** The headers of a request. */
export type Header = (name: string) => string | undefined

/** Who sends a request, and what may be done about it. */
export interface Identity {
  /** The viewer in a cluster, verified there. Throws `RefusalError` 401 for nobody, and for a token the cluster does not take. */
  readonly viewerIn: (cluster: ClusterUsers, header: Header) => Promise<Viewer>
}

export interface ClusterUsers {
  readonly name: string
  /** Undefined where no Kubernetes API is configured. */
  readonly users: KubernetesUsers | undefined
}

/** Whether nobody logs in: `open`, and a demo without personas. */
export function isOpen({ auth: { mode, personas } }: Pick<Config, 'auth'>): boolean {
  return mode === 'open' || (mode === 'demo' && personas.length === 0)
}

/**
 * How viewers are known. `open`: everybody is the same guest, and what a request carries as credentials is neither used nor handed on.
 * `kubeconfig`: everybody who was let in is the kubeconfig's user. `bearer`: the token of each request. `token`: the same, or the cookie of a login. `demo`: the same, or else its first persona.
 */
export function createIdentity(config: Pick<Config, 'auth'>, cookies: Cookies): Identity {
  const { mode, personas } = config.auth
  if (isOpen(config)) {
    const guest: Viewer = { name: mode === 'demo' ? 'demo' : 'guest', groups: [], mode }
    return { viewerIn: () => Promise.resolve(guest) }
  }
  if (mode === 'kubeconfig') {
    // Who comes this far was let in by `browserDoor.ts`; what a request carries as a token is not looked at.
    return {
      viewerIn: async ({ users }) => {
        if (users === undefined) throw notLoggedIn(mode)
        const credentials = { kind: 'kubeconfig', id: 'kubeconfig' } as const
        const { name: person, groups } = await users.whoIs(credentials)
        return { name: person, groups, mode, credentials }
      },
    }
  }
  return {
    viewerIn: async ({ name, users }, header) => {
      const token =
        tokenIn(header) ??
        (mode === 'bearer' ? undefined : (await cookies.open(name, header('cookie')))?.token) ??
        (mode === 'demo' ? personas[0]?.token : undefined)
      const credentials = token === undefined ? undefined : credentialsOf(token)
      if (credentials === undefined || users === undefined) throw notLoggedIn(mode)
      const { name: person, groups } = await users.whoIs(credentials)
      return { name: person, groups, mode, credentials }
    },
  }
}

/** The token that a request itself carries. Throws `RefusalError` for two that differ. */
function tokenIn(header: Header): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(header('authorization') ?? '')?.[1]
  const own = header('x-meshboard-token')
  if (bearer !== undefined && own !== undefined && bearer !== own) {
    throw new RefusalError({
      status: 400,
      code: 'token_ambiguous',
      message: 'Authorization and X-Meshboard-Token carry different tokens',
    })
  }
  return bearer ?? own
}

/** The token of a login. Throws `RefusalError` 400 for a text that cannot be one. */
export function loginCredentials(token: unknown): TokenCredentials {
  // Pasted tokens bring a line's end along.
  const credentials = typeof token === 'string' ? credentialsOf(token.trim()) : undefined
  if (credentials !== undefined) return credentials
  throw new RefusalError({
    status: 400,
    code: 'token_malformed',
    message: 'This is not a token: one line of letters, digits and signs is expected',
  })
}

function notLoggedIn(mode: SessionMode): RefusalError {
  return new RefusalError({
    status: 401,
    code: 'unauthenticated',
    message: 'Nobody is logged in',
    hint: mode === 'bearer' ? 'Send a token as Authorization: Bearer or X-Meshboard-Token' : 'Log in with a token',
  })
}
