import type { Drawing, DrawnBox, DrawnEdge, DrawnNode, NodeBadge, NodeShape } from '../../canvas/drawing.ts'
import { healthOrder, isTrouble } from '../../canvas/drawing.ts'
import type { LayoutChoice } from '../../canvas/layouts.ts'
import { byteRate, duration, inWords, percent, rate } from '../../format.ts'
import { isError } from '../../../mesh/golden.ts'
import type { EdgeResponse, GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import type { LatencyStatistic } from '../../../mesh/queries.ts'
import { graphStrings as strings } from './strings.ts'
import { badgeKinds, type BadgeKind, type BoxKind, type EdgeLabel } from './words.ts'

export interface ViewOptions {
  readonly labels: readonly EdgeLabel[]
  readonly statistic: LatencyStatistic
  /** Namespaces and apps unless said otherwise. */
  readonly boxes?: readonly BoxKind[]
  /** Rings and arms have no boxes: the namespace is said beside the version. */
  readonly layout?: LayoutChoice
  /** All unless said otherwise. */
  readonly badges?: readonly BadgeKind[]
}

/**
 * What the canvas draws of a graph: namespace boxes, app boxes around apps of several versions, nodes, and edges with their pills.
 * Whatever is absent in the graph is absent in the drawing; a box wears the worst state inside it.
 */
export function viewOf(graph: MeshGraph, options: ViewOptions): Drawing {
  const isOneCluster = new Set(graph.nodes.filter(hasPlace).map(({ cluster }) => cluster)).size < 2
  const { layout = 'auto' } = options
  const shownBadges = options.badges ?? badgeKinds
  const isRound = layout === 'concentric' || layout === 'octopus'
  const boxes = boxesOf(graph, isOneCluster, isRound ? [] : (options.boxes ?? ['namespace', 'app']))
  const inbound = groupBy(graph.edges, ({ target }) => target)
  const outbound = groupBy(graph.edges, ({ source }) => source)
  return {
    boxes: boxes.list,
    nodes: graph.nodes.map((node) => {
      const full = drawnNode(node, boxes, inbound.get(node.id) ?? [], outbound.get(node.id) ?? [])
      const drawn = { ...full, badges: full.badges.filter((badge) => shownBadges.includes(kindOfBadge[badge])) }
      return isRound && node.folded === undefined && hasPlace(node) ? withNamespace(drawn, node) : drawn
    }),
    ...(layout === 'concentric' ? { isBowed: true } : {}),
    edges: calmed(
      graph.edges.map((edge) => drawnEdge(edge, outbound.get(edge.source) ?? [], options)),
      new Set(graph.nodes.filter(({ folded }) => folded !== undefined).map(({ id }) => id)),
    ),
  }
}

/** Pills on the edges of folded groups, besides those that are in trouble. */
const groupPills = 12

/** Edges of folded groups stand back: thin, and only the busiest say how much. What is in trouble is drawn as ever. */
function calmed(edges: readonly DrawnEdge[], groups: ReadonlySet<string>): readonly DrawnEdge[] {
  if (groups.size === 0) return edges
  const isBack = ({ source, target, health }: DrawnEdge) =>
    (groups.has(source) || groups.has(target)) && !isTrouble(health)
  const loud = new Set(
    edges
      .filter(isBack)
      .sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))
      .slice(0, groupPills),
  )
  return edges.map((each) => {
    const isOfGroup = groups.has(each.source) || groups.has(each.target)
    const edge: DrawnEdge = isOfGroup ? { ...each, isOfGroup } : each
    if (!isBack(edge)) return edge
    const { label, shortLabel, ...rest } = edge
    const said =
      label === undefined || !loud.has(each) ? {} : { label, ...(shortLabel === undefined ? {} : { shortLabel }) }
    return { ...rest, ...said, width: Math.min(edge.width, 1.8) }
  })
}

