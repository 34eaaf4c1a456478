import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'

/** How to reach an API server, and as whom. */
export interface Access {
  readonly server: string
  readonly headers: Readonly<Record<string, string>>
  /** PEM, for https. */
  readonly tls: {
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly servername?: string
    readonly rejectUnauthorized?: false
  }
  /** An HTTP proxy on the way to it. */
  readonly proxyUrl?: string
  /** Unix seconds at which an exec plugin's answer is no longer good; absent where there is no plugin, or it does not say. */
  readonly expires?: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** The files that kubectl would read: the one given, else those of KUBECONFIG that exist, else ~/.kube/config. */
export function kubeconfigFiles(given: string | undefined, environment: Environment): readonly string[] {
  if (given !== undefined) return [given]
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  if (listed.length === 0) return [join(environment['HOME'] ?? homedir(), '.kube', 'config')]
  const existing = listed.filter((file) => existsSync(file))
  return existing.length === 0 ? listed.slice(0, 1) : existing
}

/** The context that is meant: the one given, or the first current one. Throws as `readAccess`. */
export async function contextName(files: readonly string[], context: string | undefined): Promise<string> {
  return nameOf(await merged(files), context)
}

/**
 * Access by a kubeconfig's context (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/): tokens, token files, client
 * certificates, basic auth and exec plugins. Of several files the first that names something decides, as for kubectl. Throws an Error
 * whose sentence names the file and what is missing or not supported (the legacy auth-provider, SOCKS proxies).
 */
export async function readAccess(
  files: string | readonly string[],
  context: string | undefined,
  environment: Environment,
): Promise<Access> {
  const config = await merged(typeof files === 'string' ? [files] : files)
  const { shown } = config
  const name = nameOf(config, context)
  const chosen = config.contexts.get(name)?.entry['context']

  const clusterName = textOf(chosen, 'cluster') ?? ''
  const clusterEntry = config.clusters.get(clusterName)
  const cluster = clusterEntry?.entry['cluster']
  const server = textOf(cluster, 'server')
  if (server === undefined || !/^https?:\/\//.test(server))
    throw new Error(`${shown}: cluster "${clusterName}" has no server address`)
  const proxyUrl = textOf(cluster, 'proxy-url')
  if (proxyUrl !== undefined && !/^https?:\/\//.test(proxyUrl))
    throw new Error(`${shown}: cluster "${clusterName}" asks for a proxy-url that is not supported: http and https are`)
  const userEntry = config.users.get(textOf(chosen, 'user') ?? '')
  const user = userEntry?.entry['user']
  if (isObject(user) && user['auth-provider'] !== undefined) {
    throw new Error(
      `${shown}: its user asks for auth-provider, which kubectl no longer knows either; use an exec plugin or a token`,
    )
  }

  const ca = await pemOf(cluster, 'certificate-authority', clusterEntry?.base ?? '')
  const servername = textOf(cluster, 'tls-server-name')
  const isUnverified = isObject(cluster) && cluster['insecure-skip-tls-verify'] === true
  const base = userEntry?.base ?? ''
  const plugin =
    isObject(user) && isObject(user['exec'])
      ? await execCredential(user['exec'], { base, environment, server, ca, isUnverified })
      : {}
  const cert = plugin.cert ?? (await pemOf(user, 'client-certificate', base))
  const key = plugin.key ?? (await pemOf(user, 'client-key', base))
  return {
    server: server.replace(/\/+$/, ''),
    headers: await headersOf(user, plugin.token, base),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
      ...(isUnverified ? { rejectUnauthorized: false } : {}),
    },
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(plugin.expires === undefined ? {} : { expires: plugin.expires }),
  }
}

type Entry = Readonly<Record<string, unknown>>

/** Name → entry, with the folder that its relative paths start from. */
type Entries = ReadonlyMap<string, { readonly entry: Entry; readonly base: string }>

interface Merged {
  /** The files, for messages. */
  readonly shown: string
  readonly current: string | undefined
  readonly contexts: Entries
  readonly clusters: Entries
  readonly users: Entries
}

async function merged(files: readonly string[]): Promise<Merged> {
  const parsed = await Promise.all(
    files.map(async (file) => ({ config: await parsedFile(file), base: dirname(resolve(file)) })),
  )
  const all = (list: string): Entries =>
    new Map(
      parsed
        .toReversed()
        .flatMap(({ config, base }) =>
          [...entriesOf(config, list)].toReversed().map(([name, entry]) => [name, { entry, base }] as const),
        ),
    )
  return {
    shown: files.join(', '),
    current: parsed.map(({ config }) => textOf(config, 'current-context')).find((name) => (name ?? '') !== ''),
    contexts: all('contexts'),
    clusters: all('clusters'),
    users: all('users'),
  }
}

function nameOf({ shown, current, contexts }: Merged, context: string | undefined): string {
  const name = context ?? current
  if (name === undefined) throw new Error(`${shown} has no current-context; give --context, one of ${listOf(contexts)}`)
  if (!contexts.has(name)) throw new Error(`${shown} has no context "${name}"; it has ${listOf(contexts)}`)
  return name
}

async function parsedFile(file: string): Promise<Entry> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new Error(`the kubeconfig ${file} cannot be read (${wordsOf(error)})`, { cause: error })
  }
  try {
    const value: unknown = parse(text)
    if (isObject(value)) return value
  } catch (error) {
    throw new Error(`the kubeconfig ${file} is not YAML (${wordsOf(error)})`, { cause: error })
  }
  throw new Error(`the kubeconfig ${file} holds no configuration`)
}

