import { flows } from '../mesh/flows.ts'
import { faultNamed, occurrence } from '../mesh/faults.ts'
import { clusterName, type Flow, type Latency, type Outcome, type Workload } from '../mesh/model.ts'
import { type DemoPod, podsOf } from '../mesh/pods.ts'
import { hexOf, randomOf } from './random.ts'
import type { DemoSpan, DemoTrace } from './span.ts'

/** One request in so many seconds is traced at each way in. */
export const slotSeconds = 5
const mostDepth = 8

const traced = flows.filter(({ protocol, rate }) => protocol !== 'tcp' && rate > 0)
const isCalled = new Set(traced.flatMap(({ destination }) => destination ?? []))

/** The calls with which a way through the mesh begins: nobody who is traced calls their callers. */
export const entries: readonly Flow[] = traced.filter(({ source }) => !isCalled.has(source))

/** Service → what it calls, by the service called. */
const callsOf = new Map<Workload, ReadonlyMap<string, readonly Flow[]>>()
for (const flow of traced) {
  const byService = new Map(callsOf.get(flow.source) ?? [])
  byService.set(flow.service.host, [...(byService.get(flow.service.host) ?? []), flow])
  callsOf.set(flow.source, byService)
}
const arriving = new Map<Workload, number>()
for (const { destination, rate } of traced) {
  if (destination !== undefined) arriving.set(destination, (arriving.get(destination) ?? 0) + rate)
}

/** The workloads that a request which comes in there may touch, its caller included. */
export const reachOf: ReadonlyMap<Flow, ReadonlySet<Workload>> = new Map(
  entries.map((entry) => {
    const reached = new Set<Workload>([entry.source])
    const visit = (flow: Flow): void => {
      if (flow.waypoint !== undefined) reached.add(flow.waypoint)
      if (flow.destination === undefined || reached.has(flow.destination)) return
      reached.add(flow.destination)
      for (const next of callsOf.get(flow.destination)?.values() ?? []) next.forEach(visit)
    }
    visit(entry)
    return [entry, reached]
  }),
)

/** Makes the demo's traces: the same for the same seed, way in and slot of time, whoever asks and whenever. */
export class Journeys {
  readonly #seed: number
  readonly #pods = new Map<Workload, DemoPod[]>()

  constructor(seed: number) {
    this.#seed = seed
    for (const pod of podsOf(seed)) this.#pods.set(pod.workload, [...(this.#pods.get(pod.workload) ?? []), pod])
  }

  /** The trace of the request that came in there in that slot (unix seconds divided by `slotSeconds`). */
  traceAt(entry: number, slot: number): DemoTrace | undefined {
    const flow = entries[entry]
    if (flow === undefined) return undefined
    const id = this.#idOf(entry, slot)
    const random = randomOf(`${this.#seed}/walk/${entry}/${slot}`)
    const start = (slot + random()) * slotSeconds
    const walk = new Walk(id, start, random, (workload) => this.#podOf(workload, random))
    walk.call(flow, { at: start * 1e6, parent: undefined, depth: 0 })
    return { id, spans: walk.spans }
  }

  /** The trace of that id; undefined for one that never was. */
  find(id: string): DemoTrace | undefined {
    const [entry, slot] = [parseInt(id.slice(16, 20), 16), parseInt(id.slice(20), 16)]
    if (!/^[0-9a-f]{32}$/.test(id) || this.#idOf(entry, slot) !== id) return undefined
    return this.traceAt(entry, slot)
  }

  /** Where it was is in its second half, so that it is found again. */
  #idOf(entry: number, slot: number): string {
    const place = entry.toString(16).padStart(4, '0') + slot.toString(16).padStart(12, '0')
    return hexOf(`${this.#seed}/trace/${place}`, 16) + place
  }

  #podOf(workload: Workload, random: () => number): DemoPod | undefined {
    const pods = this.#pods.get(workload) ?? []
    return pods[Math.floor(random() * pods.length)]
  }
}

interface Moment {
  /** Microseconds. */
  readonly at: number
  readonly parent: string | undefined
  readonly depth: number
}

class Walk {
  readonly spans: DemoSpan[] = []
  readonly #id: string
  readonly #seconds: number
  readonly #random: () => number
  readonly #podOf: (workload: Workload) => DemoPod | undefined
  readonly #requestId: string

