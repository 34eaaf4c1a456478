import type { GraphEdge, GraphNode } from './graph.ts'
import { duration, select, sumBy } from './promql.ts'
import type { Query } from './queries.ts'
import type { Matcher } from './scope.ts'
import { label, metrics, unknown } from './telemetry.ts'

/** The side whose report is read: the caller's proxy, or the callee's (its waypoint's in ambient meshes). */
type Side = 'source' | 'destination'

/**
 * Expressions that Prometheus answers with a node's own numbers, ready to paste: requests in and out by code and flags, their 95th
 * percentile, TCP bytes in. `windowSeconds` is the rates' window. A service is only ever called; somebody unknown only ever calls.
 */
export function queriesOfNode(node: GraphNode, windowSeconds: number): readonly Query[] {
  const range = duration(windowSeconds)
  const into = [reporter('destination'), ...matchersOf(node, 'destination')]
  // Of the standard metrics, requests alone are classified as a rule.
  if (node.kind === 'operation') return [{ name: 'requests in', promql: byCode(into, range) }]
  // What never arrived is told by callers alone, so a service is read on their side.
  const called = node.kind === 'service' ? [reporter('source'), ...matchersOf(node, 'destination')] : into
  const out = [reporter('source'), ...matchersOf(node, 'source')]
  return [
    ...(node.kind === 'unknown' ? [] : inbound(called, range)),
    ...(node.kind === 'service' ? [] : [{ name: 'requests out', promql: byCode(out, range) }]),
  ]
}

/** Expressions for one edge's own numbers, on the side that the graph counted: the caller's, or the callee's where nobody else tells. */
export function queriesOfEdge(
  edge: GraphEdge,
  ends: { readonly source: GraphNode; readonly target: GraphNode },
  windowSeconds: number,
): readonly Query[] {
  const range = duration(windowSeconds)
  const side: Side =
    ends.source.kind === 'unknown' || hasOperation(ends) || edge.marks.includes('callerNotScraped')
      ? 'destination'
      : 'source'
  const matchers = [reporter(side), ...matchersOf(ends.source, 'source'), ...matchersOf(ends.target, 'destination')]
  if (edge.protocol === 'tcp') return [{ name: 'bytes sent', promql: sent(matchers, range) }]
  const protocol: Matcher = { label: label.protocol, op: '=', value: edge.protocol }
  if (hasOperation(ends)) return [{ name: 'requests', promql: byCode([...matchers, protocol], range) }]
  return [
    { name: 'requests', promql: byCode([...matchers, protocol], range) },
    { name: 'p95', promql: p95([...matchers, protocol], range) },
  ]
}

/** Only the callee's side knows operations. */
function hasOperation({ source, target }: { readonly source: GraphNode; readonly target: GraphNode }): boolean {
  return source.kind === 'operation' || target.kind === 'operation'
}

function inbound(matchers: readonly Matcher[], range: string): readonly Query[] {
  return [
    { name: 'requests in', promql: byCode(matchers, range) },
    { name: 'p95 in', promql: p95(matchers, range) },
    { name: 'TCP bytes in', promql: sent(matchers, range) },
  ]
}

function reporter(side: Side): Matcher {
  return side === 'source'
    ? { label: label.reporter, op: '=', value: 'source' }
    : { label: label.reporter, op: '=~', value: 'destination|waypoint' }
}

/** The labels that pick a node out, at one end of its calls. */
function matchersOf(
  { kind, namespace, workload, app, version, service, operation }: GraphNode,
  side: Side,
): readonly Matcher[] {
  const is = (name: string, value: string | undefined): readonly Matcher[] =>
    value === undefined ? [] : [{ label: name, op: '=', value }]
  const names =
    side === 'source'
      ? {
          namespace: label.sourceNamespace,
          workload: label.sourceWorkload,
          app: label.sourceService,
          version: label.sourceRevision,
        }
      : {
          namespace: label.destinationNamespace,
          workload: label.destinationWorkload,
          app: label.destinationCanonicalService,
          version: label.destinationRevision,
        }
  switch (kind) {
    case 'unknown':
      return is(names.workload, unknown)
    case 'service':
      return [
        ...(namespace === unknown ? [] : is(label.serviceNamespace, namespace)),
        ...is(label.serviceName, service),
      ]
    case 'operation':
      // It stands before its app, whichever end of an edge it is.
      return [
        ...is(label.destinationNamespace, namespace),
        ...is(label.destinationCanonicalService, app),
        ...is(label.operation, operation),
      ]
    case 'workload':
      return [...is(names.namespace, namespace), ...is(names.workload, workload)]
    case 'app':
      return [...is(names.namespace, namespace), ...is(names.app, app), ...is(names.version, version)]
  }
}

function byCode(matchers: readonly Matcher[], range: string): string {
  const labels = [label.protocol, label.code, label.grpcStatus, label.flags]
  return sumBy(labels, `rate(${select(metrics.requests, matchers)}[${range}])`)
}

function p95(matchers: readonly Matcher[], range: string): string {
  return `histogram_quantile(0.95, ${sumBy([label.bucket], `rate(${select(metrics.durationBuckets, matchers)}[${range}])`)}) / 1000`
}

function sent(matchers: readonly Matcher[], range: string): string {
  return `sum(rate(${select(metrics.tcpReceivedBytes, matchers)}[${range}]))`
}
