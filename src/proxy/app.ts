import type { Context, Env, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { accessFor, changeAccess } from './access.ts'
import { acceptedEncodings } from './accepts.ts'
import { kubernetesOf } from './asViewer.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { ClusterConfig } from './clusterConfig.ts'
import { createEnough } from './enough.ts'
import { RefusalError } from './errors.ts'
import { changeInjection, injectionFor } from './injection.ts'
import { readKubernetes } from './kubernetes.ts'
import { logPlaceIn, readLog } from './logs.ts'
import { refusedFor } from './kubernetesUser.ts'
import { visibleObjects } from './objects.ts'
import { changeMeshSettings, meshSettingsFor } from './meshSettings.ts'
import { demandEverything, readPrometheus } from './prometheus.ts'
import type { Packed } from './packed.ts'
import type { Shared } from './shared.ts'
import type { Viewer } from './viewer.ts'
import { type Worked, answerQuestion } from './telemetry.ts'
import { toolsFor } from './tools.ts'
import { oneTrace, searchTraces } from './traces.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'
import { visibleNamespaces } from './visibleNamespaces.ts'
import type { Watch, WatchRequest, Watched } from './watch.ts'
import type { Config, Limits } from './config.ts'

/** Bytes: what is shorter goes as it is. */
const worthPacking = 1024

/** What the routes of a cluster need of whoever mounts them. */
interface ClusterRouteParts {
  /** The cluster that a request names, and who sends it. Throws `RefusalError` for nobody. */
  readonly enter: (context: Context) => Promise<{ readonly doors: ClusterDoors; readonly viewer: Viewer }>
  readonly config: Pick<Config, 'peers'> & { readonly limits: Pick<Limits, 'mostCandidates' | 'questionsAtOnce'> }
  readonly shared: Shared<Worked>
  /** Undefined where nothing goes over a wire. */
  readonly packed?: Pick<Packed, 'of'>
  /** Unix seconds. */
  readonly now: () => number
}

/** What is asked of one cluster: of the server, and of the browser itself behind Rancher (`src/rancher/`), so nothing of Node is here. */
export function addClusterRoutes<E extends Env>(
  app: Hono<E>,
  { enter, config, shared, packed, now }: ClusterRouteParts,
): void {
  const { limits } = config
  const enough = createEnough(limits.questionsAtOnce)

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
    const answer = await enough(viewer, () => answerQuestion(doors, shared, asked))
    const type = { 'content-type': 'application/json' }
    const isPacked =
      answer.worked.data.length > worthPacking &&
      acceptedEncodings(context.req.header('accept-encoding')).includes('gzip')
    return packed === undefined || !isPacked
      ? context.body(`${answer.head}${answer.worked.data}${answer.tail}`, 200, type)
      : context.body(await packed.of(answer), 200, { ...type, 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
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
    const rawPath = belowDoor(context)
    const logPlace = method === 'GET' ? logPlaceIn(rawPath) : undefined
    if (logPlace !== undefined) {
      const log = await enough(viewer, () => readLog(ways.kubernetes, logPlace, queryOf(context), signal))
      return context.body(log.text, log.status as ContentfulStatusCode, { 'content-type': log.type })
    }
    const asked = { rawPath, method, query: queryOf(context), signal }
    const answer = await whileItLasts(
      (run) => enough(viewer, run),
      () => readKubernetes(ways, asked),
    )
    if (!('body' in answer)) return handOn(context, answer)
    // Compressed it would be held back until there is enough of it.
    return context.body(answer.body, 200, { 'content-type': 'application/json', 'cache-control': 'no-transform' })
  })
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

/** The upstream's status and JSON, and none of its headers. */
function handOn(context: Context, { status, text }: UpstreamAnswer): Response {
  return context.body(text, status as ContentfulStatusCode, { 'content-type': 'application/json' })
}

function noKubernetes({ label }: ClusterConfig): RefusalError {
  return new RefusalError({
    status: 404,
    code: 'kubernetes_not_configured',
    message: `No Kubernetes API is configured for ${label}`,
    hint: 'Give its address to see workloads, services and Istio objects',
  })
}
