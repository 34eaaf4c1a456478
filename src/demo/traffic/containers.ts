import { containersOf, waveOf } from '../mesh/containers.ts'
import type { DemoPod } from '../mesh/pods.ts'
import type { Labels } from './labels.ts'
import type { Basis, Series } from './series.ts'

/**
 * What a kubelet tells of the containers of these pods, each pod as a whole included, which has no container's name:
 * https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md. Sorted by family.
 */
export function containerSeries(pods: readonly DemoPod[]): readonly Series[] {
  const told = pods.flatMap(({ workload, name: pod }) => {
    const { namespace } = workload
    const wave = waveOf(workload)
    const containers = containersOf(workload)
    const sum = (what: 'cpu' | 'memory') => containers.reduce((all, container) => all + container[what].used, 0)
    return [
      ...containers.map(({ name: container, image, cpu, memory }) => ({
        wave,
        labels: { container, image, namespace, pod },
        cpu: cpu.used,
        memory: memory.used,
      })),
      { wave, labels: { namespace, pod }, cpu: sum('cpu'), memory: sum('memory') },
    ]
  })
  return [
    ...told.map(({ wave, labels, cpu }) =>
      series('container_cpu_usage_seconds_total', labels, { wave, fault: undefined, lag: 0 }, cpu),
    ),
    ...told.map(({ labels, memory }) =>
      series(
        'container_memory_working_set_bytes',
        labels,
        { wave: 'steady', fault: undefined, lag: 0, moves: 'level' },
        memory,
      ),
    ),
  ]
}

/** Unix seconds: a root made ten years before, and what it signed for one. */
const rootEnds = Date.UTC(2034, 8, 2, 9, 30) / 1000
const chainEnds = Date.UTC(2027, 8, 2, 9, 30) / 1000

/** When istiod's own certificates end. */
export function certificateSeries(): readonly Series[] {
  const still: Basis = { wave: 'steady', fault: undefined, lag: 0, moves: 'never' }
  return [
    series('citadel_server_root_cert_expiry_timestamp', {}, still, rootEnds),
    series('citadel_server_cert_chain_expiry_timestamp', {}, still, chainEnds),
  ]
}

function series(family: Series['family'], labels: Labels, basis: Basis, normal: number): Series {
  return { family, suffix: '', labels, basis, normal, faulty: 0 }
}
