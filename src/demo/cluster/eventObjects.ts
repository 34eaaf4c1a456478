import type { Event } from '../../clients/kubernetes/wire.ts'
import { metadata } from './metadata.ts'
import { podObjects } from './podObjects.ts'

interface Noted {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly minutesAgo: number
}

/** What Kubernetes noted in the hour before the demo started: the rollouts of `lately.ts` and what came of them. */
export function eventObjects(seed: number, startedAtMs: number): readonly Event[] {
  const podOf = (namespace: string, workload: string): string =>
    podObjects(seed).find(
      ({ metadata: { name, namespace: home } }) => home === namespace && name.startsWith(`${workload}-`),
    )?.metadata.name ?? `${workload}-0`
  const noted: readonly Noted[] = [
    {
      kind: 'Deployment',
      namespace: 'bookinfo',
      name: 'reviews-v3',
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: 'Scaled up replica set of reviews-v3 to 1',
      count: 1,
      minutesAgo: 41,
    },
    {
      kind: 'Pod',
      namespace: 'bookinfo',
      name: podOf('bookinfo', 'reviews-v3'),
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
      count: 9,
      minutesAgo: 6,
    },
    {
      kind: 'Deployment',
      namespace: 'shop-core',
      name: 'checkout',
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: 'Scaled up replica set of checkout to 1',
      count: 1,
      minutesAgo: 17,
    },
    {
      kind: 'Pod',
      namespace: 'legacy',
      name: podOf('legacy', 'billing'),
      type: 'Warning',
      reason: 'FailedScheduling',
      message: '0/3 nodes are available: 3 Insufficient memory.',
      count: 57,
      minutesAgo: 1,
    },
  ]
  return noted.map(({ kind, namespace, name, type, reason, message, count, minutesAgo }) => {
    const time = new Date(Math.floor(startedAtMs / 1000 - minutesAgo * 60) * 1000).toISOString().replace('.000', '')
    return {
      metadata: metadata('Event', `${name}.${reason.toLowerCase()}`, namespace, { creationTimestamp: time }),
      involvedObject: { kind, namespace, name },
      type,
      reason,
      message,
      count,
      firstTimestamp: time,
      lastTimestamp: time,
    }
  })
}
