import { clustersAgree, isNoRealService, keyOf, type Party, type Service } from './identity.ts'
import { clusterOf, type Family, type Record, type RecordReader } from './records.ts'
import type { Labels, Sample } from './samples.ts'
import { isKnown, label, mutualTls } from './telemetry.ts'
import type { Flow } from './traffic.ts'

/** What is known of a flow beside its rate; absent is not measured. */
export interface Measured {
  /** Seconds; the same object for all flows of one app pair where response times were asked by app. */
  readonly latency?: { readonly value: number }
  /** Bytes per second. */
  readonly throughput?: number
  /** Share under mutual TLS, 0 to 1. */
  readonly mtls?: number
  readonly sourcePrincipals: readonly string[]
  readonly destinationPrincipals: readonly string[]
}

interface Asked {
  readonly responseTime: readonly Sample[] | undefined
  readonly throughput: readonly Sample[] | undefined
  readonly mtls: readonly Sample[] | undefined
}

/** Finds response time, throughput and mTLS of flows: by pair, protocol and service, from the reporter that counted the flow. */
export class Measures {
  readonly #latency: ByPair
  readonly #latencyOfApps: ByPair
  readonly #throughput: ByPair
  readonly #mtls: ByPair

  constructor({ responseTime, throughput, mtls }: Asked, reader: RecordReader) {
    const ofWorkloads = responseTime?.filter(({ labels }) => !isOfApps(labels))
    const ofApps = responseTime?.filter(({ labels }) => isOfApps(labels)).map(withStandIns)
    this.#latency = byPair(ofWorkloads, 'requests', reader)
    this.#latencyOfApps = byPair(ofApps, 'requests', reader, appPairOf)
    this.#throughput = byPair(throughput, 'requests', reader)
    this.#mtls = byPair(mtls, 'either', reader)
  }

  /** Whether there is anything to find. */
  get isEmpty(): boolean {
    return (
      this.#latency.size === 0 && this.#latencyOfApps.size === 0 && this.#throughput.size === 0 && this.#mtls.size === 0
    )
  }

