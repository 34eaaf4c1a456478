import { expect, test } from 'vitest'

import type { Tool } from '../../../clients/tools/wire.ts'
import { toolBase, toolHref } from './toolPlace.ts'

const kiali: Tool = {
  name: 'kiali',
  state: 'open',
  reason: 'It answers.',
  showsAllTeams: false,
  address: 'https://kiali.example.org/kiali/',
}
const behind: Tool = {
  ...kiali,
  address: 'https://configured.example.org/api/v1/x/',
  proxyPath: 'api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/kiali/',
}
const page = 'https://mesh.example.org/overview'
const rancher =
  'https://rancher.example.org/k8s/clusters/c-1/api/v1/namespaces/m/services/http:meshboard:80/proxy/overview'

test.each<[string, Tool, string, string | undefined]>([
  ['an external address', kiali, page, 'https://kiali.example.org/kiali/'],
  ['an external address, inside Rancher', kiali, rancher, 'https://kiali.example.org/kiali/'],
  ['a Service, through the configured API server', behind, page, 'https://configured.example.org/api/v1/x/'],
  [
    'a Service, through the Rancher that the page came through',
    behind,
    rancher,
    'https://rancher.example.org/k8s/clusters/c-1/api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/kiali/',
  ],
  ['a locked tool', { ...kiali, state: 'locked' }, page, undefined],
  ['a tool that is down', { ...kiali, state: 'down' }, page, undefined],
  ['a script in the place of an address', { ...kiali, address: 'javascript:alert(1)' }, page, undefined],
])('%s', (_, tool, at, base) => {
  expect(toolBase(tool, at)).toBe(base)
})

test('a deep link begins where the tool does', () => {
  const question = {
    subject: { kind: 'service', namespace: 'bookinfo', name: 'reviews' },
    span: { from: 0, to: 300, isLive: true },
  } as const
  expect(toolHref(kiali, question, page)).toBe(
    'https://kiali.example.org/kiali/console/namespaces/bookinfo/services/reviews?duration=300&tab=info',
  )
  expect(toolHref({ ...kiali, state: 'locked' }, question, page)).toBeUndefined()
})
