/** `GET /api/session`: who is looking, and what they may do in each cluster. */
export interface Session {
  readonly mode: SessionMode
  readonly user: { readonly name: string; readonly groups: readonly string[] }
  readonly clusters: readonly SessionCluster[]
}

/** `open`: no identity, everybody sees what the proxy's own credentials see. `demo`: the same on the demo mesh. */
export type SessionMode = 'open' | 'demo' | 'token' | 'bearer' | 'kubeconfig'

export interface SessionCluster {
  /** As in `/api/clusters/:cluster/...`. */
  readonly name: string
  /** For people. */
  readonly label: string
  /** A CSS colour, `#rrggbb`. */
  readonly color?: string
  readonly istioVersion?: string
  readonly capabilities: Readonly<Record<CapabilityName, Capability>>
}

/** Architecture page, "Capabilities are access reviews". */
export type CapabilityName =
  'metrics' | 'graph' | 'kubernetes' | 'kiali' | 'jaeger' | 'grafana' | 'prometheus' | 'settings'

export interface Capability {
  readonly allowed: boolean
  /** A sentence: why it is so, and whom to ask where it is not. */
  readonly reason: string
  /** Where a tool is, for a link; absent where there is none to follow. */
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
