import { targetRefOf } from './decodeTraffic.ts'
import type {
  AuthorizationPolicy,
  EnvoyFilter,
  MtlsMode,
  PeerAuthentication,
  SidecarObject,
  TargetRef,
} from './objects.ts'
import { at, isObject, listAt, mapAt, namedOf, textAt, textsAt } from './reading.ts'

/** https://istio.io/latest/docs/reference/config/security/peer_authentication/ */
export function peerAuthenticationOf(item: unknown): PeerAuthentication {
  const selector = mapAt(item, 'spec', 'selector', 'matchLabels')
  const ports = at(item, 'spec', 'portLevelMtls')
  return {
    ...namedOf(item),
    ...(selector === undefined ? {} : { selector }),
    mode: modeOf(textAt(item, 'spec', 'mtls', 'mode')),
    ports: isObject(ports)
      ? Object.fromEntries(Object.entries(ports).map(([port, mtls]) => [port, modeOf(textAt(mtls, 'mode'))]))
      : {},
  }
}

function modeOf(text: string | undefined): MtlsMode {
  return text === 'DISABLE' || text === 'PERMISSIVE' || text === 'STRICT' ? text : 'UNSET'
}

/** https://istio.io/latest/docs/reference/config/security/authorization-policy/ */
export function authorizationPolicyOf(item: unknown): AuthorizationPolicy {
  const selector = mapAt(item, 'spec', 'selector', 'matchLabels')
  const action = textAt(item, 'spec', 'action')
  return {
    ...namedOf(item),
    ...(selector === undefined ? {} : { selector }),
    targets: targetsOf(item),
    action: action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : 'ALLOW',
    rules: listAt(item, 'spec', 'rules').length,
    ...matchesOf(listAt(item, 'spec', 'rules')),
  }
}

/** Whom the rules are about; a rule with none of `from`, `to`, `when` matches every request. */
function matchesOf(
  rules: readonly unknown[],
): Pick<AuthorizationPolicy, 'matchesAll' | 'principals' | 'sourceNamespaces'> {
  const sources = rules.flatMap((rule) => listAt(rule, 'from').map((from) => at(from, 'source')))
  const principals = sources.flatMap((source) => textsAt(source, 'principals'))
  const sourceNamespaces = sources.flatMap((source) => textsAt(source, 'namespaces'))
  const isEmpty = (rule: unknown) => ['from', 'to', 'when'].every((part) => listAt(rule, part).length === 0)
  return {
    ...(rules.some(isEmpty) ? { matchesAll: true } : {}),
    ...(principals.length === 0 ? {} : { principals }),
    ...(sourceNamespaces.length === 0 ? {} : { sourceNamespaces }),
  }
}

/** https://istio.io/latest/docs/reference/config/networking/envoy-filter/ */
export function envoyFilterOf(item: unknown): EnvoyFilter {
  const selector = mapAt(item, 'spec', 'workloadSelector', 'labels')
  const text = JSON.stringify(listAt(item, 'spec', 'configPatches'))
  // https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/local_rate_limit_filter
  const rateLimit = /envoy\.filters\.(?:http|network)\.local_?ratelimit|LocalRateLimit/.test(text)
    ? 'local'
    : /envoy\.filters\.(?:http|network)\.ratelimit|filters\.http\.ratelimit|rate_limits/.test(text)
      ? 'global'
      : undefined
  return {
    ...namedOf(item),
    ...(selector === undefined ? {} : { selector }),
    targets: targetsOf(item),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  }
}

/** https://istio.io/latest/docs/reference/config/networking/sidecar/ */
export function sidecarOf(item: unknown): SidecarObject {
  const selector = mapAt(item, 'spec', 'workloadSelector', 'labels')
  const outbound = textAt(item, 'spec', 'outboundTrafficPolicy', 'mode')
  return {
    ...namedOf(item),
    ...(selector === undefined ? {} : { selector }),
    egressHosts: listAt(item, 'spec', 'egress').flatMap((listener) => textsAt(listener, 'hosts')),
    ...(outbound === undefined ? {} : { outbound }),
  }
}

function targetsOf(item: unknown): readonly TargetRef[] {
  return [at(item, 'spec', 'targetRef'), ...listAt(item, 'spec', 'targetRefs')].flatMap((one) =>
    targetRefOf(one, 'Gateway'),
  )
}
