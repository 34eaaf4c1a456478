import type { HealthState } from '../../mesh/health.ts'

/** What the canvas draws: decided by a page, in words and numbers; colours and places are the canvas's own business. */
export interface Drawing {
  readonly boxes: readonly DrawnBox[]
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
  /** Edges in one bow from node to node, for layouts without columns; else they leave at the right and arrive at the left. */
  readonly isBowed?: boolean
}

export interface DrawnBox {
  readonly id: string
  readonly kind: 'namespace' | 'app'
  /** The namespace box around an app box. */
  readonly parent?: string
  readonly name: string
  /** Grey, after the name: "7 workloads". */
  readonly detail: string
  /** The worst state inside. */
  readonly health: HealthState
}

export type NodeShape =
  | 'app'
  | 'workload'
  | 'service'
  | 'operation'
  | 'outside'
  | 'serviceEntry'
  | 'gateway'
  | 'waypoint'
  | 'unknown'
  | 'folded'

export interface DrawnNode {
  readonly id: string
  /** The innermost box it stands in; none for what has no real namespace. */
  readonly box?: string
  readonly shape: NodeShape
  /** Under the node; absent where an app box names it. */
  readonly name?: string
  /** Grey, after the name. */
  readonly version?: string
  /** Short text inside the outline instead of the glyph. */
  readonly inside?: string
  readonly health: HealthState
  /** Under the name of what is failing or degraded: "503 UF". */
  readonly reason?: string
  /** One glyph each, above the node at the left. */
  readonly badges: readonly NodeBadge[]
  /** The busier, the later its name gives way. */
  readonly rank: number
  readonly isMatch?: boolean
  /** Of a folded group: the ids of what is inside. */
  readonly members?: readonly string[]
  /** Of a folded group: the id of the box that is around its members where it is open. */
  readonly represents?: string
  /** Of a folded group: how many are inside, in words. */
  readonly detail?: string
}

export type NodeBadge = 'split' | 'route' | 'breaker' | 'fault' | 'timeout' | 'mirror' | 'plain'

export interface DrawnEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly health: HealthState
  /** Pixels at zoom 1. */
  readonly width: number
  /** `open`: part of the traffic is plain text; absent: all of it is, or nobody knows. */
  readonly padlock?: 'closed' | 'open'
  /** The pill's text; absent draws no pill. */
  readonly label?: string
  /** Stands in where there is no room for `label`. */
  readonly shortLabel?: string
  /** The busier, the later its pill gives way. Requests per second, or what stands for them. */
  readonly rank: number
  /** It leads to or from a folded group: in one bow, faint while nothing is wrong. */
  readonly isOfGroup?: true
  /** Share of the requests that failed, and how long they take in seconds: what the dots in motion show. */
  readonly errorRatio?: number
  readonly seconds?: number
}

/** Worst first; the worse of two states is the one that stands earlier. */
export const healthOrder: readonly HealthState[] = ['failing', 'degraded', 'notReady', 'healthy', 'idle', 'unknown']

/** Failing and degraded are what the eye must find; they give way to nothing. */
export function isTrouble(health: HealthState): boolean {
  return health === 'failing' || health === 'degraded'
}
