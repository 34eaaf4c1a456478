import { randomUUID } from 'node:crypto'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { routePath } from 'hono/route'
import { type BrowserDoor, onlyKnownBrowsers } from './browserDoor.ts'
import { type ClusterDoors, type DoorParts, openCluster } from './clusterDoors.ts'
import type { Cookies } from './cookies.ts'
import { RefusalError, doorOf, refuse } from './errors.ts'
import { createArrival } from './forwarded.ts'
import { type Header, createIdentity, isOpen } from './identity.ts'
import { requestIds } from './log.ts'
import { logIn, logOut } from './login.ts'
import { onlyOurHosts, onlyOurPages } from './origin.ts'
import { Packed } from './packed.ts'
import { type ConfigurationState, type Readiness, readinessOf } from './readiness.ts'
import { securityHeaders } from './security.ts'
import { loginPageOf, sessionOf } from './session.ts'
import { Shared } from './shared.ts'
import type { Viewer } from './viewer.ts'
import type { StaticFiles } from './static.ts'
import type { Worked } from './telemetry.ts'
import { addClusterRoutes } from './app.ts'

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

/** The whole HTTP surface (architecture page, "HTTP surface"), every route of it below, those of one cluster in `app.ts`. */
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

  addClusterRoutes(app, { enter, config, shared, packed: new Packed(), now })

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

function headerOf(context: Context): Header {
  return (name) => context.req.header(name)
}

function withCookies(context: Context, lines: readonly string[]): Response {
  for (const line of lines) context.header('set-cookie', line, { append: true })
  return context.body(null, 204)
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

const notFound = new RefusalError({ status: 404, code: 'not_found', message: 'There is nothing at this address' })
const noPage = new RefusalError({
  status: 404,
  code: 'page_not_built',
  message: 'This Meshboard serves its API only',
  hint: 'Build the page with "npm run build"',
})
