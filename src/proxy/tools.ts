import type { Capability } from '../clients/session/wire.ts'
import type { Tool } from '../clients/tools/wire.ts'
import {
  type Review,
  type ReviewAnswer,
  canI,
  grantFor,
  reviewWords,
  settingsReview,
  toolReview,
} from '../mesh/access.ts'
import { shellWord } from '../mesh/shellWord.ts'
import {
  type ToolName,
  type ToolService,
  forwardOf,
  isRancherRoot,
  pathsOf,
  projectOfStack,
  proxyName,
  proxyPath,
  showsAllTeams,
  toolNames,
  toolTitles,
} from '../mesh/tools.ts'
import { kubernetesOf } from './asViewer.ts'
import type { ClusterDoors } from './clusterDoors.ts'
import type { ToolsConfig } from './clusterConfig.ts'
import { seesEverything } from './scope.ts'
import type { Probe } from './toolMemory.ts'
import { type ToolPlace, type ToolPlaces, toolPlaces } from './toolPlaces.ts'
import { type Probed, probeAddress, probeService } from './toolProbe.ts'
import type { Viewer } from './viewer.ts'

/** A place with the cluster's answer to whether the viewer may open it. */
interface Gate {
  readonly place: ToolPlace
  readonly review: Review
  readonly answer: ReviewAnswer
}

/** What `GET /api/clusters/:cluster/tools` answers: each tool's state, asked of the cluster and of the tool at this moment. */
export async function toolsFor(
  viewer: Viewer,
  doors: ClusterDoors,
  config: ToolsConfig,
  now: () => number,
): Promise<readonly Tool[]> {
  const [places, isOwner, seesAll] = await Promise.all([
    toolPlaces(viewer, doors, config, doors.tools.listed),
    mayConfigure(viewer, doors),
    viewer.credentials === undefined ? true : seesEverything(viewer.credentials, doors),
  ])
  return Promise.all(
    toolNames.map((name) => toolFor(name, places[name], { viewer, doors, config, now, isOwner, seesAll })),
  )
}

/** The doors of the tools alone, nothing of them asked: what a session's capabilities say. */
export async function toolDoors(
  viewer: Viewer,
  doors: ClusterDoors,
  config: ToolsConfig,
): Promise<Readonly<Record<ToolName, Capability>>> {
  const places = await toolPlaces(viewer, doors, config, doors.tools.listed)
  const door = async (name: ToolName): Promise<Capability> => {
    const gates = await gatesOf(name, places[name], viewer, doors)
    const open = gates.find(({ answer }) => answer.allowed)
    if (open !== undefined) {
      const { address } = whereOf(open.place, { doors }, pathsOf(name)[0] ?? '')
      const reason = `You may open ${toolTitles[name]}, ${placeWords(open.place)}.`
      return { allowed: true, reason, ...(address === undefined ? {} : { address }) }
    }
    const locked = theLocked(gates)
    return locked === undefined
      ? { allowed: false, reason: notFound(name, places[name], doors) }
      : { allowed: false, reason: lockedReason(name, locked), ...keysOf(locked, viewer) }
  }
  const [kiali, jaeger, grafana, prometheus] = await Promise.all([
    door('kiali'),
    door('jaeger'),
    door('grafana'),
    door('prometheus'),
  ])
  return { kiali, jaeger, grafana, prometheus }
}

interface Circumstances {
  readonly viewer: Viewer
  readonly doors: ClusterDoors
  readonly config: ToolsConfig
  readonly now: () => number
  readonly isOwner: boolean
  readonly seesAll: boolean
}

