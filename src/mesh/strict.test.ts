import { describe, expect, test } from 'vitest'

import type { MeshObjects, PeerAuthentication, WorkloadObject } from './config/objects.ts'
import type { MtlsPair, Plaintext } from './mtlsReport.ts'
import { namespaceMode, roughly, strictVerdict, type StrictEvidence } from './strict.ts'

const workload = (name: string, more: Partial<WorkloadObject> = {}): WorkloadObject => ({
  kind: 'Deployment',
  namespace: 'shop',
  name,
  labels: { app: name },
  isInjected: true,
  ...more,
})

const policy = (mode: PeerAuthentication['mode'], more: Partial<PeerAuthentication> = {}): PeerAuthentication => ({
  namespace: 'shop',
  name: 'default',
  mode,
  ports: {},
  ...more,
})

const pair = (plaintext: readonly Plaintext[] = [], more: Partial<MtlsPair> = {}): MtlsPair => ({
  from: { kind: 'namespace', name: 'web' },
  to: 'shop',
  requests: { encrypted: 30, plain: 0 },
  tcp: { encrypted: 0, plain: 0 },
  plaintext,
  ...more,
})

const sender = (to: string, more: Partial<Plaintext> = {}): Plaintext => ({
  from: { kind: 'workload', namespace: 'web', name: 'partner' },
  to: { namespace: 'shop', name: to },
  protocol: 'requests',
  rate: 12,
  ...more,
})

const day = 86_400
const evidence = (more: Partial<StrictEvidence> = {}, objects: Partial<MeshObjects> = {}): StrictEvidence => ({
  objects: {
    workloads: [workload('cart'), workload('pricing')],
    peerAuthentications: [],
    destinationRules: [],
    ...objects,
  },
  pairs: [pair()],
  history: 7 * day,
  window: 900,
  ...more,
})

describe('may a namespace go STRICT?', () => {
  test.each([
    ['it is already', evidence({}, { peerAuthentications: [policy('STRICT')] }), 'strict'],
    ['all is encrypted for a week', evidence(), 'yes'],
    ['all is encrypted, for an hour only', evidence({ history: 3600 }), 'unproven'],
    ['nobody called', evidence({ pairs: [] }), 'unproven'],
    ['somebody sends plain text now', evidence({ pairs: [pair([sender('cart')])] }), 'no'],
    [
      'somebody sent plain text yesterday',
      evidence({
        pairs: [
          pair([{ from: { kind: 'outside' }, to: { namespace: 'shop', name: 'cart' }, protocol: 'tcp', lastSeen: 99 }]),
        ],
      }),
      'no',
    ],
    [
      'plain text goes only to a workload that its own policy exempts, and it would stay so',
      evidence(
        { pairs: [pair([sender('pricing')])] },
        { peerAuthentications: [policy('DISABLE', { name: 'pricing', selector: { app: 'pricing' } })] },
      ),
      'yes',
    ],
    [
      'a DestinationRule makes clients send plain text, though none called',
      evidence(
        {},
        {
          destinationRules: [
            {
              namespace: 'web',
              name: 'off',
              host: 'cart.shop.svc.cluster.local',
              exportTo: [],
              subsets: [],
              trafficPolicy: { tls: 'DISABLE' },
            },
          ],
        },
      ),
      'no',
    ],
    [
      'the DestinationRules were not read, and one may make its clients send plain text',
      { ...evidence(), objects: { workloads: [workload('cart')], peerAuthentications: [] } },
      'unproven',
    ],
    ['no workload has a proxy', evidence({}, { workloads: [workload('cart', { isInjected: false })] }), 'nothing'],
    ['the objects could not be read', { ...evidence(), objects: undefined }, 'yes'],
    [
      'plain text to another namespace does not count',
      evidence({ pairs: [pair(), pair([sender('x')], { to: 'y' })] }),
      'yes',
    ],
  ] as const)('%s', (_, given, answer) => {
    expect(strictVerdict('shop', given).answer).toBe(answer)
  })

  test('the evidence names who, when, how much, what stays, and how long was looked back', () => {
    const { evidence: said } = strictVerdict(
      'shop',
      evidence(
        {
          pairs: [
            pair([sender('cart'), sender('pricing', { rate: 3 })], { requests: { encrypted: 85, plain: 15 } }),
            pair(
              [{ from: { kind: 'outside' }, to: { namespace: 'shop', name: 'cart' }, protocol: 'tcp', lastSeen: 0 }],
              {
                from: { kind: 'outside' },
              },
            ),
          ],
          history: 3 * 3600 + 59,
        },
        {
          workloads: [workload('cart'), workload('pricing'), workload('batch', { isInjected: false })],
          peerAuthentications: [policy('DISABLE', { name: 'pricing', selector: { app: 'pricing' } })],
        },
      ),
    )
    expect(said).toEqual([
      '88% of 130 requests/s were under mTLS in the last 15 minutes.',
      'partner in web sends plain text to cart now: 12 requests/s.',
      'Somebody outside the mesh sent plain text to cart, last at 1970-01-01 00:00 UTC.',
      'partner in web sends plain text to pricing now: 3 requests/s. Its own PeerAuthentication lets it, and stays.',
      'batch runs without a proxy: no PeerAuthentication applies to it.',
      'pricing is DISABLE by PeerAuthentication pricing.',
      'Looked back 3 hours.',
    ])
  })
})

describe('the mode of a namespace', () => {
  test.each([
    ['none: Istio’s default', [], 'PERMISSIVE'],
    ['its own', [policy('STRICT')], 'STRICT'],
    ['the mesh’s', [policy('STRICT', { namespace: 'istio-system' })], 'STRICT'],
    [
      'one workload differs',
      [policy('STRICT'), policy('PERMISSIVE', { name: 'p', selector: { app: 'cart' } })],
      'mixed',
    ],
  ] as const)('%s', (_, peerAuthentications, mode) => {
    const objects = { workloads: [workload('cart'), workload('pricing')], peerAuthentications }
    expect(namespaceMode('shop', objects).mode).toBe(mode)
  })

  test('a port of its own is an exception', () => {
    const strict = policy('STRICT', { name: 'cart', selector: { app: 'cart' }, ports: { 9090: 'PERMISSIVE' } })
    const { exceptions } = namespaceMode('shop', { workloads: [workload('cart')], peerAuthentications: [strict] })
    expect(exceptions).toContainEqual({
      workload: 'cart',
      mode: 'PERMISSIVE',
      why: 'PeerAuthentication cart, port 9090',
    })
  })

  test('what was not read is not known, and what does not run does not count', () => {
    expect(namespaceMode('shop', undefined).mode).toBeUndefined()
    const asleep = workload('asleep', { isInjected: false, replicas: { desired: 0, current: 0, available: 0 } })
    expect(namespaceMode('shop', { workloads: [asleep] }).withoutProxy).toEqual([])
  })
})

test.each([
  [90, '1 minute'],
  [3599, '59 minutes'],
  [7300, '2 hours'],
  [day, '24 hours'],
  [2.9 * day, '2 days'],
])('%d s is roughly %s, never more', (seconds, words) => {
  expect(roughly(seconds)).toBe(words)
})
