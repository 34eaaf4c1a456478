/** Envoy's response flags: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#config-access-log-format-response-flags */

/**
 * What a flag says about whose doing it was.
 * `neverReached`: no upstream took the call; `refused`: turned away on purpose; `upstream`: it began and broke on the server's side;
 * `client`: the caller's doing; `injected`: a configured fault; `neutral`: no trouble at all.
 */
export type FlagKind = 'neverReached' | 'refused' | 'upstream' | 'client' | 'injected' | 'neutral'

export interface FlagFact {
  readonly flag: string
  /** Envoy's long name. */
  readonly name: string
  readonly kind: FlagKind
  /** Two or three words for a label: "circuit open". */
  readonly words: string
  /** One sentence for a hover. */
  readonly text: string
  /** Envoy's page on it. */
  readonly link: string
}

const page =
  'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#config-access-log-format-response-flags'
const docs = 'https://www.envoyproxy.io/docs/envoy/latest/'
const breaking = `${docs}intro/arch_overview/upstream/circuit_breaking`
const ztunnelPage = 'https://github.com/istio/ztunnel/blob/master/src/proxy/metrics.rs'
const faults = `${docs}configuration/http/http_filters/fault_filter`

const facts: readonly FlagFact[] = [
  fact(
    'UH',
    'NoHealthyUpstream',
    'neverReached',
    'no healthy upstream',
    'The service had no healthy endpoint to send to.',
  ),
  fact(
    'UF',
    'UpstreamConnectionFailure',
    'neverReached',
    'connection failed',
    'The connection to the callee could not be made.',
  ),
  fact(
    'UO',
    'UpstreamOverflow',
    'refused',
    'circuit open',
    'The caller’s circuit breaker was open (connection pool limits).',
    breaking,
  ),
  fact('NR', 'NoRouteFound', 'neverReached', 'no route', 'No route or listener matched the request.'),
  fact(
    'URX',
    'UpstreamRetryLimitExceeded',
    'upstream',
    'retries used up',
    'All retries (HTTP) or connect attempts (TCP) failed.',
  ),
  fact(
    'NC',
    'NoClusterFound',
    'neverReached',
    'no such cluster',
    'The route names an upstream cluster the proxy does not have.',
  ),
  fact('DT', 'DurationTimeout', 'upstream', 'lasted too long', 'The connection passed its maximum duration.'),
  fact(
    'DC',
    'DownstreamConnectionTermination',
    'client',
    'client left',
    'The client closed the connection before the answer.',
  ),
  fact('DR', 'DownstreamRemoteReset', 'client', 'client left', 'The client reset the stream before the answer.'),
  fact(
    'DPE',
    'DownstreamProtocolError',
    'client',
    'client broke the protocol',
    'The request itself was not valid HTTP.',
  ),
  fact(
    'IH',
    'InvalidEnvoyRequestHeaders',
    'client',
    'invalid request headers',
    'The request carried an invalid value in a header Envoy obeys.',
  ),
  fact(
    'LH',
    'FailedLocalHealthCheck',
    'neverReached',
    'failed health check',
    'The local service failed its health check.',
  ),
  fact('UT', 'UpstreamRequestTimeout', 'upstream', 'timed out', 'The callee did not answer in time.'),
  fact('LR', 'LocalReset', 'upstream', 'reset here', 'The caller’s proxy reset the connection.'),
  fact('UR', 'UpstreamRemoteReset', 'upstream', 'reset by callee', 'The callee reset the stream.'),
  fact(
    'UC',
    'UpstreamConnectionTermination',
    'upstream',
    'connection broken',
    'The callee closed the connection before it had answered.',
  ),
  fact('UPE', 'UpstreamProtocolError', 'upstream', 'callee broke the protocol', 'The answer was not valid HTTP.'),
  fact(
    'UMSDR',
    'UpstreamMaxStreamDurationReached',
    'upstream',
    'lasted too long',
    'The request passed its maximum stream duration.',
  ),
  fact('SI', 'StreamIdleTimeout', 'upstream', 'idle too long', 'Nothing moved on the stream until its idle timeout.'),
  fact('DI', 'DelayInjected', 'injected', 'injected delay', 'Delayed on purpose by fault injection.', faults),
  fact('FI', 'FaultInjected', 'injected', 'injected fault', 'Aborted on purpose by fault injection.', faults),
  fact(
    'RL',
    'RateLimited',
    'refused',
    'rate limited',
    'Turned away by a rate limit.',
    `${docs}configuration/http/http_filters/local_rate_limit_filter`,
  ),
  fact(
    'RLSE',
    'RateLimitServiceError',
    'refused',
    'rate limit service failed',
    'Turned away because the rate limit service did not answer.',
    `${docs}configuration/http/http_filters/rate_limit_filter`,
  ),
  fact(
    'UAEX',
    'UnauthorizedExternalService',
    'refused',
    'refused',
    'Turned away by the external authorization service.',
    `${docs}configuration/http/http_filters/ext_authz_filter`,
  ),
  // Not a flag of Envoy's core (it denies with 403 and no flag), but some engines and demos write it.
  fact(
    'RBAC',
    'RbacAccessDenied',
    'refused',
    'refused',
    'Turned away by an authorization policy.',
    `${docs}configuration/http/http_filters/rbac_filter`,
  ),
  fact(
    'OM',
    'OverloadManagerTerminated',
    'refused',
    'proxy overloaded',
    'The proxy’s overload manager ended the request.',
    `${docs}configuration/operations/overload_manager/overload_manager`,
  ),
  fact(
    'DO',
    'DropOverload',
    'refused',
    'dropped for overload',
    'Dropped because the endpoints were declared overloaded.',
  ),
  fact(
    'UDO',
    'UnconditionalDropOverload',
    'refused',
    'dropped for overload',
    'Dropped because all traffic to the endpoints is.',
  ),
  // ztunnel's own two, for TCP: https://github.com/istio/ztunnel/blob/master/src/proxy/metrics.rs
  fact(
    'CONNECT',
    'ConnectionFailure',
    'neverReached',
    'connection failed',
    'ztunnel could not reach the callee.',
    ztunnelPage,
  ),
  fact(
    'DENY',
    'AuthorizationPolicyDenied',
    'refused',
    'refused',
    'Turned away by an authorization policy.',
    ztunnelPage,
  ),
  fact('DF', 'DnsResolutionFailed', 'neverReached', 'name not resolved', 'The host’s name could not be resolved.'),
  fact(
    'NFCF',
    'NoFilterConfigFound',
    'neverReached',
    'proxy not configured',
    'The proxy’s filter configuration did not arrive in time.',
  ),
  fact('RFCF', 'ResponseFromCacheFilter', 'neutral', 'from cache', 'Answered from the proxy’s cache.'),
]

