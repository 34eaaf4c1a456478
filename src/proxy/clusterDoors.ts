import { type EarlierLives, createEarlierLives } from './ages.ts'
import { type Candidates, createCandidates } from './candidates.ts'
import type { ClusterConfig } from './clusterConfig.ts'
import type { ServiceConfig } from './connectionConfig.ts'
import { type KubernetesUsers, kubernetesUsers } from './kubernetesUser.ts'
import { findPrometheus } from './discovery.ts'
import { type NotedPlace, foundPlace } from './foundPlace.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Config } from './config.ts'
import {
  type KubernetesPlaces,
  type Place,
  type Surroundings,
  kubernetesPlaces,
  podNamespace,
  urlPlace,
} from './places.ts'
import { type FollowedSettings, createSettings } from './followedSettings.ts'
import { servicePlace } from './serviceAddress.ts'
import { type Standing, createStanding } from './standing.ts'
import { type ToolMemory, toolMemory } from './toolMemory.ts'
import type { Transport } from './transport.ts'
import { type Upstream, type UpstreamName, createUpstream } from './upstream.ts'
import { type Watch, createWatch } from './watch.ts'

/** A configured cluster with its upstreams and what is known of its users. */
export interface ClusterDoors {
  readonly name: string
  readonly cluster: ClusterConfig
  readonly prometheus: Upstream
  readonly earlier: EarlierLives
  /** The configured trace store; undefined where none is. */
  readonly traces: Upstream | undefined
  /** Whether another configured cluster's spans are in the same trace store. */
  readonly isTraceStoreShared: boolean
  /** Which Prometheus was found, and why that one; undefined where none was looked for, or not yet. */
  readonly prometheusNote: () => string | undefined
  /** The next five are undefined where no Kubernetes API is configured. The API server with Meshboard's own credentials. */
  readonly own: Upstream | undefined
  readonly users: KubernetesUsers | undefined
  readonly candidates: Candidates | undefined
  readonly standing: Standing | undefined
  readonly watch: Watch | undefined
  /** How servers outside the cluster are reached; undefined in a browser, which asks nobody but its own origin. */
  readonly transport: Transport | undefined
  readonly tools: ToolMemory
  /** What the cluster's owners have saved for everybody. */
  readonly settings: FollowedSettings
  /** How many namespaces of one viewer are reviewed where nobody names any. */
  readonly mostCandidates: number
  /** Whether another configured cluster's numbers are in the same Prometheus. */
  readonly isShared: boolean
}

export interface DoorParts extends Surroundings {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
}

/** The doors of a cluster; nothing is asked yet. */
export function openCluster(cluster: ClusterConfig, parts: DoorParts): ClusterDoors {
  const { config, now } = parts
  const { limits, auth } = config
  const { name, label, kubernetes: api, namespaces } = cluster
  const places = api === undefined ? undefined : kubernetesPlaces(api, parts)
  const upstream = (kind: UpstreamName, place: Place): Upstream =>
    createUpstream(kind, { name, label, place }, { ...parts, limits })
  const prometheus = prometheusPlace(cluster, places, parts)
  const own = places === undefined ? undefined : upstream('kubernetes', places.own)
  const { namespace } = cluster.settings
  const settings = createSettings({
    own: places?.hasOwn === true ? own : undefined,
    namespace: () =>
      namespace === undefined && api?.inCluster === true
        ? podNamespace(parts.read)
        : Promise.resolve(namespace ?? 'meshboard'),
    cluster,
    config,
    log: parts.log,
    now,
  })
  const asked = upstream('prometheus', prometheus.place)
  const traces = tracesPlace(cluster, places, parts)
  const common = {
    name,
    cluster,
    prometheus: asked,
    earlier: createEarlierLives(asked, { matchers: cluster.prometheus.matchers, now }),
    prometheusNote: prometheus.note,
    traces: traces === undefined ? undefined : upstream('traces', traces),
    transport: parts.transport,
    mostCandidates: limits.mostCandidates,
    tools: toolMemory({ listSeconds: limits.reviewSeconds, now }),
    settings,
    isTraceStoreShared: config.clusters.some((other) => other !== cluster && isSameStore(other, cluster)),
    isShared: config.clusters.some((other) => other !== cluster && isSamePlace(other, cluster)),
  }
  if (places === undefined || own === undefined) {
    return { ...common, own: undefined, users: undefined, candidates: undefined, standing: undefined, watch: undefined }
  }
  const users = kubernetesUsers(upstream('kubernetes', places.bare), {
    own: auth.mode === 'kubeconfig' ? own : undefined,
    reviewSeconds: limits.reviewSeconds,
    now,
  })
  const seconds = limits.projectsSeconds
  return {
    ...common,
    own,
    users,
    candidates: createCandidates(own, users, { hasOwn: places.hasOwn, names: namespaces, seconds, now }),
    standing: createStanding(users, { seconds: limits.reviewSeconds, now }),
    watch: createWatch(places, { label, mostBytes: limits.answerBytes }),
  }
}

