import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

/** A program like `meshboard demo` without the dashboard: the real launcher, forking its own bundle. */
const program = `
import { runChild } from ${JSON.stringify(join(import.meta.dirname, 'child.ts'))}
import { launchDemo } from ${JSON.stringify(join(import.meta.dirname, 'launch.ts'))}
const [command, kind] = process.argv.slice(2)
if (command === 'demo-child') await runChild(kind)
const demo = await launchDemo({ script: process.argv[1], seed: 1, isControlled: true, log: () => undefined })
process.stdout.write(JSON.stringify(demo) + '\\n')
process.stderr.write(await demo.lost)
await demo.end()
process.exitCode = 1
`

const partsShape = z.object({
  prometheus: z.string(),
  simulator: z.string(),
  cluster: z.string(),
  pids: z.object({ simulator: z.number(), cluster: z.number(), guard: z.number(), prometheus: z.number() }),
})

interface Started {
  readonly launcher: ChildProcess
  readonly parts: z.infer<typeof partsShape>
  /** Resolves at its end. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-test-'))
  await writeFile(join(folder, 'program.ts'), program)
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    root: join(import.meta.dirname, '../../..'),
    ssr: { noExternal: true },
    build: {
      ssr: join(folder, 'program.ts'),
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

async function start(): Promise<Started> {
  const launcher = spawn(process.execPath, [join(folder, 'program.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  launcher.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    launcher.once('close', (code) => resolve({ code, stderr })),
  )
  const line = new Promise<string>((resolve) => launcher.stdout.setEncoding('utf8').once('data', resolve))
  const first = await Promise.race([line, ended])
  if (typeof first !== 'string') throw new Error(`The demo did not start: ${first.stderr}`)
  return { launcher, ended, parts: partsShape.parse(JSON.parse(first)) }
}

/** Whether that process runs; one that has ended and waits to be collected does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/stat`
  return !existsSync('/proc/self/stat') || (existsSync(status) && !/\) Z /.test(readFileSync(status, 'utf8')))
}

async function gone(pids: readonly number[]): Promise<readonly number[]> {
  const deadline = Date.now() + 10_000
  let alive = pids
  while (alive.length > 0 && Date.now() < deadline) {
    await sleep(50)
    alive = alive.filter(isAlive)
  }
  return alive
}

const vectorShape = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
})

async function query(prometheus: string, promql: string, at: number) {
  const url = `${prometheus}/api/v1/query?${new URLSearchParams({ query: promql, time: String(at) }).toString()}`
  return vectorShape
    .parse(await (await fetch(url)).json())
    .data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
}

const truthShape = z.object({
  pairs: z.array(
    z.object({
      source: z.object({ workload: z.string() }).nullable(),
      destination: z.object({ workload: z.string() }).nullable(),
      service: z.object({ host: z.string() }),
      protocol: z.string(),
      reporters: z.array(z.string()),
      responses: z.array(
        z.object({ code: z.number(), flags: z.string(), grpcStatus: z.number().optional(), rate: z.number() }),
      ),
      latency: z.object({ p95: z.number() }).optional(),
      faults: z.array(z.string()),
    }),
  ),
})

const counting = (reporters: readonly string[]) =>
  ['source', 'waypoint', 'destination'].find((name) => reporters.includes(name)) ?? ''
const pairLabels = 'reporter, source_workload, destination_workload, destination_service, request_protocol'

interface Span {
  /** Unix seconds, and seconds. */
  readonly at: number
  readonly window: number
  /** Leaves out pairs with a fault in the window, whose steps are sharper than what Prometheus extrapolates from samples 15 s apart. */
  readonly isSteady: boolean
}

/** Each pair's rates and p95 by Prometheus against the truth; the number of comparisons made. */
async function compare({ prometheus, simulator }: Started['parts'], { at, window, isSteady }: Span): Promise<number> {
  const truth = truthShape.parse(await (await fetch(`${simulator}/demo/truth?at=${at}&window=${window}`)).json())
  const rates = await query(
    prometheus,
    `sum by (${pairLabels}, response_code, response_flags, grpc_response_status) (rate(istio_requests_total[${window}s]))`,
    at,
  )
  const p95s = await query(
    prometheus,
    `histogram_quantile(0.95, sum by (le, ${pairLabels}) (rate(istio_request_duration_milliseconds_bucket[${window}s])))`,
    at,
  )
  let compared = 0
  for (const { source, destination, service, protocol, reporters, responses, latency, faults } of truth.pairs) {
    if (isSteady && faults.length > 0) continue
    const pair = [
      counting(reporters),
      source?.workload ?? 'unknown',
      destination?.workload ?? 'unknown',
      service.host,
      protocol,
    ].join(' ')
    const ofPair = (metric: Readonly<Record<string, string>>) =>
      [
        metric['reporter'],
        metric['source_workload'],
        metric['destination_workload'],
        metric['destination_service'],
        metric['request_protocol'],
      ].join(' ') === pair
    for (const { code, flags, grpcStatus, rate } of responses) {
      const found = rates.filter(
        ({ metric }) =>
          ofPair(metric) &&
          metric['response_code'] === String(code) &&
          metric['response_flags'] === flags &&
          (metric['grpc_response_status'] ?? '') === String(grpcStatus ?? ''),
      )
      expect(found.length, `${pair} ${code} ${flags}`).toBe(1)
      expect(
        Math.abs((found[0]?.value ?? NaN) / rate - 1),
        `${pair} ${code} ${flags}: ${found[0]?.value ?? ''} for ${rate}`,
      ).toBeLessThan(0.02)
      compared++
    }
    if (latency === undefined) continue
    const measured = p95s.find(({ metric }) => ofPair(metric))?.value ?? NaN
    expect(Math.abs(measured / 1000 / latency.p95 - 1), `${pair} p95`).toBeLessThan(0.02)
  }
  return compared
}

