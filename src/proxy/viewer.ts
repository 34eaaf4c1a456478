import type { SessionMode } from '../clients/session/wire.ts'
import type { Config } from './config.ts'

/** Whoever sent a request. */
export interface Viewer {
  readonly name: string
  readonly groups: readonly string[]
  readonly mode: SessionMode
}

/**
 * The viewer behind a request. Without login (`open`, `demo`) everybody is the same guest, and what a request carries as
 * credentials is neither used nor handed on. Login, bearer tokens and kubeconfig users enter here.
 */
export function viewerOf({ mode }: Pick<Config, 'mode'>): Viewer {
  return { name: mode === 'demo' ? 'demo' : 'guest', groups: [], mode }
}
