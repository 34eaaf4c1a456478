/**
 * Istio's standard metrics and labels: the only place where their wire names stand.
 * https://istio.io/latest/docs/reference/config/metrics/
 */
export const metrics = {
  requests: 'istio_requests_total',
  requestMessages: 'istio_request_messages_total',
  responseMessages: 'istio_response_messages_total',
  durationBuckets: 'istio_request_duration_milliseconds_bucket',
  durationSum: 'istio_request_duration_milliseconds_sum',
  durationCount: 'istio_request_duration_milliseconds_count',
  requestBytes: 'istio_request_bytes_sum',
  responseBytes: 'istio_response_bytes_sum',
  /** Client to server, whoever reports: our word is "sent" (https://github.com/istio/istio/issues/32399). */
  tcpReceivedBytes: 'istio_tcp_received_bytes_total',
  /** Server to client: our word is "received". */
  tcpSentBytes: 'istio_tcp_sent_bytes_total',
  tcpOpened: 'istio_tcp_connections_opened_total',
  tcpClosed: 'istio_tcp_connections_closed_total',
} as const

export const label = {
  reporter: 'reporter',
  /** Of the scraped target, not of the traffic: how ztunnel's reports are told from a sidecar's. */
  targetApp: 'app',
  /** Ours, set by the queries on TCP: the caller's word, `sent` or `received`, and `failed` for connections that came to nothing. */
  direction: 'direction',

  sourceCluster: 'source_cluster',
  sourceNamespace: 'source_workload_namespace',
  sourceWorkload: 'source_workload',
  sourceService: 'source_canonical_service',
  sourceRevision: 'source_canonical_revision',
  sourceApp: 'source_app',
  sourceVersion: 'source_version',
  sourcePrincipal: 'source_principal',

  destinationCluster: 'destination_cluster',
  destinationNamespace: 'destination_workload_namespace',
  destinationWorkload: 'destination_workload',
  destinationCanonicalService: 'destination_canonical_service',
  destinationRevision: 'destination_canonical_revision',
  destinationApp: 'destination_app',
  destinationVersion: 'destination_version',
  destinationPrincipal: 'destination_principal',
  serviceHost: 'destination_service',
  serviceName: 'destination_service_name',
  serviceNamespace: 'destination_service_namespace',

  protocol: 'request_protocol',
  code: 'response_code',
  grpcStatus: 'grpc_response_status',
  flags: 'response_flags',
  securityPolicy: 'connection_security_policy',
  bucket: 'le',
  /** Only where requests are classified: https://istio.io/latest/docs/tasks/observability/metrics/classify-metrics/ */
  operation: 'request_operation',
} as const

/** Istio writes this word where it does not know. */
export const unknown = 'unknown'

/** Said by a target label of ztunnel's pods, the node proxy of ambient meshes, which reports TCP as source and as destination. */
export const ztunnel = 'ztunnel'

/** Calls to an address Istio has no configuration for; https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/ */
export const passthrough = 'PassthroughCluster'
export const blackHole = 'BlackHoleCluster'

export const mutualTls = 'mutual_tls'

/** Whether a label says anything: absent, empty and the word `unknown` do not. */
export function isKnown(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== unknown
}
