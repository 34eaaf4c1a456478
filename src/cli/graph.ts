import { setMaxListeners } from 'node:events'
import { queryInstant } from '../clients/prometheus/query.ts'
import type { MeshObjects } from '../mesh/config/objects.ts'
import type { Baseline } from '../mesh/drift.ts'
import type { MeshGraph } from '../mesh/graph.ts'
import { defaultPolicy, type HealthPolicy } from '../mesh/health.ts'
import { type InstantQuestion, levelFor, queriesFor, type Query } from '../mesh/queries.ts'
import { readMesh, type Telemetry } from '../mesh/read.ts'
import type { Sample, Skipped } from '../mesh/samples.ts'
import type { Window } from '../mesh/scope.ts'
import { failureWords, oneLine } from './advice.ts'
import { type GraphArguments, help, readArguments } from './graphArguments.ts'
import { shapeOf } from './shape.ts'
import { warningReason, withSilence } from './silence.ts'

/** The world around the command, replaceable in tests. */
export interface Surroundings {
  readonly write: (text: string) => void
  readonly complain: (text: string) => void
  /** Whether `complain` reaches a person's terminal, where progress is welcome. */
  readonly isTerminal: boolean
  /** Unix seconds. */
  readonly now: () => number
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A command's own process. */
export const processItself: Surroundings = {
  write: (text) => {
    // `meshboard graph | head` closes the pipe early, which is no failure.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      process.stderr.write(`meshboard graph: the output cannot be written: ${oneLine(error.message)}\n`)
      process.exit(1)
    })
    process.stdout.write(text)
  },
  complain: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  now: () => Date.now() / 1000,
  environment: process.env,
}

/**
 * `meshboard graph`: prints the traffic graph, or its drift from a baseline. Gives the exit status: 0; 1 when an upstream failed or
 * gave too little to compare (said on stderr: which, why, what to try); 2 for wrong arguments (each named); 3 on drift.
 */
export async function graph(argv: readonly string[], around: Surroundings = processItself): Promise<number> {
  const read = readArguments(argv)
  if (read.kind === 'help') {
    around.write(help)
    return 0
  }
  if (read.kind === 'wrong') {
    for (const problem of read.problems) around.complain(`meshboard graph: ${problem}\n`)
    around.complain('meshboard graph --help says more.\n')
    return 2
  }
  const baseline =
    read.arguments.baseline === undefined
      ? undefined
      : await (await import('./baseline.ts')).baselineFrom(read.arguments.baseline, read.arguments)
  if (typeof baseline === 'string') {
    around.complain(`meshboard graph: --baseline ${baseline}\n`)
    return 2
  }
  const { healthPolicy: file } = read.arguments
  // Loaded only when asked for: most runs need no YAML and no schemas.
  const rules =
    file === undefined
      ? { kind: 'policy' as const, policy: defaultPolicy }
      : await (await import('./healthPolicy.ts')).policyFrom(file)
  if (rules.kind === 'wrong') {
    for (const problem of rules.problems) around.complain(`meshboard graph: --health-policy ${problem}\n`)
    return 2
  }
  // A baseline that knows mTLS is compared with a graph that does.
  const isMtlsAsked = read.arguments.mtls || baseline?.edges.some(({ mtls }) => mtls !== undefined) === true
  return print({ ...read.arguments, mtls: isMtlsAsked }, { baseline, policy: rules.policy }, around)
}

interface Given {
  readonly baseline: Baseline | undefined
  readonly policy: HealthPolicy
}

async function print(options: GraphArguments, { baseline, policy }: Given, around: Surroundings): Promise<number> {
  const window: Window = { seconds: options.window, at: options.time ?? Math.floor(around.now()) }
  const stopped = new AbortController()
  // Some thirty requests listen to it at once, which is no leak.
  setMaxListeners(0, stopped.signal)
  const progress = new Progress(around)
  // Both upstreams at once; the first that fails stops the other.
  const answers = await Promise.all([
    askPrometheus(options, window, { around, progress, stopped }),
    askKubernetes(options, { around, progress, stopped }),
  ]).catch((error: unknown) => {
    stopped.abort()
    if (error instanceof UpstreamFailure) return error
    throw error
  })
  progress.clear()
  if (answers instanceof UpstreamFailure) {
    around.complain(`meshboard graph: ${answers.message}\n`)
    return 1
  }
  const [telemetry, kubernetes] = answers
  const found = readMesh(
    { ...telemetry, skipped: [...(telemetry.skipped ?? []), ...kubernetes.skipped] },
    kubernetes.objects,
    {
      graphType: options.graphType,
      window,
      namespaces: options.namespaces,
      reporter: options.reporter,
      serviceNodes: options.serviceNodes,
      waypoints: options.waypoints,
      idleEdges: options.idleEdges,
      http: options.http === 'requests',
      grpc: options.grpc === 'requests' || options.grpc === 'none' ? options.grpc : 'messages',
      policy,
    },
  )
  const { time, window: seconds, graphType, namespaces, ...drawn } = withSilence(found, options)
  const mesh: MeshGraph = { time, window: seconds, graphType, namespaces, options: shapeOf(options), ...drawn }
  if (baseline === undefined) {
    around.write(await printed(mesh, options.format))
    return 0
  }
  const { compared } = await import('./baseline.ts')
  const result = compared(baseline, mesh, options.format)
  if (result.kind === 'incomparable') {
    around.complain(`meshboard graph: not compared with the baseline: ${result.why}\n`)
    return 1
  }
  around.write(result.text)
  return result.hasDrift ? 3 : 0
}

