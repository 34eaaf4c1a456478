/**
 * What a question is about. Produced by the proxy (from the viewer's capabilities) or by the command line (from its flags);
 * a browser only names namespaces or a project, it never widens what the proxy allows.
 */
export interface Scope {
  /** `all`: every namespace, no slices needed. A list: only calls that touch one of them; an empty list asks nothing. */
  readonly namespaces: 'all' | readonly string[]
  /** What may be told of the other side of a call that crosses the scope's border (architecture page, "Peers"). */
  readonly peers: 'full' | 'namespace' | 'hide'
  /** Whether the viewer may see every namespace: some slices rest on what a client may forge and are for those viewers only. */
  readonly seesAll: boolean
  /** Added to every selector, for example `mesh_id="x"` or a cluster's own matcher. */
  readonly matchers: readonly Matcher[]
  /**
   * The cluster's name in telemetry (`source_cluster`, `destination_cluster`), where one Prometheus holds several: a namespace of this
   * name in another cluster is somebody else's. Absent: the name alone decides.
   */
  readonly cluster?: string
  /**
   * What really stands in the namespaces, so that a service's namespace counts for a viewer who may not see all of them: a Service's
   * `name.namespace.svc` and a ServiceEntry's hosts. Absent: any host in the namespaces.
   */
  readonly hosts?: Hosts
}

export interface Hosts {
  /** `cart.shop-core.svc`, whatever the cluster's domain. */
  readonly services: readonly string[]
  /** Whole host names. */
  readonly entries: readonly string[]
}

export interface Matcher {
  readonly label: string
  readonly op: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** The span a rate is taken over, ending at the instant `at`. */
export interface Window {
  /** Seconds. */
  readonly seconds: number
  /** Unix seconds. */
  readonly at: number
}

/** Which proxy's report a number comes from: `auto` counts once, the source's first (contracts page, "Count once"). */
export type ReporterChoice = 'auto' | 'source' | 'destination'
