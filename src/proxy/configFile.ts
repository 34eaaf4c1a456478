import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { type Config, readConfig } from './config.ts'
import { ConfigError } from './configErrors.ts'
import type { Environment } from './transport.ts'

/** Variable → the key it sets, and whether its value is a list (separated by white space or commas). */
const variables: readonly (readonly [variable: string, key: string, kind?: 'list' | 'number'])[] = [
  ['PORT', 'port', 'number'],
  ['MESHBOARD_HOST', 'host'],
  ['MESHBOARD_AUTH_MODE', 'auth.mode'],
  ['MESHBOARD_COOKIE_KEY_FILE', 'auth.cookieKeyFile'],
  ['MESHBOARD_PEERS', 'peers'],
  ['MESHBOARD_BASE_PATH', 'basePath'],
  ['MESHBOARD_FRAME_ANCESTORS', 'frameAncestors', 'list'],
  ['MESHBOARD_ALLOWED_HOSTS', 'allowedHosts', 'list'],
  ['MESHBOARD_TRUSTED_PROXIES', 'trustedProxies', 'list'],
  ['MESHBOARD_CA_FILE', 'caFile'],
  ['MESHBOARD_TLS_CERT_FILE', 'tls.certFile'],
  ['MESHBOARD_TLS_KEY_FILE', 'tls.keyFile'],
  ['MESHBOARD_LOG_LEVEL', 'logLevel'],
  ['MESHBOARD_LOG_USERS', 'logUsers'],
  ['MESHBOARD_CLUSTER_NAME', 'clusters.0.name'],
  ['MESHBOARD_ISTIO_CLUSTER', 'clusters.0.istioCluster'],
  ['MESHBOARD_PROMETHEUS_URL', 'clusters.0.prometheus.url'],
  ['MESHBOARD_KUBERNETES_URL', 'clusters.0.kubernetes.url'],
]

/** Whether a cluster is configured by variables alone. */
export function namesCluster(environment: Environment): boolean {
  return variables.some(([variable, key]) => key.startsWith('clusters.') && isSet(environment[variable]))
}

/**
 * The configuration of a YAML file (none: of the variables alone), over it the environment's variables, over these `flags` (key → value,
 * by the option that gave it). Throws `ConfigError` with every complaint, each naming the key and where it came from.
 */
export async function readWritten(
  file: string | undefined,
  environment: Environment,
  flags: readonly { readonly option: string; readonly key: string; readonly value: unknown }[] = [],
): Promise<Config> {
  const written = file === undefined ? {} : await parsedFile(file)
  const from = variables.flatMap(([variable, key, kind]) => {
    const text = environment[variable]
    return isSet(text) ? [{ option: variable, key, value: valueOf(text, kind) }] : []
  })
  const given = [...from, ...flags]
  const count = Array.isArray(written['clusters']) ? written['clusters'].length : 0
  const ambiguous = given.find(({ key }) => key.startsWith('clusters.') && count > 1)
  if (ambiguous !== undefined) {
    throw new ConfigError(`${ambiguous.option}: is about a single cluster, and the configuration names ${count}`)
  }
  let input: unknown = written
  for (const { key, value } of given) input = withValue(input, key.split('.'), value)
  if (
    given.some(({ key }) => key.startsWith('clusters.')) &&
    count === 0 &&
    !given.some(({ key }) => key === 'clusters.0.name')
  ) {
    input = withValue(input, ['clusters', '0', 'name'], 'local')
  }
  return readConfig(input, new Map(given.map(({ key, option }) => [key, option])))
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}

function valueOf(text: string, kind: 'list' | 'number' | undefined): unknown {
  if (kind === 'list') return text.split(/[\s,]+/).filter((each) => each !== '')
  return kind === 'number' && /^\d+$/.test(text.trim()) ? Number(text) : text.trim()
}

async function parsedFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`${file}: cannot be read (${firstLine(cause)})`, { cause })
  })
  let value: unknown
  try {
    value = parse(text)
  } catch (cause) {
    throw new ConfigError(`${file}: is not YAML: ${firstLine(cause)}`, { cause })
  }
  if (value === null) return {}
  if (isObject(value)) return value
  throw new ConfigError(
    `${file}: holds ${Array.isArray(value) ? 'a list' : 'a single value'}; it takes keys, such as clusters`,
  )
}

/** A copy with a value at a path; a number in the path is a place in a list. */
function withValue(into: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  if (/^\d+$/.test(key)) {
    const list: unknown[] = Array.isArray(into) ? [...(into as readonly unknown[])] : []
    list[Number(key)] = rest.length === 0 ? value : withValue(list[Number(key)], rest, value)
    return list
  }
  const object = isObject(into) ? into : {}
  return { ...object, [key]: rest.length === 0 ? value : withValue(object[key], rest, value) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join('').replace(/:$/, '')
}
