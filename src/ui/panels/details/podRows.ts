import { askedAs } from '../../../mesh/clusterQueries.ts'
import { at, listAt, numberAt, textAt } from '../../../mesh/config/reading.ts'
import { byTrouble, type PodTraffic } from '../../../mesh/podTraffic.ts'
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
  /** What its own proxy reports: requests per second, share that failed, seconds. */
  readonly rate?: number
  readonly errorRatio?: number
  readonly p95?: number
  /** Of its own containers, and of its proxy. */
  readonly app: Resources
  readonly sidecar: Resources
}

export interface Resources {
  /** Cores. */
  readonly cpu: Use
  /** Bytes. */
  readonly memory: Use
}

/** What is used of something; a bound is the sum over containers that all have one. */
export interface Use {
  readonly used?: number
  readonly request?: number
  readonly limit?: number
}

/** Pods of one node together. */
export interface NodeRow extends Partial<PodTraffic> {
  readonly node: string
  readonly pods: number
}

/** What Prometheus says of pods: the answer to `resources`, and `podTrafficOf` the answer to `pods`. */
export interface Measured {
  readonly resources: readonly Sample[]
  readonly traffic: ReadonlyMap<string, PodTraffic>
}

/** The pods of those names as the API server gave them: those that are not well first, then by errors, p95, restarts. */
export function podRows(
  pods: readonly unknown[],
  wanted: ReadonlySet<string>,
  { resources, traffic }: Measured,
): readonly PodRow[] {
  return pods
    .filter((pod) => wanted.has(keyOf(pod)))
    .map((pod) => ({ ...rowOf(pod, resources), ...traffic.get(keyOf(pod)) }))
    .sort(
      (a, b) =>
        Number(a.isWell) - Number(b.isWell) || byTrouble(a, b) || b.restarts - a.restarts || (a.name < b.name ? -1 : 1),
    )
}

/** The same by node, the worst first; a quantile does not add up, so the slowest pod's stands for its node. */
export function nodeRows(pods: readonly PodRow[]): readonly NodeRow[] {
  const byNode = new Map<string, PodRow[]>()
  for (const pod of pods) if (pod.node !== undefined) byNode.set(pod.node, [...(byNode.get(pod.node) ?? []), pod])
  return [...byNode]
    .map(([node, own]): NodeRow => {
      const measured = own.filter(({ rate }) => rate !== undefined)
      const rate = measured.reduce((sum, pod) => sum + (pod.rate ?? 0), 0)
      const errors = measured.reduce((sum, pod) => sum + (pod.rate ?? 0) * (pod.errorRatio ?? 0), 0)
      const p95s = own.flatMap(({ p95 }) => p95 ?? [])
      return {
        node,
        pods: own.length,
        ...(measured.length === 0 ? {} : { rate }),
        ...(rate > 0 ? { errorRatio: errors / rate } : {}),
        ...(p95s.length === 0 ? {} : { p95: Math.max(...p95s) }),
      }
    })
    .sort((a, b) => byTrouble(a, b) || (a.node < b.node ? -1 : 1))
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
  const node = textAt(pod, 'spec', 'nodeName')
  const [image, proxy] = [images(false).join(', '), images(true)[0]]
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
    app: resourcesOf(pod, false, resources),
    sidecar: resourcesOf(pod, true, resources),
  }
}

/** The tag of an image, without the registry's port and the digest. */
function tagOf(image: string | undefined): string | undefined {
  return /:([^:/@]+)(?:@|$)/.exec(image ?? '')?.[1]
}

function resourcesOf(pod: unknown, isProxy: boolean, resources: readonly Sample[]): Resources {
  const name = textAt(pod, 'metadata', 'name') ?? ''
  const namespace = textAt(pod, 'metadata', 'namespace') ?? ''
  const staying = listAt(pod, 'spec', 'initContainers').filter((one) => textAt(one, 'restartPolicy') === 'Always')
  const containers = [...listAt(pod, 'spec', 'containers'), ...staying].filter(
    (one) => (textAt(one, 'name') === 'istio-proxy') === isProxy,
  )
  const amountOf = (what: 'cpu' | 'memory'): Use => {
    const found = resources.filter(
      ({ labels }) =>
        labels[askedAs] === what &&
        labels['namespace'] === namespace &&
        labels['pod'] === name &&
        (labels['container'] === 'istio-proxy') === isProxy,
    )
    const bound = (kind: 'requests' | 'limits'): number | undefined => {
      const each = containers.map((one) => quantityOf(at(one, 'resources', kind, what)))
      return each.length > 0 && each.every((value) => value !== undefined)
        ? each.reduce((sum, value) => sum + value, 0)
        : undefined
    }
    const [request, limit] = [bound('requests'), bound('limits')]
    return {
      ...(found.length === 0 ? {} : { used: found.reduce((sum, { value }) => sum + value, 0) }),
      ...(request === undefined ? {} : { request }),
      ...(limit === undefined ? {} : { limit }),
    }
  }
  return { cpu: amountOf('cpu'), memory: amountOf('memory') }
}

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A quantity in its base unit: `100m` is 0.1, `128Mi` 134217728. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const [, number = '', suffix = ''] =
    /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(typeof value === 'string' ? value : '') ?? []
  const factor = Object.hasOwn(factors, suffix) ? factors[suffix] : undefined
  return number === '' || factor === undefined || Number.isNaN(Number(number)) ? undefined : Number(number) * factor
}
