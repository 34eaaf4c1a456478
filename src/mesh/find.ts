import { inBaseUnits, type Quantity } from './findUnits.ts'
import type { Expression, NumberOperator, TextOperator } from './findExpression.ts'
import type { FindContext, FindEdge } from './findOperand.ts'
import { operandNamed } from './findOperands.ts'
import { parseFind } from './findParse.ts'
import type { GraphEdge, GraphNode, MeshGraph } from './graph.ts'

/** Ids of nodes and edges. */
export interface Found {
  readonly nodes: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
}

/**
 * The elements of a graph that an expression describes; none for an empty or broken text. Total.
 *
 * A node word finds nodes, an edge word edges. `or` finds what either side finds. `and` between words of one kind finds what both find;
 * between node words and edge words it finds the edges that have an end for which all of it is true: `namespace = shop and rt > 500ms` are
 * the slow edges into, out of and inside `shop`. `not` finds the other elements of the kinds its inside speaks of.
 */
export function find(expression: Expression | string, graph: MeshGraph): Found {
  const read = typeof expression === 'string' ? parseFind(expression).expression : expression
  if (read === undefined) return { nodes: new Set(), edges: new Set() }
  const { onNode, onEdge } = meaningOf(read, contextOf(graph))
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const edges = graph.edges.filter((edge) =>
    onEdge?.({ edge, source: byId.get(edge.source), target: byId.get(edge.target) }),
  )
  return {
    nodes: new Set(graph.nodes.filter((node) => onNode?.(node)).map(({ id }) => id)),
    edges: new Set(edges.map(({ id }) => id)),
  }
}

/** What an expression says of nodes and of edges; absent for a kind it does not speak of. */
interface Meaning {
  readonly onNode?: (node: GraphNode) => boolean
  readonly onEdge?: (edge: FindEdge) => boolean
}

function meaningOf(expression: Expression, context: FindContext): Meaning {
  switch (expression.kind) {
    case 'or':
      return either(expression.parts.map((part) => meaningOf(part, context)))
    case 'and':
      return all(expression.parts.map((part) => meaningOf(part, context)))
    case 'not': {
      const { onNode, onEdge } = meaningOf(expression.part, context)
      return {
        ...(onNode && { onNode: (node) => !onNode(node) }),
        ...(onEdge && { onEdge: (edge) => !onEdge(edge) }),
      }
    }
    case 'label': {
      const { key } = expression
      return { onNode: ({ labels }) => labels !== undefined && Object.hasOwn(labels, key) }
    }
    case 'labelText': {
      const { key } = expression
      const matches = textTest(expression.operator, expression.value)
      return { onNode: ({ labels }) => labels !== undefined && Object.hasOwn(labels, key) && matches(labels[key]) }
    }
    case 'flag':
    case 'text':
    case 'number':
    case 'absent':
      return termMeaning(expression, context)
  }
}

type Term = Extract<Expression, { readonly operand: string }>

function termMeaning(term: Term, context: FindContext): Meaning {
  const operand = operandNamed(term.operand)
  if (operand === undefined) return {}
  return operand.of === 'node'
    ? { onNode: readingTest(term, operand, context) }
    : { onEdge: readingTest(term, operand, context) }
}

/** The shapes of an operand, whatever it is read off. */
type Readable<T> =
  | { readonly kind: 'flag'; readonly read: (element: T) => boolean }
  | { readonly kind: 'text'; readonly read: (element: T) => readonly (string | undefined)[] }
  | {
      readonly kind: 'number'
      readonly quantity: Quantity
      readonly read: (element: T, context: FindContext) => number | undefined
    }

/** A term that does not suit its operand (only a hand-made one) is true of nothing. */
function readingTest<T>(term: Term, operand: Readable<T>, context: FindContext): (element: T) => boolean {
  if (term.kind === 'flag' && operand.kind === 'flag') return operand.read
  if (term.kind === 'text' && operand.kind === 'text') {
    const matches = textTest(term.operator, term.value)
    return (element) => operand.read(element).some(matches)
  }
  if (operand.kind !== 'number') return () => false
  const { quantity, read } = operand
  const value = (element: T) => read(element, context)
  if (term.kind === 'absent') {
    const isFlow = quantity === 'rate' || quantity === 'bytes'
    return (element) => value(element) === undefined || (isFlow && value(element) === 0)
  }
  if (term.kind !== 'number') return () => false
  const compares = numberTest(term.operator, quantity, inBaseUnits(quantity, term.value, term.unit))
  return (element) => compares(value(element))
}