interface Boxes {
  readonly list: readonly DrawnBox[]
  readonly ofNode: ReadonlyMap<string, string>
  /** Ids of those around an app's versions. */
  readonly apps: ReadonlySet<string>
}

/** Whether a node stands in a namespace someone could open. */
function hasPlace({ kind, namespace, isInaccessible }: GraphNode): boolean {
  return kind !== 'unknown' && isInaccessible !== true && namespace !== '' && namespace !== 'unknown'
}

/** The id of a namespace's box; also what a selection in the URL says. */
export function namespaceBoxId(cluster: string, namespace: string): string {
  return `namespace/${encodeURIComponent(cluster)}/${encodeURIComponent(namespace)}`
}

/** The id of the box around an app's versions. */
export function appBoxId(cluster: string, namespace: string, app: string): string {
  return `versions/${[cluster, namespace, app].map(encodeURIComponent).join('/')}`
}

/** The id of a cluster's box. */
export function clusterBoxId(cluster: string): string {
  return `cluster/${encodeURIComponent(cluster)}`
}

/** The boxes a node may stand in, the outer one first. A service nobody reached stands with the app of its name. */
export function boxIdsOf(node: GraphNode): readonly string[] {
  if (!hasPlace(node)) return []
  const { cluster, namespace } = node
  const app = boxAppOf(node)
  return [
    clusterBoxId(cluster),
    namespaceBoxId(cluster, namespace),
    ...(app === undefined ? [] : [appBoxId(cluster, namespace, app)]),
  ]
}

/** The app whose box a node may stand in: its own, or of a service in the mesh the app of the service's name. */
function boxAppOf({ kind, app, service, isServiceEntry, folded }: GraphNode): string | undefined {
  if (folded !== undefined) return undefined
  if (kind === 'app') return app
  return kind === 'service' && isServiceEntry !== true ? (app ?? service) : undefined
}

function boxesOf({ nodes, graphType }: MeshGraph, isOneCluster: boolean, wanted: readonly BoxKind[]): Boxes {
  const placed = nodes.filter(hasPlace)
  const list: DrawnBox[] = []
  const ofNode = new Map<string, string>()
  const outer = wanted.includes('namespace') ? 'namespace' : wanted.includes('cluster') ? 'cluster' : undefined
  const outerId = ({ cluster, namespace }: GraphNode) =>
    outer === 'namespace' ? namespaceBoxId(cluster, namespace) : outer === 'cluster' ? clusterBoxId(cluster) : ''
  for (const [id, members] of groupBy(placed, outerId)) {
    const [first] = members
    if (first === undefined) continue
    // A folded namespace alone is a node of that name: a box around it would say it twice.
    const isAlone = members.length === 1 && first.folded?.by === 'namespace'
    if (outer !== undefined && !isAlone) {
      list.push({
        id,
        kind: 'namespace',
        name:
          outer === 'cluster'
            ? first.cluster
            : isOneCluster
              ? first.namespace
              : `${first.namespace} · ${first.cluster}`,
        detail: members.length === 1 ? '' : strings.workloads(members.length),
        health: worst(members.map(stateOf)),
      })
      for (const node of members) ofNode.set(node.id, id)
    }
    if (graphType !== 'versionedApp' || !wanted.includes('app')) continue
    const apps = members.filter((node) => boxAppOf(node) !== undefined)
    const keyOf = (node: GraphNode) => appBoxId(node.cluster, node.namespace, boxAppOf(node) ?? '')
    for (const [appId, versions] of groupBy(apps, keyOf)) {
      const named = versions.find(({ kind }) => kind === 'app')
      if (versions.length < 2 || named === undefined) continue
      list.push({
        id: appId,
        kind: 'app',
        ...(outer === undefined ? {} : { parent: id }),
        name: named.app ?? '',
        detail: '',
        health: worst(versions.map(stateOf)),
      })
      for (const node of versions) ofNode.set(node.id, appId)
    }
  }
  return { list, ofNode, apps: new Set(list.filter(({ kind }) => kind === 'app').map(({ id }) => id)) }
}

