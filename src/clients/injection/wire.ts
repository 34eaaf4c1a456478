import type { InjectionChoice } from '../../mesh/injectionChoice.ts'
import type { Capability } from '../session/wire.ts'

/** `GET /api/clusters/:cluster/namespaces/:namespace/injection`: what the namespace says, and whether the viewer may change it. */
export interface NamespaceInjection {
  readonly choice: InjectionChoice
  /** Of the namespace: a change on top of another one is refused. */
  readonly version: string
  readonly door: Capability
}

/** `PUT` of the same. */
export interface InjectionChange {
  readonly choice: InjectionChoice
  readonly version: string
}
