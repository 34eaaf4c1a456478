import type { MeshObjects } from './config/objects.ts'
import type { EdgeMark } from './graph.ts'
import { clustersAgree, keyOf, type Party } from './identity.ts'
import { clusterOf } from './records.ts'
import { sumOf } from './sum.ts'
import { passthrough } from './telemetry.ts'
import { shareOf, type Flow } from './traffic.ts'

/**
 * Whether a party is a waypoint: as Kubernetes says (a Gateway of class `istio-waypoint`, whose workload bears its name),
 * and where Kubernetes was not read, a workload whose name ends in `waypoint`.
 * https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export function waypointTest(objects: MeshObjects | undefined): (party: Party) => boolean {
  const gateways = objects?.kubernetesGateways?.filter(({ gatewayClass }) => gatewayClass === 'istio-waypoint')
  const known = gateways && new Set(gateways.map(({ namespace, name }) => keyOf(namespace, name)))
  const reaches = (cluster: string): boolean =>
    objects?.cluster === undefined || clustersAgree(objects.cluster, cluster)
  return (party) => {
    if (party.kind !== 'workload') return false
    return known !== undefined && reaches(party.cluster)
      ? known.has(keyOf(party.namespace, party.workload))
      : party.workload.endsWith('waypoint')
  }
}

export interface Routed {
  /** The calls themselves, and legs that no L7 report speaks for. */
  readonly flows: readonly Flow[]
  /** Legs into and out of waypoints whose calls are told as L7 flows: drawn only where waypoints are. */
  readonly legs: readonly Flow[]
}

/**
 * Takes a waypoint's legs out of the flows where its own report tells the calls, and lays the bytes of the client's leg under
 * them, shared by their rates (contracts page, "Count once"). Flows without waypoints come back as they are.
 */
export function routed(flows: readonly Flow[], isWaypoint: (party: Party) => boolean): Routed {
  const isLeg = ({ source, destination }: Flow): boolean => isWaypoint(source) || isWaypoint(destination)
  const legs = flows.filter(isLeg)
  if (legs.length === 0) return { flows, legs: [] }
  const told = new ToldCalls(flows.filter((flow) => flow.isThroughWaypoint && !isLeg(flow)))
  const covered = new Set<Flow>()
  const layers = new Map<Flow, Flow[]>()
  for (const leg of legs) {
    const calls = isWaypoint(leg.destination) ? told.from(leg) : told.arriving(leg.destination)
    if (calls.length === 0) continue
    covered.add(leg)
    if (!isWaypoint(leg.destination) || leg.protocol !== 'tcp') continue
    for (const call of calls) add(layers, call, leg)
  }
  const ratesOver = new Map<Flow, number[]>()
  for (const [call, under] of layers) {
    for (const leg of under) add(ratesOver, leg, call.rate)
  }
  const rateOver = new Map([...ratesOver].map(([leg, rates]) => [leg, sumOf(rates)]))
  return {
    flows: flows.flatMap((flow) => {
      if (covered.has(flow)) return []
      const under = layers.get(flow)
      return [under === undefined ? flow : withLayer(flow, under, rateOver)]
    }),
    legs: legs.filter((leg) => covered.has(leg)),
  }
}

function withLayer(call: Flow, legs: readonly Flow[], rateOver: ReadonlyMap<Flow, number>): Flow {
  const shares = legs.flatMap((leg) => {
    const total = rateOver.get(leg) ?? 0
    const bytes = leg.bytes ?? { sent: leg.rate, received: undefined, isEstimated: true }
    return total === 0 ? [] : [shareOf(bytes, call.rate / total, true)]
  })
  const sum = (of: 'sent' | 'received'): number | undefined => {
    const told = [call.l4, ...shares].flatMap((layer) => layer?.[of] ?? [])
    return told.length === 0 ? undefined : sumOf(told)
  }
  return { ...call, l4: { sent: sum('sent'), received: sum('received'), isEstimated: true } }
}

/** The calls waypoints report, by caller and service and by the workload reached. */
class ToldCalls {
  readonly #byCallerAndService = new Map<string, Flow[]>()
  readonly #byCaller = new Map<string, Flow[]>()
  readonly #byDestination = new Map<string, Flow[]>()

  constructor(calls: readonly Flow[]) {
    for (const call of calls) {
      const caller = call.source.key
      add(this.#byCaller, caller, call)
      add(this.#byCallerAndService, `${caller}>${call.service.key}`, call)
      add(this.#byDestination, call.destination.key, call)
    }
  }

  /** What the client's leg carries: its calls to the same service; to any, where the leg names only the waypoint itself. */
  from({ source, destination, service }: Flow): readonly Flow[] {
    const caller = source.key
    const waypoint = destination.kind === 'workload' ? destination.workload : undefined
    const isOfWaypoint = service.name === undefined || service.name === waypoint
    const calls = isOfWaypoint ? this.#byCaller.get(caller) : this.#byCallerAndService.get(`${caller}>${service.key}`)
    return (calls ?? []).filter((call) => clustersAgree(clusterOf(call.source), clusterOf(source)))
  }

  arriving(destination: Party): readonly Flow[] {
    const calls = this.#byDestination.get(destination.key) ?? []
    return calls.filter((call) => clustersAgree(clusterOf(call.destination), clusterOf(destination)))
  }
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

/**
 * Calls that left through Passthrough and arrivals of the same caller that only the callee reports may be the same or not:
 * both are kept and both are marked (contracts page, "Count once").
 */
export function withUnmatchable(flows: readonly Flow[]): readonly Flow[] {
  const left = new Set<string>()
  for (const flow of flows) {
    if (isPassing(flow)) left.add(callerKey(flow.source))
  }
  if (left.size === 0) return flows
  const arrived = new Set<string>()
  for (const flow of flows) {
    if (isUnannounced(flow) && left.has(callerKey(flow.source))) arrived.add(callerKey(flow.source))
  }
  return flows.map((flow) => {
    if (!arrived.has(callerKey(flow.source)) || !(isPassing(flow) || isUnannounced(flow))) return flow
    const marks: readonly EdgeMark[] = flow.marks.filter((mark) => mark !== 'callerNotScraped')
    return { ...flow, marks: [...marks, 'cannotBeMatched'] }
  })
}

function isPassing({ source, destination, service, reporter, rate }: Flow): boolean {
  const isUnreached = destination.kind === 'nobody' && service.name === passthrough
  return source.kind === 'workload' && isUnreached && reporter === 'source' && rate > 0
}

/** Told by the callee's proxy alone. */
function isUnannounced({ source, reporter, reported, rate }: Flow): boolean {
  return source.kind === 'workload' && reporter === 'destination' && reported === undefined && rate > 0
}

function callerKey(party: Party): string {
  return `${party.key}@${clusterOf(party)}`
}
