import { containersOf } from '../mesh/containers.ts'
import { nodes, type DemoPod } from '../mesh/pods.ts'
import { certificateSeries, containerSeries } from '../traffic/containers.ts'
import type { Labels } from '../traffic/labels.ts'
import type { Series } from '../traffic/series.ts'

/** One group of Prometheus's HTTP service discovery (https://prometheus.io/docs/prometheus/latest/http_sd/). */
export interface TargetGroup {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** Something that Prometheus scrapes. */
export interface Target {
  /** The path at which the simulator answers for it. */
  readonly path: string
  /** What every series of it gets. */
  readonly labels: Labels
  readonly series: readonly Series[]
}

/** What the scrape job is called, as in Istio's sample Prometheus (https://github.com/istio/istio/blob/master/samples/addons/prometheus.yaml). */
export const jobName = 'kubernetes-pods'
/** As the Prometheus operator's charts call it, of which Rancher's is one. */
const kubeletJob = 'kubelet'

/** The proxies that expose metrics themselves (ambient workloads speak through their node's ztunnel), the kubelets, and istiod. */
export function targetsOf(
  pods: readonly DemoPod[],
  proxies: ReadonlyMap<DemoPod, readonly Series[]>,
): readonly Target[] {
  return [
    ...pods.filter(isProxy).map((pod) => ({
      path: metricsPath(pod),
      labels: podTargetLabels(pod, 15_020),
      series: proxies.get(pod) ?? [],
    })),
    ...nodes.map((node) => ({
      path: `/metrics/cadvisor/${node}`,
      labels: {
        instance: `192.168.7.${node.at(-1) ?? '1'}:10250`,
        job: kubeletJob,
        metrics_path: '/metrics/cadvisor',
        node,
      },
      series: containerSeries(pods.filter((pod) => pod.node === node)),
    })),
    ...pods
      .filter(({ workload }) => containersOf(workload).some(({ name }) => name === 'discovery'))
      .map((pod) => ({ path: metricsPath(pod), labels: podTargetLabels(pod, 15_014), series: certificateSeries() })),
  ]
}

const isProxy = ({ workload }: DemoPod): boolean => workload.proxy !== 'none' && workload.proxy !== 'ambient'

const metricsPath = ({ workload, name }: DemoPod): string => `/metrics/${workload.namespace}/${name}`

/**
 * The labels every series of a pod gets: what `kubernetes-pods` keeps (namespace, pod, node, all pod labels with their signs
 * turned into underscores) and the instance the pod has in its cluster, not the simulator's address.
 */
function podTargetLabels(pod: DemoPod, port: number): Labels {
  const podLabels = Object.entries(pod.labels).map(([name, value]) => [name.replaceAll(/\W/g, '_'), value] as const)
  return {
    ...Object.fromEntries(podLabels),
    instance: `${pod.ip}:${port}`,
    job: jobName,
    namespace: pod.workload.namespace,
    node: pod.node,
    pod: pod.name,
  }
}

/** One group per target, all at the simulator's own address (`127.0.0.1:1234`). */
export function targetGroups(targets: readonly Target[], address: string): readonly TargetGroup[] {
  return targets.map(({ path, labels }) => ({
    targets: [address],
    labels: { ...labels, __metrics_path__: path },
  }))
}