/** The state of a node or edge; one without a verdict is unknown. */
export function stateOf({ health, isIdle }: Pick<GraphNode, 'health' | 'isIdle'>): HealthState {
  return health?.state ?? (isIdle === true ? 'idle' : 'unknown')
}

/** The worst of some states; unknown for none. */
export function worst(states: readonly HealthState[]): HealthState {
  return healthOrder.find((state) => states.includes(state)) ?? 'unknown'
}

/** As much as fits inside a node's outline. */
const longestInside = 4

function drawnNode(
  node: GraphNode,
  boxes: Boxes,
  inbound: readonly GraphEdge[],
  outbound: readonly GraphEdge[],
): DrawnNode {
  const box = boxes.ofNode.get(node.id)
  if (node.folded !== undefined) return foldedNode(node, node.folded.members.length, box, [...inbound, ...outbound])
  const isVersion = box !== undefined && boxes.apps.has(box)
  const health = stateOf(node)
  const { name, version = node.kind === 'operation' ? node.app : undefined } = namesOf(node)
  const isInside = isVersion && version !== undefined && version.length <= longestInside
  const reason = isTrouble(health) ? shortReason(node, inbound, outbound) : undefined
  return {
    id: node.id,
    ...(box === undefined ? {} : { box }),
    shape: shapeOf(node),
    ...(isVersion && (version !== undefined || node.kind === 'service') ? {} : { name }),
    ...(version === undefined || isInside ? {} : { version }),
    ...(isInside ? { inside: version } : {}),
    health,
    ...(reason === undefined ? {} : { reason }),
    badges: badgesOf(node),
    rank: [...inbound, ...outbound].reduce((sum, edge) => sum + weightOf(edge), 0),
  }
}

const withNamespace = (drawn: DrawnNode, { namespace }: GraphNode): DrawnNode => ({
  ...drawn,
  version: [drawn.version, namespace].filter((part) => part !== undefined).join(' · '),
})

/** A folded group: how many are inside, and by what name; where some of its namespace stand beside it, "12 more". */
function foldedNode(node: GraphNode, count: number, box: string | undefined, edges: readonly GraphEdge[]): DrawnNode {
  const isRest = node.folded?.by === 'namespace' && box !== undefined
  return {
    id: node.id,
    ...(box === undefined ? {} : { box }),
    shape: 'folded',
    name: isRest ? strings.more(count) : namesOf(node).name,
    inside: String(count),
    detail: strings.workloads(count),
    members: node.folded?.members ?? [],
    represents:
      node.folded?.by === 'app'
        ? appBoxId(node.cluster, node.namespace, node.app ?? '')
        : namespaceBoxId(node.cluster, node.namespace),
    health: stateOf(node),
    badges: [],
    rank: 1e6 + edges.reduce((sum, edge) => sum + weightOf(edge), 0),
  }
}

/** What a node is called, and its version where that is part of what it stands for. */
export function namesOf(node: GraphNode): { readonly name: string; readonly version?: string } {
  const { kind, namespace, app, workload, service, version, folded } = node
  if (folded !== undefined) return { name: app ?? (namespace === '' ? node.cluster : namespace) }
  if (kind === 'unknown')
    return { name: namespace === 'unknown' || namespace === '' ? strings.unknown : strings.peer(namespace) }
  if (kind === 'service') return { name: service ?? strings.unknown }
  if (kind === 'operation') return { name: node.operation ?? strings.unknown }
  const name = kind === 'workload' ? (workload ?? app) : (app ?? workload)
  return { name: name ?? strings.unknown, ...(version === undefined || kind === 'workload' ? {} : { version }) }
}

