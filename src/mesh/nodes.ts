import type { GraphNode, GraphType } from './graph.ts'
import { isNoRealService, nodeId, type Party, type Service, unknownId } from './identity.ts'
import { clusterOf } from './records.ts'
import { isKnown, unknown } from './telemetry.ts'

/** A node under construction: what identity says; edges fill in the rest. */
export interface NodeDraft {
  readonly id: string
  readonly kind: GraphNode['kind']
  readonly cluster: string
  readonly namespace: string
  readonly app?: string
  readonly version?: string
  readonly service?: string
  readonly operation?: string
  /** Told by a report, or concluded from other labels. */
  isInferred: boolean
  /** To be drawn even without edges. */
  isIdle: boolean
  readonly isWaypoint: boolean
  /** The workloads that share this node. */
  readonly workloads: Set<string>
  /** Of the workloads that share a workload or app node; a version that is no part of the identity. */
  readonly apps: Set<string>
  readonly versions: Set<string>
}

/** The nodes of one graph, made from parties and services by the rules of the contracts page, "Nodes". */
export class Nodes {
  readonly #byId = new Map<string, NodeDraft>()
  readonly #byParty = new Map<Party, NodeDraft>()
  readonly #byService = new Map<Service, Map<string, NodeDraft>>()
  readonly #graphType: GraphType
  readonly #isWaypoint: (party: Party) => boolean

  constructor(graphType: GraphType, isWaypoint: (party: Party) => boolean) {
    this.#graphType = graphType
    this.#isWaypoint = isWaypoint
  }

  ofParty(party: Party): NodeDraft {
    const known = this.#byParty.get(party)
    if (known !== undefined) return known
    const node = this.#made(party)
    this.#byParty.set(party, node)
    return node
  }

  /** In the cluster of the workload reached, else the caller's. */
  ofService(service: Service, source: Party, destination: Party): NodeDraft {
    const reached = clusterOf(destination)
    return this.ofServiceIn(reached === unknown ? clusterOf(source) : reached, service)
  }

  ofServiceIn(cluster: string, service: Service): NodeDraft {
    const clusters = this.#byService.get(service) ?? new Map<string, NodeDraft>()
    if (clusters.size === 0) this.#byService.set(service, clusters)
    const known = clusters.get(cluster)
    if (known !== undefined) return known
    const name = service.name ?? unknown
    const node = this.#shared({
      id: nodeId('service', cluster, service.namespace, name),
      kind: 'service',
      cluster,
      namespace: service.namespace,
      service: name,
    })
    clusters.set(cluster, node)
    return node
  }

  /** What a workload's requests are classified as; the versions of an app share its operations. */
  ofOperation(
    { cluster, namespace, app, workload }: Extract<Party, { kind: 'workload' }>,
    operation: string,
  ): NodeDraft {
    const of = app ?? workload
    const id = nodeId('operation', cluster, namespace, of, operation)
    return this.#shared({ id, kind: 'operation', cluster, namespace, app: of, operation })
  }

  all(): Iterable<NodeDraft> {
    return this.#byId.values()
  }

  #made(party: Party): NodeDraft {
    if (party.kind === 'nobody') {
      return this.#shared({ id: unknownId, kind: 'unknown', cluster: unknown, namespace: unknown })
    }
    if (party.kind === 'peer') {
      const id = nodeId('unknown', party.namespace)
      return this.#shared({ id, kind: 'unknown', cluster: unknown, namespace: party.namespace })
    }
    const { cluster, namespace, workload } = party
    const isWaypoint = this.#isWaypoint(party)
    const isByApp = !isWaypoint && (this.#graphType === 'app' || this.#graphType === 'versionedApp')
    const app = party.app ?? workload
    const version = this.#graphType === 'versionedApp' ? party.version : undefined
    const identity: Identity = isByApp
      ? {
          id: nodeId('app', cluster, namespace, app, ...(version === undefined ? [] : [version])),
          kind: 'app',
          cluster,
          namespace,
          app,
          ...(version === undefined ? {} : { version }),
        }
      : { id: nodeId('workload', cluster, namespace, workload), kind: 'workload', cluster, namespace }
    const node = this.#shared({ ...identity, isWaypoint, isInferred: party.isInferred })
    if (!party.isInferred) node.isInferred = false
    node.workloads.add(workload)
    if (party.app !== undefined) node.apps.add(party.app)
    if (party.version !== undefined) node.versions.add(party.version)
    return node
  }

  #shared(identity: Identity): NodeDraft {
    const known = this.#byId.get(identity.id)
    if (known !== undefined) return known
    const node: NodeDraft = {
      ...identity,
      isInferred: identity.isInferred ?? false,
      isIdle: false,
      isWaypoint: identity.isWaypoint ?? false,
      workloads: new Set(),
      apps: new Set(),
      versions: new Set(),
    }
    this.#byId.set(node.id, node)
    return node
  }
}

type Identity = Pick<NodeDraft, 'id' | 'kind' | 'cluster' | 'namespace' | 'app' | 'version' | 'service' | 'operation'> &
  Partial<Pick<NodeDraft, 'isInferred' | 'isWaypoint'>>

/** What a finished node says of itself beside its traffic. A workload told with several versions names the first of them. */
export function namesOf(
  node: NodeDraft,
  graphType: GraphType,
): Partial<Pick<GraphNode, 'workload' | 'app' | 'version' | 'service' | 'operation'>> {
  const [workload] = node.workloads
  const app = node.app ?? least(node.apps)
  const version = node.version ?? (node.kind === 'workload' ? least(node.versions) : undefined)
  const isOfOneWorkload = node.kind === 'workload' || (graphType === 'versionedApp' && node.workloads.size === 1)
  return {
    ...(workload !== undefined && isOfOneWorkload ? { workload } : {}),
    ...(app === undefined ? {} : { app }),
    ...(version === undefined ? {} : { version }),
    ...(node.service === undefined ? {} : { service: node.service }),
    ...(node.operation === undefined ? {} : { operation: node.operation }),
  }
}

function least(values: ReadonlySet<string>): string | undefined {
  let found: string | undefined
  for (const value of values) if (found === undefined || value < found) found = value
  return found
}

/** Where a node stands to the scope: outside the namespaces asked for; no place anyone could open. */
export function placeOf(node: NodeDraft, scope: ReadonlySet<string>): Pick<GraphNode, 'isOutside' | 'isInaccessible'> {
  const isInaccessible = node.kind === 'unknown' || node.namespace === unknown || isNoRealService(node.service)
  const isOutside = scope.size > 0 && isKnown(node.namespace) && !scope.has(node.namespace)
  return { ...(isOutside ? { isOutside } : {}), ...(isInaccessible ? { isInaccessible } : {}) }
}
