import type { Fetch, Instead } from '../http.ts'
import type { ClusterName, RancherCluster } from './wire.ts'

/** What the door in the browser needs to know of where it stands. */
export interface RancherAround {
  /** Those that may be the one the page came from. */
  readonly clusters: readonly RancherCluster[]
  /** All that the server knows. */
  readonly others: readonly ClusterName[]
  /** The API server that the page came through: `https://rancher.example.org/k8s/clusters/c-m-abc/`. */
  readonly root: string
  /** Where Meshboard runs there. */
  readonly namespace: string
  /** Asks with the browser's own session. */
  readonly by: Fetch
  /** Rancher's CSRF token, where there is one. */
  readonly csrf: () => string | undefined
}

/** Whether the session of the Rancher around the page is enough. */
export type RancherEntry =
  /** It is: this answers for the server, or leaves a request to it (undefined). */
  | { readonly kind: 'open'; readonly answer: Instead }
  /** It is not, for this person: the end of a sentence, and the `kubectl auth can-i` line that checks it. */
  | { readonly kind: 'closed'; readonly name: string; readonly reason: string; readonly check: string }
  /** The page did not come through a cluster's API server, or nobody is logged in there. */
  | { readonly kind: 'none' }

/** See `src/rancher/open.ts`. */
export type OpenRancher = (around: RancherAround) => Promise<RancherEntry>
