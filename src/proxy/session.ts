import type { Session } from '../clients/session/wire.ts'
import { capabilitiesOf } from './capabilities.ts'
import type { Config } from './config.ts'
import { viewerOf } from './viewer.ts'

/** What `GET /api/session` answers. */
export function sessionOf(config: Config): Session {
  const viewer = viewerOf(config)
  return {
    mode: viewer.mode,
    user: { name: viewer.name, groups: viewer.groups },
    clusters: config.clusters.map((cluster) => ({
      name: cluster.name,
      label: cluster.label,
      ...(cluster.color === undefined ? {} : { color: cluster.color }),
      ...(cluster.istioVersion === undefined ? {} : { istioVersion: cluster.istioVersion }),
      capabilities: capabilitiesOf(viewer, cluster),
    })),
  }
}
