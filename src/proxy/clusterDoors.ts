import { type Candidates, createCandidates } from './candidates.ts'
import type { ClusterConfig } from './config.ts'
import { type KubernetesUsers, kubernetesUsers } from './kubernetesUser.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Config } from './config.ts'
import { type Standing, createStanding } from './standing.ts'
import { type Token, tokenOf } from './token.ts'
import { type Upstream, createUpstream } from './upstream.ts'

/** A configured cluster with its upstreams and what is known of its users. */
export interface ClusterDoors {
  readonly name: string
  readonly cluster: ClusterConfig
  readonly prometheus: Upstream
  /** The proxy's own credentials for the API server. */
  readonly token: Token | undefined
  /** The next four are undefined where no Kubernetes API is configured. */
  readonly kubernetes: Upstream | undefined
  readonly users: KubernetesUsers | undefined
  readonly candidates: Candidates | undefined
  readonly standing: Standing | undefined
  /** Whether another configured cluster's numbers are in the same Prometheus. */
  readonly isShared: boolean
}

/** The doors of a cluster; nothing is asked yet. */
export function openCluster(
  cluster: ClusterConfig,
  { config, log, metrics, now }: { config: Config; log: Log; metrics: Metrics; now: () => number },
): ClusterDoors {
  const { limits } = config
  const { name, label, prometheus, kubernetes: api, namespaces } = cluster
  const withHeaders = createUpstream('prometheus', { name, label, url: prometheus.url }, { limits, metrics, log })
  const common = {
    name,
    cluster,
    prometheus: ((request) =>
      withHeaders({ ...request, headers: { ...request.headers, ...prometheus.headers } })) satisfies Upstream,
    isShared: config.clusters.some((other) => other !== cluster && isSamePlace(other, cluster)),
  }
  if (api === undefined) {
    const none = { kubernetes: undefined, token: undefined, users: undefined }
    return { ...common, ...none, candidates: undefined, standing: undefined }
  }
  const kubernetes = createUpstream('kubernetes', { name, label, url: api.url }, { limits, metrics, log })
  const token = api.token === undefined && api.tokenFile === undefined ? undefined : tokenOf(api)
  const users = kubernetesUsers(kubernetes, { reviewSeconds: limits.reviewSeconds, now })
  const seconds = limits.projectsSeconds
  return {
    ...common,
    kubernetes,
    token,
    users,
    candidates: createCandidates(kubernetes, users, { token, names: namespaces, seconds, now }),
    standing: createStanding(users, { seconds: limits.reviewSeconds, now }),
  }
}

/** Whatever the headers say: a tenant header may name several clusters' tenant. */
function isSamePlace(one: ClusterConfig, other: ClusterConfig): boolean {
  const place = ({ prometheus: { url } }: ClusterConfig) => new URL(url).href.replace(/\/+$/, '')
  return place(one) === place(other)
}
