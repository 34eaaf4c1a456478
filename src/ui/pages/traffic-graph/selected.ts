import type { MeshGraph } from '../../../mesh/graph.ts'
import type { Selected } from '../../embed/protocol.ts'
import { selectionOf } from './details.ts'

/** What an embedding console is told of a selection in Meshboard's `cluster`: what Kubernetes or Istio has a page on; of an edge nothing. */
export function selectedForConsole(
  graph: MeshGraph | undefined,
  id: string | undefined,
  cluster: string,
): Selected | undefined {
  const selection = graph === undefined ? undefined : selectionOf(graph, id)
  if (selection?.kind === 'node') {
    const { kind, namespace, workload, app, service } = selection.node
    const name = kind === 'workload' ? workload : kind === 'app' ? app : kind === 'service' ? service : undefined
    return name === undefined ? undefined : { cluster, kind, namespace, name }
  }
  if (selection?.kind !== 'namespace' && selection?.kind !== 'app') return undefined
  const [first] = selection.nodes
  if (first === undefined || (selection.kind === 'namespace' && selection.name !== first.namespace)) return undefined
  return { cluster, kind: selection.kind, namespace: first.namespace, name: selection.name }
}
