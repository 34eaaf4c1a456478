import type { Capability, CapabilityName } from '../clients/session/wire.ts'
import type { ClusterConfig } from './config.ts'
import type { Viewer } from './viewer.ts'

/**
 * What a viewer may do in a cluster, each with its reason. Without login the proxy's own credentials decide, so everything that is
 * configured is allowed; access reviews of the viewer's own token enter here.
 */
export function capabilitiesOf(
  { mode }: Viewer,
  { label, kubernetes }: ClusterConfig,
): Readonly<Record<CapabilityName, Capability>> {
  const open: Capability = {
    allowed: true,
    reason: `This Meshboard runs without login (${mode} mode): whoever reaches it sees what it sees itself`,
  }
  const noTool: Capability = { allowed: false, reason: `No address of it is configured for ${label}` }
  return {
    metrics: open,
    graph: open,
    kubernetes:
      kubernetes === undefined ? { allowed: false, reason: `No Kubernetes API is configured for ${label}` } : open,
    kiali: noTool,
    jaeger: noTool,
    grafana: noTool,
    prometheus: noTool,
    settings: { allowed: false, reason: 'Settings belong to a person, and nobody is logged in' },
  }
}
