import {
  appGroupId,
  folded,
  mostUngrouped,
  namespaceGroupId,
  thinned,
  type Fold,
  type FoldChoices,
} from '../../../mesh/fold.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import type { HealthPolicy } from '../../../mesh/health.ts'
import { withoutNoise, type NoiseKind, type Quiet } from '../../../mesh/noise.ts'
import { inWords, rate } from '../../format.ts'
import { selectionOf } from './details.ts'
import { graphStrings } from './strings.ts'
import { weightOf } from './view.ts'

export interface FoldingChoices extends FoldChoices {
  /** Probes, scrapes and DNS are drawn too. */
  readonly noise: boolean
  /** Of folded groups the quieter calls too. */
  readonly quiet: boolean
}

/** The part of a graph that is drawn, and what was folded on the way there. */
export interface Folding {
  readonly drawn: MeshGraph
  readonly fold: Fold
  readonly noise: Quiet['noise']
  /** Calls of groups that are not drawn because others are busier. */
  readonly hidden: number
  /** Nodes that would be drawn without groups. */
  readonly nodes: number
}

/** A graph with or without its noise, before anything is folded. */
export function wholeOf(graph: MeshGraph, hasNoise: boolean): MeshGraph {
  return hasNoise ? graph : withoutNoise(graph).graph
}

/** A graph as it is drawn: without noise, and with its groups folded. */
export function foldingOf(graph: MeshGraph, choices: FoldingChoices, policy: HealthPolicy): Folding {
  const quiet = withoutNoise(graph)
  const whole = choices.noise ? graph : quiet.graph
  const fold = folded(whole, choices, policy)
  const { graph: calm, hidden } = thinned(fold.graph)
  return { drawn: choices.quiet ? fold.graph : calm, hidden, fold, noise: quiet.noise, nodes: whole.nodes.length }
}

/**
 * The graph as one sees it from afar: its namespaces folded, or its apps of several versions. By the same rule as any folding: what is in
 * trouble, and who calls it, stays outside.
 */
export function overviewOf(graph: MeshGraph, level: 'namespaces' | 'apps', policy: HealthPolicy): MeshGraph {
  if (level === 'namespaces')
    return thinned(folded(graph, { grouping: 'on', expanded: [], collapsed: [] }, policy).graph).graph
  const apps = graph.nodes.flatMap((node) => appGroupId(node) ?? [])
  return folded(graph, { grouping: 'off', expanded: [], collapsed: [...new Set(apps)] }, policy).graph
}

/** One thing that is said above the graph, and the choice that undoes it. */
export interface Chip {
  readonly text: string
  readonly action: string
  readonly patch: Partial<FoldingChoices>
}

/** What was folded, each with its undo; nothing for a graph that is drawn whole. */
export function chipsOf({ fold, noise, hidden, nodes }: Folding, choices: FoldingChoices): readonly Chip[] {
  const { chips } = graphStrings
  const list: Chip[] = []
  if (noise.length > 0) {
    const kinds = [...new Set(noise.map(({ kind }) => kind))].sort().map((kind: NoiseKind) => chips.noiseKinds[kind])
    const sum = noise.reduce((total, { edge }) => total + (edge.protocol === 'tcp' ? 0 : weightOf(edge)), 0)
    list.push(
      choices.noise
        ? { text: chips.noiseShown, action: chips.fold, patch: { noise: false } }
        : { text: chips.noise(kinds.join(', '), inWords(rate(sum))), action: chips.show, patch: { noise: true } },
    )
  }
  const inside = (groups: Fold['groups']) => groups.reduce((sum, { members }) => sum + members.length, 0)
  const byHand = fold.groups.filter(({ id }) => choices.collapsed.includes(id))
  const byRule = fold.groups.filter(({ id }) => !choices.collapsed.includes(id))
  if (byRule.length > 0) {
    list.push({
      text: chips.grouped(byRule.length, inside(byRule)),
      action: chips.showAll,
      patch: { grouping: 'off', expanded: [] },
    })
  } else if (!fold.isGrouped && nodes > mostUngrouped) {
    list.push({ text: chips.ungrouped(nodes), action: chips.group, patch: { grouping: 'auto', expanded: [] } })
  }
  if (hidden > 0) {
    list.push(
      choices.quiet
        ? { text: chips.quietShown, action: chips.hide, patch: { quiet: false } }
        : { text: chips.quiet(hidden), action: chips.show, patch: { quiet: true } },
    )
  }
  const opened = choices.expanded.filter((id) => fold.opened.includes(id))
  if (fold.isGrouped && opened.length > 0) {
    list.push({ text: chips.expanded(opened.length), action: chips.foldAgain, patch: { expanded: [] } })
  }
  if (byHand.length > 3) {
    list.push({ text: chips.grouped(byHand.length, inside(byHand)), action: chips.expand, patch: { collapsed: [] } })
  } else {
    for (const { id, name, members } of byHand) {
      const collapsed = choices.collapsed.filter((each) => each !== id)
      list.push({ text: chips.one(name, members.length), action: chips.expand, patch: { collapsed } })
    }
  }
  return list
}

/** What an octopus leaves out; nothing where it leaves nobody out. */
export function armChipsOf(more: number | undefined, isAll: boolean): readonly Chip[] {
  const { chips } = graphStrings
  if (more === undefined || more === 0) return []
  return isAll
    ? [{ text: chips.armsShown, action: chips.fewArms, patch: { quiet: false } }]
    : [{ text: chips.arms(more), action: chips.show, patch: { quiet: true } }]
}

/** A selected box, and the choice that folds it; nothing for what is no open box of several nodes. */
export function foldChipOf(
  graph: MeshGraph,
  selected: string | undefined,
  { groups }: Fold,
  choices: FoldChoices,
): readonly Chip[] {
  const selection = selectionOf(graph, selected)
  if (selection?.kind !== 'namespace' && selection?.kind !== 'app') return []
  const [first] = selection.nodes
  const id =
    first === undefined ? undefined : selection.kind === 'namespace' ? namespaceGroupId(first) : appGroupId(first)
  const isOpen = id !== undefined && !groups.some((group) => group.id === id) && !selection.id.startsWith('cluster/')
  if (!isOpen || selection.nodes.length < 2) return []
  const { open, fold } = graphStrings.chips
  const patch = choices.expanded.includes(id)
    ? { expanded: choices.expanded.filter((each) => each !== id) }
    : { collapsed: [...choices.collapsed, id] }
  return [{ text: open(selection.name, selection.nodes.length), action: fold, patch }]
}

/** The choices after a group was opened, or folded where it was open. */
export function toggled(id: string, fold: Fold, { expanded, collapsed }: FoldChoices): Partial<FoldChoices> {
  const isFolded = fold.groups.some((group) => group.id === id)
  if (isFolded) {
    if (collapsed.includes(id)) return { collapsed: collapsed.filter((each) => each !== id) }
    return { expanded: [...expanded, id] }
  }
  if (expanded.includes(id)) return { expanded: expanded.filter((each) => each !== id) }
  return { collapsed: [...collapsed, id] }
}

/** The node that stands for another in the drawn graph: itself, or the group it was folded into. */
export function standsFor(id: string | undefined, { groups }: Fold): string | undefined {
  return groups.find(({ members }) => id !== undefined && members.includes(id))?.id ?? id
}
