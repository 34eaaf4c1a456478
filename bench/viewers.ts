import { readFile } from 'node:fs/promises'

import { run } from './call.ts'
import { windowSeconds } from './fill.ts'
import type { ServedMesh } from './serve.ts'
import { medians } from './stats.ts'

/** What many viewers at once cost the proxy, for the dearest of the graph's questions. */
export interface ViewerFigures {
  /** Whether they look at the same (the whole mesh, which the proxy asks for once) or each at a namespace of their own. */
  readonly looking: 'at all' | 'at their own'
  readonly answersPerSecond: number
  /** Milliseconds of the proxy's processor time for one answer; NaN where Linux does not tell. */
  readonly proxyCpuMs: number
  /** On the wire, compressed. */
  readonly kilobytes: number
}

const viewers = 60
const atOnce = 20

/** Sixty answers to `requests`, twenty at once, asked within one refresh step. */
export async function measureViewers(
  served: ServedMesh,
  namespaces: readonly string[],
  runs: number,
): Promise<readonly ViewerFigures[]> {
  let asked = 0
  const urls = (scopeOf: (viewer: number) => string) => {
    // Another instant each run: what is remembered is what viewers of one instant share.
    asked += 1
    return Array.from({ length: viewers }, (_, viewer) => {
      const time = new URLSearchParams({ window: `${windowSeconds}s`, time: String(served.to - asked) })
      return `${served.app}/api/clusters/local/telemetry/requests?${time.toString()}${scopeOf(viewer)}`
    })
  }
  const kinds = [
    ['at all', () => ''],
    ['at their own', (viewer: number) => `&namespaces=${namespaces[viewer % namespaces.length] ?? ''}`],
  ] as const
  const figures: ViewerFigures[] = []
  for (const [looking, scopeOf] of kinds) {
    figures.push({
      looking,
      ...(await medians(runs, async () => {
        const before = await cpuMsOf(served.pids.proxy)
        const { ms, bytes } = await run('curl', [
          ...['-sS', '--no-progress-meter', '-f', '--fail-early', '-H', 'accept-encoding: gzip'],
          ...['--parallel', '--parallel-immediate', '--parallel-max', String(atOnce), ...urls(scopeOf)],
        ])
        const worked = (await cpuMsOf(served.pids.proxy)) - before
        return {
          answersPerSecond: (viewers / ms) * 1000,
          proxyCpuMs: worked / viewers,
          kilobytes: bytes / viewers / 1000,
        }
      })),
    })
  }
  return figures
}

/** User and system time in ticks of a hundredth: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number) // prettier-ignore
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) * 10
}
