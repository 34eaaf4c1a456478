import { performance } from 'node:perf_hooks'
import { defaultPolicy } from '../src/mesh/health.ts'
import { readMesh, type GraphOptions } from '../src/mesh/read.ts'
import type { Labels, Sample } from '../src/mesh/samples.ts'

/**
 * The engine alone, on seeded meshes: decode + flows + graph + health of what one `requests` question answers.
 * Prints one line per size: `workloads edges series MB | parse, samples, graph with health, total (ms, median and best)`.
 */
export interface Mesh {
  readonly workloads: number
  readonly edges: number
  readonly seed: number
}

/** The answer to `requests` as Prometheus writes it: both sides of every edge, and an error response on one edge in ten. */
export function answerFor({ workloads, edges, seed }: Mesh): string {
  const random = seeded(seed)
  const pick = (below: number): number => Math.floor(random() * below)
  const result: { metric: Labels; value: [number, string] }[] = []
  for (let edge = 0; edge < edges; edge++) {
    const from = pick(workloads)
    const to = edge < workloads ? edge : pick(workloads)
    const rate = (1 + random() * 100).toFixed(6)
    const codes = random() < 0.1 ? ['200', '503'] : ['200']
    for (const code of codes) {
      const metric = labelsOf(from, to, code)
      result.push({
        metric: { ...metric, reporter: edge % 20 === 0 ? 'destination' : 'source' },
        value: [1_700_000_000, rate],
      })
    }
  }
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })
}

function labelsOf(from: number, to: number, code: string): Labels {
  const namespace = (index: number): string => `namespace-${index % 40}`
  const app = (index: number): string => `service-${index - (index % 2)}`
  const version = (index: number): string => `v${(index % 2) + 1}`
  const workload = (index: number): string => `${app(index)}-${version(index)}`
  return {
    source_cluster: 'cluster-one',
    source_workload: workload(from),
    source_workload_namespace: namespace(from),
    source_canonical_service: app(from),
    source_canonical_revision: version(from),
    source_app: app(from),
    source_version: version(from),
    destination_cluster: 'cluster-one',
    destination_workload: workload(to),
    destination_workload_namespace: namespace(to),
    destination_canonical_service: app(to),
    destination_canonical_revision: version(to),
    destination_app: app(to),
    destination_version: version(to),
    destination_service: `${app(to)}.${namespace(to)}.svc.cluster.local`,
    destination_service_name: app(to),
    destination_service_namespace: namespace(to),
    request_protocol: 'http',
    response_code: code,
    response_flags: '-',
  }
}

/** https://en.wikipedia.org/wiki/Linear_congruential_generator, constants of Numerical Recipes. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface WireSample {
  readonly metric: Labels
  readonly value: readonly [number, string]
}

const options: GraphOptions = {
  graphType: 'versionedApp',
  window: { seconds: 300, at: 1_700_000_000 },
  namespaces: [],
  reporter: 'auto',
  serviceNodes: false,
  waypoints: false,
  idleEdges: false,
  http: true,
  grpc: 'requests',
  policy: defaultPolicy,
}

function measure(mesh: Mesh): void {
  const body = answerFor(mesh)
  const totals: number[] = []
  const parts: number[][] = [[], [], []]
  let series = 0
  let edges = 0
  for (let run = 0; run < 15; run++) {
    const start = performance.now()
    const answer = JSON.parse(body) as { data: { result: readonly WireSample[] } }
    const parsed = performance.now()
    const samples: Sample[] = answer.data.result.map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }))
    const decoded = performance.now()
    const graph = readMesh({ requests: samples }, undefined, options)
    const done = performance.now()
    parts[0]?.push(parsed - start)
    parts[1]?.push(decoded - parsed)
    parts[2]?.push(done - decoded)
    totals.push(done - start)
    series = samples.length
    edges = graph.edges.length
  }
  const [parse, decode, graph] = parts.map(summary)
  process.stdout.write(
    `${mesh.workloads} workloads, ${edges} edges, ${series} series, ${(body.length / 1e6).toFixed(1)} MB | ` +
      `parse ${parse}, samples ${decode}, graph and health ${graph}, total ${summary(totals)} ms\n`,
  )
}

function summary(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  return `${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} (best ${sorted[0]?.toFixed(1)})`
}

for (const mesh of [
  { workloads: 1_000, edges: 5_000, seed: 1 },
  { workloads: 2_000, edges: 10_000, seed: 2 },
  { workloads: 4_000, edges: 20_000, seed: 3 },
]) {
  measure(mesh)
}
