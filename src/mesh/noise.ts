import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'

/** Traffic that says nothing about who depends on whom. */
export type NoiseKind = 'scrapes' | 'dns' | 'probes'

export interface Quiet {
  readonly graph: MeshGraph
  /** The calls that were folded away, by kind. */
  readonly noise: readonly { readonly kind: NoiseKind; readonly edge: GraphEdge }[]
}

/** Collectors that ask every workload for its metrics, as their Helm charts and operators name them. */
const scraper =
  /^(prometheus|vmagent|vmsingle|grafana-agent|alloy|telegraf|datadog-agent|opentelemetry-collector|otel-collector)([-.]|$)/
/** https://github.com/prometheus/blackbox_exporter, https://github.com/louislam/uptime-kuma, the kubelet's user agent. */
const prober = /^(kube-probe|kubelet|blackbox-exporter|prometheus-blackbox-exporter|uptime-kuma|kuberhealthy)([-.]|$)/
/** https://kubernetes.io/docs/tasks/administer-cluster/coredns/, https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
const resolver = /^(kube-dns|coredns|node-local-dns|rke2-coredns.*)([-.]|$)/

/**
 * The graph without noise, and the noise. Telemetry tells neither paths nor user agents (Istio's standard metrics carry only who calls
 * whom), so noise is known by names: calls by a metrics collector or a prober (workload or app named `prometheus-…`, `vmagent`,
 * `otel-collector`, `blackbox-exporter`, `kube-probe`, ...), and calls to the cluster's DNS (workload or service named `kube-dns`,
 * `coredns`, ..., or the host `kube-dns.kube-system`). The kubelet's own probes never reach telemetry where Istio rewrites them
 * (https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/). What fails is never noise: failing and degraded calls and
 * nodes stay. Nodes that had only noise leave with it.
 */
export function withoutNoise(graph: MeshGraph): Quiet {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const noise = graph.edges.flatMap((edge) => {
    const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)]
    if (source === undefined || target === undefined || isBad(edge)) return []
    const kind = kindOf(source, target, edge)
    return kind === undefined ? [] : [{ kind, edge }]
  })
  if (noise.length === 0) return { graph, noise }
  const folded = new Set(noise.map(({ edge }) => edge.id))
  const edges = graph.edges.filter(({ id }) => !folded.has(id))
  const quiet = new Set(noise.flatMap(({ edge }) => [edge.source, edge.target]))
  const talking = new Set(edges.flatMap(({ source, target }) => [source, target]))
  const stays = (node: GraphNode) => !quiet.has(node.id) || talking.has(node.id) || isBad(node)
  return { graph: { ...graph, nodes: graph.nodes.filter(stays), edges }, noise }
}

function kindOf(source: GraphNode, target: GraphNode, { responses }: GraphEdge): NoiseKind | undefined {
  if (namesOf(source).some((name) => prober.test(name))) return 'probes'
  if (namesOf(source).some((name) => scraper.test(name))) return 'scrapes'
  if (namesOf(target).some((name) => resolver.test(name))) return 'dns'
  return responses.some(({ host }) => host?.startsWith('kube-dns.kube-system.') === true) ? 'dns' : undefined
}

const namesOf = ({ workload, app, service }: GraphNode) => [workload, app, service].filter((name) => name !== undefined)

const isBad = ({ health }: Pick<GraphNode, 'health'>) => health?.state === 'failing' || health?.state === 'degraded'
