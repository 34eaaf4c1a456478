import type { CallEnd, Direction } from './callEnd.ts'
import { countedOnce, type Counted, type Kept, type ServiceFilter } from './countedOnce.ts'
import type { PeerFilter } from './peers.ts'
import { duration, withLabel } from './promql.ts'
import type { Query } from './queries.ts'
import type { ReporterChoice, Scope } from './scope.ts'
import { label, metrics } from './telemetry.ts'

/** The named questions over time (contracts page, "Named questions"): panels and sparklines. */
export type SeriesQuestion = SeriesCommon &
  (
    | { readonly ask: 'series-requests' | 'series-throughput' | 'series-tcp' | 'series-grpc-messages' }
    | { readonly ask: 'series-duration'; readonly statistic: DurationStatistic }
  )

interface SeriesCommon {
  readonly by: readonly Grouping[]
  readonly reporter: ReporterChoice
  readonly services?: ServiceFilter
  /** Only the calls to or from one service, workload or app, and of them only those with some peers. */
  readonly end?: CallEnd
  readonly peers?: PeerFilter
}

/** `buckets`: the histogram itself, its `le` in milliseconds, from which every quantile can be read at once. */
export type DurationStatistic = (typeof durationStatistics)[number]

export const durationStatistics = ['buckets', 'avg', 'p50', 'p90', 'p95', 'p99'] as const

/**
 * What a panel can be split by; `outcome` is all that decides what became of a request, `peer` the other end of an end's calls, `version`
 * the end's own (without an end the callee's), `mtls` whether the call came encrypted and with an identity.
 */
export type Grouping = (typeof groupings)[number]

export const groupings = [
  'outcome',
  'protocol',
  'code',
  'flags',
  'service',
  'workload',
  'app',
  'namespace',
  'version',
  'source',
  'peer',
  'mtls',
] as const

const callers: readonly Kept[] = [label.sourceNamespace, label.sourceWorkload].map((name) => ({ name, end: 'source' }))

function labelsOf(grouping: Grouping, direction: Direction): readonly Kept[] {
  if (direction === 'inbound') return groupLabels[grouping]
  if (grouping === 'version') return [{ name: label.sourceRevision, end: 'source' }]
  return grouping === 'peer' ? [...groupLabels.workload, ...groupLabels.service] : groupLabels[grouping]
}

const groupLabels: Readonly<Record<Grouping, readonly Kept[]>> = {
  outcome: ofCall(label.protocol, label.code, label.grpcStatus, label.flags),
  protocol: ofCall(label.protocol),
  code: ofCall(label.code),
  flags: ofCall(label.flags),
  service: ofDestination(label.serviceNamespace, label.serviceName),
  workload: ofDestination(label.destinationNamespace, label.destinationWorkload),
  app: ofDestination(label.destinationNamespace, label.destinationCanonicalService),
  namespace: ofDestination(label.destinationNamespace),
  version: ofDestination(label.destinationRevision),
  source: callers,
  peer: callers,
  mtls: ofCall(label.securityPolicy),
}

/** The steps of a range query: unix seconds, both ends included. */
export interface Steps {
  readonly start: number
  readonly end: number
  /** Seconds. */
  readonly step: number
}

/** The steps of a span that ends at an instant. The last step is that instant, so that the newest numbers are always there. */
export function stepsOf(span: { readonly seconds: number; readonly at: number }, step: number): Steps {
  return { start: span.at - Math.floor(span.seconds / step + 1e-9) * step, end: span.at, step }
}

/**
 * The expressions that answer a question over time: one for each metric, so a constant number whatever the number of namespaces;
 * none for an empty scope. `rateWindow` in seconds. Answers are per second, bytes per second and seconds (but the histogram's own
 * `le`, in milliseconds). Each call is counted once inside PromQL (contracts page, "Panels count once too").
 */
export function seriesQueriesFor(question: SeriesQuestion, scope: Scope, rateWindow: number): readonly Query[] {
  const counted: Counted = {
    scope,
    range: duration(rateWindow),
    reporter: question.reporter,
    keep: question.by.flatMap((each) => labelsOf(each, question.end?.direction ?? 'inbound')),
    ...(question.services === undefined ? {} : { services: question.services }),
    ...(question.end === undefined ? {} : { end: question.end }),
    ...(question.peers === undefined ? {} : { peers: question.peers }),
    // Only the callee knows whether a call came encrypted: the caller's report says "unknown".
    ...(question.by.includes('mtls') ? { first: 'destination' as const } : {}),
  }
  return expressionsOf(question, counted).flatMap(({ name, promql }) =>
    promql === undefined ? [] : [{ name, promql }],
  )
}

interface Expression {
  readonly name: string
  /** Undefined where there is nothing to ask. */
  readonly promql: string | undefined
}

function expressionsOf(question: SeriesQuestion, counted: Counted): readonly Expression[] {
  const directed = (metric: string, direction: string, isTcp: boolean): Expression => {
    const promql = countedOnce(metric, { ...counted, isTcp })
    return {
      name: `${question.ask}-${direction}`,
      promql: promql === undefined ? undefined : withLabel(promql, label.direction, direction),
    }
  }
  switch (question.ask) {
    case 'series-requests':
      return [{ name: question.ask, promql: countedOnce(metrics.requests, counted) }]
    case 'series-grpc-messages':
      return [directed(metrics.requestMessages, 'sent', false), directed(metrics.responseMessages, 'received', false)]
    case 'series-throughput':
      return [directed(metrics.requestBytes, 'sent', false), directed(metrics.responseBytes, 'received', false)]
    case 'series-tcp':
      return [
        directed(metrics.tcpReceivedBytes, 'sent', true),
        directed(metrics.tcpSentBytes, 'received', true),
        directed(metrics.tcpOpened, 'opened', true),
        directed(metrics.tcpClosed, 'closed', true),
      ]
    case 'series-duration':
      return [{ name: `${question.ask}-${question.statistic}`, promql: durationOf(question.statistic, counted) }]
  }
}

const quantiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

function durationOf(statistic: DurationStatistic, counted: Counted): string | undefined {
  // A bucket may rightly be at 0: whether a pair was reported at all is what the histogram's count says.
  const presence = metrics.durationCount
  if (statistic === 'avg') {
    const sum = countedOnce(metrics.durationSum, { ...counted, presence })
    const count = countedOnce(metrics.durationCount, { ...counted, presence })
    return sum === undefined || count === undefined ? undefined : `${sum} / ${count} / 1000`
  }
  const buckets = countedOnce(metrics.durationBuckets, {
    ...counted,
    presence,
    keep: [{ name: label.bucket, end: 'call' }, ...counted.keep],
  })
  if (buckets === undefined || statistic === 'buckets') return buckets
  return `histogram_quantile(${quantiles[statistic]}, ${buckets}) / 1000`
}

function ofCall(...names: readonly string[]): readonly Kept[] {
  return names.map((name) => ({ name, end: 'call' }))
}

function ofDestination(...names: readonly string[]): readonly Kept[] {
  return names.map((name) => ({ name, end: 'destination' }))
}
