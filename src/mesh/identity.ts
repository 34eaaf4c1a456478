import { blackHole, passthrough, unknown } from './telemetry.ts'

/**
 * One end of a call. `workload`: told by name. `peer`: only its namespace may be told (architecture page, "Peers").
 * `nobody`: no workload; as a source the one unknown node, as a destination the call ends at its service.
 * `key` is short, and the same for one name in any cluster and version: what reports are matched by, within one reading.
 */
export type Party =
  | {
      readonly kind: 'workload'
      readonly key: string
      readonly cluster: string
      readonly namespace: string
      readonly workload: string
      readonly app: string | undefined
      readonly version: string | undefined
      readonly isInferred: boolean
    }
  | { readonly kind: 'peer'; readonly key: string; readonly namespace: string }
  | { readonly kind: 'nobody'; readonly key: string }

export const nobody: Party = { kind: 'nobody', key: 'n' }

/** The service that was called; its cluster follows from the call's ends. `undefined` name: not even a host was told. */
export interface Service {
  /** Short, and its own within one reading. */
  readonly key: string
  readonly namespace: string
  readonly name: string | undefined
}

/** Passthrough and BlackHole: names for calls that Istio has no service for. */
export function isNoRealService(name: string | undefined): boolean {
  return name === passthrough || name === blackHole
}

export const unknownId = 'unknown'

/** The one place where ids are made: `kind/part/part`, every part escaped, so that no two identities share an id. */
export function nodeId(
  kind: 'workload' | 'app' | 'service' | 'operation' | 'unknown' | 'box',
  ...parts: readonly string[]
): string {
  return parts.length === 0 ? kind : `${kind}/${parts.map(escapePart).join('/')}`
}

/** Fixed by the two ends and the protocol. */
export function edgeId(source: string, target: string, protocol: string): string {
  return `${source}>${target}|${protocol}`
}

/** `%` and what separates parts, ends and protocols are written as `%XX`; the rest stays readable. */
function escapePart(part: string): string {
  return /[%/>|\u0000-\u0020]/.test(part)
    ? part.replace(/[%/>|\u0000-\u0020]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    : part
}

/** Values laid end to end behind their lengths: no two lists give the same key. For maps only, never shown. */
export function keyOf(a: string, b: string, c = '', d = ''): string {
  return `${a.length},${b.length},${c.length}:${a}${b}${c}${d}`
}

/** An unknown cluster may be any. */
export function clustersAgree(one: string, other: string): boolean {
  return one === other || one === unknown || other === unknown
}
