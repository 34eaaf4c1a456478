import { randomUUID } from 'node:crypto'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { accessFor, changeAccess } from './access.ts'
import { kubernetesOf } from './asViewer.ts'
import { type BrowserDoor, onlyKnownBrowsers } from './browserDoor.ts'
import { type ClusterDoors, type DoorParts, openCluster } from './clusterDoors.ts'
import type { ClusterConfig } from './clusterConfig.ts'
import type { Cookies } from './cookies.ts'
import { createEnough } from './enough.ts'
import { RefusalError, doorOf, refuse } from './errors.ts'
import { createArrival } from './forwarded.ts'
import { type Header, createIdentity, isOpen } from './identity.ts'
import { changeInjection, injectionFor } from './injection.ts'
import { readKubernetes } from './kubernetes.ts'
import { refusedFor } from './kubernetesUser.ts'
import { requestIds } from './log.ts'
import { logIn, logOut } from './login.ts'
import { visibleObjects } from './objects.ts'
import { changeMeshSettings, meshSettingsFor } from './meshSettings.ts'
import { onlyOurHosts, onlyOurPages } from './origin.ts'
import { demandEverything, readPrometheus } from './prometheus.ts'
import { type ConfigurationState, type Readiness, readinessOf } from './readiness.ts'
import { securityHeaders } from './security.ts'
import { loginPageOf, sessionOf } from './session.ts'
import { Shared } from './shared.ts'
import type { Viewer } from './viewer.ts'
import type { StaticFiles } from './static.ts'
import { type Worked, answerQuestion } from './telemetry.ts'
import { toolsFor } from './tools.ts'
import { oneTrace, searchTraces } from './traces.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'
import { visibleNamespaces } from './visibleNamespaces.ts'
import type { Watch, WatchRequest, Watched } from './watch.ts'

export interface AppParts extends DoorParts {
  readonly cookies: Cookies
  /** What the log calls somebody. */
  readonly nameInLog: (user: string) => string
  /** Which browsers are let in where `auth.mode` is `kubeconfig`. */
  readonly browserDoor: BrowserDoor
  /** Undefined: only the API answers. */
  readonly page: StaticFiles | undefined
  /** Whether the configuration in force is the one that was last written. */
  readonly configuration: () => ConfigurationState
}

/** What is known of a request once its viewer is: for the log. */
interface Known {
  readonly Variables: { user: string }
}

