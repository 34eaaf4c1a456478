#!/usr/bin/env node
import { usage } from './usage.ts'

/** Each command is loaded when it is asked for, so that `graph` does not wait for the proxy's packages. */
const commands: Readonly<Record<string, () => Promise<(argv: readonly string[]) => Promise<number>>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  demo: async () => (await import('./demo.ts')).demo,
  // The demo's own children (simulator, cluster, guard of Prometheus); not for people.
  'demo-child': async () => (await import('./demo.ts')).demoChild,
  graph: async () => (await import('./graph.ts')).graph,
  doctor: async () => (await import('./doctor.ts')).doctor,
}

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(usage)
    return name === undefined ? 2 : 0
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    process.stderr.write(`meshboard: there is no command "${name}"\n\n${usage}`)
    return 2
  }
  const command = await load()
  return command(rest)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`meshboard: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
