import type { Workload } from './model.ts'
import { allWorkloads } from './workloads.ts'

export interface DemoPod {
  readonly workload: Workload
  readonly name: string
  readonly ip: string
  readonly node: string
  /** As on the pod, in Kubernetes' spelling. */
  readonly labels: Readonly<Record<string, string>>
}

export const nodes = ['demo-node-1', 'demo-node-2', 'demo-node-3'] as const

/** The letters Kubernetes makes random names of (apimachinery `util/rand`). */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** The same letters for the same words, whatever the machine: FNV-1a, then a linear congruence. */
export function nameHash(words: string, length: number): string {
  let state = 2_166_136_261
  for (const char of words) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16_777_619)
  let hash = ''
  for (let index = 0; index < length; index++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    hash += letters[(state >>> 16) % letters.length] ?? ''
  }
  return hash
}

/** The hash in the names of a Deployment's ReplicaSet and pods. */
export const templateHash = (workload: Workload, seed: number): string =>
  nameHash(`${seed}/${workload.namespace}/${workload.name}`, 10)

/** The labels a workload's pods are made with, Istio's own included where a sidecar or gateway proxy runs. */
export function podLabels(workload: Workload, seed: number): Readonly<Record<string, string>> {
  const { app, version, proxy, kind, labels } = workload
  const hasProxy = proxy === 'sidecar' || proxy === 'gateway' || proxy === 'waypoint'
  return {
    ...(app !== 'waypoint' && { app, ...(version !== 'latest' && { version }) }),
    ...labels,
    ...(kind === 'Deployment' && { 'pod-template-hash': templateHash(workload, seed) }),
    ...(kind === 'StatefulSet' && { 'controller-revision-hash': `${workload.name}-${nameHash(`${seed}/${app}`, 9)}` }),
    ...(hasProxy && {
      'service.istio.io/canonical-name': app,
      'service.istio.io/canonical-revision': version,
    }),
    ...(proxy === 'sidecar' && { 'security.istio.io/tlsMode': 'istio' }),
  }
}

function podName(workload: Workload, index: number, seed: number): string {
  const { name, kind } = workload
  if (kind === 'StatefulSet') return `${name}-${index}`
  const suffix = nameHash(`${seed}/${workload.namespace}/${name}/${index}`, 5)
  return kind === 'DaemonSet' ? `${name}-${suffix}` : `${name}-${templateHash(workload, seed)}-${suffix}`
}

/** Every pod of the mesh, in order; addresses and nodes are spread by that order, a DaemonSet has one per node. */
export function podsOf(seed: number): readonly DemoPod[] {
  const pods: DemoPod[] = []
  for (const workload of allWorkloads) {
    for (let index = 0; index < workload.replicas; index++) {
      const place = (workload.kind === 'DaemonSet' ? index : pods.length) % nodes.length
      pods.push({
        workload,
        name: podName(workload, index, seed),
        ip: `10.42.${place}.${10 + pods.length}`,
        node: nodes[place] ?? nodes[0],
        labels: podLabels(workload, seed),
      })
    }
  }
  return pods
}
