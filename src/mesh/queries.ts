import type { GraphType } from './graph.ts'
import { duration, select, sumBy, withLabel } from './promql.ts'
import type { Matcher, Scope, Window } from './scope.ts'
import { slicesFor, type ReporterSide, type Slice } from './slices.ts'
import { label, metrics, mutualTls, unknown, ztunnel } from './telemetry.ts'

/** The named questions that are asked of one instant (contracts page, "Named questions"). */
export type InstantQuestion =
  | { readonly ask: 'requests'; readonly withIdle?: boolean }
  | { readonly ask: 'tcp'; readonly direction: 'sent' | 'received' | 'total'; readonly withIdle?: boolean }
  | { readonly ask: 'grpc-messages'; readonly direction: 'sent' | 'received' | 'total'; readonly withIdle?: boolean }
  | {
      readonly ask: 'response-time'
      readonly statistic: LatencyStatistic
      /** What one answer is about: a pair of apps or versioned apps, whose quantiles only Prometheus can take; absent: of workloads. */
      readonly level?: AppLevel
    }
  | { readonly ask: 'throughput'; readonly direction: 'request' | 'response' }
  | { readonly ask: 'mtls' }
  /** Which operations requests were classified as, on the callee's side, which alone knows. */
  | { readonly ask: 'operations' }
  /** When somebody last sent plain text to a proxy: the value is that instant, unix seconds, not after it by more than the question's grain. */
  | { readonly ask: 'plaintext' }

/** The levels of the graph that lay workloads together. */
export type AppLevel = Extract<GraphType, 'app' | 'versionedApp'>

export type LatencyStatistic = 'avg' | 'p50' | 'p95' | 'p99'

/** One expression to run; the answers of a question's queries are laid end to end, and every sample says its `reporter`. */
export interface Query {
  readonly name: string
  readonly promql: string
}

/**
 * The expressions that answer a question: one for each metric family and reporter side, so a constant number whatever the number
 * of namespaces, to be run in parallel; none for an empty scope. Answers are in base units: per second, bytes per second, and
 * seconds (the histograms' milliseconds are divided here, so that what a person copies out is what the screen shows).
 */
export function queriesFor(question: InstantQuestion, scope: Scope, window: Window): readonly Query[] {
  const range = duration(window.seconds)
  return askedOf(question, window).flatMap(
    ({ name, sides, labels, labelsOfApps, expression, finish = same, isTcp = false }) =>
      sides.flatMap((side) => {
        const slices = slicesFor(scope, side)
        if (slices.length === 0) return []
        const part = (slice: TcpSlice, of: LabelSets) => expression(slice, byLabels(of, slice, scope.peers), range)
        const parts = slices.flatMap((slice) => {
          if (isTcp) return tellingZtunnelApart(slice).map((half) => part(half, labels))
          if (labelsOfApps === undefined) return [part(slice, labels)]
          const { ofApps, rest } = tellingAppsApart(slice)
          return [part(ofApps, labelsOfApps), part(rest, labels)]
        })
        return [{ name: `${name}-${side}`, promql: finish(parts.join(' or ')) }]
      }),
  )
}

interface Asked {
  readonly name: string
  readonly sides: readonly ReporterSide[]
  readonly labels: LabelSets
  /** What to ask instead where both apps are told. */
  readonly labelsOfApps?: LabelSets
  readonly expression: (slice: TcpSlice, by: readonly string[], range: string) => string
  readonly finish?: (promql: string) => string
  readonly isTcp?: boolean
}

/** The labels a question asks for: of each end, and of the call. */
interface LabelSets {
  readonly source: readonly string[]
  readonly destination: readonly string[]
  readonly call: readonly string[]
}

const same = (promql: string): string => promql
const bothSides: readonly ReporterSide[] = ['source', 'destination']

const source = [
  label.sourceCluster,
  label.sourceNamespace,
  label.sourceWorkload,
  label.sourceService,
  label.sourceRevision,
  label.sourceApp,
  label.sourceVersion,
]
const service: readonly string[] = [label.serviceHost, label.serviceName, label.serviceNamespace]
const destination = [
  label.destinationCluster,
  label.destinationNamespace,
  label.destinationWorkload,
  label.destinationCanonicalService,
  label.destinationRevision,
  label.destinationApp,
  label.destinationVersion,
  ...service,
]
/** Enough to find the pair and the service again. */
const sourcePair = [label.sourceCluster, label.sourceNamespace, label.sourceWorkload]
const destinationPair = [label.destinationCluster, label.destinationNamespace, label.destinationWorkload]

/** The level to ask response times at for a graph; none for a graph made of workload pairs, as service graphs are. */
export function levelFor(graphType: GraphType): { readonly level?: AppLevel } {
  return graphType === 'app' || graphType === 'versionedApp' ? { level: graphType } : {}
}