/** True of an element if it is true of the element for any part that speaks of its kind. */
function either(meanings: readonly Meaning[]): Meaning {
  const onNodes = meanings.flatMap(({ onNode }) => onNode ?? [])
  const onEdges = meanings.flatMap(({ onEdge }) => onEdge ?? [])
  return {
    ...(onNodes.length > 0 && { onNode: (node: GraphNode) => onNodes.some((is) => is(node)) }),
    ...(onEdges.length > 0 && { onEdge: (edge: FindEdge) => onEdges.some((is) => is(edge)) }),
  }
}

/** Nodes for which each part is true; edges for which some parts are true, and the others of one of their ends. */
function all(meanings: readonly Meaning[]): Meaning {
  const hasEdgeWords = meanings.some(({ onEdge }) => onEdge !== undefined)
  const isOfNodes = meanings.every(({ onNode }) => onNode !== undefined)
  return {
    ...(isOfNodes && { onNode: (node: GraphNode) => meanings.every(({ onNode }) => onNode?.(node)) }),
    ...(hasEdgeWords && {
      onEdge: (edge: FindEdge) => {
        const open = meanings.filter(({ onEdge }) => onEdge?.(edge) !== true)
        if (open.length === meanings.length) return false
        if (open.length === 0) return true
        return [edge.source, edge.target].some(
          (end) => end !== undefined && open.every(({ onNode }) => onNode?.(end) === true),
        )
      },
    }),
  }
}

function textTest(operator: TextOperator, value: string): (text: string | undefined) => boolean {
  const wanted = value.toLowerCase()
  const test = {
    '=': (text: string) => text === wanted,
    contains: (text: string) => text.includes(wanted),
    startswith: (text: string) => text.startsWith(wanted),
    endswith: (text: string) => text.endsWith(wanted),
  }[operator]
  return (text) => text !== undefined && test(text.toLowerCase())
}

/** Measured numbers are never exact: `=` is within this share of the wanted one. Counts are exact. */
const nearness = 0.005

/** False for what was not measured. */
function numberTest(
  operator: NumberOperator,
  quantity: Quantity,
  wanted: number,
): (value: number | undefined) => boolean {
  const near = quantity === 'count' ? 0 : Math.abs(wanted) * nearness
  const test = {
    '=': (value: number) => Math.abs(value - wanted) <= near,
    '>': (value: number) => value > wanted,
    '>=': (value: number) => value >= wanted,
    '<': (value: number) => value < wanted,
    '<=': (value: number) => value <= wanted,
  }[operator]
  return (value) => value !== undefined && test(value)
}

/** Ranks and shares are worked out once, when they are first asked for. */
function contextOf({ nodes, edges }: MeshGraph): FindContext {
  let ranks: ReadonlyMap<string, number> | undefined
  let totals: ReadonlyMap<string, number> | undefined
  const flowOf = ({ source, protocol }: GraphEdge) => `${protocol} ${source}`
  return {
    rankOf: (id) => {
      ranks ??= ranksOf(nodes, edges)
      return ranks.get(id)
    },
    shareOf: (edge) => {
      totals ??= sums(edges.map((each) => [flowOf(each), each.rate]))
      const total = totals.get(flowOf(edge)) ?? 0
      return total > 0 ? edge.rate / total : undefined
    },
  }
}

function ranksOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const counts = sums(edges.flatMap(({ source, target }) => [[source, 1] as const, [target, 1] as const]))
  const countOf = ({ id }: GraphNode) => counts.get(id) ?? 0
  const rankOfCount = new Map(
    [...new Set(nodes.map(countOf))].sort((a, b) => b - a).map((count, at) => [count, at + 1]),
  )
  return new Map(nodes.map((node) => [node.id, rankOfCount.get(countOf(node)) ?? 1]))
}

function sums(entries: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [key, value] of entries) found.set(key, (found.get(key) ?? 0) + value)
  return found
}
