import type { Protocol } from './graph.ts'
import { isNoRealService, keyOf, nobody, type Party, type Service } from './identity.ts'
import type { Labels, Sample } from './samples.ts'
import { exampleOf, type SkippedList } from './skipped.ts'
import { isKnown, label, unknown, ztunnel } from './telemetry.ts'

export type Reporter = 'source' | 'destination' | 'waypoint'

/** A sample with its labels understood: who called whom, as one proxy reports it. Parties and services are shared objects. */
export interface Record {
  readonly reporter: Reporter
  readonly isZtunnel: boolean
  readonly source: Party
  readonly destination: Party
  readonly service: Service
  readonly protocol: Protocol
  readonly code: string
  readonly flags: string | undefined
  readonly host: string | undefined
  /** Of TCP; `failed`: `value` is connections per second that came to nothing, not bytes. */
  readonly direction: 'sent' | 'received' | 'failed'
  readonly value: number
  readonly labels: Labels
  /** Both ends without their clusters (and the service, where no workload was reached): what reports are matched by. */
  readonly pair: string
  /** A share of a report that fits several pairs. */
  readonly isEstimated?: boolean
}

type Workload = Extract<Party, { kind: 'workload' }>

const longestRow = 16

/** Which metric a sample is of; it decides what the labels may say. */
export type Family = 'requests' | 'messages' | 'tcp' | 'either'

/** Reads samples into records; what cannot be read is counted in `skipped`. One reader for one graph: it shares parties. */
export class RecordReader {
  /** By name; the few of one name stand in a row, since comparing is cheaper than building keys. */
  readonly #workloads = new Map<string, Workload[]>()
  /** Where a name has many namesakes. */
  readonly #namesakes = new Map<string, Workload>()
  readonly #peers = new Map<string, Party>()
  /** `namespace → name → service` */
  readonly #services = new Map<string, Map<string | undefined, Service>>()
  #serviceCount = 0
  /** `namespace → name → key` */
  readonly #keys = new Map<string, Map<string, string>>()
  #lastKey = 0
  /** `from → to → pair`: one string for all reports of a pair, so that looking it up compares no characters. */
  readonly #pairs = new Map<string, Map<string, string>>()
  readonly #skipped: SkippedList

  constructor(skipped: SkippedList) {
    this.#skipped = skipped
  }

  read(samples: readonly Sample[], family: Family): readonly Record[] {
    const records: Record[] = []
    for (const sample of samples) {
      const record = this.#read(sample, family)
      if (record !== undefined) records.push(record)
    }
    return records
  }

  #read({ labels, value }: Sample, family: Family): Record | undefined {
    const reporter = labels[label.reporter]
    const protocol = protocolOf(labels, family)
    if (!isReporter(reporter) || protocol === undefined || !Number.isFinite(value) || value < 0) {
      this.#skipped.add(refusalOf(reporter, protocol), exampleOf(labels))
      return undefined
    }