/** The labels of both ends at a level that lays workloads together. */
function appLabels(level: AppLevel): LabelSets {
  const isVersioned = level === 'versionedApp'
  return {
    source: [
      label.sourceCluster,
      label.sourceNamespace,
      label.sourceService,
      ...(isVersioned ? [label.sourceRevision] : []),
    ],
    destination: [
      label.destinationCluster,
      label.destinationNamespace,
      label.destinationCanonicalService,
      ...(isVersioned ? [label.destinationRevision] : []),
      ...service,
    ],
    call: [label.protocol],
  }
}

function askedOf(question: InstantQuestion, window: Window): readonly Asked[] {
  switch (question.ask) {
    case 'requests':
      return [
        {
          name: 'requests',
          sides: bothSides,
          labels: { source, destination, call: [label.protocol, label.code, label.grpcStatus, label.flags] },
          expression: rateOf(metrics.requests, question.withIdle),
        },
      ]
    case 'grpc-messages': {
      const labels = { source, destination, call: [] }
      return [
        ...(question.direction === 'received' ? [] : [['grpc-messages-sent', metrics.requestMessages] as const]),
        ...(question.direction === 'sent' ? [] : [['grpc-messages-received', metrics.responseMessages] as const]),
      ].map(([name, metric]) => ({ name, sides: bothSides, labels, expression: rateOf(metric, question.withIdle) }))
    }
    case 'tcp': {
      const labels = { source, destination, call: [label.flags, label.targetApp] }
      const bytes = [
        ...(question.direction === 'received' ? [] : [['sent', metrics.tcpReceivedBytes] as const]),
        ...(question.direction === 'sent' ? [] : [['received', metrics.tcpSentBytes] as const]),
      ].map(([direction, metric]): Asked => ({
        name: `tcp-${direction}`,
        sides: bothSides,
        labels,
        expression: rateOf(metric, question.withIdle),
        finish: (promql) => withLabel(promql, label.direction, direction),
        isTcp: true,
      }))
      return [...bytes, failedConnections(labels)]
    }
    case 'response-time':
      return [
        {
          name: `response-time-${question.statistic}`,
          sides: bothSides,
          labels: { source: sourcePair, destination: [...destinationPair, ...service], call: [label.protocol] },
          ...(question.level === undefined ? {} : { labelsOfApps: appLabels(question.level) }),
          expression: question.statistic === 'avg' ? averageDuration : quantileOf(quantiles[question.statistic]),
        },
      ]
    case 'throughput':
      return [
        {
          name: `throughput-${question.direction}`,
          sides: bothSides,
          labels: { source: sourcePair, destination: [...destinationPair, ...service], call: [label.protocol] },
          expression: rateOf(question.direction === 'request' ? metrics.requestBytes : metrics.responseBytes),
        },
      ]
    case 'mtls': {
      // Only the side that takes the connection knows how it was secured (`unknown` on the source's side).
      const labels: LabelSets = {
        source: [...sourcePair, label.sourcePrincipal],
        destination: [...destinationPair, label.destinationPrincipal],
        call: [label.protocol, label.securityPolicy],
      }
      return [
        ['mtls-requests', metrics.requests] as const,
        ['mtls-tcp-sent', metrics.tcpReceivedBytes] as const,
        ['mtls-tcp-received', metrics.tcpSentBytes] as const,
      ].map(([name, metric]) => ({ name, sides: ['destination'], labels, expression: rateOf(metric) }))
    }
    case 'operations':
      return [
        {
          name: 'operations',
          sides: ['destination'],
          labels: {
            source: sourcePair,
            // An operation is the callee's own name for what it does, and is told to whom the callee may be told.
            destination: [...destinationPair, ...service, label.operation],
            call: [label.protocol, label.code, label.grpcStatus],
          },
          expression: rateOf(metrics.requests),
        },
      ]
    case 'plaintext': {
      const labels: LabelSets = { source: sourcePair, destination: destinationPair, call: [label.protocol] }
      return [
        ['plaintext-requests', metrics.requests] as const,
        ['plaintext-tcp', metrics.tcpReceivedBytes] as const,
      ].map(([name, metric]) => ({
        name,
        sides: ['destination'],
        labels,
        expression: lastPlaintext(metric, plaintextGrain(window.seconds)),
      }))
    }
  }
}

/** Seconds between the instants that `plaintext` looks at: how exactly it knows when. */
export function plaintextGrain(windowSeconds: number): number {
  return Math.max(60, Math.ceil(windowSeconds / 200 / 60) * 60)
}

/**
 * Only series that are not under mutual TLS, which are few, are read over the whole window, and at so many instants whatever its length.
 * A counter keeps its value while its pod lives, so it is its movement that tells when: hence a rate within a subquery.
 */
function lastPlaintext(metric: string, grain: number): Asked['expression'] {
  const plain: Matcher = { label: label.securityPolicy, op: '!~', value: `${mutualTls}|` }
  // Instants of a subquery are a grain apart; a rate over twice that, and scrapes up to a minute apart, leaves no gap.
  const moves = duration(2 * grain + 60)
  return ({ selectors }, by, range) => {
    const seen = selectors.map((matchers) => {
      const series = select(metric, [...matchers, plain])
      return `(timestamp(${series}) and rate(${series}[${moves}]) > 0)`
    })
    const over = seen.map((each) => `max_over_time(${each}[${range}:${duration(grain)}])`)
    return `max by (${by.join(', ')}) (${over.join(' or ')})`
  }
}

