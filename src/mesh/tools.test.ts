import { expect, test } from 'vitest'
import {
  addressProblem,
  apiRootOfPage,
  forwardOf,
  isRancherRoot,
  projectStack,
  proxyPath,
  toolAmong,
  trustedNamespaces,
  type ListedService,
  type ToolName,
} from './tools.ts'

const service = (
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  ...ports: ListedService['ports']
): ListedService => ({ namespace, name, labels, ports })

/** As the charts install them. */
const charts: readonly ListedService[] = [
  service(
    'istio-system',
    'kiali',
    { app: 'kiali', 'app.kubernetes.io/name': 'kiali' },
    { name: 'http', port: 20001 },
    { name: 'http-metrics', port: 9090 },
  ),
  service('istio-system', 'tracing', { app: 'jaeger' }, { name: 'http-query', port: 80, targetPort: 16686 }),
  service('istio-system', 'jaeger-collector', { app: 'jaeger' }, { name: 'jaeger-collector-http', port: 14268 }),
  service('istio-system', 'grafana', { 'app.kubernetes.io/name': 'grafana' }, { name: 'service', port: 3000 }),
  service(
    'istio-system',
    'prometheus',
    { 'app.kubernetes.io/name': 'prometheus' },
    { name: 'http', port: 9090, targetPort: 9090 },
  ),
  service(
    'cattle-monitoring-system',
    'rancher-monitoring-grafana',
    { 'app.kubernetes.io/name': 'grafana' },
    { name: 'nginx-http', port: 80, targetPort: 8080 },
  ),
  service(
    'cattle-monitoring-system',
    'rancher-monitoring-prometheus',
    { app: 'rancher-monitoring-prometheus' },
    { name: 'http-web', port: 9090 },
  ),
  service(
    'cattle-project-p-shop-monitoring',
    'cattle-project-p-shop-monitoring-grafana',
    { 'app.kubernetes.io/name': 'grafana' },
    { name: 'nginx-http', port: 80 },
  ),
  service('shop-web', 'kiali', { app: 'kiali' }, { name: 'http', port: 20001 }),
]

test.each<[ToolName, readonly string[]]>([
  ['kiali', ['api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/']],
  ['jaeger', ['api/v1/namespaces/istio-system/services/http:tracing:80/proxy/']],
  [
    'grafana',
    [
      'api/v1/namespaces/istio-system/services/http:grafana:3000/proxy/',
      'api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-grafana:80/proxy/',
    ],
  ],
  [
    'prometheus',
    [
      'api/v1/namespaces/istio-system/services/http:prometheus:9090/proxy/',
      'api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/',
    ],
  ],
])('%s is found by the labels of the usual charts, at the port of its pages', (tool, paths) => {
  expect(toolAmong(tool, charts, trustedNamespaces).trusted.map(proxyPath)).toEqual(paths)
})

test('a team’s own Service with the label of a tool is told and never linked', () => {
  const { trusted, elsewhere } = toolAmong('kiali', charts, trustedNamespaces)
  expect(trusted.map(({ namespace }) => namespace)).toEqual(['istio-system'])
  expect(elsewhere).toEqual([{ namespace: 'shop-web', name: 'kiali', scheme: 'http', port: 20001 }])
})

test('without a Service of the tool there is none', () => {
  expect(toolAmong('jaeger', charts.slice(2, 3), trustedNamespaces)).toEqual({ trusted: [], elsewhere: [] })
})

test('a port that speaks TLS is asked so', () => {
  const tls = service('istio-system', 'kiali', { app: 'kiali' }, { name: 'https-kiali', port: 20001 })
  expect(toolAmong('kiali', [tls], trustedNamespaces).trusted[0]?.scheme).toBe('https')
})

test('a project’s stack is known by the project’s id', () => {
  expect(projectStack('grafana', 'c-demo:p-shop')).toEqual({
    namespace: 'cattle-project-p-shop-monitoring',
    name: 'cattle-project-p-shop-monitoring-grafana',
    scheme: 'http',
    port: 80,
  })
  expect(projectStack('prometheus', 'p-shop')?.port).toBe(9090)
  expect(projectStack('kiali', 'p-shop')).toBeUndefined()
  expect(projectStack('grafana', 'c-demo:../x')).toBeUndefined()
})

test('a port-forward takes a port that anybody may listen on', () => {
  expect(forwardOf({ namespace: 'istio-system', name: 'tracing', scheme: 'http', port: 80, path: 'jaeger/' })).toEqual({
    command: 'kubectl port-forward --namespace istio-system service/tracing 8080:80',
    address: 'http://127.0.0.1:8080/jaeger/',
  })
})

test.each([
  [
    'https://rancher.example.org/k8s/clusters/c-m-abc/api/v1/namespaces/meshboard/services/http:meshboard:80/proxy/overview?x=1',
    'https://rancher.example.org/k8s/clusters/c-m-abc/',
  ],
  ['http://127.0.0.1:8001/api/v1/namespaces/m/services/meshboard:80/proxy/', 'http://127.0.0.1:8001/'],
  ['https://mesh.example.org/overview', undefined],
  ['https://mesh.example.org/?next=/api/v1/namespaces/m/services/x/proxy/', undefined],
])('the page at %s has the API root %s', (page, root) => {
  expect(apiRootOfPage(page)).toBe(root)
})

test('Rancher’s root of a cluster is told from an API server’s', () => {
  expect(isRancherRoot('https://rancher.example.org/k8s/clusters/c-abc')).toBe(true)
  expect(isRancherRoot('https://10.0.0.1:6443')).toBe(false)
})

test.each([
  ['javascript:alert(1)', 'is a javascript: URL, not http or https'],
  [' javascript:alert(1)', 'is a javascript: URL, not http or https'],
  ['JaVaScRiPt:alert(1)//http://x', 'is a javascript: URL, not http or https'],
  ['data:text/html,x', 'is a data: URL, not http or https'],
  ['kiali.example.org', 'is not an absolute http:// or https:// URL'],
  ['//kiali.example.org', 'is not an absolute http:// or https:// URL'],
  ['/kiali', 'is not an absolute http:// or https:// URL'],
  ['', 'is not an absolute http:// or https:// URL'],
  ['https://me:secret@kiali.example.org/', 'holds a user name or a password'],
  ['https://kiali example.org/', 'is not an absolute http:// or https:// URL'],
  ['https://kiali.example.org\\@evil.example/', 'holds a user name or a password'],
  ['https://-/', 'has no host that can be read'],
  ['https://kiali.example.org/?x=1', 'may hold a path, but neither ? nor #'],
  ['https://kiali.example.org/"onclick=', 'holds characters that no path has'],
  ['https://kiali.example.org:20001/kiali', undefined],
  ['http://[::1]:3000', undefined],
  ['HTTPS://Kiali.Example.org', undefined],
])('the address %j: %s', (address, problem) => {
  expect(addressProblem(address)).toBe(problem)
})
