import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { obtainPrometheus } from '../src/demo/prometheus/binary.ts'
import { PrometheusServer } from '../src/demo/prometheus/server.ts'
import { fill, type Filled, fixedAt, windowSeconds } from './fill.ts'
import type { Mesh } from './mesh.ts'

export interface ServedMesh {
  /** The dashboard, and the Prometheus behind it. */
  readonly app: string
  readonly prometheus: string
  /** Unix seconds: the span the mesh is asked about. */
  readonly from: number
  readonly to: number
  readonly filled: Filled
  /** The process ids of the two. */
  readonly pids: { readonly proxy: number; readonly prometheus: number }
  readonly stop: () => Promise<void>
}

/** The built command; another build's may be named. */
export const command = (): string => process.env['MESHBOARD_COMMAND'] ?? 'dist/meshboard.js'

const startWithinMs = 30_000

/**
 * A real Prometheus that holds nothing but the mesh, and the built dashboard before it, on free loopback ports.
 * Rejects with their own words when one does not come up.
 */
export async function serveMesh(mesh: Mesh, wanted = { hasDurations: true }): Promise<ServedMesh> {
  const { path } = await obtainPrometheus()
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-bench-'))
  let prometheus: PrometheusServer | undefined
  let proxy: ChildProcess | undefined
  const stop = async () => {
    await ended(proxy)
    await prometheus?.kill()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    prometheus = await PrometheusServer.start({
      binary: path,
      // Nobody is there to be scraped: the mesh is written.
      simulator: 'http://127.0.0.1:9',
      folder,
      onCrash: (reason) => process.stderr.write(`${reason}\n`),
    })
    const filled = await fill(prometheus.url, mesh, wanted)
    const started = spawn(process.execPath, [command(), 'serve', '--prometheus-url', prometheus.url, '--port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    proxy = started
    return {
      app: await addressOf(started),
      prometheus: prometheus.url,
      from: fixedAt - windowSeconds,
      to: fixedAt,
      filled,
      pids: { proxy: started.pid ?? 0, prometheus: prometheus.pid ?? 0 },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address that `meshboard serve` says it answers at. */
function addressOf(proxy: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(() => reject(new Error(`meshboard serve did not start:\n${said}`)), startWithinMs)
    proxy.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /meshboard serve: (http:\S+)/.exec(said)?.[1]
      if (url === undefined) return
      clearTimeout(late)
      resolve(url)
    })
    proxy.once('error', reject)
    proxy.once('exit', () => {
      clearTimeout(late)
      reject(new Error(`meshboard serve ended:\n${said}`))
    })
  })
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(late)
}
