import type { WireSample } from '../src/clients/prometheus/wire.ts'
import type { Labels } from '../src/demo/traffic/labels.ts'
import { label, metrics } from '../src/mesh/telemetry.ts'
import type { Mesh } from './mesh.ts'
import { seriesOf } from './series.ts'

/** What Prometheus answers to the three questions that the graph page asks when it is opened, without asking one. */
export interface MeshAnswers {
  readonly requests: readonly WireSample[]
  /** Bytes that clients sent. */
  readonly tcp: readonly WireSample[]
  readonly mtls: readonly WireSample[]
}

/** Unix seconds. */
const at = 1_760_000_010

/** What `requests` and `tcp` do not group by: labels of the scraped pod, and what only the mTLS question asks for. */
const dropped = new Set<string>([
  ...['instance', 'job', 'namespace', 'pod'],
  ...[label.sourcePrincipal, label.destinationPrincipal, label.securityPolicy],
])

const mtlsLabels: readonly string[] = [
  ...[label.reporter, label.sourceCluster, label.sourceNamespace, label.sourceWorkload, label.sourcePrincipal],
  ...[label.destinationCluster, label.destinationNamespace, label.destinationWorkload, label.destinationPrincipal],
  ...[label.protocol, label.securityPolicy],
]

/** The answers about a mesh, both reporter sides laid end to end as the proxy lays them. */
export function answersOf(mesh: Mesh): MeshAnswers {
  const requests = new Sums((name) => !dropped.has(name) && name !== label.targetApp)
  const tcp = new Sums((name) => !dropped.has(name), { [label.direction]: 'sent' })
  const mtls = new Sums((name) => mtlsLabels.includes(name))
  for (const { metric, labels, perSecond } of seriesOf(mesh, { hasDurations: false })) {
    if (metric === metrics.tcpSentBytes) continue
    ;(metric === metrics.requests ? requests : tcp).add(labels, perSecond)
    if (labels[label.reporter] !== 'source') mtls.add(labels, perSecond)
  }
  return { requests: requests.list(), tcp: tcp.list(), mtls: mtls.list() }
}

/** `sum by (...)`. */
class Sums {
  readonly #keeps: (label: string) => boolean
  readonly #extra: Labels
  readonly #sums = new Map<string, { readonly metric: Labels; sum: number }>()

  constructor(keeps: (label: string) => boolean, extra: Labels = {}) {
    this.#keeps = keeps
    this.#extra = extra
  }

  add(labels: Labels, value: number): void {
    const kept = Object.entries(labels).filter(([name]) => this.#keeps(name))
    const key = JSON.stringify(kept)
    const known = this.#sums.get(key)
    if (known === undefined)
      this.#sums.set(key, { metric: { ...Object.fromEntries(kept), ...this.#extra }, sum: value })
    else known.sum += value
  }

  list(): readonly WireSample[] {
    return [...this.#sums.values()].map(({ metric, sum }) => ({ metric, value: [at, String(sum)] }))
  }
}
