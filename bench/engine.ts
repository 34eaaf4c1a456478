import { decodeVector } from '../src/clients/prometheus/decode.ts'
import { addHealth, defaultPolicy } from '../src/mesh/health.ts'
import { type GraphOptions, readGraph, type Telemetry } from '../src/mesh/read.ts'
import { label } from '../src/mesh/telemetry.ts'
import type { Drawing } from '../src/ui/canvas/drawing.ts'
import { framesOf } from '../src/ui/canvas/frames.ts'
import { layoutOf } from '../src/ui/canvas/layout.ts'
import { routesOf } from '../src/ui/canvas/routes.ts'
import { viewOf } from '../src/ui/pages/traffic-graph/view.ts'
import { answersOf } from './answers.ts'
import { fixedAt, windowSeconds } from './fill.ts'
import type { Mesh } from './mesh.ts'
import { cpuWatch, medians } from './stats.ts'

/**
 * What each step from Prometheus's JSON to places on the screen takes, without a Prometheus and without a browser: milliseconds of
 * processor time, garbage collection and compilation included, which a busy machine stretches little.
 */
export interface EngineFigures {
  readonly workloads: number
  readonly edges: number
  readonly series: number
  readonly megabytes: number
  readonly parse: number
  readonly decode: number
  /** Flows and graph; health; what the page asks for when it is opened (requests, TCP, mTLS). */
  readonly graph: number
  readonly health: number
  /** Parse, decode, graph and health: the whole way from JSON to verdicts. */
  readonly engine: number
  /** Decode, graph and health of the callers' requests alone: what the aim of 60 ms at 1,000 workloads and 5,000 edges speaks of. */
  readonly callers: number
  readonly view: number
  /** `undefined` where there are too many nodes to wait for it. */
  readonly layout: number | undefined
  /** Frames and routes of the drawn edges. */
  readonly scene: number | undefined
}

const options: GraphOptions = {
  graphType: 'versionedApp',
  window: { seconds: windowSeconds, at: fixedAt },
  namespaces: [],
  reporter: 'auto',
  serviceNodes: false,
  waypoints: false,
  idleEdges: false,
  http: true,
  grpc: 'requests',
  policy: defaultPolicy,
}

/** The medians of `runs` runs over one mesh, after two that are not counted; the layout, which takes long, in fewer of them. */
export async function measureEngine(mesh: Mesh, runs: number, withLayout = true): Promise<EngineFigures> {
  const answers = answersOf(mesh)
  const bodies = Object.values(answers).map((result: readonly unknown[]) =>
    JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }),
  )
  const callersBody = JSON.stringify({
    resultType: 'vector',
    result: answers.requests.filter(({ metric }) => metric[label.reporter] === 'source'),
  })
  let size = { edges: 0, series: 0 }
  const once = () => {
    const watch = cpuWatch()
    const answers = bodies.map((body) => (JSON.parse(body) as { data: unknown }).data)
    const parse = watch()
    const [requests = [], tcp = [], mtls = []] = answers.map((data) => decodeVector(data).samples)
    const telemetry: Telemetry = { requests, tcp, mtls }
    const decode = watch()
    const judged = readGraph(telemetry, undefined, options)
    const graph = watch()
    addHealth(judged, options)
    const health = watch()
    const drawing = viewOf(judged, { labels: ['rate'], statistic: 'p95' })
    const view = watch()
    size = { edges: judged.edges.length, series: requests.length + tcp.length + mtls.length }
    const engine = parse + decode + graph + health
    const told = JSON.parse(callersBody) as unknown
    watch()
    addHealth(readGraph({ requests: decodeVector(told).samples }, undefined, options), options)
    return { drawing, times: { parse, decode, graph, health, view, engine, callers: watch() } }
  }
  for (let warm = 0; warm < 2; warm++) once()
  const times = await medians(runs, () => Promise.resolve(once().times))
  const { drawing } = once()
  const placed = withLayout ? await measurePlacing(drawing, runs) : undefined
  return {
    workloads: mesh.recipe.workloads,
    ...size,
    megabytes: bodies.reduce((sum, { length }) => sum + length, 0) / 1e6,
    ...times,
    layout: placed?.layout,
    scene: placed?.scene,
  }
}

function measurePlacing(drawing: Drawing, runs: number): Promise<{ readonly layout: number; readonly scene: number }> {
  return medians(Math.min(runs, 5), () => {
    const watch = cpuWatch()
    const places = layoutOf(drawing)
    const layout = watch()
    framesOf(drawing, places)
    routesOf(drawing.edges, places)
    return Promise.resolve({ layout, scene: watch() })
  })
}
