import { describe, expect, it } from 'vitest'

import { changesOf } from './changes.ts'

const at = (time: string) => Date.parse(time) / 1000
const meta = (name: string, creationTimestamp: string, more: object = {}) => ({
  metadata: { namespace: 'shop', name, creationTimestamp, ...more },
})
const wrote = (manager: string, time: string, subresource?: string) => ({ manager, time, subresource })

describe('what Kubernetes knows of changes', () => {
  it('is a rollout at each ReplicaSet’s beginning, oldest first', () => {
    const owned = { ownerReferences: [{ kind: 'Deployment', name: 'cart' }] }
    const lists = {
      'replicasets.apps': [
        meta('cart-2', '2026-01-02T10:00:00Z', owned),
        meta('cart-1', '2026-01-01T10:00:00Z', owned),
        meta('bare', '2026-01-01T10:00:00Z'),
      ],
    }
    expect(changesOf(lists)).toEqual([
      { at: at('2026-01-01T10:00:00Z'), kind: 'rollout', what: 'rolledOut', object: 'Deployment', namespace: 'shop', name: 'cart' }, // prettier-ignore
      { at: at('2026-01-02T10:00:00Z'), kind: 'rollout', what: 'rolledOut', object: 'Deployment', namespace: 'shop', name: 'cart' }, // prettier-ignore
    ])
  })

  it('is an object’s creation and its last change, but not what controllers write into status and scale', () => {
    const managedFields = [
      wrote('kubectl', '2026-01-01T10:00:00Z'),
      wrote('argocd', '2026-01-03T10:00:00Z'),
      wrote('pilot-discovery', '2026-01-09T10:00:00Z', 'status'),
    ]
    const lists = {
      'virtualservices.networking.istio.io': [meta('cart', '2026-01-01T10:00:00Z', { managedFields })],
      'statefulsets.apps': [
        meta('db', '2026-01-02T10:00:00Z', {
          managedFields: [
            wrote('hpa', '2026-01-08T10:00:00Z', 'scale'),
            { manager: 'helm', time: '2026-01-02T10:00:01Z' },
          ],
        }),
      ],
    }
    expect(changesOf(lists).map(({ at: instant, object, what, by }) => [instant, object, what, by])).toEqual([
      [at('2026-01-01T10:00:00Z'), 'VirtualService', 'created', undefined],
      [at('2026-01-02T10:00:00Z'), 'StatefulSet', 'created', 'helm'],
      [at('2026-01-03T10:00:00Z'), 'VirtualService', 'changed', 'argocd'],
    ])
  })

  it('is nothing where nothing can be read', () => {
    const lists = {
      'replicasets.apps': [
        null,
        7,
        {},
        meta('x', 'yesterday', { ownerReferences: [{ kind: 'Deployment', name: 'x' }] }),
      ],
      'gateways.networking.istio.io': [meta('g', ''), { metadata: { creationTimestamp: '2026-01-01T10:00:00Z' } }],
    }
    expect(changesOf(lists)).toEqual([])
  })
})
