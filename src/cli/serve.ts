import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Config } from '../proxy/config.ts'
import { ConfigError } from '../proxy/configErrors.ts'
import { namesCluster, readWritten } from '../proxy/configFile.ts'
import type { Readiness } from '../proxy/readiness.ts'
import { ListenError, type RunningProxy, startProxy } from '../proxy/serve.ts'
import { NoPageError } from '../proxy/static.ts'
import { laptopOf, openBrowser } from './laptop.ts'
import { type Flag, help, readArguments } from './serveArguments.ts'

/** Runs the dashboard until SIGINT or SIGTERM. Gives the exit code: 0 after draining, 2 for wrong options, 1 where it cannot start. */
export async function serve(argv: readonly string[]): Promise<number> {
  const { env } = process
  const read = readArguments(argv, env, namesCluster(env))
  if (read.kind === 'help') {
    process.stdout.write(help)
    return 0
  }
  if (read.kind === 'wrong') return complain(read.message, 2)

  // Listened to from the start: a signal during the start is not lost.
  const stopped = untilStopped()
  let proxy: RunningProxy | undefined
  let isLaptop: boolean
  try {
    const staticDir = builtPage()
    const laptop = read.kind === 'kubeconfig' ? await laptopOf(read, env).catch(noAccess) : undefined
    if (read.kind === 'kubeconfig' && laptop === undefined && !read.hasPrometheus) return complain(noKubeconfig, 2)
    const flags: readonly Flag[] = [
      ...(staticDir === undefined ? [] : [{ option: 'the build', key: 'staticDir', value: staticDir }]),
      ...(laptop?.flags ?? []),
      ...read.flags,
    ]
    const file = read.kind === 'config' ? read.file : undefined
    const reread = (): Promise<Config> => readWritten(file, env, flags)
    const config = await reread()
    if (read.kind === 'config' && read.isCheck) {
      process.stdout.write(`This configuration can be used: ${clustersOf(config)}\n`)
      return 0
    }
    if (staticDir === undefined && config.staticDir === undefined)
      process.stderr.write('meshboard serve: the page is not built (npm run build): only the API answers\n')
    const onBrowser = (): void => say(`for another browser: ${proxy?.address() ?? ''}`)
    proxy = await startProxy(config, { onBrowser, ...(file === undefined ? {} : { reread }) })
    isLaptop = laptop !== undefined
    if (laptop !== undefined) say(laptop.about)
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, 2)
    if (error instanceof ListenError || error instanceof NoPageError || error instanceof AccessError)
      return complain(error.message, 1)
    throw error
  }
  if (isLaptop) for (const line of findings(await proxy.ready())) say(line)
  say(proxy.address())
  if (isLaptop && read.kind === 'kubeconfig' && read.isOpened) await openBrowser(proxy.address(), process.platform, env)
  await stopped
  await proxy.close()
  return 0
}

class AccessError extends Error {
  override readonly name = 'AccessError'
}

function noAccess(cause: unknown): never {
  throw new AccessError(cause instanceof Error ? cause.message : String(cause), { cause })
}

/** What was found, and what is missing and how to get it. */
function findings({ upstreams }: Readiness): readonly string[] {
  return upstreams.flatMap(({ upstream, reachable, note, message, hint }) => {
    if (reachable) return note === undefined ? [] : [`Prometheus is ${note}`]
    const what = upstream === 'prometheus' ? 'no Prometheus' : 'no answer from the API server'
    return [`${what}: ${message ?? ''}`, ...(hint === undefined ? [] : [hint])]
  })
}

function say(line: string): void {
  process.stderr.write(`meshboard serve: ${line}\n`)
}

const noKubeconfig =
  'there is no kubeconfig (KUBECONFIG, ~/.kube/config): give --kubeconfig, or --prometheus-url, or --config'

function clustersOf({ clusters }: Config): string {
  return `${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.map(({ name }) => name).join(', ')}`
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
  const lines = message.split('\n').map((line) => `meshboard serve: ${line}\n`)
  process.stderr.write(`${lines.join('')}${code === 2 ? '"meshboard serve --help" lists the options\n' : ''}`)
  return code
}
