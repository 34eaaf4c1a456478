import type { GraphNode } from '../../../mesh/graph.ts'
import type { Selected } from '../../embed/protocol.ts'

/** What an embedding console is told of a node in Meshboard's `cluster`: what Kubernetes or Istio has a page on, of anything else nothing. */
export function selectedNode(node: GraphNode | undefined, cluster: string): Selected | undefined {
  if (node === undefined || node.isInaccessible === true) return undefined
  const { kind, namespace, workload, app, service } = node
  const name = kind === 'workload' ? workload : kind === 'app' ? app : kind === 'service' ? service : undefined
  return name === undefined ? undefined : { cluster, kind, namespace, name }
}
