import { expect, it } from 'vitest'
import { containersOf } from '../mesh/containers.ts'
import { podsOf } from '../mesh/pods.ts'
import { certificateSeries, containerSeries } from './containers.ts'
import { Exposition } from './exposition.ts'
import { valueOf } from './series.ts'
import { Waves } from './waves.ts'

const epoch = 1_700_000_000
const waves = new Waves(1, epoch)
const pods = podsOf(1)
const reviews = pods.filter(({ workload }) => workload.name === 'reviews-v2')

it('a pod’s containers use cores by the second and bytes at once; the pod as a whole is their sum and has no container', () => {
  const series = containerSeries(reviews)
  const of = (family: string, container: string | undefined, at: number) => {
    const found = series.filter((one) => one.family === family && one.labels['container'] === container)
    expect(found).toHaveLength(1)
    return found.reduce((sum, one) => sum + valueOf(one, waves, at), 0)
  }
  const cores = (container: string | undefined) =>
    (of('container_cpu_usage_seconds_total', container, epoch + 7200) -
      of('container_cpu_usage_seconds_total', container, epoch + 3600)) /
    3600
  for (const { name, cpu } of reviews.flatMap(({ workload }) => containersOf(workload))) {
    expect(cores(name)).toBeGreaterThan(0.5 * cpu.used)
    expect(cores(name)).toBeLessThan(1.5 * cpu.used)
  }
  expect(cores(undefined)).toBeCloseTo(cores('reviews') + cores('istio-proxy'), 6)
  const memory = of('container_memory_working_set_bytes', 'reviews', epoch + 60)
  expect(of('container_memory_working_set_bytes', 'reviews', epoch + 3660)).not.toBe(memory)
  expect(memory / 2 ** 20).toBeGreaterThan(60)
  expect(memory / 2 ** 20).toBeLessThan(400)
})

it('nobody uses more memory than the limit, and one comes close', () => {
  const shares = [...new Set(pods.map(({ workload }) => workload))].flatMap((workload) =>
    containersOf(workload).flatMap(({ name, memory: { used, limit } }) =>
      limit === undefined ? [] : [{ name, share: (used * 1.03) / limit }],
    ),
  )
  expect(Math.max(...shares.map(({ share }) => share))).toBeLessThanOrEqual(1)
  expect(shares.filter(({ share }) => share >= 0.9).map(({ name }) => name)).toEqual(['recommendation'])
})

it('certificates end when they end', () => {
  const text = new Exposition(certificateSeries()).at(waves, epoch + 5)
  expect(text).toContain('# TYPE citadel_server_root_cert_expiry_timestamp gauge\n')
  expect(new Exposition(certificateSeries()).at(waves, epoch + 9999)).toBe(text)
})
