import { focusedOn, pathsBetween, troubledPart, type FocusDirection } from '../../../mesh/focus.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import { selectionOf } from './details.ts'
import { fullName } from './view.ts'
import type { HopCount } from './words.ts'

/** Which part of the graph is shown, in the URL's words. */
export interface PartChoice {
  /** The way to the focus: ids of nodes and boxes separated by commas (ids have none of their own), the last one being the focus. */
  readonly focus: string | undefined
  readonly hops: HopCount
  readonly direction: FocusDirection
  readonly unhealthy: boolean
  /** The ends of the ways that are shown, each an id; only where both are given. */
  readonly pathFrom: string | undefined
  readonly pathTo: string | undefined
}

/** The chosen part of a graph; the whole where nothing is chosen. */
export function partOf(whole: MeshGraph, choice: PartChoice): MeshGraph {
  const { focus, hops, direction, unhealthy, pathFrom, pathTo } = choice
  const graph =
    pathFrom === undefined || pathTo === undefined
      ? whole
      : pathsBetween(whole, middleOf(whole, pathFrom), middleOf(whole, pathTo))
  const id = trailOf(focus).at(-1)
  const part =
    id === undefined ? graph : focusedOn(graph, { middle: middleOf(graph, id), hops: Number(hops), direction })
  return unhealthy ? troubledPart(part) : part
}

/** The ids on the way to the focus, oldest first. */
export function trailOf(focus: string | undefined): readonly string[] {
  return (focus ?? '').split(',').filter((id) => id !== '')
}

/** The longest way that is kept; older steps are forgotten. */
const longestTrail = 6

/** The way after `id` became the focus: appended, or shortened to it where it was on the way already; `undefined` is the whole graph. */
export function focusAfter(focus: string | undefined, id: string | undefined): string | undefined {
  if (id === undefined) return undefined
  const trail = trailOf(focus)
  const at = trail.indexOf(id)
  return [...(at < 0 ? trail : trail.slice(0, at)), id].slice(-longestTrail).join(',')
}

/** What a step of the way is called; its id where it is not in the graph any more. */
export function crumbOf(graph: MeshGraph, id: string): string {
  const selection = selectionOf(graph, id)
  if (selection === undefined || selection.kind === 'missing') return id.split('/').slice(-2).map(decoded).join(' ')
  if (selection.kind === 'node') return fullName(selection.node)
  return selection.kind === 'edge' ? id : selection.name
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function middleOf(graph: MeshGraph, id: string): ReadonlySet<string> {
  const selection = selectionOf(graph, id)
  if (selection === undefined || selection.kind === 'missing') return new Set()
  if (selection.kind === 'node') return new Set([selection.node.id])
  if (selection.kind === 'edge') return new Set([selection.source.id, selection.target.id])
  return new Set(selection.nodes.map((node) => node.id))
}
