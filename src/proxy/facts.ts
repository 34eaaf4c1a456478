import { isObject, stringsOf } from '../clients/json.ts'
import { warningsOf } from '../clients/prometheus/warnings.ts'
import { decodeMatrix, decodeVector } from '../clients/prometheus/decode.ts'
import type { FactsData } from '../clients/prometheus/wire.ts'
import { duration, select } from '../mesh/promql.ts'
import type { Query } from '../mesh/queries.ts'
import type { Matcher, Window } from '../mesh/scope.ts'
import { label, metrics } from '../mesh/telemetry.ts'
import { RefusalError } from './errors.ts'
import { runQuery } from './run.ts'
import type { Upstream, UpstreamRequest } from './upstream.ts'

export interface Facts {
  readonly facts: FactsData
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
  /** What Prometheus says against its own answers. */
  readonly warnings: readonly string[]
}

/** What is told to whoever may see nothing. */
export const noFacts: FactsData = { hasIstioMetrics: false, hasTraffic: false, reporters: [] }

/** Anybody's pod can make up another word. */
const knownReporters: ReadonlySet<string> = new Set(['source', 'destination', 'waypoint'])

/** How far back "has Istio's metrics" looks: seconds. */
const recently = 3600
/** Long enough for scrapes a minute apart, short enough to be cheap: seconds. */
const intervalSample = 300

/**
 * What this Prometheus is, and whether Istio's metrics are in it: three cheap questions of its status and index, and a few of its data.
 * Version and retention are left out, with a note, where the server does not say them (VictoriaMetrics, Mimir).
 * Throws `RefusalError` where Prometheus cannot be asked at all.
 */
export async function factsOf(
  prometheus: Upstream,
  matchers: readonly Matcher[],
  window: Window,
  signal: AbortSignal | undefined,
): Promise<Facts> {
  const range = duration(window.seconds)
  const requests = select(metrics.requests, matchers)
  const sent = select(metrics.tcpReceivedBytes, matchers)
  const traffic = {
    name: 'facts-traffic',
    promql: `count(rate(${requests}[${range}]) > 0) or count(rate(${sent}[${range}]) > 0)`,
  }
  const warnings = new Set<string>()
  const run: Run = async (promql, at, expected) => {
    const answer = await runQuery(prometheus, promql, at, signal, expected)
    for (const warning of answer.warnings) warnings.add(warning)
    return answer.result
  }
  const [reporters, hasTraffic, scrapeIntervalSeconds, build, runtime] = await Promise.all([
    reportersOf(prometheus, [requests, sent], window.at, signal),
    run(traffic.promql, window.at),
    intervalOf(
      run,
      [
        { metric: metrics.requests, selector: requests },
        { metric: metrics.tcpReceivedBytes, selector: sent },
      ],
      window,
    ),
    status(prometheus, { path: 'api/v1/status/buildinfo', signal }),
    status(prometheus, { path: 'api/v1/status/runtimeinfo', signal }),
  ])
  for (const warning of reporters.warnings) warnings.add(warning)
  const prometheusVersion = text(build['version'])
  const retention = text(runtime['storageRetention'])
  return {
    facts: {
      ...(prometheusVersion === undefined ? {} : { prometheusVersion }),
      ...(retention === undefined ? {} : { retention }),
      hasIstioMetrics: reporters.names.length > 0,
      hasTraffic: hasTraffic.length > 0,
      reporters: reporters.names,
      ...(scrapeIntervalSeconds === undefined ? {} : { scrapeIntervalSeconds }),
    },
    queries: [traffic],
    warnings: [...warnings],
    notes: [
      ...(prometheusVersion === undefined ? ['This Prometheus does not tell its version'] : []),
      ...(retention === undefined ? ['This Prometheus does not tell how long it keeps data'] : []),
    ],
  }
}

/** One expression's result at an instant; a vector unless told. */
type Run = (promql: string, at: number, expected?: 'vector' | 'matrix') => Promise<readonly unknown[]>

/** Read from the index alone, so as cheap with a million series as with ten. */
async function reportersOf(
  prometheus: Upstream,
  selectors: readonly string[],
  at: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly names: readonly string[]; readonly warnings: readonly string[] }> {
  const query = new URLSearchParams({ start: String(at - recently), end: String(at) })
  for (const selector of selectors) query.append('match[]', selector)
  const { status: code, json } = await prometheus({ path: `api/v1/label/${label.reporter}/values`, query, signal })
  const answer = isObject(json) ? json : {}
  if (code === 200 && answer['status'] === 'success') {
    const names = stringsOf(answer['data']).filter((reporter) => knownReporters.has(reporter))
    return { names: names.sort(), warnings: warningsOf(answer) }
  }
  throw new RefusalError({
    status: 502,
    code: 'prometheus_failed',
    message: `Prometheus could not list reporters: ${text(answer['error']) ?? `HTTP status ${code}`}`,
  })
}

/** A status page's data; empty where this server has no such page, which is no failure of the question. */
async function status(prometheus: Upstream, request: UpstreamRequest): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { json } = await prometheus(request)
    return isObject(json) && isObject(json['data']) ? json['data'] : {}
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.code === 'upstream_not_json') return {}
    throw error
  }
}

/**
 * Seconds between scrapes in the window: the slowest of its end, its middle and its beginning, since scrapes may have come less often
 * before. Undefined where no series has two points.
 */
async function intervalOf(
  run: Run,
  selectors: readonly { readonly metric: string; readonly selector: string }[],
  { seconds, at }: Window,
): Promise<number | undefined> {
  const beginning = at - Math.max(0, seconds - intervalSample)
  const instants = new Set([at, Math.floor((at + beginning) / 2), beginning])
  const found = await Promise.all([...instants].map((each) => intervalAt(run, selectors, each)))
  const known = found.filter((interval) => interval !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

/** Before an instant: read off the raw samples of the series that has most of them, since a count alone would take a young one for slow. */
async function intervalAt(
  run: Run,
  selectors: readonly { readonly metric: string; readonly selector: string }[],
  at: number,
): Promise<number | undefined> {
  for (const { metric, selector } of selectors) {
    const densest = `topk(1, count_over_time(${selector}[${duration(intervalSample)}]))`
    const [found] = decodeVector({ resultType: 'vector', result: await run(densest, at) }).samples
    if (found === undefined) continue
    const own = Object.entries(found.labels).map(([name, value]) => ({ label: name, op: '=' as const, value }))
    const raw = `${select(metric, own)}[${duration(intervalSample)}]`
    const [series] = decodeMatrix({ resultType: 'matrix', result: await run(raw, at, 'matrix') }).series
    return usualDistance(series?.points.map((point) => point.at) ?? [])
  }
  return undefined
}

/** In tenths of a second; four of five are no longer, so that a missed scrape does not matter and a change on the way does. */
function usualDistance(times: readonly number[]): number | undefined {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const usual = distances.sort((left, right) => left - right)[Math.floor(distances.length * 0.8)]
  return usual === undefined ? undefined : Math.round(usual * 10) / 10
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
