import type { GraphType, Protocol } from '../../../mesh/graph.ts'
import type { LatencyStatistic } from '../../../mesh/queries.ts'
import type { ReporterChoice } from '../../../mesh/scope.ts'
import { choiceWord, flagWord, numbersWord, someWord, textWord } from '../../url.ts'

export const graphTypes = ['versionedApp', 'app', 'workload', 'service'] as const satisfies readonly GraphType[]
export const protocols = ['http', 'grpc', 'tcp'] as const satisfies readonly Protocol[]
export const edgeLabels = ['rate', 'share', 'errors', 'responseTime', 'throughput'] as const
export const statistics = ['avg', 'p50', 'p95', 'p99'] as const satisfies readonly LatencyStatistic[]
export const reporters = ['auto', 'source', 'destination'] as const satisfies readonly ReporterChoice[]

export type EdgeLabel = (typeof edgeLabels)[number]

/** What the traffic graph's address says beside scope and window; the defaults are the contracts page's. */
export const graphWords = {
  graphType: choiceWord(graphTypes, 'versionedApp'),
  protocols: someWord(protocols, protocols),
  labels: someWord(edgeLabels, ['rate']),
  statistic: choiceWord(statistics, 'p95'),
  serviceNodes: flagWord(false),
  idle: flagWord(false),
  waypoints: flagWord(false),
  reporter: choiceWord(reporters, 'auto'),
  view: choiceWord(['graph', 'table'], 'graph'),
  legend: flagWord(true),
  selected: textWord(),
  /** The node nearest to the middle of the view; `camera` is the zoom and how far the middle is from that node. */
  centre: textWord(),
  camera: numbersWord(3, 2),
} as const

/** The graph page's choices, as its URL has them. */
export interface GraphChoices {
  readonly graphType: GraphType
  readonly protocols: readonly Protocol[]
  readonly labels: readonly EdgeLabel[]
  readonly statistic: LatencyStatistic
  readonly serviceNodes: boolean
  readonly idle: boolean
  readonly waypoints: boolean
  readonly reporter: ReporterChoice
}
