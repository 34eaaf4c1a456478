import type { FocusDirection } from '../../../mesh/focus.ts'
import type { GraphType, Protocol } from '../../../mesh/graph.ts'
import type { LatencyStatistic } from '../../../mesh/queries.ts'
import type { ReporterChoice } from '../../../mesh/scope.ts'
import { choiceWord, flagWord, numbersWord, someWord, textWord, type Word } from '../../url.ts'

export const graphTypes = ['versionedApp', 'app', 'workload', 'service'] as const satisfies readonly GraphType[]
export const protocols = ['http', 'grpc', 'tcp'] as const satisfies readonly Protocol[]
export const edgeLabels = ['rate', 'share', 'errors', 'responseTime', 'throughput'] as const
export const statistics = ['avg', 'p50', 'p95', 'p99'] as const satisfies readonly LatencyStatistic[]
export const directions = ['both', 'up', 'down'] as const satisfies readonly FocusDirection[]
export const hopCounts = ['1', '2', '3', '4', '5'] as const
export const reporters = ['auto', 'source', 'destination'] as const satisfies readonly ReporterChoice[]

/** What a gRPC edge counts: requests, or messages one way or both. */
export const grpcRates = ['requests', 'sent', 'received', 'total'] as const
/** What a TCP edge counts, in the caller's words. */
export const tcpRates = ['sent', 'received', 'total'] as const
export const throughputs = ['response', 'request'] as const
export const idleKinds = ['nodes', 'edges'] as const
/** What stands at nodes and edges beside their numbers: not in the mesh; routing; circuit breakers; mutual TLS. */
export const badgeKinds = ['mesh', 'routing', 'breaker', 'mtls'] as const

export const groupings = ['auto', 'on', 'off'] as const
/** Callers left, or namespaces as blocks by forces (auto: by how large the graph is); rings around the busiest; one and whom it talks to. */
export const layouts = ['auto', 'layered', 'grouped', 'concentric', 'octopus'] as const
export const boxKinds = ['cluster', 'namespace', 'app'] as const
export type BoxKind = (typeof boxKinds)[number]

export type IdleKind = (typeof idleKinds)[number]
export type BadgeKind = (typeof badgeKinds)[number]
export type HopCount = (typeof hopCounts)[number]
export type EdgeLabel = (typeof edgeLabels)[number]

/** What the traffic graph's address says beside scope and window; the defaults are the contracts page's. */
export const graphWords = {
  graphType: choiceWord(graphTypes, 'versionedApp'),
  protocols: someWord(protocols, protocols),
  grpc: choiceWord(grpcRates, 'requests'),
  tcp: choiceWord(tcpRates, 'sent'),
  labels: someWord(edgeLabels, ['rate']),
  statistic: choiceWord(statistics, 'p95'),
  throughput: choiceWord(throughputs, 'response'),
  serviceNodes: flagWord(false),
  /** Between callers and an app, what its requests were classified as. */
  operations: flagWord(false),
  /** Nodes and edges without traffic. */
  idle: someWord(idleKinds, []),
  waypoints: flagWord(false),
  reporter: choiceWord(reporters, 'auto'),
  view: choiceWord(['graph', 'table'], 'graph'),
  legend: flagWord(true),
  /** Whether namespaces are folded into single nodes: by the number of nodes, always, or only by hand. */
  grouping: choiceWord(groupings, 'auto'),
  /** Groups that were opened, and groups that were folded by hand. */
  expanded: idsWord(),
  collapsed: idsWord(),
  boxes: someWord(boxKinds, ['namespace', 'app']),
  layout: choiceWord(layouts, 'auto'),
  badges: someWord(badgeKinds, badgeKinds),
  /** Dots run along the edges, unless the viewer's system asks for less motion. */
  animation: flagWord(false),
  /** Probes, scrapes and DNS are drawn too. */
  noise: flagWord(false),
  /** Of folded groups the quieter calls are drawn too. */
  quiet: flagWord(false),
  /** Expressions of the find language (mesh/find.ts): what is marked, and what is not drawn. */
  find: textWord(),
  hide: textWord(),
  selected: textWord(),
  /** Which part of the graph is shown: see focusPart.ts. */
  focus: textWord(),
  hops: choiceWord(hopCounts, '2'),
  direction: choiceWord(directions, 'both'),
  unhealthy: flagWord(false),
  /** The ways between two nodes or boxes. */
  pathFrom: textWord(),
  pathTo: textWord(),
  /** The node nearest to the middle of the view; `camera` is the zoom and how far the middle is from that node. */
  centre: textWord(),
  camera: numbersWord(3, 2),
} as const

/** How the graph is drawn, whatever was asked. */
export interface DrawingChoices {
  readonly legend: boolean
  readonly noise: boolean
  readonly boxes: readonly BoxKind[]
  readonly badges: readonly BadgeKind[]
  readonly animation: boolean
  readonly grouping: (typeof groupings)[number]
  readonly layout: (typeof layouts)[number]
}

/** The graph page's choices, as its URL has them. */
export interface GraphChoices {
  readonly graphType: GraphType
  readonly protocols: readonly Protocol[]
  readonly grpc: (typeof grpcRates)[number]
  readonly tcp: (typeof tcpRates)[number]
  readonly labels: readonly EdgeLabel[]
  readonly statistic: LatencyStatistic
  readonly throughput: (typeof throughputs)[number]
  readonly serviceNodes: boolean
  readonly operations: boolean
  readonly idle: readonly IdleKind[]
  readonly waypoints: boolean
  readonly reporter: ReporterChoice
}

/** Ids of groups, separated by commas; commas inside an id are escaped. */
function idsWord(): Word<readonly string[]> {
  return {
    fallback: [],
    expects: 'ids of groups, separated by commas',
    parse: (text) => {
      const ids = [...new Set(text.split(','))].filter((id) => id !== '')
      return ids.map((id) => id.replaceAll('%2c', ','))
    },
    write: (value) =>
      [...new Set(value)]
        .map((id) => id.replaceAll(',', '%2c'))
        .sort()
        .join(','),
  }
}
