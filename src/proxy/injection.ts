import { z } from 'zod'
import type { NamespaceInjection } from '../clients/injection/wire.ts'
import { isObject } from '../clients/json.ts'
import { doorOf, injectionReview, reviewWords } from '../mesh/access.ts'
import { choiceOf, isRevision, labelsOf } from '../mesh/injectionChoice.ts'
import { kubernetesOf } from './asViewer.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { namespaceName } from './connectionConfig.ts'
import { RefusalError } from './errors.ts'
import type { Upstream, UpstreamAnswer } from './upstream.ts'
import type { Viewer } from './viewer.ts'

const change = z.strictObject({
  choice: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['on', 'off', 'unset']) }),
    z.strictObject({
      kind: z.literal('revision'),
      revision: z.string().refine(isRevision, 'is not the name of a revision or a tag'),
    }),
  ]),
  version: z.string().min(1).max(100),
})

/** What `GET .../namespaces/:namespace/injection` answers, read as the viewer. Throws `RefusalError`: 403 and 404 as the cluster has it. */
export async function injectionFor(
  viewer: Viewer,
  doors: ClusterDoors,
  name: string | undefined,
): Promise<NamespaceInjection> {
  const namespace = readName(name)
  const kubernetes = kubernetesAs(viewer, doors)
  const { labels, version } = metadataOf(await kubernetes({ path: `api/v1/namespaces/${namespace}` }), namespace)
  return { choice: choiceOf(labels), version, door: await doorTo(viewer, doors, namespace) }
}

/**
 * Sets or clears the namespace's two labels with the viewer's own token, on top of what was read. Throws `RefusalError`: 400 for what is
 * no choice, 403 for whoever may not patch the namespace, 404 for none, 409 where it has changed in the meantime.
 */
export async function changeInjection(
  viewer: Viewer,
  doors: ClusterDoors,
  { namespace: name, body }: { readonly namespace: string | undefined; readonly body: string },
): Promise<void> {
  const namespace = readName(name)
  const { choice, version } = readChange(body)
  const kubernetes = kubernetesAs(viewer, doors)
  const door = await doorTo(viewer, doors, namespace)
  if (!door.allowed) {
    throw new RefusalError({
      status: 403,
      code: 'injection_closed',
      message: door.reason,
      ...(door.permission === undefined ? {} : { permission: door.permission }),
    })
  }
  const answer = await kubernetes({
    path: `api/v1/namespaces/${namespace}`,
    method: 'PATCH',
    json: { metadata: { labels: labelsOf(choice), resourceVersion: version } },
  })
  if (answer.status === 409) throw changedMeanwhile
  metadataOf(answer, namespace)
}

async function doorTo(viewer: Viewer, { users }: ClusterDoors, namespace: string): Promise<NamespaceInjection['door']> {
  if (viewer.credentials === undefined || users === undefined) {
    return { allowed: false, reason: 'Changing a namespace belongs to a person, and nobody is logged in' }
  }
  const review = injectionReview(namespace)
  return doorOf(review, await users.may(viewer.credentials, review), {
    user: viewer.name,
    opens: `Sidecar injection of ${namespace} is yours to change.`,
    closed: `Sidecar injection of ${namespace} is not yours to change.`,
  })
}

function kubernetesAs(viewer: Viewer, doors: ClusterDoors): Upstream {
  const kubernetes = kubernetesOf(viewer, doors)
  if (kubernetes !== undefined) return kubernetes
  throw new RefusalError({
    status: 404,
    code: 'kubernetes_not_configured',
    message: `No Kubernetes API is configured for ${doors.cluster.label}`,
  })
}

function metadataOf(
  { status, json }: UpstreamAnswer,
  namespace: string,
): { readonly labels: Readonly<Record<string, string>>; readonly version: string } {
  if (status === 403 || status === 404) {
    const what = { verb: 'get', group: '', resource: 'namespaces', name: namespace }
    throw new RefusalError({
      status,
      code: status === 403 ? 'namespace_closed' : 'namespace_missing',
      message:
        status === 403
          ? `The cluster refuses: it takes the permission to ${reviewWords(what)}`
          : `There is no namespace ${namespace}`,
      ...(status === 403 ? { permission: what } : {}),
    })
  }
  const metadata = isObject(json) && isObject(json['metadata']) ? json['metadata'] : {}
  const version = metadata['resourceVersion']
  if (status !== 200 || typeof version !== 'string') {
    const said = isObject(json) && typeof json['message'] === 'string' ? `: ${json['message'].slice(0, 300)}` : ''
    const message = `The cluster did not answer as it should (HTTP status ${status})${said}`
    throw new RefusalError({ status: 502, code: 'namespace_unanswered', message })
  }
  const labels = isObject(metadata['labels']) ? metadata['labels'] : {}
  const texts = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { labels: Object.fromEntries(texts), version }
}

function readName(name: string | undefined): string {
  const read = namespaceName.safeParse(name)
  if (read.success) return read.data
  throw new RefusalError({ status: 400, code: 'namespace_invalid', message: 'This is not the name of a namespace' })
}

function readChange(body: string): z.output<typeof change> {
  const refused = (why: string): RefusalError =>
    new RefusalError({ status: 400, code: 'injection_invalid', message: `This change cannot be read: ${why}` })
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw refused('it is not JSON')
  }
  const read = change.safeParse(parsed)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw refused(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

const changedMeanwhile = new RefusalError({
  status: 409,
  code: 'injection_conflict',
  message: 'Somebody else changed this namespace in the meantime: nothing was saved',
  hint: 'Look at what it says now, then save again',
})
