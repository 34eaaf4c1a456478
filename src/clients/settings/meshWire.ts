import type { HealthPolicy } from '../../mesh/policy.ts'
import type { ToolName } from '../../mesh/tools.ts'
import type { ViewerDefaults } from '../session/wire.ts'

/** What members are told of the other side of their calls. */
export const peersLevels = ['hide', 'namespace', 'full'] as const
export type PeersLevel = (typeof peersLevels)[number]

/** Where owners say that a tool is: at an address of its own, or behind the API server. */
export type ToolSetting =
  | { readonly url: string }
  | {
      readonly service: {
        readonly namespace: string
        readonly name: string
        readonly port: number | string
        readonly scheme?: 'http' | 'https'
        readonly path?: string
      }
    }

/** What owners decide for everybody; what is absent is as the configuration file has it, or else as it always is. */
export interface MeshSettings {
  readonly tools: Readonly<Partial<Record<ToolName, ToolSetting>>>
  readonly peers?: PeersLevel
  /** Rules that go before those of the configuration file and the built-in ones. */
  readonly health: HealthPolicy
  readonly defaults: ViewerDefaults
}

/** `GET /api/clusters/:cluster/settings/mesh`. */
export interface MeshSettingsAnswer {
  /** What is in force: of a ConfigMap that cannot be read, the last that could. Of health rules a member reads those about the own namespaces. */
  readonly settings: MeshSettings
  /** The rules as YAML, as an editor shows them; empty where there are none. */
  readonly healthText: string
  /** What the configuration file says where the settings say nothing. */
  readonly configured: { readonly tools: MeshSettings['tools']; readonly peers: PeersLevel }
  /** The ConfigMap. */
  readonly place: { readonly namespace: string; readonly name: string }
  /** Its resource version, empty where there is none: saving on top of another one is refused. Absent for whoever may not read it. */
  readonly version?: string
  /** For owners: why what the ConfigMap says is not in force. */
  readonly problem?: SettingsProblem
  readonly mayEdit: boolean
  /** A sentence, where it cannot be changed by this viewer, or not be followed by Meshboard. */
  readonly note?: string
}

export interface SettingsProblem {
  /** One sentence each: the key and its line, what it takes, what it got. */
  readonly complaints: readonly string[]
  /** The text that they are about. */
  readonly text: string
}

/** `PUT` of the same: the whole of it, as texts that the server reads. */
export interface MeshSettingsChange {
  readonly tools: MeshSettings['tools']
  readonly peers?: string
  readonly defaults: {
    readonly window?: string
    readonly refresh?: string
    readonly theme?: string
    readonly page?: string
  }
  /** YAML: a list of rules. */
  readonly health: string
  readonly version: string
}
