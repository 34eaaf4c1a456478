import type { FaultName, Flow, Wave } from '../mesh/model.ts'
import { operationsOf } from '../mesh/operations.ts'
import type { DemoPod } from '../mesh/pods.ts'
import { bucketLabels, latencySpread, latencySpreadAtSource, type Spread, spreadOf } from './histogram.ts'
import type { Labels } from './labels.ts'
import type { MessageReport, Report, Reports } from './reports.ts'
import type { Happened, Waves } from './waves.ts'

/** Istio's standard metrics, in the order a proxy exposes them (https://istio.io/latest/docs/reference/config/metrics/). */
export const families = [
  { name: 'istio_request_bytes', type: 'histogram' },
  { name: 'istio_request_duration_milliseconds', type: 'histogram' },
  { name: 'istio_request_messages_total', type: 'counter' },
  { name: 'istio_requests_total', type: 'counter' },
  { name: 'istio_response_bytes', type: 'histogram' },
  { name: 'istio_response_messages_total', type: 'counter' },
  { name: 'istio_tcp_connections_closed_total', type: 'counter' },
  { name: 'istio_tcp_connections_opened_total', type: 'counter' },
  { name: 'istio_tcp_received_bytes_total', type: 'counter' },
  { name: 'istio_tcp_sent_bytes_total', type: 'counter' },
] as const

/** What kubelets tell of containers, and istiod of its certificates. */
export const otherFamilies = [
  { name: 'container_cpu_usage_seconds_total', type: 'counter' },
  { name: 'container_memory_working_set_bytes', type: 'gauge' },
  { name: 'citadel_server_root_cert_expiry_timestamp', type: 'gauge' },
  { name: 'citadel_server_cert_chain_expiry_timestamp', type: 'gauge' },
] as const

export type Family = (typeof families | typeof otherFamilies)[number]['name']

/** When a series moves: a flow's wave and fault, and how many seconds later than the flow itself. */
export interface Basis {
  /** A counter unless told: `level` follows the wave itself, `never` stays what it is. */
  readonly moves?: 'level' | 'never'
  readonly wave: Wave
  readonly fault: FaultName | undefined
  readonly lag: number
}

/** One series of one target; its value is `normal` and `faulty` times what happened in normal and in faulty times. */
export interface Series {
  readonly family: Family
  readonly suffix: '' | '_bucket' | '_sum' | '_count'
  /** Without `le`. The same object for all series of one report. */
  readonly labels: Labels
  readonly le?: string
  readonly basis: Basis
  readonly normal: number
  readonly faulty: number
}

/**
 * All series of every pod that exposes any, sorted by family as an exposition needs them. What differs in nothing a label
 * tells (two paces of the same answer, two pods behind one ztunnel) is one series.
 */
export function seriesByPod({ requests, connections, messages }: Reports): ReadonlyMap<DemoPod, readonly Series[]> {
  const byPod = new Map<DemoPod, Map<string, Series>>()
  const labelSets = new Map<string, Labels>()
  const add = (pod: DemoPod, labels: Labels, series: readonly Series[]) => {
    const known = byPod.get(pod) ?? new Map<string, Series>()
    byPod.set(pod, known)
    const text = labelKey(labels)
    const shared = labelSets.get(text) ?? labels
    labelSets.set(text, shared)
    for (const one of series) {
      const key = `${one.family}${one.suffix} ${one.le ?? ''} ${text}`
      const { normal, faulty } = known.get(key) ?? { normal: 0, faulty: 0 }
      known.set(key, { ...one, labels: shared, normal: one.normal + normal, faulty: one.faulty + faulty })
    }
  }
  for (const report of requests) {
    add(report.pod, report.labels, requestSeries(report))
    for (const { labels, series } of countersOf(report)) add(report.pod, labels, [series])
  }
  for (const report of messages) add(report.pod, report.labels, messageSeries(report))
  for (const report of connections) add(report.pod, report.labels, connectionSeries(report))
  const order = new Map<string, number>(families.map(({ name }, index) => [name, index]))
  const rank = ({ family }: Series) => order.get(family) ?? 0
  return new Map(
    [...byPod].map(([pod, known]) => [pod, [...known.values()].sort((one, other) => rank(one) - rank(other))]),
  )
}

const labelKey = (labels: Labels) => JSON.stringify(Object.entries(labels))

/** What has happened by an instant, or is the case then, for whatever moves with that basis. */
export function happenedAt({ wave, fault, lag, moves }: Basis, waves: Waves, at: number): Happened {
  if (moves === 'never') return { normal: 1, faulty: 0 }
  return moves === 'level' ? { normal: waves.level(wave, at - lag), faulty: 0 } : waves.happened(wave, fault, at - lag)
}

/** The same for bases that move alike. */
export const basisKey = ({ wave, fault, lag, moves }: Basis): string => `${moves ?? ''}/${wave}/${fault ?? ''}/${lag}`