  #ofApps(flow: Flow): Record | undefined {
    if (this.#latencyOfApps.size === 0) return undefined
    const { source, destination, service } = flow
    for (const labels of [versioned, {}]) {
      const found = sole(reportsOf(flow, this.#latencyOfApps, appPairOf({ source, destination, service, labels })))
      if (found !== undefined) return found
    }
    return undefined
  }

  of(flow: Flow): Measured {
    if (flow.isPart === true) return securityOf(flow, this.#mtls)
    const latency = theOne(flow, sole(reportsOf(flow, this.#latency)), this.#ofApps(flow))
    const throughput = reportsOf(flow, this.#throughput)
    return {
      ...(latency === undefined ? {} : { latency }),
      ...(throughput.length === 0 ? {} : { throughput: throughput.reduce((sum, { value }) => sum + value, 0) }),
      ...securityOf(flow, this.#mtls),
    }
  }
}

const versioned: Labels = { [label.sourceRevision]: '' }

/** Whether an answer is about a pair of apps: no workload was asked for. */
function isOfApps(labels: Labels): boolean {
  return (
    (labels[label.sourceWorkload] === undefined && labels[label.sourceService] !== undefined) ||
    (labels[label.destinationWorkload] === undefined && labels[label.destinationCanonicalService] !== undefined)
  )
}

/** The app stands in for the workload that was not asked for. */
function withStandIns({ labels, value }: Sample): Sample {
  const source = labels[label.sourceService]
  const destination = labels[label.destinationCanonicalService]
  return {
    value,
    labels: {
      ...labels,
      ...(source === undefined ? {} : { [label.sourceWorkload]: source }),
      ...(destination === undefined ? {} : { [label.destinationWorkload]: destination }),
    },
  }
}

/** Both ends by namespace, app and, where told, version; the service where no workload was reached. */
function appPairOf({
  source,
  destination,
  service,
  labels,
}: Pick<Record, 'source' | 'destination' | 'service' | 'labels'>): string {
  const isVersioned = labels[label.sourceRevision] !== undefined || labels[label.destinationRevision] !== undefined
  const to = destination.kind === 'nobody' ? service.key : appOf(destination, isVersioned)
  return keyOf(appOf(source, isVersioned), to)
}

function appOf(party: Party, isVersioned: boolean): string {
  if (party.kind !== 'workload') return party.key
  return keyOf(
    party.namespace,
    party.app ?? '',
    party.app === undefined ? '-' : '',
    isVersioned ? `=${party.version ?? ''}` : '',
  )
}

export type ByPair = ReadonlyMap<string, readonly Record[]>

/** Samples by the pair they are of. */
export function byPair(
  samples: readonly Sample[] | undefined,
  family: Family,
  reader: RecordReader,
  keyFor: (record: Record) => string = ({ pair }) => pair,
): ByPair {
  const map = new Map<string, Record[]>()
  for (const record of samples === undefined ? [] : reader.read(samples, family)) {
    const key = keyFor(record)
    const known = map.get(key)
    if (known === undefined) map.set(key, [record])
    else known.push(record)
  }
  for (const records of map.values()) if (records.length > 1) records.sort((a, b) => a.value - b.value)
  return map
}

/** The counting reporter's; another's where that one has none. Of the same service; of the pair where only the callee names it. */
export function reportsOf(flow: Flow, map: ByPair, key = flow.pair): readonly Record[] {
  const all = map.get(key)
  if (all === undefined) return []
  const ofPair = all.filter((record) => record.protocol === flow.protocol && isBetween(record, flow))
  const own = ofPair.filter(({ reporter }) => reporter === flow.reporter)
  const told = own.length > 0 ? own : ofPair
  const ofService = told.filter(({ service }) => isSame(service, flow.service))
  return ofService.length > 0 ? ofService : own.length > 0 ? [] : told
}

function isBetween(record: Record, flow: Flow): boolean {
  return (
    clustersAgree(clusterOf(record.source), clusterOf(flow.source)) &&
    clustersAgree(clusterOf(record.destination), clusterOf(flow.destination))
  )
}

function isSame(one: Service, other: Service): boolean {
  return one.name === other.name && one.namespace === other.namespace
}

/** A quantile of several cannot be told from theirs. */
function sole(records: readonly Record[]): Record | undefined {
  return records.length === 1 ? records[0] : undefined
}

/** The counting reporter's; where it tells a part by workload and a part by app, neither is the whole. */
function theOne(flow: Flow, ofWorkloads: Record | undefined, ofApps: Record | undefined): Record | undefined {
  if (ofWorkloads === undefined || ofApps === undefined) return ofWorkloads ?? ofApps
  if (ofWorkloads.reporter === ofApps.reporter) return undefined
  return ofWorkloads.reporter === flow.reporter ? ofWorkloads : ofApps
}

/** The callee's side knows how a connection was secured; HTTP that is told as TCP only is as secure as its transport. */
function securityOf(flow: Flow, map: ByPair): Pick<Measured, 'mtls' | 'sourcePrincipals' | 'destinationPrincipals'> {
  if (map.size === 0) return unsecured
  const all = (map.get(flow.pair) ?? []).filter((record) => isBetween(record, flow))
  const ofProtocol = all.filter(({ protocol }) => protocol === flow.protocol)
  const records = ofProtocol.length > 0 ? ofProtocol : all.filter(({ protocol }) => protocol === 'tcp')
  let mutual = 0
  let total = 0
  for (const { labels, value } of records) {
    const policy = labels[label.securityPolicy]
    if (!isKnown(policy)) continue
    total += value
    if (policy === mutualTls) mutual += value
  }
  return {
    ...(total > 0 ? { mtls: mutual / total } : {}),
    sourcePrincipals: principals(records, label.sourcePrincipal),
    destinationPrincipals: principals(records, label.destinationPrincipal),
  }
}

const unsecured = { sourcePrincipals: [], destinationPrincipals: [] }

function principals(records: readonly Record[], name: string): readonly string[] {
  return records.map(({ labels }) => labels[name]).filter(isKnown)
}

/** Whether a flow's service is one to draw: named, and not the stand-in for "no service". */
export function hasRealService({ service }: Flow): boolean {
  return service.name !== undefined && !isNoRealService(service.name)
}
