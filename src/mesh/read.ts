import { withObjects } from './config/attributes.ts'
import type { MeshObjects } from './config/objects.ts'
import { drawn } from './draw.ts'
import { withFailedConnections } from './failedConnections.ts'
import type { GraphType, MeshGraph } from './graph.ts'
import { addHealth, type HealthPolicy } from './health.ts'
import { idleIn, noIdle } from './idle.ts'
import { noteMissingLabels, noteMissingPrincipals, noteMixerDurations } from './labelNotes.ts'
import { routed, waypointTest, withUnmatchable } from './legs.ts'
import { Measures } from './measures.ts'
import { Operations } from './operations.ts'
import type { LatencyStatistic } from './queries.ts'
import { type Record, RecordReader } from './records.ts'
import type { Sample, Skipped } from './samples.ts'
import type { ReporterChoice, Window } from './scope.ts'
import { SkippedList } from './skipped.ts'
import { flowsOf } from './traffic.ts'

/** Decoded answers to the named questions, both reporter sides laid end to end. Absent: not asked. */
export interface Telemetry {
  readonly requests?: readonly Sample[]
  readonly grpcMessages?: readonly Sample[]
  readonly tcp?: readonly Sample[]
  readonly responseTime?: { readonly statistic: LatencyStatistic; readonly samples: readonly Sample[] }
  readonly throughput?: readonly Sample[]
  readonly mtls?: readonly Sample[]
  /** Asked for where operation nodes are wanted. */
  readonly operations?: readonly Sample[]
  /** What the decoder could not read. */
  readonly skipped?: readonly Skipped[]
}

export interface GraphOptions {
  readonly graphType: GraphType
  readonly window: Window
  /** The scope's namespaces; empty means all. */
  readonly namespaces: readonly string[]
  readonly reporter: ReporterChoice
  readonly serviceNodes: boolean
  readonly waypoints: boolean
  readonly idleEdges: boolean
  /** Which of the protocols' families to draw from `requests`: http, grpc or both. */
  readonly http: boolean
  readonly grpc: 'requests' | 'messages' | 'none'
  readonly policy: HealthPolicy
}

/**
 * From telemetry (and, where the viewer may read them, Kubernetes and Istio objects) to the graph with its health.
 * Total: what cannot be read is in `skipped`. The page, the command line and the tests all come through here.
 */
export function readMesh(telemetry: Telemetry, objects: MeshObjects | undefined, options: GraphOptions): MeshGraph {
  const graph = readGraph(telemetry, objects, options)
  const known = objects === undefined ? graph : withObjects(graph, objects)
  const isPartial = telemetry.tcp === undefined || !options.http || options.grpc === 'none'
  addHealth(known, { policy: options.policy, objects, isPartial })
  return known
}

/** The graph as telemetry tells it; of the objects only what says which workloads are waypoints. */
export function readGraph(telemetry: Telemetry, objects: MeshObjects | undefined, options: GraphOptions): MeshGraph {
  const skipped = new SkippedList()
  for (const { reason, count, example } of telemetry.skipped ?? []) skipped.add(reason, example, count)
  const reader = new RecordReader(skipped)
  noteMissingLabels(telemetry.requests ?? [], telemetry.tcp ?? [], skipped)
  noteMissingPrincipals(telemetry.mtls, skipped)
  noteMixerDurations(telemetry.requests ?? [], telemetry.responseTime?.samples, skipped)
  const isWaypoint = waypointTest(objects)
  const [failures, records] = apart(recordsOf(telemetry, options, reader))
  const counted = flowsOf(records, reader, { reporter: options.reporter, withIdle: options.idleEdges, isWaypoint })
  const { flows: calls, legs } = routed(withUnmatchable(counted), isWaypoint)
  const flows = options.reporter === 'destination' ? calls : withFailedConnections(calls, failures, reader)
  const measures = new Measures(
    { responseTime: telemetry.responseTime?.samples, throughput: telemetry.throughput, mtls: telemetry.mtls },
    reader,
  )
  const { nodes, edges } = drawn(
    flows.filter(({ protocol }) => isWanted(protocol, options)),
    options.waypoints ? legs.filter(({ protocol }) => isWanted(protocol, options)) : [],
    {
      graphType: options.graphType,
      namespaces: options.namespaces,
      serviceNodes: options.serviceNodes,
      statistic: telemetry.responseTime?.statistic,
      idle: options.idleEdges ? idleIn(objects, options.namespaces, counted, reader) : noIdle,
      waypoints: options.waypoints,
      isWaypoint,
      measure: measures.isEmpty ? undefined : (flow) => measures.of(flow),
      operations: telemetry.operations === undefined ? undefined : new Operations(telemetry.operations, reader),
      skipped,
    },
  )
  return {
    time: options.window.at,
    window: options.window.seconds,
    graphType: options.graphType,
    namespaces: [...options.namespaces],
    nodes,
    edges,
    skipped: skipped.list(),
  }
}

/** Connections that came to nothing are no traffic and are counted apart. */
function apart(records: readonly Record[]): readonly [failures: readonly Record[], others: readonly Record[]] {
  const failures = records.filter(({ direction }) => direction === 'failed')
  return failures.length === 0
    ? [failures, records]
    : [failures, records.filter((record) => record.direction !== 'failed')]
}

/** HTTP and gRPC are told apart after counting: what is not drawn may still be what a pair's TCP carries. */
function isWanted(protocol: 'http' | 'grpc' | 'tcp', { http, grpc }: GraphOptions): boolean {
  return protocol === 'tcp' || (protocol === 'http' ? http : grpc !== 'none')
}

function recordsOf(telemetry: Telemetry, options: GraphOptions, reader: RecordReader): readonly Record[] {
  const requests = reader.read(telemetry.requests ?? [], 'requests')
  const isCountingMessages = options.grpc === 'messages'
  return [
    // gRPC is drawn in requests or in messages, never in both.
    ...(isCountingMessages ? requests.filter(({ protocol }) => protocol !== 'grpc') : requests),
    ...(isCountingMessages ? reader.read(telemetry.grpcMessages ?? [], 'messages') : []),
    ...reader.read(telemetry.tcp ?? [], 'tcp'),
  ]
}
