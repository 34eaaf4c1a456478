import { z } from 'zod'
import { isObject } from '../clients/json.ts'
import type { AccessSettings, OpenedAccess } from '../clients/settings/wire.ts'
import { reviewWords, settingsReview } from '../mesh/access.ts'
import {
  type Opened,
  type RbacObject,
  type Rights,
  type Target,
  audienceIn,
  changesTo,
  foreignBindings,
  holderRoles,
  holdersSince,
  isOurs,
  objectsFor,
  openedNames,
  subjectWords,
} from '../mesh/opening.ts'
import { toolTitles } from '../mesh/tools.ts'
import { kubernetesOf } from './asViewer.ts'
import { isProject } from './candidates.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import { RefusalError } from './errors.ts'
import { candidatesFor } from './scope.ts'
import { toolPlaces } from './toolPlaces.ts'
import type { Upstream } from './upstream.ts'
import type { Viewer } from './viewer.ts'

const groupPath = 'apis/rbac.authorization.k8s.io/v1'
const plurals = {
  Role: 'roles',
  ClusterRole: 'clusterroles',
  RoleBinding: 'rolebindings',
  ClusterRoleBinding: 'clusterrolebindings',
} as const

/** Characters that a name of RBAC may hold: no control character, nothing endless. */
const rbacName = z.string().regex(/^[^\u0000-\u001f\u007f]{1,253}$/, 'is not the name of a user or group')

const change = z.strictObject({
  audience: z.strictObject({
    everybody: z.boolean(),
    subjects: z
      .array(
        z.union([
          z.strictObject({ kind: z.enum(['User', 'Group']), name: rbacName }),
          z.strictObject({ kind: z.literal('ServiceAccount'), name: rbacName, namespace: rbacName }),
        ]),
      )
      .max(200),
    holders: z
      .array(
        z
          .strictObject({
            role: z.enum(holderRoles),
            project: z
              .string()
              .regex(/^[\w:.-]{1,120}$/)
              .optional(),
          })
          .transform(({ role, project }) => (project === undefined ? { role } : { role, project })),
      )
      .max(50),
  }),
  version: z.string().max(100),
})

/** What `GET .../settings/access` answers, read with the viewer's own token: who may not list RBAC learns only that. */
export async function accessFor(viewer: Viewer, doors: ClusterDoors): Promise<AccessSettings> {
  const { credentials } = viewer
  if (credentials === undefined || doors.users === undefined) {
    return { access: [], mayEdit: false, note: 'Settings belong to a person, and nobody is logged in.' }
  }
  const { allowed: mayEdit } = await doors.users.may(credentials, settingsReview)
  const found = await readRights(viewer, doors)
  if (found === undefined) {
    const note =
      'Who else may is kept in RBAC objects that you may not list: a cluster owner sees and changes it here. What you may do yourself is in the menu at the top right.'
    return { access: [], mayEdit: false, note }
  }
  const targets = await targetsFor(viewer, doors)
  const access = await Promise.all(openedNames.map((opened) => accessOf(opened, targets[opened], found)))
  return {
    access,
    mayEdit,
    ...(mayEdit ? {} : { note: `Changing this takes the permission to ${reviewWords(settingsReview)}.` }),
  }
}

/**
 * Writes the roles and bindings of one of the three with the viewer's own token. Throws `RefusalError`: 400 for what is no audience,
 * 403 for whoever may not, 404 for something that is not there, 409 where our objects have changed since they were read.
 */
