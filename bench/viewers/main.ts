import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { obtainPrometheus } from '../../src/demo/prometheus/binary.ts'
import { PrometheusServer } from '../../src/demo/prometheus/server.ts'
import { fill, fixedAt } from '../fill.ts'
import { growMesh } from '../mesh.ts'
import { randomFrom } from '../random.ts'
import { command } from '../serve.ts'
import { table } from '../table.ts'
import { aroundOf, ask } from './ask.ts'
import { startTeamCluster, tokenOf } from './cluster.ts'

const help = `Usage: node bench/viewers.mjs [options]      (after npm run build)

Many viewers of one proxy and one Prometheus, all on loopback, for some ticks; ends by itself.

  --viewers 200  --teams 30  --ticks 8  --every 15  --workloads 300  --seed 1
  --pairs 60     questions asked of Prometheus itself and through the proxy in turn, with nobody else there
`

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '200' },
    teams: { type: 'string', default: '30' },
    ticks: { type: 'string', default: '8' },
    every: { type: 'string', default: '15' },
    workloads: { type: 'string', default: '300' },
    pairs: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

/** Five pages that are open: the graph's questions, and a panel. */
const views = [
  'requests?window=300s',
  'tcp?window=300s&direction=sent',
  'response-time?window=300s&statistic=p95',
  'mtls?window=300s',
  'series-requests?window=300s&by=service&step=15&rate=60',
]
/** Seconds after which a right that was given or taken away must be so in every answer. */
const believed = 30

if (values.help) process.stdout.write(help)
else await measure()

