import type { Fetch } from '../clients/http.ts'
import { createCandidates } from '../proxy/candidates.ts'
import type { ClusterConfig } from '../proxy/clusterConfig.ts'
import type { ClusterDoors } from '../proxy/clusterDoors.ts'
import type { ServiceConfig } from '../proxy/connectionConfig.ts'
import { findPrometheus } from '../proxy/discovery.ts'
import { createSettings } from '../proxy/followedSettings.ts'
import { foundPlace } from '../proxy/foundPlace.ts'
import { kubernetesUsers } from '../proxy/kubernetesUser.ts'
import type { Place } from '../proxy/places.ts'
import { servicePlace } from '../proxy/serviceAddress.ts'
import { createEarlierLives } from '../proxy/ages.ts'
import { createStanding } from '../proxy/standing.ts'
import { toolMemory } from '../proxy/toolMemory.ts'
import { type Upstream, type UpstreamName, createUpstream } from '../proxy/upstream.ts'
import { createWatch } from '../proxy/watch.ts'

/** The API server that the page came through. */
export interface Root {
  /** `https://rancher.example.org/k8s/clusters/c-m-abc/`. */
  readonly url: string
  readonly by: Fetch
  /** Headers of every request: Rancher's CSRF token, where there is one. */
  readonly headers: () => Readonly<Record<string, string>>
}

export const limits = {
  upstreamSeconds: 30,
  answerBytes: 64 * 1024 * 1024,
  mostCandidates: 500,
  questionsAtOnce: 48,
  settingsSeconds: 10,
}
const rememberedSeconds = 30

const silent = { info: () => undefined, warn: () => undefined }
const uncounted = { upstreamEnded: () => undefined }

/** The doors of a cluster, all of them through its API server, as whoever is logged in there. Nothing is asked yet. */
export function doorsBehind(
  cluster: ClusterConfig,
  {
    root,
    namespace,
    isShared,
    now,
  }: {
    readonly root: Root
    /** Of Meshboard itself. */
    readonly namespace: string
    readonly isShared: boolean
    readonly now: () => number
  },
): ClusterDoors {
  const { name, label, prometheus, traces } = cluster
  const place: Place = () => Promise.resolve({ url: root.url, headers: root.headers(), by: root.by })
  const upstream = (kind: UpstreamName, at: Place): Upstream =>
    createUpstream(kind, { name, label, place: at }, { limits, metrics: uncounted, log: silent })
  const own = upstream('kubernetes', place)
  const users = kubernetesUsers(own, { own, reviewSeconds: rememberedSeconds, now })
  const placeOf = (service: ServiceConfig): Place => servicePlace(place, service, {})
  const find = () => findPrometheus(own, ({ service }) => upstream('prometheus', placeOf(service)))
  const noted =
    prometheus.service === undefined
      ? foundPlace({ find, placeOf, now, log: silent })
      : { place: placeOf(prometheus.service), note: () => undefined }
  const asked = upstream('prometheus', noted.place)
  return {
    name,
    cluster,
    prometheus: asked,
    earlier: createEarlierLives(asked, { matchers: prometheus.matchers, now }),
    prometheusNote: noted.note,
    own,
    users,
    candidates: createCandidates(own, users, { hasOwn: false, names: [], seconds: rememberedSeconds, now }),
    standing: createStanding(users, { seconds: rememberedSeconds, now }),
    watch: createWatch({ bare: place, own: place }, { label, mostBytes: limits.answerBytes }),
    mostCandidates: limits.mostCandidates,
    transport: undefined,
    settings: createSettings({
      own,
      // It runs where its page came from.
      namespace: () => Promise.resolve(cluster.settings.namespace ?? namespace),
      cluster,
      config: { peers: 'full', health: [], limits },
      log: silent,
      now,
    }),
    tools: toolMemory({ listSeconds: rememberedSeconds, now }),
    traces: traces?.service === undefined ? undefined : upstream('traces', placeOf(traces.service)),
    isShared,
    isTraceStoreShared: isShared,
  }
}