export async function changeAccess(
  viewer: Viewer,
  doors: ClusterDoors,
  { opened: name, body }: { readonly opened: string | undefined; readonly body: string },
): Promise<void> {
  const opened = openedNames.find((each) => each === name)
  if (opened === undefined) throw refusal(404, 'not_found', 'There is nothing at this address')
  const { audience, version } = readChange(body)
  const kubernetes = kubernetesOf(viewer, doors)
  if (viewer.credentials === undefined || doors.users === undefined || kubernetes === undefined) {
    throw refusal(403, 'settings_closed', 'Settings belong to a person, and nobody is logged in')
  }
  const may = await doors.users.may(viewer.credentials, settingsReview)
  const found = may.allowed ? await readRights(viewer, doors) : undefined
  if (found === undefined) {
    throw new RefusalError({
      status: 403,
      code: 'settings_closed',
      message: `Settings are closed to you: it takes the permission to ${reviewWords(settingsReview)}, and to read and write RBAC`,
      permission: settingsReview,
    })
  }
  const target = (await targetsFor(viewer, doors))[opened]
  if (target === undefined) throw refusal(404, 'tool_missing', missingWords(opened))
  const existing = found.objects.filter((each) => isOurs(each, opened))
  if (version !== (await versionOf(existing))) throw changedMeanwhile
  const { create, replace, remove } = changesTo(objectsFor(target, audience, found.rights), existing)
  for (const each of create) await write(kubernetes, 'POST', each)
  for (const each of replace) await write(kubernetes, 'PUT', each)
  // What lets somebody in goes last, so that a failure half-way never locks out who should stay.
  for (const each of remove) await write(kubernetes, 'DELETE', each)
}

interface Found {
  readonly objects: readonly RbacObject[]
  readonly rights: Rights
}

/** All RBAC of a cluster as the viewer may list it; undefined where not. */
async function readRights(viewer: Viewer, doors: ClusterDoors): Promise<Found | undefined> {
  const kubernetes = kubernetesOf(viewer, doors)
  if (kubernetes === undefined) return undefined
  const lists = await Promise.all(
    (['ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding'] as const).map((kind) => listOf(kubernetes, kind)),
  )
  const objects = lists.flatMap((each) => each ?? [])
  if (lists.includes(undefined)) return undefined
  const candidates = await candidatesFor(viewer, doors, undefined)
  const rights: Rights = {
    bindings: objects.filter(({ kind }) => kind.endsWith('Binding')),
    namespacesOf: (project) => candidates.filter((each) => isProject(project, each.project)).map(({ name }) => name),
  }
  return { objects, rights }
}

async function listOf(kubernetes: Upstream, kind: RbacObject['kind']): Promise<readonly RbacObject[] | undefined> {
  const isRole = kind.endsWith('Role')
  const objects: RbacObject[] = []
  let next = ''
  do {
    const query = new URLSearchParams({
      limit: '500',
      // Others' roles are none of our business; others' bindings are who holds a role.
      ...(isRole ? { labelSelector: 'app.kubernetes.io/managed-by=meshboard' } : {}),
      ...(next === '' ? {} : { continue: next }),
    })
    const { status, json } = await kubernetes({ path: `${groupPath}/${plurals[kind]}`, query })
    if (status === 403) return undefined
    const answer = isObject(json) ? json : {}
    if (status !== 200 || !Array.isArray(answer['items'])) throw unwritable(status, json)
    for (const item of answer['items'] as readonly unknown[]) if (isRbac(item)) objects.push({ ...item, kind })
    const more = isObject(answer['metadata']) ? answer['metadata']['continue'] : undefined
    next = typeof more === 'string' ? more : ''
  } while (next !== '')
  return objects
}

async function accessOf(opened: Opened, target: Target | undefined, { objects, rights }: Found): Promise<OpenedAccess> {
  const ours = objects.filter((each) => isOurs(each, opened))
  return {
    opened,
    audience: audienceIn(objects, opened),
    version: await versionOf(ours),
    objects: ours.map(objectWords),
    foreign: foreignBindings(objects, opened).map(
      (each) => `${objectWords(each)}: ${(each.subjects ?? []).map(subjectWords).join(', ')}`,
    ),
    since: holdersSince(objects, opened, rights).map(subjectWords),
    ...(target === undefined ? { missing: missingWords(opened) } : {}),
  }
}

