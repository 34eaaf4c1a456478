import { canonicalName } from '../../../mesh/config/matching.ts'
import { effectiveMtls } from '../../../mesh/config/mtls.ts'
import type { MeshObjects } from '../../../mesh/config/objects.ts'
import { listAt, textAt } from '../../../mesh/config/reading.ts'
import type { Replicas } from '../../../mesh/graph.ts'
import { isProxyWorkload } from '../../../mesh/inventory.ts'
import type { InjectionState } from '../../../mesh/injection.ts'
import type { Sample } from '../../../mesh/samples.ts'
import { askedAs } from '../../../mesh/clusterQueries.ts'
import type { ListedRow } from '../../panels/inventory/listRows.ts'

/** Share of all requests that came under mutual TLS, and the rate of those that did not. */
export interface MtlsCoverage {
  /** 0 to 1; absent where nothing was measured. */
  readonly ratio?: number
  /** Per second. */
  readonly plainRate: number
}

/** mTLS of everything that arrives in the rows, each as heavy as its requests. */
export function mtlsOf(rows: readonly ListedRow[]): MtlsCoverage {
  let secured = 0
  let all = 0
  for (const { rate, mtls } of rows) {
    if (rate === undefined || mtls === undefined) continue
    all += rate
    secured += rate * mtls
  }
  return { ...(all === 0 ? {} : { ratio: Math.min(1, secured / all) }), plainRate: Math.max(0, all - secured) }
}

/** How many of these namespaces take only mTLS, also plain text, or none; by Istio's policies. */
export function mtlsModes(
  namespaces: readonly string[],
  { peerAuthentications = [], rootNamespace }: MeshObjects,
): Readonly<Record<'STRICT' | 'PERMISSIVE' | 'DISABLE', number>> {
  const counts = { STRICT: 0, PERMISSIVE: 0, DISABLE: 0 }
  for (const namespace of namespaces) {
    counts[effectiveMtls(peerAuthentications, { namespace, labels: {} }, rootNamespace).mode] += 1
  }
  return counts
}

/** How many workloads are in the mesh, and which are in each state; proxies do not count. */
export function coverageOf(workloads: readonly ListedRow[]): {
  readonly inMesh: number
  readonly of: number
  readonly states: ReadonlyMap<InjectionState, readonly ListedRow[]>
} {
  const states = new Map<InjectionState, ListedRow[]>()
  for (const row of workloads) {
    const state = row.injection?.state
    if (state === undefined || state === 'proxy') continue
    states.set(state, [...(states.get(state) ?? []), row])
  }
  const count = (...wanted: readonly InjectionState[]) =>
    wanted.reduce((sum, state) => sum + (states.get(state)?.length ?? 0), 0)
  return {
    inMesh: count('injected', 'lingering', 'ambient'),
    of: [...states.values()].reduce((sum, rows) => sum + rows.length, 0),
    states,
  }
}

/** The services with the largest share of errors, those with none left out; and the slowest. */
export function leadersOf(services: readonly ListedRow[], most: number) {
  const top = (value: (row: ListedRow) => number | undefined) =>
    services
      .filter((row) => (value(row) ?? 0) > 0)
      .sort((a, b) => (value(b) ?? 0) - (value(a) ?? 0) || (a.id < b.id ? -1 : 1))
      .slice(0, most)
  return { errors: top(({ errorRatio }) => errorRatio), slowest: top(({ p95 }) => p95) }
}

/** Rows by Rancher's project, the project with the worst row first, in none last; rows keep their order. */
export function byProject(
  rows: readonly ListedRow[],
): readonly { readonly project?: string; readonly rows: readonly ListedRow[] }[] {
  const projects = new Map<string, ListedRow[]>()
  for (const row of rows) {
    const key = row.project ?? ''
    projects.set(key, [...(projects.get(key) ?? []), row])
  }
  const none = projects.get('')
  return [
    ...[...projects].filter(([project]) => project !== '').map(([project, its]) => ({ project, rows: its })),
    ...(none === undefined ? [] : [{ rows: none }]),
  ]
}

/** A firing alert as its labels tell. */
export interface FiringAlert {
  readonly key: string
  readonly name: string
  readonly severity?: string
  /** What it names, for example `reviews in bookinfo`. */
  readonly about?: string
  /** Unix seconds. */
  readonly since?: number
}

const names = [
  'destination_service_name',
  'destination_workload',
  'workload',
  'service',
  'deployment',
  'statefulset',
  'daemonset',
  'pod',
]

