import { z } from 'zod'
import { isObject } from '../clients/json.ts'
import type { MeshSettings, MeshSettingsAnswer } from '../clients/settings/meshWire.ts'
import { type Review, reviewWords, settingsReview } from '../mesh/access.ts'
import { rulesWithin } from '../mesh/policy.ts'
import { kubernetesOf } from './asViewer.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { Config } from './config.ts'
import { RefusalError } from './errors.ts'
import { settingsKey, settingsName, textIn } from './followedSettings.ts'
import { ownNamespaces, seesEverything } from './scope.ts'
import { readChangedSettings, readSettings, rulesText, settingsText } from './settingsDocument.ts'
import type { Upstream } from './upstream.ts'
import type { Viewer } from './viewer.ts'

const change = z.strictObject({
  tools: z.record(z.string(), z.unknown()),
  peers: z.string().optional(),
  defaults: z.record(z.string(), z.unknown()),
  health: z.string().max(200_000),
  version: z.string().max(100),
})

/** What `GET .../settings/mesh` answers: an owner's own reading of the ConfigMap, and to everybody else what is in force. */
export async function meshSettingsFor(
  viewer: Viewer,
  doors: ClusterDoors,
  config: Pick<Config, 'peers'>,
  most: number,
): Promise<MeshSettingsAnswer> {
  const { credentials } = viewer
  const [followed, namespace] = await Promise.all([doors.settings.inForce(), doors.settings.namespace()])
  const base = {
    configured: { tools: configuredTools(doors), peers: config.peers },
    place: { namespace, name: settingsName },
  }
  const answer = (settings: MeshSettings, more: Partial<MeshSettingsAnswer>): MeshSettingsAnswer => ({
    settings,
    healthText: rulesText(settings.health),
    ...base,
    mayEdit: false,
    ...(followed.unfollowed === undefined ? {} : { note: followed.unfollowed }),
    ...more,
  })
  if (credentials === undefined || doors.users === undefined) {
    return answer(followed.settings, { note: 'Settings belong to a person, and nobody is logged in.' })
  }
  if (!(await doors.users.may(credentials, settingsReview)).allowed) {
    const note = `Changing this takes the permission to ${reviewWords(settingsReview)}.`
    if (await seesEverything(credentials, doors)) return answer(followed.settings, { note })
    const own = await ownNamespaces(viewer, credentials, doors, most)
    return answer({ ...followed.settings, health: rulesWithin(followed.settings.health, own) }, { note })
  }
  const kubernetes = kubernetesOf(viewer, doors)
  const read = kubernetes === undefined ? undefined : await readConfigMap(kubernetes, namespace)
  if (read === undefined) {
    const note = `You may not read what is saved: it takes the permission to ${reviewWords(configMapReview('get', namespace))}.`
    return answer(followed.settings, { note })
  }
  const found = readSettings(read.text)
  const shown = 'settings' in found ? found.settings : followed.settings
  const problem = 'complaints' in found ? { complaints: found.complaints, text: read.text } : undefined
  return answer(shown, {
    version: read.version,
    mayEdit: followed.unfollowed === undefined,
    ...(problem === undefined ? {} : { problem }),
  })
}

/**
 * Writes the ConfigMap with the viewer's own token, on top of exactly the version that was read. Throws `RefusalError`: 400 with every
 * complaint for settings that cannot be used, 403 for whoever may not, 404 where its namespace is missing, 409 where somebody else saved.
 */
export async function changeMeshSettings(viewer: Viewer, doors: ClusterDoors, body: string): Promise<void> {
  const { version, ...asked } = readChange(body)
  const kubernetes = kubernetesOf(viewer, doors)
  if (viewer.credentials === undefined || doors.users === undefined || kubernetes === undefined) {
    throw refusal(403, 'settings_closed', 'Settings belong to a person, and nobody is logged in')
  }
  if (!(await doors.users.may(viewer.credentials, settingsReview)).allowed) throw closed(settingsReview)
  const found = readChangedSettings(asked)
  if ('complaints' in found) throw refusal(400, 'settings_invalid', found.complaints.join('\n'))
  const namespace = await doors.settings.namespace()
  const before = await readConfigMap(kubernetes, namespace)
  if (before === undefined) throw closed(configMapReview('get', namespace))
  if (before.version !== version) throw changedMeanwhile
  await write(kubernetes, namespace, before, settingsText(found.settings))
  doors.settings.forget()
}

