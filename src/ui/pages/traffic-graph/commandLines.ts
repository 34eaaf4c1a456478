import type { GraphEdge, GraphNode } from '../../../mesh/graph.ts'
import { shellWord } from '../../../mesh/shellWord.ts'

/** Commands that show what the cluster itself knows of something; absent where none fits. */
export interface CommandLines {
  readonly kubectl?: string
  readonly istioctl?: string
}

/** Commands for a node: its object and pods, and what its proxy was told. Nothing for what is in no cluster. */
export function commandsOfNode({
  kind,
  namespace,
  workload,
  workloadKind,
  app,
  version,
  service,
  isInaccessible,
}: GraphNode): CommandLines {
  if (kind === 'unknown' || isInaccessible === true) return {}
  const space = `-n ${shellWord(namespace)}`
  if (kind === 'service') {
    return {
      kubectl: `kubectl describe ${space} ${shellWord(`service/${service ?? ''}`)}`,
      istioctl: `istioctl x describe service ${shellWord(`${service ?? ''}.${namespace}`)}`,
    }
  }
  if (workload !== undefined) {
    const resource = `${(workloadKind ?? 'Deployment').toLowerCase()}/${workload}`
    return {
      kubectl: `kubectl describe ${space} ${shellWord(resource)}`,
      istioctl: `istioctl proxy-config all ${shellWord(resource)} ${space}`,
    }
  }
  const selector = [
    `service.istio.io/canonical-name=${app ?? ''}`,
    ...(version === undefined ? [] : [`service.istio.io/canonical-revision=${version}`]),
  ].join(',')
  return { kubectl: `kubectl get pods ${space} -l ${shellWord(selector)}`, istioctl: `istioctl proxy-status ${space}` }
}

/** Commands for an edge: what the caller's proxy knows of the host it calls. */
export function commandsOfEdge(edge: GraphEdge, source: GraphNode): CommandLines {
  const host = edge.responses.find((response) => response.host !== undefined)?.host
  if (host === undefined || source.workload === undefined || source.isInaccessible === true) return {}
  const resource = `${(source.workloadKind ?? 'Deployment').toLowerCase()}/${source.workload}`
  return {
    kubectl: `kubectl logs -n ${shellWord(source.namespace)} ${shellWord(resource)} -c istio-proxy --since=10m`,
    istioctl: `istioctl proxy-config cluster ${shellWord(resource)} -n ${shellWord(source.namespace)} --fqdn ${shellWord(host)}`,
  }
}
