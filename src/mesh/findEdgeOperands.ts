import { namesOfNode } from './findNodeOperands.ts'
import type { EdgeOperand, FindContext, FindEdge } from './findOperand.ts'
import type { Quantity } from './findUnits.ts'
import type { GraphEdge, Protocol } from './graph.ts'

type Names = readonly [string, ...string[]]

const text = (
  names: Names,
  help: string,
  read: (element: FindEdge) => readonly (string | undefined)[],
): EdgeOperand => ({
  of: 'edge',
  kind: 'text',
  names,
  help,
  read,
})
const number = (
  names: Names,
  quantity: Quantity,
  help: string,
  read: (edge: GraphEdge, context: FindContext) => number | undefined,
): EdgeOperand => ({
  of: 'edge',
  kind: 'number',
  quantity,
  names,
  help,
  read: ({ edge }, context) => read(edge, context),
})

const only =
  (protocol: Protocol, read: (edge: GraphEdge, context: FindContext) => number | undefined) =>
  (edge: GraphEdge, context: FindContext) => (edge.protocol === protocol ? read(edge, context) : undefined)
const rate = (edge: GraphEdge) => edge.rate
const errorRatio = (edge: GraphEdge) => edge.errorRatio
const share = (edge: GraphEdge, { shareOf }: FindContext) => shareOf(edge)

/** What can be asked of an edge: Kiali's words first, then ours. */
export const edgeOperands: readonly EdgeOperand[] = [
  number(['responsetime', 'rt'], 'duration', 'response time in ms: p95, else what was measured', ({ latency }) => {
    return latency?.p95 ?? latency?.p99 ?? latency?.avg ?? latency?.p50
  }),
  number(['http'], 'rate', 'HTTP requests per second', only('http', rate)),
  number(
    ['%httperr', '%httperror'],
    'share',
    'percent of HTTP requests that failed (4xx are not errors)',
    only('http', errorRatio),
  ),
  number(['%httptraffic'], 'share', 'percent of the caller’s HTTP requests', only('http', share)),
  number(['grpc'], 'rate', 'gRPC requests per second', only('grpc', rate)),
  number(['%grpcerr', '%grpcerror'], 'share', 'percent of gRPC requests that failed', only('grpc', errorRatio)),
  number(['%grpctraffic'], 'share', 'percent of the caller’s gRPC requests', only('grpc', share)),
  number(['tcp'], 'bytes', 'TCP bytes per second', only('tcp', rate)),
  number(['throughput'], 'bytes', 'bytes of requests or responses per second', ({ throughput }) => throughput),
  text(['protocol'], 'http, grpc or tcp', ({ edge }) => [edge.protocol]),
  text(['sourceprincipal'], 'identity of the caller', ({ edge }) => [edge.sourcePrincipal]),
  text(['destprincipal', 'destinationprincipal'], 'identity of the callee', ({ edge }) => [edge.destinationPrincipal]),
  {
    of: 'edge',
    kind: 'flag',
    names: ['mtls'],
    help: 'some of it under mutual TLS',
    read: ({ edge }) => (edge.mtls ?? 0) > 0,
  },
  {
    of: 'edge',
    kind: 'flag',
    names: ['traffic'],
    help: 'something flows',
    read: ({ edge }) => edge.isIdle !== true && edge.rate > 0,
  },
  number(['%error', 'error', 'errors', '%err'], 'share', 'percent that failed, HTTP or gRPC', errorRatio),
  number(['%traffic', 'share'], 'share', 'percent of the caller’s traffic of that protocol', share),
  number(['%mtls'], 'share', 'percent under mutual TLS', ({ mtls }) => mtls),
  number(['rps'], 'rate', 'requests per second, HTTP or gRPC', (edge) =>
    edge.protocol === 'tcp' ? undefined : edge.rate,
  ),
  number(['avg'], 'duration', 'average response time', ({ latency }) => latency?.avg),
  number(['p50'], 'duration', 'median response time', ({ latency }) => latency?.p50),
  number(['p95'], 'duration', '95th percentile of response times', ({ latency }) => latency?.p95),
  number(['p99'], 'duration', '99th percentile of response times', ({ latency }) => latency?.p99),
  text(['code'], 'a response code seen on it: 503, or gRPC 14', ({ edge }) => edge.responses.map(({ code }) => code)),
  text(['flag', 'flags'], 'an Envoy response flag seen on it: UF', ({ edge }) => {
    return edge.responses.flatMap(({ flags }) => (flags === undefined ? [] : [flags, ...flags.split(',')]))
  }),
  text(['host'], 'a host that was called', ({ edge }) => edge.responses.map(({ host }) => host)),
  text(['from', 'source'], 'any name of the caller', ({ source }) => (source === undefined ? [] : namesOfNode(source))),
  text(['to', 'destination'], 'any name of the callee', ({ target }) =>
    target === undefined ? [] : namesOfNode(target),
  ),
]
