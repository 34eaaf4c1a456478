import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { queryInstant } from '../src/clients/prometheus/query.ts'
import { obtainPrometheus } from '../src/demo/prometheus/binary.ts'
import { PrometheusServer } from '../src/demo/prometheus/server.ts'
import { metrics } from '../src/mesh/telemetry.ts'
import { fill, fixedAt, windowSeconds } from './fill.ts'
import { growMesh } from './mesh.ts'

const mesh = growMesh({ seed: 11, workloads: 50 })
let folder: string
let prometheus: PrometheusServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-fill-'))
  const { path } = await obtainPrometheus()
  const nobody = 'http://127.0.0.1:9'
  prometheus = await PrometheusServer.start({ binary: path, simulator: nobody, folder, onCrash: () => undefined })
  await fill(prometheus.url, mesh, { hasDurations: true })
}, 120_000)
afterAll(async () => {
  await prometheus.kill()
  await rm(folder, { recursive: true, force: true })
})

const ask = async (promql: string, at: number) => (await queryInstant({ url: prometheus.url }, { promql, at })).samples

it.each([fixedAt, fixedAt + 7, fixedAt + 240])('gives at %i every pair the rate that the mesh has', async (at) => {
  const samples = await ask(
    `sum by (source_workload, destination_workload) (rate(${metrics.requests}{reporter="destination"}[${windowSeconds}s]))`,
    at,
  )
  const rates = new Map(
    samples.map(({ labels, value }) => [
      `${labels['source_workload'] ?? ''}>${labels['destination_workload'] ?? ''}`,
      value,
    ]),
  )
  const calls = mesh.calls.filter(({ protocol, destination }) => protocol !== 'tcp' && destination.proxy === 'sidecar')
  expect(calls.length).toBeGreaterThan(100)
  expect(rates.size).toBe(calls.length)
  for (const { source, destination, rate } of calls) {
    expect(rates.get(`${source.name}>${destination.name}`)).toBeCloseTo(rate, 6)
  }
})

it('gives request durations whose quantiles lie where the mesh puts them', async () => {
  const call = mesh.calls.find(({ outcomes, source }) => outcomes.length === 1 && source.proxy === 'sidecar')
  const wanted = call?.outcomes[0]?.latency.medianMs ?? 0
  const [sample] = await ask(
    `histogram_quantile(0.5, sum by (le) (rate(${metrics.durationBuckets}{reporter="destination",source_workload="${call?.source.name ?? ''}",destination_workload="${call?.destination.name ?? ''}"}[${windowSeconds}s])))`,
    fixedAt,
  )
  // Within the bucket that holds it: a bound is at most five times the one below.
  expect(sample?.value).toBeGreaterThan(wanted / 2.5)
  expect(sample?.value).toBeLessThan(wanted * 2.5)
})
