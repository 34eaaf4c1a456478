import type { MeshGraph } from '../../../mesh/graph.ts'
import type { Window } from '../../../mesh/scope.ts'
import type { Overlay, TracedCalls } from '../../../mesh/traces/overlay.ts'
import type { Span, Trace } from '../../../mesh/traces/trace.ts'
import type { Drawing } from '../../canvas/drawing.ts'
import { duration, inWords } from '../../format.ts'
import { neighbourhoodOf } from '../../panels/details/neighbourhood.ts'
import { strings } from '../../panels/traces/strings.ts'

const { graph: words } = strings.page

/** Seconds. */
const aroundSeconds = 900
/** Proxies are scraped some time after the call. */
const laterSeconds = 60

/** The quarter of an hour around a trace, no later than now; to the minute, so that it is asked once. */
export function windowAround({ start, duration: long }: Trace, now: number): Window {
  const end = Math.ceil((start + long + laterSeconds + aroundSeconds / 2) / 60) * 60
  return { seconds: aroundSeconds, at: Math.min(end, now) }
}

/** A trace over a graph as the canvas takes it. */
interface DrawnOver {
  readonly drawing: Drawing
  /** Ids of nodes and edges of the trace's way. */
  readonly highlighted: ReadonlySet<string>
  /** The spans behind an edge of the trace. */
  readonly spansOf: (id: string) => readonly Span[]
  readonly linesOf: (id: string) => { readonly title: string; readonly lines: readonly string[] } | undefined
}

/** The apps a trace went through and what is one call away: the trace's calls with what they took, all others thin and without words. */
export function drawnOver({ nodes, calls }: Overlay, graph: MeshGraph): DrawnOver {
  const around = neighbourhoodOf(graph, nodes)
  const traced = new Map(calls.map((each) => [each.edge?.id ?? idOf(each), each]))
  const known = new Map(around.nodes.map((node) => [node.id, node]))
  const isDrawn = ({ source, target }: TracedCalls): boolean => known.has(source) && known.has(target)
  const rest = around.edges
    .filter(({ id }) => !traced.has(id))
    .map(({ id, source, target, rank }) => ({ id, source, target, rank, health: 'unknown' as const, width: 1.2 }))
  const own = [...traced]
    .filter(([, each]) => isDrawn(each))
    .map(([id, each]) => ({
      id,
      source: each.source,
      target: each.target,
      health: each.failed > 0 ? ('failing' as const) : ('healthy' as const),
      width: 3,
      label: labelOf(each),
      // Before all others.
      rank: 1e9 + each.longest,
    }))
  const nameOf = (id: string) => known.get(id)?.name ?? id
  return {
    drawing: { ...around, edges: [...own, ...rest] },
    highlighted: new Set([...nodes, ...own.map(({ id }) => id)]),
    spansOf: (id) => traced.get(id)?.spans ?? [],
    linesOf: (id) => {
      const each = traced.get(id)
      if (each !== undefined) {
        return { title: `${nameOf(each.source)} → ${nameOf(each.target)}`, lines: [labelOf(each)] }
      }
      const node = known.get(id)
      return node === undefined ? undefined : { title: nameOf(id), lines: nodes.has(id) ? [words.through] : [] }
    },
  }
}

/** Of calls that the graph's window does not know. */
function idOf({ source, target }: TracedCalls): string {
  return `trace ${source}>${target}`
}

function labelOf({ spans, failed, longest }: TracedCalls): string {
  return words.calls(spans.length, inWords(duration(longest)), failed)
}
