import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'
import { type Box, collapse } from './grouping.ts'
import { groupHealth, type HealthPolicy } from './health.ts'
import { nodeId } from './identity.ts'
import { isKnown } from './telemetry.ts'

/** What a viewer wants folded: by number of nodes, everything, or only what was folded by hand. */
export interface FoldChoices {
  readonly grouping: 'auto' | 'on' | 'off'
  /** Ids of groups that stay open although their kind is folded. */
  readonly expanded: readonly string[]
  /** Ids of groups that were folded by hand. */
  readonly collapsed: readonly string[]
}

export interface Fold {
  readonly graph: MeshGraph
  /** What was folded, in the order of ids. */
  readonly groups: readonly FoldedGroup[]
  /** Ids of groups that would be folded had the viewer not opened them; an id of a group that is gone is none. */
  readonly opened: readonly string[]
  /** Whether namespaces are folded because there are many nodes, or because the viewer asked for it. */
  readonly isGrouped: boolean
}

export interface FoldedGroup {
  readonly id: string
  readonly by: 'namespace' | 'app'
  readonly name: string
  readonly members: readonly string[]
}

/** With more nodes than this, namespaces are folded unless the viewer says otherwise. */
export const mostUngrouped = 200
/** Callers that lead to trouble and are kept outside their groups; beyond that many they are told by their group's edge. */
const mostCallersKept = 40

/** The id of a namespace's folded group. */
export function namespaceGroupId({ cluster, namespace }: Pick<GraphNode, 'cluster' | 'namespace'>): string {
  return nodeId('box', 'namespace', cluster, namespace)
}

/** The id of an app's folded group; `undefined` for a node of no app. */
export function appGroupId({
  cluster,
  namespace,
  app,
}: Pick<GraphNode, 'cluster' | 'namespace' | 'app'>): string | undefined {
  return isKnown(app) ? nodeId('box', 'app', cluster, namespace, app) : undefined
}

/**
 * The graph with groups folded into single nodes: namespaces, and in those that were opened the apps of several versions. What is
 * failing or degraded, and who calls it, stays outside its group. Groups of fewer than two nodes stay as they are; so do nodes of no
 * known place. Calls inside a group are not drawn.
 */
