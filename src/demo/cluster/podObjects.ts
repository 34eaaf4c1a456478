import type { Container, ContainerStatus, Pod } from '../../clients/kubernetes/wire.ts'
import type { Workload } from '../mesh/model.ts'
import { type DemoPod, nameHash, podLabels, podsOf, templateHash } from '../mesh/pods.ts'
import { allWorkloads } from '../mesh/workloads.ts'
import { createdAt, metadata, ownerOf } from './metadata.ts'
import { podAnnotations, podSpec } from './podTemplates.ts'

/** The pods that run, as telemetry knows them, and those that wait for a node. */
export function podObjects(seed: number): readonly Pod[] {
  const pending = allWorkloads.flatMap((workload) =>
    Array.from({ length: workload.pendingPods ?? 0 }, (_, index) => pendingPod(workload, index, seed)),
  )
  return [...podsOf(seed).map((pod) => runningPod(pod, seed)), ...pending]
}

function podMetadata(workload: Workload, name: string, seed: number) {
  const { kind, namespace } = workload
  const parent =
    kind === 'Deployment'
      ? ownerOf('ReplicaSet', `${workload.name}-${templateHash(workload, seed)}`, namespace)
      : ownerOf(kind, workload.name, namespace)
  return metadata('Pod', name, namespace, {
    labels: podLabels(workload, seed),
    annotations: { ...podAnnotations(workload) },
    ownerReferences: [parent],
  })
}

function runningPod({ workload, name, node, ip }: DemoPod, seed: number): Pod {
  const spec = podSpec(workload)
  const running = (container: Container): ContainerStatus => ({
    name: container.name,
    ready: true,
    restartCount: 0,
    ...(container.image !== undefined && { image: container.image }),
    started: true,
    state: { running: { startedAt: createdAt } },
  })
  const done = (container: Container): ContainerStatus => ({
    ...running(container),
    state: { terminated: { exitCode: 0, reason: 'Completed' } },
  })
  return {
    metadata: podMetadata(workload, name, seed),
    spec: { ...spec, nodeName: node },
    status: {
      phase: 'Running',
      podIP: ip,
      hostIP: `192.168.7.${node.at(-1) ?? '1'}`,
      startTime: createdAt,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: createdAt }],
      containerStatuses: (spec.containers ?? []).map(running),
      ...(spec.initContainers && {
        initContainerStatuses: spec.initContainers.map((container) =>
          container.restartPolicy === 'Always' ? running(container) : done(container),
        ),
      }),
    },
  }
}

function pendingPod(workload: Workload, index: number, seed: number): Pod {
  const suffix = nameHash(`${seed}/${workload.name}/pending/${index}`, 5)
  const message = '0/3 nodes are available: 3 Insufficient memory.'
  return {
    metadata: podMetadata(workload, `${workload.name}-${templateHash(workload, seed)}-${suffix}`, seed),
    spec: podSpec(workload),
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
  }
}
