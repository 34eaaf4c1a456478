import './noEval.ts'

import { Hono } from 'hono'
import type { Instead } from '../clients/http.ts'
import type { OpenRancher, RancherEntry } from '../clients/session/rancher.ts'
import type { Session } from '../clients/session/wire.ts'
import { canI, metricsReview, reviewWords } from '../mesh/access.ts'
import { addClusterRoutes } from '../proxy/app.ts'
import { cluster as clusterSchema } from '../proxy/clusterConfig.ts'
import type { ClusterDoors } from '../proxy/clusterDoors.ts'
import { RefusalError, doorOf, refuse } from '../proxy/errors.ts'
import { seesEverything } from '../proxy/scope.ts'
import { clusterSession } from '../proxy/session.ts'
import { Shared } from '../proxy/shared.ts'
import type { Worked } from '../proxy/telemetry.ts'
import type { Viewer } from '../proxy/viewer.ts'
import { type Root, doorsBehind, limits } from './doors.ts'

const credentials = { kind: 'rancher', id: 'rancher' } as const

/**
 * Whether whoever is logged in where the page came from needs no other login: an owner, who may list pods everywhere and ask Prometheus
 * through the API server. Then what the server would answer is answered in the browser, by the same routes, with Rancher's session.
 * A member is told what is missing. Never rejects: where nothing of this works, `none` leaves everything as it is.
 */
export const openRancher: OpenRancher = async ({ clusters, others, root, namespace, by, csrf }) => {
  const offer =
    clusters.find(({ id }) => id !== undefined && id === idIn(root)) ?? clusters.find(({ id }) => id === undefined)
  const read = clusterSchema.safeParse({ ...offer?.cluster, kubernetes: { url: root.replace(/\/$/, '') } })
  if (offer === undefined || !read.success) return { kind: 'none' }
  const around: Root = {
    url: root,
    by,
    headers: () => {
      const token = csrf()
      return token === undefined ? {} : { 'x-api-csrf': token }
    },
  }
  const now = (): number => Date.now() / 1000
  const doors = doorsBehind(read.data, { root: around, namespace, isShared: offer.isShared, now })
  try {
    const { name } = await viewerIn(doors)
    const missing = await missingFor(doors)
    if (missing !== undefined) return { kind: 'closed', name, ...missing }
    const otherClusters = others.filter((other) => other.name !== doors.name)
    return { kind: 'open', answer: answering(doors, otherClusters, now) }
  } catch (error) {
    if (error instanceof RefusalError) return { kind: 'none' }
    throw error
  }
}

async function viewerIn({ users }: ClusterDoors): Promise<Viewer> {
  if (users === undefined) throw new Error('these doors always have an API server')
  const { name, groups } = await users.whoIs(credentials)
  return { name, groups, mode: 'rancher', credentials }
}

type Missing = Omit<Extract<RancherEntry, { readonly kind: 'closed' }>, 'kind' | 'name'>

/** The permission that an owner has and this viewer has not. */
async function missingFor(doors: ClusterDoors): Promise<Missing | undefined> {
  if (!(await seesEverything(credentials, doors))) {
    const review = metricsReview()
    return { reason: `It takes the permission to ${reviewWords(review)}`, check: canI(review) }
  }
  try {
    await doors.prometheus({ path: 'api/v1/query', form: new URLSearchParams({ query: 'vector(1)' }) })
    return undefined
  } catch (error) {
    // A Prometheus that is down is for the page to say; one that is closed will never answer this viewer.
    if (!(error instanceof RefusalError) || error.refusal.permission === undefined) return undefined
    const { permission, message } = error.refusal
    return { reason: message, check: canI(permission) }
  }
}

function answering(doors: ClusterDoors, others: Session['otherClusters'], now: () => number): Instead {
  const app = new Hono()
  app.get('/api/session', async (context) => {
    const viewer = await viewerIn(doors)
    const session: Session = {
      mode: 'rancher',
      user: { name: viewer.name, groups: viewer.groups },
      clusters: [await clusterSession(viewer, doors, limits.mostCandidates)],
      ...(others === undefined || others.length === 0 ? {} : { otherClusters: others }),
    }
    return context.json(session)
  })
  const enter = async () => ({ doors, viewer: await viewerIn(doors) })
  const shared = new Shared<Worked>({ seconds: 1, mostSize: limits.answerBytes, sizeOf: ({ data }) => data.length })
  addClusterRoutes(app, { enter, config: { peers: 'full', limits }, shared, now })
  app.onError((error, context) => {
    if (!(error instanceof RefusalError)) throw error
    return refuse(context, doorOf(new URL(context.req.url).pathname), error.refusal)
  })
  const ours = new RegExp(`^api/(session$|clusters/${doors.name}/)`)
  return (url, init) => {
    const [path = ''] = url.replace(/^\.?\/+/, '').split(/[?#]/, 1)
    // Logging in and out is the server's.
    if (!ours.test(path) || (path === 'api/session' && (init.method ?? 'GET') !== 'GET')) return undefined
    return Promise.resolve(app.fetch(new Request(new URL(url, 'http://meshboard.invalid/'), init)))
  }
}

/** `https://rancher.example.org/k8s/clusters/c-m-abc/` is `c-m-abc`. */
function idIn(root: string): string | undefined {
  return /\/k8s\/clusters\/([^/]+)\/$/.exec(root)?.[1]
}