  constructor(id: string, seconds: number, random: () => number, podOf: (workload: Workload) => DemoPod | undefined) {
    this.#id = id
    this.#seconds = seconds
    this.#random = random
    this.#podOf = podOf
    const hex = hexOf(`${id}/request`, 32)
    this.#requestId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  /** One call and all that follows from it; microseconds until its answer. */
  call(flow: Flow, { at, parent, depth }: Moment): number {
    const outcome = this.#outcomeOf(flow)
    if (outcome === undefined || depth > mostDepth) return 0
    const { source, destination, waypoint } = flow
    const wanted = this.#timeOf(outcome, flow) * 1000
    const client = reports(source) ? this.#podOf(source) : undefined
    const clientId = client === undefined ? parent : this.#newId()
    const arrivesAt = at + 300 + this.#random() * 900
    let took = wanted
    const callee = outcome.atDestination === 'never reached' ? undefined : destination
    if (callee !== undefined) {
      const reporter = reports(callee) ? callee : waypoint
      const server = reporter === undefined ? undefined : this.#podOf(reporter)
      const serverId = server === undefined ? clientId : this.#newId()
      const below = this.#callsFrom(callee, { at: arrivesAt + wanted * 0.05, parent: serverId, depth: depth + 1 })
      const isCutOff = outcome.flags === 'UT'
      took = isCutOff ? wanted : Math.max(wanted, below * 1.02)
      if (server !== undefined && serverId !== undefined) {
        const seen =
          outcome.atDestination === undefined || outcome.atDestination === 'never reached'
            ? outcome
            : outcome.atDestination
        this.#add(server, flow, seen, { id: serverId, parent: clientId, kind: 'server', at: arrivesAt, took })
      }
      took += arrivesAt - at + 200
    }
    if (client !== undefined && clientId !== undefined)
      this.#add(client, flow, outcome, { id: clientId, parent, kind: 'client', at, took })
    return took
  }

  /** Microseconds until the last of the calls that a workload makes for one request is answered. */
  #callsFrom(workload: Workload, { at, parent, depth }: Moment): number {
    let passed = 0
    for (const calls of callsOf.get(workload)?.values() ?? []) {
      const rate = calls.reduce((sum, flow) => sum + flow.rate, 0)
      const expected = rate / (arriving.get(workload) ?? rate)
      const times = Math.min(3, Math.floor(expected) + (this.#random() < expected % 1 ? 1 : 0))
      for (let time = 0; time < times; time++) {
        const chosen = this.#oneOf(calls, ({ rate: share }) => share / rate)
        if (chosen !== undefined) passed += this.call(chosen, { at: at + passed, parent, depth })
      }
    }
    return passed
  }

  #outcomeOf({ outcomes, fault }: Flow): Outcome | undefined {
    const isFaulty = fault !== undefined && occurrence(faultNamed(fault), this.#seconds).isActive
    return this.#oneOf(outcomes, ({ share, faultyShare }) => (isFaulty ? (faultyShare ?? share) : share))
  }

  /** Milliseconds. */
  #timeOf({ latency, faultyLatency }: Outcome, { fault }: Flow): number {
    const isFaulty = fault !== undefined && occurrence(faultNamed(fault), this.#seconds).isActive
    const { medianMs, spread }: Latency = isFaulty ? (faultyLatency ?? latency) : latency
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
    return Math.min(10_000, medianMs * Math.exp(spread * normal))
  }

  #oneOf<T>(all: readonly T[], shareOf: (one: T) => number): T | undefined {
    let left = this.#random()
    for (const one of all) {
      left -= shareOf(one)
      if (left < 0) return one
    }
    return undefined
  }

  #newId(): string {
    return hexOf(`${this.#id}/${this.spans.length}/${this.#random()}`, 16)
  }

  #add(
    pod: DemoPod,
    flow: Flow,
    { code, flags, grpcStatus }: { readonly code: number; readonly flags: string; readonly grpcStatus?: number },
    span: {
      readonly id: string
      readonly parent: string | undefined
      readonly kind: 'client' | 'server'
      readonly at: number
      readonly took: number
    },
  ): void {
    const { workload } = pod
    const { service, requestBytes, responseBytes, protocol, destination } = flow
    const port = destination?.port ?? 443
    const upstream =
      span.kind === 'client' ? `outbound|${port}||${service.host}` : `inbound|${destination?.port ?? port}||`
    const path = protocol === 'grpc' ? `/${service.name}.v1/Call` : `/${service.name}`
    this.spans.push({
      id: span.id,
      ...(span.parent === undefined ? {} : { parent: span.parent }),
      pod,
      service: `${workload.app}.${workload.namespace}`,
      operation: `${service.host}:${port}/*`,
      kind: span.kind,
      startUs: Math.round(span.at),
      durationUs: Math.max(1, Math.round(span.took)),
      isError: code >= 500 || (code === 0 && flags !== 'DC') || (grpcStatus ?? 0) > 0,
      // What Istio's Envoy writes: https://istio.io/latest/docs/tasks/observability/distributed-tracing/
      attributes: {
        component: 'proxy',
        'guid:x-request-id': this.#requestId,
        'http.method': protocol === 'grpc' ? 'POST' : 'GET',
        'http.protocol': protocol === 'grpc' ? 'HTTP/2' : 'HTTP/1.1',
        'http.status_code': String(code),
        'http.url': `http://${service.host}:${port}${path}`,
        ...(grpcStatus === undefined ? {} : { 'grpc.status_code': String(grpcStatus) }),
        response_flags: flags,
        request_size: String(requestBytes),
        response_size: String(code === 0 ? 0 : responseBytes),
        upstream_cluster: upstream,
        'upstream_cluster.name': upstream,
        node_id: `${workload.proxy === 'sidecar' ? 'sidecar' : 'router'}~${pod.ip}~${pod.name}.${workload.namespace}~${workload.namespace}.svc.cluster.local`,
        'istio.canonical_service': workload.app,
        'istio.canonical_revision': workload.version,
        'istio.mesh_id': 'cluster.local',
        'istio.cluster_id': clusterName,
        'istio.namespace': workload.namespace,
      },
    })
  }
}

function reports({ proxy }: Workload): boolean {
  return proxy === 'sidecar' || proxy === 'gateway' || proxy === 'waypoint'
}
