import { type ChildProcess, spawn } from 'node:child_process'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { obtainPrometheus } from '../prometheus/binary.ts'
import { run } from '../prometheus/run.ts'
import { obtainDebian } from './debian.ts'

/** A counter that grows evenly, so that its rate is exactly `rate` at any instant in its life. */
export interface Counter {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  /** Per second. */
  readonly rate: number
  /** Seconds before `at` when it was last seen; alive at `at` unless told. */
  readonly endedAgo?: number
  /** Seconds before `at` when it was first seen; twenty minutes unless told. */
  readonly startedAgo?: number
}

/** A Prometheus-compatible engine that holds the counters' last twenty minutes before `at`. */
export interface Engine {
  readonly name: string
  /** The root of its API. */
  readonly url: string
  /** The expression's vector at `at`; rejects with the engine's own words. */
  readonly query: (promql: string) => Promise<unknown>
  readonly stop: () => Promise<void>
}

/** Unix seconds of the instant to ask about. */
export const at = 1_700_000_000
const step = 15
const span = 1200

/** A Prometheus on blocks that promtool made of the counters. */
export async function startPrometheus(counters: readonly Counter[]): Promise<Engine> {
  const { path } = await obtainPrometheus()
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-tsdb-'))
  const text = join(folder, 'counters.txt')
  await writeFile(text, openMetrics(counters))
  await demand(await promtool(path), ['tsdb', 'create-blocks-from', 'openmetrics', text, join(folder, 'data')])
  await writeFile(join(folder, 'prometheus.yml'), '{}\n')
  const port = await freePort()
  return serving('Prometheus', folder, `http://127.0.0.1:${port}`, '/-/ready', path, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=50y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ])
}

/** A VictoriaMetrics that imported the counters; it keeps at most 30 labels of a series unless told otherwise. */
export async function startVictoriaMetrics(binary: string, counters: readonly Counter[]): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-vm-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const engine = await serving('VictoriaMetrics', folder, url, '/health', binary, [
    `-storageDataPath=${join(folder, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=50y',
    '-maxLabelsPerTimeseries=60',
    '-loggerLevel=ERROR',
  ])
  try {
    const lines = counters.map((counter) => {
      const points = pointsOf(counter)
      return JSON.stringify({
        metric: { __name__: counter.metric, ...counter.labels },
        values: points.map(([, value]) => value),
        timestamps: points.map(([time]) => time * 1000),
      })
    })
    const { status, body } = await send(`${url}/api/v1/import`, lines.join('\n'))
    if (status >= 300) throw new Error(`VictoriaMetrics refused the import: ${body}`)
    await send(`${url}/internal/force_flush`)
    return engine
  } catch (error) {
    await engine.stop()
    throw error
  }
}

/** Debian's VictoriaMetrics (Debian 12 and later), unpacked into the cache without installing it; or why there is none here. */
export function obtainVictoriaMetrics(): ReturnType<typeof obtainDebian> {
  return obtainDebian({ package: 'victoria-metrics', path: ['usr', 'bin', 'victoria-metrics'] })
}

async function serving(
  name: string,
  folder: string,
  url: string,
  readyPath: string,
  binary: string,
  args: readonly string[],
): Promise<Engine> {
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000)
  })
  const stop = async (): Promise<void> => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) break
    const isReady = await send(url + readyPath).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (isReady) return { name, url, stop, query: (promql) => ask(name, url, promql) }
    await sleep(100)
  }
  await stop()
  throw new Error(`${name} did not come up: ${words}`)
}

async function ask(name: string, url: string, promql: string): Promise<unknown> {
  const form = new URLSearchParams({ query: promql, time: `${at}` }).toString()
  const { status, body } = await send(`${url}/api/v1/query`, form)
  if (status !== 200) throw new Error(`${name} refused ${promql}: ${body}`)
  const { data } = JSON.parse(body) as { readonly data: unknown }
  return data
}

/** A POST where there is something to send, else a GET; rejects when nobody answers. */
function send(url: string, body?: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = request(url, body === undefined ? { method: 'GET' } : { method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** https://github.com/OpenObservability/OpenMetrics/blob/main/specification/OpenMetrics.md */
function openMetrics(counters: readonly Counter[]): string {
  const lines = counters.flatMap((counter) => {
    const labels = Object.entries(counter.labels).map(([label, value]) => `${label}="${escaped(value)}"`)
    return pointsOf(counter).map(([time, value]) => `${counter.metric}{${labels.join(',')}} ${value} ${time}`)
  })
  return `${lines.join('\n')}\n# EOF\n`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function pointsOf({
  rate,
  endedAgo = 0,
  startedAgo = span,
}: Counter): readonly (readonly [time: number, value: number])[] {
  return Array.from(
    { length: Math.floor((startedAgo - endedAgo) / step) + 1 },
    (_, index) => [at - startedAgo + index * step, 1000 + rate * step * index] as const,
  )
}

/** The tool that comes with a Prometheus: beside it, else on the PATH. */
export async function promtool(prometheus: string): Promise<string> {
  const beside = join(dirname(prometheus), 'promtool')
  return (await exists(beside)) ? beside : 'promtool'
}

async function demand(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(program, args, { timeoutMs: 120_000 })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${output}`)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
