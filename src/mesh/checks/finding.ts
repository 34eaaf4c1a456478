import type { MeshObjects } from '../config/objects.ts'
import { checkCodes, type CheckId, type Severity } from './codes.ts'

/** An object as findings name it; `kind` as Kubernetes writes it. */
export interface ObjectName {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** One thing that a check found in one object. */
export interface ConfigFinding {
  readonly code: CheckId
  readonly severity: Severity
  readonly object: ObjectName
  /** One sentence: what exactly, and where in the object. */
  readonly message: string
  /** Where in the object, for example `spec.http[1].route[0].destination.host`. */
  readonly path?: string
  /** Other objects that are part of it. */
  readonly others?: readonly ObjectName[]
}

/** What the checks look at. */
export interface Checked {
  readonly objects: MeshObjects
  /** The namespaces whose objects were read; absent: every one. What lies elsewhere may exist, and nothing is said of it. */
  readonly namespaces?: ReadonlySet<string> | undefined
}

export function finding(
  code: CheckId,
  object: ObjectName,
  message: string,
  more: { readonly path?: string; readonly others?: readonly ObjectName[]; readonly severity?: Severity } = {},
): ConfigFinding {
  return { code, severity: checkCodes[code].severity, object, message, ...more }
}

/** Names the object of a decoded one. */
export function nameOf(
  kind: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): ObjectName {
  return { kind, namespace, name }
}