    const source = this.#sourceOf(labels)
    const host = labels[label.serviceHost]
    const toEgress = isEgressGateway(labels)
    const destination = toEgress
      ? this.#workload(clusterOf(source), egressNamespace, egressName, egressName, 'latest', true)
      : this.#destinationOf(labels)
    const service = toEgress ? this.#service(egressNamespace, egressName) : this.#serviceOf(labels)
    if (source.kind === 'nobody' && destination.kind === 'nobody' && service.name === undefined) {
      this.#skipped.add('names neither a workload nor a service', exampleOf(labels))
      return undefined
    }
    return {
      reporter,
      isZtunnel: labels[label.targetApp] === ztunnel,
      source,
      destination,
      service,
      protocol,
      code: protocol === 'tcp' || family === 'messages' ? '-' : codeOf(labels, protocol),
      flags: labels[label.flags],
      host: isKnown(host) ? host : undefined,
      direction: directionOf(labels[label.direction]),
      value,
      labels,
      pair: this.#pairOf(source, destination, service),
    }
  }

  /** The shared object for a workload that no record names. */
  workload(cluster: string, namespace: string, workload: string, app?: string, version?: string): Party {
    return this.#workload(cluster, namespace, workload, app, version, false)
  }

  /** The shared object for a service. */
  service(namespace: string, name: string): Service {
    return this.#service(namespace, name)
  }

  /** The same party in another cluster, or with the app and version that another report knows. */
  with(party: Party, { cluster, app, version }: { cluster: string; app?: string; version?: string }): Party {
    if (party.kind !== 'workload') return party
    return this.#workload(
      cluster,
      party.namespace,
      party.workload,
      party.app ?? app,
      party.version ?? version,
      party.isInferred,
    )
  }

  #sourceOf(labels: Labels): Party {
    const workload = labels[label.sourceWorkload]
    const namespace = labels[label.sourceNamespace]
    if (workload === undefined) return this.#peer(namespace)
    if (!isKnown(workload)) return nobody
    return this.#workload(
      labels[label.sourceCluster],
      namespace,
      workload,
      firstKnown(labels[label.sourceService], labels[label.sourceApp]),
      firstKnown(labels[label.sourceRevision], labels[label.sourceVersion]),
      false,
    )
  }

  #destinationOf(labels: Labels): Party {
    const workload = labels[label.destinationWorkload]
    const namespace = labels[label.destinationNamespace]
    // No workload and no service label at all: the names were not asked for, at most the namespaces were.
    if (workload === undefined && labels[label.serviceName] === undefined && labels[label.serviceHost] === undefined) {
      return this.#peer(firstKnown(namespace, labels[label.serviceNamespace]))
    }
    if (!isKnown(workload)) return nobody
    return this.#workload(
      labels[label.destinationCluster],
      firstKnown(namespace, labels[label.serviceNamespace]),
      workload,
      firstKnown(labels[label.destinationCanonicalService], labels[label.destinationApp]),
      firstKnown(labels[label.destinationRevision], labels[label.destinationVersion]),
      false,
    )
  }

  #peer(namespace: string | undefined): Party {
    if (!isKnown(namespace)) return nobody
    const known = this.#peers.get(namespace)
    if (known !== undefined) return known
    const party: Party = { kind: 'peer', key: `p${this.#peers.size}`, namespace }
    this.#peers.set(namespace, party)
    return party
  }

  #workload(
    cluster: string | undefined,
    namespace: string | undefined,
    workload: string,
    app: string | undefined,
    version: string | undefined,
    isInferred: boolean,
  ): Party {
    const c = isKnown(cluster) ? cluster : unknown
    const n = isKnown(namespace) ? namespace : unknown
    const row = this.#workloads.get(workload)
    for (const known of row ?? []) {
      const isSame = known.namespace === n && known.cluster === c && known.app === app && known.version === version
      if (isSame && known.isInferred === isInferred) return known
    }
    const isCrowded = row !== undefined && row.length >= longestRow
    const key = isCrowded
      ? keyOf(
          keyOf(c, n, workload, app ?? ''),
          `${isInferred}${app === undefined}`,
          '',
          version === undefined ? '-' : `=${version}`,
        )
      : ''
    const namesake = isCrowded ? this.#namesakes.get(key) : undefined
    if (namesake !== undefined) return namesake
    const party: Workload = {
      kind: 'workload',
      key: this.#keyFor(n, workload),
      cluster: c,
      namespace: n,
      workload,
      app,
      version,
      isInferred,
    }
    if (row === undefined) this.#workloads.set(workload, [party])
    else if (isCrowded) this.#namesakes.set(key, party)
    else row.push(party)
    return party
  }

  #keyFor(namespace: string, workload: string): string {
    let keys = this.#keys.get(namespace)
    if (keys === undefined) this.#keys.set(namespace, (keys = new Map<string, string>()))
    const known = keys.get(workload)
    if (known !== undefined) return known
    this.#lastKey += 1
    const key = `w${this.#lastKey}`
    keys.set(workload, key)
    return key
  }

  #serviceOf(labels: Labels): Service {
    const name = labels[label.serviceName]
    const namespace = labels[label.serviceNamespace]
    if (isKnown(name) && isKnown(namespace)) return this.#service(namespace, name)
    const host = labels[label.serviceHost]
    if (isKnown(host) && !isNoRealService(name) && !isKnown(namespace)) {
      const [, inside, of] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(host) ?? []
      if (inside !== undefined && of !== undefined) return this.#service(of, inside)
    }
    return this.#service(isKnown(namespace) ? namespace : unknown, firstKnown(name, host))
  }

  #service(namespace: string, name: string | undefined): Service {
    let names = this.#services.get(namespace)
    if (names === undefined) this.#services.set(namespace, (names = new Map<string | undefined, Service>()))
    const known = names.get(name)
    if (known !== undefined) return known
    const service = { key: `s${this.#serviceCount++}`, namespace, name }
    names.set(name, service)
    return service
  }

  #pairOf(source: Party, destination: Party, service: Service): string {
    const to = destination.kind === 'nobody' ? service.key : destination.key
    let pairs = this.#pairs.get(source.key)
    if (pairs === undefined) this.#pairs.set(source.key, (pairs = new Map<string, string>()))
    const known = pairs.get(to)
    if (known !== undefined) return known
    const pair = `${source.key}>${to}`
    pairs.set(to, pair)
    return pair
  }
}

