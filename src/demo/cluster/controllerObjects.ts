import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../clients/kubernetes/wire.ts'
import type { Workload } from '../mesh/model.ts'
import { podLabels, templateHash } from '../mesh/pods.ts'
import { allWorkloads } from '../mesh/workloads.ts'
import { metadata, ownerOf } from './metadata.ts'
import { labelsOf, selectorOf, template } from './podTemplates.ts'

/** Counts as the API server writes them: a zero is left out. */
const counted = <Name extends string>(counts: Readonly<Record<Name, number>>): Partial<Record<Name, number>> => {
  const kept: Partial<Record<Name, number>> = {}
  for (const name in counts) if (counts[name] !== 0) kept[name] = counts[name]
  return kept
}

const wanted = ({ replicas, pendingPods = 0 }: Workload) => replicas + pendingPods

const deploymentBody = (workload: Workload) => ({
  spec: { replicas: wanted(workload), selector: { matchLabels: selectorOf(workload) }, template: template(workload) },
  status: {
    observedGeneration: 1,
    ...counted({
      replicas: wanted(workload),
      updatedReplicas: wanted(workload),
      readyReplicas: workload.replicas,
      availableReplicas: workload.replicas,
    }),
  },
})

const ofKind = (kind: Workload['kind']) => allWorkloads.filter((workload) => workload.kind === kind)

/** The Deployments with the replicas they want and have. */
export const deployments = (): readonly Deployment[] =>
  ofKind('Deployment').map((workload) => {
    const { spec, status } = deploymentBody(workload)
    const unavailable = counted({ unavailableReplicas: workload.pendingPods ?? 0 })
    return {
      metadata: metadata('Deployment', workload.name, workload.namespace, { labels: labelsOf(workload) }),
      spec,
      status: {
        ...status,
        ...unavailable,
        conditions: [{ type: 'Available', status: workload.replicas > 0 || wanted(workload) === 0 ? 'True' : 'False' }],
      },
    }
  })

/** The current ReplicaSet of each Deployment. */
export const replicaSets = (seed: number): readonly ReplicaSet[] =>
  ofKind('Deployment').map((workload) => ({
    metadata: metadata('ReplicaSet', `${workload.name}-${templateHash(workload, seed)}`, workload.namespace, {
      labels: podLabels(workload, seed),
      ownerReferences: [ownerOf('Deployment', workload.name, workload.namespace)],
    }),
    ...deploymentBody(workload),
  }))

/** The StatefulSets: databases and queues. */
export const statefulSets = (): readonly StatefulSet[] =>
  ofKind('StatefulSet').map((workload) => {
    const { spec, status } = deploymentBody(workload)
    return {
      metadata: metadata('StatefulSet', workload.name, workload.namespace, { labels: labelsOf(workload) }),
      spec: { ...spec, serviceName: workload.app },
      status: { ...status, ...counted({ currentReplicas: workload.replicas }) },
    }
  })

/** The DaemonSets: one pod per node. */
export const daemonSets = (): readonly DaemonSet[] =>
  ofKind('DaemonSet').map((workload) => ({
    metadata: metadata('DaemonSet', workload.name, workload.namespace, { labels: labelsOf(workload) }),
    spec: { selector: { matchLabels: selectorOf(workload) }, template: template(workload) },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: workload.replicas,
      currentNumberScheduled: workload.replicas,
      numberReady: workload.replicas,
      numberAvailable: workload.replicas,
      updatedNumberScheduled: workload.replicas,
    },
  }))
