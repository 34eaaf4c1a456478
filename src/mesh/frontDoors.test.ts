import { expect, test } from 'vitest'

import { decodeObjects } from './config/decode.ts'
import { frontDoorsOf } from './frontDoors.ts'
import { defaultPolicy } from './health.ts'
import { readMesh } from './read.ts'
import { requests } from './testing/samples.ts'

const workload = (name: string, namespace: string, labels: Readonly<Record<string, string>>) => ({
  metadata: { name, namespace },
  spec: { replicas: 3, template: { metadata: { labels } } },
  status: { replicas: 3, availableReplicas: 2 },
})
const ingress = {
  metadata: { name: 'shop', namespace: 'shop' },
  spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example' }] },
}
const lists = {
  'deployments.apps': [
    workload('ingress-nginx-controller', 'ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx' }),
    workload('istio-ingressgateway', 'istio-ingress', { istio: 'ingressgateway' }),
    workload('istio-egressgateway', 'istio-system', { istio: 'egressgateway' }),
    workload('cart', 'shop', { app: 'cart' }),
  ],
  'ingresses.networking.k8s.io': [ingress],
  'gateways.networking.istio.io': [
    {
      metadata: { name: 'public', namespace: 'istio-ingress' },
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80 }, hosts: ['*'] }] },
    },
  ],
  'virtualservices.networking.istio.io': [
    {
      metadata: { name: 'm', namespace: 'shop' },
      spec: { hosts: ['m.example'], gateways: ['istio-ingress/public'], http: [] },
    },
    { metadata: { name: 'inner', namespace: 'shop' }, spec: { hosts: ['cart'], gateways: ['mesh'], http: [] } },
  ],
}

const gateway = { name: 'istio-ingress/istio-ingressgateway' }
const graphWith = (objects: ReturnType<typeof decodeObjects>['objects']) =>
  readMesh(
    {
      requests: [
        requests(9, { from: gateway, to: 'shop/cart' }),
        requests(1, { from: gateway, to: 'shop/cart', code: '503' }),
      ],
    },
    objects,
    {
      graphType: 'workload',
      window: { seconds: 300, at: 1 },
      namespaces: [],
      reporter: 'auto',
      serviceNodes: false,
      waypoints: false,
      idleEdges: true,
      http: true,
      grpc: 'requests',
      policy: defaultPolicy,
    },
  )

test('gateways and ingress controllers have their hosts, replicas and what they hand on', () => {
  const { objects } = decodeObjects(lists)
  expect(frontDoorsOf(graphWith(objects), objects)).toMatchObject([
    {
      kind: 'ingress',
      name: 'ingress-nginx-controller',
      hosts: ['shop.example'],
      replicas: { available: 2, desired: 3 },
    },
    { kind: 'gateway', name: 'istio-ingressgateway', hosts: ['m.example'], rate: 10, errorRatio: 0.1 },
    { kind: 'egress', name: 'istio-egressgateway', hosts: [] },
  ])
})

test('who cannot see the controller sees what is routed through it', () => {
  const { objects } = decodeObjects({ 'ingresses.networking.k8s.io': [ingress], 'deployments.apps': [] })
  expect(frontDoorsOf(graphWith(objects), objects)).toEqual([
    { kind: 'ingress', name: 'nginx', hosts: ['shop.example'] },
  ])
})
