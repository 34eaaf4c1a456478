import type { Container, PodSpec } from '../../clients/kubernetes/wire.ts'
import { containersOf, type DemoContainer } from '../mesh/containers.ts'
import { serviceAccountOf, type Workload } from '../mesh/model.ts'

/** The labels by which a workload finds its pods. */
export const selectorOf = ({ app, version, labels }: Workload): Readonly<Record<string, string>> =>
  app === 'waypoint' ? { ...labels } : { app, ...(version !== 'latest' && { version }) }

/** What its pods run: the workload itself, and the proxy its place in the mesh asks for. */
export function podSpec(workload: Workload): PodSpec {
  const { proxy, port, protocol, name } = workload
  const containers = containersOf(workload)
  const ports = ({ isProxy }: DemoContainer): NonNullable<Container['ports']> =>
    proxy === 'ztunnel'
      ? []
      : isProxy
        ? [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }]
        : [{ name: protocol, containerPort: port, protocol: 'TCP' }]
  const written = (container: DemoContainer): Container => ({
    name: container.name,
    image: container.image,
    ports: ports(container),
    resources: resourcesOf(container),
  })
  const sidecar = proxy === 'sidecar' ? containers.find(({ isProxy }) => isProxy) : undefined
  return {
    serviceAccountName: serviceAccountOf(workload),
    containers: containers.filter((each) => each !== sidecar).map(written),
    // A native sidecar, as Istio injects by default since 1.27: an init container that keeps running.
    ...(sidecar !== undefined && {
      initContainers: [
        { name: 'istio-init', image: sidecar.image },
        { ...written(sidecar), restartPolicy: 'Always' },
      ],
    }),
    ...(name === 'ztunnel' && { hostNetwork: false }),
  }
}

/** As Kubernetes writes quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function resourcesOf({ cpu, memory }: DemoContainer): NonNullable<Container['resources']> {
  const cores = (value: number) => (Number.isInteger(value) ? `${value}` : `${Math.round(value * 1000)}m`)
  const bytes = (value: number) => `${Math.round(value / 2 ** 20)}Mi`
  return {
    requests: { cpu: cores(cpu.request), memory: bytes(memory.request) },
    ...(cpu.limit === undefined && memory.limit === undefined
      ? {}
      : {
          limits: {
            ...(cpu.limit === undefined ? {} : { cpu: cores(cpu.limit) }),
            ...(memory.limit === undefined ? {} : { memory: bytes(memory.limit) }),
          },
        }),
  }
}

/** What Istio writes on the pods: that ztunnel takes their traffic, where their proxy's metrics are. */
export const podAnnotations = ({ proxy }: Workload) => ({
  ...(proxy === 'ambient' && { 'ambient.istio.io/redirection': 'enabled' }),
  ...((proxy === 'sidecar' || proxy === 'gateway' || proxy === 'waypoint' || proxy === 'ztunnel') && {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '15020',
    'prometheus.io/path': '/stats/prometheus',
  }),
})

/** The pod template in a Deployment, StatefulSet or DaemonSet. */
export const template = (workload: Workload) => ({
  metadata: { labels: selectorOf(workload), annotations: { ...podAnnotations(workload) } },
  spec: podSpec(workload),
})

/** The labels on the workload object itself. */
export const labelsOf = ({ app, version }: Workload) => ({ app, ...(version !== 'latest' && { version }) })
