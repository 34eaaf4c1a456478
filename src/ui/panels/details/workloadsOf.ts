import { canonicalName, indexObjects } from '../../../mesh/config/matching.ts'
import type { MeshObjects, WorkloadObject } from '../../../mesh/config/objects.ts'
import type { ListKind } from '../../../mesh/inventory.ts'

/** The workloads that stand behind one row of a list. */
export function workloadsOf(
  kind: ListKind,
  namespace: string,
  name: string,
  objects: MeshObjects,
): readonly WorkloadObject[] {
  const own = (objects.workloads ?? []).filter((workload) => workload.namespace === namespace)
  if (kind === 'namespaces') return own
  if (kind === 'workloads') return own.filter((workload) => workload.name === name)
  if (kind === 'apps') return own.filter((workload) => canonicalName(workload) === name)
  const index = indexObjects(objects)
  const service = index.serviceOf(namespace, name)
  return service === undefined ? [] : index.workloadsBehind(service)
}
