import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
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
}

/**
 * Access by a kubeconfig's context (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/): tokens, token files, client
 * certificates, basic auth and exec plugins. Throws an Error whose sentence names the file and what is missing or not supported
 * (the legacy auth-provider, proxy-url).
 */
export async function readAccess(
  file: string,
  context: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Access> {
  const config = await parsedFile(file)
  const contexts = entriesOf(config, 'contexts')
  const name = context ?? textOf(config, 'current-context')
  if (name === undefined || name === '')
    throw new Error(`${file} has no current-context; give --context, one of ${listOf(contexts)}`)
  const chosen = contexts.get(name)
  if (chosen === undefined) throw new Error(`${file} has no context "${name}"; it has ${listOf(contexts)}`)

  const clusterName = textOf(chosen['context'], 'cluster') ?? ''
  const cluster = entriesOf(config, 'clusters').get(clusterName)?.['cluster']
  const server = textOf(cluster, 'server')
  if (server === undefined || !/^https?:\/\//.test(server))
    throw new Error(`${file}: cluster "${clusterName}" has no server address`)
  if (textOf(cluster, 'proxy-url') !== undefined)
    throw new Error(`${file}: cluster "${clusterName}" asks for proxy-url, which is not supported`)
  const user = entriesOf(config, 'users').get(textOf(chosen['context'], 'user') ?? '')?.['user']
  if (isObject(user) && user['auth-provider'] !== undefined) {
    throw new Error(
      `${file}: its user asks for auth-provider, which kubectl no longer knows either; use an exec plugin or a token`,
    )
  }

  const base = dirname(resolve(file))
  const ca = await pemOf(cluster, 'certificate-authority', base)
  const servername = textOf(cluster, 'tls-server-name')
  const isUnverified = isObject(cluster) && cluster['insecure-skip-tls-verify'] === true
  const plugin = isObject(user) && isObject(user['exec']) ? await execCredential(user['exec'], environment) : {}
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
  }
}

type Entry = Readonly<Record<string, unknown>>

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

function listOf(entries: ReadonlyMap<string, Entry>): string {
  return entries.size === 0 ? 'none' : [...entries.keys()].join(', ')
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

/** What an exec plugin answers: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function execCredential(
  plugin: Entry,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly token?: string; readonly cert?: string; readonly key?: string }> {
  const command = textOf(plugin, 'command') ?? ''
  const given: readonly unknown[] = Array.isArray(plugin['args']) ? plugin['args'] : []
  const extra: readonly unknown[] = Array.isArray(plugin['env']) ? plugin['env'] : []
  const info = {
    apiVersion: textOf(plugin, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  }
  const added = extra.map((one): [string, string] => [textOf(one, 'name') ?? '', textOf(one, 'value') ?? ''])
  let answer: unknown
  try {
    const { stdout } = await run(
      command,
      given.filter((one) => typeof one === 'string'),
      {
        env: { ...environment, ...Object.fromEntries<string>(added), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        timeout: 60_000,
        encoding: 'utf8',
      },
    )
    answer = JSON.parse(stdout)
  } catch (error) {
    throw new Error(`the kubeconfig's exec plugin ${command} failed (${wordsOf(error)})`, { cause: error })
  }
  const status = isObject(answer) ? answer['status'] : undefined
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((field) => textOf(status, field))
  return {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
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
