import type { GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import { isTrouble } from '../../canvas/drawing.ts'
import type { Description } from '../../canvas/GraphCanvas.tsx'
import { duration, inWords, percent, rate } from '../../format.ts'
import { strings as shared } from '../../strings.ts'
import { selectionOf, totalsOf, trafficOf } from './details.ts'
import { mtlsWords } from './mtls.ts'
import { graphStrings as strings } from './strings.ts'
import { fullName, rateText, stateOf, worst } from './view.ts'

/** What is said when the pointer or the keyboard is on a node, edge or box; `undefined` for what is not in the graph. */
export function describe(graph: MeshGraph, id: string): Description | undefined {
  const selection = selectionOf(graph, id)
  if (selection === undefined || selection.kind === 'missing') return undefined
  if (selection.kind === 'edge') {
    const { edge, source, target } = selection
    return {
      title: strings.edge(fullName(source), fullName(target)),
      lines: [
        [strings.protocols[edge.protocol], rateText(edge)].join(', '),
        ...(edge.errorRatio === undefined ? [] : [`${strings.panel.errors}: ${inWords(percent(edge.errorRatio))}`]),
        ...Object.entries(edge.latency ?? {}).map(
          ([statistic, seconds]) => `${statistic}: ${inWords(duration(seconds))}`,
        ),
        ...(edge.mtls === undefined ? [] : [mtlsWords(edge.mtls)]),
        ...healthLines(stateOf(edge), edge.health?.reasons),
        ...edge.marks.map((mark) => strings.marks[mark]),
      ],
    }
  }
  const nodes = selection.kind === 'node' ? [selection.node] : selection.nodes
  const { inbound, outbound } = trafficOf(graph, new Set(nodes.map((node) => node.id)))
  const [into, out] = [totalsOf(inbound), totalsOf(outbound)]
  const [first] = nodes
  const state = worst(nodes.map(stateOf))
  const member = nodes.find((node) => stateOf(node) === state)
  return {
    title: selection.kind === 'node' ? fullName(selection.node) : selection.name,
    lines: [
      ...(selection.kind === 'node' && first !== undefined
        ? [strings.inNamespace(strings.kinds[first.kind], first.namespace)]
        : [strings.workloads(nodes.length)]),
      ...healthLines(state, reasonsOf(selection.kind === 'node', state, member)),
      ...(into.requests === undefined ? [] : [`${strings.panel.requestsIn}: ${inWords(rate(into.requests))}`]),
      ...(out.requests === undefined ? [] : [`${strings.panel.requestsOut}: ${inWords(rate(out.requests))}`]),
      ...(selection.kind === 'node' ? (first?.badges ?? []) : []).map(({ text }) => text),
    ],
  }
}

/** A node's own reasons; of a box those of its worst member, by its name. Of healthy ones none is worth a name. */
function reasonsOf(isNode: boolean, state: HealthState, member: GraphNode | undefined): readonly string[] {
  const reasons = member?.health?.reasons ?? []
  if (isNode || member === undefined) return reasons
  return isTrouble(state) || state === 'notReady' ? reasons.map((reason) => `${fullName(member)}: ${reason}`) : []
}

function healthLines(state: ReturnType<typeof stateOf>, reasons: readonly string[] = []): readonly string[] {
  return reasons.length === 0 ? [shared.health[state]] : [`${shared.health[state]}: ${reasons[0] ?? ''}`]
}