async function measure(): Promise<void> {
  const number = (name: 'viewers' | 'teams' | 'ticks' | 'every' | 'workloads' | 'pairs' | 'seed') =>
    Number(values[name])
  const [viewers, teams, ticks, every] = [number('viewers'), number('teams'), number('ticks'), number('every')]
  const random = randomFrom(number('seed'))
  const mesh = growMesh({ seed: number('seed'), workloads: number('workloads'), namespaces: teams * 2 })
  const namespaces = [...new Set(mesh.workloads.map(({ namespace }) => namespace))].filter(
    (name) => name !== 'istio-system',
  )

  const folder = await mkdtemp(join(tmpdir(), 'meshboard-viewers-'))
  const { path } = await obtainPrometheus()
  const prometheus = await PrometheusServer.start({
    binary: path,
    simulator: 'http://127.0.0.1:9',
    folder,
    onCrash: (reason) => process.stderr.write(`${reason}\n`),
  })
  const { series } = await fill(prometheus.url, mesh, { hasDurations: true })
  const cluster = await startTeamCluster(namespaces, teams)
  const config = join(folder, 'meshboard.json')
  await writeFile(
    config,
    JSON.stringify({
      port: 0,
      auth: { mode: 'bearer' },
      logLevel: 'warn',
      clusters: [
        {
          name: 'local',
          prometheus: { url: prometheus.url },
          kubernetes: { url: cluster.url, token: 'own' },
        },
      ],
    }),
  )
  const proxy = spawn(process.execPath, [command(), 'serve', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    const app = await addressOf(proxy)
    const agent = new Agent({ keepAlive: true, maxSockets: viewers * 5 })
    const pairs = await measurePairs({
      app,
      prometheus: prometheus.url,
      agent,
      count: number('pairs'),
      namespaces: cluster.namespacesOf(0).join(),
    })

    const cpuBefore = await cpuSeconds(proxy.pid)
    const reviewsBefore = cluster.reviews()
    const began = performance.now()
    const all: number[] = []
    const rows: object[] = []
    let [errors, wrong, bytes] = [0, 0, 0]
    const taken = new Map<number, number>()
    for (let tick = 0; tick < ticks; tick++) {
      const start = performance.now()
      for (let change = 0; change < 4; change++) {
        const viewer = random.below(viewers)
        cluster.turn(viewer, tick % 2 === 0)
        taken.set(viewer, start)
      }
      const before = await countsOf(agent, app, prometheus.url)
      const distinct = new Map<string, number>()
      const time = fixedAt + (tick % 20) * 15
      const latencies: number[] = []
      await Promise.all(
        Array.from({ length: viewers }, async (_, viewer) => {
          // Browsers begin at the same boundary, give or take.
          await sleep(random.next() * 2000)
          await Promise.all(
            views.map(async (view) => {
              const asked = cluster.askedBy(viewer).join()
              const url = `${app}/api/clusters/local/telemetry/${view}&namespaces=${asked}&time=${time}`
              const isSettled = performance.now() - (taken.get(viewer) ?? -Infinity) > believed * 1000
              const { status, body, ms } = await ask(agent, url, { token: tokenOf(viewer) })
              if (status !== 200) {
                errors += 1
                if (errors <= 5) process.stderr.write(`${status} ${body.slice(0, 200)}\n`)
                return
              }
              latencies.push(ms)
              bytes += body.length
              const around = aroundOf(body)
              distinct.set(`${view} ${around.namespaces.join()}`, around.queries.length)
              const rights = cluster.namespacesOf(viewer).join()
              if (isSettled && around.namespaces.join() !== rights) wrong += 1
            }),
          )
        }),
      )
      const after = await countsOf(agent, app, prometheus.url)
      const expected = [...distinct.values()].reduce((sum, count) => sum + count, 0)
      all.push(...latencies)
      rows.push({
        tick: tick + 1,
        answers: latencies.length,
        distinct: distinct.size,
        asked: after.asked - before.asked,
        'queries due': expected,
        queries: after.queries - before.queries,
        'p50 ms': Math.round(quantile(latencies, 0.5)),
        'p99 ms': Math.round(quantile(latencies, 0.99)),
        's in all': (performance.now() - start) / 1000,
      })
      await sleep(Math.max(0, every * 1000 - (performance.now() - start)))
    }
    const seconds = (performance.now() - began) / 1000
    const cpu = (await cpuSeconds(proxy.pid)) - cpuBefore
    const memory = await mostMemory(proxy.pid)
    const report = {
      setting: { viewers, teams, views: views.length, ticks, every, series, namespaces: namespaces.length },
      pairs,
      errors,
      wrong,
      requests: all.length,
      megabytes: Math.round(bytes / 1e6),
      latencyMs: { p50: quantile(all, 0.5), p99: quantile(all, 0.99) },
      proxy: { cpuSeconds: cpu, cpuShare: cpu / seconds, mostMegabytes: memory },
      reviews: cluster.reviews() - reviewsBefore,
      ticks: rows,
    }
    const { p50, p99 } = report.latencyMs
    process.stdout.write(
      [
        `${viewers} viewers of ${teams} teams, ${views.length} views each, every ${every} s; ${series} series`,
        table(rows),
        `answers ${all.length} (${report.megabytes} MB), errors ${errors}, answers beyond the rights ${wrong}, access reviews ${report.reviews}`,
        `latency p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; proxy ${cpu.toFixed(1)} s of CPU in ${seconds.toFixed(0)} s (${((cpu / seconds) * 100).toFixed(0)}% of a core), at most ${memory} MB`,
        `alone, an answer of ${Math.round(pairs.bytes / 1000)} kB: Prometheus itself p50 ${pairs.directMs.p50.toFixed(1)} ms, added by the proxy p50 ${pairs.addedMs.p50.toFixed(1)} ms, p99 ${pairs.addedMs.p99.toFixed(1)} ms; from memory p50 ${pairs.sharedMs.p50.toFixed(1)} ms`,
        '',
      ].join('\n'),
    )
    await mkdir('test-results/bench', { recursive: true })
    await writeFile('test-results/bench/viewers.json', `${JSON.stringify(report, null, 2)}\n`)
    agent.destroy()
    if (errors + wrong > 0) process.exitCode = 1
  } finally {
    const gone = new Promise((resolve) => proxy.once('exit', resolve))
    proxy.kill('SIGTERM')
    await Promise.race([gone, sleep(15_000)])
    proxy.kill('SIGKILL')
    await cluster.stop()
    await prometheus.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * What the proxy adds: one team's requests asked of Prometheus itself and through the proxy in turn, with nobody else there, each of
 * another instant so that nothing is shared; and the same answer once more, now from memory.
 */
async function measurePairs({
  app,
  prometheus,
  agent,
  count,
  namespaces,
}: {
  readonly app: string
  readonly prometheus: string
  readonly agent: Agent
  readonly count: number
  readonly namespaces: string
}) {
  const [added, through, direct, shared]: number[][] = [[], [], [], []]
  let bytes = 0
  for (let pair = -5; pair < count; pair++) {
    const time = fixedAt - 1 - pair / 1000
    const url = `${app}/api/clusters/local/telemetry/requests?window=300s&namespaces=${namespaces}&time=${time.toFixed(3)}`
    const one = await ask(agent, url, { token: tokenOf(0) })
    if (one.status !== 200) throw new Error(one.body)
    const again = await ask(agent, url, { token: tokenOf(0) })
    const { queries } = aroundOf(one.body)
    const begun = performance.now()
    await Promise.all(
      queries.map(({ promql }) => {
        const form = new URLSearchParams({ query: promql, time: (time - 0.0005).toFixed(4) }).toString()
        return ask(agent, `${prometheus}/api/v1/query`, { form })
      }),
    )
    const alone = performance.now() - begun
    if (pair < 0) continue
    bytes = one.body.length
    added?.push(one.ms - alone)
    through?.push(one.ms)
    direct?.push(alone)
    shared?.push(again.ms)
  }
  const both = (list: readonly number[] | undefined) => ({ p50: quantile(list, 0.5), p99: quantile(list, 0.99) })
  return { bytes, directMs: both(direct), throughMs: both(through), addedMs: both(added), sharedMs: both(shared) }
}

function quantile(list: readonly number[] = [], share: number): number {
  const sorted = [...list].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** How often the proxy put a question to Prometheus, and how many queries Prometheus was asked. */
async function countsOf(agent: Agent, app: string, prometheus: string) {
  const [own, theirs] = await Promise.all([ask(agent, `${app}/metrics`), ask(agent, `${prometheus}/metrics`)])
  const sum = (text: string, line: RegExp): number =>
    [...text.matchAll(line)].reduce((total, [, value]) => total + Number(value), 0)
  return {
    asked: sum(own.body, /^meshboard_questions_total\{how="asked"\} (\S+)$/gm),
    queries: sum(
      theirs.body,
      /^prometheus_http_requests_total\{[^}]*handler="\/api\/v1\/query(?:_range)?"[^}]*\} (\S+)$/gm,
    ),
  }
}

/** User and system time of a process so far; Linux counts it in hundredths. */
async function cpuSeconds(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function mostMemory(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1]) / 1024)
}

function addressOf(proxy: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    proxy.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /meshboard serve: (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    proxy.once('exit', () => reject(new Error(`meshboard serve ended:\n${said}`)))
  })
}
