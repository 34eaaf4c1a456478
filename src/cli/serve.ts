import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Config } from '../proxy/config.ts'
import { ConfigError } from '../proxy/configErrors.ts'
import { namesCluster, readWritten } from '../proxy/configFile.ts'
import { ListenError, type RunningProxy, startProxy } from '../proxy/serve.ts'
import { NoPageError } from '../proxy/static.ts'
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
  let proxy: RunningProxy
  try {
    const staticDir = builtPage()
    const flags: readonly Flag[] = [
      ...(staticDir === undefined ? [] : [{ option: 'the build', key: 'staticDir', value: staticDir }]),
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
    proxy = await startProxy(config, file === undefined ? {} : { reread })
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