async function printed(mesh: MeshGraph, format: GraphArguments['format']): Promise<string> {
  const { toCsv, toJson, toMermaid, toText } = await import('../mesh/export.ts')
  return { json: toJson, csv: toCsv, mermaid: toMermaid, text: toText }[format](mesh)
}

/** An upstream gave no usable answer; the message is for a person. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure'
}

export interface Asking {
  readonly around: Surroundings
  readonly progress: Progress
  readonly stopped: AbortController
}

/** All queries of all questions at once, each answer decoded as it arrives. */
async function askPrometheus(
  options: GraphArguments,
  window: Window,
  { around, progress, stopped }: Asking,
): Promise<Telemetry> {
  const scope = {
    namespaces: options.namespaces.length === 0 ? ('all' as const) : options.namespaces,
    peers: 'full' as const,
    seesAll: true,
    matchers: options.matchers,
  }
  const token = around.environment['MESHBOARD_PROMETHEUS_TOKEN']
  const place = {
    url: options.prometheusUrl,
    headers: {
      ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }),
      // On the same machine packing costs both sides more than it saves.
      ...(isLoopback(options.prometheusUrl) ? { 'accept-encoding': 'identity' } : {}),
    },
  }
  const skipped: Skipped[] = []
  const ask = async ({ name, promql }: Query): Promise<readonly Sample[]> => {
    progress.expect('Prometheus')
    try {
      const answer = await queryInstant(place, { promql, at: window.at }, stopped.signal)
      skipped.push(...answer.skipped)
      for (const warning of answer.warnings) {
        skipped.push({ reason: warningReason, count: 1, example: oneLine(warning, 300) })
      }
      return answer.samples
    } catch (error) {
      throw new UpstreamFailure(
        failureWords(`Prometheus at ${withoutCredentials(options.prometheusUrl)}`, name, error),
        {
          cause: error,
        },
      )
    } finally {
      progress.arrived('Prometheus')
    }
  }
  const answered = async (question: InstantQuestion | undefined): Promise<readonly Sample[] | undefined> => {
    if (question === undefined) return undefined
    const [first, ...others] = await Promise.all(queriesFor(question, scope, window).map(ask))
    return others.length === 0 ? (first ?? []) : (first ?? []).concat(...others)
  }

  const { latency, throughput, grpc, tcp, idleEdges: withIdle } = options
  // TCP cannot do without them: only requests tell which bytes are a call's transport, and who is scraped.
  const isRequests = options.http === 'requests' || grpc === 'requests' || tcp !== 'none'
  const isMessages = grpc !== 'requests' && grpc !== 'none'
  const [requests, grpcMessages, tcpBytes, responseTime, throughputs, mtls] = await Promise.all([
    answered(isRequests ? { ask: 'requests', withIdle } : undefined),
    answered(isMessages ? { ask: 'grpc-messages', direction: grpc, withIdle } : undefined),
    answered(tcp === 'none' ? undefined : { ask: 'tcp', direction: tcp, withIdle }),
    answered(
      latency === undefined ? undefined : { ask: 'response-time', statistic: latency, ...levelFor(options.graphType) },
    ),
    answered(throughput === undefined ? undefined : { ask: 'throughput', direction: throughput }),
    answered(options.mtls ? { ask: 'mtls' } : undefined),
  ])
  return {
    ...(requests === undefined ? {} : { requests }),
    ...(grpcMessages === undefined ? {} : { grpcMessages }),
    ...(tcpBytes === undefined ? {} : { tcp: tcpBytes }),
    ...(responseTime === undefined || latency === undefined
      ? {}
      : { responseTime: { statistic: latency, samples: responseTime } }),
    ...(throughputs === undefined ? {} : { throughput: throughputs }),
    ...(mtls === undefined ? {} : { mtls }),
    skipped,
  }
}

async function askKubernetes(
  { kubeconfig, context }: GraphArguments,
  { around, progress, stopped }: Asking,
): Promise<{ readonly objects: MeshObjects | undefined; readonly skipped: readonly Skipped[] }> {
  if (kubeconfig === undefined) return { objects: undefined, skipped: [] }
  progress.expect('Kubernetes')
  try {
    // Loaded only when asked for: most runs need no YAML.
    const [{ readAccess }, { readObjects }] = await Promise.all([
      import('../proxy/kubeconfig.ts'),
      import('./kubernetes.ts'),
    ])
    return await readObjects(await readAccess(kubeconfig, context, around.environment), stopped.signal)
  } catch (error) {
    throw new UpstreamFailure(`Kubernetes: ${oneLine(error instanceof Error ? error.message : String(error))}`, {
      cause: error,
    })
  } finally {
    progress.arrived('Kubernetes')
  }
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
}

/** An address as it may be shown. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1')
}

/** One line on a terminal that says what is still awaited, and then leaves no trace. */
class Progress {
  readonly #around: Surroundings
  #expected = 0
  #arrived = 0

  constructor(around: Surroundings) {
    this.#around = around
  }

  expect(upstream: string): void {
    this.#expected += 1
    this.#show(upstream)
  }

  arrived(upstream: string): void {
    this.#arrived += 1
    this.#show(upstream)
  }

  clear(): void {
    if (this.#around.isTerminal) this.#around.complain('\r\u001b[K')
  }

  #show(upstream: string): void {
    if (this.#around.isTerminal)
      this.#around.complain(`\r\u001b[KAsking ${upstream}: ${this.#arrived} of ${this.#expected} answered`)
  }
}
