import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ConfigError, type ProxyConfig } from '../proxy/config.ts'
import { ListenError, type RunningProxy, startProxy } from '../proxy/serve.ts'
import { NoPageError } from '../proxy/static.ts'

const help = `Usage: meshboard serve --prometheus-url <url> [options]

Serves the dashboard for one cluster. Nobody logs in: whoever reaches it sees what its own credentials see.

Options
  --prometheus-url <url>           root of a Prometheus-compatible API, the part before /api/v1
  --kubernetes-url <url>           root of the cluster's API server, for workloads and Istio objects
  --kubernetes-token-file <file>   a bearer token for it, read again when it changes
  --name <name>                    the cluster's name, in URLs and on the page (default: local)
  --host <address>                 where to listen (default: 127.0.0.1)
  --port <port>                    0 takes any free one (default: 8080, or the variable PORT)

The API server's own authority, where it is private, goes into the variable NODE_EXTRA_CA_CERTS.
`

const options = {
  'prometheus-url': { type: 'string' },
  'kubernetes-url': { type: 'string' },
  'kubernetes-token-file': { type: 'string' },
  name: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Runs the dashboard until SIGINT or SIGTERM. Gives the exit code: 0 after draining, 2 for wrong options, 1 where it cannot start. */
export async function serve(argv: readonly string[]): Promise<number> {
  const read = readOptions(argv, process.env)
  if (read.kind === 'help') {
    process.stdout.write(help)
    return 0
  }
  if (read.kind === 'wrong') return complain(read.message, 2)

  // Listened to from the start: a signal during the start is not lost.
  const stopped = untilStopped()
  let proxy: RunningProxy
  try {
    const staticDir = builtPage()
    if (staticDir === undefined)
      process.stderr.write('meshboard serve: the page is not built (npm run build): only the API answers\n')
    proxy = await startProxy({ ...read.config, ...(staticDir === undefined ? {} : { staticDir }) })
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, 2)
    if (error instanceof ListenError || error instanceof NoPageError) return complain(error.message, 1)
    throw error
  }
  process.stderr.write(`meshboard serve: ${proxy.url}\n`)
  await stopped
  await proxy.close()
  return 0
}

export type ReadOptions =
  | { readonly kind: 'serve'; readonly config: ProxyConfig }
  | { readonly kind: 'wrong'; readonly message: string }
  | { readonly kind: 'help' }

/** What the options ask for, or one sentence on what is wrong with them. */
export function readOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReadOptions {
  let values
  try {
    values = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) }
  }
  if (values.help === true) return { kind: 'help' }
  const prometheusUrl = values['prometheus-url']
  const kubernetesUrl = values['kubernetes-url']
  const tokenFile = values['kubernetes-token-file']
  if (prometheusUrl === undefined) return { kind: 'wrong', message: '--prometheus-url is missing' }
  if (tokenFile !== undefined && kubernetesUrl === undefined) {
    return { kind: 'wrong', message: '--kubernetes-token-file needs --kubernetes-url' }
  }
  const port = values.port ?? environment['PORT'] ?? '8080'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return { kind: 'wrong', message: `"${port}" is not a port between 0 and 65535` }
  }
  return {
    kind: 'serve',
    config: {
      ...(values.host === undefined ? {} : { host: values.host }),
      port: Number(port),
      clusters: [
        {
          name: values.name ?? 'local',
          prometheus: { url: prometheusUrl },
          ...(kubernetesUrl === undefined
            ? {}
            : { kubernetes: { url: kubernetesUrl, ...(tokenFile === undefined ? {} : { tokenFile }) } }),
        },
      ],
    },
  }
}

/** `dist/app`, seen from the built command or one of its chunks; undefined where it is not built. */
export function builtPage(): string | undefined {
  return ['./app', '../app', '../../dist/app']
    .map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
    .find((folder) => existsSync(`${folder}/index.html`))
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function complain(message: string, code: number): number {
  process.stderr.write(
    `meshboard serve: ${message}\n${code === 2 ? '"meshboard serve --help" lists the options\n' : ''}`,
  )
  return code
}
