import { expect, test } from 'vitest'

import { injectorOf } from './config/injector.ts'
import type { MeshObjects, WorkloadObject } from './config/objects.ts'
import { restartsFor } from './restarts.ts'
import { demoInjectors } from './testing/injectors.ts'

const workload = (name: string, hasSidecar: boolean, more: Partial<WorkloadObject> = {}): WorkloadObject => ({
  namespace: 'shop',
  name,
  kind: 'Deployment',
  labels: {},
  pods: [
    {
      name: `${name}-1`,
      labels: {},
      phase: 'Running',
      hasSidecar,
      ...(hasSidecar ? { proxyRevision: 'default' } : {}),
    },
  ],
  ...more,
})
const objects: MeshObjects = {
  namespaces: [{ name: 'shop', injection: 'enabled', labels: { 'istio-injection': 'enabled' } }],
  workloads: [
    workload('web', true),
    workload('late', false),
    workload('never', false, { labels: { 'sidecar.istio.io/inject': 'false' } }),
    workload('idle', false, { pods: [] }),
    workload('waypoint', true, { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } }),
    workload('theirs', false, { namespace: 'bookinfo' }),
  ],
  injector: injectorOf(demoInjectors()),
}
const names = (choice: Parameters<typeof restartsFor>[2], of = objects) =>
  restartsFor(of, 'shop', choice)?.map(({ workload: { name }, injection: { state } }) => `${name} ${state}`)

test('what takes a restart follows from what the namespace would say', () => {
  expect(names({ kind: 'on' })).toEqual(['late restart'])
  expect(names({ kind: 'off' })).toEqual(['web lingering'])
  expect(names({ kind: 'revision', revision: 'canary' })).toEqual(['late restart', 'web restart'])
  expect(names({ kind: 'revision', revision: 'default' })).toEqual(['late restart'])
  expect(names({ kind: 'unset' })).toEqual(['web lingering'])
})

test('what was not read is not known', () => {
  const { workloads: _, ...unread } = objects
  expect(names({ kind: 'on' }, unread)).toBeUndefined()
  const { pods: _pods, ...bare } = workload('web', true)
  expect(names({ kind: 'on' }, { ...objects, workloads: [bare] })).toBeUndefined()
  expect(restartsFor(objects, 'other', { kind: 'on' })).toBeUndefined()
})