describe('the demo on its real Prometheus', () => {
  let started: Started
  let begun: number
  beforeAll(async () => {
    begun = Date.now() / 1000
    started = await start()
  }, 180_000)
  afterAll(() => started.launcher.kill('SIGKILL'))

  it('has an hour of history whose rates and quantiles are the truth, within 2%', async () => {
    const instants = [0, 1, 2, 3].map((index) => Math.floor(begun) - 3000 + index * 970)
    for (const at of instants)
      expect(await compare(started.parts, { at, window: 300, isSteady: true })).toBeGreaterThan(35)
  }, 60_000)

  it('has the faults in its history as they were', async () => {
    // Minutes in which no fault begins or ends, each with others active: seconds into the schedule's period of 1200.
    const period = Math.floor(begun / 1200) * 1200
    const instants = [-2400, -1200, 0]
      .flatMap((back) => [270, 340, 500, 900].map((into) => period + back + into))
      .filter((at) => at > begun - 3500 && at < begun - 10)
      // The last six minutes are written every 5 s, what was before every 15 s: a minute's rate across the two is no measure of either.
      .filter((at) => at < begun - 400 || at > begun - 270)
    expect(instants.length).toBeGreaterThan(6)
    for (const at of instants)
      expect(await compare(started.parts, { at, window: 60, isSteady: false })).toBeGreaterThan(45)
  }, 60_000)

  it('goes on without a seam, with every target up', async () => {
    await sleep(12_000)
    const now = Date.now() / 1000
    expect((await query(started.parts.prometheus, 'count(up == 1)', now))[0]?.value).toBeGreaterThan(35)
    expect(await query(started.parts.prometheus, 'up == 0', now)).toEqual([])
    const [rate] = await query(
      started.parts.prometheus,
      'sum(rate(istio_requests_total{reporter="destination", destination_workload="frontend"}[2m]))',
      now,
    )
    const truth = truthShape.parse(
      await (await fetch(`${started.parts.simulator}/demo/truth?at=${now}&window=120`)).json(),
    )
    const frontend = truth.pairs.find(({ destination }) => destination?.workload === 'frontend')
    expect(Math.abs((rate?.value ?? NaN) / (frontend?.responses[0]?.rate ?? NaN) - 1)).toBeLessThan(0.02)
    // One series, not one of the past and one of the present.
    expect(
      (
        await query(
          started.parts.prometheus,
          'count(count_over_time(istio_requests_total[30m])) - count(istio_requests_total)',
          now,
        )
      )[0]?.value,
    ).toBe(0)
  }, 60_000)

  it('stops and starts Prometheus on the same data when tests ask', async () => {
    const { prometheus, simulator } = started.parts
    expect((await fetch(`${simulator}/demo/prometheus/stop`, { method: 'POST' })).status).toBe(200)
    await expect(fetch(`${prometheus}/-/ready`)).rejects.toThrow()
    expect((await fetch(`${simulator}/demo/prometheus/start`, { method: 'POST' })).status).toBe(200)
    const before = await query(prometheus, 'count(istio_requests_total)', begun - 1800)
    expect(before[0]?.value).toBeGreaterThan(100)
    started.parts.pids.prometheus = NaN
  }, 60_000)

  it('leaves nothing behind when the launcher is killed', async () => {
    const pids = Object.values(started.parts.pids).filter((pid) => !Number.isNaN(pid))
    expect(pids.filter(isAlive)).toEqual(pids)
    const data = prometheusFolder(started.parts.pids.guard)
    started.launcher.kill('SIGKILL')
    await started.ended
    expect(await gone(pids)).toEqual([])
    await expect(fetch(`${started.parts.prometheus}/-/ready`)).rejects.toThrow()
    if (data !== undefined) expect(existsSync(data)).toBe(false)
  }, 30_000)
})

describe('when a part of the demo ends by itself', () => {
  it.each([
    ['simulator', /mesh simulator ended unexpectedly: SIGKILL/],
    ['prometheus', /Prometheus ended unexpectedly.*\n.*SIGKILL/],
    ['guard', /Prometheus ended unexpectedly: SIGKILL/],
  ] as const)(
    '%s: all ends, and the launcher says which',
    async (part, message) => {
      const { parts, ended } = await start()
      process.kill(parts.pids[part], 'SIGKILL')
      const { code, stderr } = await ended
      expect(code).toBe(1)
      expect(stderr).toMatch(message)
      expect(await gone(Object.values(parts.pids))).toEqual([])
    },
    120_000,
  )
})

/** The folder a guard's Prometheus keeps its data in, where the system tells (Linux). */
function prometheusFolder(guard: number): string | undefined {
  const children = `/proc/${guard}/task/${guard}/children`
  if (!existsSync(children)) return undefined
  const [pid] = readFileSync(children, 'utf8').trim().split(' ')
  const config = /--config.file=([^\0]+)/.exec(readFileSync(`/proc/${pid ?? ''}/cmdline`, 'utf8'))?.[1]
  return config === undefined ? undefined : dirname(config)
}
