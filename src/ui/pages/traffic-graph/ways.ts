import type { GraphNode } from '../../../mesh/graph.ts'
import type { EndName } from '../../panels/links.ts'
import { isName, isNamespace } from '../../panels/metrics/endWord.ts'
import type { Selection } from './details.ts'

/** Where a page of the app is about a selection, or about a part of that page. */
export interface Way {
  readonly kind: EndName['kind'] | 'namespace'
  readonly namespace: string
  readonly name: string
  readonly part?: 'traces' | 'logs'
}

/** The pages about a selection: of an edge its callee, of an operation its app. None for what is no object of a cluster. */
export function waysOf(selection: Selection): readonly Way[] {
  const about = aboutOf(selection)
  if (about === undefined || !isNamespace(about.namespace) || !isName(about.name)) return []
  // A service has no pods of its own that write logs, and its page has its traces at its end.
  if (about.kind === 'service') return [about]
  if (about.kind === 'namespace') return [about, { ...about, part: 'traces' }]
  return [about, { ...about, part: 'traces' }, { ...about, part: 'logs' }]
}

function aboutOf(selection: Selection): Way | undefined {
  switch (selection.kind) {
    case 'missing':
      return undefined
    case 'node':
      return aboutNode(selection.node)
    case 'edge':
      return aboutNode(selection.target)
    case 'app':
    case 'namespace': {
      const namespace = selection.nodes[0]?.namespace ?? ''
      // A cluster's box is a selection of that kind too.
      if (selection.kind === 'namespace' && selection.name !== namespace) return undefined
      return { kind: selection.kind, namespace, name: selection.name }
    }
  }
}

function aboutNode(node: GraphNode): Way | undefined {
  const { kind, namespace, workload, app, service, isInaccessible, folded } = node
  if (kind === 'unknown' || isInaccessible === true || folded !== undefined) return undefined
  if (kind === 'service') return service === undefined ? undefined : { kind, namespace, name: service }
  if (kind !== 'operation' && workload !== undefined) return { kind: 'workload', namespace, name: workload }
  return app === undefined ? undefined : { kind: 'app', namespace, name: app }
}
