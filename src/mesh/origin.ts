import { flagKinds } from './flags.ts'
import { isError } from './golden.ts'
import type { GraphEdge, GraphNode, GraphType, Protocol } from './graph.ts'
import { amount, answerWords, listed, short } from './phrases.ts'
import { blackHole } from './telemetry.ts'

/** A node with the edges that end and start there. */
export interface Neighbourhood {
  readonly node: GraphNode
  readonly inbound: readonly GraphEdge[]
  readonly outbound: readonly GraphEdge[]
}

/** A graph's nodes, and what of their calls it can show. */
export interface Surveyed {
  readonly neighbours: ReadonlyMap<string, Neighbourhood>
  readonly graphType: GraphType
  /** Calls of some protocol were not asked for. */
  readonly isPartial: boolean
}

/** Responses that count against an element. */
export interface Culprit {
  readonly protocol: Protocol
  readonly code: string
  readonly flags: string | undefined
  /** Per second. */
  readonly rate: number
  /** `rate` is TCP connections, not bytes. */
  readonly isConnections?: true
}

/**
 * Where the errors of a graph's elements start, in one sentence each with the numbers: at the node itself, at a dependency (followed
 * to the last one that still explains them), before the node (never reached it), or at a door (refused).
 *
 * A node's own errors are put down to its dependencies when its failed calls are at least half as many: fewer cannot explain them.
 */
export class Origins {
  readonly #graph: Surveyed
  readonly #neighbours: ReadonlyMap<string, Neighbourhood>
  readonly #errors = new Map<GraphEdge, readonly Culprit[]>()
  readonly #blamed = new Map<Neighbourhood, readonly Dependency[]>()

  constructor(graph: Surveyed) {
    this.#graph = graph
    this.#neighbours = graph.neighbours
  }

  /** For responses that count against the node they were sent to; `undefined` without any. */
  of(culprits: readonly Culprit[], at: Neighbourhood): string | undefined {
    const sums = sort(culprits)
    const total = sums.neverReached + sums.refused + sums.answered
    if (total <= 0) return undefined
    const unit = culprits.every(({ protocol, isConnections }) => protocol === 'tcp' && isConnections !== true)
      ? 'B/s'
      : '/s'
    if (at.node.service === blackHole) {
      return `The requests were refused before they left: ${amount(total)}${unit} to addresses that the mesh does not know (${blackHole}).`
    }
    const here = nameOf(at.node, at.node.namespace)
    const parts: readonly { readonly rate: number; readonly first: () => string; readonly then: () => string }[] = [
      {
        rate: sums.neverReached,
        first: () =>
          `The errors never reached ${here}: ${share(sums.neverReached, total, unit)} with ${top(culprits, 'neverReached')}`,
        then: () => `${amount(sums.neverReached)}${unit} never reached it (${top(culprits, 'neverReached')})`,
      },
      {
        rate: sums.refused,
        first: () => `The requests were refused: ${share(sums.refused, total, unit)} with ${top(culprits, 'refused')}`,
        then: () => `${amount(sums.refused)}${unit} were refused (${top(culprits, 'refused')})`,
      },
      {
        rate: sums.answered,
        first: () => this.#answeredAt(at, sums.answered, total),
        then: () => `${amount(sums.answered)}${unit} were answered by ${here} itself (${top(culprits, 'answered')})`,
      },
    ]
    const [main, ...others] = parts.filter(({ rate }) => rate > 0).sort((a, b) => b.rate - a.rate)
    return main === undefined ? undefined : `${[main.first(), ...others.map(({ then }) => then())].join('; ')}.`
  }

