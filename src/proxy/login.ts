import { z } from 'zod'
import type { ClusterDoors } from './clusterDoors.ts'
import type { Config } from './config.ts'
import { type Cookies, cookiePath } from './cookies.ts'
import { RefusalError } from './errors.ts'
import { type Header, isOpen, loginCredentials } from './identity.ts'

const login = z.strictObject({
  cluster: z.string().optional(),
  token: z.string().optional(),
  persona: z.string().optional(),
  prefix: z.string(),
})

/**
 * The `Set-Cookie` lines of a login: the token is shown to the cluster first. An older session of the same browser ends with it.
 * Throws `RefusalError`: 400 for what is no login, 401 for a token the cluster does not take, 404 where nobody logs in.
 */
export async function logIn(
  body: string,
  header: Header,
  {
    config,
    clusters,
    cookies,
    isSecure: isTlsHere,
  }: { config: Config; clusters: ReadonlyMap<string, ClusterDoors>; cookies: Cookies; isSecure: boolean },
): Promise<readonly string[]> {
  if (isOpen(config) || ['bearer', 'kubeconfig'].includes(config.auth.mode)) throw noLogin
  if (!/^application\/json\b/i.test(header('content-type') ?? '')) throw malformed('a login is JSON')
  const { cluster: name, token, persona, prefix } = readLogin(body)
  const doors = name === undefined ? [...clusters.values()][0] : clusters.get(name)
  if (doors?.users === undefined) throw malformed('there is no such cluster')
  const path = cookiePath(prefix)
  if (path === undefined) throw malformed('prefix is not a path that begins and ends with a slash')
  if ((token === undefined) === (persona === undefined))
    throw malformed('it takes a token or a persona, and one of them')

  const credentials = loginCredentials(persona === undefined ? token : personasToken(config, persona))
  await doors.users.whoIs(credentials)
  const isSecure = isTlsHere || isTls(header)
  const before = await cookies.open(doors.name, header('cookie'))
  const cleared = before === undefined ? [] : cookies.close(doors.name, before, header('cookie'), isSecure)
  const set = await cookies.seal(doors.name, { token: credentials.token, path }, isSecure)
  // Where the new cookies have the same names and path they take the place of the cleared ones.
  const names = new Set(set.map(nameAndPath))
  return [...cleared.filter((line) => !names.has(nameAndPath(line))), ...set]
}

/** The `Set-Cookie` lines of a log-out, of every cluster that the browser has a session of; its sessions are refused from now on. */
export async function logOut(
  header: Header,
  { clusters, cookies, isSecure }: { clusters: ReadonlyMap<string, ClusterDoors>; cookies: Cookies; isSecure: boolean },
): Promise<readonly string[]> {
  const lines: string[] = []
  for (const name of clusters.keys()) {
    const session = await cookies.open(name, header('cookie'))
    if (session !== undefined) lines.push(...cookies.close(name, session, header('cookie'), isSecure || isTls(header)))
  }
  return lines
}

function readLogin(body: string): z.output<typeof login> {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw malformed('it is not JSON')
  }
  const read = login.safeParse(parsed)
  if (!read.success) throw malformed('it is an object of cluster, token or persona, and prefix')
  return read.data
}

function personasToken({ auth: { mode, personas } }: Config, id: string): string {
  const token = mode === 'demo' ? personas.find((persona) => persona.id === id)?.token : undefined
  if (token === undefined) throw malformed('there is no such persona')
  return token
}

/** What stands before us may end TLS and not say so, or not be trusted to; the browser's own page knows its origin. */
function isTls(header: Header): boolean {
  return (header('origin') ?? '').startsWith('https://')
}

function nameAndPath(line: string): string {
  return `${line.slice(0, line.indexOf('='))} ${/; Path=([^;]*)/.exec(line)?.[1] ?? ''}`
}

function malformed(reason: string): RefusalError {
  return new RefusalError({ status: 400, code: 'login_invalid', message: `This login cannot be read: ${reason}` })
}

const noLogin = new RefusalError({ status: 404, code: 'no_login', message: 'Nobody logs in to this Meshboard' })
