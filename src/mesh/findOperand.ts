import type { Quantity } from './findUnits.ts'
import type { GraphEdge, GraphNode } from './graph.ts'

/** A word that an expression can ask about; its first name is the one expressions are printed with. */
export type Operand = NodeOperand | EdgeOperand

interface Named {
  readonly names: readonly [string, ...string[]]
  /** One line for the help and the completion. */
  readonly help: string
}

/** What is known of a graph beside the element itself. */
export interface FindContext {
  /** 1 for the nodes with the most edges, 2 for the next fewer, and so on. */
  readonly rankOf: (nodeId: string) => number | undefined
  /** Share of its caller's traffic of the same protocol, 0 to 1. */
  readonly shareOf: (edge: GraphEdge) => number | undefined
}

export interface FindEdge {
  readonly edge: GraphEdge
  readonly source: GraphNode | undefined
  readonly target: GraphNode | undefined
}

export type NodeOperand = Named & { readonly of: 'node' } & Reading<GraphNode>
export type EdgeOperand = Named & { readonly of: 'edge' } & Reading<FindEdge>

/** How an operand is read off an element: yes or no, some texts (any of which may match), or a number in base units. */
type Reading<T> =
  | { readonly kind: 'flag'; readonly read: (element: T) => boolean }
  | { readonly kind: 'text'; readonly read: (element: T) => readonly (string | undefined)[] }
  | {
      readonly kind: 'number'
      readonly quantity: Quantity
      readonly read: (element: T, context: FindContext) => number | undefined
    }
