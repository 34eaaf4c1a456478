import { canonicalName, canonicalRevision } from './config/matching.ts'
import type { MeshObjects } from './config/objects.ts'
import { keyOf, type Party, type Service } from './identity.ts'
import type { RecordReader } from './records.ts'
import { unknown } from './telemetry.ts'
import type { Flow } from './traffic.ts'

/** Workloads and Services that stand in the scope and that no flow touches. */
export interface Idle {
  readonly workloads: readonly Party[]
  readonly services: readonly { readonly service: Service; readonly cluster: string }[]
}

export const noIdle: Idle = { workloads: [], services: [] }

/** What Kubernetes knows in `namespaces` (empty: everywhere) and telemetry is silent about. Nothing where objects were not read. */
export function idleIn(
  objects: MeshObjects | undefined,
  namespaces: readonly string[],
  flows: readonly Flow[],
  reader: RecordReader,
): Idle {
  if (objects === undefined) return noIdle
  const cluster = objects.cluster ?? soleCluster(flows)
  const scope = new Set(namespaces)
  const isInScope = (namespace: string): boolean => scope.size === 0 || scope.has(namespace)
  const seen = new Set<string>()
  const called = new Set<string>()
  for (const { source, destination, service } of flows) {
    for (const party of [source, destination]) {
      const isHere = party.kind === 'workload' && (party.cluster === cluster || party.cluster === unknown)
      if (isHere) seen.add(keyOf(party.namespace, party.workload))
    }
    if (service.name !== undefined) called.add(keyOf(service.namespace, service.name))
  }
  return {
    workloads: (objects.workloads ?? [])
      .filter(
        ({ kind, namespace, name }) => isServing(kind) && isInScope(namespace) && !seen.has(keyOf(namespace, name)),
      )
      .map((workload) =>
        reader.workload(
          cluster,
          workload.namespace,
          workload.name,
          canonicalName(workload),
          canonicalRevision(workload),
        ),
      ),
    services: (objects.services ?? [])
      .filter(({ namespace, name }) => isInScope(namespace) && !called.has(keyOf(namespace, name)))
      .map(({ namespace, name }) => ({ service: reader.service(namespace, name), cluster })),
  }
}

/** Jobs come and go: one without traffic is no idle workload. */
function isServing(kind: string): boolean {
  return kind !== 'Job' && kind !== 'CronJob'
}

function soleCluster(flows: readonly Flow[]): string {
  const clusters = new Set<string>()
  for (const { source, destination } of flows) {
    for (const party of [source, destination]) {
      if (party.kind === 'workload' && party.cluster !== unknown) clusters.add(party.cluster)
    }
  }
  const [cluster] = clusters
  return clusters.size === 1 && cluster !== undefined ? cluster : unknown
}
