import type { Flow, Outcome, ServiceRef, Workload } from '../mesh/model.ts'
import { clusterName, principalOf } from '../mesh/model.ts'

export type Labels = Readonly<Record<string, string>>
export type Reporter = 'source' | 'destination' | 'waypoint'

/** The word Istio writes where it does not know. */
const unknown = 'unknown'

/** One end of a call as a proxy tells it: which workload, if it can tell, and how much of it. */
export interface Peer {
  readonly workload?: Workload
  readonly hasIdentity: boolean
  /** Only endpoint metadata is known, which says neither app nor version (a callee without a proxy). */
  readonly isEndpointOnly?: boolean
}

/**
 * The labels of one end. A missing workload is `unknown` throughout, except that its revision is `latest`:
 * https://github.com/istio/proxy/blob/master/source/extensions/filters/http/istio_stats/istio_stats.cc (populatePeerInfo).
 */
function peerLabels(side: 'source' | 'destination', { workload, hasIdentity, isEndpointOnly }: Peer): Labels {
  const saysApp = workload !== undefined && isEndpointOnly !== true
  const version = workload?.version === 'latest' ? undefined : workload?.version
  return {
    [`${side}_workload`]: workload?.name ?? unknown,
    [`${side}_canonical_service`]: workload?.app ?? unknown,
    [`${side}_canonical_revision`]: version ?? 'latest',
    [`${side}_workload_namespace`]: workload?.namespace ?? unknown,
    [`${side}_principal`]: workload !== undefined && hasIdentity ? principalOf(workload) : unknown,
    [`${side}_app`]: saysApp && workload.proxy !== 'waypoint' ? workload.app : unknown,
    [`${side}_version`]: saysApp ? (version ?? unknown) : unknown,
    [`${side}_cluster`]: workload === undefined ? unknown : clusterName,
  }
}

/** Both ends and the service: all that gRPC message counters carry, since they count while the stream is still open. */
export function callLabels(reporter: Reporter, source: Peer, destination: Peer, service: ServiceRef): Labels {
  return {
    reporter,
    ...peerLabels('source', source),
    ...peerLabels('destination', destination),
    destination_service: service.host,
    destination_service_name: service.name,
    destination_service_namespace: service.namespace,
  }
}

/** `unknown` at the caller, who cannot be sure; the callee's side knows. */
const securityPolicy = (reporter: Reporter, isMtls: boolean) =>
  reporter === 'source' ? unknown : isMtls ? 'mutual_tls' : 'none'

/** What HTTP and gRPC requests carry on top. Without a gRPC status the label is empty, which to Prometheus is absent. */
export function requestLabels(reporter: Reporter, flow: Flow, outcome: Outcome): Labels {
  const { atDestination } = outcome
  const { code, flags } =
    reporter === 'source' || atDestination === undefined || atDestination === 'never reached' ? outcome : atDestination
  return {
    request_protocol: flow.protocol,
    response_code: String(code),
    ...(flow.protocol === 'grpc' &&
      outcome.grpcStatus !== undefined && { grpc_response_status: String(outcome.grpcStatus) }),
    response_flags: flags,
    connection_security_policy: securityPolicy(reporter, flow.mtls),
  }
}

/** What TCP connections carry on top; ztunnel knows the policy on both sides. */
export function connectionLabels(reporter: Reporter, isMtls: boolean, isZtunnel: boolean): Labels {
  return {
    request_protocol: 'tcp',
    response_flags: '-',
    connection_security_policy: isZtunnel ? 'mutual_tls' : securityPolicy(reporter, isMtls),
  }
}
