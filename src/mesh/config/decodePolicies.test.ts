import { describe, expect, it, test } from 'vitest'
import { authorizationPolicyOf, envoyFilterOf, peerAuthenticationOf, sidecarOf } from './decodePolicies.ts'

const named = (spec: unknown): unknown => ({ metadata: { namespace: 'shop', name: 'x' }, spec })
const base = { namespace: 'shop', name: 'x' }

describe('PeerAuthentication', () => {
  it.each([
    [{ mtls: { mode: 'STRICT' } }, { mode: 'STRICT', ports: {} }],
    [{ mtls: { mode: 'DISABLE' } }, { mode: 'DISABLE', ports: {} }],
    [{}, { mode: 'UNSET', ports: {} }],
    [{ mtls: { mode: 'whatever' } }, { mode: 'UNSET', ports: {} }],
    [
      { selector: { matchLabels: { app: 'db' } }, mtls: { mode: 'PERMISSIVE' }, portLevelMtls: { 9000: { mode: 'DISABLE' }, 9001: 7 } }, // prettier-ignore
      { selector: { app: 'db' }, mode: 'PERMISSIVE', ports: { 9000: 'DISABLE', 9001: 'UNSET' } },
    ],
    ['nonsense', { mode: 'UNSET', ports: {} }],
  ])('%j', (spec, expected) => {
    expect(peerAuthenticationOf(named(spec))).toEqual({ ...base, ...expected })
  })
})

describe('AuthorizationPolicy', () => {
  it.each([
    [{}, { action: 'ALLOW', rules: 0, targets: [] }],
    [
      { action: 'DENY', rules: [{}, {}] },
      { action: 'DENY', rules: 2, targets: [], matchesAll: true },
    ],
    [
      { rules: [{ to: [{}], from: [{ source: { principals: ['td/ns/a/sa/b'], namespaces: ['a'] } }] }] },
      { action: 'ALLOW', rules: 1, targets: [], principals: ['td/ns/a/sa/b'], sourceNamespaces: ['a'] },
    ],
    [{ action: 'CUSTOM', selector: { matchLabels: { app: 'a' } } }, { action: 'CUSTOM', rules: 0, selector: { app: 'a' }, targets: [] }], // prettier-ignore
    [
      { action: 'deny', rules: 'all' },
      { action: 'ALLOW', rules: 0, targets: [] },
    ],
  ])('%j', (spec, expected) => {
    expect(authorizationPolicyOf(named(spec))).toEqual({ ...base, ...expected })
  })

  it('names its targets, one or several', () => {
    const waypoint = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }
    const cart = { group: '', kind: 'Service', name: 'cart' }
    const { targets } = authorizationPolicyOf(named({ targetRef: waypoint, targetRefs: [cart, 7] }))
    expect(targets.map(({ kind, name }) => [kind, name])).toEqual([
      ['Gateway', 'waypoint'],
      ['Service', 'cart'],
    ])
  })
})

describe('EnvoyFilter', () => {
  it.each([
    ['envoy.filters.http.local_ratelimit', 'local'],
    ['envoy.filters.network.local_ratelimit', 'local'],
    ['type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', 'local'],
    ['envoy.filters.http.ratelimit', 'global'],
    ['rate_limits', 'global'],
    ['envoy.filters.http.lua', undefined],
  ])('a patch with %s limits rates: %s', (text, rateLimit) => {
    const filter = envoyFilterOf(
      named({ configPatches: [{ patch: { value: { [text]: text } } }], workloadSelector: { labels: { app: 'a' } } }),
    )
    expect(filter).toEqual({ ...base, selector: { app: 'a' }, targets: [], ...(rateLimit === undefined ? {} : { rateLimit }) }) // prettier-ignore
  })
})

test('a Sidecar tells what its workloads may reach', () => {
  const spec = {
    egress: [{ hosts: ['./*', 'istio-system/*', 5] }, { hosts: ['pay/*'] }, null],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  }
  expect(sidecarOf(named(spec))).toEqual({
    ...base,
    egressHosts: ['./*', 'istio-system/*', 'pay/*'],
    outbound: 'REGISTRY_ONLY',
  })
  expect(sidecarOf(named(undefined))).toEqual({ ...base, egressHosts: [] })
})