/** The alerts in the answer to `alerts`, the oldest last. */
export function alertsOf(samples: readonly Sample[]): readonly FiringAlert[] {
  const keyOf = ({ labels }: Sample) =>
    JSON.stringify(
      Object.entries(labels)
        .filter(([name]) => name !== askedAs && name !== 'alertstate' && name !== '__name__')
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  const since = new Map(
    samples.filter(({ labels }) => labels[askedAs] === 'since').map((sample) => [keyOf(sample), sample.value]),
  )
  return samples
    .filter(({ labels }) => labels[askedAs] === 'firing')
    .map((sample) => {
      const { labels } = sample
      const key = keyOf(sample)
      const at = since.get(key)
      const what = names.flatMap((name) => labels[name] ?? [])[0]
      const where =
        labels['namespace'] ?? labels['destination_workload_namespace'] ?? labels['destination_service_namespace']
      const about = [what, where].filter((each) => each !== undefined).join(' in ')
      const { severity } = labels
      return {
        key,
        name: labels['alertname'] ?? '',
        ...(severity === undefined ? {} : { severity }),
        ...(about === '' ? {} : { about }),
        ...(at === undefined ? {} : { since: at }),
      }
    })
    .sort((a, b) => (b.since ?? 0) - (a.since ?? 0) || (a.key < b.key ? -1 : 1))
}

/** When istiod's own certificates end, unix seconds; what it does not tell is absent. */
export interface CertificateEnds {
  readonly root?: number
  readonly chain?: number
  /** The next one ends within thirty days of the instant, or has ended. */
  readonly isSoon: boolean
}

const soonSeconds = 30 * 86_400

/** From the answer to `certificates`. */
export function certificateEnds(samples: readonly Sample[], at: number): CertificateEnds {
  const of = (asked: string) => samples.find(({ labels }) => labels[askedAs] === asked)?.value
  const [root, chain] = [of('root'), of('chain')]
  return {
    ...(root === undefined ? {} : { root }),
    ...(chain === undefined ? {} : { chain }),
    isSoon: [root, chain].some((end) => end !== undefined && end - at < soonSeconds),
  }
}

/** A part of Istio itself: istiod, ztunnel, a gateway, a waypoint. */
export interface MeshPart {
  readonly namespace: string
  readonly name: string
  readonly replicas?: Replicas
  /** From the image's tag. */
  readonly version?: string
  /** Cores. */
  readonly cpu?: number
  /** Bytes. */
  readonly memory?: number
}

/** Istio's own workloads with what their pods run and use. `pods` as the API server gave them; `resources` answers that question. */
export function meshParts(
  objects: MeshObjects,
  pods: readonly unknown[],
  resources: readonly Sample[],
): readonly MeshPart[] {
  const images = new Map(
    pods.map((pod) => [
      `${textAt(pod, 'metadata', 'namespace') ?? ''}/${textAt(pod, 'metadata', 'name') ?? ''}`,
      imageOf(pod),
    ]),
  )
  return (objects.workloads ?? [])
    .filter((workload) => isProxyWorkload(workload, objects) || isIstiod(canonicalName(workload), workload.labels))
    .map(({ namespace, name, replicas, pods: own = [] }) => {
      const mine = new Set(own.map((pod) => pod.name))
      const used = (asked: string) => {
        const found = resources.filter(
          ({ labels }) =>
            labels[askedAs] === asked && labels['namespace'] === namespace && mine.has(labels['pod'] ?? ''),
        )
        return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
      }
      const versions = [...new Set(own.flatMap((pod) => images.get(`${namespace}/${pod.name}`) ?? []))].sort()
      const [cpu, memory] = [used('cpu'), used('memory')]
      return {
        namespace,
        name,
        ...(replicas === undefined ? {} : { replicas }),
        ...(versions.length === 0 ? {} : { version: versions.join(', ') }),
        ...(cpu === undefined ? {} : { cpu }),
        ...(memory === undefined ? {} : { memory }),
      }
    })
    .sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1))
}

function isIstiod(app: string, labels: Readonly<Record<string, string>>): boolean {
  return app === 'istiod' || labels['istio'] === 'pilot'
}

/** The tag of the image that makes the pod a part of Istio. */
function imageOf(pod: unknown): string | undefined {
  const containers = listAt(pod, 'spec', 'containers')
  const own =
    containers.find((one) => ['istio-proxy', 'discovery'].includes(textAt(one, 'name') ?? '')) ?? containers[0]
  return /:([^:/@]+)(?:@|$)/.exec(textAt(own, 'image') ?? '')?.[1]
}
