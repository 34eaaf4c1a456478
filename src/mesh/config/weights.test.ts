import { expect, test } from 'vitest'

import type { HttpRoute, MeshObjects, VirtualService } from './objects.ts'
import { declaredSplit } from './weights.ts'

const workload = (name: string, app: string, version: string) => ({
  namespace: 'shop',
  name,
  kind: 'Deployment',
  labels: { app, version },
})
const route = (destinations: HttpRoute['destinations'], matches = 0): HttpRoute => ({
  matches,
  destinations,
  mirrors: [],
})
const to = (subset: string, weight?: number, host = 'reviews') => ({
  host,
  subset,
  ...(weight === undefined ? {} : { weight }),
})
const virtualService = (http: readonly HttpRoute[], patch: Partial<VirtualService> = {}): VirtualService => ({
  namespace: 'shop',
  name: 'reviews-route',
  hosts: ['reviews'],
  gateways: [],
  exportTo: [],
  http,
  tcp: [],
  tls: [],
  ...patch,
})
const objects = (virtualServices: readonly VirtualService[]): MeshObjects => ({
  workloads: [workload('r1', 'reviews', 'v1'), workload('r2', 'reviews', 'v2'), workload('c', 'cart', 'v9')],
  services: [
    { namespace: 'shop', name: 'reviews', selector: { app: 'reviews' } },
    { namespace: 'shop', name: 'reviews-old', selector: { app: 'reviews', version: 'v1' } },
    { namespace: 'shop', name: 'cart', selector: { app: 'cart' } },
  ],
  destinationRules: [
    {
      namespace: 'shop',
      name: 'reviews',
      host: 'reviews.shop.svc.cluster.local',
      exportTo: [],
      subsets: [
        { name: 'one', labels: { version: 'v1' } },
        { name: 'two', labels: { version: 'v2' } },
      ],
    },
  ],
  virtualServices,
})
const split = (virtualServices: readonly VirtualService[], name = 'reviews') => {
  const found = declaredSplit(objects(virtualServices), { namespace: 'shop', name })
  return found === undefined ? undefined : { by: found.name, ...Object.fromEntries(found.shares) }
}

test.each<[string, readonly HttpRoute[], unknown]>([
  [
    'weights become shares of versions',
    [route([to('one', 75), to('two', 25)])],
    { by: 'reviews-route', v1: 0.75, v2: 0.25 },
  ],
  ['a lone destination takes everything', [route([to('two')])], { by: 'reviews-route', v2: 1 }],
  [
    'routes with conditions are for some only',
    [route([to('two', 100)], 2), route([to('one', 60), to('two', 40)])],
    { by: 'reviews-route', v1: 0.6, v2: 0.4 },
  ],
  [
    'a Service of one version needs no subset',
    [route([{ host: 'reviews-old', weight: 10 }, to('two', 30)])],
    { by: 'reviews-route', v1: 0.25, v2: 0.75 },
  ],
  ['a subset that no rule defines says nothing', [route([to('three', 50), to('two', 50)])], undefined],
  ['a destination that is all versions says nothing', [route([{ host: 'reviews' }])], undefined],
  ['weights of zero say nothing', [route([to('one', 0), to('two', 0)])], undefined],
  ['only conditions say nothing of the rest', [route([to('one', 100)], 1)], undefined],
])('%s', (_, http, expected) => {
  expect(split([virtualService(http)])).toEqual(expected)
})

test('another app’s VirtualService is not this one’s, and the older of two holds', () => {
  const http = [route([to('one', 90), to('two', 10)])]
  expect(split([virtualService(http)], 'cart')).toBeUndefined()
  expect(
    split([
      virtualService([route([to('two')])], { name: 'a-later', createdAt: '2026-01-02T00:00:00Z' }),
      virtualService(http, { name: 'z-older', createdAt: '2026-01-01T00:00:00Z' }),
    ]),
  ).toMatchObject({ by: 'z-older', v1: 0.9 })
  expect(declaredSplit({}, { namespace: 'shop', name: 'reviews' })).toBeUndefined()
})
