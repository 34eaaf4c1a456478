import type { Ingress, Service } from '../../clients/kubernetes/wire.ts'
import { objectiveAnnotation } from '../../mesh/objective.ts'
import { flows } from '../mesh/flows.ts'
import type { Workload } from '../mesh/model.ts'
import { allWorkloads, workloads } from '../mesh/workloads.ts'
import { metadata, uidOf } from './metadata.ts'

/** A Service per app that something calls, and what every cluster has. */
export function serviceObjects(): readonly Service[] {
  const called = new Set(flows.map(({ service: { namespace, name } }) => `${namespace}/${name}`))
  const byService = new Map<string, Workload>()
  for (const workload of allWorkloads) {
    const key = `${workload.namespace}/${workload.app}`
    if (called.has(key) && !byService.has(key)) byService.set(key, workload)
  }
  const own = [...byService.values()].map((workload) => serviceObject(workload, workload.app))
  return [
    ...own,
    serviceObject(workloads.ingressGateway, 'istio-ingressgateway', 'LoadBalancer'),
    serviceObject(workloads.istiod, 'istiod'),
    serviceObject(workloads.legacyReports, 'legacy-reports'),
    serviceObject(workloads.nginx, 'ingress-nginx-controller', 'LoadBalancer'),
    serviceObject(workloads.waypoint, 'waypoint'),
    toolObject('kiali', { app: 'kiali', 'app.kubernetes.io/name': 'kiali' }, { name: 'http', port: 20001 }),
    toolObject('tracing', { app: 'jaeger' }, { name: 'http-query', port: 80, targetPort: 16686 }),
    {
      metadata: metadata('Service', 'kubernetes', 'default', {
        labels: { component: 'apiserver', provider: 'kubernetes' },
      }),
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.43.0.1',
        ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
      },
    },
  ]
}

function serviceObject(workload: Workload, name: string, type: 'ClusterIP' | 'LoadBalancer' = 'ClusterIP'): Service {
  const { namespace, app, port, protocol, labels } = workload
  const selector =
    app === 'waypoint' ? { 'gateway.networking.k8s.io/gateway-name': labels?.[gatewayNameLabel] ?? app } : { app }
  const number = Number.parseInt(uidOf(`${namespace}/${name}`).slice(0, 4), 16)
  return {
    metadata: metadata('Service', name, namespace, { labels: { app }, ...objectiveOf(`${namespace}/${name}`) }),
    spec: {
      type,
      clusterIP: `10.43.${(number >> 8) % 250}.${(number % 250) + 2}`,
      selector,
      ports: [{ name: protocol, port: protocol === 'http' ? 80 : port, targetPort: port, protocol: 'TCP' }],
    },
  }
}

/** What two Services are meant to attain, as their owners wrote it down. */
const objectives: Readonly<Record<string, string>> = {
  'bookinfo/reviews': '99% in 7d',
  'shop-core/catalog': '99.9% in 30d',
}

function objectiveOf(service: string): { readonly annotations?: Readonly<Record<string, string>> } {
  const objective = objectives[service]
  return objective === undefined ? {} : { annotations: { [objectiveAnnotation]: objective } }
}

/** The Service of a tool beside the mesh, as Istio's samples install it. */
function toolObject(
  name: string,
  labels: Readonly<Record<string, string>>,
  port: { readonly name: string; readonly port: number; readonly targetPort?: number },
): Service {
  return {
    metadata: metadata('Service', name, 'istio-system', { labels }),
    spec: { type: 'ClusterIP', selector: labels, ports: [{ targetPort: port.port, ...port, protocol: 'TCP' }] },
  }
}

const gatewayNameLabel = 'gateway.networking.k8s.io/gateway-name'

/** What the NGINX ingress controller routes, and where its traffic therefore comes from. */
export const ingressObjects = (): readonly Ingress[] => [
  ingress('storefront', 'shop.demo.example', [
    ['/', 'frontend'],
    ['/assets', 'assets'],
  ]),
  ingress('partners', 'partners.demo.example', [['/', 'partner-api']]),
]

function ingress(name: string, host: string, paths: readonly (readonly [path: string, service: string])[]): Ingress {
  return {
    metadata: metadata('Ingress', name, 'shop-web'),
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host,
          http: {
            paths: paths.map(([path, service]) => ({
              path,
              pathType: 'Prefix' as const,
              backend: { service: { name: service, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  }
}
