import type { ToolName } from '../../mesh/tools.ts'
import type { Permission } from '../session/wire.ts'

/** `GET /api/clusters/:cluster/tools`: the tools beside Meshboard, as the viewer finds them. */
export interface Tools {
  /** One each, in the order in which they are shown. */
  readonly tools: readonly Tool[]
}

/**
 * `open`: the viewer may open it and it answers. `down`: may, and it does not answer. `locked`: may not. `missing`: there is none in the
 * cluster.
 */
export type ToolState = 'open' | 'down' | 'locked' | 'missing'

export interface Tool {
  readonly name: ToolName
  readonly state: ToolState
  /** A sentence or two: why it is so. */
  readonly reason: string
  /** `kiali in istio-system`, `kiali.example.org`. */
  readonly where?: string
  /** Rancher's project whose own stack this is; the cluster's otherwise. */
  readonly project?: string
  /** An absolute URL ending in a slash, where the configuration or Rancher's address gives one. */
  readonly address?: string
  /** Below the API server as the browser reaches it, ending in a slash: for a page that came through a service proxy itself. */
  readonly proxyPath?: string
  /** The line that brings it to one's own machine, and where it is then. */
  readonly forward?: { readonly command: string; readonly address: string }
  /** Of a locked one: the permission whose absence is the reason, the line that checks it, and the YAML that gives it. */
  readonly permission?: Permission
  readonly check?: string
  readonly grant?: string
  /** Whether it shows this viewer more than the viewer's own namespaces. */
  readonly showsAllTeams: boolean
  /** It asks for a token of its own: the line that makes one. */
  readonly token?: { readonly command: string }
  /** Of a missing one, for owners: what to install, and with which command. */
  readonly install?: { readonly say: string; readonly command: string }
  /** For owners: Services elsewhere that carry its label, as `name in namespace`; nobody is sent there. */
  readonly elsewhere?: readonly string[]
  /** When it was last asked, in unix seconds; absent where nobody asked. */
  readonly checkedAt?: number
  /** Since when it has not answered this server, in unix seconds. */
  readonly downSince?: number
}