function fact(flag: string, name: string, kind: FlagKind, words: string, text: string, link: string = page): FlagFact {
  return { flag, name, kind, words, text, link }
}

const byFlag: ReadonlyMap<string, FlagFact> = new Map(facts.map((one) => [one.flag, one]))

/** The single flags in Envoy's comma-separated string; none for `-`, the empty string and an absent value. */
export function splitFlags(flags: string | undefined): readonly string[] {
  if (flags === undefined || flags === '-' || flags === '') return []
  return flags
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag !== '-')
}

/** What Envoy means by each flag of the string, in its order; a flag that Envoy's page does not list is left out. */
export function flagFacts(flags: string | undefined): readonly FlagFact[] {
  return splitFlags(flags).flatMap((flag) => byFlag.get(flag) ?? [])
}

/** The flags in words, "connection failed, retries used up"; an unlisted flag stands for itself; empty where there is none. */
export function flagWords(flags: string | undefined): string {
  return splitFlags(flags)
    .map((flag) => byFlag.get(flag)?.words ?? flag)
    .join(', ')
}

/** The kinds the string speaks of; an unlisted flag counts as `upstream`, since a proxy flags trouble, and the client's are few. */
export function flagKinds(flags: string | undefined): readonly FlagKind[] {
  return splitFlags(flags).map((flag) => byFlag.get(flag)?.kind ?? 'upstream')
}