/** The first place that the viewer may open and that is there; else the first that is closed; else there is none. */
async function toolFor(name: ToolName, found: ToolPlaces, circumstances: Circumstances): Promise<Tool> {
  const { viewer, doors, isOwner, seesAll } = circumstances
  const title = toolTitles[name]
  const gates = await gatesOf(name, found, viewer, doors)
  const base = { name, showsAllTeams: showsAllTeams.has(name) && !seesAll }
  let wasForbidden: Gate | undefined
  for (const gate of gates) {
    if (!gate.answer.allowed) continue
    const { probed, at } = await probeOf(name, gate.place, circumstances)
    if (probed.kind === 'missing') continue
    if (probed.kind === 'forbidden') {
      wasForbidden ??= gate
      continue
    }
    const where = whereOf(gate.place, circumstances, probed.kind === 'up' ? probed.path : '')
    const since = sinceOf(gate.place, probed, at, doors.tools.downSince)
    if (probed.kind === 'down') {
      const reason = `${title}, ${placeWords(gate.place)}, does not work: ${probed.failed}.`
      return { ...base, ...where, state: 'down', reason, checkedAt: at, downSince: since ?? at }
    }
    const token =
      name === 'kiali' && probed.strategy === 'token' ? { token: { command: tokenCommand(gate.place) } } : {}
    const note = probed.note === undefined ? '' : ` ${probed.note}`
    return {
      ...base,
      ...where,
      ...token,
      state: 'open',
      reason: openReason(name, gate.place, probed.isUntried) + note,
      checkedAt: at,
    }
  }
  const locked = wasForbidden ?? theLocked(gates)
  if (locked !== undefined) {
    const where = { where: placeName(locked.place) }
    return { ...base, ...where, state: 'locked', reason: lockedReason(name, locked), ...keysOf(locked, viewer) }
  }
  const elsewhere = found.elsewhere.map((service) => `${service.name} in ${service.namespace}`)
  return {
    ...base,
    state: 'missing',
    reason: notFound(name, found, doors),
    ...(isOwner ? { install: installOf(name, doors) } : {}),
    ...(isOwner && elsewhere.length > 0 ? { elsewhere } : {}),
  }
}

/** A place of a tool that is a Service, with the cluster's answer to whether the viewer may open it. */
export interface ToolDoor {
  readonly service: ToolService | undefined
  readonly review: Review
  readonly allowed: boolean
}

/** The doors of one tool as a viewer finds them, the one to take first, first; nothing of the tool is asked. */
export async function doorsOf(name: ToolName, viewer: Viewer, doors: ClusterDoors): Promise<readonly ToolDoor[]> {
  const { tools } = await doors.settings.inForce()
  const places = await toolPlaces(viewer, doors, tools, doors.tools.listed)
  const gates = await gatesOf(name, places[name], viewer, doors)
  return gates.map(({ place, review, answer }) => ({
    service: place.kind === 'service' && place.project === undefined ? place.service : undefined,
    review,
    allowed: answer.allowed,
  }))
}

/** Reviews of every place at once; where nobody logs in nothing is closed. */
function gatesOf(
  name: ToolName,
  { places }: ToolPlaces,
  { credentials }: Viewer,
  { users }: ClusterDoors,
): Promise<readonly Gate[]> {
  return Promise.all(
    places.map(async (place) => {
      const review = reviewOf(name, place)
      if (credentials === undefined || users === undefined) return { place, review, answer: { allowed: true } }
      return { place, review, answer: await users.may(credentials, review) }
    }),
  )
}

/** Of the closed places the one to speak of; a project's stack that is not open may as well not be there. */
function theLocked(gates: readonly Gate[]): Gate | undefined {
  return gates.find(({ place, answer }) => !answer.allowed && (place.kind === 'address' || place.project === undefined))
}

/** What Kubernetes itself asks when the link is followed, or a permission of our own where it cannot. */
function reviewOf(name: ToolName, place: ToolPlace): Review {
  if (place.kind === 'address') return toolReview(name)
  const { service } = place
  return {
    verb: 'get',
    group: '',
    resource: 'services/proxy',
    namespace: service.namespace,
    name: proxyName(service),
  }
}

function probeOf(name: ToolName, place: ToolPlace, { viewer, doors, now }: Circumstances): Promise<Probe> {
  const { probes } = doors.tools
  if (place.kind === 'address') {
    return probes.get(place.address, async () => ({
      probed: await probeAddress(name, place.address, doors.transport),
      at: now(),
    }))
  }
  const kubernetes = kubernetesOf(viewer, doors)
  if (kubernetes === undefined) return Promise.resolve({ probed: { kind: 'missing' }, at: now() })
  const key = JSON.stringify([viewer.credentials?.id ?? '', proxyPath(place.service)])
  return probes.get(key, async () => ({ probed: await probeService(name, place.service, kubernetes), at: now() }))
}

/** Since when a place does not answer this server; forgotten once it does. */
function sinceOf(place: ToolPlace, probed: Probed, at: number, downSince: Map<string, number>): number | undefined {
  const key = place.kind === 'address' ? place.address : proxyPath(place.service)
  if (probed.kind !== 'down') {
    downSince.delete(key)
    return undefined
  }
  const since = downSince.get(key) ?? at
  downSince.set(key, since)
  return since
}