/** Name and version in one text. */
export function fullName(node: GraphNode): string {
  const { name, version } = namesOf(node)
  if (node.kind === 'operation') return strings.operationOf(name, node.app ?? strings.unknown)
  return version === undefined ? name : `${name} ${version}`
}

function shapeOf({ kind, isGateway, isWaypoint, isServiceEntry, isInaccessible }: GraphNode): NodeShape {
  if (isWaypoint === true) return 'waypoint'
  if (isGateway === true) return 'gateway'
  if (kind === 'service')
    return isServiceEntry === true ? 'serviceEntry' : isInaccessible === true ? 'outside' : 'service'
  return kind
}

const kindOfBadge: Readonly<Record<NodeBadge, BadgeKind>> = {
  plain: 'mesh',
  breaker: 'breaker',
  split: 'routing',
  route: 'routing',
  fault: 'routing',
  timeout: 'routing',
  mirror: 'routing',
}

function badgesOf({ badges = [], isOutOfMesh }: GraphNode): readonly NodeBadge[] {
  const kinds = new Set(badges.map(({ kind }) => kind))
  const has = (...some: readonly (typeof badges)[number]['kind'][]) => some.some((kind) => kinds.has(kind))
  const list: NodeBadge[] = []
  if (isOutOfMesh === true || has('missingSidecar')) list.push('plain')
  if (has('faultInjection')) list.push('fault')
  if (has('trafficShifting', 'tcpTrafficShifting')) list.push('split')
  else if (has('requestRouting', 'virtualService')) list.push('route')
  if (has('circuitBreaker', 'outlierDetection')) list.push('breaker')
  if (has('requestTimeout')) list.push('timeout')
  if (has('mirroring')) list.push('mirror')
  return list
}

/** Under a name in trouble: the code and flags most of its errors have, "503 UF"; how many pods are there, where that is the trouble. */
function shortReason(
  { replicas }: GraphNode,
  inbound: readonly GraphEdge[],
  outbound: readonly GraphEdge[],
): string | undefined {
  const errors = worstResponse(inbound) ?? worstResponse(outbound)
  if (errors !== undefined) return codeText(errors)
  if (replicas === undefined || replicas.available >= replicas.desired) return undefined
  return `${replicas.available}/${replicas.desired}`
}

type WorstResponse = EdgeResponse & Pick<GraphEdge, 'protocol'>

/** The commonest error on some edges; `undefined` where there are none. */
export function worstResponse(edges: readonly GraphEdge[]): WorstResponse | undefined {
  const sums = new Map<string, WorstResponse>()
  for (const { protocol, responses } of edges) {
    for (const { code, flags, rate: perSecond } of responses) {
      if (!isError(protocol, code, flags) || perSecond <= 0) continue
      const key = codeText({ protocol, code, flags })
      const sum = (sums.get(key)?.rate ?? 0) + perSecond
      sums.set(key, { protocol, code, ...(flags === undefined ? {} : { flags }), rate: sum })
    }
  }
  return [...sums.values()].sort((a, b) => b.rate - a.rate)[0]
}

/** `503 UF`, `504`, `UF`, `gRPC 14`. */
export function codeText({
  protocol,
  code,
  flags,
}: Pick<WorstResponse, 'protocol' | 'code'> & { readonly flags?: string | undefined }): string {
  const said = flags === undefined || flags === '-' ? '' : flags
  const status = code === '-' ? '' : protocol === 'grpc' && !/^\d{3}$/.test(code) ? `gRPC ${code}` : code
  return [status, said].filter((part) => part !== '').join(' ')
}

