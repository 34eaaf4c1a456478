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
  spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example' }], tls: [{ secretName: 'shop-tls' }] },
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
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [
          { port: { number: 80 }, hosts: ['*'] },
          { port: { number: 443 }, hosts: ['*'], tls: { mode: 'SIMPLE', credentialName: 'wildcard-tls' } },
        ],
      },
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
      secrets: ['shop/shop-tls'],
      replicas: { available: 2, desired: 3 },
    },
    {
      kind: 'gateway',
      name: 'istio-ingressgateway',
      hosts: ['m.example'],
      secrets: ['istio-ingress/wildcard-tls'],
      rate: 10,
      errorRatio: 0.1,
    },
    { kind: 'egress', name: 'istio-egressgateway', hosts: [] },
  ])
})

test('who cannot see the controller sees what is routed through it', () => {
  const { objects } = decodeObjects({ 'ingresses.networking.k8s.io': [ingress], 'deployments.apps': [] })
  expect(frontDoorsOf(graphWith(objects), objects)).toEqual([
    { kind: 'ingress', name: 'nginx', hosts: ['shop.example'], secrets: ['shop/shop-tls'] },
  ])
})

test('a Gateway API gateway’s certificates stand in the Secrets that its listeners name', () => {
  const { objects } = decodeObjects({
    'deployments.apps': [workload('public-istio', 'web', { 'gateway.networking.k8s.io/gateway-name': 'public' })],
    'gateways.gateway.networking.k8s.io': [
      {
        metadata: { name: 'public', namespace: 'web' },
        spec: {
          gatewayClassName: 'istio',
          listeners: [
            { hostname: 'a.example', tls: { certificateRefs: [{ name: 'a' }, { name: 'b', namespace: 'certs' }] } },
            { hostname: 'plain.example' },
          ],
        },
      },
    ],
  })
  expect(frontDoorsOf(graphWith(objects), objects)).toMatchObject([
    { kind: 'gateway', name: 'public-istio', secrets: ['certs/b', 'web/a'] },
  ])
})
