import type { TelemetryEvidence } from '../../mesh/doctor/evidence.ts'

/**
 * What Prometheus's HTTP API answers, as far as Meshboard reads it: https://prometheus.io/docs/prometheus/latest/querying/api/
 * Numbers travel as strings (`"NaN"`, `"+Inf"` and `"1e-05"` included), times as unix seconds with a fraction.
 */
export interface PrometheusFailure {
  readonly status: 'error'
  readonly errorType: PrometheusErrorType
  readonly error: string
}

/** https://github.com/prometheus/prometheus/blob/main/web/api/v1/api.go (`errorType`) */
export type PrometheusErrorType =
  'timeout' | 'canceled' | 'execution' | 'bad_data' | 'internal' | 'unavailable' | 'not_found' | 'not_acceptable'

export interface WireSample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: WireValue
}

/** Unix seconds, and the number as text. */
export type WireValue = readonly [at: number, value: string]

/** What an answer to a named question says besides Prometheus's own format, under `meshboard`. */
export interface Meshboard {
  /** The PromQL that ran; their vectors are laid end to end in `data.result`. */
  readonly queries: readonly { readonly name: string; readonly promql: string }[]
  /** Seconds. */
  readonly window: number
  /** Unix seconds of the instant the window ends at. */
  readonly time: number
  /** The namespaces that were asked about, after the viewer's rights; null is all of them. */
  readonly namespaces: readonly string[] | null
  /** Sentences for a person: what was left out, and why. */
  readonly notes: readonly string[]
}

/** The answer to the question `facts`: what this Prometheus is and whether Istio's metrics are in it. */
export interface FactsData {
  readonly prometheusVersion?: string
  /** As Prometheus says it: `15d`, `15d or 10GiB`. */
  readonly retention?: string
  /** Any of Istio's standard metrics was seen within the last hour. */
  readonly hasIstioMetrics: boolean
  /** Some request, or some TCP byte, was counted within the window. */
  readonly hasTraffic: boolean
  /** `source`, `destination`, `waypoint`: the reporters seen within the last hour, sorted. */
  readonly reporters: readonly string[]
  /** Seconds between two scrapes of one of Istio's proxies. */
  readonly scrapeIntervalSeconds?: number
  /** Only where it was asked for in depth. */
  readonly evidence?: TelemetryEvidence
}
