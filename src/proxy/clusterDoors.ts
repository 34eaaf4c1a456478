import { type Candidates, createCandidates } from './candidates.ts'
import type { ClusterConfig } from './clusterConfig.ts'
import { type KubernetesUsers, kubernetesUsers } from './kubernetesUser.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Config } from './config.ts'
import {
  type KubernetesPlaces,
  type Place,
  type Surroundings,
  kubernetesPlaces,
  servicePlace,
  urlPlace,
} from './places.ts'
import { type Standing, createStanding } from './standing.ts'
import { type ToolMemory, toolMemory } from './toolMemory.ts'
import type { Transport } from './transport.ts'
import { type Upstream, createUpstream } from './upstream.ts'

/** A configured cluster with its upstreams and what is known of its users. */
export interface ClusterDoors {
  readonly name: string
  readonly cluster: ClusterConfig
  readonly prometheus: Upstream
  /** The next four are undefined where no Kubernetes API is configured. The API server with Meshboard's own credentials. */
  readonly own: Upstream | undefined
  readonly users: KubernetesUsers | undefined
  readonly candidates: Candidates | undefined
  readonly standing: Standing | undefined
  /** How servers outside the cluster are reached. */
  readonly transport: Transport
  readonly tools: ToolMemory
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
  const upstream = (kind: 'prometheus' | 'kubernetes', place: Place): Upstream =>
    createUpstream(kind, { name, label, place }, { ...parts, limits })
  const common = {
    name,
    cluster,
    prometheus: upstream('prometheus', prometheusPlace(cluster, places, parts)),
    transport: parts.transport,
    tools: toolMemory({ listSeconds: limits.reviewSeconds, now }),
    isShared: config.clusters.some((other) => other !== cluster && isSamePlace(other, cluster)),
  }
  if (places === undefined) {
    return { ...common, own: undefined, users: undefined, candidates: undefined, standing: undefined }
  }
  const own = upstream('kubernetes', places.own)
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
  }
}

function prometheusPlace(
  { prometheus }: ClusterConfig,
  kubernetes: KubernetesPlaces | undefined,
  around: Surroundings,
): Place {
  const { url, service, headers } = prometheus
  if (url !== undefined) return urlPlace(url, prometheus, around)
  if (kubernetes === undefined || service === undefined)
    throw new Error('a configuration without Prometheus was let in')
  return servicePlace(kubernetes.own, service, headers)
}

/** Whatever the headers say: a tenant header may name several clusters' tenant. */
function isSamePlace({ prometheus: one }: ClusterConfig, { prometheus: other }: ClusterConfig): boolean {
  const place = (url: string) => new URL(url).href.replace(/\/+$/, '')
  return one.url !== undefined && other.url !== undefined && place(one.url) === place(other.url)
}
