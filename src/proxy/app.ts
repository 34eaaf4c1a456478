import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type ClusterConfig, type Config } from './config.ts'
import { RefusalError, doorOf, refuse } from './errors.ts'
import { readKubernetes } from './kubernetes.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { rememberedProjects } from './projects.ts'
import { readPrometheus } from './prometheus.ts'
import { type Upstreams, readinessOf } from './readiness.ts'
import { securityHeaders } from './security.ts'
import { sessionOf } from './session.ts'
import { viewerOf } from './viewer.ts'
import type { StaticFiles } from './static.ts'
import { type TelemetryDoor, answerQuestion } from './telemetry.ts'
import { tokenOf } from './token.ts'
import { type UpstreamAnswer, createUpstream } from './upstream.ts'

export interface AppParts {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  /** Undefined: only the API answers. */
  readonly page: StaticFiles | undefined
  /** Unix seconds. */
  readonly now: () => number
}

/** The whole HTTP surface (architecture page, "HTTP surface"), every route of it below. */
export function createApp(parts: AppParts): Hono {
  const { config, metrics, page, now } = parts
  const clusters = new Map(config.clusters.map((cluster) => [cluster.name, openCluster(cluster, parts)]))
  const clusterOf = (context: Context): Cluster => knownCluster(clusters, context.req.param('cluster') ?? '')
  const app = new Hono()

  app.use(observe(parts), securityHeaders(config.frameAncestors))
  app.use('/api/*', compress(), noStore)
  // No other method's body is ever read.
  app.post('/api/*', bodyLimit({ maxSize: config.limits.requestBytes, onError: bodyTooLarge }))

  app.get('/healthz', (context) => context.text('ok\n'))
  app.get('/readyz', async (context) => {
    const readiness = await readinessOf([...clusters.values()], config.limits.readySeconds)
    return context.json(readiness, readiness.ready ? 200 : 503)
  })
  app.get('/metrics', async (context) =>
    context.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  )

  app.get('/api/session', (context) => context.json(sessionOf(config)))

  app.get('/api/clusters/:cluster/telemetry/:question', async (context) =>
    context.json(
      await answerQuestion(clusterOf(context), {
        question: context.req.param('question'),
        parameters: queryOf(context),
        viewer: viewerOf(config),
        now: now(),
        signal: context.req.raw.signal,
      }),
    ),
  )

  app.all('/api/clusters/:cluster/prometheus/*', async (context) => {
    const { prometheus } = clusterOf(context)
    const form = await formOf(context)
    const path = belowDoor(context)
    const { method } = context.req
    const { signal } = context.req.raw
    const asked = { path, method, query: queryOf(context), ...(form === undefined ? {} : { form }), signal }
    return handOn(context, await readPrometheus(prometheus, asked))
  })

  app.all('/api/clusters/:cluster/kubernetes/*', async (context) => {
    const { kubernetes, token, cluster } = clusterOf(context)
    if (kubernetes === undefined) throw noKubernetes(cluster)
    const { method } = context.req
    const { signal } = context.req.raw
    const asked = { rawPath: belowDoor(context), method, query: queryOf(context), signal }
    return handOn(context, await readKubernetes(kubernetes, token, asked))
  })

  app.all('/api/*', () => {
    throw notFound
  })
  app.all('/api', () => {
    throw notFound
  })

  app.get('*', async (context) => {
    if (page === undefined) throw noPage
    const answer = await page({
      path: new URL(context.req.url).pathname,
      acceptEncoding: context.req.header('accept-encoding'),
      ifNoneMatch: context.req.header('if-none-match'),
    })
    if (answer.status === 404) throw notFound
    return new Response(answer.body ?? null, { status: answer.status, headers: answer.headers })
  })

  app.notFound((context) => refuseAndCount(context, notFound, parts))
  app.onError((error, context) => refuseAndCount(context, error, parts))
  return app
}

/** A configured cluster with its doors. */
interface Cluster extends Upstreams, TelemetryDoor {}

