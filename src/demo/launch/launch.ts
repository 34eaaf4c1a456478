import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { obtainPrometheus } from '../prometheus/binary.ts'
import { Family } from './family.ts'

export interface DemoOptions {
  /** This program's own script, forked for each child. */
  readonly script: string
  readonly seed: number
  /** Whether the simulator's server lets tests stop and start Prometheus. */
  readonly isControlled: boolean
  /** One line per step, as it is done. */
  readonly log: (line: string) => void
  /** Gives up while it is still starting. */
  readonly signal?: AbortSignal
}

export interface Demo {
  readonly prometheus: string
  readonly simulator: string
  readonly cluster: string
  readonly pids: Readonly<Record<'simulator' | 'cluster' | 'guard' | 'prometheus', number | undefined>>
  /** Resolves with the reason when a part of the demo ends by itself. */
  readonly lost: Promise<string>
  /** Ends everything and removes the data. */
  readonly end: () => Promise<void>
}

/** The past the demo starts with: an hour, its last six minutes as dense as what is scraped. */
const history = { seconds: 3600, step: 15, recent: { seconds: 360, step: 5 } }

const located = z.object({ url: z.string(), pid: z.number().optional() })

/**
 * Starts the simulated mesh, its cluster's API and a real Prometheus that scrapes it, and writes an hour of history.
 * Rejects with one message that says what to do, after having ended what was already started.
 */
export async function launchDemo({ script, seed, isControlled, log, signal }: DemoOptions): Promise<Demo> {
  const started = Date.now()
  const seconds = (since = started) => `${((Date.now() - since) / 1000).toFixed(1)} s`
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-demo-'))
  const family = new Family(script)
  let prometheusPid: number | undefined
  const end = async () => {
    await family.end()
    if (family.wasKilled('prometheus')) killQuietly(prometheusPid)
    await rm(folder, { recursive: true, force: true })
  }

  const build = async (): Promise<Omit<Demo, 'lost' | 'end'>> => {
    const control = async (action: unknown) => {
      const reply = await guard.ask(action === 'stop' ? 'stop' : 'restart')
      prometheusPid = z.object({ pid: z.number().optional() }).parse(reply).pid
    }
    const simulator = family.start('simulator', { prometheus: control })
    const cluster = family.start('cluster')
    const guard = family.start('prometheus')
    const epoch = Math.floor(started / 1000) - 2 * history.seconds

    const [binary, simulated, clustered] = await Promise.all([
      obtainPrometheus(),
      simulator.ask('start', { seed, epoch, isControlled }).then((reply) => located.parse(reply)),
      cluster.ask('start', { seed }).then((reply) => located.parse(reply)),
    ])
    log(`mesh simulator     ${simulated.url}`)
    log(`demo cluster       ${clustered.url}`)
    const measured = located.parse(await guard.ask('start', { binary: binary.path, simulator: simulated.url, folder }))
    prometheusPid = measured.pid
    log(`Prometheus ${binary.version} ${measured.url} (${binary.origin}; ready after ${seconds()})`)

    const writing = Date.now()
    const reply = await simulator.ask('history', { prometheus: measured.url, history })
    const { samples } = z.object({ samples: z.number() }).parse(reply)
    log(`an hour of history ${(samples / 1e6).toFixed(1)} million samples in ${seconds(writing)}`)
    return {
      prometheus: measured.url,
      simulator: simulated.url,
      cluster: clustered.url,
      pids: { simulator: simulator.pid, cluster: cluster.pid, guard: guard.pid, prometheus: measured.pid },
    }
  }

  const lost = family.lost.then((reason) => {
    throw new Error(reason)
  })
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('The demo was stopped while it started.')), { once: true })
  })
  try {
    const parts = await Promise.race([build(), lost, aborted])
    return { ...parts, lost: family.lost, end }
  } catch (error) {
    await end()
    throw error
  }
}

function killQuietly(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has gone, which is what we want.
  }
}