/**
 * Connections that came to nothing move no bytes: only the counter of closed connections tells of them, with its flags, and only the
 * caller's proxy knows. Few series in a sound mesh, so this is the cheapest of the queries.
 */
function failedConnections(labels: LabelSets): Asked {
  const failed: Matcher = { label: label.flags, op: '=~', value: '(.*,)?(UF|UH|CONNECT)(,.*)?' }
  const rate = rateOf(metrics.tcpClosed)
  return {
    name: 'tcp-failed',
    sides: ['source'],
    labels,
    expression: (slice, by, range) =>
      rate({ ...slice, selectors: slice.selectors.map((matchers) => [...matchers, failed]) }, by, range),
    finish: (promql) => withLabel(promql, label.direction, 'failed'),
    isTcp: true,
  }
}

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

/** A dead pod's 0/s on the left of an `or` would hide the live one on the right: hence `> 0`, idle edges aside. */
function rateOf(metric: string, withIdle = false): Asked['expression'] {
  return (slice, by, range) => {
    const sum = sumBy(by, ratesOf(metric, slice, range))
    const labelled = slice.targetApp === undefined ? sum : withLabel(sum, label.targetApp, slice.targetApp)
    return withIdle ? labelled : `${labelled} > 0`
  }
}

const averageDuration: Asked['expression'] = (slice, by, range) =>
  `${sumBy(by, ratesOf(metrics.durationSum, slice, range))} / ${sumBy(by, ratesOf(metrics.durationCount, slice, range))} / 1000 > 0`

/** From summed buckets, never from other quantiles. */
function quantileOf(quantile: number): Asked['expression'] {
  return (slice, by, range) =>
    `histogram_quantile(${quantile}, ${sumBy([label.bucket, ...by], ratesOf(metrics.durationBuckets, slice, range))}) / 1000 > 0`
}

function ratesOf(metric: string, { selectors }: Slice, range: string): string {
  return selectors.map((matchers) => `rate(${select(metric, matchers)}[${range}])`).join(' or ')
}

/** What to group by: everything asked for, less what would name the end the viewer may not see. */
function byLabels(
  labels: LabelSets,
  { hides, hidesService, ...slice }: TcpSlice,
  peers: Scope['peers'],
): readonly string[] {
  const toldOfPeers: readonly string[] =
    peers === 'namespace' ? [label.sourceNamespace, label.destinationNamespace, label.serviceNamespace] : []
  const end = (side: 'source' | 'destination'): readonly string[] =>
    labels[side].filter(
      (name) => toldOfPeers.includes(name) || (hides !== side && !(hidesService === true && service.includes(name))),
    )
  const call = slice.isSplit === true ? labels.call.filter((name) => name !== label.targetApp) : labels.call
  return [label.reporter, ...end('source'), ...end('destination'), ...call]
}

interface TcpSlice extends Slice {
  readonly isSplit?: boolean
  readonly targetApp?: string
}

/**
 * Where one end is hidden, the scraped target's own `app` label would tell its name: the slice is asked in two halves instead,
 * ztunnel's and all others, and only the word `ztunnel` comes out.
 */
function tellingZtunnelApart(slice: Slice): readonly TcpSlice[] {
  if (slice.hides === undefined) return [slice]
  const half = (op: Matcher['op']): Pick<TcpSlice, 'selectors' | 'isSplit'> => ({
    selectors: slice.selectors.map((matchers) => [...matchers, { label: label.targetApp, op, value: ztunnel }]),
    isSplit: true,
  })
  return [
    { ...slice, ...half('!=') },
    { ...slice, ...half('='), targetApp: ztunnel },
  ]
}

/**
 * Where a canonical service is not told (labels dropped, unmeshed callers, calls that reached no workload) apps cannot be laid together:
 * those calls are asked by workload. Of a hidden end nothing is matched.
 */
function tellingAppsApart(slice: Slice): { readonly ofApps: Slice; readonly rest: Slice } {
  const names = [
    ...(slice.hides === 'source' ? [] : [label.sourceService]),
    ...(slice.hides === 'destination' ? [] : [label.destinationCanonicalService]),
  ]
  const untold = `${unknown}|`
  const told = names.map((name): Matcher => ({ label: name, op: '!~', value: untold }))
  const orNot = names.map((name, index): readonly Matcher[] => [
    ...told.slice(0, index),
    { label: name, op: '=~', value: untold },
  ])
  return {
    ofApps: { ...slice, selectors: slice.selectors.map((matchers) => [...matchers, ...told]) },
    rest: { ...slice, selectors: slice.selectors.flatMap((matchers) => orNot.map((more) => [...matchers, ...more])) },
  }
}