export function folded(graph: MeshGraph, choices: FoldChoices, policy: HealthPolicy): Fold {
  const isGrouped = choices.grouping === 'on' || (choices.grouping === 'auto' && graph.nodes.length > mostUngrouped)
  if (!isGrouped && choices.collapsed.length === 0) return { graph, groups: [], opened: [], isGrouped }
  const kept = keptOutside(graph)
  const [open, shut] = [new Set(choices.expanded), new Set(choices.collapsed)]
  const boxes: Box[] = []
  const opened: string[] = []
  const add = (id: string, by: 'namespace' | 'app', nodes: readonly GraphNode[]) => {
    const members = nodes.map((node) => node.id).filter((member) => !kept.has(member))
    const [first] = nodes
    if (first === undefined || members.length < 2) return
    boxes.push({
      id,
      by,
      cluster: first.cluster,
      namespace: first.namespace,
      ...(by === 'app' && first.app !== undefined ? { app: first.app } : {}),
      members: members.sort(),
      health: groupHealth(graph, new Set(members), policy),
    })
  }
  const namespaces = grouped(graph.nodes.filter(isPlaced), namespaceGroupId)
  for (const [id, nodes] of namespaces) {
    // One namespace alone, folded, would be a picture of one node.
    if (shut.has(id) || (isGrouped && namespaces.size > 1 && !open.has(id))) add(id, 'namespace', nodes)
    else {
      if (isGrouped && namespaces.size > 1) opened.push(id)
      for (const [app, versions] of grouped(nodes, appGroupId)) {
        if (shut.has(app) || (isGrouped && !open.has(app))) add(app, 'app', versions)
        else if (isGrouped) opened.push(app)
      }
    }
  }
  const ids = new Set(boxes.map((box) => box.id))
  const collapsed = collapse(graph, boxes)
  return {
    graph: {
      ...collapsed,
      edges: collapsed.edges.filter(({ source, target }) => source !== target || !ids.has(source)),
    },
    groups: boxes
      .map(({ id, by, app, namespace, members }) => ({
        id,
        by: by === 'app' ? ('app' as const) : ('namespace' as const),
        name: (by === 'app' ? app : namespace) ?? '',
        members,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    opened,
    isGrouped,
  }
}

/** Edges that each node keeps of those that lead to or from groups. */
const busiestKept = { out: 2, in: 1 } as const

/**
 * The graph without the quieter calls to and from folded groups, and how many those are: where everybody calls everybody, each node
 * keeps the busiest two it makes and the busiest it gets. What is failing or degraded stays, and so does every call between nodes.
 */
export function thinned(graph: MeshGraph): { readonly graph: MeshGraph; readonly hidden: number } {
  const groups = new Set(graph.nodes.filter((node) => node.folded !== undefined).map(({ id }) => id))
  if (groups.size === 0 || graph.edges.length <= graph.nodes.length * 3) return { graph, hidden: 0 }
  const kept = new Set<string>()
  const [out, into] = [new Map<string, number>(), new Map<string, number>()]
  const rest: GraphEdge[] = []
  for (const edge of graph.edges) {
    if (isBad(edge) || !(groups.has(edge.source) || groups.has(edge.target))) kept.add(edge.id)
    else rest.push(edge)
  }
  // A byte is not a request: per protocol bytes count as in the widths of edges.
  const weight = ({ protocol, rate }: GraphEdge) => (protocol === 'tcp' ? rate / 4096 : rate)
  for (const edge of rest.sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1))) {
    const [made, got] = [out.get(edge.source) ?? 0, into.get(edge.target) ?? 0]
    if (made >= busiestKept.out && got >= busiestKept.in) continue
    kept.add(edge.id)
    out.set(edge.source, made + 1)
    into.set(edge.target, got + 1)
  }
  return {
    graph: { ...graph, edges: graph.edges.filter(({ id }) => kept.has(id)) },
    hidden: graph.edges.length - kept.size,
  }
}

const isPlaced = ({ kind, namespace }: GraphNode) => kind !== 'unknown' && isKnown(namespace)

const isBad = ({ health }: Pick<GraphNode, 'health'>) => health?.state === 'failing' || health?.state === 'degraded'

/** What is failing or degraded, both ends of such calls, and of what is in trouble without such a call its busiest caller. */
function keptOutside({ nodes, edges }: MeshGraph): ReadonlySet<string> {
  const bad = new Set(nodes.filter(isBad).map(({ id }) => id))
  const troubled = edges.filter(isBad)
  for (const { target } of troubled) bad.add(target)
  const isExplained = new Set(troubled.map(({ target }) => target))
  const busiest = new Map<string, GraphEdge>()
  for (const edge of edges) {
    const known = busiest.get(edge.target)
    if (!bad.has(edge.target) || isExplained.has(edge.target) || edge.source === edge.target) continue
    if (known === undefined || edge.rate > known.rate) busiest.set(edge.target, edge)
  }
  const leading = [...troubled.sort((a, b) => lost(b) - lost(a)), ...busiest.values()]
  const callers = new Set<string>()
  for (const { source } of leading) if (!bad.has(source) && callers.size < mostCallersKept) callers.add(source)
  return new Set([...bad, ...callers])
}

const lost = ({ rate, errorRatio = 0, protocol }: GraphEdge) => (protocol === 'tcp' ? 0 : rate * errorRatio)

/** Lists by key, sorted by it; without those of no key. */
function grouped(
  nodes: readonly GraphNode[],
  keyOf: (node: GraphNode) => string | undefined,
): ReadonlyMap<string, readonly GraphNode[]> {
  const groups = new Map<string, GraphNode[]>()
  for (const node of nodes) {
    const key = keyOf(node)
    if (key === undefined) continue
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [node])
    else known.push(node)
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}
