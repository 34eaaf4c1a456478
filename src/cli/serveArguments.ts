import { parseArgs } from 'node:util'

export const help = `Usage: meshboard serve [options]

Serves the dashboard. Without options: for the current context of your kubeconfig, as yourself, on this machine alone. Prometheus is
looked for in the cluster and asked through the API server with your own rights; nothing is installed there.

Your own cluster
  --kubeconfig <file>              instead of KUBECONFIG or ~/.kube/config
  --context <name>                 instead of the current context
  --prometheus-url <url>           instead of looking for one: the part before /api/v1
  --no-open                        do not open the browser

Without a kubeconfig: nobody logs in, whoever reaches it sees what its own credentials see
  --prometheus-url <url>           root of a Prometheus-compatible API
  --kubernetes-url <url>           root of an API server, for workloads and Istio objects
  --kubernetes-token-file <file>   a bearer token for it, read again when it changes
  --no-kubernetes                  telemetry alone, whatever kubeconfig there is

For many
  --config <file>                  a YAML file: several clusters, logins, everything (or the variable MESHBOARD_CONFIG)
  --check-config                   only says whether that file can be used

  --name <name>                    the cluster's name, in URLs and on the page (default: the context's, or local)
  --host <address>                 where to listen (default: 127.0.0.1)
  --port <port>                    0 takes any free one (default: 8080, or the variable PORT)
`

const options = {
  config: { type: 'string' },
  'check-config': { type: 'boolean' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  'prometheus-url': { type: 'string' },
  'kubernetes-url': { type: 'string' },
  'kubernetes-token-file': { type: 'string' },
  kubernetes: { type: 'boolean' },
  open: { type: 'boolean' },
  name: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** One configuration key set by an option. */
export interface Flag {
  readonly option: string
  readonly key: string
  readonly value: unknown
}

export type ServeArguments =
  /** A file, checked or served. */
  | {
      readonly kind: 'config'
      readonly file: string | undefined
      readonly isCheck: boolean
      readonly flags: readonly Flag[]
    }
  /** One cluster at URLs, without a login. */
  | { readonly kind: 'open'; readonly flags: readonly Flag[] }
  /** One cluster by a kubeconfig, as its user. */
  | {
      readonly kind: 'kubeconfig'
      readonly kubeconfig: string | undefined
      readonly context: string | undefined
      readonly hasPrometheus: boolean
      readonly flags: readonly Flag[]
      readonly isOpened: boolean
    }
  | { readonly kind: 'wrong'; readonly message: string }
  | { readonly kind: 'help' }

/** What the options ask for, or one sentence on what is wrong with them; `configured` says that variables configure a cluster. */
export function readArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  configured: boolean,
): ServeArguments {
  let values
  try {
    values = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false, allowNegative: true }).values
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) }
  }
  if (values.help === true) return { kind: 'help' }
  const { kubeconfig, context, name, host, port } = values
  const file = values.config ?? (environment['MESHBOARD_CONFIG'] === '' ? undefined : environment['MESHBOARD_CONFIG'])
  const prometheusUrl = values['prometheus-url']
  const kubernetesUrl = values['kubernetes-url']
  const tokenFile = values['kubernetes-token-file']
  const wrong = (message: string): ServeArguments => ({ kind: 'wrong', message })

  if (tokenFile !== undefined && kubernetesUrl === undefined)
    return wrong('--kubernetes-token-file needs --kubernetes-url')
  if (kubernetesUrl !== undefined && (kubeconfig ?? context) !== undefined) {
    return wrong('--kubernetes-url and --kubeconfig (or --context) are two ways to one cluster: give one of them')
  }
  if ((values.kubernetes === false || kubernetesUrl !== undefined) && prometheusUrl === undefined) {
    return wrong('--prometheus-url is missing')
  }
  const text = port ?? environment['PORT'] ?? '8080'
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) return wrong(`"${text}" is not a port between 0 and 65535`)
  const where: readonly Flag[] = [
    ...(port === undefined ? [] : [{ option: '--port', key: 'port', value: Number(port) }]),
    ...(host === undefined ? [] : [{ option: '--host', key: 'host', value: host }]),
  ]
  if (file !== undefined || configured || values['check-config'] === true) {
    const others = ['kubeconfig', 'context', 'prometheus-url', 'kubernetes-url', 'name'] as const
    const other = others.find((option) => values[option] !== undefined)
    if (other !== undefined)
      return wrong(`--${other} does not go with a configuration file or variables: write it there`)
    return { kind: 'config', file, isCheck: values['check-config'] === true, flags: where }
  }
  const flags: readonly Flag[] = [
    ...where,
    ...(name === undefined ? [] : [{ option: '--name', key: 'clusters.0.name', value: name }]),
    ...(prometheusUrl === undefined
      ? []
      : [{ option: '--prometheus-url', key: 'clusters.0.prometheus.url', value: prometheusUrl }]),
    ...(kubernetesUrl === undefined
      ? []
      : [{ option: '--kubernetes-url', key: 'clusters.0.kubernetes.url', value: kubernetesUrl }]),
    ...(tokenFile === undefined
      ? []
      : [{ option: '--kubernetes-token-file', key: 'clusters.0.kubernetes.tokenFile', value: tokenFile }]),
  ]
  if (kubernetesUrl !== undefined || values.kubernetes === false) return { kind: 'open', flags }
  return {
    kind: 'kubeconfig',
    kubeconfig,
    context,
    hasPrometheus: prometheusUrl !== undefined,
    flags,
    isOpened: values.open !== false,
  }
}