/** Where traces are asked for: from within the cluster the Service itself, as Prometheus is. */
function tracesPlace(
  { traces, kubernetes: api }: ClusterConfig,
  kubernetes: KubernetesPlaces | undefined,
  parts: DoorParts,
): Place | undefined {
  if (traces === undefined) return undefined
  const { url, service, headers } = traces
  if (url !== undefined) return urlPlace(url, traces, parts)
  if (service === undefined || kubernetes === undefined) return undefined
  if (api?.inCluster !== true) return servicePlace(kubernetes.own, service, headers)
  return urlPlace(
    `${service.scheme}://${service.name}.${service.namespace}.svc:${service.port}${service.path}`,
    traces,
    parts,
  )
}

function prometheusPlace(
  { name, label, prometheus, kubernetes: api }: ClusterConfig,
  kubernetes: KubernetesPlaces | undefined,
  parts: DoorParts,
): NotedPlace {
  const { url, service, headers } = prometheus
  const placeOf = (at: ServiceConfig): Place => {
    if (kubernetes === undefined) throw new Error('a configuration without Prometheus was let in')
    if (api?.inCluster !== true) return servicePlace(kubernetes.own, at, headers)
    // From within, the Service itself answers, and no right on the API server is needed.
    return urlPlace(`${at.scheme}://${at.name}.${at.namespace}.svc:${at.port}${at.path}`, prometheus, parts)
  }
  const note = () => undefined
  if (url !== undefined) return { place: urlPlace(url, prometheus, parts), note }
  if (service !== undefined && kubernetes !== undefined)
    return { place: servicePlace(kubernetes.own, service, headers), note }
  // What fails here is told once, by what is found in the end.
  const quiet = { ...parts, limits: parts.config.limits, log: { warn: parts.log.debug.bind(parts.log) } }
  const ask = (place: Place, kind: 'prometheus' | 'kubernetes'): Upstream =>
    createUpstream(kind, { name, label, place }, quiet)
  return foundPlace({
    find: () =>
      findPrometheus(kubernetes === undefined ? undefined : ask(kubernetes.own, 'kubernetes'), (suspect) =>
        ask(placeOf(suspect.service), 'prometheus'),
      ),
    placeOf,
    ...parts,
  })
}

/** Whatever the headers say: a tenant header may name several clusters' tenant. */
function isSamePlace({ prometheus: one }: ClusterConfig, { prometheus: other }: ClusterConfig): boolean {
  return isSameUrl(one.url, other.url)
}

function isSameStore({ traces: one }: ClusterConfig, { traces: other }: ClusterConfig): boolean {
  return isSameUrl(one?.url, other?.url)
}

function isSameUrl(one: string | undefined, other: string | undefined): boolean {
  const place = (url: string) => new URL(url).href.replace(/\/+$/, '')
  return one !== undefined && other !== undefined && place(one) === place(other)
}
