import { askedAs } from '../../../mesh/clusterQueries.ts'
import { at, listAt, numberAt, textAt } from '../../../mesh/config/reading.ts'
import type { Sample } from '../../../mesh/samples.ts'

/** A pod with its proxy, as the cluster and, for CPU and memory, Prometheus tell. */
export interface PodRow {
  readonly name: string
  readonly namespace: string
  /** `Running`, `CrashLoopBackOff`, `Pending: Unschedulable`: the most telling word there is. */
  readonly status: string
  readonly isWell: boolean
  /** Containers that are ready, of those that should be. */
  readonly ready: number
  readonly of: number
  readonly restarts: number
  readonly node?: string
  /** Tags of the images of its own containers. */
  readonly image?: string
  /** Tag of the proxy's image; absent: no proxy. */
  readonly proxy?: string
  /** Cores. */
  readonly cpu?: number
  /** Bytes. */
  readonly memory?: number
}

/** The pods of those names, troubled ones first, then by restarts; `pods` as the API server gave them, `resources` answers that question. */
export function podRows(
  pods: readonly unknown[],
  wanted: ReadonlySet<string>,
  resources: readonly Sample[],
): readonly PodRow[] {
  return pods
    .filter((pod) => wanted.has(keyOf(pod)))
    .map((pod) => rowOf(pod, resources))
    .sort((a, b) => Number(a.isWell) - Number(b.isWell) || b.restarts - a.restarts || (a.name < b.name ? -1 : 1))
}

function keyOf(pod: unknown): string {
  return `${textAt(pod, 'metadata', 'namespace') ?? ''}/${textAt(pod, 'metadata', 'name') ?? ''}`
}

function rowOf(pod: unknown, resources: readonly Sample[]): PodRow {
  const name = textAt(pod, 'metadata', 'name') ?? ''
  const namespace = textAt(pod, 'metadata', 'namespace') ?? ''
  // An init container that stays is a sidecar: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
  const staying = new Set(
    listAt(pod, 'spec', 'initContainers')
      .filter((one) => textAt(one, 'restartPolicy') === 'Always')
      .map((one) => textAt(one, 'name')),
  )
  const statuses = [
    ...listAt(pod, 'status', 'containerStatuses'),
    ...listAt(pod, 'status', 'initContainerStatuses').filter((one) => staying.has(textAt(one, 'name'))),
  ]
  const containers = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')]
  const images = (isProxy: boolean) =>
    containers
      .filter(
        (one) =>
          (textAt(one, 'name') === 'istio-proxy') === isProxy &&
          (isProxy || listAt(pod, 'spec', 'containers').includes(one)),
      )
      .flatMap((one) => tagOf(textAt(one, 'image')) ?? [])
  const ready = statuses.filter((one) => at(one, 'ready') === true).length
  const of = listAt(pod, 'spec', 'containers').length + staying.size
  const phase = textAt(pod, 'status', 'phase') ?? 'Unknown'
  const waiting = statuses.flatMap((one) => textAt(one, 'state', 'waiting', 'reason') ?? [])[0]
  const condition = listAt(pod, 'status', 'conditions').find((one) => textAt(one, 'status') === 'False')
  const why =
    waiting ?? (phase === 'Pending' ? textAt(condition, 'reason') : undefined) ?? textAt(pod, 'status', 'reason')
  const isDeleted = textAt(pod, 'metadata', 'deletionTimestamp') !== undefined
  const used = (asked: string): number | undefined => {
    const found = resources.filter(
      ({ labels }) => labels[askedAs] === asked && labels['namespace'] === namespace && labels['pod'] === name,
    )
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
  }
  const node = textAt(pod, 'spec', 'nodeName')
  const [image, proxy] = [images(false).join(', '), images(true)[0]]
  const [cpu, memory] = [used('cpu'), used('memory')]
  return {
    name,
    namespace,
    status: isDeleted ? 'Terminating' : why === undefined ? phase : phase === 'Pending' ? `Pending: ${why}` : why,
    isWell: !isDeleted && (phase === 'Succeeded' || (phase === 'Running' && ready >= of)),
    ready,
    of,
    restarts: statuses.reduce<number>((sum, one) => sum + (numberAt(one, 'restartCount') ?? 0), 0),
    ...(node === undefined ? {} : { node }),
    ...(image === '' ? {} : { image }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  }
}

/** The tag of an image, without the registry's port and the digest. */
function tagOf(image: string | undefined): string | undefined {
  return /:([^:/@]+)(?:@|$)/.exec(image ?? '')?.[1]
}