/** The series' value at an instant, given what happened until then; a counter's never falls as time goes on. */
export function valueOf({ normal, faulty, basis }: Series, waves: Waves, at: number): number {
  const happened = happenedAt(basis, waves, at)
  return normal * happened.normal + faulty * happened.faulty
}

const basisOf = ({ wave, fault }: Flow, lag = 0): Basis => ({ wave, fault, lag })

function requestSeries({ flow, outcome, reporter, labels, part }: Report): readonly Series[] {
  if (outcome === undefined) return []
  const basis = basisOf(flow)
  const normal = flow.rate * part * outcome.share
  const faulty = flow.rate * part * (outcome.faultyShare ?? outcome.share)
  const spread = reporter === 'source' ? latencySpreadAtSource : latencySpread
  const calm = spread(outcome.latency)
  const slow = outcome.faultyLatency ? spread(outcome.faultyLatency) : calm
  const answer = outcome.code === 200 ? flow.responseBytes : 180
  const sizes = { request: spreadOf(flow.requestBytes, 0.5), response: spreadOf(answer, 0.7) }
  const histogram = (family: Family, inNormal: Spread, inFaulty: Spread): readonly Series[] => [
    ...bucketLabels.map((le, index): Series => {
      const shares = {
        normal: normal * (inNormal.cumulative[index] ?? 1),
        faulty: faulty * (inFaulty.cumulative[index] ?? 1),
      }
      return { family, suffix: '_bucket', labels, le, basis, ...shares }
    }),
    { family, suffix: '_sum', labels, basis, normal: normal * inNormal.mean, faulty: faulty * inFaulty.mean },
    { family, suffix: '_count', labels, basis, normal, faulty },
  ]
  return [
    ...histogram('istio_request_duration_milliseconds', calm, slow),
    ...histogram('istio_request_bytes', sizes.request, sizes.request),
    ...histogram('istio_response_bytes', sizes.response, sizes.response),
  ]
}

/** The request counter, by operation where the callee's proxy classifies: the other metrics have no such tag. */
function countersOf({
  flow,
  outcome,
  reporter,
  labels,
  part,
}: Report): readonly { readonly labels: Labels; readonly series: Series }[] {
  if (outcome === undefined) return []
  const known =
    reporter === 'source' || flow.destination === undefined ? undefined : operationsOf(flow.destination, outcome)
  return (known ?? [{ operation: undefined, share: 1 }]).map(({ operation, share }) => {
    const own: Labels = operation === undefined ? labels : { ...labels, request_operation: operation }
    const each = flow.rate * part * share
    return {
      labels: own,
      series: {
        family: 'istio_requests_total',
        suffix: '',
        labels: own,
        basis: basisOf(flow),
        normal: each * outcome.share,
        faulty: each * (outcome.faultyShare ?? outcome.share),
      },
    }
  })
}

/** Unary calls: one message each way. */
function messageSeries({ flow, labels, part, share, faultyShare }: MessageReport): readonly Series[] {
  const one = {
    suffix: '',
    labels,
    basis: basisOf(flow),
    normal: flow.rate * part * share,
    faulty: flow.rate * part * faultyShare,
  } as const
  return [
    { family: 'istio_request_messages_total', ...one },
    { family: 'istio_response_messages_total', ...one },
  ]
}

/** How long a connection lives: closings follow openings by this many seconds. */
const connectionAge = 45

/** Requests that share one connection, where a TCP report is the transport of requests. */
const requestsPerConnection = 20

function connectionSeries({ flow, labels, part }: Report): readonly Series[] {
  const rate = flow.rate * part
  const shares = flow.outcomes.length === 0 ? { share: 1, faultyShare: 1 } : sentShare(flow)
  const series = (family: Family, each: number, lag = 0): Series => ({
    family,
    suffix: '',
    labels,
    basis: basisOf(flow, lag),
    normal: rate * shares.share * each,
    faulty: rate * shares.faultyShare * each,
  })
  const perConnection = flow.protocol === 'tcp' ? 1 : 1 / requestsPerConnection
  return [
    series('istio_tcp_connections_opened_total', perConnection),
    series('istio_tcp_connections_closed_total', perConnection, connectionAge),
    // Client to server is "received", server to client "sent", whoever reports (https://github.com/istio/istio/issues/32399).
    series('istio_tcp_received_bytes_total', flow.requestBytes),
    series('istio_tcp_sent_bytes_total', flow.responseBytes),
  ]
}

function sentShare({ outcomes }: Flow): { share: number; faultyShare: number } {
  return {
    share: outcomes.reduce((sum, { share }) => sum + share, 0),
    faultyShare: outcomes.reduce((sum, { share, faultyShare }) => sum + (faultyShare ?? share), 0),
  }
}
