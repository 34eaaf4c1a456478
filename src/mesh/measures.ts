import { clustersAgree, isNoRealService, type Service } from './identity.ts'
import { clusterOf, type Family, type Record, type RecordReader } from './records.ts'
import type { Sample } from './samples.ts'
import { isKnown, label, mutualTls } from './telemetry.ts'
import type { Flow } from './traffic.ts'

/** What is known of a flow beside its rate; absent is not measured. */
export interface Measured {
  /** Seconds. */
  readonly latency?: number
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
  readonly #throughput: ByPair
  readonly #mtls: ByPair

  constructor({ responseTime, throughput, mtls }: Asked, reader: RecordReader) {
    this.#latency = byPair(responseTime, 'requests', reader)
    this.#throughput = byPair(throughput, 'requests', reader)
    this.#mtls = byPair(mtls, 'either', reader)
  }

  /** Whether there is anything to find. */
  get isEmpty(): boolean {
    return this.#latency.size === 0 && this.#throughput.size === 0 && this.#mtls.size === 0
  }

  of(flow: Flow): Measured {
    const latency = sole(reportsOf(flow, this.#latency))
    const throughput = reportsOf(flow, this.#throughput)
    return {
      ...(latency === undefined ? {} : { latency }),
      ...(throughput.length === 0 ? {} : { throughput: throughput.reduce((sum, { value }) => sum + value, 0) }),
      ...securityOf(flow, this.#mtls),
    }
  }
}

type ByPair = ReadonlyMap<string, readonly Record[]>

function byPair(samples: readonly Sample[] | undefined, family: Family, reader: RecordReader): ByPair {
  const map = new Map<string, Record[]>()
  for (const record of samples === undefined ? [] : reader.read(samples, family)) {
    const known = map.get(record.pair)
    if (known === undefined) map.set(record.pair, [record])
    else known.push(record)
  }
  for (const records of map.values()) if (records.length > 1) records.sort((a, b) => a.value - b.value)
  return map
}

/** The counting reporter's; another's where that one has none. Of the same service; of the pair where only the callee names it. */
function reportsOf(flow: Flow, map: ByPair): readonly Record[] {
  const all = map.get(flow.pair)
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
function sole(records: readonly Record[]): number | undefined {
  return records.length === 1 ? records[0]?.value : undefined
}

/** The callee's side knows how a connection was secured; HTTP that is told as TCP only is as secure as its transport. */
function securityOf(flow: Flow, map: ByPair): Pick<Measured, 'mtls' | 'sourcePrincipals' | 'destinationPrincipals'> {
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

function principals(records: readonly Record[], name: string): readonly string[] {
  return records.map(({ labels }) => labels[name]).filter(isKnown)
}

/** Whether a flow's service is one to draw: named, and not the stand-in for "no service". */
export function hasRealService({ service }: Flow): boolean {
  return service.name !== undefined && !isNoRealService(service.name)
}
