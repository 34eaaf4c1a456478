import { at, numberAt, textAt } from './config/reading.ts'

/** Something that Kubernetes noted of an object. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export interface ClusterEvent {
  readonly id: string
  /** Unix seconds: the last time it happened. */
  readonly at: number
  readonly isWarning: boolean
  /** `FailedScheduling`. */
  readonly reason: string
  readonly message: string
  /** `Pod`, with its name. */
  readonly object: string
  readonly name: string
  /** How often; 1 where it does not say. */
  readonly count: number
}

/** The events in a list, the newest first; what has no time or no object is left out. */
export function eventsOf(items: readonly unknown[]): readonly ClusterEvent[] {
  return items
    .flatMap((item, index): readonly ClusterEvent[] => {
      const involved = at(item, 'involvedObject') ?? at(item, 'regarding')
      const object = textAt(involved, 'kind')
      const name = textAt(involved, 'name')
      const when =
        textAt(item, 'series', 'lastObservedTime') ??
        textAt(item, 'lastTimestamp') ??
        textAt(item, 'eventTime') ??
        textAt(item, 'firstTimestamp') ??
        textAt(item, 'metadata', 'creationTimestamp')
      const atMs = when === undefined ? Number.NaN : Date.parse(when)
      if (object === undefined || name === undefined || Number.isNaN(atMs)) return []
      return [
        {
          id: textAt(item, 'metadata', 'uid') ?? `${index}`,
          at: Math.floor(atMs / 1000),
          isWarning: textAt(item, 'type') === 'Warning',
          reason: textAt(item, 'reason') ?? '',
          message: textAt(item, 'message') ?? textAt(item, 'note') ?? '',
          object,
          name,
          count: numberAt(item, 'series', 'count') ?? numberAt(item, 'count') ?? 1,
        },
      ]
    })
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
}

/** What an event must be about: workloads by name with their pods and ReplicaSets, and Services. */
export interface EventSubject {
  readonly workloads: readonly string[]
  readonly pods: readonly string[]
  readonly services: readonly string[]
}

/** The events about some workloads and what belongs to them, a pod that is gone included. */
export function eventsAbout(events: readonly ClusterEvent[], subject: EventSubject): readonly ClusterEvent[] {
  const { workloads, pods, services } = subject
  const isPart = (name: string) => workloads.some((workload) => belongsTo(name, workload))
  return events.filter(({ object, name }) => {
    if (object === 'Pod') return pods.includes(name) || isPart(name)
    if (object === 'ReplicaSet') return isPart(name)
    if (object === 'Service') return services.includes(name)
    return workloads.includes(name)
  })
}

/** `reviews-v3-7d9f-x2b1` and `reviews-v3-7d9f` are of `reviews-v3`, not of `reviews`: what is added is a hash, an ordinal or both. */
function belongsTo(name: string, workload: string): boolean {
  return (
    name.startsWith(`${workload}-`) &&
    /^(?:[bcdfghjklmnpqrstvwxz2456789]{5,10}(?:-[bcdfghjklmnpqrstvwxz2456789]{5})?|\d{1,5})$/.test(
      name.slice(workload.length + 1),
    )
  )
}