const egressNamespace = 'istio-system'
const egressName = 'istio-egressgateway'
const egressHost = `${egressName}.${egressNamespace}.svc.cluster.local`

/** Calls through the egress gateway name its host twice and no workload (contracts page, "Nodes"). */
function isEgressGateway(labels: Labels): boolean {
  return (
    labels[label.serviceHost] === egressHost &&
    labels[label.serviceName] === egressHost &&
    !isKnown(labels[label.destinationWorkload])
  )
}

export function clusterOf(party: Party): string {
  return party.kind === 'workload' ? party.cluster : unknown
}

function protocolOf(labels: Labels, family: Family): Protocol | undefined {
  if (family === 'tcp') return 'tcp'
  if (family === 'messages') return 'grpc'
  const protocol = labels[label.protocol]
  if (protocol === 'http' || protocol === 'grpc') return protocol
  if (protocol === undefined || protocol === '') {
    if (family === 'either') return 'tcp'
    return isKnown(labels[label.grpcStatus]) ? 'grpc' : 'http'
  }
  return protocol === 'tcp' && family === 'either' ? 'tcp' : undefined
}

/** The HTTP code or the gRPC status; `-` for no response. A 4xx or 5xx on gRPC stands, it never reached the gRPC server. */
function codeOf(labels: Labels, protocol: Protocol): string {
  const code = labels[label.code]
  if (code === '0') return '-'
  const status = labels[label.grpcStatus]
  if (protocol === 'grpc' && status !== undefined && status !== '' && !/^[45]\d\d$/.test(code ?? '')) return status
  return code === undefined || code === '' ? unknown : code
}

function firstKnown(one: string | undefined, other: string | undefined): string | undefined {
  if (isKnown(one)) return one
  return isKnown(other) ? other : undefined
}

function directionOf(value: string | undefined): Record['direction'] {
  return value === 'received' || value === 'failed' ? value : 'sent'
}

function isReporter(value: string | undefined): value is Reporter {
  return value === 'source' || value === 'destination' || value === 'waypoint'
}

/** The value itself is in the example: reasons stay few, whatever a label holds. */
function refusalOf(reporter: string | undefined, protocol: Protocol | undefined): string {
  if (reporter === undefined) return 'no reporter label'
  if (!isReporter(reporter)) return 'the reporter is none of source, destination, waypoint'
  return protocol === undefined ? 'the protocol is none of http, grpc, tcp' : 'the value is not a rate'
}
