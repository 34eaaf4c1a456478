import type { Audience, Opened } from '../../mesh/opening.ts'

/** `GET /api/clusters/:cluster/settings/access`: who may see the graph and open the tools, as the cluster says. */
export interface AccessSettings {
  readonly access: readonly OpenedAccess[]
  /** Whether the viewer may change it. */
  readonly mayEdit: boolean
  /** A sentence, where it cannot be shown to this viewer, or not be changed. */
  readonly note?: string
}

export interface OpenedAccess {
  readonly opened: Opened
  readonly audience: Audience
  /** Of our objects as they are now: saving on top of another one is refused. */
  readonly version: string
  /** Our objects in the cluster: `RoleBinding meshboard-kiali-viewer in istio-system`. */
  readonly objects: readonly string[]
  /** Bindings of others to our role, with their subjects. */
  readonly foreign: readonly string[]
  /** Holders that came since the binding was written. */
  readonly since: readonly string[]
  /** A sentence where nothing can be bound: there is no such tool. */
  readonly missing?: string
}

/** `PUT /api/clusters/:cluster/settings/access/:opened`. */
export interface AccessChange {
  readonly audience: Audience
  readonly version: string
}
