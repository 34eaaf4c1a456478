import type { Container, PodSpec } from '../../clients/kubernetes/wire.ts'
import { serviceAccountOf, type Workload } from '../mesh/model.ts'

const istioVersion = '1.27.1'
const proxyImage = `docker.io/istio/proxyv2:${istioVersion}`

/** The labels by which a workload finds its pods. */
export const selectorOf = ({ app, version, labels }: Workload): Readonly<Record<string, string>> =>
  app === 'waypoint' ? { ...labels } : { app, ...(version !== 'latest' && { version }) }

/** What its pods run: the workload itself, and the proxy its place in the mesh asks for. */
export function podSpec(workload: Workload): PodSpec {
  const { app, proxy, port, protocol, name } = workload
  const own: Container = {
    name: app,
    image: `registry.demo.example/${workload.namespace}/${app}:${workload.version}`,
    ports: [{ name: protocol, containerPort: port, protocol: 'TCP' }],
  }
  const envoy: Container = {
    name: 'istio-proxy',
    image: proxyImage,
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
  }
  const ztunnel: Container = { name: 'istio-proxy', image: `docker.io/istio/ztunnel:${istioVersion}` }
  const isProxyOnly = proxy === 'gateway' || proxy === 'waypoint'
  return {
    serviceAccountName: serviceAccountOf(workload),
    containers: proxy === 'ztunnel' ? [ztunnel] : isProxyOnly ? [envoy] : [own],
    // A native sidecar, as Istio injects by default since 1.27: an init container that keeps running.
    ...(proxy === 'sidecar' && {
      initContainers: [
        { name: 'istio-init', image: proxyImage },
        { ...envoy, restartPolicy: 'Always' },
      ],
    }),
    ...(name === 'ztunnel' && { hostNetwork: false }),
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
