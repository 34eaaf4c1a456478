import type { RancherCluster } from '../clients/session/wire.ts'
import { rulesWithin } from '../mesh/policy.ts'
import { isRancherRoot } from '../mesh/tools.ts'
import type { ClusterConfig } from './clusterConfig.ts'
import type { Config } from './config.ts'
import type { ServiceConfig } from './connectionConfig.ts'

/**
 * The clusters whose owners need no login where the page comes through the cluster's API server, as Rancher's pages do: the browser asks
 * there itself. What is told of them is told to everybody, so it holds no credential, no header, and no health rule about a namespace. A
 * cluster whose Prometheus takes credentials, or is no Service of the cluster, is not among them.
 */
export function rancherClusters({ auth, clusters, health }: Config): readonly RancherCluster[] {
  if (auth.mode !== 'token' && auth.mode !== 'bearer') return []
  return clusters.flatMap((cluster): readonly RancherCluster[] => {
    const prometheus = throughApiServer(cluster.prometheus)
    const place = placeOf(cluster)
    if (prometheus === undefined || place === undefined) return []
    const traces = cluster.traces === undefined ? undefined : throughApiServer(cluster.traces)
    const { name, label, color, istioVersion, istioCluster, tools, settings } = cluster
    return [
      {
        ...place,
        isShared: clusters.some(
          (other) =>
            other !== cluster && other.prometheus.url !== undefined && other.prometheus.url === cluster.prometheus.url,
        ),
        cluster: {
          name,
          label,
          color,
          istioVersion,
          istioCluster,
          tools,
          settings,
          // Without a Service it would take another login.
          ...(traces?.service === undefined ? {} : { traces: { kind: cluster.traces?.kind, service: traces.service } }),
          prometheus: { ...prometheus, matchers: cluster.prometheus.matchers },
          health: rulesWithin([...cluster.health, ...health], []),
        },
      },
    ]
  })
}

/** How a browser reaches the cluster's Prometheus; an empty object looks for it. */
function throughApiServer({
  url,
  service,
  headers,
  bearerTokenFile,
  basicAuth,
  certFile,
}: Omit<ClusterConfig['prometheus'], 'matchers'>): { readonly service?: ServiceConfig } | undefined {
  if (Object.keys(headers).length > 0 || [bearerTokenFile, basicAuth, certFile].some((each) => each !== undefined))
    return undefined
  if (service !== undefined) return { service }
  if (url === undefined) return {}
  const found = serviceAt(url)
  return found === undefined ? undefined : { service: found }
}

/** The Service that a cluster's own DNS name means: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
function serviceAt(text: string): ServiceConfig | undefined {
  const { protocol, hostname, port, pathname, username } = new URL(text)
  const [, name, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\..+)?$/.exec(hostname) ?? []
  if (name === undefined || namespace === undefined || username !== '') return undefined
  const scheme = protocol === 'https:' ? 'https' : 'http'
  return { namespace, name, scheme, port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port), path: pathname }
}

/** Rancher's id of the cluster; none where Meshboard runs in it, since then it is the one that the page came from. */
function placeOf({ kubernetes }: ClusterConfig): { readonly id?: string } | undefined {
  if (kubernetes === undefined) return undefined
  const root = [kubernetes.browserUrl, kubernetes.viewersUrl, kubernetes.url].find(
    (url) => url !== undefined && isRancherRoot(url),
  )
  if (root !== undefined) {
    const id = /\/k8s\/clusters\/([^/]+)\/?$/.exec(root)?.[1]
    return id === undefined ? undefined : { id }
  }
  return kubernetes.inCluster === true ? {} : undefined
}