function whereOf(place: ToolPlace, { doors }: Pick<Circumstances, 'doors'>, path: string): Partial<Tool> {
  if (place.kind === 'address') return { where: placeName(place), address: place.address }
  const { service, project } = place
  const below = proxyPath(service) + path
  const { browserUrl, viewersUrl, url } = doors.cluster.kubernetes ?? {}
  const root = browserUrl ?? [viewersUrl, url].find((each) => each !== undefined && isRancherRoot(each))
  return {
    where: placeName(place),
    ...(project === undefined ? {} : { project }),
    proxyPath: below,
    ...(root === undefined ? {} : { address: `${root.replace(/\/+$/, '')}/${below}` }),
    forward: forwardOf({ ...service, path }),
  }
}

function openReason(name: ToolName, place: ToolPlace, isUntried = false): string {
  const title = toolTitles[name]
  if (isUntried) return `${title} is ${placeWords(place)}. Whether it answers could not be tried from this browser.`
  const project = place.kind === 'service' ? place.project : undefined
  if (project !== undefined)
    return `The ${title} of project ${project.slice(project.indexOf(':') + 1)}. It holds your namespaces only.`
  return `${title} answers, ${placeWords(place)}.`
}

function lockedReason(name: ToolName, { review, place, answer }: Gate): string {
  const said = answer.reason === undefined || answer.reason === '' ? '' : ` The cluster says: ${answer.reason}.`
  const guess = place.kind === 'service' && place.isGuess ? ' Whether it is installed there, nobody here may look.' : ''
  return `${toolTitles[name]} is closed to you. It takes the permission to ${reviewWords(review)}; a cluster owner can grant it.${guess}${said}`
}

function keysOf({ review }: Gate, { name }: Viewer): Pick<Tool, 'permission' | 'check' | 'grant'> {
  // Logging in to Kiali and asking Grafana are POSTs, which a service proxy calls `create`.
  const verbs = review.resource === 'services/proxy' ? ['get', 'create'] : ['get']
  return { permission: review, check: canI(review), grant: grantFor(review, name, verbs) }
}

function notFound(name: ToolName, { isUnknown }: ToolPlaces, { cluster }: ClusterDoors): string {
  if (cluster.kubernetes === undefined) {
    return `No address of ${toolTitles[name]} is configured for ${cluster.label}, and no Kubernetes API to look for it.`
  }
  if (isUnknown === true) {
    return `Whether there is a ${toolTitles[name]} in ${cluster.label} could not be found out: its Services could not be listed.`
  }
  return `No ${toolTitles[name]} was found in ${cluster.label}. Meshboard does not need it.`
}

/** Istio's own samples: https://github.com/istio/istio/tree/master/samples/addons */
function installOf(name: ToolName, { cluster }: ClusterDoors): NonNullable<Tool['install']> {
  const version = /^\d+\.\d+/.exec(cluster.istioVersion ?? '')?.[0]
  const branch = version === undefined ? 'master' : `release-${version}`
  const also =
    name === 'grafana' || name === 'prometheus'
      ? 'In Rancher install the Monitoring app; elsewhere Istio’s sample will do'
      : 'Istio’s sample will do to look around; for more use its own operator or chart'
  return {
    say: `${also}. What runs outside the cluster, or in another namespace, is named in Settings, or in Meshboard’s configuration (clusters[].tools).`,
    command: `kubectl apply -f https://raw.githubusercontent.com/istio/istio/${branch}/samples/addons/${name}.yaml`,
  }
}

/** Any account's token will do, and Kiali shows what that account may see; Kiali's own sees the mesh. */
function tokenCommand(place: ToolPlace): string {
  const namespace = place.kind === 'service' ? place.service.namespace : 'istio-system'
  return `kubectl create token kiali --namespace ${shellWord(namespace)}`
}

function placeName(place: ToolPlace): string {
  if (place.kind === 'address') return new URL(place.address).host
  const { name, namespace } = place.service
  return `${name} in ${namespace}`
}

function placeWords(place: ToolPlace): string {
  if (place.kind === 'address') return `at ${placeName(place)}`
  const project = projectOfStack(place.service.namespace)
  return project === undefined ? placeName(place) : `of project ${project}`
}

async function mayConfigure({ credentials }: Viewer, { users }: ClusterDoors): Promise<boolean> {
  return credentials === undefined || users === undefined || (await users.may(credentials, settingsReview)).allowed
}
