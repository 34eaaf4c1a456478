import type { NodeOperand } from './findOperand.ts'
import type { Quantity } from './findUnits.ts'
import type { Badge, GraphNode } from './graph.ts'

type Names = readonly [string, ...string[]]

const flag = (names: Names, help: string, read: (node: GraphNode) => boolean): NodeOperand => ({
  of: 'node',
  kind: 'flag',
  names,
  help,
  read,
})
const text = (names: Names, help: string, read: (node: GraphNode) => readonly (string | undefined)[]): NodeOperand => ({
  of: 'node',
  kind: 'text',
  names,
  help,
  read,
})
const number = (
  names: Names,
  quantity: Quantity,
  help: string,
  read: (node: GraphNode) => number | undefined,
): NodeOperand => ({ of: 'node', kind: 'number', quantity, names, help, read })

/** Whether a node carries a badge of one of these kinds. */
const has =
  (...kinds: readonly Badge['kind'][]) =>
  (node: GraphNode) =>
    node.badges?.some(({ kind }) => kinds.includes(kind)) === true

/** Traffic's nobody is called `unknown`, as in Kiali. */
const nobody = ({ kind }: GraphNode) => (kind === 'unknown' ? 'unknown' : undefined)

/** Everything a node is called: app, service, workload and operation. */
export function namesOfNode(node: GraphNode): readonly (string | undefined)[] {
  return [node.app, node.service, node.workload, node.operation, nobody(node)]
}

const stateOf = ({ health, isIdle }: GraphNode) => health?.state ?? (isIdle === true ? 'idle' : 'unknown')
const isTroubled = (node: GraphNode) => ['failing', 'degraded', 'notReady'].includes(stateOf(node))
const isMeshed = ({ kind, isOutOfMesh, isAmbient, isGateway, isWaypoint, isInaccessible }: GraphNode) =>
  (kind === 'app' || kind === 'workload') &&
  [isOutOfMesh, isAmbient, isGateway, isWaypoint, isInaccessible].every((is) => is !== true)

const kindNames: Readonly<Record<GraphNode['kind'], readonly string[]>> = {
  app: ['app'],
  workload: ['workload', 'wl'],
  service: ['service', 'svc'],
  operation: ['operation', 'op'],
  unknown: ['unknown'],
}

/** What can be asked of a node: Kiali's words first, then ours. */
export const nodeOperands: readonly NodeOperand[] = [
  text(['name'], 'any of its names: app, service, workload or operation', namesOfNode),
  text(['app'], 'name of the app', (node) => [node.app, nobody(node)]),
  text(['workload', 'wl'], 'name of the workload', (node) => [node.workload, nobody(node)]),
  text(['service', 'svc'], 'name of the service', ({ service }) => [service]),
  text(['version'], 'version of the app', ({ version }) => [version]),
  text(['namespace', 'ns'], 'namespace', ({ namespace }) => [namespace]),
  text(['cluster'], 'cluster', ({ cluster }) => [cluster]),
  text(['node'], 'app, service (svc), workload (wl), operation (op) or unknown', ({ kind }) => kindNames[kind]),
  text(['operation', 'op'], 'what requests were classified as', ({ operation }) => [operation]),
  text(['health'], 'failing, degraded, notReady, healthy, idle or unknown', (node) => [stateOf(node)]),
  number(['httpin'], 'rate', 'HTTP requests in, per second', ({ traffic }) => traffic.http?.in),
  number(['httpout'], 'rate', 'HTTP requests out, per second', ({ traffic }) => traffic.http?.out),
  number(['grpcin'], 'rate', 'gRPC requests in, per second', ({ traffic }) => traffic.grpc?.in),
  number(['grpcout'], 'rate', 'gRPC requests out, per second', ({ traffic }) => traffic.grpc?.out),
  number(['tcpin'], 'bytes', 'TCP bytes in, per second', ({ traffic }) => traffic.tcp?.in),
  number(['tcpout'], 'bytes', 'TCP bytes out, per second', ({ traffic }) => traffic.tcp?.out),
  {
    of: 'node',
    kind: 'number',
    quantity: 'count',
    names: ['rank'],
    help: '1 for the nodes with the most edges, 2 for the next, …',
    read: ({ id }, { rankOf }) => rankOf(id),
  },
  flag(
    ['healthy'],
    'nothing is known to be wrong: neither failing, degraded nor not ready',
    (node) => !isTroubled(node),
  ),
  flag(['failing'], 'health is failing', (node) => stateOf(node) === 'failing'),
  flag(['degraded'], 'health is degraded', (node) => stateOf(node) === 'degraded'),
  flag(['idle'], 'no traffic in the window', (node) => node.isIdle === true || stateOf(node) === 'idle'),
  flag(['dead'], 'no running pods', ({ isDead }) => isDead === true),
  flag(['inaccessible'], 'in a namespace you may not open, or no real place', (node) => node.isInaccessible === true),
  flag(['outside', 'outsider'], 'in a namespace that was not asked for', ({ isOutside }) => isOutside === true),
  flag(['trafficsource', 'root'], 'calls others and is called by nobody', ({ isRoot }) => isRoot === true),
  flag(['outofmesh', 'om'], 'runs with neither sidecar nor ambient', (node) => {
    return node.isOutOfMesh === true || has('missingSidecar')(node)
  }),
  flag(
    ['sidecar', 'sc'],
    'an app or workload with a sidecar',
    (node) => isMeshed(node) && !has('missingSidecar')(node),
  ),
  flag(['ambient'], 'in ambient mode', ({ isAmbient }) => isAmbient === true),
  flag(['gateway', 'gw'], 'a gateway', ({ isGateway }) => isGateway === true),
  flag(['waypoint', 'wp'], 'a waypoint', ({ isWaypoint }) => isWaypoint === true),
  flag(
    ['serviceentry', 'se'],
    'from a ServiceEntry',
    (node) => node.isServiceEntry === true || has('serviceEntry')(node),
  ),
  flag(['workloadentry', 'we'], 'has a WorkloadEntry', has('workloadEntry')),
  flag(['virtualservice', 'vs'], 'a VirtualService or route concerns it', has('virtualService')),
  flag(['requestrouting', 'rr'], 'a route chooses by request or subset', has('requestRouting')),
  flag(['trafficshifting', 'ts'], 'a route splits its requests by weight', has('trafficShifting')),
  flag(['tcptrafficshifting', 'tcpts'], 'a route splits its TCP by weight', has('tcpTrafficShifting')),
  flag(['faultinjection', 'fi'], 'a route injects faults', has('faultInjection')),
  flag(['requesttimeout', 'rto'], 'a route sets a timeout', has('requestTimeout')),
  flag(['mirroring'], 'a route mirrors its requests', has('mirroring')),
  flag(['circuitbreaker', 'cb'], 'a circuit breaker or outlier detection', has('circuitBreaker', 'outlierDetection')),
]
