import type { HealthPolicy } from '../../mesh/policy.ts'

/** `GET /api/session`: who is looking, and what they may do in each cluster. */
export interface Session {
  readonly mode: SessionMode
  readonly user: { readonly name: string; readonly groups: readonly string[] }
  /** Those one is logged in to. */
  readonly clusters: readonly SessionCluster[]
  /** Those one is not logged in to, or that do not answer. */
  readonly otherClusters?: readonly OtherCluster[]
  /** Whom the demo lets one be, the one to begin with first. */
  readonly personas?: readonly Persona[]
}

export interface ClusterName {
  readonly name: string
  readonly label: string
}

/** What a login takes of a cluster: its own tokens, or the API keys of the Rancher that is asked for it. */
export interface LoginCluster extends ClusterName {
  readonly takes: 'kubernetes' | 'rancher'
}

/** A cluster whose owners need no login where its API server brought the page to them: `src/rancher/` asks there. */
export interface RancherCluster {
  /** Rancher's own name of it, `c-m-abc`; absent: whichever the page came from. */
  readonly id?: string
  /** Whether another configured cluster's numbers are in the same Prometheus. */
  readonly isShared: boolean
  /** Its configuration, as far as everybody may know it. */
  readonly cluster: object
}

export interface OtherCluster extends ClusterName {
  /** A sentence: why there is no way in now; absent where a login is all it takes. */
  readonly problem?: string
}

/** Somebody of the demo: the proxy knows the token. */
export interface Persona {
  readonly id: string
  readonly label: string
}

/** `GET /api/session/login`: what somebody who is not logged in needs to know. */
export interface LoginPage {
  readonly mode: SessionMode
  readonly clusters: readonly LoginCluster[]
  /** Absent where nobody may be known by Rancher's session. */
  readonly rancher?: readonly RancherCluster[]
  readonly personas: readonly Persona[]
  /** Who may show the app in a frame, and speak to it there: sources as in `Content-Security-Policy: frame-ancestors`. */
  readonly frameAncestors: readonly string[]
}

/** `POST /api/session`: a token for a cluster, or one of the demo's personas. */
export interface Login {
  /** The first unless told. */
  readonly cluster?: string
  readonly token?: string
  readonly persona?: string
  /** The path under which the browser sees the app, ending in a slash: proxies hide it from the server. */
  readonly prefix: string
}

/** `GET /api/clusters/:cluster/namespaces`: those the viewer may see, sorted by name. */
export interface VisibleNamespaces {
  readonly namespaces: readonly { readonly name: string; readonly project?: string }[]
  /** Sentences for a person: what was left out, and why. */
  readonly notes: readonly string[]
}

/**
 * `open`: no identity, everybody sees what the proxy's own credentials see. `token`: a login. `bearer`: the console around us sends a
 * token with each request. `demo`: personas of the demo mesh, its owner without a login. `rancher`: answered in the browser, as whoever is
 * logged in to the Rancher that the page came through.
 */
export type SessionMode = 'open' | 'demo' | 'token' | 'bearer' | 'kubeconfig' | 'rancher'

export interface SessionCluster {
  /** As in `/api/clusters/:cluster/...`. */
  readonly name: string
  /** For people. */
  readonly label: string
  /** A CSS colour, `#rrggbb`. */
  readonly color?: string
  readonly istioVersion?: string
  /** Who one is here, where clusters know one by different names. */
  readonly user?: { readonly name: string; readonly groups: readonly string[] }
  /** The namespaces the viewer may see; null is all. Absent: not known without a login. */
  readonly namespaces?: readonly string[] | null
  readonly capabilities: Readonly<Record<CapabilityName, Capability>>
  /** The rules that go before the built-in health policy (see policyWith), as far as they concern the viewer; absent: none. */
  readonly health?: HealthPolicy
  /** What a page shows whose URL does not say, and a browser that remembers no choice; absent: as each page has it. */
  readonly defaults?: ViewerDefaults
  /** For owners: why settings that were saved are not in force. */
  readonly settingsProblem?: string
}

/** The pages that `/` may lead to. */
export const firstPages = ['overview', 'traffic-graph', 'traffic-metrics'] as const

export interface ViewerDefaults {
  /** Seconds. */
  readonly window?: number
  /** Seconds. */
  readonly refresh?: number | 'off'
  readonly theme?: 'light' | 'dark' | 'auto'
  /** Where `/` leads whoever may open it. */
  readonly page?: (typeof firstPages)[number]
}

/** Architecture page, "Capabilities are access reviews". */
export type CapabilityName =
  'metrics' | 'graph' | 'kubernetes' | 'kiali' | 'jaeger' | 'grafana' | 'prometheus' | 'settings'

export interface Capability {
  readonly allowed: boolean
  /** A sentence: why it is so, and whom to ask where it is not. */
  readonly reason: string
  /** Of a closed door: the permission whose absence is the reason. */
  readonly permission?: Permission
  /** Of a closed door: the `kubectl auth can-i` line that checks it. */
  readonly check?: string
  /** Of a closed door: what an administrator applies to open it, as YAML. */
  readonly grant?: string
  /** Where an open tool begins, for a link; absent where there is none to follow. `/tools` knows more. */
  readonly address?: string
}

/** Every error of ours: the HTTP status says the kind, `code` is for programs, `message` and `hint` are for people. */
export interface MeshboardFailure {
  readonly error: {
    readonly code: string
    readonly message: string
    /** What to do about it. */
    readonly hint?: string
    /** The permission whose absence is the reason. */
    readonly permission?: Permission
  }
}

export interface Permission {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}
