import type { MeshGraph } from './graph.ts'
import type { HealthState } from './verdict.ts'

/** Which way a focus follows calls: to who calls (up), to who is called (down), or both. */
export type FocusDirection = 'up' | 'down' | 'both'

interface Focus {
  /** The nodes in the middle: one, or those of a box. */
  readonly middle: ReadonlySet<string>
  readonly hops: number
  readonly direction: FocusDirection
}

/**
 * The part of a graph within so many calls of the middle: who leads to it, whom it leads to, and every call between those. Callers of
 * callees are not followed. Numbers, order and everything else stay; a middle that is not in the graph gives an empty one.
 */
export function focusedOn(graph: MeshGraph, { middle, hops, direction }: Focus): MeshGraph {
  const start = graph.nodes.flatMap(({ id }) => (middle.has(id) ? [id] : []))
  const up = direction === 'down' ? [] : reached(start, hops, callersIn(graph))
  const down = direction === 'up' ? [] : reached(start, hops, calleesIn(graph))
  return part(graph, new Set([...start, ...up, ...down]))
}

/**
 * Every way that calls take from one set of nodes to another: the nodes that the first reach and that reach the second, and the calls
 * between those. Rings on the way belong to it. Empty where no way leads there.
 */
export function pathsBetween(graph: MeshGraph, from: ReadonlySet<string>, to: ReadonlySet<string>): MeshGraph {
  const present = (ids: ReadonlySet<string>) => graph.nodes.flatMap(({ id }) => (ids.has(id) ? [id] : []))
  const down = reached(present(from), Infinity, calleesIn(graph))
  const up = reached(present(to), Infinity, callersIn(graph))
  return part(graph, new Set([...down].filter((id) => up.has(id))))
}

/**
 * The part of a graph that is not well, and all that leads to it: failing, degraded and not-ready nodes and edges, and every call on
 * a way to them. Empty where all is well.
 */
export function troubledPart(graph: MeshGraph): MeshGraph {
  const troubled = new Set(graph.edges.flatMap(({ id, health }) => (isTroubled(health?.state) ? [id] : [])))
  const sources = graph.edges.flatMap(({ id, source }) => (troubled.has(id) ? [source] : []))
  const seeds = [...graph.nodes.flatMap(({ id, health }) => (isTroubled(health?.state) ? [id] : [])), ...sources]
  const leading = new Set(reached(seeds, Infinity, callersIn(graph)))
  const edges = graph.edges.filter(({ id, target }) => leading.has(target) || troubled.has(id))
  const ids = new Set([...leading, ...edges.flatMap(({ source, target }) => [source, target])])
  return { ...graph, nodes: graph.nodes.filter(({ id }) => ids.has(id)), edges }
}

function isTroubled(state: HealthState | undefined): boolean {
  return state === 'failing' || state === 'degraded' || state === 'notReady'
}

function part(graph: MeshGraph, ids: ReadonlySet<string>): MeshGraph {
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => ids.has(id)),
    edges: graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
  }
}

type Neighbours = ReadonlyMap<string, readonly string[]>

/** node → who calls it */
function callersIn({ edges }: MeshGraph): Neighbours {
  return neighbours(edges.map(({ source, target }) => [target, source]))
}

/** node → whom it calls */
function calleesIn({ edges }: MeshGraph): Neighbours {
  return neighbours(edges.map(({ source, target }) => [source, target]))
}

function neighbours(pairs: readonly (readonly [from: string, to: string])[]): Neighbours {
  const found = new Map<string, string[]>()
  for (const [from, to] of pairs) {
    const known = found.get(from)
    if (known === undefined) found.set(from, [to])
    else known.push(to)
  }
  return found
}

/** All within so many steps of the start, itself included; breadth first, so that rings of calls end. */
function reached(start: readonly string[], hops: number, next: Neighbours): ReadonlySet<string> {
  const seen = new Set(start)
  let ring: readonly string[] = start
  for (let hop = 0; hop < hops && ring.length > 0; hop += 1) {
    const fresh: string[] = []
    for (const id of ring) {
      for (const other of next.get(id) ?? []) {
        if (seen.has(other)) continue
        seen.add(other)
        fresh.push(other)
      }
    }
    ring = fresh
  }
  return seen
}
