import { describe, expect, test } from 'vitest'

import { encryptedShare, mtlsPairs } from './mtlsReport.ts'
import type { Sample } from './samples.ts'

interface Seen {
  readonly from?: string
  readonly to: string
  readonly policy?: string
  readonly protocol?: string
}

/** `namespace/workload` on both ends; without `from` the labels were not asked for. */
function sample(value: number, { from, to, policy, protocol = 'http' }: Seen): Sample {
  const [toNamespace = '', toName = ''] = to.split('/')
  const [fromNamespace, fromName] = from?.split('/') ?? []
  return {
    value,
    labels: {
      reporter: 'destination',
      ...(fromNamespace === undefined ? {} : { source_workload_namespace: fromNamespace }),
      ...(fromName === undefined ? {} : { source_workload: fromName }),
      destination_workload_namespace: toNamespace,
      destination_workload: toName,
      request_protocol: protocol,
      ...(policy === undefined ? {} : { connection_security_policy: policy }),
    },
  }
}

const m = 'mutual_tls'

describe('mtlsPairs', () => {
  test('calls are laid together by pair of namespaces, those in plain text now first, then those that were', () => {
    const { pairs, untold } = mtlsPairs(
      [
        sample(30, { from: 'web/front', to: 'shop/cart', policy: m }),
        sample(10, { from: 'web/partner', to: 'shop/pricing', policy: 'none' }),
        sample(7, { from: 'web/partner', to: 'shop/cart', policy: m, protocol: 'grpc' }),
        sample(900, { from: 'shop/cart', to: 'data/redis', policy: m, protocol: 'tcp' }),
        sample(5, { from: 'unknown/unknown', to: 'web/front', policy: 'none' }),
        sample(3, { from: 'aaa/x', to: 'shop/cart', policy: m }),
      ],
      [
        sample(1700, { from: 'web/partner', to: 'shop/pricing' }),
        sample(1300, { from: 'jobs/nightly', to: 'data/redis', protocol: 'tcp' }),
      ],
    )
    expect(untold).toBe(0)
    expect(pairs.map(({ from, to }) => `${from.kind === 'namespace' ? from.name : from.kind}>${to}`)).toEqual([
      'web>shop',
      'outside>web',
      'jobs>data',
      'shop>data',
      'aaa>shop',
    ])
    const [webShop, , jobsData] = pairs
    expect(webShop).toMatchObject({ requests: { encrypted: 37, plain: 10 }, tcp: { encrypted: 0, plain: 0 } })
    expect(webShop?.plaintext).toEqual([
      {
        from: { kind: 'workload', namespace: 'web', name: 'partner' },
        to: { namespace: 'shop', name: 'pricing' },
        protocol: 'requests',
        rate: 10,
        lastSeen: 1700,
      },
    ])
    expect(jobsData?.plaintext).toMatchObject([{ from: { name: 'nightly' }, protocol: 'tcp', lastSeen: 1300 }])
    expect(jobsData?.plaintext[0]?.rate).toBeUndefined()
  })

  test('what a viewer may not know of the sender is hidden, not outside the mesh', () => {
    const { pairs } = mtlsPairs(
      [sample(4, { to: 'shop/cart', policy: 'none' }), sample(2, { from: 'team-b', to: 'shop/cart', policy: 'none' })],
      [],
    )
    expect(pairs.map(({ plaintext }) => plaintext[0]?.from)).toEqual([
      { kind: 'hidden' },
      { kind: 'namespace', namespace: 'team-b' },
    ])
  })

  test('a report without a policy is neither encrypted nor plain', () => {
    const { pairs, untold } = mtlsPairs([sample(4, { from: 'a/b', to: 'shop/cart' })], [])
    expect([pairs, untold]).toEqual([[], 1])
  })

  test('what ztunnel and older proxies call unknown on the callee’s side is plain text', () => {
    const { pairs } = mtlsPairs([sample(4, { from: 'a/b', to: 'shop/cart', policy: 'unknown' })], [])
    expect(pairs[0]?.requests).toEqual({ encrypted: 0, plain: 4 })
  })
})

test.each([
  [
    { encrypted: 3, plain: 1 },
    { encrypted: 0, plain: 9 },
    { ratio: 0.75, of: 'requests' },
  ],
  [
    { encrypted: 0, plain: 0 },
    { encrypted: 2, plain: 8 },
    { ratio: 0.2, of: 'bytes' },
  ],
  [{ encrypted: 0, plain: 0 }, { encrypted: 0, plain: 0 }, undefined],
])('the share of %j and %j is of requests, else of bytes, else unknown', (requests, tcp, share) => {
  expect(encryptedShare({ requests, tcp })).toEqual(share)
})
