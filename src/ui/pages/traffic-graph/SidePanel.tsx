import { IconX } from '@tabler/icons-react'
import { memo } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import type { Query } from '../../../mesh/queries.ts'
import { queriesOfEdge, queriesOfNode } from '../../../mesh/selected.ts'
import { HealthBadge } from '../../kit/HealthBadge.tsx'
import type { EndName } from '../../panels/links.ts'
import { MetricsLink } from '../../panels/MetricsLink.tsx'
import { ToolLinks } from '../../panels/tools/ToolLinks.tsx'
import { actionStrings } from './actionStrings.ts'
import { selectionOf, troublesOf, type Selection } from './details.ts'
import { EdgeDetails } from './EdgeDetails.tsx'
import { GraphDetails } from './GraphDetails.tsx'
import { toolSubjectOf } from './menu.ts'
import { NodesDetails } from './NodesDetails.tsx'
import { PageLinks } from './PageLinks.tsx'
import { Expressions, GraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { graphStrings } from './strings.ts'
import { fullName, stateOf, worst } from './view.ts'
import { waysOf } from './ways.ts'

interface Props {
  readonly graph: MeshGraph
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
  readonly selected: string | undefined
  readonly onSelect: (id: string | undefined) => void
}

/** What is known of the selected node, edge or box, or of the whole graph when nothing is selected. */
export const SidePanel = memo(function SidePanel({ graph, queries, notes, selected, onSelect }: Props) {
  const strings = graphStrings.panel
  const selection = selectionOf(graph, selected)
  const { kind, name, state } = headOf(graph, selection)
  const end = endOf(selection)
  const subject = selection === undefined || selection.kind === 'missing' ? undefined : toolSubjectOf(selection)
  const promql = ownQueries(graph, selection)[0]?.promql
  return (
    <aside className={classes['panel']} aria-label={strings.label(name)} data-selected={selected !== undefined}>
      <div className={classes['head']}>
        <div className={classes['names']}>
          <div className={classes['kind']}>{kind}</div>
          <h2 className={classes['name']}>{name}</h2>
        </div>
        {state !== undefined && <HealthBadge state={state} />}
        {selected !== undefined && (
          <button
            type="button"
            className={classes['close']}
            aria-label={strings.close}
            title={strings.close}
            onClick={() => onSelect(undefined)}
          >
            <IconX size={18} stroke={1.5} aria-hidden />
          </button>
        )}
      </div>
      {/* Scrolls, so the keyboard must reach it. */}
      <div className={classes['body']} tabIndex={0} role="group" aria-label={strings.label(name)}>
        <GraphPromql value={queries}>
          <Body key={selected} graph={graph} selection={selection} onSelect={onSelect} />
        </GraphPromql>
        {notes.length > 0 && (
          <Section title={strings.notes}>
            {notes.map((note) => (
              <p key={note} className={classes['quiet']}>
                {note}
              </p>
            ))}
          </Section>
        )}
        {end !== undefined && <MetricsLink end={end} node={selected} />}
        {selection !== undefined && <PageLinks ways={waysOf(selection)} />}
        {subject !== undefined && (
          <p className={classes['tools']}>
            <ToolLinks subject={subject} {...(promql === undefined ? {} : { promql })} />
          </p>
        )}
        <Promql own={ownQueries(graph, selection)} queries={queries} />
      </div>
    </aside>
  )
})

/** What has metrics of its own; `MetricsLink` leaves out what has no place to go. */
function endOf(selection: Selection | undefined): EndName | undefined {
  if (selection?.kind !== 'node') return undefined
  const { kind, namespace, workload, app, service } = selection.node
  const name = kind === 'service' ? service : kind === 'workload' ? workload : app
  if (name === undefined || kind === 'unknown') return undefined
  return { kind: kind === 'operation' ? 'app' : kind, namespace, name }
}

function Body({
  graph,
  selection,
  onSelect,
}: {
  readonly graph: MeshGraph
  readonly selection: Selection | undefined
  readonly onSelect: Props['onSelect']
}) {
  if (selection === undefined) return <GraphDetails graph={graph} troubles={troublesOf(graph)} onSelect={onSelect} />
  switch (selection.kind) {
    case 'missing':
      return <p className={classes['quiet']}>{graphStrings.panel.missing}</p>
    case 'edge':
      return <EdgeDetails graph={graph} selection={selection} onSelect={onSelect} />
    case 'node':
      return (
        <NodesDetails graph={graph} nodes={[selection.node]} selection={selection} isApp={false} onSelect={onSelect} />
      )
    case 'app':
    case 'namespace':
      return (
        <NodesDetails
          graph={graph}
          nodes={selection.nodes}
          selection={selection}
          isApp={selection.kind === 'app'}
          onSelect={onSelect}
        />
      )
  }
}

function headOf(
  graph: MeshGraph,
  selection: Selection | undefined,
): { readonly kind: string; readonly name: string; readonly state?: HealthState } {
  const s = graphStrings
  if (selection === undefined) {
    return { kind: s.graphTypes[graph.graphType], name: s.panel.whole, state: worst(graph.nodes.map(stateOf)) }
  }
  switch (selection.kind) {
    case 'missing':
      return { kind: s.details, name: s.panel.clear }
    case 'edge': {
      const { edge, source, target } = selection
      return {
        kind: s.protocols[edge.protocol],
        name: s.edge(fullName(source), fullName(target)),
        state: stateOf(edge),
      }
    }
    case 'app':
    case 'namespace': {
      const namespace = selection.nodes[0]?.namespace ?? ''
      const kind = selection.kind === 'app' ? s.appBox(namespace) : s.namespaceBox
      return { kind, name: selection.name, state: worst(selection.nodes.map(stateOf)) }
    }
    case 'node': {
      const { node } = selection
      const kind =
        node.isGateway === true
          ? s.kindWords.gateway
          : node.isWaypoint === true
            ? s.kindWords.waypoint
            : node.isServiceEntry === true
              ? s.kindWords.serviceEntry
              : s.kinds[node.kind === 'app' && graph.graphType === 'versionedApp' ? 'versionedApp' : node.kind]
      const isSomewhere = node.isInaccessible !== true && node.namespace !== ''
      return {
        kind: isSomewhere ? s.inNamespace(kind, node.namespace) : kind,
        name: fullName(node),
        state: stateOf(node),
      }
    }
  }
}

/** Expressions for the selection's own numbers. */
function ownQueries(graph: MeshGraph, selection: Selection | undefined): readonly Query[] {
  if (selection?.kind === 'node') return queriesOfNode(selection.node, graph.window)
  return selection?.kind === 'edge' ? queriesOfEdge(selection.edge, selection, graph.window) : []
}

function Promql({ own, queries }: { readonly own: readonly Query[]; readonly queries: readonly Query[] }) {
  if (queries.length === 0) return null
  return (
    <details className={classes['promql']}>
      <summary>{graphStrings.panel.promql}</summary>
      <p className={classes['quiet']}>{graphStrings.panel.promqlHint}</p>
      {own.length > 0 && <h4 className={classes['of']}>{actionStrings.promql.selection}</h4>}
      <Expressions queries={own} />
      {own.length > 0 && <h4 className={classes['of']}>{actionStrings.promql.graph}</h4>}
      <Expressions queries={queries} />
    </details>
  )
}