function openCluster(cluster: ClusterConfig, { config, log, metrics, now }: AppParts): Cluster {
  const { limits } = config
  const { name, label, prometheus, kubernetes: api } = cluster
  const withHeaders = createUpstream('prometheus', { name, label, url: prometheus.url }, { limits, metrics, log })
  const kubernetes =
    api === undefined
      ? undefined
      : createUpstream('kubernetes', { name, label, url: api.url }, { limits, metrics, log })
  const token = api === undefined ? undefined : tokenOf(api)
  return {
    name,
    cluster,
    prometheus: (request) => withHeaders({ ...request, headers: { ...request.headers, ...prometheus.headers } }),
    kubernetes,
    token,
    projects: kubernetes === undefined ? undefined : rememberedProjects(kubernetes, token, limits.projectsSeconds, now),
  }
}

function knownCluster(clusters: ReadonlyMap<string, Cluster>, name: string): Cluster {
  const cluster = clusters.get(name)
  if (cluster !== undefined) return cluster
  throw new RefusalError({
    status: 404,
    code: 'cluster_unknown',
    message: `There is no cluster "${name.slice(0, 63)}"`,
    hint: `There are ${[...clusters.keys()].join(', ')}`,
  })
}

/** The path below the door's root, still percent-encoded. */
function belowDoor(context: Context): string {
  return new URL(context.req.url).pathname.split('/').slice(5).join('/')
}

function queryOf(context: Context): URLSearchParams {
  return new URL(context.req.url).searchParams
}

/** The form of a POST; undefined for any other method. Throws `RefusalError` for a POST of anything else. */
async function formOf(context: Context): Promise<URLSearchParams | undefined> {
  if (context.req.method !== 'POST') return undefined
  const type = context.req.header('content-type') ?? ''
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return new URLSearchParams(await context.req.text())
  throw new RefusalError({
    status: 400,
    code: 'body_not_form',
    message: 'A POST here must be a form (application/x-www-form-urlencoded)',
  })
}

/** The upstream's status and JSON, and none of its headers. */
function handOn(context: Context, { status, text }: UpstreamAnswer): Response {
  return context.body(text, status as ContentfulStatusCode, { 'content-type': 'application/json' })
}

const noStore: MiddlewareHandler = async (context, next) => {
  await next()
  context.res.headers.set('cache-control', 'no-store')
}

/** One log line and one measurement for every request, under its route rather than its path. */
function observe({ log, metrics }: AppParts): MiddlewareHandler {
  return async (context, next) => {
    const startedAt = performance.now()
    await next()
    const seconds = (performance.now() - startedAt) / 1000
    const { method, path } = context.req
    const { status } = context.res
    const route = routePath(context)
    metrics.requestEnded({ route, method, status, seconds })
    const level = /^\/(healthz|readyz|metrics)$/.test(path) ? 'debug' : 'info'
    log[level]({ method, path, status, seconds: Number(seconds.toFixed(4)) }, 'request')
  }
}

function refuseAndCount(context: Context, error: unknown, { log, metrics }: AppParts): Response {
  const door = doorOf(new URL(context.req.url).pathname)
  if (error instanceof RefusalError) {
    metrics.refused(error.refusal.code)
    return refuse(context, door, error.refusal)
  }
  // Nobody is there to read it; nginx's word for it is 499, which Response cannot say with a body's meaning.
  if (context.req.raw.signal.aborted) return context.body(null, 408)
  log.error({ reason: error instanceof Error ? error.stack : String(error) }, 'a request failed on a fault of ours')
  metrics.refused('internal')
  return refuse(context, door, {
    status: 500,
    code: 'internal',
    message: 'Meshboard failed on this request',
    hint: 'Its log says more',
  })
}

function bodyTooLarge(): Response {
  throw new RefusalError({ status: 413, code: 'body_too_large', message: 'The request is too large' })
}

function noKubernetes({ label }: ClusterConfig): RefusalError {
  return new RefusalError({
    status: 404,
    code: 'kubernetes_not_configured',
    message: `No Kubernetes API is configured for ${label}`,
    hint: 'Give its address to see workloads, services and Istio objects',
  })
}

const notFound = new RefusalError({ status: 404, code: 'not_found', message: 'There is nothing at this address' })
const noPage = new RefusalError({
  status: 404,
  code: 'page_not_built',
  message: 'This Meshboard serves its API only',
  hint: 'Build the page with "npm run build"',
})
