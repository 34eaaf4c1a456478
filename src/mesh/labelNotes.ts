import type { Sample } from './samples.ts'
import { exampleAmong, type SkippedList } from './skipped.ts'
import { label, mutualTls } from './telemetry.ts'

/** Labels that may be missing without a series being lost, and what then cannot be told. */
const optional: readonly {
  readonly anyOf: readonly string[]
  /** Said only where these are there: without them something else was said already. */
  readonly besides?: readonly string[]
  readonly isOfRequests?: true
  readonly loss: string
}[] = [
  {
    anyOf: [label.sourceService, label.destinationCanonicalService],
    loss: 'no canonical service labels (dropped, or Istio before 1.6, Mixer): apps and versions are told by app and version labels, else by the workload',
  },
  {
    anyOf: [label.sourceRevision, label.destinationRevision],
    besides: [label.sourceService, label.destinationCanonicalService],
    loss: 'no canonical revision labels: versions are told by version labels, else they are unknown',
  },
  { anyOf: [label.sourceCluster, label.destinationCluster], loss: 'no cluster labels: clusters are unknown' },
  { anyOf: [label.flags], loss: 'no response_flags: why a call failed, and that a client left, cannot be told' },
  { anyOf: [label.code], isOfRequests: true, loss: 'no response_code: failures cannot be told' },
  {
    anyOf: [label.protocol],
    isOfRequests: true,
    loss: 'no request_protocol: gRPC is told by its status, all else is HTTP',
  },
]

/**
 * Notes labels that no series bears, under a count of 0: nothing is lost by it, but something cannot be told.
 * Nothing for no samples.
 */
export function noteMissingLabels(requests: readonly Sample[], tcp: readonly Sample[], skipped: SkippedList): void {
  const examples = requests.length > 0 ? requests : tcp
  let example: string | undefined
  for (const { anyOf, besides, isOfRequests, loss } of optional) {
    const samples = isOfRequests === true ? [requests] : [requests, tcp]
    if (samples.every(({ length }) => length === 0)) continue
    const isBorne = (names: readonly string[]): boolean =>
      samples.some((list) => list.some(({ labels }) => names.some((name) => labels[name] !== undefined)))
    if (isBorne(anyOf) || (besides !== undefined && !isBorne(besides))) continue
    skipped.add(loss, (example ??= exampleAmong(examples)), 0)
  }
}

/** Notes, under a count of 0, that mutual TLS was told and no identity with it. Nothing where none is mutual: plaintext has none. */
export function noteMissingPrincipals(mtls: readonly Sample[] | undefined, skipped: SkippedList): void {
  const mutual = mtls?.filter(({ labels }) => labels[label.securityPolicy] === mutualTls) ?? []
  if (mtls === undefined || mutual.length === 0) return
  const names = [label.sourcePrincipal, label.destinationPrincipal]
  if (mtls.some(({ labels }) => names.some((name) => labels[name] !== undefined))) return
  skipped.add('no principal labels: who the two ends proved to be cannot be told', exampleAmong(mutual), 0)
}

/**
 * Notes, under a count of 0, that response times were asked for and none came where the requests bear no canonical labels: Mixer named
 * them `istio_request_duration_seconds` (https://istio.io/v1.4/docs/reference/config/policy-and-telemetry/metrics/).
 */
export function noteMixerDurations(
  requests: readonly Sample[],
  responseTimes: readonly Sample[] | undefined,
  skipped: SkippedList,
): void {
  if (requests.length === 0 || responseTimes?.length !== 0) return
  const isCanonical = requests.some(
    ({ labels }) =>
      labels[label.sourceService] !== undefined || labels[label.destinationCanonicalService] !== undefined,
  )
  if (isCanonical) return
  skipped.add(
    'no response times: Mixer (Istio before 1.5) names them istio_request_duration_seconds, which is not read',
    exampleAmong(requests),
    0,
  )
}
