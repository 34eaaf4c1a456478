import { describe, expect, test } from 'vitest'

import { emptyReason } from './emptyReason.ts'

const namespaces = [{ name: 'shop' }, { name: 'legacy' }, { name: 'waved', isAmbient: true }]
const workload = (namespace: string, patch: object = {}) => ({
  namespace,
  name: 'web',
  kind: 'Deployment',
  labels: {},
  replicas: { desired: 1, current: 1, available: 1 },
  ...patch,
})

describe('why a scope is empty', () => {
  test.each([
    ['everything was asked for', [], { namespaces, workloads: [] }, 'unknown'],
    ['nothing is known of the cluster', ['shop'], undefined, 'unknown'],
    ['namespaces may not be listed', ['shop'], { workloads: [] }, 'unknown'],
    ['workloads may not be listed', ['shop'], { namespaces }, 'unknown'],
    ['the cluster has no such namespace', ['shopp'], { namespaces, workloads: [] }, 'noSuchNamespace'],
    ['nothing runs there', ['shop', 'shopp'], { namespaces, workloads: [workload('legacy')] }, 'nothingRuns'],
    [
      'what is there is scaled to nothing',
      ['shop'],
      { namespaces, workloads: [workload('shop', { replicas: { desired: 0, current: 0, available: 0 } })] },
      'nothingRuns',
    ],
    ['nothing is in the mesh', ['legacy'], { namespaces, workloads: [workload('legacy')] }, 'notInMesh'],
    [
      'a pod template is injected',
      ['shop'],
      { namespaces, workloads: [workload('shop', { isInjected: true })] },
      'quietOrNotScraped',
    ],
    [
      'a pod has a sidecar',
      ['shop'],
      { namespaces, workloads: [workload('shop', { pods: [{ name: 'p', labels: {}, hasSidecar: true }] })] },
      'quietOrNotScraped',
    ],
    ['the namespace is ambient', ['waved'], { namespaces, workloads: [workload('waved')] }, 'quietOrNotScraped'],
  ] as const)('%s', (_, scope, objects, kind) => {
    expect(emptyReason(scope, objects).kind).toBe(kind)
  })

  test('only the namespaces that exist are named', () => {
    const objects = { namespaces, workloads: [workload('legacy')] }
    expect(emptyReason(['legacy', 'gone'], objects)).toEqual({ kind: 'notInMesh', namespaces: ['legacy'] })
  })
})