  /** Likewise for a node that is judged by its own calls, since nobody calls it; `undefined` when none of them failed. */
  ofCalls(at: Neighbourhood): string | undefined {
    const failed = at.outbound.flatMap((edge) => this.#errorsOf(edge)).reduce((sum, { rate }) => sum + rate, 0)
    return failed > 0 ? `${this.#answeredAt(at, failed, failed)}.` : undefined
  }

  /** The errors among an edge's requests, injected ones aside; none for TCP. */
  #errorsOf(edge: GraphEdge): readonly Culprit[] {
    const known = this.#errors.get(edge)
    if (known !== undefined) return known
    const errors = edge.responses.flatMap(({ code, flags, rate }) =>
      isError(edge.protocol, code, flags) && !flagKinds(flags).includes('injected')
        ? [{ protocol: edge.protocol, code, flags, rate }]
        : [],
    )
    this.#errors.set(edge, errors)
    return errors
  }

  /** The nodes whose errors explain this one's, the worst first; none when the node's own calls fail too rarely for that. */
  #blamedBy(at: Neighbourhood): readonly Dependency[] {
    const known = this.#blamed.get(at)
    if (known !== undefined) return known
    const answered = sort(at.inbound.flatMap((edge) => this.#errorsOf(edge))).answered
    const targets = new Map<string, Dependency>()
    for (const edge of at.outbound) {
      const target = this.#neighbours.get(edge.target)
      const errors = this.#errorsOf(edge)
      if (target === undefined || target === at || errors.length === 0) continue
      const before = targets.get(edge.target)
      const all = before === undefined ? errors : [...before.errors, ...errors]
      targets.set(edge.target, { target, errors: all, rate: all.reduce((sum, { rate }) => sum + rate, 0) })
    }
    const found = [...targets.values()].sort((a, b) => b.rate - a.rate)
    const failed = found.reduce((sum, { rate }) => sum + rate, 0)
    const blamed = failed > 0 && failed >= answered / 2 ? found : []
    this.#blamed.set(at, blamed)
    return blamed
  }

  #answeredAt(at: Neighbourhood, answered: number, total: number): string {
    const home = at.node.namespace
    const dependencies = this.#blamedBy(at)
    const [worst] = dependencies
    if (worst === undefined) return this.#unexplainedAt(at, share(answered, total, '/s'))
    const failed = dependencies.reduce((sum, { rate }) => sum + rate, 0)
    const { last, via } = this.#follow(worst, at)
    const path = via.length === 0 ? '' : ` (by way of ${listed(via.map(({ node }) => nameOf(node, home)))})`
    const sums = sort(last.errors)
    const place: Place =
      sums.neverReached * 2 > last.rate ? 'neverReached' : sums.refused * 2 > last.rate ? 'refused' : 'answered'
    const how = { neverReached: ', which the calls never reached', refused: ', which refused them', answered: '' }[
      place
    ]
    return (
      `The errors come from a dependency, ${nameOf(last.target.node, home)}${how}${path}: ` +
      `${share(worst.rate, failed, '/s')} failed calls of ${nameOf(at.node, home)} go that way, with ${top(last.errors, place)}`
    )
  }

