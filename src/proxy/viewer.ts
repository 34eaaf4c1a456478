import { createHash } from 'node:crypto'
import type { SessionMode } from '../clients/session/wire.ts'

/** Whoever sent a request, as one cluster knows them. */
export interface Viewer {
  readonly name: string
  readonly groups: readonly string[]
  readonly mode: SessionMode
  /** Absent: nobody logs in here, and the proxy's own credentials decide. */
  readonly credentials?: Credentials
}

/** A Kubernetes token: sent to the API server and nowhere else, never logged, never shown. */
export interface Credentials {
  readonly token: string
  /** What caches know it by: it does not lead back to the token. */
  readonly id: string
}

/** Credentials of a token that came from outside; undefined for a text that cannot be one (a header ends at a line's end). */
export function credentialsOf(token: string): Credentials | undefined {
  if (!/^[\x21-\x7e]{1,16384}$/.test(token)) return undefined
  return { token, id: createHash('sha256').update(token).digest('base64url') }
}