/** What each of the three is in this cluster: a tool's first place that is not a project's own. */
async function targetsFor(viewer: Viewer, doors: ClusterDoors): Promise<Readonly<Record<Opened, Target | undefined>>> {
  const { tools } = await doors.settings.inForce()
  const places = await toolPlaces(viewer, doors, tools, doors.tools.listed)
  const targetOf = (opened: 'kiali' | 'jaeger'): Target | undefined => {
    const place = places[opened].places.find((each) => each.kind === 'address' || each.project === undefined)
    if (place === undefined) return undefined
    return place.kind === 'address' ? { opened } : { opened, service: place.service }
  }
  return { graph: { opened: 'graph' }, kiali: targetOf('kiali'), jaeger: targetOf('jaeger') }
}

async function write(kubernetes: Upstream, method: 'POST' | 'PUT' | 'DELETE', object: RbacObject): Promise<void> {
  const { kind, metadata } = object
  const within = metadata.namespace === undefined ? '' : `namespaces/${encodeURIComponent(metadata.namespace)}/`
  const base = `${groupPath}/${within}${plurals[kind]}`
  const path = method === 'POST' ? base : `${base}/${encodeURIComponent(metadata.name)}`
  const { uid, resourceVersion } = metadata
  const body =
    method === 'DELETE'
      ? { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } }
      : { apiVersion: 'rbac.authorization.k8s.io/v1', ...object }
  const { status, json } = await kubernetes({ path, json: body, ...(method === 'POST' ? {} : { method }) })
  if (status === 409 && method === 'POST' && kind.endsWith('Role')) {
    // The chart installs the graph's role itself: what says the same is left to whoever made it.
    const found = await kubernetes({ path: `${path}/${encodeURIComponent(metadata.name)}` })
    if (isRbac(found.json) && rulesOf(found.json) === rulesOf(object)) return
    throw foreignRole(object)
  }
  if (status === 409) throw changedMeanwhile
  if (status >= 300 && !(method === 'DELETE' && status === 404)) throw unwritable(status, json)
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
  throw refusal(
    400,
    'settings_invalid',
    `This change cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  )
}

/** Of the state of our objects, in whatever order they are listed. */
async function versionOf(objects: readonly RbacObject[]): Promise<string> {
  const words = objects.map(({ metadata: { uid, resourceVersion } }) => `${uid ?? ''}:${resourceVersion ?? ''}`).sort()
  // The platform's own, not Node's: this runs in browsers too.
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(words.join('\n')))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 32)
}

function rulesOf({ rules = [] }: RbacObject): string {
  return JSON.stringify(
    rules.map(({ apiGroups, resources, resourceNames = [], verbs }) => [apiGroups, resources, resourceNames, verbs]),
  )
}

function objectWords({ kind, metadata: { name, namespace } }: RbacObject): string {
  return `${kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`
}

function missingWords(opened: Opened): string {
  return opened === 'graph' ? '' : `No ${toolTitles[opened]} was found, so there is nothing to open.`
}

function isRbac(item: unknown): item is RbacObject {
  return isObject(item) && isObject(item['metadata']) && typeof item['metadata']['name'] === 'string'
}

function refusal(status: 400 | 403 | 404, code: string, message: string): RefusalError {
  return new RefusalError({ status, code, message })
}

const changedMeanwhile = new RefusalError({
  status: 409,
  code: 'settings_conflict',
  message: 'Somebody else changed this in the meantime: nothing more was saved',
  hint: 'Look at what it is now, then save again',
})

function foreignRole(object: RbacObject): RefusalError {
  return new RefusalError({
    status: 409,
    code: 'role_foreign',
    message: `There is a ${objectWords(object)} that Meshboard did not write and that says something else: nothing was bound to it`,
    hint: 'Rename or remove it, then save again',
  })
}

function unwritable(status: number, json: unknown): RefusalError {
  const said = isObject(json) && typeof json['message'] === 'string' ? `: ${json['message'].slice(0, 300)}` : ''
  return new RefusalError({
    status: status === 403 ? 403 : 502,
    code: 'settings_unwritten',
    message: `The cluster did not take the change (HTTP status ${status})${said}`,
  })
}