function drawnEdge(
  edge: GraphEdge,
  siblings: readonly GraphEdge[],
  { labels, statistic, badges = badgeKinds }: ViewOptions,
): DrawnEdge {
  const health = stateOf(edge)
  const padlock = badges.includes('mtls') ? padlockOf(edge.mtls) : undefined
  const errors = isTrouble(health) ? errorText(edge) : undefined
  const parts = edge.isIdle === true ? [] : labelParts(edge, siblings, labels, statistic)
  return {
    id: edge.id,
    source: edge.source,
    target: edge.target,
    health,
    width: widthOf(edge),
    ...(padlock === undefined ? {} : { padlock }),
    ...(parts.length === 0 ? {} : { label: parts.join(' · ') }),
    ...(parts.length === 0 || errors === undefined ? {} : { shortLabel: errors }),
    rank: weightOf(edge),
    ...(edge.errorRatio === undefined ? {} : { errorRatio: edge.errorRatio }),
    ...(edge.latency?.[statistic] === undefined ? {} : { seconds: edge.latency[statistic] }),
  }
}

/** Bytes per second that count as one request per second, so that TCP and HTTP edges can stand side by side. */
const bytesPerRequest = 4096

/** Requests per second, or what stands for them. */
export function weightOf({ protocol, rate: perSecond }: Pick<GraphEdge, 'protocol' | 'rate'>): number {
  return protocol === 'tcp' ? perSecond / bytesPerRequest : perSecond
}

/** Pixels: 1.2 + 0.32 x sqrt(requests per second), at most 9. */
export function widthOf(edge: Pick<GraphEdge, 'protocol' | 'rate'>): number {
  return Math.min(1.2 + 0.32 * Math.sqrt(Math.max(weightOf(edge), 0)), 9)
}

/** Closed: all under mutual TLS (but for rounding); open: part of it; none: none of it, or not measured. */
export function padlockOf(mtls: number | undefined): 'closed' | 'open' | undefined {
  if (mtls === undefined || mtls < 0.001) return undefined
  return mtls > 0.999 ? 'closed' : 'open'
}

/** What a pill says: the chosen numbers, and always the errors of what is in trouble. */
function labelParts(
  edge: GraphEdge,
  siblings: readonly GraphEdge[],
  labels: readonly EdgeLabel[],
  statistic: LatencyStatistic,
): readonly string[] {
  const parts: string[] = []
  if (labels.includes('rate')) parts.push(rateText(edge))
  if (labels.includes('share')) {
    const all = siblings
      .filter(({ protocol }) => protocol === edge.protocol)
      .reduce((sum, sibling) => sum + sibling.rate, 0)
    if (all > 0) parts.push(inWords(percent(edge.rate / all)))
  }
  const errors = errorText(edge)
  const isAsked = labels.includes('errors') && edge.errorRatio !== undefined
  if (errors !== undefined && (isAsked || isTrouble(stateOf(edge)))) parts.push(errors)
  else if (isAsked) parts.push(inWords(percent(edge.errorRatio)))
  const latency = edge.latency?.[statistic]
  if (labels.includes('responseTime') && latency !== undefined) parts.push(inWords(duration(latency)))
  if (labels.includes('throughput') && edge.throughput !== undefined) parts.push(inWords(byteRate(edge.throughput)))
  return parts
}

/** `12.4 % 503 UF`; `undefined` where nothing failed. */
function errorText(edge: GraphEdge): string | undefined {
  if (edge.errorRatio === undefined || edge.errorRatio <= 0) return undefined
  const code = worstResponse([edge])
  return [inWords(percent(edge.errorRatio)), code === undefined ? '' : codeText(code)]
    .filter((part) => part !== '')
    .join(' ')
}

/** `41.2/s`, `182 KiB/s TCP`. */
export function rateText({ protocol, rate: perSecond }: Pick<GraphEdge, 'protocol' | 'rate'>): string {
  return protocol === 'tcp' ? `${inWords(byteRate(perSecond))} ${strings.protocols.tcp}` : inWords(rate(perSecond))
}

/** Lists by key, in the order of their first members. */
export function groupBy<T>(list: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const known = groups.get(key(item))
    if (known === undefined) groups.set(key(item), [item])
    else known.push(item)
  }
  return groups
}
