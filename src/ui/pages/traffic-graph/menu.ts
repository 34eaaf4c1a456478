import type { MeshGraph } from '../../../mesh/graph.ts'
import { queriesOfEdge, queriesOfNode } from '../../../mesh/selected.ts'
import type { ToolSubject } from '../../../mesh/toolLinks.ts'
import { toolNames, type ToolName } from '../../../mesh/tools.ts'
import type { LinkedTool } from '../../panels/tools/useTools.ts'
import { actionStrings } from './actionStrings.ts'
import { commandsOfEdge, commandsOfNode, type CommandLines } from './commandLines.ts'
import { selectionOf, type Selection } from './details.ts'
import { waysOf, type Way } from './ways.ts'
import { graphStrings } from './strings.ts'
import { fullName } from './view.ts'

/** One line of a context menu. */
export type MenuItem =
  | { readonly kind: 'select' | 'focus' | 'open' | 'pathFrom' | 'pathTo'; readonly text: string; readonly id: string }
  | { readonly kind: 'page'; readonly text: string; readonly namespaces: readonly string[] }
  | { readonly kind: 'details'; readonly text: string; readonly way: Way }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'locked'; readonly text: string; readonly reason: string }
  | { readonly kind: 'copy'; readonly text: string; readonly content: string }

export interface NodeMenu {
  readonly name: string
  readonly groups: readonly (readonly MenuItem[])[]
}

/** A tool with its link about something; undefined while it is not known. */
type LinkTo = (name: ToolName, subject: ToolSubject, promql?: string) => LinkedTool | undefined

/** What can be done with a node, edge, box or folded group (`isGroup`); `undefined` for what is not in the graph. */
export function menuOf(graph: MeshGraph, id: string, linkTo: LinkTo, isGroup = false): NodeMenu | undefined {
  const selection = selectionOf(graph, id)
  if (selection === undefined || selection.kind === 'missing') return undefined
  const strings = actionStrings.menu
  const name = nameOf(selection)
  const namespaces = namespacesOf(selection)
  const promql = promqlOf(selection, graph.window)
  const { kubectl, istioctl } = commandsOf(selection)
  const subject = toolSubjectOf(selection)
  const copies = [
    [strings.copyName, name],
    [strings.copyPromql, promql],
    [strings.copyKubectl, kubectl],
    [strings.copyIstioctl, istioctl],
  ] as const
  return {
    name,
    groups: [
      [
        { kind: 'select', text: strings.details, id },
        { kind: 'focus', text: strings.focus, id },
        ...(selection.kind === 'edge'
          ? []
          : [
              { kind: 'pathFrom' as const, text: strings.pathFrom, id },
              { kind: 'pathTo' as const, text: strings.pathTo, id },
            ]),
        ...(isGroup ? [{ kind: 'open' as const, text: strings.open, id }] : []),
        ...(namespaces.length === 0 ? [] : [{ kind: 'page' as const, text: strings.metrics, namespaces }]),
        ...waysOf(selection).map((way) => ({ kind: 'details' as const, text: strings.ways[way.part ?? 'about'], way })),
      ],
      subject === undefined ? [] : toolNames.flatMap((tool) => toolItem(strings[tool], linkTo(tool, subject, promql))),
      copies.flatMap(([text, content]): readonly MenuItem[] =>
        content === undefined ? [] : [{ kind: 'copy', text, content }],
      ),
    ],
  }
}

/** A call from or to a folded group: no series bears its name. */
const isFolded = (selection: Selection) =>
  selection.kind === 'edge' && (selection.source.folded !== undefined || selection.target.folded !== undefined)

/** A link where the viewer may open the tool and it answers; else its name with the reason. Nothing for what is not in the cluster. */
function toolItem(text: string, linked: LinkedTool | undefined): readonly MenuItem[] {
  if (linked === undefined || linked.tool.state === 'missing') return []
  const { href, tool } = linked
  return [href === undefined ? { kind: 'locked', text, reason: tool.reason } : { kind: 'link', text, href }]
}

/** What other tools are asked about: of a call the callee, of boxes their namespaces; undefined for what is in no cluster. */
export function toolSubjectOf(selection: Exclude<Selection, { readonly kind: 'missing' }>): ToolSubject | undefined {
  if (selection.kind !== 'node' && selection.kind !== 'edge') {
    const namespaces = namespacesOf(selection)
    const [namespace] = namespaces
    if (namespace === undefined) return undefined
    return selection.kind === 'app' ? { kind: 'app', namespace, name: selection.name } : { kind: 'graph', namespaces }
  }
  const { kind, namespace, workload, app, service, isInaccessible, folded } =
    selection.kind === 'edge' ? selection.target : selection.node
  if (kind === 'unknown' || isInaccessible === true || folded !== undefined) return undefined
  if (kind === 'service') return service === undefined ? undefined : { kind, namespace, name: service }
  if (workload !== undefined) return { kind: 'workload', namespace, name: workload }
  return app === undefined ? undefined : { kind: 'app', namespace, name: app }
}

function nameOf(selection: Exclude<Selection, { readonly kind: 'missing' }>): string {
  if (selection.kind === 'node') return fullName(selection.node)
  if (selection.kind === 'edge') return graphStrings.edge(fullName(selection.source), fullName(selection.target))
  return selection.name
}

/** The namespaces that metrics of it are about: of a call, the callee's. */
function namespacesOf(selection: Exclude<Selection, { readonly kind: 'missing' }>): readonly string[] {
  const nodes =
    selection.kind === 'node' ? [selection.node] : selection.kind === 'edge' ? [selection.target] : selection.nodes
  const real = nodes.filter(({ kind, isInaccessible }) => kind !== 'unknown' && isInaccessible !== true)
  return [...new Set(real.map(({ namespace }) => namespace))].filter((each) => each !== '' && each !== 'unknown')
}

function promqlOf(selection: Exclude<Selection, { readonly kind: 'missing' }>, seconds: number): string | undefined {
  if (isFolded(selection)) return undefined
  if (selection.kind === 'node') return queriesOfNode(selection.node, seconds)[0]?.promql
  if (selection.kind === 'edge') return queriesOfEdge(selection.edge, selection, seconds)[0]?.promql
  return undefined
}

function commandsOf(selection: Exclude<Selection, { readonly kind: 'missing' }>): CommandLines {
  if (isFolded(selection)) return {}
  if (selection.kind === 'node') return commandsOfNode(selection.node)
  if (selection.kind === 'edge') return commandsOfEdge(selection.edge, selection.source)
  return {}
}
