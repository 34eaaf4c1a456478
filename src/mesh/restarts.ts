import type { MeshObjects, WorkloadObject } from './config/objects.ts'
import { injectionOf, type Injection } from './injection.ts'
import { namespaceWith, type InjectionChoice } from './injectionChoice.ts'
import { isProxyWorkload } from './inventory.ts'

/** A workload whose pods are not as its namespace asks: they follow when they restart, and not before. */
export interface Restart {
  readonly workload: WorkloadObject
  readonly injection: Injection
}

/**
 * The workloads of a namespace that take a restart to follow `choice`, by name: those that run without the sidecar it asks for, with
 * another revision's, or with one that nobody asks for any more. `undefined` where workloads, pods or the namespace were not read.
 */
export function restartsFor(
  objects: MeshObjects,
  namespace: string,
  choice: InjectionChoice,
): readonly Restart[] | undefined {
  const known = objects.namespaces?.find(({ name }) => name === namespace)
  if (objects.workloads === undefined || known === undefined) return undefined
  const own = objects.workloads.filter((workload) => workload.namespace === namespace)
  if (own.some(({ pods }) => pods === undefined)) return undefined
  const wanted = namespaceWith(known, choice)
  return own
    .flatMap((workload): readonly Restart[] => {
      const isProxy = isProxyWorkload(workload, objects)
      const injection = injectionOf({ ...workload, namespace: wanted, isProxy, injector: objects.injector })
      return injection?.state === 'restart' || injection?.state === 'lingering' ? [{ workload, injection }] : []
    })
    .sort((a, b) => (a.workload.name < b.workload.name ? -1 : 1))
}
