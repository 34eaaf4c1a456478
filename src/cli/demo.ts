import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { meshboardToken, personas } from '../demo/cluster/personas.ts'
import { childKinds, runChild } from '../demo/launch/child.ts'
import { type Demo, launchDemo } from '../demo/launch/launch.ts'
import { freePort } from '../demo/launch/listen.ts'
import type { ProxyConfig } from '../proxy/config.ts'
import { startProxy } from '../proxy/serve.ts'

const help = `Usage: meshboard demo

A living demo mesh with a real Prometheus, and the dashboard on it. Nothing is kept when it ends.

Environment
  PORT                     where the dashboard listens on 127.0.0.1; 8080 unless set
  PROMETHEUS_BIN           the Prometheus to run; found or fetched unless set
  MESHBOARD_DEMO_SEED      another number gives other pod names and other ups and downs; 1 unless set
  MESHBOARD_DEMO_INFO      a file to write the addresses and process ids to, as JSON
  MESHBOARD_DEMO_CONTROL   1 lets tests stop and start Prometheus (POST /demo/prometheus/stop, /start at the simulator)
`

/** Runs the demo until a signal or the end of one of its parts; the exit code. Throws one message that says what to do. */
export async function demo(argv: readonly string[]): Promise<number> {
  if (argv.length > 0) {
    const isHelp = argv.some((word) => word === '--help' || word === '-h')
    process[isHelp ? 'stdout' : 'stderr'].write(isHelp ? help : `meshboard demo takes no arguments.\n\n${help}`)
    return isHelp ? 0 : 2
  }
  const { env } = process
  const port = await wantedPort(env['PORT'])
  const seed = seedOf(env['MESHBOARD_DEMO_SEED'])
  const script = process.argv[1]
  if (script === undefined)
    throw new Error('The demo does not know its own script; start it as "node dist/meshboard.js demo".')

  const signalled = nextSignal()
  const begun = Date.now()
  const isControlled = env['MESHBOARD_DEMO_CONTROL'] === '1'
  const stop = new AbortController()
  void signalled.then(() => stop.abort())
  let parts: Demo
  try {
    parts = await launchDemo({ script, seed, isControlled, log, signal: stop.signal })
  } catch (error) {
    if (stop.signal.aborted) return signalled
    throw error
  }
  let closeProxy = () => Promise.resolve()
  try {
    const proxy = await startProxy(proxyConfig(parts, port, join(dirname(script), 'app')))
    closeProxy = () => proxy.close()
    const { MESHBOARD_DEMO_INFO: infoFile } = env
    if (infoFile !== undefined && infoFile !== '') {
      const { prometheus, simulator, cluster, pids } = parts
      const info = { app: proxy.url, prometheus, simulator, cluster, pids: { launcher: process.pid, ...pids } }
      await writeFile(infoFile, `${JSON.stringify(info, null, 2)}\n`)
    }
    log(`ready after ${((Date.now() - begun) / 1000).toFixed(1)} s: ${proxy.url}`)
    const end = await Promise.race([signalled, parts.lost])
    if (typeof end === 'number') return end
    process.stderr.write(`meshboard: ${end}\nThe demo has ended.\n`)
    return 1
  } finally {
    await closeProxy()
    await parts.end()
  }
}

const log = (line: string) => process.stdout.write(`${line}\n`)

const proxyConfig = ({ prometheus, cluster, simulator }: Demo, port: number, staticDir: string): ProxyConfig => ({
  auth: { mode: 'demo', personas: personas.map(({ id, label, token }) => ({ id, label, token })) },
  port,
  staticDir,
  logLevel: 'warn',
  clusters: [
    {
      name: 'demo',
      label: 'Demo',
      istioVersion: '1.27',
      prometheus: { url: prometheus },
      kubernetes: { url: cluster, token: meshboardToken, browserUrl: cluster },
      // The simulator answers for Jaeger's query API; the Jaeger in the cluster is down.
      traces: { url: `${simulator}/jaeger` },
      // Kiali and Jaeger are found in the cluster, Grafana is not there; Prometheus is the real one.
      tools: { prometheus: { url: prometheus } },
      settings: { namespace: 'istio-system' },
    },
  ],
})

/** The port asked for, known to be free right now; 0 is any. Throws what to do where it is taken or no port at all. */
async function wantedPort(text = '8080'): Promise<number> {
  const port = Number(text)
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is "${text}", which is no port. Use a number from 1 to 65535.`)
  }
  try {
    await freePort(port)
    return port
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const problem = code === 'EACCES' ? 'may not be used by this user' : 'is in use by another program'
    throw new Error(`Port ${port} ${problem}. Stop that program or choose another port: PORT=8081 npm run demo`, {
      cause: error,
    })
  }
}

function seedOf(text = '1'): number {
  const seed = Number(text)
  if (!Number.isSafeInteger(seed)) throw new Error(`MESHBOARD_DEMO_SEED is "${text}"; use a whole number.`)
  return seed
}

/** Resolves with the exit code that a shell expects after that signal: 130 for Ctrl-C, 143 for SIGTERM. */
function nextSignal(): Promise<number> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve(130))
    process.on('SIGTERM', () => resolve(143))
    process.on('SIGHUP', () => resolve(129))
  })
}

/** One of the demo's own children: `demo-child <kind>`, started by `demo` and not by people. */
export async function demoChild([kind]: readonly string[]): Promise<number> {
  const known = childKinds.find((name) => name === kind)
  if (known === undefined) throw new Error('This command is started by "meshboard demo", not by people.')
  return runChild(known)
}
