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

/** As whom Kubernetes is asked; `id` is what caches know it by, and does not lead back to a token. */
export type Credentials =
  /** A Kubernetes token: sent to the API server and nowhere else, never logged, never shown. */
  | { readonly kind: 'token'; readonly token: string; readonly id: string }
  /** The kubeconfig's own user, whose credentials the proxy holds. */
  | { readonly kind: 'kubeconfig'; readonly id: string }
  /** In a browser, whoever is logged in where the page came from: Rancher adds the credentials. */
  | { readonly kind: 'rancher'; readonly id: string }

export type TokenCredentials = Extract<Credentials, { kind: 'token' }>

/** Credentials of a token that came from outside; undefined for a text that cannot be one (a header ends at a line's end). */
export function credentialsOf(token: string): TokenCredentials | undefined {
  if (!/^[\x21-\x7e]{1,16384}$/.test(token)) return undefined
  return { kind: 'token', token, id: createHash('sha256').update(token).digest('base64url') }
}