/** The whole HTTP surface (architecture page, "HTTP surface"), every route of it below. */
export function createApp(parts: AppParts): { readonly app: Hono<Known>; readonly ready: () => Promise<Readiness> } {
  const { config, metrics, page, cookies, now } = parts
  const { limits } = config
  const clusters = new Map(config.clusters.map((cluster) => [cluster.name, openCluster(cluster, parts)]))
  const arrivalOf = createArrival(config.trustedProxies)
  const identity = createIdentity(config, cookies)
  const shared = new Shared<Worked>({
    seconds: limits.answerSeconds,
    mostSize: limits.answerBytes,
    sizeOf: ({ data }) => data.length,
    onGet: (isShared) => metrics.questionAnswered(isShared ? 'shared' : 'asked'),
  })
  const enough = createEnough(limits.questionsAtOnce)
  const ready = () => readinessOf([...clusters.values()], limits.readySeconds, parts.configuration())
  const app = new Hono<Known>()

  app.use(observe(parts), securityHeaders(config.frameAncestors), onlyOurHosts(config, arrivalOf))
  if (config.auth.mode === 'kubeconfig') app.use(onlyKnownBrowsers(parts.browserDoor))
  app.use('/api/*', compress(), noStore, onlyOurPages(arrivalOf))
  // No other method's body is ever read.
  app.on(['POST', 'PUT'], '/api/*', bodyLimit({ maxSize: limits.requestBytes, onError: bodyTooLarge }))

  app.get('/healthz', (context) => context.text('ok\n'))
  app.get('/readyz', async (context) => {
    const readiness = await ready()
    const isWanting = context.req.query('upstreams') === 'required' && !readiness.complete
    return context.json(readiness, isWanting ? 503 : 200)
  })
  app.get('/metrics', async (context) =>
    context.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  )

  app.get('/api/session', async (context) => {
    const session = await sessionOf(config, [...clusters.values()], identity, headerOf(context))
    context.set('user', session.user.name)
    return context.json(session)
  })
  app.post('/api/session', async (context) => {
    const { isSecure } = arrivalOf(context)
    const login = { config, clusters, cookies, isSecure }
    const lines = await logIn(await context.req.text(), headerOf(context), login).catch((error: unknown) => {
      metrics.session('refused')
      throw error
    })
    metrics.session('login')
    return withCookies(context, lines)
  })
  app.delete('/api/session', async (context) => {
    const { isSecure } = arrivalOf(context)
    const lines = await logOut(headerOf(context), { clusters, cookies, isSecure })
    if (lines.length > 0) metrics.session('logout')
    return withCookies(context, lines)
  })
  app.get('/api/session/login', (context) => context.json(loginPageOf(config)))

  // Whoever is nobody learns of a cluster not even whether it exists.
  const enter = async (context: Context): Promise<{ readonly doors: ClusterDoors; readonly viewer: Viewer }> => {
    const doors = knownCluster(clusters, context.req.param('cluster') ?? '', isOpen(config))
    const viewer = await identity.viewerIn(doors, headerOf(context))
    context.set('user', viewer.name)
    return { doors, viewer }
  }

  const rulesOf = async (doors: ClusterDoors) => ({
    peers: (await doors.settings.inForce()).peers,
    mostCandidates: limits.mostCandidates,
  })
  const tracesAskedBy = async (viewer: Viewer, doors: ClusterDoors, context: Context) => ({
    viewer,
    rules: await rulesOf(doors),
    now: now(),
    signal: context.req.raw.signal,
  })

  app.on(['GET', 'POST'], '/api/clusters/:cluster/telemetry/:question', async (context) => {
    const { doors, viewer } = await enter(context)
    const asked = {
      question: context.req.param('question'),
      parameters: parametersOf(queryOf(context), await formOf(context)),
      viewer,
      rules: await rulesOf(doors),
      now,
      signal: context.req.raw.signal,
    }
    const text = await enough(viewer, () => answerQuestion(doors, shared, asked))
    return context.body(text, 200, { 'content-type': 'application/json' })
  })

  app.get('/api/clusters/:cluster/namespaces', async (context) => {
    const { doors, viewer } = await enter(context)
    const { signal } = context.req.raw
    return context.json(await enough(viewer, () => visibleNamespaces(viewer, doors, limits.mostCandidates, signal)))
  })

  app.get('/api/clusters/:cluster/namespaces/:namespace/injection', async (context) => {
    const { doors, viewer } = await enter(context)
    return context.json(await enough(viewer, () => injectionFor(viewer, doors, context.req.param('namespace'))))
  })
  app.put('/api/clusters/:cluster/namespaces/:namespace/injection', async (context) => {
    const { doors, viewer } = await enter(context)
    onlyJson(context)
    const namespace = context.req.param('namespace')
    await changeInjection(viewer, doors, { namespace, body: await context.req.text() })
    return context.body(null, 204)
  })

  app.get('/api/clusters/:cluster/objects', async (context) => {
    const { doors, viewer } = await enter(context)
    const kubernetes = kubernetesAs(viewer, doors)
    const asked = { kubernetes, most: limits.mostCandidates, signal: context.req.raw.signal }
    return context.json(await enough(viewer, () => visibleObjects(viewer, doors, asked)))
  })

  app.get('/api/clusters/:cluster/traces', async (context) => {
    const { doors, viewer } = await enter(context)
    const asked = await tracesAskedBy(viewer, doors, context)
    return context.json(await enough(viewer, () => searchTraces(doors, queryOf(context), asked)))
  })
  app.get('/api/clusters/:cluster/traces/:trace', async (context) => {
    const { doors, viewer } = await enter(context)
    const asked = await tracesAskedBy(viewer, doors, context)
    return context.json(await enough(viewer, () => oneTrace(doors, context.req.param('trace'), asked)))
  })

  app.get('/api/clusters/:cluster/tools', async (context) => {
    const { doors, viewer } = await enter(context)
    return context.json({
      tools: await enough(viewer, async () => {
        const { tools } = await doors.settings.inForce()
        return toolsFor(viewer, doors, tools, now)
      }),
    })
  })

  app.get('/api/clusters/:cluster/settings/access', async (context) => {
    const { doors, viewer } = await enter(context)
    return context.json(await enough(viewer, () => accessFor(viewer, doors)))
  })
  app.put('/api/clusters/:cluster/settings/access/:opened', async (context) => {
    const { doors, viewer } = await enter(context)
    onlyJson(context)
    await changeAccess(viewer, doors, { opened: context.req.param('opened'), body: await context.req.text() })
    return context.body(null, 204)
  })

  app.get('/api/clusters/:cluster/settings/mesh', async (context) => {
    const { doors, viewer } = await enter(context)
    return context.json(await enough(viewer, () => meshSettingsFor(viewer, doors, config, limits.mostCandidates)))
  })
  app.put('/api/clusters/:cluster/settings/mesh', async (context) => {
    const { doors, viewer } = await enter(context)
    onlyJson(context)
    await changeMeshSettings(viewer, doors, await context.req.text())
    return context.body(null, 204)
  })

  app.all('/api/clusters/:cluster/prometheus/*', async (context) => {
    const { doors, viewer } = await enter(context)
    await demandEverything(viewer, doors)
    const { prometheus } = doors
    const form = await formOf(context)
    const path = belowDoor(context)
    const { method } = context.req
    const { signal } = context.req.raw
    const asked = { path, method, query: queryOf(context), ...(form === undefined ? {} : { form }), signal }
    return handOn(context, await enough(viewer, () => readPrometheus(prometheus, asked)))
  })

  app.all('/api/clusters/:cluster/kubernetes/*', async (context) => {
    const { doors, viewer } = await enter(context)
    const ways = { kubernetes: kubernetesAs(viewer, doors), watch: watchAs(viewer, doors) }
    const { method } = context.req
    const { signal } = context.req.raw
    const asked = { rawPath: belowDoor(context), method, query: queryOf(context), signal }
    const answer = await whileItLasts(
      (run) => enough(viewer, run),
      () => readKubernetes(ways, asked),
    )
    if (!('body' in answer)) return handOn(context, answer)
    // Compressed it would be held back until there is enough of it.
    return context.body(answer.body, 200, { 'content-type': 'application/json', 'cache-control': 'no-transform' })
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
  return { app, ready }
}

/** The API server as a viewer: with the viewer's own token, or the proxy's where nobody logs in. */
function kubernetesAs(viewer: Viewer, doors: ClusterDoors): Upstream {
  const kubernetes = kubernetesOf(viewer, doors)
  if (kubernetes === undefined) throw noKubernetes(doors.cluster)
  return kubernetes
}

/** Watching as a viewer, whose token is told as refused where the API server no longer takes it. */
function watchAs(
  { credentials }: Viewer,
  { cluster, watch }: ClusterDoors,
): (asked: WatchRequest) => ReturnType<Watch> {
  if (watch === undefined) throw noKubernetes(cluster)
  return async (asked) => {
    const answer = await watch(credentials, asked)
    if ('status' in answer && answer.status === 401 && credentials !== undefined) throw refusedFor(credentials)
    return answer
  }
}

/** Runs something that may go on after it has answered, and counts it until it ends. */
function whileItLasts(
  counted: (run: () => Promise<void>) => Promise<void>,
  run: () => Promise<UpstreamAnswer | Watched>,
): Promise<UpstreamAnswer | Watched> {
  return new Promise((resolve, reject) => {
    counted(async () => {
      const answer = await run()
      resolve(answer)
      if ('body' in answer) await answer.ended
    }).catch(reject)
  })
}

function knownCluster(clusters: ReadonlyMap<string, ClusterDoors>, name: string, isPublic: boolean): ClusterDoors {
  const cluster = clusters.get(name)
  if (cluster !== undefined) return cluster
  if (!isPublic) throw notFound
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

/** The parameters of a question, from the URL or a form. Throws `RefusalError` for both at once: they may disagree. */
function parametersOf(query: URLSearchParams, form: URLSearchParams | undefined): URLSearchParams {
  if (form === undefined) return query
  if (query.size === 0) return form
  throw new RefusalError({
    status: 400,
    code: 'parameter_invalid',
    message: 'Parameters are given in the URL and in the body: one of them is enough',
  })
}

/** A form of another site's page is no JSON: the browser would ask first, and we would refuse. */
function onlyJson(context: Context): void {
  if (/^application\/json\b/i.test(context.req.header('content-type') ?? '')) return
  throw new RefusalError({ status: 400, code: 'body_not_json', message: 'A change is sent as JSON' })
}

function headerOf(context: Context): Header {
  return (name) => context.req.header(name)
}

function withCookies(context: Context, lines: readonly string[]): Response {
  for (const line of lines) context.header('set-cookie', line, { append: true })
  return context.body(null, 204)
}

/** The upstream's status and JSON, and none of its headers. */
function handOn(context: Context, { status, text }: UpstreamAnswer): Response {
  return context.body(text, status as ContentfulStatusCode, { 'content-type': 'application/json' })
}

const noStore: MiddlewareHandler = async (context, next) => {
  await next()
  const isAsItIs = context.res.headers.get('cache-control') === 'no-transform'
  context.res.headers.set('cache-control', isAsItIs ? 'no-store, no-transform' : 'no-store')
}

/** One log line and one measurement for every request, under its route rather than its path. */
function observe({ log, metrics, nameInLog }: AppParts): MiddlewareHandler {
  return async (context, next) => {
    const startedAt = performance.now()
    const id = randomUUID()
    await requestIds.run(id, next)
    context.res.headers.set('x-request-id', id)
    const seconds = (performance.now() - startedAt) / 1000
    const { method, path } = context.req
    const { status } = context.res
    const route = routePath(context)
    metrics.requestEnded({ route, method, status, seconds })
    const level = /^\/(healthz|readyz|metrics)$/.test(path) ? 'debug' : 'info'
    const who: unknown = context.get('user')
    const user = typeof who === 'string' ? { user: nameInLog(who) } : {}
    log[level]({ request: id, method, path, status, seconds: Number(seconds.toFixed(4)), ...user }, 'request')
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