  /** Errors that none of the node's calls in the graph explains; where some may be missing, it does not claim that they start here. */
  #unexplainedAt({ node, outbound }: Neighbourhood, errors: string): string {
    const name = nameOf(node, node.namespace)
    if (node.isOutside === true) {
      return `The errors reach the callers from ${name}: ${errors}; its calls to namespaces that were not asked for are not in this graph`
    }
    const calls = outbound.filter(({ protocol }) => protocol !== 'tcp')
    const made = calls.reduce((sum, { rate }) => sum + rate, 0)
    const failed = calls.flatMap((edge) => this.#errorsOf(edge)).reduce((sum, { rate }) => sum + rate, 0)
    if (made > 0) {
      return `The errors start here, at ${name}: ${errors}, while ${amount(failed)} of its own ${amount(made)} calls/s fail`
    }
    const orBehind = `The errors start here or behind it, at ${name}: ${errors}`
    if (isUnreported(node, this.#graph.graphType)) return `${orBehind}; no proxy reports its own calls`
    if (outbound.some(({ rate }) => rate > 0)) return `${orBehind}; its TCP calls tell no success`
    if (this.#graph.isPartial) return `${orBehind}; its calls of other protocols are not in this graph`
    return `The errors start here, at ${name}: ${errors}, and it makes no calls that could explain them`
  }

  /** From one dependency to the one that explains it in turn, and so on; a circle ends where it closes. */
  #follow(
    first: Dependency,
    start: Neighbourhood,
  ): { readonly last: Dependency; readonly via: readonly Neighbourhood[] } {
    const seen = new Set([start, first.target])
    const via: Neighbourhood[] = []
    let last = first
    for (;;) {
      const sums = sort(last.errors)
      if (sums.answered * 2 < last.rate) return { last, via }
      const next = this.#blamedBy(last.target)[0]
      if (next === undefined || seen.has(next.target)) return { last, via }
      seen.add(next.target)
      via.push(last.target)
      last = next
    }
  }
}

type Place = 'neverReached' | 'refused' | 'answered'

const refusals = new Set(['401', '403', '429'])

/**
 * Whether nobody tells of the node's own calls: it has no proxy or is not known. Outside of service graphs, where services stand for their
 * workloads, a service is such a node too: its calls reached no workload that telemetry knows.
 */
function isUnreported({ kind, isOutOfMesh, isServiceEntry, isInaccessible }: GraphNode, graphType: GraphType): boolean {
  const isService = kind === 'service' && graphType !== 'service'
  return isService || [isOutOfMesh, isServiceEntry, isInaccessible].includes(true)
}

/** Where in its life a failed request ended. */
function placeOf({ protocol, code, flags }: Omit<Culprit, 'rate'>): Place {
  const kinds = flagKinds(flags)
  if (kinds.includes('neverReached')) return 'neverReached'
  const isRefusal = refusals.has(code) || (protocol === 'grpc' && (code === '7' || code === '16'))
  return kinds.includes('refused') || isRefusal ? 'refused' : 'answered'
}

function sort(culprits: readonly Culprit[]): Record<Place, number> {
  const sums = { neverReached: 0, refused: 0, answered: 0 }
  for (const culprit of culprits) sums[placeOf(culprit)] += culprit.rate
  return sums
}

function share(part: number, total: number, unit: string): string {
  return `${amount(part)} of ${amount(total)}${unit}`
}

/** The most frequent answers of that place, in words; at most two. */
function top(culprits: readonly Culprit[], place: Place): string {
  const rates = new Map<string, number>()
  for (const culprit of culprits) {
    if (placeOf(culprit) !== place) continue
    const words = answerWords(culprit.protocol, culprit.code, culprit.flags)
    rates.set(words, (rates.get(words) ?? 0) + culprit.rate)
  }
  const [first, second, ...rest] = [...rates].sort((a, b) => b[1] - a[1]).map(([words]) => words)
  return listed([first, second, rest.length > 0 ? 'others' : undefined].filter((words) => words !== undefined))
}

interface Dependency {
  readonly target: Neighbourhood
  readonly errors: readonly Culprit[]
  readonly rate: number
}

/** What a person calls the node; with its namespace where that is another than `home`. */
export function nameOf(node: GraphNode, home?: string): string {
  const version = node.kind === 'app' && node.version !== undefined ? ` ${short(node.version, 30)}` : ''
  const name =
    node.kind === 'service'
      ? (node.service ?? 'unknown service')
      : node.kind === 'operation'
        ? `${node.operation ?? 'unknown operation'} of ${node.app ?? 'unknown'}`
        : node.kind === 'unknown'
          ? 'unknown'
          : ((node.kind === 'app' ? node.app : node.workload) ?? node.workload ?? node.app ?? 'unknown')
  const place = node.kind === 'unknown' || node.namespace === home ? '' : ` (${short(node.namespace, 40)})`
  return `${short(name)}${version}${place}`
}