interface Read {
  /** Empty where there is no ConfigMap. */
  readonly version: string
  readonly text: string
  readonly object: Readonly<Record<string, unknown>>
}

/** The ConfigMap as whoever asks may read it; undefined where not. */
async function readConfigMap(kubernetes: Upstream, namespace: string): Promise<Read | undefined> {
  const { status, json } = await kubernetes({ path: `${folder(namespace)}/${settingsName}` })
  if (status === 403) return undefined
  if (status === 404) return { version: '', text: '', object: {} }
  const metadata = isObject(json) && isObject(json['metadata']) ? json['metadata'] : {}
  const version = metadata['resourceVersion']
  if (status !== 200 || !isObject(json) || typeof version !== 'string') throw unwritten(status, json)
  return { version, text: textIn(json), object: json }
}

async function write(kubernetes: Upstream, namespace: string, { version, object }: Read, text: string): Promise<void> {
  const old = isObject(object['data']) ? object['data'] : {}
  const metadata = isObject(object['metadata']) ? object['metadata'] : {}
  const labels = isObject(metadata['labels']) ? metadata['labels'] : {}
  const sent = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: settingsName,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'meshboard', ...labels },
      ...(isObject(metadata['annotations']) ? { annotations: metadata['annotations'] } : {}),
      ...(version === '' ? {} : { resourceVersion: version }),
    },
    data: { ...old, [settingsKey]: text },
  }
  const { status, json } = await (version === ''
    ? kubernetes({ path: folder(namespace), json: sent })
    : kubernetes({ path: `${folder(namespace)}/${settingsName}`, json: sent, method: 'PUT' }))
  if (status === 409) throw changedMeanwhile
  if (status === 403) throw closed(configMapReview(version === '' ? 'create' : 'update', namespace))
  if (status === 404) {
    throw refusal(404, 'settings_homeless', `There is no namespace ${namespace} to keep the settings in`)
  }
  if (status >= 300) throw unwritten(status, json)
}

function folder(namespace: string): string {
  return `api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`
}

/** Kubernetes knows no name of what is yet to be created. */
function configMapReview(verb: 'get' | 'create' | 'update', namespace: string): Review {
  const name = verb === 'create' ? {} : { name: settingsName }
  return { verb, group: '', resource: 'configmaps', namespace, ...name }
}

function configuredTools({ cluster }: ClusterDoors): MeshSettings['tools'] {
  const { kiali, jaeger, grafana, prometheus } = cluster.tools
  return Object.fromEntries(
    Object.entries({ kiali, jaeger, grafana, prometheus }).flatMap(([name, place]) =>
      place === undefined
        ? []
        : [[name, place.service === undefined ? { url: place.url ?? '' } : { service: place.service }]],
    ),
  )
}

function readChange(body: string): z.output<typeof change> {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw refusal(400, 'settings_invalid', 'This change cannot be read: it is not JSON')
  }
  const read = change.safeParse(parsed)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const what = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
  throw refusal(400, 'settings_invalid', `This change cannot be read: ${what}`)
}

function closed(review: Review): RefusalError {
  return new RefusalError({
    status: 403,
    code: 'settings_closed',
    message: `Settings are closed to you: it takes the permission to ${reviewWords(review)}`,
    permission: review,
  })
}

function refusal(status: 400 | 403 | 404, code: string, message: string): RefusalError {
  return new RefusalError({ status, code, message })
}

const changedMeanwhile = new RefusalError({
  status: 409,
  code: 'settings_conflict',
  message: 'Somebody else changed the settings in the meantime: nothing was saved',
  hint: 'Look at what they are now, then save again',
})

function unwritten(status: number, json: unknown): RefusalError {
  const said = isObject(json) && typeof json['message'] === 'string' ? `: ${json['message'].slice(0, 300)}` : ''
  return new RefusalError({
    status: status === 403 ? 403 : 502,
    code: 'settings_unwritten',
    message: `The cluster did not take the settings (HTTP status ${status})${said}`,
  })
}
