import type { ServiceName } from '../../../mesh/callEnd.ts'
import type { GraphEdge, GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { requestsOf, totalOf, type Values } from '../../../mesh/panels.ts'
import type { Grouping } from '../../../mesh/rangeQueries.ts'
import type { Labels, Sample, Series } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import { trafficOf, type Selection } from './details.ts'

/** Which series tell of a selection: what to ask, and which of the answers are its own. */
export interface SignalQuestion {
  /** The namespaces to ask about; empty means as the page does. */
  readonly namespaces: readonly string[]
  /** What the answers must be split by, so that the own ones can be told. */
  readonly by: readonly Grouping[]
  readonly services?: readonly ServiceName[]
  readonly isOwn: (labels: Labels) => boolean
  readonly isTcp: boolean
  /** Whether a quantile of it can be read off one series: quantiles of several are never added. */
  readonly hasQuantiles: boolean
}

/**
 * The series behind a node's, app's, namespace's or edge's golden signals: what it is asked, not what it asks. Of what only calls, its
 * calls. `undefined` for what no series tells of (nobody known, nothing selected that exists).
 */
export function signalsOf(graph: MeshGraph, selection: Selection | undefined): SignalQuestion | undefined {
  if (selection === undefined) return { ...everything, hasQuantiles: false }
  switch (selection.kind) {
    case 'missing':
      return undefined
    case 'edge':
      return ofEdge(selection.edge, selection.source, selection.target)
    case 'node':
    case 'app':
    case 'namespace': {
      const nodes = selection.kind === 'node' ? [selection.node] : selection.nodes
      return ofNodes(graph, nodes, selection.kind === 'namespace')
    }
  }
}

const everything: SignalQuestion = { namespaces: [], by: [], isOwn: () => true, isTcp: false, hasQuantiles: true }

function ofNodes(graph: MeshGraph, all: readonly GraphNode[], isNamespace: boolean): SignalQuestion | undefined {
  // No series over time is split by operation; a box's own are those of whoever answers.
  const nodes = all.filter(({ kind }) => kind !== 'operation')
  const [first] = nodes
  if (first === undefined || first.kind === 'unknown' || first.isInaccessible === true) return undefined
  const { namespace } = first
  const { inbound } = trafficOf(graph, new Set(nodes.map(({ id }) => id)))
  const isTcp = inbound.length > 0 && inbound.every(({ protocol }) => protocol === 'tcp')
  if (isNamespace) {
    return {
      ...everything,
      namespaces: [namespace],
      by: ['workload'],
      isOwn: (labels) => labels[label.destinationNamespace] === namespace,
      isTcp,
      hasQuantiles: false,
    }
  }
  if (first.kind === 'service') {
    const services = first.service === undefined ? [] : [{ namespace, name: first.service }]
    return services.length === 0 ? undefined : { ...everything, namespaces: [namespace], services, isTcp }
  }
  const workloads = nodes.flatMap(({ workload }) => (workload === undefined ? [] : [workload]))
  if (inbound.length === 0 && nodes.length === 1) return ofCaller(namespace, workloads)
  if (workloads.length < nodes.length) {
    const services = servicesOf(inbound)
    return services.length === 0 ? undefined : { ...everything, namespaces: [namespace], services, isTcp }
  }
  const own = new Set(workloads)
  return {
    namespaces: [namespace],
    by: ['workload'],
    isOwn: (labels) =>
      labels[label.destinationNamespace] === namespace && own.has(labels[label.destinationWorkload] ?? ''),
    isTcp,
    hasQuantiles: own.size === 1,
  }
}

/** What nobody calls (a gateway, a load generator) is told by its own calls. */
function ofCaller(namespace: string, workloads: readonly string[]): SignalQuestion | undefined {
  if (workloads.length === 0) return undefined
  const own = new Set(workloads)
  return {
    namespaces: [namespace],
    by: ['source'],
    isOwn: (labels) => labels[label.sourceNamespace] === namespace && own.has(labels[label.sourceWorkload] ?? ''),
    isTcp: false,
    hasQuantiles: own.size === 1,
  }
}

function ofEdge(edge: GraphEdge, source: GraphNode, target: GraphNode): SignalQuestion | undefined {
  if (source.kind === 'operation' || target.kind === 'operation') return undefined
  const services = servicesOf([edge])
  const isKnown = (node: GraphNode) => node.kind !== 'unknown' && node.isInaccessible !== true
  const near = isKnown(target) ? target : isKnown(source) ? source : undefined
  if (near === undefined) return undefined
  const from = source.kind === 'unknown' ? 'unknown' : source.workload
  const to = target.kind === 'service' ? undefined : target.workload
  const isByName = to !== undefined || services.length > 0
  if (from === undefined || !isByName) return undefined
  return {
    namespaces: [near.namespace],
    by: to === undefined ? ['source'] : ['source', 'workload'],
    ...(to === undefined ? { services } : {}),
    isOwn: (labels) =>
      labels[label.sourceWorkload] === from &&
      (source.kind === 'unknown' || labels[label.sourceNamespace] === source.namespace) &&
      (to === undefined ||
        (labels[label.destinationWorkload] === to && labels[label.destinationNamespace] === target.namespace)),
    isTcp: edge.protocol === 'tcp',
    hasQuantiles: true,
  }
}

/** The services behind the hosts that edges name: `cart.shop.svc.cluster.local` is `cart` in `shop`. */
function servicesOf(edges: readonly GraphEdge[]): readonly ServiceName[] {
  const found = new Map<string, ServiceName>()
  for (const { host } of edges.flatMap(({ responses }) => responses)) {
    const [name, namespace, svc] = (host ?? '').split('.', 3)
    if (name === undefined || namespace === undefined || svc !== 'svc') continue
    found.set(`${namespace}/${name}`, { namespace, name })
  }
  return [...found.values()]
}

/** A selection's requests per second and share of errors over time, with the instants (unix seconds) they are of. */
export function requestCourse(series: readonly Series[], { isOwn }: SignalQuestion) {
  const own = series.filter(({ labels }) => isOwn(labels))
  const { total, errors } = requestsOf(own)
  const ratio: Values = total.map((value, at) => {
    const failed = errors[at]
    return value === undefined || failed === undefined || value === 0 ? undefined : failed / value
  })
  return { total, ratio, times: own[0]?.points.map(({ at }) => at) ?? [] }
}

/** A quantile over time; only ever of one series. */
export function quantileCourse(series: readonly Series[], { isOwn }: SignalQuestion): Values {
  const own = series.filter(({ labels }) => isOwn(labels))
  return own.length === 1 ? totalOf(own) : []
}

/** Bytes per second over time, client to server. */
export function bytesCourse(series: readonly Series[], { isOwn }: SignalQuestion): Values {
  return totalOf(series.filter(({ labels }) => isOwn(labels) && labels[label.direction] === 'sent'))
}

/** A selection's own series, whatever they say. */
export function ownSeries(series: readonly Series[], { isOwn }: SignalQuestion): readonly Series[] {
  return series.filter(({ labels }) => isOwn(labels))
}

/** Bytes per second of requests and responses together; `undefined` where neither was measured. */
export function bytesOf(samples: readonly Sample[] | undefined, { isOwn }: SignalQuestion): number | undefined {
  const own = (samples ?? []).filter(({ labels }) => isOwn(labels))
  return own.length === 0 ? undefined : own.reduce((sum, { value }) => sum + value, 0)
}
