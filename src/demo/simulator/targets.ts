import type { DemoPod } from '../mesh/pods.ts'

/** One group of Prometheus's HTTP service discovery (https://prometheus.io/docs/prometheus/latest/http_sd/). */
export interface TargetGroup {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** What the scrape job is called, as in Istio's sample Prometheus (https://github.com/istio/istio/blob/master/samples/addons/prometheus.yaml). */
export const jobName = 'kubernetes-pods'

/** The pods whose proxies expose metrics themselves; ambient workloads speak through their node's ztunnel. */
export const isTarget = ({ workload }: DemoPod): boolean => workload.proxy !== 'none' && workload.proxy !== 'ambient'

/** The path at which the simulator answers for that pod's proxy. */
export const metricsPath = ({ workload, name }: DemoPod): string => `/metrics/${workload.namespace}/${name}`

/**
 * The labels every series of a pod gets: what `kubernetes-pods` keeps (namespace, pod, node, all pod labels with their signs
 * turned into underscores) and the instance the pod has in its cluster, not the simulator's address.
 */
export function targetLabels(pod: DemoPod): Readonly<Record<string, string>> {
  const podLabels = Object.entries(pod.labels).map(([name, value]) => [name.replaceAll(/\W/g, '_'), value] as const)
  return {
    ...Object.fromEntries(podLabels),
    instance: `${pod.ip}:15020`,
    job: jobName,
    namespace: pod.workload.namespace,
    node: pod.node,
    pod: pod.name,
  }
}

/** One group per simulated proxy, all at the simulator's own address (`127.0.0.1:1234`). */
export function targetGroups(pods: readonly DemoPod[], address: string): readonly TargetGroup[] {
  return pods.filter(isTarget).map((pod) => ({
    targets: [address],
    labels: { ...targetLabels(pod), __metrics_path__: metricsPath(pod) },
  }))
}