/** Name → entry of one of the file's lists. */
function entriesOf(config: Entry, list: string): ReadonlyMap<string, Entry> {
  const items: readonly unknown[] = Array.isArray(config[list]) ? config[list] : []
  return new Map(
    items.flatMap((item): [string, Entry][] => {
      const name = textOf(item, 'name')
      return isObject(item) && name !== undefined ? [[name, item]] : []
    }),
  )
}

function listOf(entries: Entries): string {
  return entries.size === 0 ? 'none' : [...entries.keys()].sort().join(', ')
}

/** `<field>-data` in base64, or the file that `<field>` names, relative to the kubeconfig. */
async function pemOf(item: unknown, field: string, base: string): Promise<string | undefined> {
  const data = textOf(item, `${field}-data`)
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
  const path = textOf(item, field)
  return path === undefined ? undefined : readNamed(resolve(base, path), field)
}

async function headersOf(
  user: unknown,
  pluginToken: string | undefined,
  base: string,
): Promise<Readonly<Record<string, string>>> {
  const path = textOf(user, 'tokenFile')
  const fromFile = path === undefined ? undefined : (await readNamed(resolve(base, path), 'tokenFile')).trim()
  const token = pluginToken ?? fromFile ?? textOf(user, 'token')
  if (token !== undefined && token !== '') return { authorization: `Bearer ${token}` }
  const [name, password] = [textOf(user, 'username'), textOf(user, 'password')]
  if (name === undefined || password === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` }
}

async function readNamed(path: string, field: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Error(`the kubeconfig's ${field} ${path} cannot be read (${wordsOf(error)})`, { cause: error })
  }
}

const run = promisify(execFile)

interface PluginCredential {
  readonly token?: string
  readonly cert?: string
  readonly key?: string
  readonly expires?: number
}

/** What an exec plugin answers: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function execCredential(
  plugin: Entry,
  about: {
    readonly base: string
    readonly environment: Environment
    readonly server: string
    readonly ca: string | undefined
    readonly isUnverified: boolean
  },
): Promise<PluginCredential> {
  const named = textOf(plugin, 'command') ?? ''
  // A path is relative to the kubeconfig, a bare name is looked up in PATH.
  const command = /[\\/]/.test(named) ? resolve(about.base, named) : named
  const given: readonly unknown[] = Array.isArray(plugin['args']) ? plugin['args'] : []
  const extra: readonly unknown[] = Array.isArray(plugin['env']) ? plugin['env'] : []
  const cluster = {
    server: about.server,
    ...(about.ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(about.ca).toString('base64') }),
    ...(about.isUnverified ? { 'insecure-skip-tls-verify': true } : {}),
  }
  const info = {
    apiVersion: textOf(plugin, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin['provideClusterInfo'] === true ? { cluster } : {}) },
  }
  const added = extra.map((one): [string, string] => [textOf(one, 'name') ?? '', textOf(one, 'value') ?? ''])
  let answer: unknown
  try {
    const { stdout } = await run(
      command,
      given.filter((one) => typeof one === 'string'),
      {
        env: { ...about.environment, ...Object.fromEntries<string>(added), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        timeout: 60_000,
        encoding: 'utf8',
      },
    )
    answer = JSON.parse(stdout)
  } catch (error) {
    throw new Error(`the kubeconfig's exec plugin ${named} failed (${pluginWords(error)})${hintOf(plugin)}`, {
      cause: error,
    })
  }
  const status = isObject(answer) ? answer['status'] : undefined
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((field) => textOf(status, field))
  const expires = Date.parse(textOf(status, 'expirationTimestamp') ?? '') / 1000
  return {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(Number.isFinite(expires) ? { expires } : {}),
  }
}

/** Node's own message repeats the whole command line, which may hold a secret. */
function pluginWords(error: unknown): string {
  const { code, stderr, killed } = isObject(error) ? error : {}
  if (code === 'ENOENT') return 'there is no such program'
  if (killed === true) return 'no answer within 60 s'
  if (code === undefined) return 'its answer is not JSON'
  const said = typeof stderr === 'string' ? stderr.trim().split('\n', 1).join('') : ''
  return `exit status ${typeof code === 'number' ? code : 'unknown'}${said === '' ? '' : `: ${said.slice(0, 300)}`}`
}

function hintOf(plugin: Entry): string {
  const hint = textOf(plugin, 'installHint')?.trim()
  return hint === undefined || hint === '' ? '' : `; ${hint.split('\n', 1).join('')}`
}

function textOf(value: unknown, field: string): string | undefined {
  const found = isObject(value) ? value[field] : undefined
  return typeof found === 'string' ? found : undefined
}

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join('')
}
